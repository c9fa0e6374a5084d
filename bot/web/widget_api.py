"""The widget's HTTP API: public, documented at /schema/openapi.json."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.response import File, ServerSentEvent, ServerSentEventMessage
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_202_ACCEPTED,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from bot.casework.ports import NewMessage, StoreProfile
from bot.services.house import House
from bot.services.sessions import (
    add_photo,
    add_rating,
    begin_conversation,
    do_identify,
    find_photo,
    read_transcript,
)
from bot.services.turn_queue import Received, receive_message
from bot.web.bus import Bus
from bot.web.errors import AnyRequest, WrongRequest
from bot.web.messages import Json, floor_json, message_json
from bot.web.photos import MOST_BYTES, store_photo
from bot.web.tokens import SessionTokens, WrongToken, read_identity
from bot.web.turns import Turns

MOST_TEXT = 4000
MOST_PHOTOS = 5
MOST_JSON = 64 * 1024
HEARTBEAT_SECONDS = 15.0
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


class SessionRequest(msgspec.Struct):
    """Begin a conversation, or attach an identity to the one of the Bearer token."""

    store: str
    locale: str | None = None
    identity: str | None = None


class MessageRequest(msgspec.Struct):
    """A buyer's message: text, a button's token, uploaded photos, or several of these."""

    client_id: str
    text: str | None = None
    choice: str | None = None
    attachments: list[str] | None = None


class RatingRequest(msgspec.Struct):
    """1 to 5, and a comment."""

    score: int
    comment: str | None = None


class Door:
    """What the routes need; wired once in `bot.web.app`."""

    def __init__(
        self, house: House, tokens: SessionTokens, turns: Turns, bus: Bus, photos: Path
    ) -> None:
        self.house, self.tokens, self.turns, self.bus = house, tokens, turns, bus
        self.photos = photos

    def conversation_of(self, request: AnyRequest) -> str:
        """The conversation of the request's Bearer token."""
        return self.tokens.read(request.headers.get("authorization"))

    def store_profile(self, store: str) -> StoreProfile:
        """The seller account of that id, or a clear 404."""
        with self.house.units.reading() as unit:
            profile = unit.stores.find(store)
        if profile is None:
            raise WrongRequest(HTTP_404_NOT_FOUND, "unknown_store", f"There is no store {store!r}.")
        return profile


@get("/stores/{store:str}")
async def show_store(store: str, door: Door) -> Json:
    """How the store's widget looks."""
    profile = await asyncio.to_thread(door.store_profile, store)

    return {
        "store": profile.id,
        "title": profile.title,
        "greeting": profile.greeting,
        "colour": profile.colour,
        "avatar": profile.avatar_url,
        "locale": profile.locale,
    }


@post("/session", status_code=HTTP_200_OK, request_max_body_size=MOST_JSON)
async def begin_session(request: AnyRequest, data: SessionRequest, door: Door) -> Json:
    """A token for a new conversation; or for the token's own, now with an identity."""
    profile = await asyncio.to_thread(door.store_profile, data.store)
    identity = read_identity(data.identity, profile.identity_secret) if data.identity else None
    locale = data.locale or profile.locale
    if not LOCALE.fullmatch(locale) or len(locale) > 10:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "wrong_locale", "A locale looks like en or pt-BR."
        )

    conversation_id: str | None = None
    if identity and request.headers.get("authorization"):
        try:
            conversation_id = door.conversation_of(request)
        except WrongToken:
            conversation_id = None
        if conversation_id and not await asyncio.to_thread(
            do_identify, door.house, conversation_id, profile.id, identity
        ):
            conversation_id = None
    if conversation_id is None:
        conversation_id = await asyncio.to_thread(
            begin_conversation, door.house, profile.id, locale, identity
        )

    return {
        "token": door.tokens.make(conversation_id, door.house.clock()),
        "conversation_id": conversation_id,
    }


@post("/messages", status_code=HTTP_202_ACCEPTED, request_max_body_size=MOST_JSON)
async def send_message(request: AnyRequest, data: MessageRequest, door: Door) -> Json:
    """Store a message and begin to answer it; the same `client_id` twice is one message."""
    message = _to_message(data, door.conversation_of(request), _ip(request))
    received = await asyncio.to_thread(
        receive_message, door.house, message, door.turns.owner, door.turns.lease_seconds
    )
    _begin(door, received)

    return {"id": received.message.id, "seq": received.message.seq}


@get("/messages")
async def list_messages(
    request: AnyRequest, door: Door, after: Annotated[int, Parameter(ge=0, le=2**31 - 1)] = 0
) -> Json:
    """Messages after a seq, and who has the floor."""
    conversation_id = door.conversation_of(request)
    shown, floor = await asyncio.to_thread(read_transcript, door.house, conversation_id, after)

    return {"messages": [message_json(message) for message in shown], **floor_json(floor)}


@get("/events")
async def stream_events(
    request: AnyRequest,
    door: Door,
    last_event_id: Annotated[str, Parameter(header="Last-Event-ID")] = "0",
) -> ServerSentEvent:
    """Messages, typing and floor as server-sent events, from `Last-Event-ID` on."""
    conversation_id = door.conversation_of(request)
    after = int(last_event_id) if re.fullmatch(r"\d{1,9}", last_event_id) else 0
    shown, floor = await asyncio.to_thread(read_transcript, door.house, conversation_id, after)
    del shown, floor  # a session that is gone is refused before the stream begins

    return ServerSentEvent(_events(door, conversation_id, after))


@post("/attachments", request_max_body_size=MOST_BYTES + MOST_JSON)
async def upload_photo(
    request: AnyRequest,
    door: Door,
    data: Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Json:
    """A photo for the next message, in the multipart field `file`."""
    conversation_id = door.conversation_of(request)
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "no_file", "Send the photo in the field `file`."
        )
    content = await file.read()
    photo = await asyncio.to_thread(store_photo, content, door.photos)
    await asyncio.to_thread(add_photo, door.house, conversation_id, photo)

    return {"id": photo.id, "width": photo.width, "height": photo.height}


@get("/attachments/{photo_id:str}")
async def show_photo(request: AnyRequest, photo_id: str, door: Door) -> File:
    """The buyer's own photo, re-encoded."""
    conversation_id = door.conversation_of(request)
    name = await asyncio.to_thread(find_photo, door.house, conversation_id, photo_id)
    if name is None or not (door.photos / name).is_file():
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "That photo is not here.")

    return File(door.photos / name, media_type="image/jpeg", content_disposition_type="inline")


@post("/rating", request_max_body_size=MOST_JSON)
async def rate(request: AnyRequest, data: RatingRequest, door: Door) -> Json:
    """The buyer's rating of the conversation, once."""
    conversation_id = door.conversation_of(request)
    if not 1 <= data.score <= 5:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "wrong_score", "A rating goes from 1 to 5."
        )
    comment = clean(data.comment or "")[:MOST_TEXT]
    if not await asyncio.to_thread(add_rating, door.house, conversation_id, data.score, comment):
        raise WrongRequest(HTTP_409_CONFLICT, "rated", "This conversation was rated already.")

    return {"score": data.score}


def clean(text: str) -> str:
    """The text without what no keyboard types: control characters and half surrogates."""
    kept = (
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()


def _to_message(data: MessageRequest, conversation_id: str, ip: str) -> NewMessage:
    if not ID.fullmatch(data.client_id):
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY,
            "wrong_client_id",
            "client_id is 1 to 64 letters, digits, - or _.",
        )
    if len(data.text or "") > MOST_TEXT:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY,
            "text_too_long",
            f"A message has at most {MOST_TEXT} characters. Please shorten it or send it in parts.",
        )
    attachments = tuple(dict.fromkeys(data.attachments or ()))
    if len(attachments) > MOST_PHOTOS or not all(ID.fullmatch(one) for one in attachments):
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY,
            "wrong_attachments",
            f"At most {MOST_PHOTOS} uploaded photos go with a message.",
        )
    text = clean(data.text or "")
    if not (text or data.choice or attachments):
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "empty", "Write something, or send a photo."
        )

    return NewMessage(
        conversation_id=conversation_id,
        client_id=data.client_id,
        text=text,
        choice_token=data.choice or None,
        attachments=attachments,
        ip=ip,
    )


def _ip(request: AnyRequest) -> str:
    return request.client.host[:45] if request.client else ""


def _begin(door: Door, received: Received) -> None:
    if not received.known_before:
        door.bus.show(received.message.conversation_id, [received.shown])
        door.turns.begin(received)


async def _events(
    door: Door, conversation_id: str, after: int
) -> AsyncIterator[ServerSentEventMessage]:
    """
    What stands in the store, then what comes.

    The subscription begins before the store is read, so nothing falls between; a gap in `seq`
    (a dropped event, another process) is filled from the store.
    """
    async with door.bus.channels.start_subscription([conversation_id]) as subscriber:
        shown, floor = await asyncio.to_thread(read_transcript, door.house, conversation_id, after)
        for message in shown:
            yield _event("message", message_json(message), message.seq)
            after = message.seq
        yield _event("floor", floor_json(floor))

        arriving = aiter(subscriber.iter_events())
        pending = asyncio.ensure_future(anext(arriving))
        try:
            while True:
                done, _ = await asyncio.wait({pending}, timeout=HEARTBEAT_SECONDS)
                if not done:
                    yield ServerSentEventMessage(comment="still here")
                    continue
                event = msgspec.json.decode(pending.result())
                pending = asyncio.ensure_future(anext(arriving))
                if event["event"] != "message":
                    yield _event(event["event"], event["data"])
                    continue
                seq = event["data"]["seq"]
                if seq == after + 1:
                    yield _event("message", event["data"], seq)
                    after = seq
                elif seq > after:
                    shown, _ = await asyncio.to_thread(
                        read_transcript, door.house, conversation_id, after
                    )
                    for message in shown:
                        yield _event("message", message_json(message), message.seq)
                        after = message.seq
        finally:
            pending.cancel()


def _event(name: str, data: Json, seq: int | None = None) -> ServerSentEventMessage:
    encoded = msgspec.json.encode(data).decode()

    return ServerSentEventMessage(
        event=name, data=encoded, id=str(seq) if seq is not None else None
    )


WIDGET_API = Router(
    "/api/widget",
    route_handlers=[
        show_store,
        begin_session,
        send_message,
        list_messages,
        stream_events,
        upload_photo,
        show_photo,
        rate,
    ],
    tags=["widget"],
)

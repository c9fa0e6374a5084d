"""The widget's HTTP API: public, documented at /schema/openapi.json."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import SecurityRequirement
from litestar.params import Body, Parameter
from litestar.response import File, ServerSentEvent
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_202_ACCEPTED,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from bot.casework.ports import Missing, NewMessage, StoredPhoto, StoreProfile
from bot.casework.turns import Identity
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
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.messages import (
    FloorNow,
    Message,
    Photo,
    Rating,
    Receipt,
    Session,
    StoreLook,
    Transcript,
    Typing,
    to_message,
)
from bot.web.photos import MOST_BYTES, store_photo
from bot.web.stream import follow
from bot.web.tokens import SessionTokens, WrongToken, read_identity
from bot.web.turns import Turns

MOST_TEXT = 4000
MOST_PHOTOS = 5
MOST_JSON = 64 * 1024
MOST_SEQ = 2**31 - 1
MOST_PHOTOS_AT_ONCE = 2
"""Photos that are being re-encoded; one of 25 megapixels takes 0.4 GB."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
LONGEST_LOCALE = 10
SIGNED_IN: list[SecurityRequirement] = [{"session": []}]
"""The security scheme of `bot.web.app`, which documents `Door.conversation_of`."""
EVENT: Any = Message | Typing | FloorNow
EVENTS = ResponseSpec(
    EVENT,
    generate_examples=False,
    media_type="text/event-stream",
    description="Events named message, typing and floor; `data` is one of these.",
)
INVISIBLE = ("Cc", "Cf", "Cs")
"""Unicode categories of control, zero-width and half characters."""


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


@dataclass
class PhotoRequest:
    """A photo: JPEG, PNG or WebP, at most 5 MB and 25 megapixels."""

    file: UploadFile | None = None


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
        self._encoding = asyncio.Semaphore(MOST_PHOTOS_AT_ONCE)

    def conversation_of(self, request: AnyRequest) -> str:
        """The conversation of the request's Bearer token."""
        return self.tokens.read(request.headers.get("authorization"))

    def store_profile(self, store: str) -> StoreProfile:
        """The seller account of that id, or a clear 404."""
        profile = None
        if ID.fullmatch(store):
            with self.house.units.reading() as unit:
                profile = unit.stores.find(store)
        if profile is None:
            raise WrongRequest(HTTP_404_NOT_FOUND, "unknown_store", "There is no such store.")
        return profile

    async def store_photo(self, content: bytes) -> StoredPhoto:
        """Check, re-encode and keep an upload; a few at a time."""
        async with self._encoding:
            return await asyncio.to_thread(store_photo, content, self.photos)


@get("/stores/{store:str}", responses=faults(404))
async def show_store(store: str, door: Door) -> StoreLook:
    """How the store's widget looks."""
    profile = await asyncio.to_thread(door.store_profile, store)

    return StoreLook(
        store=profile.id,
        title=profile.title,
        greeting=profile.greeting,
        colour=profile.colour,
        avatar=profile.avatar_url,
        locale=profile.locale,
    )


@post(
    "/session",
    status_code=HTTP_200_OK,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 404, 413, 422),
    security=[{}, *SIGNED_IN],
)
async def begin_session(request: AnyRequest, data: SessionRequest, door: Door) -> Session:
    """
    A token for a new conversation.

    With an identity and the token of a conversation that is anonymous or the same buyer's: that
    conversation, now with the identity.
    """
    profile = await asyncio.to_thread(door.store_profile, data.store)
    identity = read_identity(data.identity, profile.identity_secret) if data.identity else None
    locale = data.locale or profile.locale
    if not LOCALE.fullmatch(locale) or len(locale) > LONGEST_LOCALE:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "wrong_locale", "A locale looks like en or pt-BR."
        )
    conversation_id = await _identified(request, door, profile.id, identity) if identity else None
    if conversation_id is None:
        conversation_id = await asyncio.to_thread(
            begin_conversation, door.house, profile.id, locale, identity
        )

    return Session(
        token=door.tokens.make(conversation_id, door.house.clock()), conversation_id=conversation_id
    )


async def _identified(
    request: AnyRequest, door: Door, store: str, identity: Identity
) -> str | None:
    """The conversation of the request's token, if that buyer could be attached to it."""
    try:
        conversation_id = door.conversation_of(request)
        attached = await asyncio.to_thread(
            do_identify, door.house, conversation_id, store, identity
        )
    except (WrongToken, Missing):
        return None

    return conversation_id if attached else None


@post(
    "/messages",
    status_code=HTTP_202_ACCEPTED,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 409, 413, 422, 429),
    security=SIGNED_IN,
)
async def send_message(request: AnyRequest, data: MessageRequest, door: Door) -> Receipt:
    """Store a message and begin to answer it; the same `client_id` twice is one message."""
    message = _to_message(data, door.conversation_of(request), _ip(request))
    received = await asyncio.to_thread(
        receive_message, door.house, message, door.turns.owner, door.turns.lease_seconds
    )
    _begin(door, received)

    return Receipt(id=received.message.id, seq=received.message.seq)


@get("/messages", responses=faults(401), security=SIGNED_IN)
async def list_messages(
    request: AnyRequest, door: Door, after: Annotated[int, Parameter(ge=0, le=MOST_SEQ)] = 0
) -> Transcript:
    """Messages after a seq, and who has the floor."""
    conversation_id = door.conversation_of(request)
    shown, floor = await asyncio.to_thread(read_transcript, door.house, conversation_id, after)

    return Transcript(messages=[to_message(message) for message in shown], floor=floor)


@get(
    "/events",
    media_type="text/event-stream",
    responses={HTTP_200_OK: EVENTS, **faults(401)},
    security=SIGNED_IN,
)
async def stream_events(
    request: AnyRequest,
    door: Door,
    last_event_id: Annotated[str, Parameter(header="Last-Event-ID")] = "0",
) -> ServerSentEvent:
    """
    Server-sent events: `message` (a Message, its seq as the id), `typing` and `floor`.

    The stream begins after the seq in `Last-Event-ID`; a comment comes every 15 seconds.
    """
    conversation_id = door.conversation_of(request)
    after = int(last_event_id) if re.fullmatch(r"[0-9]{1,9}", last_event_id) else 0
    # A session that is gone is refused before the stream begins.
    await asyncio.to_thread(read_transcript, door.house, conversation_id, MOST_SEQ)

    return ServerSentEvent(follow(door.house, door.bus, conversation_id, after))


@post(
    "/attachments",
    request_max_body_size=MOST_BYTES + MOST_JSON,
    responses=faults(401, 413, 422),
    security=SIGNED_IN,
)
async def upload_photo(
    request: AnyRequest,
    door: Door,
    data: Annotated[PhotoRequest, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Photo:
    """A photo for the next message, in the multipart field `file`."""
    conversation_id = door.conversation_of(request)
    if data.file is None:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "no_file", "Send the photo in the field `file`."
        )
    photo = await door.store_photo(await data.file.read())
    await asyncio.to_thread(add_photo, door.house, conversation_id, photo)

    return Photo(id=photo.id, width=photo.width, height=photo.height)


@get(
    "/attachments/{photo_id:str}",
    media_type="image/jpeg",
    content_media_type="image/jpeg",
    responses=faults(401, 404),
    security=SIGNED_IN,
)
async def show_photo(request: AnyRequest, photo_id: str, door: Door) -> File:
    """The buyer's own photo, re-encoded."""
    conversation_id = door.conversation_of(request)
    name = None
    if ID.fullmatch(photo_id):
        name = await asyncio.to_thread(find_photo, door.house, conversation_id, photo_id)
    if name is None or not (door.photos / name).is_file():
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "That photo is not here.")

    return File(door.photos / name, media_type="image/jpeg", content_disposition_type="inline")


@post(
    "/rating",
    request_max_body_size=MOST_JSON,
    responses=faults(401, 409, 413, 422),
    security=SIGNED_IN,
)
async def rate(request: AnyRequest, data: RatingRequest, door: Door) -> Rating:
    """The buyer's rating of the conversation, once."""
    conversation_id = door.conversation_of(request)
    if not 1 <= data.score <= 5:
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY, "wrong_score", "A rating goes from 1 to 5."
        )
    comment = clean(data.comment or "")[:MOST_TEXT]
    if not await asyncio.to_thread(add_rating, door.house, conversation_id, data.score, comment):
        raise WrongRequest(HTTP_409_CONFLICT, "rated", "This conversation was rated already.")

    return Rating(score=data.score)


def clean(text: str) -> str:
    """The text without control and half characters; empty if nothing of it can be seen."""
    if all(sign.isspace() or unicodedata.category(sign) in INVISIBLE for sign in text):
        return ""
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
    if data.choice and not ID.fullmatch(data.choice):
        raise WrongRequest(
            HTTP_422_UNPROCESSABLE_ENTITY,
            "unknown_choice",
            "That button does not belong to this conversation.",
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
    if received.shown:
        door.bus.show(received.message.conversation_id, [received.shown])
        door.turns.begin(received)


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

"""The widget's HTTP API: public, documented at /schema/openapi.json."""

import asyncio
import re
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody, MultipartBody, QueryParameter
from litestar.response import File, ServerSentEvent
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_202_ACCEPTED,
    HTTP_404_NOT_FOUND,
)

from bot.casework.ports.units import Missing
from bot.casework.turns import Identity
from bot.services.sessions import (
    add_photo,
    begin_conversation,
    choose_locale,
    do_identify,
    find_photo,
    read_transcript,
)
from bot.services.turn_queue import receive_message
from bot.web.door import MOST_JSON, SIGNED_IN, Door
from bot.web.downloads import ANY_FILE, to_download
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.incoming import (
    ID,
    LocaleRequest,
    MessageRequest,
    PhotoRequest,
    SessionRequest,
    check_locale,
    refuse,
    to_new_message,
)
from bot.web.messages import (
    Chosen,
    FloorNow,
    Message,
    Photo,
    Receipt,
    Session,
    StoreLook,
    Transcript,
    Typing,
    to_message,
)
from bot.web.photos import MOST_BYTES
from bot.web.stream import follow
from bot.web.tokens import WrongToken, read_identity
from bot.web.waiting_api import WAITING

MOST_SEQ = 2**31 - 1
EVENT: Any = Message | Typing | FloorNow
EVENTS = ResponseSpec(
    EVENT,
    generate_examples=False,
    media_type="text/event-stream",
    description="Events named message, typing and floor; `data` is one of these.",
)


@get("/stores/{store:str}", responses=faults(404))
async def show_store(store: FromPath[str], door: NamedDependency[Door]) -> StoreLook:
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
async def begin_session(
    request: AnyRequest, data: JSONBody[SessionRequest], door: NamedDependency[Door]
) -> Session:
    """
    A token for a new conversation.

    With an identity and the token of a conversation that is anonymous or the same buyer's: that
    conversation, now with the identity.
    """
    profile = await asyncio.to_thread(door.store_profile, data.store)
    identity = read_identity(data.identity, profile.identity_secret) if data.identity else None
    chosen = check_locale(data.locale) if data.locale else None
    locale = chosen or check_locale(data.page_locale or profile.locale)
    conversation_id = await _identified(request, door, profile.id, identity) if identity else None
    if conversation_id is None:
        conversation_id = await asyncio.to_thread(
            begin_conversation, door.house, profile.id, locale, identity, chosen=bool(chosen)
        )
    elif chosen:
        await asyncio.to_thread(choose_locale, door.house, conversation_id, chosen)

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
    "/locale",
    status_code=HTTP_200_OK,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 413, 422),
    security=SIGNED_IN,
)
async def set_locale(
    request: AnyRequest, data: JSONBody[LocaleRequest], door: NamedDependency[Door]
) -> Chosen:
    """Answer in this language from now on, whatever the buyer writes in."""
    conversation_id = door.conversation_of(request)
    locale = check_locale(data.locale)
    await asyncio.to_thread(choose_locale, door.house, conversation_id, locale)

    return Chosen(locale=locale)


@post(
    "/messages",
    status_code=HTTP_202_ACCEPTED,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 409, 413, 422, 429),
    security=SIGNED_IN,
)
async def send_message(
    request: AnyRequest, data: JSONBody[MessageRequest], door: NamedDependency[Door]
) -> Receipt:
    """Store a message and begin to answer it; the same `client_id` twice is one message."""
    ip = request.client.host[:45] if request.client else ""
    message = to_new_message(data, door.conversation_of(request), ip)
    received = await asyncio.to_thread(
        receive_message, door.house, message, door.turns.owner, door.turns.lease_seconds
    )
    if received.shown:
        door.bus.show(message.conversation_id, [received.shown])
        door.turns.begin(received)
        if received.fence is None:  # a person has it, or the bot is still busy
            door.bus.show_queue()

    return Receipt(id=received.message.id, seq=received.message.seq)


@get("/messages", responses=faults(401), security=SIGNED_IN)
async def list_messages(
    request: AnyRequest,
    door: NamedDependency[Door],
    after: Annotated[int, QueryParameter(ge=0, le=MOST_SEQ)] = 0,
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
    door: NamedDependency[Door],
    last_event_id: Annotated[str, HeaderParameter(name="Last-Event-ID")] = "0",
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
    request: AnyRequest, door: NamedDependency[Door], data: MultipartBody[PhotoRequest]
) -> Photo:
    """A photo for the next message, in the multipart field `file`."""
    conversation_id = door.conversation_of(request)
    if data.file is None:
        raise refuse("no_file", "Send the photo in the field `file`.")
    photo = await door.store_photo(await data.file.read())
    await door.note_upload(add_photo, conversation_id, photo)

    return Photo(id=photo.id, width=photo.width, height=photo.height)


@get(
    "/attachments/{photo_id:str}",
    media_type="image/jpeg",
    content_media_type="image/jpeg",
    responses=faults(401, 404),
    security=SIGNED_IN,
)
async def show_photo(
    request: AnyRequest, photo_id: FromPath[str], door: NamedDependency[Door]
) -> File:
    """The buyer's own photo, re-encoded."""
    conversation_id = door.conversation_of(request)
    name = None
    if ID.fullmatch(photo_id):
        name = await asyncio.to_thread(find_photo, door.house, conversation_id, photo_id)
    if name is None or not (door.uploads / name).is_file():
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "That photo is not here.")

    return File(door.uploads / name, media_type="image/jpeg", content_disposition_type="inline")


@get(
    "/files/{file_id:str}",
    media_type=ANY_FILE,
    content_media_type=ANY_FILE,
    responses=faults(401, 404),
    security=SIGNED_IN,
)
async def save_file(
    request: AnyRequest, file_id: FromPath[str], door: NamedDependency[Door]
) -> File:
    """A file that the team sent to the buyer, as a download of its own kind."""
    return await to_download(door, door.conversation_of(request), file_id)


WIDGET_API = Router(
    "/api/widget",
    route_handlers=[
        show_store,
        begin_session,
        set_locale,
        send_message,
        list_messages,
        stream_events,
        upload_photo,
        show_photo,
        save_file,
        *WAITING,
    ],
    tags=["widget"],
)

"""Writing at the desk: answers to the buyer, notes for the team, photos, and corrections."""

import asyncio
from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from litestar.response import File
from litestar.status_codes import (
    HTTP_202_ACCEPTED,
    HTTP_204_NO_CONTENT,
    HTTP_404_NOT_FOUND,
)

from bot.casework.agents import Agent, May
from bot.casework.turns import Entity, Sender
from bot.services.answering import do_answer, do_correct, do_note
from bot.services.sessions import add_photo, find_photo
from bot.teaching.upkeep import hear_later_words
from bot.web.desk.conversation import TALK, check_id, checked_text
from bot.web.desk.desk import Desk
from bot.web.desk.message_shapes import Marked
from bot.web.desk.talk_making import to_note
from bot.web.desk.talk_shapes import NoteShown
from bot.web.door import Door
from bot.web.errors import WrongRequest, faults
from bot.web.incoming import ID, MOST_ATTACHED, PhotoRequest, clean, refuse
from bot.web.messages import Photo, Receipt
from bot.web.photos import MOST_BYTES

MOST_JSON: Final = 256 * 1024
"""An agent's paste may be large: it is refused with a sentence, not cut off by the server."""
MESSAGE: Final = "/messages/{message_id:str}"


class Answer(msgspec.Struct):
    """What an agent writes to the buyer; the same `client_id` twice is one message."""

    client_id: str
    text: str = ""
    attachments: list[str] = []


class NoteTaken(msgspec.Struct):
    """What an agent writes for the others."""

    client_id: str
    text: str


class IsTyping(msgspec.Struct):
    """Whether the agent is writing."""

    on: bool = True


class Correction(msgspec.Struct):
    """What a message means in truth; leave out what was right."""

    intent: str | None = None
    entities: list[Marked] | None = None


@post(
    f"{TALK}/messages",
    opt={"may": May.ANSWER},
    status_code=HTTP_202_ACCEPTED,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 403, 404, 409, 413, 422),
)
async def send_answer(
    conversation_id: FromPath[str],
    data: JSONBody[Answer],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Receipt:
    """A message to the buyer, who sees it at once."""
    check_id(conversation_id)
    check_client_id(data.client_id)
    text = checked_text(data.text)
    attachments = tuple(dict.fromkeys(data.attachments))
    if len(attachments) > MOST_ATTACHED or not all(ID.fullmatch(one) for one in attachments):
        raise refuse(
            "wrong_attachments", f"At most {MOST_ATTACHED} photos and files go with a message."
        )
    if not (text or attachments):
        raise refuse("empty", "Write something, or attach a photo or a file.")
    message_id, seq = await asyncio.to_thread(
        do_answer,
        desk.house,
        conversation_id,
        agent,
        client_id=data.client_id,
        text=text,
        attachments=attachments,
    )
    desk.bus.show_typing(conversation_id, on=False, sender=Sender.AGENT)
    desk.show_change(conversation_id)

    return Receipt(id=message_id, seq=seq)


@post(
    f"{TALK}/notes",
    opt={"may": May.ANSWER},
    request_max_body_size=MOST_JSON,
    responses=faults(401, 403, 404, 413, 422),
)
async def take_note(
    conversation_id: FromPath[str],
    data: JSONBody[NoteTaken],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> NoteShown:
    """A note that only the team sees."""
    check_id(conversation_id)
    check_client_id(data.client_id)
    text = clean(data.text)
    if not text:
        raise refuse("empty", "Write something.")
    note = await asyncio.to_thread(
        do_note, desk.house, conversation_id, agent, client_id=data.client_id, text=text
    )
    shown = to_note(note)
    desk.show_note(conversation_id, shown)

    return shown


@post(
    f"{TALK}/typing",
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404),
)
async def show_typing(
    conversation_id: FromPath[str],
    data: JSONBody[IsTyping],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """The buyer sees that somebody writes, if that somebody has the conversation."""
    check_id(conversation_id)

    def is_mine() -> bool:
        with desk.house.units.reading() as unit:
            held = unit.desk.holding(conversation_id)
            return bool(held.claimed_until and held.agent and held.agent.id == agent.id)

    if await asyncio.to_thread(is_mine):
        desk.bus.show_typing(conversation_id, on=data.on, sender=Sender.AGENT)


@post(
    f"{TALK}/attachments",
    opt={"may": May.ANSWER},
    request_max_body_size=MOST_BYTES + MOST_JSON,
    responses=faults(401, 403, 404, 413, 422),
)
async def upload(
    conversation_id: FromPath[str],
    agent: NamedDependency[Agent],  # noqa: ARG001 - the guard has seen it; OpenAPI names it
    door: NamedDependency[Door],
    data: MultipartBody[PhotoRequest],
) -> Photo:
    """A photo for the next message to the buyer, in the multipart field `file`."""
    check_id(conversation_id)
    if data.file is None:
        raise refuse("no_file", "Send the photo in the field `file`.")
    photo = await door.store_photo(await data.file.read())
    await door.note_upload(add_photo, conversation_id, photo)

    return Photo(id=photo.id, width=photo.width, height=photo.height)


@get(
    f"{TALK}/photos/{{photo_id:str}}",
    opt={"may": May.READ},
    media_type="image/jpeg",
    content_media_type="image/jpeg",
    responses=faults(401, 403, 404),
)
async def show_picture(
    conversation_id: FromPath[str],
    photo_id: FromPath[str],
    desk: NamedDependency[Desk],
    door: NamedDependency[Door],
) -> File:
    """A photo of the conversation, re-encoded."""
    check_id(conversation_id)
    name = None
    if ID.fullmatch(photo_id):
        name = await asyncio.to_thread(find_photo, desk.house, conversation_id, photo_id)
    if name is None or not (door.uploads / name).is_file():
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "That photo is not here.")

    return File(door.uploads / name, media_type="image/jpeg", content_disposition_type="inline")


@post(
    f"{MESSAGE}/correction",
    opt={"may": May.CORRECT},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 422),
)
async def correct(
    message_id: FromPath[str],
    data: JSONBody[Correction],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """
    What a buyer's message means in truth: kept for whoever trains the model.

    If it stands in the training inbox, it rises there at once.
    """
    check_id(message_id)
    entities = None
    if data.entities is not None:
        entities = tuple(
            Entity(name=one.name[:50], value=one.value, start=one.start, end=one.end)
            for one in data.entities
        )

    def write_down() -> str:
        talk = do_correct(
            desk.house,
            message_id,
            agent,
            intent=data.intent,
            entities=entities,
            known_intents=desk.domain.intents,
        )
        hear_later_words(desk.house)

        return talk

    conversation_id = await asyncio.to_thread(write_down)
    desk.show_change(conversation_id)


def check_client_id(client_id: str) -> None:
    """The page's own id of what it sends."""
    if not ID.fullmatch(client_id):
        raise refuse("wrong_client_id", "client_id is 1 to 64 letters, digits, - or _.")


WRITING: Final = (send_answer, take_note, show_typing, upload, show_picture, correct)

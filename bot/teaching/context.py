"""The conversation around a message of the inbox, without the person who wrote it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.ports.units import Missing
from bot.casework.talks import DeskMessage
from bot.casework.turns import Sender
from bot.services.house import House
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.messages.redacting import redact

BEFORE: Final = 4
AFTER: Final = 2
"""Messages that are shown around the one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message as it was said, without personal data; `here` is the one that is labelled."""

    sender: Sender
    agent: str
    text: str
    at: datetime
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A part of a conversation; `earlier` and `later` say whether there is more of it."""

    conversation_id: str
    lines: tuple[Line, ...]
    earlier: bool
    later: bool


def read_context(house: House, inbox_id: str, agent: Agent, *, ip: str, on_record: bool) -> Context:
    """
    What was said before and after a message; Missing where it comes from no conversation.

    With `on_record` the look is written down, as a look at the whole conversation is.
    """
    with house.units.reading() as unit:
        origin = unit.inbox.origin(inbox_id)
        if origin is None:
            raise Missing(f"message {inbox_id} of the inbox comes from no conversation")
        message_id, talk = origin
        said = unit.talks.messages(talk)
        names = unit.inbox.names_in(talk)
        locale = unit.conversations.get(talk).locale
    if on_record:
        with house.units() as unit:
            deed = Deed(
                agent=agent,
                action="conversation.open",
                subject="conversation",
                subject_id=talk,
                ip=ip,
            )
            unit.audit.add(deed, house.clock())
    place = next((at for at, one in enumerate(said) if one.id == message_id), 0)
    begin, end = max(0, place - BEFORE), place + AFTER + 1

    return Context(
        conversation_id=talk,
        lines=tuple(
            Line(
                sender=one.sender,
                agent=one.agent or "",
                text=_without_person(one, names, locale),
                at=one.at,
                here=one.id == message_id,
            )
            for one in said[begin:end]
        ),
        earlier=begin > 0,
        later=end < len(said),
    )


def _without_person(message: DeskMessage, names: tuple[str, ...], locale: str) -> str:
    heard = message.heard
    found = [
        Entity(kind=one.name, start=one.start, end=one.end, value=one.value)
        for one in (heard.entities if heard else ())
    ]
    language = (heard.language if heard else None) or locale
    text, _ = redact(message.text, found, language[:2], names)

    return text

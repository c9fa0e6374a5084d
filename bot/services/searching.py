"""Searching the desk: by words, order number, e-mail or tracking number."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.searching import Found, FoundBy
from bot.services.house import House

PAGE = 30
"""Conversations that are found at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """A page of what was found; `next` is the place before which more follows, None at the end."""

    found: tuple[Found, ...]
    next: int | None


def find_in_desk(
    house: House, agent: Agent, text: str, *, before: int | None = None, ip: str = ""
) -> Finds:
    """
    Conversations of that text, the newest first.

    Who finds a conversation by an e-mail learns whose it is, as if they had looked at it. So that
    is written down with the conversations, without the e-mail itself.
    """
    with house.units.reading() as unit:
        found = unit.search.find_conversations(text, PAGE + 1, before)
    page = found[:PAGE]
    by_email = [one.conversation_id for one in page if one.by is FoundBy.EMAIL]
    if by_email:
        note_found(house, agent, by_email, ip=ip)

    return Finds(found=page, next=page[-1].place if len(found) > PAGE else None)


def note_found(house: House, agent: Agent, conversations: Sequence[str], *, ip: str) -> None:
    """Write down that somebody found these conversations by an e-mail."""
    deed = Deed(
        agent=agent,
        action="buyer.search",
        subject="buyer",
        subject_id="",
        after={"by": "e-mail", "conversations": list(conversations)},
        ip=ip,
    )
    with house.units() as unit:
        unit.audit.add(deed, house.clock())

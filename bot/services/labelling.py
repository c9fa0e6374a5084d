"""
What messages mean, in the word of whoever trains the model.

One decision holds for a whole group of like messages. Whoever looks at a group has it for a while,
so that two people at once never decide about the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.casework.agents import Agent, May
from bot.casework.audit import Deed
from bot.casework.inbox import InboxMessage, InboxState, Label, Progress
from bot.casework.ports.units import UnitOfWork
from bot.casework.turns import Entity
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

HELD_FOR: Final = timedelta(minutes=10)
"""So long nobody else is shown a message that somebody has before them."""
MOST_ENTITIES: Final = 50
PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """A part of the inbox; `next` is where the following part begins, None at the end."""

    messages: tuple[InboxMessage, ...]
    next: int | None


def list_inbox(house: House, skip: int) -> InboxPage:
    """What waits to be labelled, what teaches most first."""
    with house.units.reading() as unit:
        found = unit.inbox.page(skip, PAGE + 1)

    return InboxPage(messages=found[:PAGE], next=skip + PAGE if len(found) > PAGE else None)


def take_next(house: House, agent: Agent) -> InboxMessage | None:
    """The message that teaches most of those that nobody else has before them; None at the end."""
    with house.units() as unit:
        now = house.clock()

        return unit.inbox.next_for(agent, now, now + HELD_FOR)


def read_progress(house: House, agent: Agent) -> Progress:
    """How far the team has come, and how many that person labelled today (UTC)."""
    with house.units.reading() as unit:
        now = house.clock()

        return unit.inbox.progress(agent, now.replace(hour=0, minute=0, second=0, microsecond=0))


def do_label(
    house: House,
    inbox_id: str,
    agent: Agent,
    *,
    intent: str,
    entities: Sequence[Entity] | None = None,
    second: bool = False,
    known_intents: frozenset[str],
) -> InboxState:
    """
    Say what a message and those like it mean; the state that it comes to.

    With `second` somebody else is to say so, too. Two who agree have decided, and so has a lead.
    """
    if intent not in known_intents:
        raise NotAcceptable("unknown_intent", f"There is no intent {intent[:100]}.")
    with house.units() as unit:
        now = house.clock()
        message = _free(unit, inbox_id, agent, now)
        _check_entities(message, entities or ())
        before = unit.inbox.labels_of(inbox_id)
        if any(who == agent.id for who, _ in before):
            raise NotAcceptable("labelled_already", "You have said what this message means.")
        state = _state_after(before, agent, intent, second=second)
        label = Label(
            agent=agent,
            intent=intent,
            entities=None if entities is None else tuple(entities),
            second=second,
        )
        unit.inbox.label(inbox_id, label, state, now)
        _write_down(unit, agent, inbox_id, {"intent": intent, "state": state}, now)

        return state


def do_skip(house: House, inbox_id: str, agent: Agent) -> None:
    """Put a message aside that teaches nothing."""
    with house.units() as unit:
        now = house.clock()
        _free(unit, inbox_id, agent, now)
        unit.inbox.label(inbox_id, Label(agent=agent, intent=""), InboxState.SKIPPED, now)
        _write_down(unit, agent, inbox_id, {"state": InboxState.SKIPPED}, now)


def do_undo(house: House, agent: Agent) -> InboxMessage | None:
    """Take one's latest label back; its message, held for that person. None if there is none."""
    with house.units() as unit:
        now = house.clock()
        inbox_id = unit.inbox.undo(agent, now)
        if inbox_id is None:
            return None
        _write_down(unit, agent, inbox_id, {"state": "undone"}, now)
        unit.inbox.hold(inbox_id, agent, now + HELD_FOR)

        return unit.inbox.get(inbox_id)


def _free(unit: UnitOfWork, inbox_id: str, agent: Agent, now: datetime) -> InboxMessage:
    """The message, if it waits and nobody else has it."""
    message = unit.inbox.lock(inbox_id)
    if message.state not in {InboxState.OPEN, InboxState.SECOND}:
        raise NotAcceptable("labelled_already", "Somebody has labelled this message meanwhile.")
    holder = unit.inbox.holder(inbox_id, now)
    if holder not in {None, agent.id}:
        raise NotAcceptable("labelled_by_others", "Somebody else has this message before them.")

    return message


def _check_entities(message: InboxMessage, entities: Sequence[Entity]) -> None:
    if len(entities) > MOST_ENTITIES:
        raise NotAcceptable("wrong_entity", f"At most {MOST_ENTITIES} details can be marked.")
    for entity in entities:
        if not entity.value or message.text[entity.start : entity.end] != entity.value:
            raise NotAcceptable("wrong_entity", "A marked detail must stand in the message.")


def _state_after(
    before: Sequence[tuple[str, str]], agent: Agent, intent: str, *, second: bool
) -> InboxState:
    agreed = any(who != agent.id and said == intent for who, said in before)
    if agreed or (before and agent.may(May.ASSIGN)):
        return InboxState.LABELLED

    return InboxState.SECOND if second or before else InboxState.LABELLED


def _write_down(
    unit: UnitOfWork, agent: Agent, inbox_id: str, after: dict[str, object], now: datetime
) -> None:
    deed = Deed(
        agent=agent, action="inbox.label", subject="inbox", subject_id=inbox_id, after=after
    )
    unit.audit.add(deed, now)

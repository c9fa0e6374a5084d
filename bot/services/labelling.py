"""
What messages mean, in the word of whoever trains the model.

One decision holds for a whole group of like messages. Whoever looks at a group has it for a while,
so that two people at once never decide about the same. What one has said another who is asked, too,
learns when they have said it themselves, and not before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.casework.agents import Agent, May
from bot.casework.agreement import Agreement, to_agreement
from bot.casework.audit import Deed
from bot.casework.inbox import InboxMessage, InboxState, Label, Progress, Said
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Where a group stands now, and what others had said before, the last of it first."""

    state: InboxState
    others: tuple[Said, ...] = ()


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
    known_entities: frozenset[str] | None = None,
) -> InboxState:
    """Say what a message and those like it mean, as `label_message` does; the state alone."""
    return label_message(
        house,
        inbox_id,
        agent,
        intent=intent,
        entities=entities,
        second=second,
        known_intents=known_intents,
        known_entities=known_entities,
    ).state


def label_message(
    house: House,
    inbox_id: str,
    agent: Agent,
    *,
    intent: str,
    entities: Sequence[Entity] | None = None,
    second: bool = False,
    known_intents: frozenset[str],
    known_entities: frozenset[str] | None = None,
) -> Labelled:
    """
    Say what a message and those like it mean.

    With `second` somebody else is to say so, too. Two who agree have decided, and so has a lead.
    What an agent said after it had been decided otherwise is a word like any other.
    """
    intent = _name_now(house, intent, known_intents)
    if known_entities is not None:
        for entity in entities or ():
            if entity.name not in known_entities:
                raise NotAcceptable(
                    "wrong_entity", f"There is no kind of detail {entity.name[:50]}."
                )
    with house.units() as unit:
        now = house.clock()
        message = _free(unit, inbox_id, agent, now)
        _check_entities(message, entities or ())
        if unit.inbox.has_said(inbox_id, agent):
            raise NotAcceptable("labelled_already", "You have said what this message means.")
        before = [one for one in unit.inbox.said_about(inbox_id) if one.agent_id != agent.id]
        state = _state_after(message, before, agent, intent, second=second)
        label = Label(
            agent=agent,
            intent=intent,
            entities=None if entities is None else tuple(entities),
            second=second,
        )
        unit.inbox.label(inbox_id, label, state, now)
        _write_down(unit, agent, inbox_id, {"intent": intent, "state": state}, now)

        return Labelled(state=state, others=tuple(reversed(before)))


def do_skip(house: House, inbox_id: str, agent: Agent) -> None:
    """Put a message aside that teaches nothing."""
    with house.units() as unit:
        now = house.clock()
        _free(unit, inbox_id, agent, now)
        unit.inbox.label(inbox_id, Label(agent=agent, intent=""), InboxState.SKIPPED, now)
        _write_down(unit, agent, inbox_id, {"state": InboxState.SKIPPED}, now)


def do_skip_known(house: House, agent: Agent) -> int:
    """
    Skip at once all that the model has nothing to learn from; how many groups that were.

    What others have before them stays there, and so does what waits for a second opinion.
    """
    with house.units() as unit:
        now, batch = house.clock(), house.new_id()
        skipped = unit.inbox.skip_known(agent, batch, now)
        if skipped:
            unit.audit.add(
                Deed(
                    agent=agent,
                    action="inbox.skip_known",
                    subject="inbox",
                    subject_id=batch,
                    after={"groups": skipped},
                ),
                now,
            )

        return skipped


def read_agreement(house: House) -> Agreement:
    """How far people agree who labelled the same messages."""
    with house.units.reading() as unit:
        return to_agreement(unit.inbox.said_twice())


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


def _name_now(house: House, intent: str, known: frozenset[str]) -> str:
    """The intent; a model that was trained before it was renamed says the name of then."""
    if intent in known:
        return intent
    with house.units.reading() as unit:
        now = unit.inbox_changes.names().get(intent, "")
    if now not in known:
        raise NotAcceptable("unknown_intent", f"There is no intent {intent[:100]}.")

    return now


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
        found = message.text[entity.start : entity.end] if entity.start >= 0 else ""
        if not found or found != entity.value:
            raise NotAcceptable("wrong_entity", "A marked detail must stand in the message.")


def _state_after(
    message: InboxMessage, before: Sequence[Said], agent: Agent, intent: str, *, second: bool
) -> InboxState:
    """Where it comes to; `before` is what others said."""
    agreed = any(one.intent == intent for one in before)
    corrected = message.reopened and message.suggested == intent
    if agreed or corrected or (before and agent.may(May.ASSIGN)):
        return InboxState.LABELLED

    return InboxState.SECOND if second or before else InboxState.LABELLED


def _write_down(
    unit: UnitOfWork, agent: Agent, inbox_id: str, after: dict[str, object], now: datetime
) -> None:
    deed = Deed(
        agent=agent, action="inbox.label", subject="inbox", subject_id=inbox_id, after=after
    )
    unit.audit.add(deed, now)

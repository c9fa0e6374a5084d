"""What agents write: answers to buyers, notes for each other, and what a message means in truth."""

from collections.abc import Sequence

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.talks import Note
from bot.casework.turns import Entity
from bot.services.house import House
from bot.services.taking_over import CLAIM_FOR, on_desk
from bot.services.turn_queue import NotAcceptable

MOST_NOTE = 10_000
MOST_ENTITIES = 50


def do_answer(
    house: House,
    conversation_id: str,
    agent: Agent,
    *,
    client_id: str,
    text: str,
    attachments: Sequence[str] = (),
) -> tuple[str, int]:
    """
    An agent's message to the buyer, once per `client_id`; its id and seq.

    Only whoever has claimed the conversation may write. What the buyer wrote before counts as
    answered, and the claim is renewed.
    """
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)
        if before := unit.desk.find_answer(conversation_id, client_id):
            return before
        desk.check_mine()
        free = unit.conversations.free_attachments(conversation_id, attachments)
        if set(attachments) - free:
            raise NotAcceptable(
                "unknown_attachment", "That file is not here any more. Please attach it again."
            )
        unit.desk.claim(conversation_id, agent, desk.now + CLAIM_FOR)
        unit.desk.mark_all_answered(conversation_id, desk.now)

        return unit.desk.add_answer(
            conversation_id,
            agent,
            client_id=client_id,
            text=text,
            attachments=tuple(attachments),
            now=desk.now,
        )


def do_note(house: House, conversation_id: str, agent: Agent, *, client_id: str, text: str) -> Note:
    """A note that only the team sees, once per `client_id`; whoever has the conversation."""
    if len(text) > MOST_NOTE:
        raise NotAcceptable("text_too_long", f"A note has at most {MOST_NOTE} characters.")
    with house.units() as unit:
        desk = on_desk(house, unit, conversation_id, agent)

        return unit.desk.add_note(
            conversation_id, agent, client_id=client_id, text=text, now=desk.now
        )


def do_correct(
    house: House,
    message_id: str,
    agent: Agent,
    *,
    intent: str | None,
    entities: Sequence[Entity] | None,
    known_intents: frozenset[str],
) -> str:
    """
    Write down what a buyer's message means, for whoever trains the model; its conversation.

    What was heard stays as it was: the bot acted on it.
    """
    if intent is None and entities is None:
        raise NotAcceptable("nothing_to_correct", "Name the right intent, or mark the details.")
    if intent is not None and intent not in known_intents:
        raise NotAcceptable("unknown_intent", f"There is no intent {intent[:100]}.")
    with house.units() as unit:
        message = unit.conversations.get_message(message_id)
        for entity in entities or ():
            if message.text[entity.start : entity.end] != entity.value or not entity.value:
                raise NotAcceptable("wrong_entity", "A marked detail must stand in the message.")
        if len(entities or ()) > MOST_ENTITIES:
            raise NotAcceptable("wrong_entity", f"At most {MOST_ENTITIES} details can be marked.")
        now = house.clock()
        unit.desk.add_correction(
            message_id,
            agent,
            intent=intent,
            entities=None if entities is None else tuple(entities),
            now=now,
        )
        unit.audit.add(
            Deed(
                agent=agent,
                action="message.correct",
                subject="message",
                subject_id=message_id,
                after={"intent": intent},
            ),
            now,
        )

        return message.conversation_id

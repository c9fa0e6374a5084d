"""What the desk's API sends of messages: with what was heard in them, and why they were said."""

from datetime import datetime
from typing import Any

import msgspec

from bot.amounts import format_money
from bot.casework.intents import Intents
from bot.casework.past import PastDecision
from bot.casework.talks import DeskMessage, HeardMessage, WholeTalk
from bot.casework.turns import Sender
from bot.decision_words import say_decision
from bot.desk_words import LOCALE, say_intent
from bot.rule_words import say_rule
from bot.step_words import currency_of
from bot.web.messages import AttachedFile, to_attached_file


class Marked(msgspec.Struct):
    """A detail in a message, `start` to `end` in characters."""

    name: str
    value: str
    start: int
    end: int


class Guess(msgspec.Struct):
    """An intent and how sure the model was of it, from 0 to 1."""

    intent: str
    text: str
    confidence: float


class Corrected(msgspec.Struct):
    """What an agent said that the message means."""

    intent: str | None
    text: str | None
    entities: list[Marked] | None
    by: str
    at: datetime


class Heard(msgspec.Struct):
    """What the model understood of a buyer's message; `read_by` is the model's name."""

    intent: str
    intent_text: str
    confidence: float
    ranking: list[Guess]
    entities: list[Marked]
    language: str | None
    read_by: str | None
    corrected: Corrected | None


class RuleAsked(msgspec.Struct):
    """A rule that was consulted, as a sentence; `written` is how the ledger has it."""

    text: str
    held: bool
    written: str


class Why(msgspec.Struct):
    """
    A decision in a plain sentence; `by` is `bot` or a person's name.

    `problem` says what the case is about, `step` is the playbook's own name for what decided.
    """

    text: str
    problem: str
    step: str
    rules: list[RuleAsked]
    by: str
    rulebook: str
    at: datetime
    amount: str | None


class Button(msgspec.Struct):
    """A button under a message, and whether it was pressed."""

    label: str
    used: bool


class Picture(msgspec.Struct):
    """A photo; sizes in pixels."""

    id: str
    width: int
    height: int


class TalkMessage(msgspec.Struct):
    """A message as the team sees it; `why` stands at what the bot said, `heard` at the buyer's."""

    id: str
    seq: int
    sender: Sender
    kind: str
    text: str
    at: datetime
    choices: list[Button]
    card: Any
    photos: list[Picture]
    files: list[AttachedFile]
    agent: str | None
    heard: Heard | None
    why: list[Why]


def to_messages(
    messages: tuple[DeskMessage, ...], whole: WholeTalk, intents: Intents
) -> list[TalkMessage]:
    """The messages; what was decided on a buyer's message stands at the bot's first answer."""
    decided: dict[str, list[Why]] = {}
    for message_id, decision in whole.decisions:
        if message_id:
            decided.setdefault(message_id, []).append(_to_why(decision))
    shown = []
    for message in messages:
        why = decided.pop(message.answers, []) if message.answers else []
        shown.append(_to_message(message, why, intents))

    return shown


def _to_message(message: DeskMessage, why: list[Why], intents: Intents) -> TalkMessage:
    return TalkMessage(
        id=message.id,
        seq=message.seq,
        sender=message.sender,
        kind=message.kind,
        text=message.text,
        at=message.at,
        choices=[Button(label, used) for label, used in message.choices],
        card=message.card,
        photos=[Picture(*photo) for photo in message.photos],
        files=[to_attached_file(file) for file in message.files],
        agent=message.agent,
        heard=_to_heard(message.heard, intents) if message.heard else None,
        why=why,
    )


def _to_heard(heard: HeardMessage, intents: Intents) -> Heard:
    corrected = None
    if heard.corrected:
        one = heard.corrected
        corrected = Corrected(
            intent=one.intent,
            text=say_intent(one.intent, intents) if one.intent else None,
            entities=None if one.entities is None else [_to_marked(e) for e in one.entities],
            by=one.by,
            at=one.at,
        )

    return Heard(
        intent=heard.intent,
        intent_text=say_intent(heard.intent, intents),
        confidence=heard.confidence,
        ranking=[Guess(name, say_intent(name, intents), sure) for name, sure in heard.ranking[:5]],
        entities=[_to_marked(one) for one in heard.entities],
        language=heard.language,
        read_by=heard.read_by,
        corrected=corrected,
    )


def _to_marked(entity: Any) -> Marked:
    return Marked(entity.name, entity.value, entity.start, entity.end)


def _to_why(decision: PastDecision) -> Why:
    currency = currency_of(decision)
    asked = [(rule, say_rule(rule, currency)) for rule in decision.rules]

    return Why(
        text=say_decision(decision),
        problem=say_intent(decision.playbook),
        step=f"{decision.playbook}.{decision.step}",
        rules=[RuleAsked(text, rule.held, f"{rule.name}: {rule.compared}") for rule, text in asked],
        by=decision.decided_by,
        rulebook=decision.rulebook_version,
        at=decision.decided_at,
        amount=format_money(decision.amount, LOCALE) if decision.amount else None,
    )

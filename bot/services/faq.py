"""General questions, answered in the seller's or the trainers' own words, or by a person."""

from dataclasses import dataclass

from bot.casework.decisions import Reason
from bot.casework.replies import Reply
from bot.playbooks.steps import PERSON
from bot.services.exchange import Exchange
from bot.services.hand_off import do_hand_off

FAQ = {
    "faq_shipping": "shipping",
    "faq_returns": "returns",
    "faq_payment": "payment",
    "faq_product": "product",
}
"""The topic of the rulebook's `faq` that each intent asks about."""


@dataclass(frozen=True, kw_only=True)
class FaqAnswer(Reply):
    """What the seller wrote on the topic, as it was written."""

    text: str


@dataclass(frozen=True, kw_only=True)
class TrainedAnswer(Reply):
    """What trainers wrote for an intent that they added."""

    text: str


@dataclass(frozen=True, kw_only=True)
class AnswerNotKnown(Reply):
    """
    Nobody wrote anything on the topic, and a bot that guesses would promise something.

    Said only in the middle of a case; a hand-off for it says so itself.
    """


def answer_question(exchange: Exchange) -> None:
    """Answer by the store's own words, or as `answer_as_trained` does."""
    conversation, topic = exchange.conversation, FAQ[exchange.turn.intent]
    text = exchange.rules.answer(topic, conversation.store, conversation.locale)
    _say(exchange, FaqAnswer(text=text) if text else None)


def answer_as_trained(exchange: Exchange) -> None:
    """
    Answer by the words that trainers wrote for the intent.

    Without any a person takes over; in the middle of a case one is only offered, because the
    case has a question of its own that the buyer may rather answer.
    """
    text = exchange.house.find_answer(
        exchange.turn.intent, exchange.conversation.locale, exchange.message.id
    )
    _say(exchange, TrainedAnswer(text=text) if text else None)


def _say(exchange: Exchange, known: Reply | None) -> None:
    if known:
        exchange.say(known)
    elif exchange.focus:
        exchange.say(AnswerNotKnown(choices=(PERSON,)))
    else:
        do_hand_off(exchange, Reason.NO_ANSWER_KNOWN, None)

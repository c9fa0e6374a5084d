"""General questions, answered in the seller's own words or by a person."""

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
class AnswerNotKnown(Reply):
    """
    The seller wrote nothing on the topic, and a bot that guesses would promise something.

    Said only in the middle of a case; a hand-off for it says so itself.
    """


def answer_question(exchange: Exchange) -> None:
    """
    Answer by the store's own words.

    Without any a person takes over; in the middle of a case one is only offered, because the
    case has a question of its own that the buyer may rather answer.
    """
    conversation = exchange.conversation
    topic = FAQ[exchange.turn.intent]
    if text := exchange.rules.answer(topic, conversation.store, conversation.locale):
        exchange.say(FaqAnswer(text=text))
    elif exchange.focus:
        exchange.say(AnswerNotKnown(choices=(PERSON,)))
    else:
        do_hand_off(exchange, Reason.NO_ANSWER_KNOWN, None)

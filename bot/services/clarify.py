"""
What was not understood: the likeliest meanings as buttons, the topics, or a person.

A guess that is pressed is taken as if the buyer had said it, with all that the unclear message
told beside it. What was offered and pressed stands in the store, for whoever trains the model.
"""

from dataclasses import dataclass, replace

from bot.casework.choosing import named_place
from bot.casework.decisions import Reason
from bot.casework.intents import Intents
from bot.casework.ports.conversations import Doubt
from bot.casework.replies import Choice, Reply
from bot.casework.turns import PressedChoice, Turn, Understanding
from bot.playbooks import PLAYBOOKS
from bot.playbooks.steps import PERSON
from bot.services.exchange import Exchange
from bot.services.faq import FAQ
from bot.services.hand_off import do_hand_off

INTENT = "intent:"
"""How the value of a button begins that says what the buyer means."""
MEANT = (*PLAYBOOKS, *FAQ)
"""
What may be offered as a meaning, beside a person and what trainers added.

An answer to a question, thanks or a greeting is no matter that somebody writes in for, and an
intent that nobody knows (of an older model) is no offer.
"""
LIKELY = 0.1
"""
A best guess of less than this says nothing: the topics are offered instead.

Measured with `THIRD` on the development and the held-back sets (docs/UNDERSTANDING.md).
"""
FEWEST = 2
"""One guess alone would put words into the buyer's mouth."""
THIRD = 0.05
"""The first two guesses are offered together, the third if it is as likely as this."""
SURELY_OUTSIDE = 0.6
"""Out of scope with less than this may be one of ours in unusual words."""

NONE_OF_THESE = Choice("none_of_these", "none_of_these")


@dataclass(frozen=True, kw_only=True)
class DidYouMean(Reply):
    """The likeliest meanings, one button each."""


@dataclass(frozen=True, kw_only=True)
class Clarify(Reply):
    """Not understood, and no guess is likely: what is it about?"""


@dataclass(frozen=True, kw_only=True)
class NotOurs(Reply):
    """Plainly no matter of the shop's: what the bot can do, or that a person can be asked."""


def topic(intent: str) -> Choice:
    """The button that says for the buyer what they mean."""
    return PERSON if intent == "human_agent" else Choice(f"intent:{intent}", f"topic_{intent}")


def added_topic(intent: str, title: str) -> Choice:
    """The button of an intent that trainers added, in their words."""
    return Choice(f"intent:{intent}", "added_topic", title)


TOPICS = (
    *map(topic, ("order_status", "damaged_item", "wrong_item", "refund_request")),
    PERSON,
)


def clarify(exchange: Exchange) -> None:
    """
    Ask what is meant; after too many failures in a row a person takes over.

    So does one who would only be asked again what they were asked before.
    """
    conversation = exchange.conversation
    before = exchange.unit.conversations.doubts(conversation.id, conversation.misses)
    misses = conversation.misses + 1
    question = find_question(exchange.understanding, before, exchange.intents, conversation.locale)
    if question is None or misses >= exchange.rules.hand_off_after_misses:
        exchange.set_misses(0)
        do_hand_off(exchange, Reason.NOT_UNDERSTOOD, None)
    else:
        exchange.set_misses(misses)
        exchange.say(question)


def find_question(
    heard: Understanding, before: tuple[Doubt, ...], intents: Intents, locale: str
) -> Reply | None:
    """How to ask what is meant, unlike it was asked `before`; None if nothing is left to ask."""
    asked = {doubt.reply for doubt in before}
    offered = {value for doubt in before for value, _ in doubt.choices} - {PERSON.value}
    topics = tuple(choice for choice in TOPICS if choice.value not in offered)
    if heard.intent == "out_of_scope" and heard.confidence >= SURELY_OUTSIDE:
        return None if _name(NotOurs) in asked else NotOurs(choices=topics)
    if guesses := likely_meanings(heard, offered, intents, locale):
        return DidYouMean(choices=(*guesses, NONE_OF_THESE))

    return None if topics == (PERSON,) else Clarify(choices=topics)


def likely_meanings(
    heard: Understanding, offered: set[str], intents: Intents, locale: str
) -> tuple[Choice, ...]:
    """Two or three buttons for what the message could mean; none if nothing is likely."""
    ranked = [(_offer(intent, intents, locale), sure) for intent, sure in heard.ranking]
    left = [(choice, sure) for choice, sure in ranked if choice and choice.value not in offered]
    if len(left) < FEWEST or left[0][1] < LIKELY:
        return ()
    third = left[2:3] if left[2:3] and left[2][1] >= THIRD else []

    return tuple(choice for choice, _ in (*left[:2], *third))


def _offer(intent: str, intents: Intents, locale: str) -> Choice | None:
    """Its button; None for what is no matter, nobody knows, or has no words for this buyer."""
    if intent in MEANT or intent == "human_agent":
        return topic(intent)
    title = intents.title(intent, locale) if intent in intents.added else ""

    return added_topic(intent, title) if title else None


def find_meant(exchange: Exchange) -> PressedChoice | None:
    """
    The guess that the buyer takes up in words just after they were asked.

    "The second one" is as good as a press, and "no" turns all of them down.
    """
    conversations, conversation = exchange.unit.conversations, exchange.conversation
    if not conversation.misses:
        return None
    doubt = next(iter(conversations.doubts(conversation.id, 1)), None)
    if doubt is None or doubt.reply != _name(DidYouMean):
        return None
    place = named_place(exchange.turn.text, len(doubt.choices) - 1)
    if exchange.turn.intent == "deny":
        place = len(doubt.choices) - 1

    return None if place is None else conversations.find_choice(doubt.choices[place][1])


def said_again(exchange: Exchange, pressed: PressedChoice) -> Turn:
    """
    The turn as if the buyer had said what the button says.

    The message that the button stands under answered another one: what that told counts, such as
    an order number, and its text is what the matter began with.
    """
    turn = replace(exchange.turn, intent=pressed.value.removeprefix(INTENT), text="", choice=None)
    if pressed.answered is None:
        return turn
    conversations = exchange.unit.conversations
    said = conversations.get_message(pressed.answered)
    if said.choice_token:
        return turn

    return replace(turn, text=said.text, entities=conversations.entities_of(said.id))


def _name(reply: type[Reply]) -> str:
    return f"{reply.template}.{reply.block}"

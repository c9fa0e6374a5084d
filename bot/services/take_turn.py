"""
Answering one buyer message, in one transaction keyed by its id.

The same message twice gives the same messages and no second remedy: whoever comes second finds
it answered. A turn whose lease has passed to somebody else does nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.casework.cases import IDENTIFYING, Awaiting, Case, CaseState
from bot.casework.decisions import Reason
from bot.casework.reading import is_bare_detail, mentioned_order
from bot.casework.replies import Reply
from bot.casework.turns import (
    Entity,
    Floor,
    PressedChoice,
    Route,
    Turn,
    Understanding,
)
from bot.playbooks import PLAYBOOKS
from bot.playbooks.complaint import COMPLAINT
from bot.playbooks.hearing import is_answer_in_words
from bot.playbooks.steps import PERSON
from bot.services.buyers_language import in_buyers_language
from bot.services.case_work import complain, drop, put_again, take_up_remembered, work_on
from bot.services.clarify import (
    INTENT,
    NONE_OF_THESE,
    TOPICS,
    clarify,
    find_meant,
    said_again,
)
from bot.services.collisions import retried
from bot.services.exchange import Exchange
from bot.services.faq import FAQ, answer_as_trained, answer_question
from bot.services.focus import (
    answers,
    case_complained_of,
    case_in_question,
    is_about,
    number_of,
    on_named_order,
    without_bare_numbers,
)
from bot.services.hand_off import do_hand_off
from bot.services.house import House
from bot.services.matters import remember_others
from bot.services.meaning import in_known_terms, meaning_of
from bot.services.small_talk import SMALL_TALK, Hello, YouAreWelcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    A buyer message with what Rasa heard in it.

    `fence` is the fencing number of the lease under which it was sent to Rasa; None where no
    lease is kept (a developer's `rasa shell`).
    """

    message_id: str
    fence: int | None
    understanding: Understanding


@dataclass(frozen=True, kw_only=True)
class NothingOpen(Reply):
    """An answer without a question: what is it about?"""


@dataclass(frozen=True, kw_only=True)
class PhotoOfWhat(Reply):
    """A photo without a case: what is wrong?"""


@dataclass(frozen=True, kw_only=True)
class ChoiceIsOver(Reply):
    """That button was used before, or a newer question stands."""


@dataclass(frozen=True, kw_only=True)
class TakenUp(Reply):
    """Now to the other matter of an earlier message; `matter` is its intent."""

    matter: str


@dataclass(frozen=True, kw_only=True)
class Dropped(Reply):
    """The matter is closed, nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaken:
    """
    The texts that now stand as answers to the message; none if a person has the floor.

    `case`, `awaiting` and `order_number` tell a reader of Rasa's tracker where the talk is.
    """

    texts: tuple[str, ...]
    case: str | None = None
    awaiting: str | None = None
    order_number: str | None = None


def take_turn(house: House, heard: Heard) -> TurnTaken:
    """Answer the message, unless it is answered or a person has the floor."""
    return retried(lambda: _take_turn(house, heard))


def _take_turn(house: House, heard: Heard) -> TurnTaken:
    taken, granted = _answer_message(house, heard)
    if granted:
        house.wake_worker()

    return taken


def _answer_message(house: House, heard: Heard) -> tuple[TurnTaken, int]:
    """The answers, and how many remedies were granted with them."""
    with house.units() as unit:
        conversations = unit.conversations
        conversation_id = conversations.get_message(heard.message_id).conversation_id
        conversation = conversations.lock(conversation_id)
        message = conversations.get_message(heard.message_id)
        if message.answered_at or conversation.floor is not Floor.BOT:
            return TurnTaken(texts=conversations.said_to(message.id)), 0
        if heard.fence is not None and heard.fence != conversation.fence:
            return TurnTaken(texts=()), 0

        conversations.note_understanding(message.id, heard.understanding)
        pressed = conversations.find_choice(message.choice_token) if message.choice_token else None
        cases = list(unit.cases.of_conversation(conversation.id))
        intents = house.intents
        known = in_known_terms(heard.understanding, intents)
        exchange = Exchange(
            unit=unit,
            house=house,
            conversation=in_buyers_language(
                conversations, conversation, message, heard.understanding, cases
            ),
            message=message,
            understanding=known,
            turn=Turn(
                message_id=message.id,
                text=message.text,
                intent=known.intent,
                entities=known.entities,
                choice=pressed.value if pressed and not pressed.over else None,
                photos=message.photos,
                ip=message.ip,
            ),
            now=house.clock(),
            cases=cases,
            rules=house.rulebook,
            intents=intents,
        )
        respond(exchange, pressed)
        conversations.mark_answered(message.id, exchange.now)

        focus = exchange.focus
        taken = TurnTaken(
            texts=conversations.said_to(message.id),
            case=focus.playbook if focus else None,
            awaiting=focus.awaiting if focus else None,
            order_number=number_of(exchange, focus) if focus else None,
        )

        return taken, exchange.granted


def respond(exchange: Exchange, pressed: PressedChoice | None) -> None:
    """
    Answer by the button that was pressed, or by the route of the intent.

    A message with several matters is answered by its first; the others are remembered.
    """
    understanding = exchange.understanding
    route = understanding.route
    exchange.turn = without_bare_numbers(exchange, exchange.turn)
    if pressed:
        _by_button(exchange, pressed)
    elif route in (Route.RUN_PLAYBOOK, Route.CLARIFY) and remember_others(exchange, understanding):
        route = Route.RUN_PLAYBOOK
        run_playbook(exchange)
    elif route is not Route.HAND_OFF and _is_awaited_detail(exchange):
        continue_case(exchange)
    elif route in (Route.CONTINUE_CASE, Route.CLARIFY) and (meant := _find_meant(exchange)):
        route = Route.CONTINUE_CASE
        _by_button(exchange, meant)
    elif route is Route.CLARIFY and _asks_about_an_order(exchange):
        route = Route.CONTINUE_CASE
        continue_case(exchange)
    else:
        ROUTES[route](exchange)
    if route is not Route.CLARIFY:
        exchange.set_misses(0)


def run_playbook(exchange: Exchange) -> None:
    """An order question or a problem: answer it, or work on its case."""
    intent, case = exchange.turn.intent, case_in_question(exchange)
    playbook = PLAYBOOKS[intent]
    if playbook is COMPLAINT and (about := case_complained_of(exchange)):
        complain(exchange, about, playbook)
        return
    if case and answers(case, intent) and is_about(exchange, case):
        _put_open_question(exchange, worked=work_on(exchange, case))
        return
    new = exchange.new_case(playbook.name, intent)
    if case and case.order_id is None:
        new = replace(new, claimed=case.claimed, proof=case.proof)
        if PLAYBOOKS[case.intent].at_once:
            # A question that was still waiting for its order number gives way to the new matter.
            exchange.keep(replace(case, state=CaseState.DROPPED, awaiting=Awaiting.NOTHING))
    _put_open_question(exchange, worked=work_on(exchange, new))


def continue_case(exchange: Exchange) -> None:
    """What a buyer adds to an open case."""
    turn, case = exchange.turn, case_in_question(exchange)
    if case and turn.intent == "never_mind":
        drop(exchange, case, Dropped())
        _put_open_question(exchange, worked=case)
    elif case:
        worked = work_on(exchange, on_named_order(exchange, case))
        _put_open_question(exchange, worked=worked)
    elif mentioned_order(turn):
        # A bare order number asks about that order.
        work_on(exchange, exchange.new_case("order_questions", "order_status"))
    elif turn.photos:
        exchange.say(PhotoOfWhat(choices=TOPICS[1:]))
    elif turn.intent == "affirm" and exchange.cases:
        exchange.say(YouAreWelcome())
    else:
        exchange.say(NothingOpen(choices=TOPICS))


def answer(exchange: Exchange) -> None:
    """General questions and small talk; an open question is put again afterwards."""
    intent = exchange.turn.intent
    if intent in FAQ:
        answer_question(exchange)
    elif intent in exchange.intents.added:
        answer_as_trained(exchange)
    else:
        exchange.say(SMALL_TALK.get(intent, Hello)())
    if intent != "goodbye":
        _put_open_question(exchange, worked=None)


def try_and_clarify(exchange: Exchange) -> None:
    """Not understood: an open case that awaits an answer gets the first look."""
    if focus := exchange.focus:
        _put_open_question(exchange, worked=work_on(exchange, focus))
    else:
        clarify(exchange)


def hand_off(exchange: Exchange) -> None:
    """A person on request, at any point, or about what trainers leave to people."""
    left = exchange.turn.intent in exchange.intents.added
    do_hand_off(exchange, Reason.NO_ANSWER_KNOWN if left else Reason.ASKED_FOR, exchange.focus)


ROUTES: dict[Route, Callable[[Exchange], None]] = {
    Route.RUN_PLAYBOOK: run_playbook,
    Route.CONTINUE_CASE: continue_case,
    Route.ANSWER: answer,
    Route.HAND_OFF: hand_off,
    Route.CLARIFY: try_and_clarify,
}


def _by_button(exchange: Exchange, pressed: PressedChoice) -> None:
    """A button says exactly what is meant: no intent is needed."""
    exchange.unit.conversations.use_choice(pressed.token, exchange.message.id)
    case = next((case for case in exchange.cases if case.id == pressed.case_id), None)
    begins = pressed.value.startswith(INTENT)
    closed = case is not None and case.state is not CaseState.OPEN and not begins
    if pressed.value == PERSON.value:
        do_hand_off(exchange, Reason.ASKED_FOR, case or exchange.focus)
    elif pressed.over or closed:
        exchange.say(ChoiceIsOver())
        _put_open_question(exchange, worked=None)
    elif pressed.value == NONE_OF_THESE.value:
        exchange.turn = said_again(exchange, pressed)
        do_hand_off(exchange, Reason.NOT_UNDERSTOOD, None)
    elif begins:
        _as_if_said(exchange, _turn_of(exchange, pressed, case))
    elif case:
        _put_open_question(exchange, worked=work_on(exchange, case))
    else:
        exchange.say(NothingOpen(choices=TOPICS))


def _as_if_said(exchange: Exchange, turn: Turn) -> None:
    """What a button says, which may be gone from the trainers' file since it was offered."""
    meaning = meaning_of(turn.intent, exchange.intents)
    if meaning is None:
        exchange.turn = turn
        do_hand_off(exchange, Reason.NOT_UNDERSTOOD, None)
        return
    exchange.turn = replace(turn, intent=meaning.intent)
    ROUTES[meaning.route](exchange)


def _turn_of(exchange: Exchange, pressed: PressedChoice, case: Case | None) -> Turn:
    """A button that begins something: about the order of the answer that it stands under."""
    if case is None:
        return said_again(exchange, pressed)
    intent = pressed.value.removeprefix(INTENT)
    turn = replace(exchange.turn, intent=intent, text="", choice=None)
    if case.order_id is None:
        return turn
    number = number_of(exchange, case)

    return replace(turn, entities=(Entity(name="order_number", value=number, start=0, end=0),))


def _find_meant(exchange: Exchange) -> PressedChoice | None:
    """The guess that is taken up in words; an open question counts more."""
    return None if exchange.focus else find_meant(exchange)


def _asks_about_an_order(exchange: Exchange) -> bool:
    """Whether the message is an order number without a word, while nothing is open."""
    turn = exchange.turn

    return not exchange.focus and bool(mentioned_order(turn)) and is_bare_detail(turn, 0)


def _is_awaited_detail(exchange: Exchange) -> bool:
    """Whether this is the order number, proof or address that was asked for, and nothing else."""
    focus = exchange.focus
    if focus is None:
        return False
    if focus.awaiting in IDENTIFYING:
        return is_bare_detail(exchange.turn)

    return is_answer_in_words(focus, exchange.turn)


def _put_open_question(exchange: Exchange, *, worked: Case | None) -> None:
    """
    After an interruption or a settled case, put the question that still stands.

    Not when the case just worked on has put its own. Without one, what the buyer told beside it
    is taken up.
    """
    focus = exchange.focus
    if not exchange.bot_has_floor:
        return
    if focus is None:
        if later := exchange.remembered:
            exchange.say(TakenUp(matter=later.intent))
            _put_open_question(exchange, worked=take_up_remembered(exchange, later))
        return
    if worked and worked.id == focus.id:
        return
    other_order = worked is not None and worked.order_id != focus.order_id
    again = put_again(exchange, focus, name_order=other_order)
    if not again.open_question:
        _put_open_question(exchange, worked=again)

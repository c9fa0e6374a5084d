"""Intents that trainers added: an answer, a playbook or a person, as their file says now."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import TrainedAnswers
from bot.casework.turns import Clause, Entity, Floor, Route, Understanding
from bot.intents import WatchedIntents
from bot.playbooks import BY_NAME
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import AskForPhoto
from bot.replies import Templates
from bot.services import meaning
from bot.services.clarify import Clarify, DidYouMean
from bot.services.faq import AnswerNotKnown, TrainedAnswer
from bot.services.hand_off import HandedOff
from bot.services.identify import AskOrderNumber
from bot.services.small_talk import Hello
from bot.services.take_turn import TakenUp
from bot.settings import ROOT
from bot.store.tables import cases, decisions, messages
from tests.dialog import Dialog
from tests.factories import a_lamp, an_order

MUG = an_order()
LAMP = an_order(number="DEMO-1005", lines=(a_lamp(),))
INTENTS = """\
intents:
  bulk_order:
    description: Wants many pieces.
    titles: {en: I want to order many, ru: Хочу заказать много}
    does: {answer: true}
  scratched_item:
    description: It has scratches.
    titles: {en: It is scratched, ru: На товаре царапины}
    does: {playbook: damaged_item}
  parcel_where:
    description: Asks where the parcel is, in the words of the carrier.
    titles: {en: Where is the parcel?, ru: Где посылка?}
    does: {playbook: order_questions}
  press_enquiry:
    description: Writes for a paper.
    titles: {en: I write for a paper}
    does: {person: true}
"""
ENGLISH = "{% block bulk_order %}From ten pieces on we give 5 % off.{% endblock %}"
RUSSIAN = "{% block bulk_order %}От десяти штук скидка 5 %.{% endblock %}"
BeginTaught = Callable[..., Dialog]


class Teaching:
    """The files that trainers write, in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("rulebook/intents.yml", INTENTS)
        self.write("templates/en/answers.j2", ENGLISH)
        self.write("templates/ru/answers.j2", RUSSIAN)
        self.intents = WatchedIntents(folder / "rulebook")
        self.answers = TrainedAnswers(Templates(ROOT / "templates"), folder / "templates")

    def write(self, name: str, text: str) -> None:
        """Put the file in the place of the one before it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".draft").write_text(text, "utf-8")
        path.with_suffix(".draft").replace(path)


@pytest.fixture
def teaching(tmp_path: Path) -> Teaching:
    """What trainers have written."""
    return Teaching(tmp_path)


@pytest.fixture
def taught(dialog, teaching: Teaching) -> BeginTaught:
    """Begins a conversation in a house that reads those files."""

    def begin(*orders, in_words: bool = False, **more) -> Dialog:
        chat = dialog(*orders, **more)
        chat.shop.house = replace(
            chat.shop.house, find_intents=teaching.intents, find_answer=teaching.answers.find
        )
        if in_words:
            chat.shop.house = replace(chat.shop.house, speaker=Templates(ROOT / "templates"))
        return chat

    return begin


def heard_intents(chat: Dialog) -> list[object]:
    """What the messages are recorded to mean."""
    rows = [row for row in chat.shop.rows(messages) if row["sender"] == "buyer"]

    return [row["intent"] for row in sorted(rows, key=lambda row: row["seq"])]


# An answer


@pytest.mark.parametrize(
    ("locale", "text", "said"),
    [
        ("en", "do you sell 100 mugs?", "From ten pieces on we give 5 % off."),
        ("ru", "можно заказать 100 кружек?", "От десяти штук скидка 5 %."),
    ],
)
def test_an_answer_is_said_in_the_buyers_language(taught, locale, text, said):
    """
    At once, without an order, a case or a hand-off.
    """
    chat = taught(MUG, locale=locale, chosen=True, in_words=True)

    assert chat.says("bulk_order", text) == TrainedAnswer
    assert chat.text == said
    assert (chat.cases, chat.floor) == ([], Floor.BOT)
    assert heard_intents(chat) == ["bulk_order"]


def test_what_is_not_translated_is_said_in_english(taught, teaching):
    """
    Rather than not at all.
    """
    teaching.write("templates/ru/answers.j2", "")
    chat = taught(MUG, locale="ru", chosen=True)

    assert chat.says("bulk_order", "можно 100 кружек?") == TrainedAnswer
    assert chat.said.text == "From ten pieces on we give 5 % off."


def test_without_an_answer_a_person_takes_over(taught, teaching):
    """
    As where the seller wrote nothing on a topic; in a case one is only offered.
    """
    teaching.write("templates/en/answers.j2", "")
    chat = taught(MUG)
    assert chat.says("bulk_order") == HandedOff
    assert chat.handed_off_for == ["no_answer_known"]

    chat = taught(MUG)
    chat.says("damaged_item")
    chat.says("bulk_order")
    assert chat.replies == [AnswerNotKnown, AskForPhoto]


def test_in_a_case_the_open_question_is_put_again(taught):
    """
    Like a general question.
    """
    chat = taught(MUG)
    assert chat.says("damaged_item") == AskForPhoto

    chat.says("bulk_order", "do you sell 100?")
    assert chat.replies == [TrainedAnswer, AskForPhoto]
    assert (chat.awaiting, chat.floor) == ("photo", Floor.BOT)


def test_a_changed_answer_is_said_at_once(taught, teaching):
    """
    The house runs on.
    """
    chat = taught(MUG)
    chat.says("bulk_order")
    teaching.write("templates/en/answers.j2", ENGLISH.replace("5", "7"))
    chat.says("bulk_order")

    assert chat.said.text == "From ten pieces on we give 7 % off."


# A playbook


@pytest.mark.parametrize(
    ("locale", "text"), [("en", "my mug has scratches"), ("ru", "на кружке царапины")]
)
def test_a_playbook_works_on_it_like_on_its_own(taught, locale, text):
    """
    The case is an ordinary one; what the message was heard as stays on record.
    """
    ordinary = taught(MUG, locale=locale, chosen=True, in_words=True)
    ordinary.says("damaged_item", text)
    chat = taught(MUG, locale=locale, chosen=True, in_words=True)

    assert chat.says("scratched_item", text) == AskForPhoto
    assert chat.replies == ordinary.replies
    assert [(row["playbook"], row["intent"]) for row in chat.shop.rows(cases)] == [
        ("damaged_item", "damaged_item")
    ]
    assert heard_intents(chat) == ["scratched_item"]
    assert {row["playbook"] for row in chat.shop.rows(decisions)} == {"damaged_item"}
    chat.sends_photo()
    ordinary.sends_photo()
    assert chat.replies == ordinary.replies


def test_of_several_intents_it_is_the_most_usual(taught):
    """
    A question about an order asks where it is.
    """
    assert taught(MUG).says("parcel_where") == WhereItIs


@pytest.mark.parametrize("playbook", sorted(BY_NAME))
def test_any_playbook_can_be_begun(taught, teaching, playbook):
    """
    By a buyer whom nobody knows, and by one who is signed in.
    """
    teaching.write("rulebook/intents.yml", INTENTS.replace("damaged_item", playbook))
    for email in (None, "ada@example.com"):
        added, own = taught(MUG, email=email), taught(MUG, email=email)
        added.says("scratched_item", "hm hm")
        own.says(meaning.FIRST[playbook], "hm hm")

        assert added.replies == own.replies != []
        assert added.handed_off_for == own.handed_off_for


def test_in_a_case_it_is_a_second_matter(taught):
    """
    About another order; about the same one it goes on with the case.
    """
    chat = taught(MUG, LAMP)
    chat.says("damaged_item", "the mug is broken", order="DEMO-1003")
    chat.says("scratched_item", "scratches", order="DEMO-1005")
    assert len(chat.cases) == 2

    chat = taught(MUG)
    chat.says("damaged_item", "the mug is broken")
    chat.says("scratched_item", "it has scratches")
    assert len(chat.cases) == 1


def clause(text: str, intent: str, order: str) -> Clause:
    """A part of a message about that order."""
    start = text.index(order)
    named = Entity(name="order_number", value=order, start=start, end=start + len(order))

    return Clause(text=text, intent=intent, confidence=0.9, entities=(named,))


def test_several_matters_in_one_message(taught):
    """
    One is worked on, the other remembered by a name that the words know.
    """
    text = "DEMO-1003 has scratches, and where is DEMO-1005?"
    parts = (
        clause("DEMO-1003 has scratches", "scratched_item", "DEMO-1003"),
        clause("where is DEMO-1005", "parcel_where", "DEMO-1005"),
        clause("100 more of DEMO-1005", "bulk_order", "DEMO-1005"),
        clause("paper DEMO-1005", "from_another_model", "DEMO-1005"),
    )
    heard = Understanding(
        route=Route.RUN_PLAYBOOK, intent="scratched_item", confidence=0.9, clauses=parts,
        entities=tuple(one for part in parts[:2] for one in part.entities),
    )  # fmt: skip
    chat = taught(MUG, LAMP)
    chat.hears(text, heard)

    assert chat.replies == [WhereItIs, TakenUp, AskForPhoto]
    assert {row["intent"] for row in chat.cases} == {"damaged_item", "order_status"}


def test_what_is_still_unclear_about_it_is_asked(taught):
    """
    Such as the order of a stranger.
    """
    assert taught(MUG, email=None).says("scratched_item") == AskOrderNumber


# A person


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_person_takes_over(taught, locale):
    """
    Told as what the bot does not know: the buyer has not asked for one.
    """
    chat = taught(MUG, locale=locale, chosen=True, in_words=True)

    assert chat.says("press_enquiry", "I write for the Gazette") == HandedOff
    assert chat.handed_off_for == ["no_answer_known"]
    assert chat.floor is Floor.WAITING
    assert heard_intents(chat) == ["press_enquiry"]


def test_a_person_takes_over_in_a_case(taught):
    """
    With the case, as when one was asked for.
    """
    chat = taught(MUG)
    chat.says("damaged_item")

    assert chat.says("press_enquiry") == HandedOff
    assert [case["state"] for case in chat.cases] == ["handed_off"]


# Did you mean


def test_added_intents_are_offered_in_the_trainers_words(taught):
    """
    In the buyer's language or in English.
    """
    chat = taught(MUG, in_words=True)
    assert chat.mumbles("hm", "bulk_order", "press_enquiry", "scratched_item") == DidYouMean
    assert chat.labels[:2] == ["I want to order many", "I write for a paper"]

    chat = taught(MUG, locale="ru", chosen=True, in_words=True)
    chat.mumbles("хм", "bulk_order", "press_enquiry", "invoice")
    assert chat.labels[:2] == ["Хочу заказать много", "I write for a paper"]


def test_without_a_title_in_words_for_the_buyer_it_is_not_offered(taught, teaching):
    """
    Nor is what nobody knows.
    """
    teaching.write("rulebook/intents.yml", INTENTS.replace("{en: I write for a", "{ru: Пишу для a"))
    chat = taught(MUG)
    chat.mumbles("hm", "press_enquiry", "from_another_model", "invoice", "bulk_order")

    assert chat.buttons == ["intent:invoice", "intent:bulk_order", "none_of_these"]


@pytest.mark.parametrize(
    "intent", ["bulk_order", "scratched_item", "parcel_where", "press_enquiry"]
)
@pytest.mark.parametrize("in_words", [False, True], ids=["pressed", "in words"])
def test_a_button_does_what_the_words_would_have_done(taught, intent, in_words):
    """
    Pressed, or taken up with "the first one".
    """
    said = taught(MUG)
    said.says(intent, "hm hm")
    chat = taught(MUG)
    chat.mumbles("hm hm", intent, "invoice")
    if in_words:
        chat.says("choose_option", "the first one")
    else:
        chat.presses(f"intent:{intent}")

    assert chat.replies == said.replies
    assert chat.handed_off_for == said.handed_off_for


def test_a_button_of_an_intent_that_is_gone_leads_to_a_person(taught, teaching):
    """
    The buyer said clearly what they want; only we do not know it any more.
    """
    chat = taught(MUG)
    chat.mumbles("hm hm", "bulk_order", "invoice")
    teaching.write("rulebook/intents.yml", "intents: {}\n")

    assert chat.presses("intent:bulk_order") == HandedOff
    assert chat.handed_off_for == ["not_understood"]


# The model and the files change at different moments


@pytest.mark.parametrize("route", Route)
def test_an_intent_that_nobody_knows_is_clarified(taught, caplog, route):
    """
    A new model with old files: whatever its rules say. The log has it once.
    """
    meaning._tell_once.cache_clear()
    caplog.set_level(logging.WARNING)
    heard = Understanding(route=route, intent="from_another_model", confidence=0.9)
    chat = taught(MUG)

    assert chat.hears("hm hm", heard) == Clarify
    assert chat.hears("hm hm", heard) == HandedOff
    assert chat.handed_off_for == ["not_understood"]
    assert caplog.text.count("from_another_model") == 1
    assert heard_intents(chat) == ["from_another_model"] * 2


def test_in_a_case_it_counts_as_not_understood(taught):
    """
    The open question is put again.
    """
    chat = taught(MUG)
    chat.says("damaged_item")
    chat.says("from_another_model", "hm hm")

    assert chat.reply == AskForPhoto
    assert chat.floor is Floor.BOT


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(
    ("intent", "reply"),
    [("bulk_order", TrainedAnswer), ("parcel_where", WhereItIs), ("press_enquiry", HandedOff)],
)
def test_the_file_says_what_is_done_and_not_the_model(taught, route, intent, reply):
    """
    A trainer may have changed it since the model was trained.
    """
    heard = Understanding(route=route, intent=intent, confidence=0.9)

    assert taught(MUG).hears("hm hm", heard) == reply


def test_our_own_intent_without_a_playbook_begins_none(taught):
    """
    Rules that somebody has mixed up break no turn.
    """
    heard = Understanding(route=Route.RUN_PLAYBOOK, intent="greet", confidence=0.9)

    assert taught(MUG).hears("hello", heard) == Hello


def test_what_an_intent_does_may_change_in_the_middle(taught, teaching):
    """
    From one message to the next.
    """
    chat = taught(MUG)
    assert chat.says("bulk_order") == TrainedAnswer
    teaching.write("rulebook/intents.yml", INTENTS.replace("{answer: true}", "{person: true}"))

    assert chat.says("bulk_order") == HandedOff

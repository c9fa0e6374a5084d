"""A foreign client drives the widget's HTTP API against the trained model and all processes."""

import httpx
import pytest

from bot.store.tables import messages, outbox, remedies
from tests.e2e.chat_client import ChatClient


@pytest.fixture
def chat(house):
    """A new anonymous conversation."""
    return ChatClient(house.url)


def identity_of(house, email):
    """What the demo shop signs for one of its buyers."""
    return httpx.post(f"{house.url}/demo/identity", json={"email": email}).json()["identity"]


def buyer_of(house, number):
    """E-mail of the demo buyer of that order."""
    buyers = httpx.get(f"{house.url}/demo/buyers").json()
    return next(buyer["email"] for buyer in buyers if number in buyer["orders"])


def test_a_broken_mug_from_the_first_word_to_the_remedy(house, chat):
    """
    The story of the README: proof, photo, offer with exact terms, choice, yes, one remedy.
    """
    asked = chat.says("hi, the mug from order DEMO-1003 came in pieces")
    assert "e-mail" in asked[-1]["text"].lower()

    asked = chat.says(buyer_of(house, "DEMO-1003"))
    assert asked[-1]["kind"] == "ask_photo"

    offer = chat.sends_photo()[-1]
    assert offer["kind"] == "offer"
    assert len(offer["choices"]) >= 3

    before = len(house.rows(remedies))
    terms = chat.presses(offer, "new one")[-1]
    assert terms["kind"] == "confirm"
    assert "DEMO-1003" in terms["text"]
    assert len(house.rows(remedies)) == before

    done = chat.presses(terms, "yes")
    assert any(message["kind"] == "notice" for message in done)
    new = house.rows(remedies)[before:]
    assert [remedy["kind"] for remedy in new] == ["replacement"]
    assert new[0]["id"] in {row["remedy_id"] for row in house.rows(outbox)}


def test_an_interruption_is_answered_and_the_question_put_again(house):
    """
    "Where is it?" in the middle of a damaged case.
    """
    chat = ChatClient(house.url, identity_of(house, buyer_of(house, "DEMO-1007")))
    asked = chat.says("the serving bowl from DEMO-1007 arrived smashed, it is broken")
    assert asked[-1]["kind"] == "ask_photo"

    answers = chat.says("where is my order DEMO-1007 now?")

    assert answers[0]["card"]["order_number"] == "DEMO-1007"
    assert answers[-1]["kind"] == "ask_photo"


@pytest.mark.parametrize("text", ["where is my order DEMO-1007?", "где мой заказ DEMO-1007?"])
def test_how_near_the_nearest_example_is_stays_with_a_message(house, chat, text):
    """
    From the model through Rasa and the action into the store; a number alone is near to nothing.
    """
    chat.says(text)
    chat.says("12345")

    rows = [row for row in house.rows(messages) if row["conversation_id"] == chat.conversation_id]
    near = {row["text"]: row["nearness"] for row in rows if row["sender"] == "buyer"}
    assert 0.5 < near[text] <= 1
    assert near["12345"] is None


def test_a_person_is_one_sentence_away(chat):
    """
    From then on the bot is silent.
    """
    answers = chat.says("I want to talk to a real person please")

    assert answers
    floor = chat.http.get(f"{chat.url}/api/widget/messages", headers=chat.headers).json()["floor"]
    assert floor == "WAITING"
    seq = chat.post("hello??")
    assert chat.answers(seq) == []


@pytest.mark.parametrize("text", ["/restart", "／restart", "/nlu_fallback", "  /session_start"])
def test_a_leading_slash_is_just_a_sign(chat, text):
    """
    Nothing that a buyer writes is a command to Rasa.
    """
    assert chat.says(text)
    assert chat.says("thanks")

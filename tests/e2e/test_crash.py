"""kill -9 of each process while buyers write: every message is answered once, money moves once."""

from collections import Counter

import pytest

from bot.store.tables import messages, remedies
from tests.e2e.chat_client import ChatClient
from tests.e2e.running_house import eventually
from tests.e2e.test_chat_over_http import buyer_of, identity_of


def answers_by_message(house, conversation_id):
    """How many bot messages answer each buyer message of a conversation."""
    rows = [row for row in house.rows(messages) if row["conversation_id"] == conversation_id]
    answers = Counter(row["answers"] for row in rows if row["answers"])
    return {row["id"]: answers[row["id"]] for row in rows if row["sender"] == "buyer"}


@pytest.mark.parametrize("victim", ["actions", "web", "rasa"])
def test_a_killed_process_costs_no_answer_and_doubles_none(house, victim):
    """
    The process dies as soon as the message is stored; what it left is taken up again.
    """
    chats = [ChatClient(house.url) for _ in range(6)]
    for chat in chats:
        chat.says("hello")
    for number, chat in enumerate(chats):
        chat.post("thanks a lot")
        if number == len(chats) // 2:
            house.kill(victim)
        if victim == "web" and number >= len(chats) // 2:
            break
    asked = chats[: len(chats) // 2 + 1] if victim == "web" else chats

    house.wait_until_healthy()
    for chat in asked:
        eventually(lambda chat=chat: all(answers_by_message(house, chat.conversation_id).values()))
        counts = answers_by_message(house, chat.conversation_id)
        assert list(counts.values()) == [1, 1], counts


def test_a_remedy_survives_the_crash_of_every_process_once(house):
    """
    The buyer's yes is stored, then everything dies at once: afterwards one remedy stands, or none
    and a person has the conversation.
    """
    chat = ChatClient(house.url, identity_of(house, buyer_of(house, "DEMO-1008")))
    before = len(house.rows(remedies))
    chat.says("the table lamp from DEMO-1008 arrived torn and damaged")
    offer = chat.sends_photo()[-1]
    terms = chat.presses(offer, "keep")[-1]
    yes = next(one["token"] for one in terms["choices"])
    seq = chat.post(choice=yes)
    for name in ("actions", "rasa", "web"):
        house.kill(name)

    house.wait_until_healthy()
    eventually(lambda: bool(chat.answers(seq)))
    waiting = chat.http.get(f"{chat.url}/api/widget/messages", headers=chat.headers).json()
    made = len(house.rows(remedies)) - before
    assert made == (0 if waiting["floor"] == "WAITING" else 1)
    assert len([one for one in chat.answers(seq) if one["kind"] == "notice"]) == 1

"""How a message comes in, and who works on a conversation: once stored, once answered."""

import pytest

from bot.casework.ports.conversations import NewMessage, StoredPhoto
from bot.casework.turns import Floor
from bot.playbooks.order_questions import WhereItIs
from bot.services.sessions import add_photo, read_transcript
from bot.services.take_turn import Heard, take_turn
from bot.services.turn_queue import (
    MOST_WAITING,
    NotAcceptable,
    list_waiting,
    look,
    put_down,
    receive_message,
    take_up,
)
from bot.store.tables import messages
from tests.dialog import Dialog, in_words
from tests.factories import an_order

LEASE = 15


def receive(chat: Dialog, client_id: str = "c1", owner: str = "web-1", **changes):
    """A message of that conversation arrives at that web process."""
    given = {
        "conversation_id": chat.id,
        "client_id": client_id,
        "text": "hello",
        "choice_token": None,
        "attachments": (),
        "ip": chat.ip,
    }

    return receive_message(chat.shop.house, NewMessage(**(given | changes)), owner, LEASE)


def photo(chat: Dialog, photo_id: str = "photo-1") -> str:
    """An upload of that conversation."""
    stored = StoredPhoto(id=photo_id, file_name="a.jpg", width=1, height=1, size=1, sha256="0" * 64)
    add_photo(chat.shop.house, chat.id, stored)

    return photo_id


@pytest.fixture
def chat(dialog) -> Dialog:
    """A conversation in which nothing was said."""
    return dialog(an_order())


# What is taken


def test_a_message_is_stored_before_anything_else(chat):
    """
    With the next seq, and as the buyer's own line of the transcript.
    """
    received = receive(chat, text="where is it?")
    shown, _ = read_transcript(chat.shop.house, chat.id, 0)

    assert [(line.seq, line.sender, line.text, line.client_id) for line in shown] == [
        (1, "buyer", "where is it?", "c1")
    ]
    assert shown[0] == received.shown
    assert received.waiting == (received.message,)


def test_the_same_client_id_is_the_same_message(chat):
    """
    A widget that tries again after a lost answer gets the first one's id, and starts no turn.
    """
    first = receive(chat, text="one")
    again = receive(chat, text="one")

    assert (again.message.id, again.shown, again.fence) == (first.message.id, None, None)
    assert len(chat.shop.rows(messages)) == 1


def test_the_same_client_id_in_another_conversation_is_another_message(shop):
    """
    Widgets need not know of each other.
    """
    house = shop(an_order())
    one, other = Dialog(house, None), Dialog(house, None)

    assert receive(one).message.id != receive(other).message.id


def test_a_button_is_shown_as_what_the_buyer_said(chat):
    """
    Its label stands in the transcript.
    """
    chat.says("damaged_item")
    token = chat.token("no_photo")

    assert receive(chat, "next", text="", choice_token=token).shown.text == "no_photo"


@pytest.mark.parametrize("whose", ["another conversation's", "nobody's"])
def test_a_foreign_button_is_refused(shop, whose):
    """
    As if it did not exist, in the same words, and nothing is stored.
    """
    house = shop(an_order())
    mine, other = Dialog(house, "ada@example.com"), Dialog(house, "ada@example.com")
    other.says("damaged_item")
    token = other.token("no_photo") if whose == "another conversation's" else "no-such-token"

    with pytest.raises(NotAcceptable, match="does not belong to this conversation") as refused:
        receive(mine, text="", choice_token=token)

    assert refused.value.code == "unknown_choice"
    assert list_waiting(house.house, mine.id) == ()


@pytest.mark.parametrize("whose", ["another conversation's", "nobody's", "used"])
def test_a_photo_that_is_not_there_is_refused(shop, whose):
    """
    An upload belongs to its conversation and to one message.
    """
    house = shop(an_order())
    mine, other = Dialog(house, None), Dialog(house, None)
    if whose == "another conversation's":
        photo(other)
    elif whose == "used":
        receive(mine, client_id="c0", attachments=(photo(mine),))

    with pytest.raises(NotAcceptable, match="upload it again") as refused:
        receive(mine, attachments=("photo-1",))

    assert refused.value.code == "unknown_attachment"


def test_photos_come_in_with_their_message(chat):
    """
    Several of them, in the order in which they were uploaded.
    """
    received = receive(chat, text="", attachments=(photo(chat, "photo-1"), photo(chat, "photo-2")))

    assert received.message.photos == ("photo-1", "photo-2")
    assert list_waiting(chat.shop.house, chat.id)[0].photos == ("photo-1", "photo-2")


def test_a_closed_conversation_takes_nothing_more(chat):
    """
    The buyer is told to begin a new one.
    """
    set_floor(chat, Floor.CLOSED)

    with pytest.raises(NotAcceptable, match="start a new one"):
        receive(chat)


def test_a_flood_is_held_back(chat):
    """
    Fifty messages may wait for an answer; the next is refused until some are answered.
    """
    for number in range(MOST_WAITING):
        receive(chat, client_id=f"c{number}")

    with pytest.raises(NotAcceptable, match="One moment") as refused:
        receive(chat, client_id="one-more")
    assert refused.value.code == "too_many"
    assert receive(chat, client_id="c0").shown is None


def test_a_person_may_be_written_to_without_end(chat):
    """
    Messages that wait for a person are not the bot's to answer, so they are not counted.
    """
    set_floor(chat, Floor.HUMAN)

    for number in range(MOST_WAITING + 5):
        assert receive(chat, client_id=f"c{number}").fence is None


def set_floor(chat: Dialog, floor: Floor) -> None:
    """Give the floor to somebody."""
    with chat.shop.house.units() as unit:
        unit.conversations.set_floor(chat.id, floor)


# The lease


def test_whoever_takes_the_first_message_takes_the_conversation(chat):
    """
    A second message, at another process, is stored for the first to find.
    """
    first = receive(chat, "c1", owner="web-1")
    second = receive(chat, "c2", owner="web-2")

    assert first.fence == 1
    assert second.fence is None
    assert take_up(chat.shop.house, chat.id, "web-2", LEASE) is None


def test_even_the_owner_takes_it_once(chat):
    """
    Two messages in one process are worked off by one task, not by two.
    """
    receive(chat, "c1", owner="web-1")

    assert receive(chat, "c2", owner="web-1").fence is None


def test_what_is_put_down_is_free(chat):
    """
    With everything answered, the next message takes the conversation again.
    """
    chat.says("order_status")

    assert receive(chat, "next").fence == 2


def test_a_message_that_came_meanwhile_keeps_the_conversation(chat):
    """
    Stored while the first was being answered: put down looks again and goes on, under a new number.
    """
    first = receive(chat, "c1", owner="web-1")
    answer(chat, first.message.id, first.fence)
    second = receive(chat, "c2", owner="web-2")

    held = put_down(chat.shop.house, chat.id, "web-1", first.fence, LEASE)
    assert held == first.fence + 1
    assert list_waiting(chat.shop.house, chat.id) == (second.message,)
    answer(chat, second.message.id, held)
    assert put_down(chat.shop.house, chat.id, "web-1", held, LEASE) is None
    assert take_up(chat.shop.house, chat.id, "web-2", LEASE) == held + 1


def answer(chat: Dialog, message_id: str, fence: int | None) -> bool:
    """The bot takes its turn under that number; whether the message is answered then."""
    _, understanding = in_words("order_status", "", "")
    chat.last_message = message_id
    chat.last_heard = Heard(message_id=message_id, fence=fence, understanding=understanding)
    take_turn(chat.shop.house, chat.last_heard)

    return bool(chat.answers)


def test_an_expired_lease_is_taken_again(chat):
    """
    Whoever held it has crashed: another process finds the message and takes it up.
    """
    crashed = receive(chat, owner="web-1")
    assert left_behind(chat) == ()
    chat.waits(seconds=LEASE)

    assert left_behind(chat) == (chat.id,)
    fence = take_up(chat.shop.house, chat.id, "web-2", LEASE)
    assert fence == crashed.fence + 1
    assert left_behind(chat) == ()
    assert not answer(chat, crashed.message.id, crashed.fence)
    assert answer(chat, crashed.message.id, fence)
    assert chat.reply == WhereItIs


def left_behind(chat: Dialog) -> tuple[str, ...]:
    """Conversations that nobody works on though something waits in them."""
    with chat.shop.house.units.reading() as unit:
        return unit.conversations.left_behind(chat.shop.now)


def test_an_expired_lease_is_taken_by_the_next_message_too(chat):
    """
    With all that waits, oldest first.
    """
    crashed = receive(chat, "c1", owner="web-1")
    chat.waits(seconds=LEASE)
    received = receive(chat, "c2", owner="web-2")

    assert received.fence == crashed.fence + 1
    assert received.waiting == (crashed.message, received.message)


def test_who_lost_the_conversation_can_neither_keep_nor_free_it(chat):
    """
    A process that slept through its own lease does not disturb the one that took over.
    """
    slept = receive(chat, owner="web-1")
    chat.waits(seconds=LEASE)
    fence = take_up(chat.shop.house, chat.id, "web-2", LEASE)

    assert put_down(chat.shop.house, chat.id, "web-1", slept.fence, LEASE) is None
    answer(chat, slept.message.id, fence)
    assert put_down(chat.shop.house, chat.id, "web-1", slept.fence, LEASE) is None
    assert take_up(chat.shop.house, chat.id, "web-3", LEASE) is None
    assert put_down(chat.shop.house, chat.id, "web-2", fence, LEASE) is None
    assert take_up(chat.shop.house, chat.id, "web-3", LEASE) == fence + 1


@pytest.mark.parametrize("floor", [Floor.WAITING, Floor.HUMAN])
def test_a_conversation_of_a_person_is_not_taken(chat, floor):
    """
    The bot neither works on it nor finds it left behind.
    """
    set_floor(chat, floor)

    assert receive(chat).fence is None
    assert take_up(chat.shop.house, chat.id, "web-1", LEASE) is None
    assert left_behind(chat) == ()


def test_put_down_after_a_hand_off_lets_go(chat):
    """
    What still waits then is the person's.
    """
    first = receive(chat, "c1")
    receive(chat, "c2")
    set_floor(chat, Floor.WAITING)

    assert put_down(chat.shop.house, chat.id, "web-1", first.fence, LEASE) is None


# How far it is


def test_a_look_tells_what_was_said_since_and_whether_more_is_owed(chat):
    """
    Nothing before the answer; the answer, and done, after it.
    """
    received = receive(chat)
    before = look(chat.shop.house, received.message)
    assert (before.shown, before.done, before.fence) == ((), False, received.fence)
    answer(chat, received.message.id, received.fence)

    after = look(chat.shop.house, received.message)
    assert [line.sender for line in after.shown] == ["bot"]
    assert (after.done, after.floor) == (True, Floor.BOT)


def test_a_message_to_a_person_is_done_with(chat):
    """
    The bot owes it nothing.
    """
    set_floor(chat, Floor.HUMAN)

    assert look(chat.shop.house, receive(chat).message).done


def test_a_message_worked_off_twice_is_answered_once(chat):
    """
    A crash after the answer, before anybody was told of it: the second turn finds it answered.
    """
    received = receive(chat)
    answer(chat, received.message.id, received.fence)
    chat.waits(seconds=LEASE)
    fence = take_up(chat.shop.house, chat.id, "web-2", LEASE)
    take_turn(chat.shop.house, chat.last_heard)
    answer(chat, received.message.id, fence)

    assert len(chat.answers) == 1

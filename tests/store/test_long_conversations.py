"""A conversation of any length: what a turn reads of it does not grow, and nothing open is lost."""

from dataclasses import replace

from bot.casework.cases import Awaiting, CaseState
from bot.store.cases import MOST_CASES
from bot.store.statements import LATEST_MESSAGES
from tests.factories import a_case, an_order


def test_an_open_case_is_found_behind_any_number_of_closed_ones(dialog):
    """
    And the cases come with the last touched first, as ever.
    """
    chat = dialog(an_order())
    house = chat.shop.house
    case = a_case(conversation_id=chat.id, order_id=None, line_id=None)
    with house.units() as unit:
        waiting = replace(case, id="waiting", awaiting=Awaiting.ORDER_NUMBER)
        unit.cases.save(waiting, 1, chat.shop.now)
        for number in range(2, MOST_CASES + 20):
            ended = replace(case, id=f"ended-{number}", state=CaseState.SETTLED)
            unit.cases.save(ended, number, chat.shop.now)
    with house.units.reading() as unit:
        found = [found.id for found in unit.cases.of_conversation(chat.id)]

    assert len(found) == MOST_CASES
    assert found[0] == f"ended-{MOST_CASES + 19}"
    assert found[-1] == "waiting"


def test_a_photo_of_long_ago_belongs_to_no_new_case(dialog):
    """
    What was sent dozens of messages earlier shows something else.
    """
    chat = dialog(an_order())
    chat.sends_photo()
    with chat.shop.house.units.reading() as unit:
        assert len(unit.conversations.photos(chat.id)) == 1
    for _ in range(LATEST_MESSAGES):
        chat.says("thanks")

    with chat.shop.house.units.reading() as unit:
        assert unit.conversations.photos(chat.id) == ()

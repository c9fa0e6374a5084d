"""
A process that dies in the middle of a turn, at every single statement of it.

A forked child takes the turn and kills itself with SIGKILL before its nth statement (its commit
included). Whoever takes the turn again afterwards must find nothing half done.
"""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.decisions import Reason
from bot.services.hand_off import do_hand_off_unanswered
from bot.services.take_turn import take_turn
from bot.store.tables import messages, outbox, products, remedies
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook

MOST_STATEMENTS = 200


def confirmed_replacement(path: Path) -> Dialog:
    """A dialogue whose last message, a yes to a replacement, is stored but not answered."""
    shop = Shop(an_order(), rules=the_rulebook(), url=f"sqlite:///{path}")
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item", order="DEMO-1003")
    chat.sends_photo()
    chat.presses("option:1")
    chat.stores_only("yes")

    return chat


def dies_at(shop: Shop, statement: int, work: Callable[[], object]) -> bool:
    """Whether a child that does the work was killed at that statement; False if it got through."""
    shop.engine.dispose()
    child = os.fork()
    if child == 0:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(shop.engine, "before_cursor_execute", count)
        sa.event.listen(shop.engine, "commit", count)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)

    return os.WIFSIGNALED(status)


def test_a_turn_that_dies_anywhere_leaves_nothing_half_done(tmp_path):
    """
    However far it came: taken again, there is one answer, one remedy, one piece from stock.
    """
    died = 0
    for statement in range(1, MOST_STATEMENTS):
        chat = confirmed_replacement(tmp_path / f"{statement}.db")
        shop = chat.shop
        killed = dies_at(shop, statement, partial(take_turn, shop.house, chat.last_heard))
        half_done = shop.rows(remedies)
        assert half_done == [] if killed else len(half_done) == 1

        take_turn(shop.house, chat.last_heard)

        assert len(chat.answers) == 1
        assert len(shop.rows(remedies)) == len(shop.rows(outbox)) == 1
        assert [row["stock"] for row in shop.rows(products)] == [4]
        shop.engine.dispose()
        if not killed:
            break
        died += 1

    assert died > 20


@pytest.mark.parametrize("bot_first", [True, False])
def test_a_late_turn_and_a_hand_off_answer_once_between_them(tmp_path, bot_first):
    """
    Web gave up on a turn that the action server still works on: whoever commits first has
    answered, the other adds nothing.
    """
    chat = confirmed_replacement(tmp_path / "late.db")
    house = chat.shop.house
    last = chat.last_message
    steps = [
        lambda: take_turn(house, chat.last_heard),
        lambda: do_hand_off_unanswered(house, last, Reason.NO_REPLY),
    ]
    for step in steps if bot_first else reversed(steps):
        step()

    assert len(chat.answers) == 1
    assert len(chat.shop.rows(remedies)) == (1 if bot_first else 0)
    unanswered = [
        row
        for row in chat.shop.rows(messages)
        if row["sender"] == "buyer" and row["answered_at"] is None
    ]
    assert unanswered == []
    chat.shop.engine.dispose()

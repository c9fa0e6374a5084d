"""Four processes at the same moment, as four action servers would be: on SQLite and PostgreSQL."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.casework.orders import OrderStatus
from bot.services.house import House
from bot.services.take_turn import Heard, take_turn
from bot.services.turn_queue import MOST_WAITING
from bot.store.database import open_database
from bot.store.tables import messages, outbox, remedies
from bot.store.units import SqlUnits
from tests.dialog import Dialog, Shop, Words
from tests.factories import NOW, an_order, the_rulebook

PROCESSES = 4
TIMES = 25
"""As often each: a hundred in all."""


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop in a database that several processes use."""
    one = Shop(an_order(status=OrderStatus.PENDING), rules=the_rulebook(), url=database_url)
    yield one
    one.engine.dispose()


def take_turns(url: str, heard: list[Heard]) -> int:
    """In another process: all of these turns at once; how many were answered by it or before."""
    engine = open_database(url)
    rules = the_rulebook()
    house = House(
        units=SqlUnits(engine), speaker=Words(), rulebooks=lambda: rules, clock=lambda: NOW
    )
    try:
        with ThreadPoolExecutor(8) as threads:
            taken = list(threads.map(lambda one: take_turn(house, one), heard))
    finally:
        engine.dispose()

    return sum(bool(one.texts) for one in taken)


def in_four_processes(url: str, heard: list[Heard]) -> list[int]:
    """Every fourth of the turns in a process of its own."""
    context = multiprocessing.get_context("spawn")
    parts = [heard[number::PROCESSES] for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as processes:
        return list(processes.map(take_turns, [url] * PROCESSES, parts))


def test_one_yes_delivered_a_hundred_times_makes_one_remedy(shop: Shop, database_url: str) -> None:
    """
    The same message in four action servers: one answer, one remedy, one row to send.
    """
    chat = Dialog(shop, "ada@example.com")
    chat.says("cancel_order")
    chat.stores_only("yes")
    assert chat.last_heard

    answered = in_four_processes(database_url, [chat.last_heard] * (PROCESSES * TIMES))

    assert answered == [TIMES] * PROCESSES
    assert len(shop.rows(remedies)) == len(shop.rows(outbox)) == 1
    assert len(chat.answers) == 1


def test_fifty_presses_delivered_twice_make_one_remedy(shop: Shop, database_url: str) -> None:
    """
    Fifty messages with the same token (more may not wait), each of them in two processes: one is
    the yes, the others come too late.
    """
    chat = Dialog(shop, "ada@example.com")
    chat.says("cancel_order")
    heard = []
    for _ in range(MOST_WAITING):
        chat.stores_only("yes")
        assert chat.last_heard
        heard.append(replace(chat.last_heard, fence=None))

    in_four_processes(database_url, heard * 2)

    said = [row["reply"] for row in shop.rows(messages) if row["sender"] == "bot"]
    assert len(shop.rows(remedies)) == len(shop.rows(outbox)) == 1
    assert said.count("steps.remedy_requested") == 1
    assert said.count("take_turn.choice_is_over") == MOST_WAITING - 1

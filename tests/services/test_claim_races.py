"""A claim at the very moment of a turn: from then on the bot says nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.casework.turns import Floor
from bot.services.take_turn import take_turn
from bot.services.taking_over import do_claim
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import messages
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook

ROUNDS = {"sqlite": 1000, "postgresql": 200}


@pytest.fixture
def shared_shop(database_url):
    """A shop in a database that several threads use."""
    opened = Shop(an_order(), rules=the_rulebook(), url=database_url)
    yield opened
    opened.engine.dispose()


def test_no_word_of_the_bot_after_the_claim(shared_shop, database_url):
    """
    In each of a thousand rounds the turn is either answered before the claim or not at all.
    """
    anna = shared_shop.hires("Anna Karlsson")
    rounds = ROUNDS[database_url.partition(":")[0].partition("+")[0]]
    silent = 0
    with ThreadPoolExecutor(2) as threads:
        for _ in range(rounds):
            chat = Dialog(shared_shop, "ada@example.com")
            chat.stores_words("order_status", order="DEMO-1003")
            ready = Barrier(2)

            def turn(chat=chat, ready=ready):
                ready.wait()
                take_turn(shared_shop.house, chat.last_heard)

            def claim(chat=chat, ready=ready):
                ready.wait()
                do_claim(shared_shop.house, chat.id, anna)

            for running in [threads.submit(turn), threads.submit(claim)]:
                running.result()

            with shared_shop.house.units.reading() as unit:
                said = [one.sender for one in unit.conversations.transcript(chat.id, 0)]
            assert "system" in said
            assert "bot" not in said[said.index("system") :], said
            silent += "bot" not in said

    assert 0 < silent < rounds, "the race never went both ways"


def test_of_two_claims_at_once_one_wins(shared_shop):
    """
    The other is told who; the buyer hears one name.
    """
    anna, ben = shared_shop.hires("Anna Karlsson"), shared_shop.hires("Ben Ode")
    for _ in range(20):
        chat = Dialog(shared_shop, "ada@example.com")
        chat.says("human_agent")
        ready = Barrier(2)

        def claim(agent, chat=chat, ready=ready):
            ready.wait()
            try:
                do_claim(shared_shop.house, chat.id, agent)
            except NotAcceptable as refusal:
                return str(refusal)
            return agent.name

        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(claim, (anna, ben)))

        winner = next(one for one in found if one in (anna.name, ben.name))
        assert f"{winner} has taken this conversation over." in found
        assert chat.floor is Floor.HUMAN
    joined = [
        row for row in shared_shop.rows(messages) if row["reply"] == "taking_over.agent_joined"
    ]
    assert len(joined) == 20

"""What the desk's lists and dialogues offer to choose from."""

import pytest

from bot.casework.agents import Role
from bot.casework.decisions import Reason
from bot.settings import ROOT
from bot.web.desk.intents import read_domain
from tests.web.desk.conftest import SignIn
from tests.web.front import Front

pytestmark = pytest.mark.anyio


async def test_everything_has_its_words(front: Front, colleague: SignIn):
    """
    Reasons, intents and kinds of details by what they are called, not by their names.
    """
    front.shop.add_store("second")
    words = (await (await colleague()).get("words")).json()

    assert {one["name"] for one in words["reasons"]} == set(Reason)
    assert {one["name"] for one in words["intents"]} == read_domain(ROOT / "domain.yml").intents
    assert {"name": "tracking_number", "text": "tracking number"} in words["entities"]
    assert {"name": "shop", "text": "own shop"} in words["marketplaces"]
    assert [one["name"] for one in words["stores"]] == ["demo", "second"]
    for kind in ("reasons", "intents", "agents"):
        texts = [one["text"].casefold() for one in words[kind]]
        assert texts == sorted(texts), kind


async def test_conversations_are_passed_on_to_whoever_answers(colleague: SignIn):
    """
    A trainer answers nobody; a team is one that somebody belongs to who does.
    """
    kim = await colleague(Role.AGENT, name="Kim Stone", team="returns")
    await colleague(Role.TRAINER, name="Theo Train", team="training")
    words = (await kim.get("words")).json()

    assert [one["text"] for one in words["agents"]] == ["Kim Stone"]
    assert [one["name"] for one in words["teams"]] == ["returns"]

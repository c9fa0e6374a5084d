"""A model beside the live one, over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.casework.agents import Role
from bot.settings import Settings
from bot.teaching.comparing import next_comparison, work_off_comparison
from tests.dialog import Dialog, Shop
from tests.teaching.test_comparing import without_refunds
from tests.teaching.two_models import LIVE, NEW, Readers, a_dialogue, a_workbench, put, serve
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = a_workbench(tmp_path / "project")
    serve(settings, LIVE)

    return settings


@pytest.fixture
async def front(demo_shop: Shop, settings: Settings) -> AsyncIterator[Front]:
    """The web process over that project."""
    async with open_front(demo_shop, settings.state, project=settings.project) as running:
        yield running


async def work_off(front: Front, settings: Settings, readers: Readers) -> None:
    """The trainer process does what waits."""
    waiting = next_comparison(front.shop.house)
    assert waiting
    await asyncio.to_thread(work_off_comparison, front.shop.house, settings, waiting, readers)


async def test_compared_refused_overridden_and_taken_back(
    front: Front, colleague: SignIn, settings: Settings
):
    """
    A poisoned model, from the wish to the roll back.
    """
    kim, lou = await colleague(Role.TRAINER), await colleague(Role.LEAD, name="Lou Reed")
    before = (await kim.get(f"models/{NEW}/comparison")).json()
    assert (before["state"], before["result"], before["gate"]["ok"]) == ("none", None, False)

    wanted = await kim.post(f"models/{NEW}/compare")
    assert wanted.status_code == 202
    assert (await kim.get(f"models/{NEW}/comparison")).json()["state"] == "queued"
    await work_off(front, settings, Readers(new=without_refunds))

    shown = (await kim.get(f"models/{NEW}/comparison")).json()
    assert (shown["state"], shown["by"], shown["live"]) == ("finished", "Kim Stone", LIVE)
    assert shown["headline"]["verdict"] == "worse"
    assert len(shown["result"]["worse"]) == 12
    assert shown["plot"].startswith("<svg")
    assert shown["may_override"] is False

    refused = await kim.post(f"models/{NEW}/promote", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_refused")
    sentences = refused.json()["reasons"][0]["sentences"]
    assert "refund_request number 0 (refund request, now thanks)" in sentences
    assert refused.json()["detail"].startswith("The gate refuses this model. refund request is")

    forbidden = await kim.post(f"models/{NEW}/promote", {"override": "I really want it now"})
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "override_not_allowed")

    promoted = await lou.post(f"models/{NEW}/promote", {"override": "Black Friday needs it"})
    assert promoted.status_code == 202
    assert promoted.json()["before"] == LIVE
    waits = await lou.post(f"models/{NEW}/promote", {"override": "once more, please"})
    assert (waits.status_code, waits.json()["code"]) == (409, "swap_runs")

    serve(settings, NEW)
    assert (await kim.get(f"models/{LIVE}/comparison")).json()["can_roll_back"] is True
    back = await kim.post(f"models/{LIVE}/roll-back", {"reason": "refunds are thanked for"})
    assert (back.status_code, back.json()["kind"]) == (202, "roll_back")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("models/nothing.tar.gz/compare", {}, 404),
        ("models/..%2Fx.tar.gz/compare", {}, 404),
        (f"models/{LIVE}/compare", {}, 409),
        (f"models/{LIVE}/promote", {}, 409),
        (f"models/{NEW}/promote", {"override": 7}, 400),
        (f"models/{NEW}/roll-back", {}, 409),
        (f"models/{NEW}/shadow", {"hours": 0}, 400),
        (f"models/{NEW}/shadow", {"hours": 73}, 400),
        (f"models/{NEW}/shadow", {}, 400),
        (f"models/{LIVE}/shadow", {"hours": 3}, 409),
        ("shadow/stop", {}, 409),
        ("conversations/nowhere/dialogue-test", {"title": "a title"}, 404),
        ("conversations/nowhere/dialogue-test", {}, 400),
    ],
)
async def test_what_makes_no_sense(colleague: SignIn, path: str, body: object, status: int):
    kim = await colleague(Role.TRAINER)
    answer = await kim.post(path, body)

    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)


async def test_a_shadow_run(colleague: SignIn):
    kim = await colleague(Role.TRAINER)
    assert (await kim.get("shadow")).json() == {"shadow": None, "disagreements": []}

    begun = await kim.post(f"models/{NEW}/shadow", {"hours": 4})
    assert begun.status_code == 201
    assert begun.json()["shadow"]["running"] is True
    again = await kim.post(f"models/{NEW}/shadow", {"hours": 4})
    assert (again.status_code, again.json()["code"]) == (409, "shadow_runs")
    assert (await kim.post("shadow/stop")).status_code == 204
    assert (await kim.get("shadow")).json()["shadow"]["running"] is False


async def test_a_conversation_is_kept(front: Front, colleague: SignIn, settings: Settings):
    kim = await colleague(Role.TRAINER)

    def talk() -> str:
        buyer = Dialog(front.shop, "ada@example.com")
        buyer.says("greet", "hello, it is Ada, ada@example.com")
        return buyer.id

    talked = await asyncio.to_thread(talk)
    address = f"conversations/{talked}/dialogue-test"
    wish = {"title": "says hello", "reason": "all buyers do"}
    seen = (await kim.post(f"{address}?preview=true", wish)).json()
    assert (seen["change"]["id"], len(seen["change"]["files"])) == ("", 1)
    assert not (settings.project / seen["path"]).exists()

    kept = await kim.post(address, wish)
    assert kept.status_code == 200
    (line,) = kept.json()["lines"]
    assert line["intent"] == "greet"
    assert "ada@" not in line["text"]
    assert (settings.project / kept.json()["path"]).exists()
    again = await kim.post(address, wish)
    assert (again.status_code, again.json()["code"]) == (409, "kept_already")

    (change,) = (await kim.get("changes")).json()["changes"]
    assert change == kept.json()["change"]
    assert (change["kind"], change["undoable"]) == ("dialogue", True)


async def test_the_dialogue_tests_that_there_are(
    front: Front, colleague: SignIn, settings: Settings
):
    """
    With what failed; a recorded one is taken away by a trainer, the project's own by a lead.
    """
    kim, lou = await colleague(Role.TRAINER), await colleague(Role.LEAD, name="Lou Reed")
    recorded = "tests/dialogues/a-talk-0123456789.yml"
    a_dialogue(settings, ("refund_request one", "refund_request"), title="a talk 0123456789")
    a_dialogue(settings, ("refund_status one", "refund_status"), title="ours")
    put(settings.project / "tests" / "dialogues" / "broken.yml", "stories: []")
    (broken,) = (one for one in (await kim.get("dialogue-tests")).json()["tests"] if one["problem"])
    assert broken["problem"] == "tests/dialogues/broken.yml: a list of stories is expected"
    (settings.project / broken["path"]).unlink()
    await kim.post(f"models/{NEW}/compare")
    await work_off(front, settings, Readers(new=without_refunds))

    first, ours = (await kim.get("dialogue-tests")).json()["tests"]
    assert (first["path"], first["recorded"], first["removable"]) == (recorded, True, True)
    assert first["failed"]["model"] == NEW
    assert first["dialogues"] == [
        {
            "title": "a talk 0123456789",
            "lines": [
                {
                    "text": "refund_request one",
                    "intent": "refund_request",
                    "action": "action_run_playbook",
                    "got": "thanks, action_answer",
                }
            ],
        }
    ]
    assert (ours["recorded"], ours["removable"], ours["failed"]) == (False, False, None)

    wish = {"path": recorded, "reason": "it never happened"}
    seen = (await kim.post("dialogue-tests/remove?preview=true", wish)).json()
    assert (seen["summary"], seen["files"][0]["added"]) == (
        "Dialogue test “a talk 0123456789” removed.",
        0,
    )
    gone = (await kim.post("dialogue-tests/remove", wish)).json()
    assert not (settings.project / recorded).exists()
    assert (gone["kind"], gone["undoable"]) == ("drop_dialogue", True)
    again = await kim.post("dialogue-tests/remove", wish)
    assert (again.status_code, again.json()["code"]) == (404, "no_such_dialogue")

    wish = {"path": ours["path"], "reason": "we sell something else"}
    forbidden = await kim.post("dialogue-tests/remove", wish)
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not_recorded")
    assert (await lou.post("dialogue-tests/remove", wish)).status_code == 200
    assert (await kim.get("dialogue-tests")).json()["tests"] == []


@pytest.mark.parametrize("path", ["domain.yml", "tests/dialogues/../../domain.yml", "", "/etc/x"])
async def test_nothing_else_is_taken_away(colleague: SignIn, settings: Settings, path: str):
    lou = await colleague(Role.LEAD)
    answer = await lou.post("dialogue-tests/remove", {"path": path, "reason": "because"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_dialogue")
    assert (settings.project / "domain.yml").exists()


async def test_the_page(colleague: SignIn):
    kim = await colleague(Role.TRAINER)
    page = await kim.opens(f"/desk/models/{NEW}")

    assert page.status_code == 200
    assert f'data-model="{NEW}"' in page.text
    assert (await kim.opens("/desk/models/nothing.tar.gz")).status_code == 404

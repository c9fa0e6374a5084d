"""Intents and what is written into the project's files, over HTTP."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.store.database import writing
from bot.store.tables import comparisons
from bot.teaching.collecting import import_messages
from tests.dialog import Shop
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, open_front
from tests.workbench.projects import a_folder, contents
from tests.workbench.reading import read

pytestmark = pytest.mark.anyio


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "project")


@pytest.fixture
async def front(demo_shop: Shop, tmp_path: Path, project: Path) -> AsyncIterator[Front]:
    async with open_front(demo_shop, tmp_path / "state", project=project) as running:
        yield running


def a_wish(**fields: Any) -> dict[str, Any]:
    return {
        "name": "gift_wrapping",
        "titles": {"en": "Gift wrapping", "ru": "Подарочная упаковка"},
        "description": "Wants it wrapped as a gift.",
        "examples": [
            {"text": "can you wrap it", "language": "en"},
            {"text": "gift wrap for [#77](order_number)", "language": "en"},
        ],
        "suggestions": [],
        "does": {"kind": "answer", "texts": {"en": "We {{ wrap }}.", "ru": "Да.\nУпакуем."}},
        "protected": False,
        "reason": "buyers ask before Christmas",
    } | fields


async def test_examples_are_written_and_taken_back(front: Front, colleague: SignIn, project: Path):
    kim = await colleague(Role.TRAINER, name="Kim Doe")
    before = contents(project)
    body = {"add": [{"text": "parcel status", "language": "en"}], "reason": "they write so"}

    seen = (await kim.post("intents/order_status/examples?preview=true", body)).json()
    assert contents(project) == before
    assert (seen["id"], seen["summary"]) == ("", "1 example added to order_status.")

    made = (await kim.post("intents/order_status/examples", body)).json()
    assert (made["by"], made["reason"], made["undoable"]) == ("Kim Doe", "they write so", True)
    (file,) = made["files"]
    assert (file["path"], file["added"], file["removed"]) == ("data/nlu/orders.yml", 1, 0)
    assert "+    - parcel status\n" in file["diff"]
    assert b"\n    - parcel status\n" in contents(project)["data/nlu/orders.yml"]

    listed = (await kim.get("changes")).json()
    assert [one["id"] for one in listed["changes"]] == [made["id"]]
    assert (listed["checkout"], listed["next"], listed["labelled"]) == (False, None, 0)

    back = await kim.post(f"changes/{made['id']}/undo", {"reason": "they do not"})
    assert back.json()["summary"] == "Taken back: 1 example added to order_status."
    assert contents(project) == before
    assert (await kim.get(f"changes/{made['id']}")).json()["undone"] is True
    again = await kim.post(f"changes/{made['id']}/undo", {"reason": "once more"})
    assert (again.status_code, again.json()["code"]) == (409, "undone_already")

    await kim.post(f"changes/{back.json()['id']}/undo", {"reason": "they do after all"})
    assert b"- parcel status" in contents(project)["data/nlu/orders.yml"]
    assert (await kim.get(f"changes/{made['id']}")).json()["undone"] is False


async def test_a_change_is_on_the_audit_list(front: Front, colleague: SignIn, project: Path):
    kim, owner = await colleague(Role.TRAINER), await colleague(Role.OWNER)
    body = {"add": [{"text": "parcel status", "language": "en"}], "reason": "they write so"}
    await kim.post("intents/order_status/examples", body)

    (entry,) = (await owner.get("audit", params={"action": "change."})).json()["entries"]
    assert (entry["action"], entry["after"]["reason"]) == ("change.examples", "they write so")


async def test_a_new_intent_and_its_end(front: Front, colleague: SignIn, project: Path):
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    made = await kim.post("intents", a_wish())
    assert made.status_code == 200, made.text
    assert [one["path"] for one in made.json()["files"]] == [
        "data/nlu/added.yml",
        "data/rules.yml",
        "domain.yml",
        "rulebook/intents.yml",
        "templates/en/answers.j2",
        "templates/ru/answers.j2",
    ]
    shown = (await kim.get("intents/gift_wrapping")).json()
    assert shown["answers"] == {"en": "We {{ wrap }}.", "ru": "Да.\nУпакуем."}
    assert (shown["route"], shown["fixed"], shown["title"]) == ("answer", False, "Gift wrapping")
    assert [one["text"] for one in shown["examples"]] == [
        "can you wrap it",
        "gift wrap for [#77](order_number)",
    ]

    there = await kim.post("intents/gift_wrapping/rename", {"to": "wrap_gift", "reason": "short"})
    assert there.status_code == 200, there.text
    assert (await kim.get("intents/gift_wrapping")).status_code == 404
    assert (await kim.get("intents/wrap_gift")).json()["answers"]["ru"] == "Да.\nУпакуем."

    await kim.post(f"changes/{there.json()['id']}/undo", {"reason": "long is better"})
    await kim.post(f"changes/{made.json()['id']}/undo", {"reason": "no gifts"})
    assert contents(project) == before


async def test_the_list_tells_what_there_is(front: Front, colleague: SignIn):
    kim = await colleague(Role.TRAINER)
    buyer = await front.guest()
    await buyer.says("hi")
    found = (await kim.get("intents")).json()
    by_name = {one["name"]: one for one in found["intents"]}

    assert list(by_name)[:2] == ["order_status", "late_delivery"]
    status = by_name["order_status"]
    assert (status["examples"], status["tests"]) == ({"en": 3, "ru": 2}, 0)
    assert (status["route"], status["playbook"]) == ("playbook", "order_questions")
    assert (status["fixed"], status["f1"], status["confusions"]) == (True, None, [])
    assert by_name["greet"]["volume"] == 1
    assert {"name": "damaged_item", "title": "damaged item"} in found["playbooks"]
    assert found["languages"] == ["en", "ru"]


async def test_the_newest_comparison_is_told(front: Front, colleague: SignIn):
    kim = await colleague(Role.TRAINER)
    figure = {"value": 0.75, "low": 0.7, "high": 0.8}
    result = {
        "intents": [{"intent": "greet", "f1": {"before": figure, "now": figure}}],
        "worse": [{"meant": "greet", "now": "out_of_scope"}, {"meant": "greet", "now": "greet"}],
    }
    with writing(front.shop.engine) as db:
        db.execute(
            sa.insert(comparisons).values(
                id="one", created_at=front.shop.now, ended_at=front.shop.now, model="b", live="a",
                state="finished", error="", progress=1.0,
                result=zlib.compress(json.dumps(result).encode()),
            )
        )  # fmt: skip
    found = (await kim.get("intents")).json()["intents"]
    (greet,) = [one for one in found if one["name"] == "greet"]

    assert greet["f1"] == 0.75
    assert [(one["intent"], one["count"]) for one in greet["confusions"]] == [("out_of_scope", 1)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "gift wrapping"}, "wrong_name"),
        ({"name": "Gift"}, "wrong_name"),
        ({"name": "nlu_fallback"}, "wrong_name"),
        ({"name": "yes"}, "wrong_name"),
        ({"name": "greet"}, "name_taken"),
        ({"name": "../seller"}, "wrong_name"),
        ({"description": " "}, "wrong_words"),
        ({"titles": {"en": "x"}}, "wrong_words"),
        ({"titles": {"en": "x", "ru": "y", "de": "z"}}, "wrong_words"),
        ({"examples": []}, "too_few_examples"),
        ({"examples": [{"text": "hello", "language": "en"}]}, "in_two_intents"),
        ({"examples": [{"text": "[x](y)", "language": "en"}]}, "wrong_example"),
        ({"examples": [{"text": "\u200b", "language": "en"}]}, "wrong_example"),
        ({"examples": [{"text": "x", "language": "xx"}]}, "wrong_example"),
        ({"does": {"kind": "answer", "texts": {"en": "yes"}}}, "wrong_answer"),
        (
            {"does": {"kind": "answer", "texts": {"en": "a", "ru": "b", "../x": "c"}}},
            "wrong_answer",
        ),
        ({"does": {"kind": "playbook", "playbook": "seller"}}, "wrong_does"),
        ({"suggestions": ["nowhere"]}, "labelled_already"),
        ({"reason": " \n "}, "reason_needed"),
    ],
)
async def test_what_cannot_be_is_told_and_nothing_written(
    front: Front, colleague: SignIn, project: Path, body: dict[str, Any], code: str
):
    kim = await colleague(Role.TRAINER)
    before = contents(project)
    answer = await kim.post("intents", a_wish(**body))

    assert (answer.status_code in {409, 422}, answer.json()["code"]) == (True, code)
    assert answer.json()["detail"].endswith(".")
    assert contents(project) == before
    assert (await kim.get("changes")).json()["changes"] == []


@pytest.mark.parametrize("what", ["rename", "merge", "retire"])
async def test_what_the_code_knows_stays(front: Front, colleague: SignIn, project: Path, what: str):
    kim = await colleague(Role.TRAINER)
    body = {"to": "hey", "into": "greet", "move_to": "greet", "reason": "why not"}
    answer = await kim.post(f"intents/late_delivery/{what}", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "fixed")


async def test_agents_may_not(front: Front, colleague: SignIn, project: Path):
    sam = await colleague(Role.AGENT)

    assert (await sam.post("intents", a_wish())).status_code == 403
    assert (await sam.post("labels/write", {"reason": "x"})).status_code == 403


async def test_two_at_once_are_two_changes(front: Front, colleague: SignIn, project: Path):
    kim, lou = await colleague(Role.TRAINER), await colleague(Role.LEAD)
    bodies = [{"add": [{"text": f"status {n}", "language": "en"}], "reason": "x"} for n in range(6)]
    answers = await asyncio.gather(
        *(
            who.post("intents/order_status/examples", body)
            for who, body in zip((kim, lou) * 3, bodies, strict=True)
        )
    )

    assert {one.status_code for one in answers} == {200}
    text = contents(project)["data/nlu/orders.yml"].decode()
    assert all(text.count(f"- status {n}\n") == 1 for n in range(6))


async def test_what_the_inbox_suggests_is_written_with_what_is_typed(
    front: Front, colleague: SignIn, project: Path
):
    """
    It stands in the preview, and is labelled by whoever writes it.
    """
    kim = await colleague(Role.TRAINER, name="Kim Doe")
    texts = ["where is the parcel of mine"]
    await asyncio.to_thread(lambda: list(import_messages(front.shop.house, texts, read, "m")))
    shown = (await kim.get("intents/order_status")).json()
    (suggestion,) = shown["suggestions"]
    body = {
        "add": [{"text": "parcel status", "language": "en"}],
        "suggestions": [suggestion["inbox_id"]],
        "reason": "they write so",
    }
    seen = (await kim.post("intents/order_status/examples?preview=true", body)).json()
    assert texts[0] in "".join(one["diff"] for one in seen["files"])
    assert (await kim.get("intents/order_status")).json()["suggestions"] == [suggestion]

    made = (await kim.post("intents/order_status/examples", body)).json()
    assert made["summary"].startswith("2 examples added to order_status")
    assert (await kim.get("intents/order_status")).json()["suggestions"] == []
    counts = (await kim.post("inbox/next")).json()["counts"]
    assert (counts["mine"], counts["to_write"]) == (1, 0)

    await kim.post(f"changes/{made['id']}/undo", {"reason": "they do not"})
    assert (await kim.get("intents/order_status")).json()["suggestions"] == [suggestion]

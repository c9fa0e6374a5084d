"""Hints and reports over HTTP: for trainers, beside a project of their own."""

import asyncio
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.web.desk.hints import READINGS
from tests.dialog import Shop
from tests.teaching.test_hinting import NLU, write
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio


@pytest.fixture
async def front(demo_shop: Shop, tmp_path: Path):
    """A front whose project is a small one."""
    write(tmp_path, "project/data/nlu/orders.yml", NLU)
    async with open_front(demo_shop, tmp_path / "var", project=tmp_path / "project") as opened:
        yield opened


async def test_hints_the_worst_first(colleague: SignIn):
    """
    With the examples, and that no model has read them.
    """
    kim = await colleague(Role.TRAINER)
    found = (await kim.get("hints")).json()
    first = found["hints"][0]

    assert (found["examples"], found["reading"]["state"]) == (6, "no_model")
    assert (first["kind"], first["grade"], first["intent"]) == (
        "contradicted",
        "bad",
        "late_delivery",
    )
    assert [one["text"] for one in first["examples"]] == ["Hi!", "hi"]
    assert first["intent_text"] == "late delivery"


async def test_a_file_that_cannot_be_read_is_named(colleague: SignIn, tmp_path: Path):
    """
    Hints and reports both say so.
    """
    write(tmp_path, "project/data/nlu/broken.yml", "nlu: [\n")
    kim = await colleague(Role.TRAINER)
    for path in ("hints", "reports", "reports/drift.csv"):
        answer = await kim.get(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "broken_files")
        assert "broken.yml" in answer.json()["detail"]


async def test_reports_with_plots_and_tables(front: Front, colleague: SignIn):
    """
    Where there is nothing to draw there is no plot.
    """
    guest = await front.guest()
    await guest.says("where is my parcel")
    kim = await colleague(Role.TRAINER)
    found = (await kim.get("reports", params={"days": 7})).json()
    volumes = found["reports"][0]

    assert (found["by"], found["zone"], len(found["reports"])) == ("day", "UTC", 7)
    assert volumes["svg"].startswith("<svg")
    assert volumes["rows"] == [["greeting", "1", "100.0%"]]
    assert volumes["file"] == "reports/volumes.csv?days=7"
    labels = next(one for one in found["reports"] if one["name"] == "labels")
    assert (labels["svg"], labels["rows"]) == (None, [])


async def test_the_distance_to_the_examples_is_shown(front: Front, colleague: SignIn):
    """
    As a line, in the table, in words, and in the file.
    """
    guest = await front.guest()
    await guest.says("where is my parcel")
    kim = await colleague(Role.TRAINER)
    found = (await kim.get("reports", params={"days": 7})).json()
    drift = next(one for one in found["reports"] if one["name"] == "drift")
    *_, last = (await kim.get("reports/drift.csv")).text.splitlines()

    assert drift["columns"][-2:] == ["Measured", "Mean distance"]
    assert drift["rows"][-1][-2:] == ["1", "20.0%"]
    assert drift["rows"][0][-2:] == ["0", "–"]
    assert drift["series"][-1] == "mean distance"
    assert "nearest training example" in drift["words"]
    assert last.endswith(",1,0.2000")


@pytest.mark.parametrize("days", ["0", "367", "-1", "many"])
async def test_days_that_make_no_sense(colleague: SignIn, days: str):
    """
    A clear no.
    """
    kim = await colleague(Role.TRAINER)

    assert (await kim.get("reports", params={"days": days})).status_code == 400


@pytest.mark.parametrize(
    "name", ["volumes", "automation", "fallback", "accuracy", "drift", "labels", "models"]
)
async def test_a_report_as_a_file(front: Front, colleague: SignIn, name: str):
    """
    With a name, a mark for spreadsheets, and the names of its columns.
    """
    guest = await front.guest()
    await guest.says("where is my parcel")
    kim = await colleague(Role.TRAINER)
    answer = await kim.get(f"reports/{name}.csv")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(answer.content.splitlines()) >= 1


@pytest.mark.parametrize("name", ["nothing.csv", "volumes", "volumes.xlsx", "..csv"])
async def test_a_report_that_there_is_not(colleague: SignIn, name: str):
    """
    404.
    """
    kim = await colleague(Role.TRAINER)

    assert (await kim.get(f"reports/{name}")).status_code == 404


async def test_the_model_reads_in_a_process_of_its_own(
    front: Front, colleague: SignIn, tmp_path: Path
):
    """
    Of a file that is no model it says so, once, until somebody wants it again.
    """
    write(tmp_path, "project/models/makegood-1.tar.gz", "this is no model")
    kim = await colleague(Role.TRAINER)
    assert (await kim.get("hints")).json()["reading"]["state"] == "wanted"
    async with asyncio.timeout(120):
        await asyncio.gather(*READINGS)
    found = (await kim.get("hints")).json()["reading"]

    assert (found["state"], bool(found["error"])) == ("failed", True)
    assert (await kim.get("hints")).json()["reading"] == found


async def test_a_hint_is_put_aside_until_its_examples_change(colleague: SignIn, tmp_path: Path):
    """
    For everybody, with a reason; the key of a hint that has changed is none any more.
    """
    kim, lou = await colleague(Role.TRAINER, name="Kim Doe"), await colleague(Role.LEAD)
    first, other, *_ = (await kim.get("hints")).json()["hints"]
    assert (first["kind"], first["aside"]) == ("contradicted", None)
    for reason, code in ((" \n", "reason_needed"), ("x" * 301, "reason_needed")):
        answer = await kim.post("hints/aside", {"key": first["key"], "reason": reason})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for reason in ("a try", " both are\nmeant "):
        put = await kim.post("hints/aside", {"key": first["key"], "reason": reason})
        assert put.status_code == 204

    again, still, *_ = (await lou.get("hints")).json()["hints"]
    assert (again["aside"]["by"], again["aside"]["reason"]) == ("Kim Doe", "both are meant")
    assert (still["key"], still["aside"]) == (other["key"], None)
    assert (await lou.post("hints/again", {"key": first["key"]})).status_code == 204
    assert (await lou.get("hints")).json()["hints"][0]["aside"] is None
    gone = await lou.post("hints/again", {"key": first["key"]})
    assert (gone.status_code, gone.json()["code"]) == (409, "no_such_hint")

    await kim.post("hints/aside", {"key": first["key"], "reason": "both are meant"})
    more = "".join(
        f"- intent: {intent}\n  examples: |\n    - {text}\n"
        for intent, text in (("late_delivery", "so"), ("order_status", "So"))
    )
    write(tmp_path, "project/data/nlu/more.yml", f"nlu:\n{more}")
    changed = (await kim.get("hints")).json()["hints"][0]
    assert (changed["kind"], changed["count"], changed["aside"]) == ("contradicted", 2, None)
    late = await kim.post("hints/aside", {"key": first["key"], "reason": "both are meant"})
    assert late.json()["code"] == "no_such_hint"

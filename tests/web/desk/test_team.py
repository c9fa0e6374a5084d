"""The team and the audit list over HTTP, as an owner uses them."""

from pathlib import Path
from typing import Any

import pytest

from bot.casework.agents import Role
from tests.dialog import Shop
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.desk.team import PASSWORD, Colleague, a_browser, an_agent, let_in
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio

ANN: dict[str, Any] = {
    "email": "Ann@Shop.example",
    "name": "Ann Lee",
    "role": "lead",
    "team": "returns",
    "reads": ["en", "ru"],
}


async def test_somebody_new(front: Front, colleague: SignIn, browser: OpenBrowser):
    """
    Added by an owner, in by their link.
    """
    owner = await colleague(Role.OWNER)

    answer = await owner.post("agents", ANN)

    assert answer.status_code == 201, answer.text
    added, link = answer.json()["agent"], answer.json()["link"]
    assert (added["email"], added["role"], added["joined"]) == ("ann@shop.example", "lead", False)
    assert link["address"].startswith("http://127.0.0.1:8080/desk/welcome#")
    ann = await browser()
    await ann.opens("/desk/welcome")
    token = link["address"].partition("#")[2]
    assert (await ann.post("welcome", {"token": token, "password": PASSWORD})).status_code == 200
    listed = (await owner.get("agents")).json()["agents"]
    assert [one["joined"] for one in listed if one["name"] == "Ann Lee"] == [True]
    assert token not in str(listed)


async def test_the_link_leads_where_buyers_reach_us(demo_shop: Shop, tmp_path: Path):
    """
    By the public address, whatever the request said.
    """
    owner = an_agent(demo_shop.house, Role.OWNER)
    async with (
        open_front(demo_shop, tmp_path, public_url="https://chat.example/") as front,
        a_browser(front) as http,
    ):
        kim = Colleague(http, owner)
        page = await kim.opens()
        http.cookies.set("makegood_csrf", page.cookies.get("makegood_csrf") or "", "127.0.0.1")
        let_in(demo_shop.house, kim)
        answer = await kim.post("agents", ANN, headers={"host": "evil.example"})

    assert answer.json()["link"]["address"].startswith("https://chat.example/desk/welcome#")


async def test_a_change(colleague: SignIn):
    """
    Of some fields; and who is locked out is out in the middle of their work.
    """
    owner, kim = await colleague(Role.OWNER, name="Ann Lee"), await colleague()
    path = f"agents/{kim.agent.id}"

    changed = await owner.sends("PATCH", path, {"role": "trainer", "reads": []})
    assert (changed.json()["role"], changed.json()["reads"]) == ("trainer", [])
    assert changed.json()["name"] == "Kim Stone"
    assert (await kim.get("me")).json()["role"] == "trainer"

    await owner.sends("PATCH", path, {"disabled": True})
    assert (await kim.get("me")).status_code == 401


async def test_the_last_owner(colleague: SignIn):
    """
    Is told why, and stays.
    """
    owner = await colleague(Role.OWNER)
    for change in ({"disabled": True}, {"role": "agent"}):
        answer = await owner.sends("PATCH", f"agents/{owner.agent.id}", change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")

    assert (await owner.get("me")).json()["role"] == "owner"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": "no"}, 422),
        ({"name": ""}, 422),
        ({"name": "\ud83d".encode("utf-16", "surrogatepass").hex() * 60}, 422),
        ({"team": "x" * 51}, 422),
        ({"reads": ["klingon"]}, 422),
        ({"role": "king"}, 400),
        ({"reads": "en"}, 400),
        ({"name": None}, 400),
    ],
)
async def test_what_cannot_be(colleague: SignIn, change: dict[str, Any], status: int):
    """
    A clear refusal, and nobody is added.
    """
    owner = await colleague(Role.OWNER)

    answer = await owner.post("agents", ANN | change)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert len((await owner.get("agents")).json()["agents"]) == 1


@pytest.mark.parametrize("agent_id", ["0", "x" * 65, "a%00b", "%F0%9F%98%80"])
async def test_nobody_of_that_id(colleague: SignIn, agent_id: str):
    """
    404, whatever stands in the address.
    """
    owner = await colleague(Role.OWNER)
    for answer in (
        await owner.sends("PATCH", f"agents/{agent_id}", {"team": "x"}),
        await owner.post(f"agents/{agent_id}/link"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_audit_list(colleague: SignIn):
    """
    What was done, by whom, from where; found by what it is asked for.
    """
    owner, kim = await colleague(Role.OWNER, name="Ann Lee"), await colleague()
    await owner.sends("PATCH", f"agents/{kim.agent.id}", {"team": "Возвраты"})

    async def found(**wanted: str) -> list[dict[str, Any]]:
        answer = await owner.get("audit", params=wanted)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["entries"])

    (entry,) = await found(agent=owner.agent.id, action="agent.change")
    assert (entry["who"], entry["ip"]) == ("Ann Lee", "127.0.0.1")
    assert (entry["before"]["team"], entry["after"]["team"]) == ("", "Возвраты")
    assert await found(q="Возвраты") == [entry]
    day = entry["at"][:10]
    assert entry in await found(since=day, until=day)
    assert await found(until="2001-01-01") == []
    assert await found(q="\x00") == await found()


@pytest.mark.parametrize(
    "wanted",
    [
        {"before": "x"},
        {"before": "-1"},
        {"before": "99999999999999999999"},
        {"since": "yesterday"},
        {"until": "2026-02-30"},
        {"q": "x" * 201},
    ],
)
async def test_what_the_audit_list_is_not_asked(colleague: SignIn, wanted: dict[str, str]):
    """
    A clear 400.
    """
    owner = await colleague(Role.OWNER)
    answer = await owner.get("audit", params=wanted)

    assert answer.status_code == 400
    assert answer.json()["detail"]


async def test_the_last_day_of_all(colleague: SignIn):
    """
    Also where no day follows.
    """
    owner = await colleague(Role.OWNER)

    assert (await owner.get("audit", params={"until": "9999-12-31"})).status_code == 200

"""The health page: can a buyer chat, and if not, which part is down."""

import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.rulebook import WatchedRulebook
from bot.settings import ROOT, Settings
from bot.web import health
from bot.web.app import create_app
from tests.dialog import Shop
from tests.web.front import serving

pytestmark = pytest.mark.anyio

UP = {
    "status": "ok",
    "rasa": "ok",
    "actions": "ok",
    "store": "ok",
    "model": "m.tar.gz",
    "rulebook": "ok",
}


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def listening(path: str, answer: Any, status: int = 200) -> AsyncIterator[int]:
    """A small server of one page; its port."""

    async def show(_: web.Request) -> web.Response:
        if isinstance(answer, str):
            return web.Response(text=answer, status=status)
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_get(path, show)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def rasa(answer: Any = None, status: int = 200):
    """What stands at Rasa's port."""
    answer = {"status": "ok", "model": "m.tar.gz"} if answer is None else answer
    return listening("/webhooks/makegood/", answer, status)


def actions(status: int = 200):
    """What stands at the action server's port."""
    return listening("/health", {"status": "ok"}, status)


async def health_of(shop: Shop, state: Path, rasa_port: int, actions_port: int) -> httpx.Response:
    """The health page of a house with these neighbours."""
    settings = Settings(_env_file=None, state=state, rasa_port=rasa_port, actions_port=actions_port)
    app = create_app(settings, shop.house)
    async with serving(app) as url, httpx.AsyncClient(verify=False) as http:
        return await http.get(f"{url}/health")


async def test_all_is_well(demo_shop: Shop, tmp_path):
    """
    200, and the name of the model that answers.
    """
    async with rasa() as rasa_port, actions() as actions_port:
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)

    assert (answer.status_code, answer.json()) == (200, UP)


async def test_rasa_is_not_there(demo_shop: Shop, tmp_path):
    """
    503 with the same body, which names Rasa.
    """
    async with actions() as actions_port:
        answer = await health_of(demo_shop, tmp_path, free_port(), actions_port)

    assert answer.status_code == 503
    assert answer.json() == UP | {"status": "down", "rasa": "down", "model": None}


@pytest.mark.parametrize(
    ("says", "status"),
    [({"status": "refused"}, 503), ("<html>", 200), ([1], 200), ({"status": "ok"}, 200)],
)
async def test_rasa_has_no_model_or_is_somebody_else(demo_shop: Shop, tmp_path, says, status):
    """
    It is still loading, or another program has the port.
    """
    async with rasa(says, status) as rasa_port, actions() as actions_port:
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)

    assert answer.status_code == 503
    assert answer.json() == UP | {"status": "down", "rasa": "down", "model": None}


async def test_the_action_server_is_not_there(demo_shop: Shop, tmp_path):
    """
    Rasa alone answers nobody.
    """
    async with rasa() as rasa_port:
        answer = await health_of(demo_shop, tmp_path, rasa_port, free_port())

    assert answer.status_code == 503
    assert answer.json() == UP | {"status": "down", "actions": "down"}


async def test_the_action_server_is_ill(demo_shop: Shop, tmp_path):
    """
    It listens, but says itself that it cannot work.
    """
    async with rasa() as rasa_port, actions(status=500) as actions_port:
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)

    assert answer.json() == UP | {"status": "down", "actions": "down"}


async def test_the_store_is_away(demo_shop: Shop, tmp_path):
    """
    The database cannot be read: nothing else matters.
    """
    async with rasa() as rasa_port, actions() as actions_port:
        for file in tmp_path.glob("shop.db*"):
            file.unlink()
        demo_shop.engine.dispose()
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)

    assert answer.status_code == 503
    assert answer.json() == UP | {"status": "down", "store": "down"}


async def test_a_broken_rulebook_is_told_and_stops_nobody(demo_shop: Shop, tmp_path):
    """
    The rules before it hold, so a buyer can chat; our folders are nobody's business.
    """
    folder = Path(shutil.copytree(ROOT / "rulebook", tmp_path / "rulebook"))
    rules = WatchedRulebook(folder, clock=iter(range(100)).__next__)
    demo_shop.house = replace(demo_shop.house, find_rulebook_problem=rules.find_problem)
    seller = folder / "seller.yml"
    right = seller.read_text()
    async with rasa() as rasa_port, actions() as actions_port:
        seller.write_text("late_grace_days: 3\n\tx: 1\n")
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)
        said = answer.json()["rulebook"]
        assert said.startswith("broken: seller.yml, line 2: found character")
        assert str(tmp_path) not in said
        assert (answer.status_code, answer.json()) == (200, UP | {"rulebook": said})

        seller.write_text(right)
        answer = await health_of(demo_shop, tmp_path, rasa_port, actions_port)
        assert answer.json() == UP


async def test_a_neighbour_that_hangs_counts_as_down(demo_shop: Shop, tmp_path, monkeypatch):
    """
    Its port is open, but nobody answers there; the page does not hang with it.
    """
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = int(silent.getsockname()[1])
        answer = await health_of(demo_shop, tmp_path, port, port)

    assert answer.json() == UP | {
        "status": "down", "rasa": "down", "actions": "down", "model": None
    }  # fmt: skip

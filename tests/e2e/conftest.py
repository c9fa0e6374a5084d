"""One running house for all end-to-end tests, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.chat_client import ChatClient
from tests.e2e.desk_browsers import Desk, hire_team
from tests.e2e.running_house import RunningHouse, run_house

CHROMIUM = Path(os.environ.get("MAKEGOOD_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an end-to-end test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """The house with the trained model and the demo shop."""
    with run_house(tmp_path_factory.mktemp("house") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; without it the test says so, and in CI it fails."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed (apt-get install chromium)"
        if os.environ.get("MAKEGOOD_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def team(house: RunningHouse, browser: Browser) -> Desk:
    """Ann, the owner, Boris, an agent, and Lena, a lead, all signed in."""
    return hire_team(house, browser)


@pytest.fixture
def desk(team: Desk) -> Iterator[Desk]:
    """The team's browsers, closed afterwards."""
    yield team
    for context in team.browser.contexts:
        context.close()


@pytest.fixture
def chat(house: RunningHouse) -> ChatClient:
    """A buyer who has asked for a person."""
    client = ChatClient(house.url)
    client.says("hello, I want to talk to a person please")

    return client

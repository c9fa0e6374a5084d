"""The desk's pages as they leave the server, and the files that they name."""

import re
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.web.desk.templates import PAGES
from bot.web.files import STATIC
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.front import Front

pytestmark = pytest.mark.anyio

DESK = STATIC / "desk"
MODULES = sorted(path.relative_to(DESK).as_posix() for path in DESK.rglob("*.js"))
LINES = 250
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (DESK / "icons.svg").read_text()))
PATHS = (
    "/desk",
    "/desk/search",
    "/desk/account",
    "/desk/approvals",
    "/desk/orders/1",
    "/desk/login",
    "/desk/settings",
    "/desk/inbox",
    "/desk/models",
    "/desk/intents",
    "/desk/intents/late_delivery",
    "/desk/new-intent",
    "/desk/changes",
    "/desk/hints",
    "/desk/reports",
)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]* src=)")
"""What the policy of the pages would not run."""


async def test_no_page_has_anything_inline(front: Front, colleague: SignIn):
    """
    The policy forbids it, so it would be dead; what a buyer wrote could not come alive either.
    """
    owner = await colleague(Role.OWNER)
    talk = (await front.guest()).conversation_id
    for path in (*PATHS, f"/desk/conversations/{talk}"):
        page = await owner.opens(path)

        assert page.status_code == 200, path
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert not INLINE.search(page.text), path


async def test_what_a_page_names_is_served(front: Front, colleague: SignIn):
    """
    Sheets, scripts and pictures.
    """
    owner = await colleague(Role.OWNER)
    talk = (await front.guest()).conversation_id
    for path in (*PATHS, f"/desk/conversations/{talk}"):
        page = (await owner.opens(path)).text
        named = set(re.findall(r'(?:src|href)="(/desk-assets/[^"#]+)', page))

        assert len(named) > 3
        for file in named:
            assert (await front.http.get(file)).status_code == 200, file


@pytest.mark.parametrize("module", MODULES)
async def test_what_a_module_imports_is_served(front: Front, module):
    """
    An entry that names a missing module would leave the page empty.
    """
    source = (DESK / module).read_text()
    for name in re.findall(r'from "(\.[^"]+)"', source):
        address = front.http.base_url.join(f"/desk-assets/{module}").join(name)
        assert (await front.http.get(address)).status_code == 200, name


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_small(module):
    """
    One subject each, to be read at one go.
    """
    assert len((DESK / module).read_text().splitlines()) <= LINES


def test_every_icon_is_drawn():
    """
    A misspelt name would be an empty place.
    """
    calls = re.compile(r'\b(?:icon\(|symbol: |place\("[^"]*", "[^"]*", "[^"]*", )"([a-z]+)"')
    named = {
        name
        for file in [*DESK.rglob("*.js"), *PAGES.glob("*.j2")]
        for name in calls.findall(file.read_text())
    }

    assert named <= ICONS
    assert len(named) > 15


async def test_a_conversation_that_is_not_there(colleague: SignIn):
    """
    Perhaps it was erased: the page says so.
    """
    agent = await colleague()
    page = await agent.opens("/desk/conversations/nothing")

    assert page.status_code == 404
    assert "There is no such thing here" in page.text


async def test_whoever_is_signed_out_comes_back_to_the_conversation(browser: OpenBrowser):
    """
    After signing in.
    """
    page = await (await browser()).opens("/desk/conversations/abc")

    assert page.status_code == 303
    assert page.headers["location"] == "/desk/login?next=%2Fdesk%2Fconversations%2Fabc"


def test_every_page_extends_the_shell():
    """
    So each has the navigation, the theme and the keys.
    """
    pages = {path.name: path.read_text() for path in Path(PAGES).glob("*.j2")}
    pages.pop("base.html.j2")
    pages.pop("parts.html.j2")

    assert [name for name, text in pages.items() if "base.html.j2" not in text] == []

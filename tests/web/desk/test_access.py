"""
Who may enter what: every route of the desk, by every role and by nobody.

The routes are those that the app has. A route without a row here fails, and so does a row without
a route: whoever adds one says here, too, for whom it is.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.routes import HTTPRoute

from bot.casework.agents import ALLOWED, May, Role
from bot.web.desk.access import Unguarded, check_routes, of_desk
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.desk.team import Browser, Colleague, let_in
from tests.web.front import Front

pytestmark = pytest.mark.anyio

ANYBODY, SIGNED_IN = "anybody", "signed in"
TALK = "/api/desk/conversations/{conversation_id:str}"
REMEDY = "/api/desk/remedies/{remedy_id:str}"
INTENT = "/api/desk/intents/{name:str}"
CHANGE = "/api/desk/changes/{change_id:str}"
MODEL = "/api/desk/models/{name:str}"
ORDER = "/api/desk/orders/{order_id:int}"
ACCESS: dict[tuple[str, str], May | str] = {
    # Pages
    ("GET", "/desk"): May.READ,
    ("GET", "/desk/conversations/{conversation_id:str}"): May.READ,
    ("GET", "/desk/approvals"): May.READ,
    ("GET", "/desk/orders/{order_id:int}"): May.READ,
    ("GET", "/desk/search"): May.READ,
    ("GET", "/desk/login"): ANYBODY,
    ("GET", "/desk/welcome"): ANYBODY,
    ("GET", "/desk/account"): SIGNED_IN,
    ("GET", "/desk/agents"): May.AGENTS,
    ("GET", "/desk/audit"): May.AUDIT,
    ("GET", "/desk/erasure"): May.ERASE,
    ("GET", "/desk/settings"): May.SETTINGS,
    ("GET", "/desk/inbox"): May.TEACH,
    ("GET", "/desk/models"): May.TEACH,
    ("GET", "/desk/models/{name:str}"): May.TEACH,
    ("GET", "/desk/intents"): May.TEACH,
    ("GET", "/desk/intents/{name:str}"): May.TEACH,
    ("GET", "/desk/new-intent"): May.TEACH,
    ("GET", "/desk/changes"): May.TEACH,
    ("GET", "/desk/hints"): May.TEACH,
    ("GET", "/desk/reports"): May.TEACH,
    ("GET", "/desk/{rest:path}"): SIGNED_IN,
    # Signing in, and one's own account
    ("POST", "/api/desk/login"): ANYBODY,
    ("POST", "/api/desk/welcome"): ANYBODY,
    ("POST", "/api/desk/welcome/look"): ANYBODY,
    ("POST", "/api/desk/logout"): SIGNED_IN,
    ("GET", "/api/desk/me"): SIGNED_IN,
    ("POST", "/api/desk/password"): SIGNED_IN,
    ("POST", "/api/desk/totp"): SIGNED_IN,
    ("POST", "/api/desk/totp/confirm"): SIGNED_IN,
    ("POST", "/api/desk/totp/drop"): SIGNED_IN,
    ("GET", "/api/desk/sessions"): SIGNED_IN,
    ("POST", "/api/desk/sessions/end"): SIGNED_IN,
    # Queue and conversations
    ("GET", "/api/desk/queue"): May.READ,
    ("GET", "/api/desk/search"): May.READ,
    ("GET", "/api/desk/events"): May.READ,
    ("GET", "/api/desk/words"): May.READ,
    ("GET", TALK): May.READ,
    ("POST", f"{TALK}/reveal"): May.READ,
    ("GET", f"{TALK}/photos/{{photo_id:str}}"): May.READ,
    ("POST", f"{TALK}/claim"): May.ANSWER,
    ("POST", f"{TALK}/give-back"): May.ANSWER,
    ("POST", f"{TALK}/close"): May.ANSWER,
    ("POST", f"{TALK}/snooze"): May.ANSWER,
    ("POST", f"{TALK}/assign"): May.ANSWER,  # to somebody else than oneself: May.ASSIGN
    ("POST", f"{TALK}/transfer"): May.ANSWER,
    ("POST", f"{TALK}/messages"): May.ANSWER,
    ("POST", f"{TALK}/notes"): May.ANSWER,
    ("POST", f"{TALK}/typing"): May.ANSWER,
    ("POST", f"{TALK}/attachments"): May.ANSWER,
    ("POST", f"{TALK}/files"): May.ANSWER,
    ("GET", f"{TALK}/files/{{file_id:str}}"): May.READ,
    ("POST", "/api/desk/messages/{message_id:str}/correction"): May.CORRECT,
    ("GET", "/api/desk/inbox"): May.TEACH,
    ("POST", "/api/desk/inbox/next"): May.TEACH,
    ("POST", "/api/desk/inbox/undo"): May.TEACH,
    ("POST", "/api/desk/inbox/skip-known"): May.TEACH,
    ("GET", "/api/desk/inbox/agreement"): May.TEACH,
    ("GET", "/api/desk/inbox/import"): May.TEACH,
    ("POST", "/api/desk/inbox/import"): May.TEACH,
    ("GET", "/api/desk/inbox/{inbox_id:str}/context"): May.TEACH,
    ("POST", "/api/desk/inbox/{inbox_id:str}/label"): May.TEACH,
    ("POST", "/api/desk/inbox/{inbox_id:str}/skip"): May.TEACH,
    ("POST", "/api/desk/labels/write"): May.TEACH,
    ("GET", "/api/desk/intents"): May.TEACH,
    ("POST", "/api/desk/intents"): May.TEACH,
    ("GET", INTENT): May.TEACH,
    ("POST", f"{INTENT}/examples"): May.TEACH,
    ("POST", f"{INTENT}/describe"): May.TEACH,
    ("POST", f"{INTENT}/rename"): May.TEACH,
    ("POST", f"{INTENT}/merge"): May.TEACH,
    ("POST", f"{INTENT}/split"): May.TEACH,
    ("POST", f"{INTENT}/retire"): May.TEACH,
    ("GET", "/api/desk/changes"): May.TEACH,
    ("GET", CHANGE): May.TEACH,
    ("POST", f"{CHANGE}/undo"): May.TEACH,
    ("POST", f"{CHANGE}/commit"): May.TEACH,
    ("GET", "/api/desk/trainings"): May.TEACH,
    ("POST", "/api/desk/trainings"): May.TEACH,
    ("POST", "/api/desk/trainings/{training_id:str}/cancel"): May.TEACH,
    ("GET", "/api/desk/trainings/{training_id:str}/log"): May.TEACH,
    ("GET", "/api/desk/models"): May.TEACH,
    # Models
    ("POST", f"{MODEL}/compare"): May.TEACH,
    ("GET", f"{MODEL}/comparison"): May.TEACH,
    ("POST", f"{MODEL}/promote"): May.TEACH,  # past the gate: May.OVERRIDE
    ("POST", f"{MODEL}/roll-back"): May.TEACH,
    ("POST", f"{MODEL}/shadow"): May.TEACH,
    ("GET", "/api/desk/shadow"): May.TEACH,
    ("POST", "/api/desk/shadow/stop"): May.TEACH,
    ("POST", f"{TALK}/dialogue-test"): May.TEACH,
    ("GET", "/api/desk/dialogue-tests"): May.TEACH,
    ("POST", "/api/desk/dialogue-tests/remove"): May.TEACH,  # of the project: May.OVERRIDE
    ("GET", "/api/desk/hints"): May.TEACH,
    ("POST", "/api/desk/hints/aside"): May.TEACH,
    ("POST", "/api/desk/hints/again"): May.TEACH,
    ("GET", "/api/desk/reports"): May.TEACH,
    ("GET", "/api/desk/reports/{file:str}"): May.TEACH,
    ("GET", "/api/desk/canned"): May.ANSWER,
    ("GET", "/api/desk/canned/files"): May.SETTINGS,
    ("PUT", "/api/desk/canned/{locale:str}"): May.SETTINGS,
    # Remedies and orders
    ("GET", "/api/desk/approvals"): May.READ,
    ("POST", f"{REMEDY}/approve"): May.DECIDE,
    ("POST", f"{REMEDY}/deny"): May.DECIDE,
    ("POST", f"{REMEDY}/change"): May.DECIDE,
    ("POST", f"{REMEDY}/change/preview"): May.DECIDE,
    ("GET", ORDER): May.READ,
    ("POST", f"{ORDER}/reveal"): May.READ,
    ("POST", f"{ORDER}/remedies"): May.DECIDE,
    ("POST", f"{ORDER}/remedies/preview"): May.DECIDE,
    # The team
    ("GET", "/api/desk/agents"): May.AGENTS,
    ("POST", "/api/desk/agents"): May.AGENTS,
    ("PATCH", "/api/desk/agents/{agent_id:str}"): May.AGENTS,
    ("POST", "/api/desk/agents/{agent_id:str}/link"): May.AGENTS,
    ("GET", "/api/desk/audit"): May.AUDIT,
    # Buyers who want to be erased
    ("GET", "/api/desk/erasures"): May.ERASE,
    ("POST", "/api/desk/erasures"): May.ERASE,
}
"""
What each route takes, by method and path as the app writes it.

This is written by hand and not taken from the code on purpose: it is what we mean.
"""
WHO: tuple[Role | None, ...] = (None, *Role)
FOR_THE_BODY = {400, 404, 405, 409, 413, 415, 422}
"""The route was entered; what was sent is none of this test's business."""


def routes_of(app: Litestar) -> Iterator[tuple[str, str]]:
    """Method and path of every route of the desk."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and of_desk(route.path):
            for method in sorted({str(one) for one in route.methods} - {"OPTIONS", "HEAD"}):
                yield method, route.path


def address_of(path: str) -> str:
    """An address that fits the path, of something that does not exist."""
    parts = (part if not part.startswith("{") else "0" for part in path.split("/"))

    return "/".join(parts)


async def knocks(browser: Browser, method: str, path: str) -> int:
    """
    How a route answers to somebody who has a CSRF token and sends an empty object.

    Of a stream only the beginning is waited for.
    """
    headers = {} if method == "GET" else browser.csrf
    body: dict[str, Any] = {} if method == "GET" else {"json": {}}
    async with browser.http.stream(method, address_of(path), headers=headers, **body) as answer:
        return answer.status_code


async def test_every_route_has_a_row(front: Front):
    """
    And every row a route.
    """
    found = list(routes_of(front.app))

    assert [one for one in found if one not in ACCESS] == [], "say for whom these are"
    assert [one for one in ACCESS if one not in found] == [], "these are no routes any more"


async def test_the_routes_say_what_the_table_says(front: Front):
    """
    `may` in the code is `may` here: no answer is right for another reason only.
    """
    said = {
        (str(method), route.path): handler.opt["may"]
        for route in front.app.routes
        if isinstance(route, HTTPRoute) and of_desk(route.path)
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS"}
    }

    assert said == ACCESS


@pytest.mark.parametrize("role", WHO, ids=lambda role: role or "signed_out")
async def test_access(front: Front, browser: OpenBrowser, colleague: SignIn, role: Role | None):
    """
    Everybody gets in where the table says so, and nowhere else.
    """
    opened: Browser = await colleague(role) if role else await browser()
    await opened.opens()
    wrong = []
    for (method, path), may in ACCESS.items():
        if isinstance(opened, Colleague):
            # Signing out ends a session: everybody knocks with a new one.
            await asyncio.to_thread(let_in, front.shop.house, opened)
        status = await knocks(opened, method, path)
        if not fits(status, path, role, may):
            wrong.append((method, path, status))

    assert wrong == []


def fits(status: int, path: str, role: Role | None, may: May | str) -> bool:
    """Whether that answer is right for that role."""
    if may == ANYBODY:
        return status < 400 or status in FOR_THE_BODY
    if role is None:
        return status == (401 if path.startswith("/api/") else 303)
    allowed = may == SIGNED_IN or may in ALLOWED[role]

    return status < 300 or status in FOR_THE_BODY if allowed else status == 403


@pytest.mark.parametrize("role", [None, Role.OWNER], ids=["signed_out", "owner"])
async def test_no_change_without_csrf(
    front: Front, browser: OpenBrowser, colleague: SignIn, role: Role | None
):
    """
    Not one of the routes that change something, for nobody.
    """
    opened: Browser = await colleague(role) if role else await browser()
    await opened.opens()
    wrong = []
    for method, path in ACCESS:
        if method == "GET":
            continue
        answer = await opened.http.request(method, address_of(path), json={})
        if (answer.status_code, answer.json()["code"]) != (403, "wrong_csrf"):
            wrong.append((method, path, answer.status_code))

    assert wrong == []


async def test_a_locked_out_owner_enters_nothing(front: Front, colleague: SignIn):
    """
    The role that may do everything, and a session that began before.
    """
    opened = await colleague(Role.OWNER)
    with front.shop.house.units() as unit:
        unit.accounts.change(replace(opened.agent, disabled=True), front.shop.now)

    for (method, path), may in ACCESS.items():
        if may != ANYBODY:
            status = await knocks(opened, method, path)
            assert status == (401 if path.startswith("/api/") else 303), (method, path)


@pytest.mark.parametrize("path", ["/desk/secrets", "/api/desk/secrets"])
def test_a_route_that_says_nothing_keeps_the_house_from_starting(path: str):
    """
    Nothing is open because somebody forgot to close it.
    """

    @get(path)
    async def secrets() -> None:
        """A route that says nothing."""

    with pytest.raises(Unguarded, match="secrets"):
        check_routes(Litestar([secrets]))


def test_roles_are_as_we_mean_them():
    """
    Written by hand once more: a slip in the table of roles is seen here.
    """
    every = {May.READ, May.CORRECT}
    assert set(ALLOWED) == set(Role)
    assert ALLOWED[Role.TRAINER] == every | {May.TEACH}
    assert ALLOWED[Role.AGENT] == every | {May.ANSWER, May.DECIDE}
    leads = {May.TEACH, May.OVERRIDE, May.ASSIGN, May.SETTINGS}
    assert ALLOWED[Role.LEAD] == ALLOWED[Role.AGENT] | leads
    assert ALLOWED[Role.OWNER] == set(May)

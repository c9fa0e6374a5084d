"""Signing in over HTTP: the cookie, what it is worth, and what it is not."""

import asyncio
import json
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from bot.casework.accounts import IDLE, LONGEST_SESSION
from bot.casework.agents import Role
from bot.services.accounts import Change, Doer, do_change_agent
from bot.services.links import do_make_link, do_make_owner_link
from bot.web.desk.desk import CSRF_COOKIE, SESSION_COOKIE
from bot.web.desk.pages import checked_next
from tests.dialog import Shop
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.desk.team import PASSWORD, Browser, a_browser, an_agent
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio


def cookie_of(answer: httpx.Response, name: str = SESSION_COOKIE) -> SimpleCookie:
    """The cookie that an answer sets."""
    for header in answer.headers.get_list("set-cookie"):
        cookie = SimpleCookie(header)
        if name in cookie:
            return cookie
    raise AssertionError(f"no cookie {name}")


async def test_who_is_signed_in(colleague: SignIn):
    """
    The page is told who it is and what they may do.
    """
    kim = await colleague(Role.AGENT, name="Kim Stone", team="returns", reads=("en", "ru"))

    assert (await kim.get("me")).json() == {
        "id": kim.agent.id,
        "name": "Kim Stone",
        "first_name": "Kim",
        "email": kim.agent.email,
        "role": "agent",
        "team": "returns",
        "reads": ["en", "ru"],
        "may": ["read", "answer", "decide", "correct"],
        "totp": False,
    }
    assert (await kim.opens("/desk")).status_code == 200


async def test_the_cookie_is_for_our_own_pages(front: Front, browser: OpenBrowser):
    """
    No script reads it, and no other site makes a browser send it.
    """
    agent = an_agent(front.shop.house)
    cookie = cookie_of(await (await browser()).signs_in(agent.email))[SESSION_COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == LONGEST_SESSION.total_seconds()
    assert not cookie["domain"]


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://chat.example", True), ("http://10.0.0.5:8080", False)]
)
async def test_where_there_is_https_cookies_go_no_other_way(
    demo_shop: Shop, tmp_path: Path, public_url: str, secure: bool
):
    """
    Both of them; a house in the office network has to do without.
    """
    agent = an_agent(demo_shop.house)
    async with open_front(demo_shop, tmp_path, public_url=public_url) as front:
        async with a_browser(front) as http:
            page = await http.get("/desk/login")
            csrf = cookie_of(page, CSRF_COOKIE)[CSRF_COOKIE]
            answer = await http.post(
                "/api/desk/login",
                json={"email": agent.email, "password": PASSWORD},
                headers={"x-csrf-token": csrf.value, "cookie": f"{CSRF_COOKIE}={csrf.value}"},
            )
        assert answer.status_code == 200, answer.text
        assert bool(csrf["secure"]) is secure
        assert bool(cookie_of(answer)[SESSION_COOKIE]["secure"]) is secure


async def test_nobody_chooses_the_session_of_somebody_else(front: Front, browser: OpenBrowser):
    """
    A token that was planted before is not taken over, and the browser's old session ends.
    """
    agent, other = an_agent(front.shop.house), an_agent(front.shop.house, name="Eve Black")
    eve = await browser()
    await eve.signs_in(other.email)
    planted = eve.http.cookies[SESSION_COOKIE]
    kim = await browser()
    kim.http.cookies.set(SESSION_COOKIE, planted)

    answer = await kim.signs_in(agent.email)

    assert cookie_of(answer)[SESSION_COOKIE].value != planted
    assert (await eve.get("me")).json()["code"] == "signed_out"


async def test_a_made_up_token_stays_worthless(front: Front, browser: OpenBrowser):
    """
    Before signing in and after it.
    """
    agent = an_agent(front.shop.house)
    kim = await browser()
    kim.http.cookies.set(SESSION_COOKIE, "chosen-by-the-attacker")
    assert (await kim.get("me")).status_code == 401

    answer = await kim.signs_in(agent.email)

    assert cookie_of(answer)[SESSION_COOKIE].value != "chosen-by-the-attacker"
    eve = await browser()
    eve.http.cookies.set(SESSION_COOKIE, "chosen-by-the-attacker")
    assert (await eve.get("me")).status_code == 401


@pytest.mark.parametrize("token", ["x" * 5000, "ünïcode", "", "%00", "a;b"])
async def test_any_token_is_just_wrong(browser: OpenBrowser, token: str):
    """
    Whatever stands in the cookie.
    """
    http = (await browser()).http
    raw = f"{SESSION_COOKIE}={token}".encode()
    answer = await http.get("/api/desk/me", headers=[(b"cookie", raw)])

    assert answer.status_code == 401
    assert answer.json() == {
        "status_code": 401,
        "code": "signed_out",
        "detail": "You are not signed in any more.",
    }


async def test_no_change_without_the_token_of_our_pages(colleague: SignIn, browser: OpenBrowser):
    """
    The cookie alone, which a browser sends by itself, changes nothing.
    """
    kim = await colleague()
    right = kim.csrf["x-csrf-token"]
    other = (await browser()).http
    await other.get("/desk/login")

    for wrong in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "a" * len(right)},
                  {"x-csrf-token": other.cookies[CSRF_COOKIE]}):  # fmt: skip
        answer = await kim.http.post("/api/desk/logout", json={}, headers=wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_csrf")
    assert (await kim.get("me")).status_code == 200

    assert (await kim.post("logout")).status_code == 204
    assert (await kim.get("me")).status_code == 401


async def test_signing_in_needs_that_token_as_well(front: Front, browser: OpenBrowser):
    """
    Or another page could sign somebody in to an account of its own.
    """
    agent = an_agent(front.shop.house)
    body = {"email": agent.email, "password": PASSWORD}

    answer = await (await browser()).http.post("/api/desk/login", json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_csrf")


async def test_the_widget_has_no_such_cookie(front: Front):
    """
    Buyers get no cookie of ours, and need no such token.
    """
    for path in ("/demo", "/widget.js", "/desk-assets/api.js", "/health"):
        assert "set-cookie" not in (await front.http.get(path)).headers, path
    assert (await front.begin()).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_pages_of_others_are_refused(colleague: SignIn, site: str):
    """
    Also those of a neighbour's subdomain, which SameSite lets through.
    """
    kim = await colleague()

    answer = await kim.get("me", headers={"sec-fetch-site": site})

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
    assert (await kim.get("me", headers={"sec-fetch-site": "same-origin"})).status_code == 200


async def test_out_is_out(colleague: SignIn):
    """
    The session is over in the store, not only in the browser.
    """
    kim = await colleague()
    token = kim.http.cookies[SESSION_COOKIE]

    answer = await kim.post("logout")

    assert cookie_of(answer)[SESSION_COOKIE]["max-age"] == "0"
    assert SESSION_COOKIE not in kim.http.cookies
    kim.http.cookies.set(SESSION_COOKIE, token)
    assert (await kim.get("me")).status_code == 401


async def test_who_is_locked_out_is_out_at_once(front: Front, colleague: SignIn):
    """
    In the middle of their work, and for their next sign-in.
    """
    kim = await colleague()
    lock = Change(disabled=True)
    await asyncio.to_thread(do_change_agent, front.shop.house, kim.agent.id, lock, by=Doer())

    assert (await kim.get("me")).json()["code"] == "signed_out"
    assert (await kim.opens("/desk")).status_code == 303
    answer = await kim.signs_in(kim.agent.email)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_login")


async def test_a_role_holds_from_the_next_request_on(front: Front, colleague: SignIn):
    """
    Nobody keeps what they may no longer do until they sign in again.
    """
    kim = await colleague(Role.LEAD)
    assert "assign" in (await kim.get("me")).json()["may"]

    do_change_agent(front.shop.house, kim.agent.id, Change(role=Role.TRAINER), by=Doer())

    assert (await kim.get("me")).json()["may"] == ["read", "correct", "teach"]


async def test_a_session_ends_without_use(front: Front, colleague: SignIn):
    """
    Twelve hours after it was used last, but not while it is used.
    """
    kim = await colleague()
    for _ in range(3):
        front.shop.now += IDLE - timedelta(minutes=1)
        assert (await kim.get("me")).status_code == 200

    front.shop.now += IDLE
    assert (await kim.get("me")).status_code == 401


async def test_a_session_ends_after_a_week(front: Front, colleague: SignIn):
    """
    However much it is used.
    """
    kim = await colleague()
    hours = 0
    while (await kim.get("me")).status_code == 200:
        front.shop.now += timedelta(hours=11)
        hours += 11

    assert hours == pytest.approx(LONGEST_SESSION.total_seconds() / 3600, abs=11)


async def test_a_wrong_login_tells_nothing(front: Front, browser: OpenBrowser):
    """
    Whether the e-mail is known, nobody learns from the answer.
    """
    agent = an_agent(front.shop.house)
    kim = await browser()
    wrong = await kim.signs_in(agent.email, "not my password at all")
    unknown = await kim.signs_in("nobody@shop.example")

    assert wrong.json() == unknown.json()
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == "wrong_login"
    assert SESSION_COOKIE not in kim.http.cookies


async def test_too_many_tries_say_how_long(front: Front, browser: OpenBrowser):
    """
    The sixth try is not looked at, be it right or wrong.
    """
    agent = an_agent(front.shop.house)
    kim = await browser()
    for _ in range(5):
        assert (await kim.signs_in(agent.email, "wrong wrong wrong")).status_code == 401

    front.shop.now += timedelta(minutes=4)
    answer = await kim.signs_in(agent.email)

    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many"
    assert answer.json()["detail"] == "Too many wrong tries. Try again in 11 minutes."
    front.shop.now += timedelta(minutes=11)
    assert (await kim.signs_in(agent.email)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@b.example"},
        {"email": 5, "password": "x"},
        {"email": None, "password": None},
        [],
        "text",
    ],
)
async def test_a_body_of_another_shape(browser: OpenBrowser, body: object):
    """
    A clear 400.
    """
    kim = await browser()
    await kim.opens()
    answer = await kim.post("login", body)

    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize("text", ["\x00", "\ud83d", "ä" * 3000, "a@b" * 900, "' OR 1=1 --"])
async def test_whatever_is_typed_is_just_wrong(browser: OpenBrowser, text: str):
    """
    Signs that no keyboard has, halves of others, and too many.
    """
    kim = await browser()
    await kim.opens()
    for body in ({"email": text, "password": PASSWORD}, {"email": "a@b.example", "password": text}):
        # As a browser writes it: half of an emoji is no UTF-8.
        content = json.dumps(body).encode()
        headers = kim.csrf | {"content-type": "application/json"}
        answer = await kim.http.post("/api/desk/login", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_login")


# One-time links


async def test_the_first_owner(front: Front, browser: OpenBrowser):
    """
    Says who they are, and is in; then the link is used up.
    """
    link = do_make_owner_link(front.shop.house)
    assert link
    ann = await browser()
    assert "Nobody works here yet" in (await ann.opens()).text
    look = await ann.post("welcome/look", {"token": link.token})
    assert look.json() == {"first_owner": True, "email": "", "name": "", "totp": False}

    body = {
        "token": link.token,
        "password": PASSWORD,
        "name": "Ann Lee",
        "email": "Ann@Shop.Example",
    }
    answer = await ann.post("welcome", body)

    assert answer.status_code == 200, answer.text
    me = (await ann.get("me")).json()
    assert (me["email"], me["role"], me["first_name"]) == ("ann@shop.example", "owner", "Ann")
    again = await (await browser_with_csrf(browser)).post("welcome", body)
    assert (again.status_code, again.json()["code"]) == (422, "wrong_link")
    assert do_make_owner_link(front.shop.house) is None
    assert "Nobody works here yet" not in (await ann.opens()).text


async def browser_with_csrf(browser: OpenBrowser) -> Browser:
    """A browser that has opened a page."""
    opened = await browser()
    await opened.opens()

    return opened


async def test_a_link_of_an_agent(front: Front, browser: OpenBrowser, colleague: SignIn):
    """
    A new password, once; whoever was signed in as them is out.
    """
    kim = await colleague(name="Kim Stone")
    _, link = do_make_link(front.shop.house, kim.agent.id, by=Doer())
    other = await browser_with_csrf(browser)
    look = await other.post("welcome/look", {"token": link.token})
    assert look.json()["email"] == kim.agent.email

    answer = await other.post("welcome", {"token": link.token, "password": "a wholly new password"})

    assert answer.status_code == 200
    assert (await kim.get("me")).status_code == 401
    assert (await other.get("me")).json()["id"] == kim.agent.id
    assert (await kim.signs_in(kim.agent.email, PASSWORD)).status_code == 401
    assert (await kim.signs_in(kim.agent.email, "a wholly new password")).status_code == 200
    look = await other.post("welcome/look", {"token": link.token})
    assert (look.status_code, look.json()["code"]) == (422, "wrong_link")


async def test_a_link_ends_after_a_day(front: Front, browser: OpenBrowser):
    """
    A forgotten mail opens no door.
    """
    agent = an_agent(front.shop.house)
    _, link = do_make_link(front.shop.house, agent.id, by=Doer())
    front.shop.now += timedelta(hours=24)

    answer = await (await browser_with_csrf(browser)).post(
        "welcome", {"token": link.token, "password": "a wholly new password"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_link")


# Pages


async def test_who_is_signed_out_is_led_to_the_sign_in(browser: OpenBrowser):
    """
    And back to where they wanted to go.
    """
    http = (await browser()).http

    home = await http.get("/desk")
    account = await http.get("/desk/account?tab=2")

    assert (home.status_code, home.headers["location"]) == (303, "/desk/login?next=%2Fdesk")
    assert account.headers["location"] == "/desk/login?next=%2Fdesk%2Faccount%3Ftab%3D2"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/desk/nowhere", 404, "There is no page"), ("/desk/audit", 403, "Your role (agent)")],
)
async def test_where_there_is_nothing_one_finds_the_way_back(
    colleague: SignIn, path: str, status: int, words: str
):
    """
    A page that says why, with the places of the desk.
    """
    answer = await (await colleague(Role.AGENT)).http.get(path)

    assert answer.status_code == status
    assert words in answer.text
    assert 'href="/desk/approvals"' in answer.text


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/desk/conversations/ab12", "/desk/conversations/ab12"),
        ("/desk?view=mine&q=a+b", "/desk?view=mine&q=a+b"),
        ("https://evil.example", "/desk"),
        ("//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/desk\\@evil.example", "/desk"),
        ("/desk.evil.example", "/desk"),
        ("/desk@evil.example", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ('/desk/"><script>alert(1)</script>', "/desk"),
        ("/desk/\r\nset-cookie: a=b", "/desk"),
        ("/demo", "/desk"),
        ("/desk/login", "/desk"),
        ("/desk/welcome?x=1", "/desk"),
        ("/desk/" + "x" * 600, "/desk"),
    ],
)
def test_nobody_is_led_elsewhere(wanted: str, led: str):
    """
    After signing in one comes to a page of the desk, whatever the address said.
    """
    assert checked_next(wanted) == led


async def test_the_page_knows_where_to_go_next(front: Front, browser: OpenBrowser):
    """
    Where one wanted to go before, and nothing of what somebody else wrote into the address.
    """
    an_agent(front.shop.house)
    http = (await browser()).http
    good = await http.get("/desk/login", params={"next": "/desk?view=mine&q=a+b"})
    bad = await http.get("/desk/login", params={"next": '//evil.example/"><script>'})

    assert 'data-next="/desk?view=mine&amp;q=a+b"' in good.text
    assert 'data-next="/desk"' in bad.text
    assert "evil" not in bad.text


async def test_pages_run_nothing_but_our_files(colleague: SignIn):
    """
    No inline script, no foreign frame, nothing kept in a cache.
    """
    kim = await colleague(Role.OWNER)
    for path in ("/desk", "/desk/login", "/desk/welcome", "/desk/account"):
        page = await kim.opens(path)
        policy = page.headers["content-security-policy"]
        assert page.status_code == 200
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "private, no-store"
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert page.text.count("<script") == page.text.count("<script src=") + page.text.count(
            '<script type="module" src='
        )


async def test_names_are_text_on_pages(colleague: SignIn):
    """
    Whatever somebody is called.
    """
    kim = await colleague(name="<img/src=x/onerror=alert(1)> Stone", email="x@y.example")

    page = await kim.opens("/desk")

    assert "<img/src=x" not in page.text
    assert "&lt;img/src=x" in page.text

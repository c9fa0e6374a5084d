"""One's own account over HTTP: password, second factor, sessions."""

import asyncio
from datetime import timedelta

import pytest

from tests.services.keys import code_at
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.desk.team import PASSWORD, let_in
from tests.web.front import Front

pytestmark = pytest.mark.anyio


async def test_a_new_password(colleague: SignIn, browser: OpenBrowser):
    """
    Only with the old one; every other browser is signed out, this one stays.
    """
    kim = await colleague()
    other = await browser()
    assert (await other.signs_in(kim.agent.email)).status_code == 200

    wrong = await kim.post("password", {"old": "not my password", "new": "a wholly new password"})
    weak = await kim.post("password", {"old": PASSWORD, "new": "short"})
    good = await kim.post("password", {"old": PASSWORD, "new": "a wholly new password"})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    assert good.status_code == 204
    assert (await kim.get("me")).status_code == 200
    assert (await other.get("me")).status_code == 401
    assert (await other.signs_in(kim.agent.email)).status_code == 401
    assert (await other.signs_in(kim.agent.email, "a wholly new password")).status_code == 200


async def test_a_second_factor(front: Front, colleague: SignIn, browser: OpenBrowser):
    """
    Shown once the password is given again, on once a code is confirmed, off the same way.
    """
    kim = await colleague()
    refused = await kim.post("totp", {"password": "not my password"})
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong_password")

    shown = (await kim.post("totp", {"password": PASSWORD})).json()
    assert shown["address"].startswith("otpauth://totp/Makegood:")
    assert shown["svg"].startswith("<svg")
    assert "style" not in shown["svg"]
    wrong = await kim.post("totp/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_totp")
    code = code_at(shown["secret"], front.shop.now)
    assert (await kim.post("totp/confirm", {"code": code})).status_code == 204
    assert (await kim.get("me")).json()["totp"] is True

    other = await browser()
    needed = await other.signs_in(kim.agent.email)
    again = await other.signs_in(kim.agent.email, code=code)
    front.shop.now += timedelta(minutes=1)
    good = await other.signs_in(kim.agent.email, code=code_at(shown["secret"], front.shop.now))
    assert (needed.status_code, needed.json()["code"]) == (401, "code_needed")
    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")
    assert good.status_code == 200

    twice = await kim.post("totp", {"password": PASSWORD})
    assert (twice.status_code, twice.json()["code"]) == (409, "totp_on")
    assert (await kim.post("totp/drop", {"password": PASSWORD})).status_code == 204
    assert (await kim.get("me")).json()["totp"] is False


async def test_sessions(front: Front, colleague: SignIn):
    """
    This one and others; the others can be ended.
    """
    kim = await colleague()
    here = dict(kim.http.cookies)
    await asyncio.to_thread(let_in, front.shop.house, kim)
    assert [one["here"] for one in (await kim.get("sessions")).json()["sessions"]].count(True) == 1

    assert (await kim.post("sessions/end")).json() == {"ended": 1}

    (left,) = (await kim.get("sessions")).json()["sessions"]
    assert left["here"]
    kim.http.cookies.clear()
    kim.http.cookies.update(here)
    assert (await kim.get("me")).status_code == 401

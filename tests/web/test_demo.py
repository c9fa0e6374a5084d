"""The demo shop: its page, and signing in as one of its buyers."""

import re

import pytest

from bot.casework.orders import Buyer
from bot.store.tables import conversations
from bot.web.files import STATIC
from bot.web.headers import DEMO_PAGE
from tests.factories import an_order
from tests.web.front import Front

pytestmark = pytest.mark.anyio


async def test_the_front_page_is_the_demo_shop(front: Front):
    """
    The address that `make up` prints leads somewhere.
    """
    answer = await front.http.get("/", follow_redirects=True)

    assert answer.status_code == 200
    assert answer.url.path == "/demo"
    assert answer.headers["content-type"].startswith("text/html")
    assert 'data-store="demo"' in answer.text


async def test_the_page_may_load_only_what_is_ours(front: Front):
    """
    A policy that leaves nothing for a script from elsewhere, and still lets the widget work.
    """
    headers = (await front.http.get("/demo")).headers

    assert headers["content-security-policy"] == DEMO_PAGE["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_page_keeps_to_its_policy():
    """
    No script, style or handler in the page itself: the browser would not run them.
    """
    page = (STATIC / "demo" / "demo.html").read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


async def test_everything_that_the_page_names_is_there(front: Front):
    """
    Its styles, scripts and pictures are served by this very process.
    """
    page = (await front.http.get("/demo")).text
    named = re.findall(r'(?:src|href)="([^"#]+)"', page)

    assert "widget.js" in named
    for path in named:
        assert (await front.http.get(f"/{path}")).status_code == 200, path


async def test_the_buyers_of_the_demo_shop_are_listed(front: Front):
    """
    With their orders, the newest first; who has no e-mail cannot sign in.
    """
    nameless = Buyer(name="Nobody", email="", phone="")
    front.shop.take_in(
        an_order(number="DEMO-1004", buyer=Buyer(name="Bob", email="bob@example.com", phone="")),
        an_order(number="DEMO-1005", buyer=nameless),
    )

    assert (await front.http.get("/demo/buyers")).json() == [
        {"email": "ada@example.com", "name": "Ada Field", "orders": ["DEMO-1003"]},
        {"email": "bob@example.com", "name": "Bob", "orders": ["DEMO-1004"]},
    ]


async def test_signing_in_gives_an_identity_that_opens_a_session(front: Front):
    """
    As a shop's own server would make it.
    """
    signed = await front.http.post("/demo/identity", json={"email": "ada@example.com"})
    assert signed.status_code == 200

    begun = await front.begin(identity=signed.json()["identity"])

    assert begun.status_code == 200
    (row,) = front.shop.rows(conversations)
    assert row["identity_email"] == "ada@example.com"
    assert row["identity_name"] == "Ada Field"


@pytest.mark.parametrize("email", ["eve@example.com", "", "ADA@example.com\0", "x" * 5000])
async def test_nobody_signs_in_who_is_no_buyer(front: Front, email):
    """
    Only the demo shop's own buyers.
    """
    answer = await front.http.post("/demo/identity", json={"email": email})

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_buyer")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"email": 7}', b"[]", b"x"])
async def test_a_wrong_sign_in_is_refused(front: Front, body):
    """
    In the form of all errors.
    """
    answer = await front.http.post("/demo/identity", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")

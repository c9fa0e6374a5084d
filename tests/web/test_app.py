"""The web process as a whole: its documentation, its headers, its errors, its end."""

import asyncio
from typing import Any

import pytest

from bot.services.sessions import read_transcript
from tests.dialog import Shop
from tests.web.front import PATIENCE, Front, Held, open_front

pytestmark = pytest.mark.anyio

ROUTES = {
    ("get", "/api/widget/stores/{store}"): (200, "StoreLook"),
    ("post", "/api/widget/session"): (200, "Session"),
    ("post", "/api/widget/locale"): (200, "Chosen"),
    ("post", "/api/widget/messages"): (202, "Receipt"),
    ("get", "/api/widget/messages"): (200, "Transcript"),
    ("get", "/api/widget/events"): (200, None),
    ("post", "/api/widget/attachments"): (201, "Photo"),
    ("get", "/api/widget/attachments/{photo_id}"): (200, None),
    ("get", "/api/widget/files/{file_id}"): (200, None),
    ("post", "/api/widget/rating"): (201, "Rating"),
    ("get", "/api/widget/rating"): (200, "RatingWanted"),
    ("get", "/api/widget/wait"): (200, "WaitNow"),
    ("post", "/api/widget/cancel-wait"): (200, "FloorNow"),
    ("post", "/api/widget/email"): (204, None),
    ("post", "/api/widget/typing"): (204, None),
    ("post", "/api/widget/read"): (204, None),
    ("get", "/health"): (200, "Health"),
}
BODIES = {
    "/api/widget/session": ("application/json", "SessionRequest"),
    "/api/widget/locale": ("application/json", "LocaleRequest"),
    "/api/widget/messages": ("application/json", "MessageRequest"),
    "/api/widget/attachments": ("multipart/form-data", "PhotoRequest"),
    "/api/widget/rating": ("application/json", "RatingRequest"),
    "/api/widget/email": ("application/json", "EmailRequest"),
    "/api/widget/read": ("application/json", "ReadRequest"),
}
OPEN = ("/api/widget/stores/{store}", "/health")
PREFIX = "#/components/schemas/"


async def openapi(front: Front) -> Any:
    """What a foreign client reads."""
    return (await front.http.get("/schema/openapi.json")).json()


async def test_every_public_route_is_documented(front: Front):
    """
    And nothing but these: the demo shop is no API, and tests/web/desk looks after the desk's.
    """
    paths = (await openapi(front))["paths"]
    found = {(method, path) for path, methods in paths.items() for method in methods}

    assert {one for one in found if not one[1].startswith("/api/desk/")} == set(ROUTES)


async def test_the_bodies_are_documented(front: Front):
    """
    What goes in and what comes out, by name.
    """
    document = await openapi(front)
    for (method, path), (status, name) in ROUTES.items():
        route = document["paths"][path][method]
        assert route["description"] or path == "/health", path
        if name:
            ((_, content),) = route["responses"][str(status)]["content"].items()
            assert content["schema"]["$ref"] == PREFIX + name, path
        if method == "post" and path not in BODIES:
            assert "requestBody" not in route, path
        elif method == "post":
            kind, body = BODIES[path]
            assert route["requestBody"]["content"][kind]["schema"]["$ref"] == PREFIX + body
    for schema in document["components"]["schemas"].values():
        assert schema.get("properties") or schema.get("enum"), schema


async def test_the_events_are_documented(front: Front):
    """
    A stream of events, each of which is described.
    """
    document = await openapi(front)
    answer = document["paths"]["/api/widget/events"]["get"]["responses"]["200"]
    schema = answer["content"]["text/event-stream"]["schema"]

    assert {one["$ref"] for one in schema["oneOf"]} == {
        PREFIX + name for name in ("Message", "Typing", "FloorNow")
    }
    assert "card" in document["components"]["schemas"]["Message"]["properties"]
    assert "timeline" in document["components"]["schemas"]["OrderCard"]["properties"]


async def test_the_token_is_documented(front: Front):
    """
    As a Bearer token, wanted where it is wanted.
    """
    document = await openapi(front)
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for method, path in ROUTES:
        route = document["paths"][path][method]
        if path in OPEN:
            assert not route.get("security"), path
        elif path == "/api/widget/session":
            assert route["security"] == [{}, {"session": []}]
        else:
            assert route["security"] == [{"session": []}], path


async def test_the_errors_are_documented(front: Front):
    """
    All have one form.
    """
    document = await openapi(front)
    for method, path in ROUTES:
        if path == "/health":
            continue
        answers = document["paths"][path][method]["responses"]
        wrong = {int(status): answer for status, answer in answers.items() if status >= "400"}
        assert 400 in wrong
        assert 401 in wrong or path in OPEN
        for status, answer in wrong.items():
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"$ref": PREFIX + "Fault"}, (path, status)


@pytest.mark.parametrize("path", ["session", "messages", "attachments", "rating", "events"])
async def test_any_shop_may_ask(front: Front, path):
    """
    The browser's question before a request from a shop's own page.
    """
    answer = await front.http.options(
        f"/api/widget/{path}",
        headers={
            "origin": "https://shop.example",
            "access-control-request-method": "GET" if path == "events" else "POST",
            "access-control-request-headers": "authorization,content-type,last-event-id",
        },
    )

    allowed = answer.headers["access-control-allow-headers"].lower()
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"authorization", "content-type", "last-event-id"} <= set(allowed.split(", "))
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_shop_reads_answers_and_errors(front: Front):
    """
    Without this header the browser would hide them from the widget.
    """
    origin = {"origin": "https://shop.example"}
    good = await front.http.get("/api/widget/stores/demo", headers=origin)
    wrong = await front.http.get("/api/widget/messages", headers=origin)

    assert (good.status_code, wrong.status_code) == (200, 401)
    for answer in (good, wrong):
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_no_answer_about_a_buyer_is_kept(front: Front):
    """
    Neither by the browser nor by anything on the way; nor is its kind guessed.
    """
    guest = await front.guest()
    answers = [
        await front.begin(),
        await guest.sends("hi"),
        await guest.get("/api/widget/messages"),
        await guest.get("/api/widget/attachments/unknown"),
        await front.http.get("/api/widget/messages"),
        await front.http.get("/demo/buyers"),
        await front.http.get("/health"),
    ]
    async with guest.looks() as line:
        answers.append(line.response)

    for answer in answers:
        assert answer.headers["cache-control"] == "private, no-store", answer.url
        assert answer.headers["x-content-type-options"] == "nosniff", answer.url


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/widget/nowhere", 404, "not_found"),
        ("DELETE", "/api/widget/messages", 405, "wrong_method"),
        ("GET", "/api/widget/session", 405, "wrong_method"),
        ("GET", "/api/widget/%ff", 404, "not_found"),
        ("GET", "/" + "x" * 5000, 404, "not_found"),
    ],
)
async def test_errors_have_one_form(front: Front, method, path, status, code):
    """
    Also those that no route of ours has thought of.
    """
    answer = await front.http.request(method, path)

    assert answer.status_code == status
    assert answer.json() == {
        "status_code": status,
        "code": code,
        "detail": answer.json()["detail"],
    }


async def test_our_own_mistake_shows_nothing_of_the_house(front: Front, monkeypatch, caplog):
    """
    One sentence for the client, everything for the log.
    """

    def breaks(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("bot.web.widget_api.read_transcript", breaks)
    guest = await front.guest()

    answer = await guest.get("/api/widget/messages")

    assert answer.status_code == 500
    assert answer.json()["code"] == "broken"
    assert "secret of the house" not in answer.text
    assert "secret of the house" in caplog.text
    assert "/api/widget/messages" in caplog.text


async def test_a_house_that_closes_keeps_what_was_said(demo_shop: Shop, tmp_path):
    """
    A turn in the middle is given up at once; the message waits in the store.
    """
    held = Held()
    async with open_front(demo_shop, tmp_path) as front:
        front.rasa.plot.append(held)
        guest = await front.guest()
        await guest.sends("hi")
        async with asyncio.timeout(PATIENCE):
            await held.reached.wait()

    shown, _ = read_transcript(demo_shop.house, guest.conversation_id, 0)
    assert [message.text for message in shown] == ["hi"]


async def test_a_house_opens_again_with_the_same_sessions(demo_shop: Shop, tmp_path):
    """
    The secret that signs them stays, so a restart throws nobody out.
    """
    async with open_front(demo_shop, tmp_path) as front:
        before = await front.guest()
        await before.says("hi")
    async with open_front(demo_shop, tmp_path) as front:
        before.http = front.http

        assert len(await before.transcript()) == 2

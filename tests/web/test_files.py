"""The widget's files: there for every shop, fresh, and nothing beside them."""

import gzip
import os
import re

import pytest

from bot.web.files import FILES, STATIC
from tests.web.front import Front

pytestmark = pytest.mark.anyio

MODULES = sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "widget").rglob("*.js"))
SHOP = {"origin": "https://shop.example"}


@pytest.mark.parametrize("path", ["widget.js", *MODULES])
async def test_every_module_can_be_loaded_by_any_shop(front: Front, path):
    """
    As a script, from another origin, and never guessed to be anything else.
    """
    answer = await front.http.get(f"/{path}", headers=SHOP)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == (STATIC / path).read_bytes()


@pytest.mark.parametrize("path", ["widget.js", "widget/api.js", "demo-assets/demo.css", "demo"])
async def test_files_are_kept_but_asked_about(front: Front, path):
    """
    An update reaches every shop at once, all modules of it together.
    """
    first = await front.http.get(f"/{path}")
    known = {"if-none-match": first.headers["etag"]}
    second = await front.http.get(f"/{path}", headers=known | SHOP)

    assert first.headers["cache-control"] == second.headers["cache-control"] == "no-cache"
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["access-control-allow-origin"] == "*"


async def test_a_changed_file_is_sent_again(front: Front, tmp_path, monkeypatch):
    """
    Without a restart: whoever works on the widget sees what they do.
    """
    file = tmp_path / "api.js"
    monkeypatch.setitem(FILES, "/widget/api.js", file)
    file.write_text("one")
    first = await front.http.get("/widget/api.js")
    file.write_text("two")
    os.utime(file, ns=(1, 1))

    known = {"if-none-match": first.headers["etag"]}
    second = await front.http.get("/widget/api.js", headers=known)

    assert (first.text, second.text, second.status_code) == ("one", "two", 200)


async def test_files_travel_packed(front: Front):
    """
    For whoever can unpack them.
    """
    packed = await front.http.get("/widget.js", headers={"accept-encoding": "gzip, br"})
    plain = await front.http.get("/widget.js", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("path", ["widget.js", *MODULES])
async def test_what_a_module_imports_is_served(front: Front, path):
    """
    An entry that names a missing module would leave every shop without a chat.
    """
    source = (STATIC / path).read_text()
    for name in re.findall(r'from "(\.[^"]+)"', source):
        address = front.http.base_url.join(f"/{path}").join(name)
        assert (await front.http.get(address)).status_code == 200, name


@pytest.mark.parametrize(
    "path",
    [
        "/widget/",
        "/widget/nothing.js",
        "/widget/../app.py",
        "/widget/%2e%2e/app.py",
        "/widget/..%2f..%2fapp.py",
        "/widget/%00",
        "/widget/" + "x" * 5000,
        "/widget/%ff%fe",
        "/widget//etc/passwd",
        "/widget.js/api.js",
        "/demo-assets/",
        "/demo-assets/%2e%2e/widget.js",
        "/static/widget.js",
        "/app.py",
    ],
)
async def test_nothing_else_is_served(front: Front, path):
    """
    Neither what lies beside the folders nor a list of them.
    """
    answer = await front.http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_widget_is_small():
    """
    At most 30 kB in all, as it travels: 25 for the chat with the bot, 5 for what goes on around a
    person (the wait, who is there, a rating).
    """
    files = [STATIC / "widget.js", *(STATIC / path for path in MODULES)]

    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 30_000

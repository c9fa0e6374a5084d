"""The file of evidence: complete, harmless, and readable without anything else."""

import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.casework.files import FileKind, StoredFile
from bot.casework.orders import TrackingEvent
from bot.cli import main
from bot.evidence.page import render_evidence
from bot.services.answering import do_answer
from bot.services.evidence import Evidence, find_evidence
from bot.services.files import add_file
from bot.services.taking_over import do_claim
from bot.store.migrate import migrate
from bot.web.photos import store_photo
from tests.dialog import Dialog, Shop
from tests.factories import NOW, a_line, a_parcel, an_order, days_ago, the_rulebook

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x>"
EVENTS = (TrackingEvent(at=days_ago(3), label="Delivered <b>", place="Berlin"),)


def an_odd_order(**changes):
    """An order in which the shop, the carrier and the buyer wrote markup."""
    return an_order(
        lines=(a_line(title=HOSTILE),),
        parcel=a_parcel(delivered_at=days_ago(3), events=EVENTS),
        **changes,
    )


def the_talk(shop: Shop, order: str = "DEMO-1003") -> Dialog:
    """A broken mug, complained about with markup, a photo, and made good."""
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item", f"it is broken {HOSTILE}", order=order)
    chat.sends_photo_like(77)
    chat.presses("option:1")
    chat.presses("yes")

    return chat


def evidence_of(shop: Shop, order: str = "demo-1003") -> Evidence:
    """What is known about the order."""
    found = find_evidence(shop.house, "demo", order)
    assert found

    return found


def a_photo(folder: Path) -> str:
    """The file name of a real photo there."""
    encoded = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(encoded, "JPEG")

    return store_photo(encoded.getvalue(), folder).file_name


def test_everything_about_an_order_is_gathered(shop):
    """
    The chat word by word, the photo, the decisions with their rules, the remedy.
    """
    one = shop(an_odd_order())
    the_talk(one)
    found = evidence_of(one)

    (chat,) = found.chats
    assert [line.sender for line in chat.lines][:2] == ["buyer", "bot"]
    assert f"it is broken {HOSTILE}" in chat.lines[0].text
    assert len([photo for line in chat.lines for photo in line.photos]) == 1
    assert [one.decision for one in found.decisions] == ["Ask", "Propose", "Ask", "Perform"]
    assert [row.remedy.kind for row in found.remedies] == ["replacement"]
    assert found.made_at >= NOW
    assert found.signals == ()


def test_a_photo_that_was_sent_about_another_order_is_named(shop):
    """
    With the other order's number; the signal stands with when and what.
    """
    one = shop(an_odd_order(), an_odd_order(number="DEMO-1004"))
    the_talk(one)
    chat = Dialog(one, "ada@example.com")
    chat.says("damaged_item", order="DEMO-1004")
    chat.sends_photo_like(77)
    found = evidence_of(one, "DEMO-1004")

    alike = [photo.alike for talk in found.chats for line in talk.lines for photo in line.photos]
    assert alike == [("DEMO-1003",)]
    assert [(name, compared) for _, name, compared in found.signals] == [
        ("reused_photo", "1 of 1 seen before")
    ]
    page = render_evidence(found, Path("nowhere"))
    assert "Looks like a photo that was sent about DEMO-1003." in page


def test_the_page_is_harmless_and_needs_nothing_else(shop, tmp_path):
    """
    Whatever was written into it is text; no script, nothing from elsewhere, photos inside.
    """
    one = shop(an_odd_order())
    the_talk(one)
    found = evidence_of(one)
    file_name = a_photo(tmp_path)
    lines = tuple(
        replace(line, photos=tuple(replace(p, file_name=file_name) for p in line.photos))
        for line in found.chats[0].lines
    )
    page = render_evidence(replace(found, chats=(replace(found.chats[0], lines=lines),)), tmp_path)

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    addresses = re.findall(r"""(?:src|href)="([^"]*)""", page)
    assert addresses
    assert all(one.startswith("data:image/jpeg;base64,") for one in addresses)
    assert "default-src 'none'" in page


def test_files_of_the_team_are_named(shop, tmp_path):
    """
    By name and checksum, and never as a picture; markup in a name is text.
    """
    one = shop(an_odd_order())
    chat = the_talk(one)
    chat.says("human_agent")
    anna = one.hires("Anna Karlsson")
    do_claim(one.house, chat.id, anna)
    file = StoredFile(
        id="f1",
        file_name="f1.pdf",
        name=f"{HOSTILE}.pdf",
        kind=FileKind.PDF,
        size=7,
        sha256="ab" * 32,
    )
    add_file(one.house, chat.id, file)
    do_answer(one.house, chat.id, anna, client_id="a", text="", attachments=["f1"])
    found = evidence_of(one)

    assert [file for talk in found.chats for line in talk.lines for file in line.files] == [file]
    assert len([p for talk in found.chats for line in talk.lines for p in line.photos]) == 1
    page = render_evidence(found, tmp_path)
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=https://evil.example/x&gt;.pdf, 7" in page
    )
    assert "ab" * 32 in page


def test_a_lost_photo_is_said_to_be_lost(shop, tmp_path):
    """
    The page is made all the same.
    """
    one = shop(an_odd_order())
    the_talk(one)

    assert "The file of this photo is missing." in render_evidence(evidence_of(one), tmp_path)


def test_an_order_nobody_talked_about(shop, tmp_path):
    """
    Its facts, and that there is nothing else.
    """
    page = render_evidence(evidence_of(shop(an_order(parcel=None))), tmp_path)

    assert "The order was not talked about." in page
    assert "Nothing has been handed to a carrier." in page


Run = Callable[..., tuple[int, str, str]]


def test_the_command_writes_the_page(tmp_path, monkeypatch, capsys):
    """
    Under the order's number; an order that is not there is said so.
    """
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'makegood.db'}"
    migrate(url)
    one = Shop(an_order(number="68/391#7"), rules=the_rulebook(), url=url, migrated=True)
    the_talk(one, "68/391#7")
    one.engine.dispose()

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["makegood", "evidence", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert run("68/391#7") == 0
    assert capsys.readouterr().out == "evidence-68-391-7.html: 1 chats, 4 decisions.\n"
    assert "Evidence for order 68/391#7" in Path("evidence-68-391-7.html").read_text("utf-8")
    assert run("nothing") == 2
    assert "There is no order nothing in the store demo" in capsys.readouterr().err

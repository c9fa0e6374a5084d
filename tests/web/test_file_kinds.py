"""Files of the team: known by their content, kept as they are, everything else refused."""

import hashlib
import io
import random
import zipfile
from pathlib import Path

import pytest

from bot.casework.files import FileKind
from bot.web.file_kinds import find_kind
from bot.web.file_uploads import MOST_FILE_BYTES, TooLarge, WrongFile, store_file
from tests.e2e.hostile import PAYLOADS
from tests.web.test_photos import a_picture, a_zip

WORD, SHEET, SLIDES = (
    f"application/vnd.openxmlformats-officedocument.{part}.main+xml"
    for part in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACROS = "application/vnd.ms-office.vbaProject"
OLE = "application/vnd.openxmlformats-officedocument.oleObject"
ACTIVE_X = "application/vnd.ms-office.activeX+xml"
OPEN = "application/vnd.oasis.opendocument."


def a_pdf(words: str = "") -> bytes:
    """A page with nothing on it."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + b"%"
        + words.encode()
        + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def an_archive(**parts: str | bytes) -> bytes:
    """A ZIP with these parts, in order; `__` in a name is a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)

    return content.getvalue()


def an_office_file(*types: str) -> bytes:
    """What Office writes, with parts of these content types."""
    overrides = "".join(
        f'<Override PartName="/p{n}" ContentType="{t}"/>' for n, t in enumerate(types)
    )
    parts = {"[Content_Types].xml": f"<?xml version='1.0'?><Types>{overrides}</Types>"}

    return an_archive(**parts, p0="<document/>")


def an_open_document(kind: str, **parts: str) -> bytes:
    """What LibreOffice writes."""
    return an_archive(mimetype=OPEN + kind, **{"content.xml": "<office/>"}, **parts)


GOOD: dict[str, tuple[bytes, str, FileKind]] = {
    "PDF": (a_pdf(), "label.pdf", FileKind.PDF),
    "PDF of another name": (a_pdf(), "label.exe", FileKind.PDF),
    "PDF 2": (b"%PDF-2.0\n%%EOF", "label.pdf", FileKind.PDF),
    "text": (b"Please put the label on the parcel.\n", "how to.txt", FileKind.TXT),
    "text without an ending": (b"hello", "README", FileKind.TXT),
    "text in Russian": ("Наклейте на посылку.\n".encode(), "как.TXT", FileKind.TXT),
    "text of an old Windows": ("Наклейте".encode("cp1251"), "как.txt", FileKind.TXT),
    "text with a mark": ("\ufeffhello".encode(), "a.txt", FileKind.TXT),
    "text in UTF-16": ("hello, Ada".encode("utf-16"), "a.txt", FileKind.TXT),
    "text with an address": (b"From: Ada <a@example.com>\n3 < 4 > 2", "a.txt", FileKind.TXT),
    "CSV": (b"sku,pieces\nMUG,2\n", "parts.csv", FileKind.CSV),
    "Word": (an_office_file(WORD), "a.docx", FileKind.DOCX),
    "Excel": (an_office_file(SHEET), "a.xlsx", FileKind.XLSX),
    "PowerPoint": (an_office_file(SLIDES), "a.pptx", FileKind.PPTX),
    "Word of another name": (an_office_file(WORD), "a.zip", FileKind.DOCX),
    "Writer": (an_open_document("text"), "a.odt", FileKind.ODT),
    "Calc": (an_open_document("spreadsheet"), "a.ods", FileKind.ODS),
    "Impress": (an_open_document("presentation"), "a.odp", FileKind.ODP),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_known_by_its_content_and_kept_as_it_is(name, tmp_path):
    """
    Under a name of ours, by which nobody finds it who was not told.
    """
    content, called, kind = GOOD[name]

    file = store_file(content, called, tmp_path / "uploads")

    assert (file.kind, file.size) == (kind, len(content))
    assert file.name.endswith(f".{kind}")
    assert file.file_name == f"{file.id}.{kind}"
    assert (tmp_path / "uploads" / file.file_name).read_bytes() == content
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "uploads").stat().st_mode & 0o777 == 0o700


BAD: dict[str, tuple[bytes, str]] = {
    "a page": (b"<!doctype html><script>alert(1)</script>", "label.pdf"),
    "a page that is called a text": (b"  <HTML><body>hi", "label.txt"),
    "a page with a mark": (b"\xef\xbb\xbf<html>", "label.txt"),
    "a page in UTF-16": ("<html>".encode("utf-16"), "label.txt"),
    "a page with a PDF behind it": (b"<script>alert(1)</script>" + a_pdf(), "label.pdf"),
    "half a page": (b"Hello\n<iframe src=//evil.example>", "label.csv"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "label.svg"),
    "an SVG that is called a text": (b'<?xml version="1.0"?><svg onload="x"/>', "label.txt"),
    "a script": (b"alert(document.cookie)", "label.js"),
    "a script for a shell": (b"#!/bin/sh\nrm -rf /\n", "label.txt"),
    "a script for Windows": (b"@echo off\r\ndel *.*\r\n", "label.txt"),
    "a batch": (b"del *.*", "label.bat"),
    "PHP": (b"<?php system($_GET['x']);", "label.txt"),
    "PostScript": (b"%!PS-Adobe-3.0\n", "label.txt"),
    "RTF": (b"{\\rtf1\\ansi hello}", "label.txt"),
    "a program for Windows": (b"MZ\x90\0\x03\0\0\0" + b"\0" * 60, "label.pdf"),
    "a program for Linux": (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "label.txt"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "label.doc"),
    "an archive": (a_zip(), "label.zip"),
    "an archive that is called Word": (a_zip(), "label.docx"),
    "a program for Java": (an_archive(**{"META-INF__MANIFEST.MF": "Main-Class: X"}), "label.docx"),
    "an empty archive": (an_archive(), "label.docx"),
    "half an archive": (an_office_file(WORD)[:90], "label.docx"),
    "an archive behind a page": (b"<html>" + an_office_file(WORD), "label.docx"),
    "Word with macros": (an_office_file(MACRO_WORD, MACROS), "label.docx"),
    "Word with macros that says no": (an_office_file(WORD, MACROS), "label.docx"),
    "Word with a program inside": (an_office_file(WORD, OLE), "label.docx"),
    "Word with controls": (an_office_file(WORD, ACTIVE_X), "label.docx"),
    "Word and Excel at once": (an_office_file(WORD, SHEET), "label.docx"),
    "Writer with macros": (an_open_document("text", Basic__a="Sub Main"), "label.odt"),
    "Writer with scripts": (an_open_document("text", Scripts__python__a="import os"), "label.odt"),
    "a drawing": (an_open_document("graphics"), "label.odt"),
    "a GIF": (a_picture("GIF", "P", 3), "label.gif"),
    "a photo": (a_picture("JPEG"), "label.pdf"),
    "bytes": (bytes(range(256)), "label.txt"),
    "a PDF without a version": (b"%PDF-\n", "label.pdf"),
    "an e-book": (an_archive(mimetype="application/epub+zip"), "label.odt"),
    "nothing": (b"", "label.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused(name, tmp_path):
    """
    With a sentence that says what is allowed; nothing is left in the folder.
    """
    content, called = BAD[name]

    with pytest.raises(WrongFile, match=r"PDF, plain text \(.txt\), CSV, and Word|is empty"):
        store_file(content, called, tmp_path / "uploads")

    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one.startswith(("<", '"', "-"))])
def test_a_text_with_a_script_in_it_is_none(payload):
    """
    It would run in a browser that is told that it is a page.
    """
    assert find_kind(f"Dear Ada\n{payload}\n".encode(), "letter.txt") is None


def test_two_parts_of_one_name_are_refused():
    """
    One reader takes the first, the other the last.
    """
    content = io.BytesIO(an_office_file(WORD))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("[Content_Types].xml", MACROS)

    assert find_kind(content.getvalue(), "label.docx") is None


def test_an_archive_that_would_grow_is_not_unpacked():
    """
    A gigabyte of blanks is read no further than what says what the whole is.
    """
    bomb = an_archive(**{"[Content_Types].xml": b" " * 50_000_000, "word__document.xml": b""})
    assert len(bomb) < 100_000

    assert find_kind(bomb, "label.docx") is None


def test_the_limit_itself_is_allowed(tmp_path: Path):
    """
    A byte more is not.
    """
    whole = a_pdf().ljust(MOST_FILE_BYTES, b"\n")
    assert store_file(whole, "label.pdf", tmp_path).size == MOST_FILE_BYTES
    with pytest.raises(TooLarge, match="larger than 10 MB"):
        store_file(whole + b"\n", "label.pdf", tmp_path)


def test_damaged_files_of_all_kinds_do_no_harm():
    """
    With bytes changed at random they are of some kind or of none, and never break anything.
    """
    dice = random.Random(3)
    whole = [content for content, _, _ in GOOD.values()]
    found = []
    for _ in range(3000):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 3, 20))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        found.append(find_kind(bytes(content[: dice.randrange(1, 3000)]), "a.txt"))

    assert set(found) > {None, FileKind.PDF, FileKind.DOCX, FileKind.ODT}

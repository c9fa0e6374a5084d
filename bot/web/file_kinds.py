"""
What a file is by its content: one of the kinds that buyers are sent, or none of them.

Neither its name nor what a browser says of it counts, but that a text has to be called one: a
script is text, too. What could act on its own is none: pages, scripts, programs, documents with
macros or with other files inside.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from bot.casework.files import FileKind

PDF: Final = re.compile(rb"%PDF-[0-9]\.[0-9]")
ZIP: Final = b"PK\x03\x04"
TEXTS: Final = {"": FileKind.TXT, ".txt": FileKind.TXT, ".csv": FileKind.CSV}
"""By how the name ends."""
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
UNTYPED: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
LIVELY: Final = re.compile(
    r"\A\s*(?:#!|@echo\b|%!ps|\{\\rtf)"
    r"|<(?:!doctype|!entity|\?xml|\?php|%)"
    r"|</?(?:html|head|body|script|svg|math|style|link|meta|base|form|iframe|frame|object|embed|applet"
    r"|img|video|audio|template|table|div|span)\b"
    r"|<a\s"
    r"|<[a-z][^<>]*\bon[a-z]+\s*=",
    re.IGNORECASE,
)
"""What makes a text a page or a script."""
CONTENT_TYPES: Final = "[Content_Types].xml"
MAIN_PARTS: Final[Mapping[bytes, FileKind]] = {
    b"wordprocessingml.document.main+xml": FileKind.DOCX,
    b"spreadsheetml.sheet.main+xml": FileKind.XLSX,
    b"presentationml.presentation.main+xml": FileKind.PPTX,
}
ACTIVE_PARTS: Final = (b"macroenabled", b"vba", b"activex", b"oleobject")
OPEN_DOCUMENTS: Final[Mapping[bytes, FileKind]] = {
    b"application/vnd.oasis.opendocument.text": FileKind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": FileKind.ODS,
    b"application/vnd.oasis.opendocument.presentation": FileKind.ODP,
}
ACTIVE_FOLDERS: Final = ("basic/", "scripts/", "object ")
MOST_READ: Final = 1024 * 1024
"""Of a part that says what the whole is; it has some kilobytes."""
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, RuntimeError, EOFError,
)  # fmt: skip
"""What reading a damaged archive raises; encrypted or oddly packed ones are RuntimeErrors."""


def find_kind(content: bytes, name: str) -> FileKind | None:
    """The kind of that content, None if buyers are not sent such; `name` only names texts."""
    if PDF.match(content):
        return FileKind.PDF
    if content.startswith(ZIP):
        return _find_document(content)
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    if ending in TEXTS and _is_harmless_text(content):
        return TEXTS[ending]

    return None


def _is_harmless_text(content: bytes) -> bool:
    """Whether it is something to read, in Unicode or in eight bits of some old code page."""
    try:
        text = content.decode("utf-16" if content.startswith(UTF_16) else "utf-8")
    except UnicodeDecodeError:
        if content.startswith(UTF_16):
            return False
        text = content.decode("latin-1")

    return not UNTYPED.search(text) and not LIVELY.search(text.removeprefix("\ufeff"))


def _find_document(content: bytes) -> FileKind | None:
    """What an archive is by the part that says so: a document of an office, if it is passive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()]
            if len(set(names)) < len(names):  # readers would disagree which of the two counts
                return None
            if CONTENT_TYPES in archive.namelist():
                return _find_open_xml(_read(archive, CONTENT_TYPES).lower())
            if names[0] == "mimetype" and not any(one.startswith(ACTIVE_FOLDERS) for one in names):
                return OPEN_DOCUMENTS.get(_read(archive, "mimetype").strip())
    except BROKEN:
        return None

    return None


def _find_open_xml(parts: bytes) -> FileKind | None:
    found = [kind for main, kind in MAIN_PARTS.items() if main in parts]
    passive = not any(active in parts for active in ACTIVE_PARTS)

    return found[0] if len(found) == 1 and passive else None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part, however large it would become."""
    with archive.open(name) as part:
        return part.read(MOST_READ)

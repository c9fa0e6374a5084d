"""Files that the team sends to buyers beside photos: what they can be, and what they are called."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

PHOTO: Final = "photo"
"""The kind of an upload that is a photo; all others are a `FileKind`."""
LONGEST_NAME: Final = 100
NAMELESS: Final = "file"
UNSEEN: Final = ("Cc", "Cf", "Cn", "Co", "Cs")
"""Unicode categories that no name shows, such as what turns the direction of reading around."""
AN_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


class FileKind(StrEnum):
    """What a file is by its content, which is also how its name ends."""

    PDF = "pdf"
    TXT = "txt"
    CSV = "csv"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """
    A file that was checked and written to the folder of uploads; its size in bytes.

    `file_name` is what it is called there, `name` what people call it.
    """

    id: str
    file_name: str
    name: str
    kind: FileKind
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it stands in a conversation."""

    id: str
    name: str
    kind: FileKind
    size: int


class Files(Protocol):
    """Files of conversations."""

    def add(self, conversation_id: str, file: StoredFile, now: datetime) -> None:
        """A file that no message names yet."""

    def find_sent(self, conversation_id: str, file_id: str) -> StoredFile | None:
        """This conversation's file, once a message has taken it to the buyer."""


def clean_name(name: str, kind: FileKind) -> str:
    """
    What a file is called that somebody named like that: one part, all of it seen, ending as it is.

    Signs that only HTML or a shell would mind stay: whoever shows the name escapes it.
    """
    last = " ".join(re.split(r"[/\\]", name)[-1].split())
    seen = "".join(
        sign
        for sign in unicodedata.normalize("NFC", last)
        if unicodedata.category(sign) not in UNSEEN
    )
    stem = AN_ENDING.sub("", seen.rstrip(". "))
    if stem.casefold().endswith(f".{kind}"):  # it was label.pdf.exe
        stem = stem[: -len(kind) - 1]
    stem = stem[: LONGEST_NAME - len(kind) - 1].strip(". ")

    return f"{stem or NAMELESS}.{kind}"

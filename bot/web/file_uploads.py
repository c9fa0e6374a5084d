"""
Files that the team sends to buyers: checked by content, kept as they are under a random name.

They are never shown by us, only saved by whoever has them sent: nothing in them runs on our pages.
"""

import hashlib
from pathlib import Path
from typing import Final
from uuid import uuid4

from bot.casework.files import StoredFile, clean_name
from bot.web.file_kinds import find_kind

MOST_FILE_BYTES: Final = 10 * 1024 * 1024
ALLOWED: Final = (
    "Files can be PDF, plain text (.txt), CSV, and Word, Excel, PowerPoint or OpenDocument without "
    "macros; pictures can be JPEG, PNG or WebP."
)


class WrongFile(Exception):
    """A file that buyers are not sent; the text says what would be."""


class TooLarge(WrongFile):
    """A file that is too large."""


def store_file(content: bytes, name: str, folder: Path) -> StoredFile:
    """Check a file that somebody named like that and keep it in `folder`; or `WrongFile`."""
    if len(content) > MOST_FILE_BYTES:
        raise TooLarge("The file is larger than 10 MB. Please send a smaller one.")
    if not content:
        raise WrongFile("The file is empty.")
    kind = find_kind(content, name)
    if kind is None:
        raise WrongFile(f"A file of this kind cannot be sent. {ALLOWED}")

    file_id = uuid4().hex
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{file_id}"
    draft.write_bytes(content)
    draft.rename(folder / f"{file_id}.{kind}")

    return StoredFile(
        id=file_id,
        file_name=f"{file_id}.{kind}",
        name=clean_name(name, kind),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )

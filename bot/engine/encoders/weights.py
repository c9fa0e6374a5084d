"""Files with weights: whose they are, by checksum."""

import hashlib
from pathlib import Path


class UnreadableEncoder(ValueError):
    """The folder is no BERT model, or not the one that it should be; the text says why."""


def to_sha256(file: Path) -> str:
    """The checksum of a file's content, in hexadecimal."""
    whole = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()

"""Small files that are there whole or as they were before, whoever dies in the middle."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put that text in the file's place at once; its folder is there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a name that survives a power cut must have its content
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise

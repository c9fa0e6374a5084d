"""Whether a file is a trained model, told before Rasa is imported for it, which takes seconds."""

import tarfile
import zlib
from pathlib import Path

_DESCRIPTION = "metadata.json"
"""What Rasa puts into every model and reads first."""


class NoModel(Exception):
    """There is no model that we can use at that place; the text says why, in one line."""


def check_archive(model: Path) -> None:
    """`NoModel` unless it is a whole archive with a model's description in it."""
    try:
        with tarfile.open(model, "r:gz") as archive:
            names = archive.getnames()
    except OSError as error:
        raise NoModel(f"{model} cannot be read: {error.strerror or error}") from error
    except (EOFError, tarfile.TarError, zlib.error) as error:
        raise NoModel(f"{model} is no model: {error}") from error
    if _DESCRIPTION not in names:
        raise NoModel(f"{model} is an archive, but no model of Rasa is in it")

"""
Only models that were trained here are served.

A model's archive names Python classes that Rasa imports and calls: whoever brings us one runs
code of theirs in our house. So a training notes the SHA-256 of what it made, signed with a secret
of this installation, and whatever is to be served, or to read messages for the workbench, has to
have such a seal. An archive from elsewhere, one that is cut short and one with a changed byte
have none.

The register and its secret (mode 600) lie beside the models and not in the state folder. A seal
says something of a file in that folder: `make clean` removes both, a second house with a state
folder of its own (every end-to-end test is one) serves the models of this checkout without
training again, and what is copied there without its seal stays foreign. Against somebody who may
read that secret a seal does not help; such a person can write into our code, too.
"""

import hashlib
import hmac
import json
import os
import stat
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from bot.atomic_files import write_whole
from bot.obstacles import Obstacle
from bot.settings import Settings, keep_secret

REGISTER: Final = ".seals"
LARGEST: Final = 2_000_000_000
"""Bytes of an archive; it is read into memory to be checked and copied."""


class ForeignModel(Obstacle):
    """Not a model that was trained here, as it was trained; the text says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """
    What is known of a model that was trained here.

    `inputs` and `engine` are checksums: of all that it was made of, and of the code that runs it.
    """

    sha256: str
    name: str
    trained_at: str
    inputs: str
    engine: str


@dataclass(frozen=True, slots=True)
class Seals:
    """The register of the models in a folder."""

    models: Path

    @property
    def folder(self) -> Path:
        """A file a seal, named by the checksum of the model's content and name."""
        return self.models / REGISTER

    def add(self, model: Path, *, inputs: str, engine: str, name: str = "") -> Seal:
        """Seal a model that we have just trained; `name` is the one that it will get."""
        seal = Seal(
            sha256=hashlib.sha256(_read(model)).hexdigest(),
            name=name or model.name,
            trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
            inputs=inputs,
            engine=engine,
        )
        content = {**asdict(seal), "signature": self._sign(seal)}
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._place(seal.sha256, seal.name), json.dumps(content, indent=1))

        return seal

    def check(self, model: Path) -> Seal:
        """The seal of that file; `ForeignModel` if there is none, or it is another model's."""
        return self.take(model)[0]

    def take(self, model: Path) -> tuple[Seal, bytes]:
        """
        The seal, and the very bytes that were checked.

        Who loads these and not the file again cannot be given another in between.
        """
        content = _read(model)
        seal = self._find(hashlib.sha256(content).hexdigest(), model)
        if seal is None:
            raise ForeignModel(self._explain(model, content))

        return seal, content

    def holds(self, model: Path) -> bool:
        """Whether that file is there and sealed."""
        try:
            self.check(model)
        except ForeignModel:
            return False

        return True

    def forget(self, name: str) -> None:
        """A model of that name is gone: its seals go, too."""
        for path, said in self._all():
            if said.get("name") == name:
                path.unlink(missing_ok=True)

    def _find(self, sha256: str, model: Path) -> Seal | None:
        path = self._place(sha256, model.name)
        try:
            content = json.loads(path.read_text("utf-8"))
            signature = str(content.pop("signature"))
            seal = Seal(**{name: str(value) for name, value in content.items()})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ForeignModel(f"The seal of {model} cannot be read: {path}.") from error
        if (seal.sha256, seal.name) != (sha256, model.name) or not hmac.compare_digest(
            signature, self._sign(seal)
        ):
            raise ForeignModel(f"The seal of {model} was not made by this installation: {path}.")

        return seal

    def _sign(self, seal: Seal) -> str:
        said = json.dumps(asdict(seal), sort_keys=True, ensure_ascii=True)
        secret = keep_secret(self.folder / "secret")

        return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()

    def _explain(self, model: Path, content: bytes) -> str:
        """Why a file without a seal has none, as far as one can tell."""
        try:
            with tarfile.open(fileobj=BytesIO(content), mode="r:gz") as archive:
                archive.getnames()
        except (EOFError, OSError, tarfile.TarError, zlib.error):
            return f"{model} is no whole archive: it was cut short, or it never was a model."
        sha256 = hashlib.sha256(content).hexdigest()
        for _, said in self._all():
            if said.get("sha256") == sha256:
                return f"{model} is {said.get('name')} under another name. Give it its name back."
            if said.get("name") == model.name:
                return f"{model} was changed since it was trained here. Train it again."

        return f"{model} was not trained here. Only models of this installation are served."

    def _place(self, sha256: str, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(f'{sha256} {name}'.encode()).hexdigest()}.json"

    def _all(self) -> Iterator[tuple[Path, dict[str, object]]]:
        """What every seal says, believed only for an explanation."""
        for path in self.folder.glob("*.json"):
            with suppress(OSError, ValueError):
                said = json.loads(path.read_text("utf-8"))
                if isinstance(said, dict):
                    yield path, said


def seals_of(settings: Settings) -> Seals:
    """The register of the project that the settings name."""
    return Seals(settings.project / "models")


def check_seal(settings: Settings, model: Path) -> Seal:
    """The seal of a model that was trained here; `ForeignModel` says why it is none."""
    return seals_of(settings).check(model)


def _read(model: Path) -> bytes:
    """The file's content; a link could lead to another file at the next look."""
    try:
        opened = os.open(model, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if model.is_symlink():
            raise ForeignModel(f"{model} is a link and no model.") from error
        raise ForeignModel(f"{model} cannot be read: {error.strerror}.") from error
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
        os.close(opened)
        raise ForeignModel(f"{model} is no model.")
    with os.fdopen(opened, "rb") as file:
        return file.read()

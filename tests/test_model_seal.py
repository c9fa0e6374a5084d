"""Only what was trained here is served: what has a seal, and what has none."""

import json
import os
import shutil
import stat
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from bot.model_seal import REGISTER, ForeignModel, Seal, Seals, check_seal, seals_of
from bot.settings import Settings


def an_archive(path: Path, content: bytes = b"{}") -> Path:
    """A gzipped tar with a model's description in it."""
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(content)
        archive.addfile(member, BytesIO(content))

    return path


@pytest.fixture
def seals(tmp_path: Path) -> Seals:
    """The register of an installation."""
    folder = tmp_path / "models"
    folder.mkdir()

    return Seals(folder)


@pytest.fixture
def model(seals: Seals) -> Path:
    """A model that was trained there."""
    path = an_archive(seals.models / "makegood-0123456789ab.tar.gz")
    seals.add(path, inputs="inputs", engine="engine")

    return path


def test_what_was_trained_here_has_a_seal(seals: Seals, model: Path) -> None:
    """
    It says what the model was made of, and by what it is run.
    """
    found = seals.check(model)

    assert (found.name, found.inputs, found.engine) == (model.name, "inputs", "engine")
    assert seals.take(model)[1] == model.read_bytes()


def test_the_secret_is_for_us_alone(seals: Seals, model: Path) -> None:
    """
    Nobody else may read what seals are signed with.
    """
    secret = seals.folder / "secret"

    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text() not in "".join(
        path.read_text() for path in seals.folder.glob("*.json")
    )


def a_changed_byte(model: Path, _: Seals) -> Path:
    an_archive(model, b"{ }")
    return model


def a_cut_end(model: Path, _: Seals) -> Path:
    model.write_bytes(model.read_bytes()[:-20])
    return model


def no_archive(model: Path, _: Seals) -> Path:
    model.write_text("not a model")
    return model


def from_elsewhere(model: Path, _: Seals) -> Path:
    return an_archive(model.with_name("theirs.tar.gz"), b'{"theirs": true}')


def a_copy(model: Path, _: Seals) -> Path:
    return Path(shutil.copy(model, model.with_name("best-ever.tar.gz")))


def a_link(model: Path, _: Seals) -> Path:
    link = model.with_name("link.tar.gz")
    link.symlink_to(model)
    return link


def nothing(model: Path, _: Seals) -> Path:
    model.unlink()
    return model


def a_folder(model: Path, _: Seals) -> Path:
    model.unlink()
    model.mkdir()
    return model


def a_pipe(model: Path, _: Seals) -> Path:
    model.unlink()
    os.mkfifo(model)
    return model


def a_forged_seal(model: Path, seals: Seals) -> Path:
    (place,) = seals.folder.glob("*.json")
    place.write_text(json.dumps({**json.loads(place.read_text()), "engine": "mine"}))
    return model


def a_seal_of_elsewhere(model: Path, seals: Seals) -> Path:
    (seals.folder / "secret").write_text("0" * 64)
    return model


def a_broken_seal(model: Path, seals: Seals) -> Path:
    (place,) = seals.folder.glob("*.json")
    place.write_text('{"sha256": ')
    return model


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (a_changed_byte, "was changed since it was trained here"),
        (a_cut_end, "is no whole archive"),
        (no_archive, "is no whole archive"),
        (from_elsewhere, "was not trained here"),
        (a_copy, "is makegood-0123456789ab.tar.gz under another name"),
        (a_link, "is a link and no model"),
        (nothing, "cannot be read: No such file or directory"),
        (a_folder, "is no model"),
        (a_pipe, "is no model"),
        (a_forged_seal, "was not made by this installation"),
        (a_seal_of_elsewhere, "was not made by this installation"),
        (a_broken_seal, "cannot be read"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_anything_else_is_foreign(
    seals: Seals, model: Path, spoil: Callable[[Path, Seals], Path], why: str
) -> None:
    """
    Named, with the reason in one line; nothing of it is loaded.
    """
    spoiled = spoil(model, seals)

    with pytest.raises(ForeignModel) as refused:
        seals.take(spoiled)

    assert why in str(refused.value)
    assert str(spoiled) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert not seals.holds(spoiled)


def test_a_model_that_is_gone_takes_its_seal_along(seals: Seals, model: Path) -> None:
    """
    The register does not grow for ever; other seals stay.
    """
    other = an_archive(seals.models / "other.tar.gz", b"{  }")
    seals.add(other, inputs="", engine="")
    seals.forget(model.name)

    assert not seals.holds(model)
    assert seals.holds(other)


def test_two_models_of_one_content_have_a_seal_each(seals: Seals, model: Path) -> None:
    """
    A training that comes to the very same bytes is a training all the same.
    """
    same = Path(shutil.copy(model, model.with_name("same.tar.gz")))
    seals.add(same, inputs="", engine="")

    assert seals.holds(model)
    assert seals.holds(same)


def test_houses_of_one_checkout_share_its_seals(tmp_path: Path) -> None:
    """
    Whatever their state folders are: the seals lie beside the models.
    """
    (tmp_path / "models").mkdir()
    model = an_archive(tmp_path / "models" / "mine.tar.gz")
    one, other = (
        Settings(_env_file=None, project=tmp_path, state=tmp_path / state) for state in "ab"
    )
    made = seals_of(one).add(model, inputs="1", engine="2")

    assert isinstance(made, Seal)
    assert check_seal(other, model) == made
    assert seals_of(other).folder == tmp_path / "models" / REGISTER

"""The small files that say what is live and what is wanted."""

from pathlib import Path

import pytest

from bot.obstacles import CannotStart
from bot.serving import (
    LiveAddress,
    Serving,
    Swap,
    WrongName,
    find_before,
    find_used,
    is_served,
    list_served,
    note_served,
    read_serving,
    read_wanted,
    served_by_us,
    want,
    want_present,
    write_serving,
)


def serving(model: str = "a.tar.gz", url: str = "http://127.0.0.1:5005") -> Serving:
    return Serving(model=model, url=url, wanted=model, swap=Swap.STEADY)


def test_a_wish_is_told_from_the_same_wish_again(tmp_path: Path) -> None:
    """
    So that what failed can be tried anew; the ending of the name may be left out.
    """
    first, second = want(tmp_path, "a"), want(tmp_path, "a.tar.gz")

    assert first.model == second.model == "a.tar.gz"
    assert first.request != second.request
    assert read_wanted(tmp_path) == second
    want_present(tmp_path)
    want_present(tmp_path)
    assert read_wanted(tmp_path) is None


@pytest.mark.parametrize(
    "name", ["", "../a", "a/b", ".seals", "a\n", "a b", "модель", "x" * 94, "/etc/passwd", "-a"]
)
def test_a_path_is_no_name(tmp_path: Path, name: str) -> None:
    """
    Nothing outside of the models can be named.
    """
    with pytest.raises(WrongName):
        want(tmp_path, name)
    assert read_wanted(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"model": 7}'])
def test_a_file_that_is_something_else_says_nothing(tmp_path: Path, content: bytes) -> None:
    """
    Whoever wrote it there: the house goes on with what it knows.
    """
    (tmp_path / "run").mkdir()
    for name in ("wanted", "serving", "served"):
        (tmp_path / "run" / f"{name}.json").write_bytes(content)

    assert read_wanted(tmp_path) is None
    assert read_serving(tmp_path) is None
    assert list_served(tmp_path) == []
    assert LiveAddress(tmp_path, "http://default")() == "http://default"


def test_web_finds_the_live_model_at_each_look(tmp_path: Path) -> None:
    """
    Before there is any it is where the settings say; without the file, where it was.
    """
    find = LiveAddress(tmp_path, "http://default")
    assert find() == "http://default"

    write_serving(tmp_path, serving(url="http://127.0.0.1:5005"))
    assert find() == "http://127.0.0.1:5005"
    write_serving(tmp_path, serving(url="http://127.0.0.1:5006"))
    assert find() == find() == "http://127.0.0.1:5006"
    (tmp_path / "run" / "serving.json").unlink()
    assert find() == "http://127.0.0.1:5006"


def test_one_goes_back_to_what_was_live_before(tmp_path: Path) -> None:
    """
    Also when the live one was live before that; and none of these may be deleted.
    """
    assert find_before(tmp_path) is None
    for model in ("a.tar.gz", "b.tar.gz", "b.tar.gz", "a.tar.gz"):
        note_served(tmp_path, model)
    write_serving(tmp_path, serving("a.tar.gz"))
    want(tmp_path, "c")

    assert [one.model for one in list_served(tmp_path)] == ["a.tar.gz", "b.tar.gz", "a.tar.gz"]
    assert find_before(tmp_path) == "b.tar.gz"
    assert find_used(tmp_path) == {"a.tar.gz", "b.tar.gz", "c.tar.gz"}


def test_a_state_folder_has_one_supervisor(tmp_path: Path) -> None:
    """
    Two would send web to each other's Rasa; the line says what to do.
    """
    assert not is_served(tmp_path)
    with served_by_us(tmp_path):
        assert is_served(tmp_path)
        with (
            pytest.raises(CannotStart, match="Another `make up` runs with the state folder"),
            served_by_us(tmp_path),
        ):
            pass
    assert not is_served(tmp_path)

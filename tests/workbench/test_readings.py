"""What the model makes of examples, read once, kept in a file, compared."""

import pytest

from bot.workbench.messages.readings import (
    Readings,
    compare,
    load_readings,
    read_texts,
    save_readings,
    to_key,
)
from tests.workbench.reading import read
from tests.workbench.test_hints import an_example


class Reader:
    """The stand-in for the model, which counts what it reads."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []

    def __call__(self, messages):
        for message in messages:
            self.texts.append(message)
            yield from read([message])


def test_a_text_is_read_once(tmp_path):
    path, reader = tmp_path / "m.npz", Reader()

    assert list(read_texts(path, ["parcel", "refund", "parcel"], reader))[-1] == (2, 2)
    assert list(read_texts(path, ["refund", "it broke"], reader))[-1] == (1, 1)
    assert reader.texts == [b"parcel", b"refund", b"it broke"]


def test_nothing_new_needs_no_model(tmp_path):
    path = tmp_path / "m.npz"
    list(read_texts(path, ["parcel"], read))

    def never(messages):
        raise AssertionError("a model was started")

    assert list(read_texts(path, ["parcel"], never)) == [(0, 0)]


def test_what_was_read_stays_when_it_breaks_off(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.workbench.messages.readings.BATCH", 2)
    path = tmp_path / "m.npz"

    def dies(messages):
        for number, message in enumerate(messages):
            if number == 3:
                raise ValueError("killed")
            yield from read([message])

    with pytest.raises(ValueError, match="killed"):
        list(read_texts(path, ["a parcel", "b parcel", "c parcel", "d parcel"], dies))
    assert set(load_readings(path).vectors) == {to_key("a parcel"), to_key("b parcel")}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x93NUMPY nonsense"])
def test_a_broken_file_is_read_anew(tmp_path, content):
    path = tmp_path / "m.npz"
    path.write_bytes(content)

    assert load_readings(path) == Readings()


def test_the_file_keeps_everything(tmp_path):
    path = tmp_path / "folder" / "m.npz"
    readings = Readings(
        {to_key("a"): b"\x00<\x00\x00", to_key("б"): b"\x00\x00\x00\x00"},
        {to_key("б"): [("order_number", "№ 1")]},
    )
    save_readings(path, readings)

    assert load_readings(path) == readings
    assert [one.name for one in path.parent.iterdir()] == ["m.npz"]


def test_alike_across_intents_only_and_in_one_language(tmp_path):
    path = tmp_path / "m.npz"
    examples = [
        an_example("my parcel", "a"),
        an_example("the parcel", "b"),
        an_example("parcel", "a"),
        an_example("a refund", "c"),
        an_example("parcel ru", "b", "ru"),
        an_example("", "d"),
    ]
    list(read_texts(path, [one.text for one in examples], read))
    found = compare(examples, load_readings(path))

    assert sorted((one.one, one.other) for one in found.alike) == [(0, 1), (1, 2)]
    assert {one.cosine for one in found.alike} == {1.0}


def test_details_of_kinds_that_are_marked(tmp_path):
    path = tmp_path / "m.npz"
    examples = [
        an_example("to kim@lee.example please"),
        an_example("to lou@lee.example please", kinds=frozenset()),
    ]
    list(read_texts(path, [one.text for one in examples], read))
    (found,) = compare(examples, load_readings(path)).details

    assert (found.example, found.kind, found.value) == (0, "email", "kim@lee.example")


def test_without_anything_read_nothing_is_alike():
    assert compare([an_example("x", "a"), an_example("y", "b")], Readings()).alike == []

"""Which parts of the benchmark are measured."""

from argparse import ArgumentParser

import pytest

from benchmarks import understanding
from benchmarks.__main__ import PARTS
from benchmarks.pace import LONG, add_parts, to_parts


def parts(*words: str) -> list[str]:
    asked = ArgumentParser()
    add_parts(asked, PARTS)
    return to_parts(asked.parse_args(words), PARTS)


def test_nobody_waits_for_hours_without_a_word():
    """What trains stock Rasa on everything is left out, and nothing else is."""
    assert set(PARTS) - set(parts()) == {"project", "banking77-full"}
    assert "project-sample" in parts()


def test_a_long_part_is_measured_when_it_is_named():
    """Alone, or with others in the order in which they are named."""
    assert parts("--only", "project") == ["project"]
    assert parts("--only", "banking77-full", "turns") == ["banking77-full", "turns"]


def test_all_is_everything():
    """In the order of the parts."""
    assert parts("--all") == [*PARTS]


def test_all_and_a_few_cannot_be_meant_together():
    """Whoever asks for both is told so."""
    with pytest.raises(SystemExit):
        parts("--all", "--only", "turns")


def test_long_parts_are_parts():
    """One that is renamed would be measured without a word."""
    assert set(LONG) <= set(understanding.PARTS)

"""Which models are trained and which are kept; a stand-in trains in stock Rasa's place."""

import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchmarks import models
from benchmarks.models import train_stock
from benchmarks.samples import to_example
from benchmarks.stock import DEFAULTS, INITIAL, StockProject, config

RASA = """
import argparse, pathlib

parser = argparse.ArgumentParser()
for option in ("--config", "--domain", "--nlu", "--out", "--fixed-model-name"):
    parser.add_argument(option)
given, _ = parser.parse_known_args()
pathlib.Path(given.config).write_text("Rasa writes its defaults into it")
pathlib.Path(given.out, given.fixed_model_name + ".tar.gz").write_text(given.domain or "NLU alone")
"""
GREET = StockProject([to_example("hello", "greet")], epochs=1)


@pytest.fixture(autouse=True)
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that trains in no time, and like Rasa changes the configuration."""
    (tmp_path / "rasa.py").write_text(RASA)
    monkeypatch.setattr(models, "STOCK_TRAINING", (sys.executable, str(tmp_path / "rasa.py")))


def test_a_stock_model_is_kept(tmp_path: Path):
    """With the time that its training took, and when that was."""
    first = train_stock("trial", GREET, tmp_path)
    again = train_stock("trial", GREET, tmp_path)

    assert (first.kept, again.kept) == (False, True)
    assert again.model == first.model
    assert again.seconds == first.seconds
    assert again.at == first.at
    assert f"{first.at:%Y-%m-%d}" in again.note


def test_a_stock_model_of_other_examples_is_another(tmp_path: Path):
    """The figures of a set are never those of a model of another."""
    first = train_stock("trial", GREET, tmp_path)
    other = train_stock("trial", StockProject([to_example("hi", "greet")], epochs=1), tmp_path)

    assert not other.kept
    assert other.model != first.model


def test_a_training_that_was_broken_off_is_done_again(tmp_path: Path):
    """A model whose time nobody wrote down cannot be compared."""
    first = train_stock("trial", GREET, tmp_path)
    Path(f"{first.model}.json").unlink()

    assert not train_stock("trial", GREET, tmp_path).kept


def test_stock_rasa_gets_our_rules_without_our_entities(tmp_path: Path):
    """And no component of ours, which it would not find."""
    project = StockProject([to_example("hello", "greet")], rules=True, epochs=1)
    project.write(tmp_path / "project")
    domain = YAML().load(tmp_path / "project" / "domain.yml")

    assert "greet" in domain["intents"]
    assert "entities" not in domain
    assert (tmp_path / "project" / "data" / "rules.yml").exists()
    assert "bot.engine" not in (tmp_path / "project" / "config.yml").read_text()
    assert train_stock("trial", project, tmp_path).model.read_text() == "domain.yml"


def test_the_stock_configuration_is_what_rasa_init_writes():
    """Not a byte of it is ours; only a trial has fewer epochs."""
    assert config(None) == INITIAL.read_text()
    tried = YAML().load(config(2))
    defaults = YAML().load(DEFAULTS)

    assert [one["name"] for one in tried["pipeline"]] == [
        one["name"] for one in defaults["pipeline"]
    ]
    assert {one["epochs"] for one in tried["pipeline"] if "epochs" in one} == {2}
    assert {one["epochs"] for one in tried["policies"] if "epochs" in one} == {2}

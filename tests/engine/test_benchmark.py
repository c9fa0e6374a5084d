"""What the benchmark takes for stock Rasa, and how it reads what a model says."""

import asyncio
import shutil
from importlib.resources import files
from pathlib import Path

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.data import TrainingType

from benchmarks.rasa_side import answer


def test_rasa_fills_its_defaults_into_what_rasa_init_writes(tmp_path: Path):
    """So the benchmark's stock pipeline is the one of a new project, DIET and all policies."""
    initial = files("rasa.cli") / "initial_project" / "config.yml"
    defaults = files("rasa.engine") / "recipes" / "config_files" / "default_config.yml"
    shutil.copy(str(initial), tmp_path / "config.yml")

    filled, *_ = DefaultV1Recipe.auto_configure(
        str(tmp_path / "config.yml"), yaml.safe_load(initial.read_text()), TrainingType.BOTH
    )

    wanted = yaml.safe_load(defaults.read_text())
    assert filled["pipeline"] == wanted["pipeline"]
    assert filled["policies"] == wanted["policies"]
    assert "DIETClassifier" in {component["name"] for component in filled["pipeline"]}
    assert len(filled["policies"]) == 4


def test_a_model_is_asked_and_timed(model: Path):
    """Answers in order and in the form of `makegood parse`, times by round."""
    found = asyncio.run(
        answer(str(model), ["it is broken", "hello there"], ["many thanks", "hi"], 3)
    )

    first, second = found["answers"]
    assert (first["text"], first["ranking"][0]["name"]) == ("it is broken", "damaged_item")
    assert (second["text"], second["ranking"][0]["name"]) == ("hello there", "greet")
    assert "nlu_fallback" not in {guess["name"] for guess in second["ranking"]}
    assert [len(times) for times in found["milliseconds"]] == [2, 2, 2]
    assert min(min(times) for times in found["milliseconds"]) > 0

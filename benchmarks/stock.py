"""
A project of stock Rasa: what `rasa init` writes, with our examples, our rules and nothing else.

`rasa init` leaves pipeline and policies commented out, and Rasa fills in its defaults when it
trains: WhitespaceTokenizer, RegexFeaturizer, LexicalSyntacticFeaturizer, CountVectorsFeaturizer
twice, DIETClassifier, EntitySynonymMapper, ResponseSelector, FallbackClassifier; MemoizationPolicy,
RulePolicy, UnexpecTEDIntentPolicy, TEDPolicy. The marks of entities are left out of the examples:
so DIET has intents alone to learn, which is easier. TED and UnexpecTED learn from stories, of which
we have none; they are in the model, but their training costs nothing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from benchmarks.pace import Pace
from benchmarks.samples import to_nlu
from bot.settings import ROOT
from bot.workbench.nlu_files import Example

PACKAGE = ROOT / ".venv-rasa" / "lib" / "python3.10" / "site-packages" / "rasa"
INITIAL = PACKAGE / "cli" / "initial_project" / "config.yml"
DEFAULTS = PACKAGE / "engine" / "recipes" / "config_files" / "default_config.yml"
"""What Rasa fills in (tests/engine/test_benchmark.py)."""
EPOCHS = "epochs: 100"
SAMPLE = "project-sample"
"""The model of a sample of the project's examples, which two parts of the benchmark take."""


@dataclass(frozen=True, slots=True)
class StockProject:
    """Examples, and whether our domain and rules are there, too; else only NLU is trained."""

    examples: Sequence[Example]
    rules: bool = False
    epochs: int | None = None
    """None is what counts; anything else is for trying out."""

    def write(self, folder: Path) -> None:
        """Its files, into an empty folder."""
        (folder / "data").mkdir(parents=True)
        (folder / "config.yml").write_text(config(self.epochs), "utf-8")
        (folder / "data" / "nlu.yml").write_text(to_nlu(self.examples), "utf-8")
        if self.rules:
            rules = (ROOT / "data" / "rules.yml").read_text("utf-8")
            (folder / "data" / "rules.yml").write_text(rules, "utf-8")
            YAML().dump(_domain(), folder / "domain.yml")


def own_in_stock(examples: Sequence[Example], pace: Pace) -> StockProject:
    """The project itself, with those of its examples and all its rules."""
    return StockProject(pace.few(examples), rules=True, epochs=pace.epochs)


def config(epochs: int | None) -> str:
    """The configuration as it comes, or its defaults with fewer epochs."""
    if epochs is None:
        return INITIAL.read_text("utf-8")

    return DEFAULTS.read_text("utf-8").replace(EPOCHS, f"epochs: {epochs}")


def _domain() -> object:
    domain = YAML().load(ROOT / "domain.yml")
    del domain["entities"]

    return domain

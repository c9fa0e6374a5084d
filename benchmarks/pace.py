"""How much is measured: the whole, or just enough to see that everything works."""

from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.samples import sample
from bot.settings import get_settings
from bot.workbench.evaluation.predictions import OUT_OF_SCOPE
from bot.workbench.nlu_files import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """None stands for all there is."""

    epochs: int | None
    """Of stock Rasa's training; None leaves its configuration as it comes."""
    intents: int | None
    each: int | None
    """Examples an intent, to train on and to measure with."""
    trainings: int
    """How often our model is trained; stock Rasa's once, because it takes so long."""
    rounds: int
    messages: int
    """What a buyer writes in one round of the load test."""
    long_conversations: int
    longest: int
    longest_stock: int
    """Messages of a long conversation. Stock Rasa's grow slower with each message."""
    swaps: int
    """How often one model takes another's place."""
    held_back: bool = False
    """Whether the set that is held back is read, too."""

    def few(self, examples: Sequence[Example]) -> list[Example]:
        """All of them; or those of the first intents by name and of out_of_scope, so many each."""
        if self.intents is None or self.each is None:
            return list(examples)

        names = sorted({example.intent for example in examples})
        kept = {*names[: self.intents], OUT_OF_SCOPE}

        return sample([one for one in examples if one.intent in kept], self.each)


FULL = Pace(
    epochs=None,
    intents=None,
    each=None,
    trainings=3,
    rounds=5,
    messages=25,
    long_conversations=3,
    longest=500,
    longest_stock=150,
    swaps=10,
)
QUICK = Pace(
    epochs=2,
    intents=2,
    each=8,
    trainings=1,
    rounds=1,
    messages=3,
    long_conversations=1,
    longest=24,
    longest_stock=24,
    swaps=2,
)
"""For trying the benchmark itself out; its figures mean nothing."""


LONG = ("project", "banking77-full")
"""Parts in which stock Rasa is trained for hours; they are measured when they are named."""


def add_parts(parser: ArgumentParser, parts: Iterable[str]) -> None:
    """Which parts there are to choose from."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--only", nargs="+", choices=[*parts], metavar="PART", help="these parts")
    which.add_argument(
        "--all", action="store_true", help=f"{' and '.join(LONG)}, too: hours of training"
    )


def to_parts(given: Namespace, parts: Iterable[str]) -> list[str]:
    """The parts that were asked for; without a word, all that can be waited for."""
    if given.only:
        return list(given.only)

    return [part for part in parts if given.all or part not in LONG]


def add_options(parser: ArgumentParser) -> None:
    """What every part can be told."""
    parser.add_argument("--quick", action="store_true", help=SUPPRESS)
    parser.add_argument(
        "--held-back",
        action="store_true",
        help="measure also on the set that is held back: once, when nothing is chosen any more",
    )


def to_pace(given: Namespace) -> Pace:
    """The pace that was asked for."""
    return replace(QUICK if given.quick else FULL, held_back=given.held_back)


def state_folder(pace: Pace) -> Path:
    """Where results and models are kept; those that mean nothing apart from the others."""
    return get_settings().state_dir / ("benchmarks-tried" if pace.epochs else "benchmarks")

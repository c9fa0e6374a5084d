"""
Messages to train and to measure on: the project's own, and public sets beside the project.

The public sets (BANKING77, Bitext, CLINC's out-of-scope sentences) are no part of the project: they
are looked for in `shared/data` beside its folder, or where `MAKEGOOD_BENCH_DATA` says. CLINC's test
split and HINT3 are never read: others measure us with them.
"""

import csv
import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.obstacles import Obstacle
from bot.settings import ROOT
from bot.workbench.evaluation.predictions import OUT_OF_SCOPE
from bot.workbench.nlu_files import NO_INTENT, Example, read_nlu_files

SEED = 20261125
EACH = 10
"""Examples of each intent and language in a sample of the project's own."""
PUBLIC = Path(os.environ.get("MAKEGOOD_BENCH_DATA", ROOT.parent / "shared" / "data"))
WORDS = 12
"""Of a message whose parsing is timed."""

BITEXT = {
    "cancel_order": "cancel_order",
    "change_order": "change_item",
    "change_shipping_address": "change_address",
    "check_invoice": "invoice",
    "check_payment_methods": "faq_payment",
    "check_refund_policy": "faq_returns",
    "complaint": "complaint",
    "contact_human_agent": "human_agent",
    "delivery_options": "faq_shipping",
    "delivery_period": "delivery_time",
    "get_invoice": "invoice",
    "get_refund": "refund_request",
    "payment_issue": "payment_problem",
    "track_order": "order_status",
    "track_refund": "refund_status",
}
"""Bitext's intents that have one of ours beside them; the others (accounts, a newsletter) are
left out, because Bitext does not say what they are to us."""


class NoSuchSet(Obstacle):
    """A public set is not there; the text says where it was looked for."""


def read_own() -> list[Example]:
    """What our model is trained on, in both languages, without the marks of entities."""
    return _examples([ROOT / "data" / "nlu"])


def sample_own() -> list[Example]:
    """
    Few of its examples, of each intent and language as many.

    Stock Rasa takes minutes to train on them, and hours on all.
    """
    own = read_own()
    languages = sorted({example.language for example in own})

    return [
        drawn
        for language in languages
        for drawn in sample([one for one in own if one.language == language], EACH)
    ]


def read_development_set() -> list[Example]:
    """What the project measures itself with and never trains on."""
    return _examples(sorted((ROOT / "tests" / "nlu").glob("*.yml")))


def read_held_back_set() -> list[Example]:
    """What nobody has looked at while choosing features and thresholds; for the end."""
    return _examples([ROOT / "tests" / "nlu" / "held_back"])


def read_banking(split: str) -> list[Example]:
    """BANKING77, `train` or `test`: questions to a bank in 77 intents."""
    return [
        to_example(row["text"], row["category"], number)
        for number, row in enumerate(_rows(_find(f"banking77/{split}.csv")), start=2)
    ]


def read_bitext() -> list[Example]:
    """Bitext's development set, as far as its intents have one of ours beside them."""
    return [
        to_example(row["utterance"], BITEXT[row["intent"]], number)
        for number, row in enumerate(_rows(_find("bitext/dev.csv")), start=2)
        if row["intent"] in BITEXT
    ]


def read_clinc() -> list[Example]:
    """CLINC's sentences for an assistant that knows no answer to them: train and validation."""
    splits = json.loads(_find("clinc/oos.json").read_text("utf-8"))

    return [
        to_example(text, OUT_OF_SCOPE, number)
        for number, (text, _label) in enumerate(splits["oos_train"] + splits["oos_val"], start=1)
    ]


def to_example(text: str, intent: str, line: int = 0, language: str = "en") -> Example:
    """A message of that intent, on one line as the training file needs it."""
    return Example(
        text=" ".join(text.split()),
        intent=intent,
        entities=(),
        kinds=frozenset(),
        language=language,
        file="",
        line=line,
    )


def sample(examples: Iterable[Example], each: int, seed: int = SEED) -> list[Example]:
    """
    So many examples of each intent, or all it has.

    Each intent is drawn by itself, so what is drawn of one does not hang on the others.
    """
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)

    return [
        example
        for intent, group in sorted(by_intent.items())
        for example in random.Random(f"{seed} {intent}").sample(group, min(each, len(group)))
    ]


def of_length(examples: Sequence[Example], language: str, most: int) -> list[Example]:
    """Messages of exactly WORDS words in that language, as a set holds them; never over `most`."""
    found = [
        example
        for example in examples
        if example.language == language and len(example.text.split()) == WORDS
    ]

    return found[:most]


def to_nlu(examples: Iterable[Example]) -> str:
    """A file to train on, in Rasa's form."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example.text)
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in by_intent.items():
        # The name in quotes: YAML would take one of `yes` or `12` for something else.
        lines += [f'- intent: "{intent}"', "  examples: |", *(f"    - {text}" for text in texts)]

    return "\n".join([*lines, ""])


def _examples(paths: Sequence[Path]) -> list[Example]:
    return [
        example
        for file in read_nlu_files(paths)
        for example in file.examples
        if example.intent != NO_INTENT
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _find(name: str) -> Path:
    path = PUBLIC / name
    if not path.exists():
        raise NoSuchSet(f"{path} is not there; MAKEGOOD_BENCH_DATA names the folder it is in.")

    return path

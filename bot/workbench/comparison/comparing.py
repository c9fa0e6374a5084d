"""
Two models on the same messages: what got better, what got worse, and what that costs.

Both are measured on the same draws of the messages, so a difference has an interval of its own:
that of two models which fail on the same messages is narrow, however far each alone may be off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec
import numpy as np

from bot.casework.misunderstandings import TrainingRules
from bot.workbench.comparison.dialogues import DialogueFailure
from bot.workbench.evaluation.bootstrap import Draws, Figure, Numbers
from bot.workbench.evaluation.entity_figures import count_exact, find_kinds
from bot.workbench.evaluation.judging import Judged

NOTHING: Final = Figure(None, None, None, 0)


class Part(StrEnum):
    """Where the messages of a comparison come from."""

    ALL = "all"
    DEVELOPMENT = "development"
    """Those that came with the project (tests/nlu)."""
    TEST = "test"
    """Labels of trainers that are never trained on (data/test)."""


@dataclass(frozen=True, slots=True)
class Paired:
    """A figure of both models, and what it has risen by."""

    before: Figure
    now: Figure
    difference: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A sentence that one of the models understands and the other does not."""

    text: str
    language: str
    file: str
    line: int
    meant: str
    before: str
    now: str
    sure_before: float
    sure_now: float
    cost: float
    """By how much it costs more now; less than 0 for what got better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentCompared:
    """One intent that `n` messages carry; `lost` and `won` are how many of them changed."""

    intent: str
    n: int
    f1: Paired
    lost: int
    won: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCompared:
    """How many of a kind of entity are found exactly, of `n`."""

    kind: str
    n: int
    found: Paired


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCompared:
    """A file of messages, and how many of them each model understands."""

    file: str
    messages: int
    before: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """
    Milliseconds a message of each model.

    They are taken between the first and the last answer while all messages are read, by one model
    after the other in a process of its own; loading the model is no part of it.
    """

    before: float
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    The model beside the one that was live then.

    `figures` are by name; `cost` is what a message costs in the mean, by part of the messages.
    `better` and `worse` are the sentences, those first that change the cost most.
    """

    model: str
    live: str
    messages: int
    figures: dict[str, Paired]
    cost: dict[str, Paired]
    intents: tuple[IntentCompared, ...]
    entities: tuple[EntityCompared, ...]
    sets: tuple[SetCompared, ...]
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]
    latency: Latency
    dialogues: int = 0
    failures: tuple[DialogueFailure, ...] = ()
    notes: tuple[str, ...] = ()


def to_json(comparison: Comparison) -> bytes:
    """All of it, as it is stored."""
    return msgspec.json.encode(comparison)


def from_json(stored: bytes) -> Comparison:
    """What `to_json` made; `msgspec.MsgspecError` if it is another thing."""
    return msgspec.json.decode(stored, type=Comparison)


def compare(
    before: Sequence[Judged],
    now: Sequence[Judged],
    rules: TrainingRules,
    parts: Mapping[str, Part],
) -> tuple[dict[str, Paired], dict[str, Paired], tuple[IntentCompared, ...]]:
    """
    The figures, the costs by part, and the intents, the most fallen first.

    Both judge the same messages in the same order; `parts` are by file.
    """
    said = [pair for pair in zip(before, now, strict=True) if pair[0].counts_for_intents]
    old, new = [one for one, _ in said], [one for _, one in said]
    draws = Draws(len(said), rounds=rules.bootstrap.rounds, seed=rules.bootstrap.seed)

    return (
        _figures(old, new, draws),
        _costs(old, new, rules, parts, draws),
        _intents(old, new, draws),
    )


def compare_entities(
    before: Sequence[Judged], now: Sequence[Judged], rules: TrainingRules
) -> tuple[EntityCompared, ...]:
    """Each kind that is marked in these messages."""
    draws = Draws(len(before), rounds=rules.bootstrap.rounds, seed=rules.bootstrap.seed)
    found = []
    for kind in find_kinds(before):
        (old, marked), (new, _) = count_exact(kind, before), count_exact(kind, now)
        paired = _paired(draws, (old, marked), (new, marked))
        found.append(EntityCompared(kind=kind, n=sum(marked), found=paired))

    return tuple(found)


def compare_sets(before: Sequence[Judged], now: Sequence[Judged]) -> tuple[SetCompared, ...]:
    """Each file, in its order."""
    files = dict.fromkeys(one.example.file for one in before if one.counts_for_intents)

    return tuple(
        SetCompared(
            file=file,
            messages=sum(one.example.file == file for one in before),
            before=sum(one.right for one in before if one.example.file == file),
            now=sum(one.right for one in now if one.example.file == file),
        )
        for file in files
    )


def find_changed(
    before: Sequence[Judged], now: Sequence[Judged], rules: TrainingRules
) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    """What got better and what got worse: the sentences that only one of the two understands."""
    better: list[Changed] = []
    worse: list[Changed] = []
    for old, new in zip(before, now, strict=True):
        if old.counts_for_intents and old.right != new.right:
            (better if new.right else worse).append(_changed(old, new, rules))

    return (
        tuple(sorted(better, key=lambda one: (one.cost, one.meant, one.text))),
        tuple(sorted(worse, key=lambda one: (-one.cost, one.meant, one.text))),
    )


def cost_of(one: Judged, rules: TrainingRules) -> float:
    """What it costs that a message was understood like this."""
    return rules.cost(one.example.intent, one.said, refused=one.prediction.refused)


def _changed(old: Judged, new: Judged, rules: TrainingRules) -> Changed:
    return Changed(
        text=old.example.text,
        language=old.example.language,
        file=old.example.file,
        line=old.example.line,
        meant=old.example.intent,
        before=old.said,
        now=new.said,
        sure_before=round(old.prediction.confidence, 3),
        sure_now=round(new.prediction.confidence, 3),
        cost=round(cost_of(new, rules) - cost_of(old, rules), 3),
    )


def _figures(old: Sequence[Judged], new: Sequence[Judged], draws: Draws) -> dict[str, Paired]:
    ours = np.array([one.in_scope for one in old], dtype=float)
    each = np.ones(len(old))
    rights = [np.array([one.right for one in judged], dtype=float) for judged in (old, new)]
    refusals = [
        np.array([one.prediction.refused for one in judged], dtype=float) for judged in (old, new)
    ]

    def of(counted: list[Numbers], among: Numbers) -> Paired:
        return _paired(draws, *((one * among, among) for one in counted))

    return {
        "accuracy": of(rights, each),
        "accuracy_in_scope": of(rights, ours),
        "refused_rightly": of(refusals, 1 - ours),
        "refused_wrongly": of(refusals, ours),
    }


def _costs(
    old: Sequence[Judged],
    new: Sequence[Judged],
    rules: TrainingRules,
    parts: Mapping[str, Part],
    draws: Draws,
) -> dict[str, Paired]:
    costs = [np.array([cost_of(one, rules) for one in judged]) for judged in (old, new)]
    found = {}
    for part in Part:
        inside = np.array(
            [part in {Part.ALL, parts.get(one.example.file)} for one in old], dtype=float
        )
        if inside.any():
            found[str(part)] = _paired(draws, *((one * inside, inside) for one in costs))

    return found


def _intents(
    old: Sequence[Judged], new: Sequence[Judged], draws: Draws
) -> tuple[IntentCompared, ...]:
    found = []
    for intent in sorted({one.example.intent for one in old}):
        meant = np.array([one.example.intent == intent for one in old], dtype=float)
        pairs = []
        for judged in (old, new):
            said = np.array([one.said == intent for one in judged], dtype=float)
            pairs.append((2 * meant * said, meant + said))
        hits = [pair[0] > 0 for pair in pairs]
        found.append(
            IntentCompared(
                intent=intent,
                n=int(meant.sum()),
                f1=_paired(draws, *pairs),
                lost=int((hits[0] & ~hits[1]).sum()),
                won=int((hits[1] & ~hits[0]).sum()),
            )
        )

    return tuple(sorted(found, key=lambda one: (one.f1.difference.value or 0, one.intent)))


type _Ratio = tuple[Sequence[float] | Numbers, Sequence[float] | Numbers]
"""What is counted in each message, and what of."""


def _paired(draws: Draws, before: _Ratio, now: _Ratio) -> Paired:
    """Both ratios and their difference, all of the same draws."""
    figures = draws.ratio(*before), draws.ratio(*now)
    old, new = figures
    if old.value is None or new.value is None:
        return Paired(old, new, NOTHING)
    with np.errstate(invalid="ignore"):  # a draw may hold no message of a small intent
        drawn = draws.sums(now[0]) / draws.sums(now[1]) - draws.sums(before[0]) / draws.sums(
            before[1]
        )
    some = drawn[np.isfinite(drawn)]

    return Paired(old, new, draws.interval(new.value - old.value, some, new.n))

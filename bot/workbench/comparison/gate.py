"""Whether a model may answer buyers: what speaks against it, with the sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.casework.misunderstandings import TrainingRules
from bot.workbench.comparison.comparing import Changed, Comparison, Paired, Part

SHOWN: Final = 20
"""Sentences that a reason quotes; the comparison shows all."""
MAY_BE_TAKEN: Final = 4
"""
Messages of the test set that may leave a protected intent without a person's word.

A fifth of the labels goes there, so some twenty labels took such messages away.
"""
TEST_SET: Final = "data/test/"
PARTS: Final = {
    Part.ALL: "",
    Part.DEVELOPMENT: " on the development messages",
    Part.TEST: " on the test messages",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a model stays out; `code` is for programs, `sentences` are buyers' messages."""

    code: str
    text: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's word on a model: open without reasons against it."""

    reasons: tuple[Reason, ...]

    @property
    def ok(self) -> bool:
        """Whether the model may pass."""
        return not self.reasons


def check_gate(comparison: Comparison, rules: TrainingRules, protected: Iterable[str] = ()) -> Gate:
    """
    What speaks against the model of a finished comparison.

    `protected` are intents beside those of the rules. The cost is looked at in each part of the
    messages, too: labels that are wrong in the same way in training and test would else make up
    for what they break.
    """
    kept = {*rules.protected, *protected}

    return Gate(
        (
            *_falls(comparison, rules, kept),
            *_taken(comparison, kept),
            *_dialogues(comparison),
            *_cost(comparison),
        )
    )


def _falls(comparison: Comparison, rules: TrainingRules, protected: set[str]) -> Iterator[Reason]:
    for one in comparison.intents:
        if one.intent not in protected or one.lost - one.won <= rules.may_lose:
            continue
        lost = [change for change in comparison.worse if change.meant == one.intent]
        won = f", {one.won} better" if one.won else ""
        yield Reason(
            code="protected_falls",
            text=f"{_plain(one.intent)} is protected and gets worse: {_count(one.lost)} of {one.n} "
            f"understood no more{won}.",
            sentences=_quoted(lost),
        )


def _taken(comparison: Comparison, protected: set[str]) -> Iterator[Reason]:
    """Labels that contradict the live model about a protected intent, and were learnt."""
    for intent in sorted(protected):
        taken = [
            one
            for one in comparison.better
            if one.before == intent and one.file.startswith(TEST_SET)
        ]
        if len(taken) > MAY_BE_TAKEN:
            yield Reason(
                code="protected_taken",
                text=f"{_plain(intent)} is protected, and {_count(len(taken))} of the test set "
                "that the live model takes for it were labelled as something else. Look at them: "
                "where they are right, a lead or an owner can put the model live nevertheless.",
                sentences=_quoted(replace(one, meant=intent, now=one.meant) for one in taken),
            )


def _dialogues(comparison: Comparison) -> Iterator[Reason]:
    for title in dict.fromkeys(one.dialogue for one in comparison.failures):
        lines = [one for one in comparison.failures if one.dialogue == title]
        also = " The live model fails it, too." if any(one.before for one in lines) else ""
        yield Reason(
            code="dialogue_fails",
            text=f"The dialogue test “{title}” fails.{also}",
            sentences=tuple(
                f"{one.text} ({one.file}, line {one.line}: expected {one.expected}; got {one.got})"
                for one in lines
            ),
        )


def _cost(comparison: Comparison) -> Iterator[Reason]:
    for part, where in PARTS.items():
        paired = comparison.cost.get(part)
        if paired is None or not is_worse(paired):
            continue
        yield Reason(
            code="cost_rises",
            text=f"Misunderstandings cost more{where}, and that is no accident: a hundred messages "
            f"{_hundred(paired.now.value)}, before {_hundred(paired.before.value)} (the difference "
            f"is {_hundred(paired.difference.low)} to {_hundred(paired.difference.high)}).",
            sentences=_quoted(comparison.worse),
        )
        return  # the other parts say the same


def is_worse(paired: Paired) -> bool:
    """Whether a figure of which less is better has risen beyond doubt."""
    return paired.difference.low is not None and paired.difference.low > 0


def is_better(paired: Paired) -> bool:
    """Whether a figure of which less is better has fallen beyond doubt."""
    return paired.difference.high is not None and paired.difference.high < 0


def _quoted(changes: Iterable[Changed]) -> tuple[str, ...]:
    told = [f"{one.text} ({_plain(one.meant)}, now {_plain(one.now)})" for one in changes]

    return (*told[:SHOWN], *([f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []))


def _plain(intent: str) -> str:
    return intent.replace("_", " ")


def _count(sentences: int) -> str:
    return "1 sentence" if sentences == 1 else f"{sentences} sentences"


def _hundred(cost: float | None) -> str:
    """Of a hundred messages; what is more than nothing does not read as nothing."""
    cost = 100 * (cost or 0)

    return f"{cost:.1f}" if cost == 0 or abs(cost) >= 0.05 else f"{cost:.1g}"

"""
How well messages were understood; all of it follows from the predictions.

The refusals out_of_scope and nlu_fallback are one answer here, as they are for the buyer. A
figure of messages in scope leaves out those that are none of our business.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.workbench.evaluation.bootstrap import Draws, Figure, Numbers
from bot.workbench.evaluation.entity_figures import EntityFigures, count_entities
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import OUT_OF_SCOPE
from bot.workbench.nlu_files import LANGUAGES

ALL = "all"
"""The name of all languages together."""

BUTTONS = 3
"""Intents offered when the model is not sure."""
BINS = 10
THRESHOLDS = tuple(step / 100 for step in range(101))
MOST_REFUSED = 0.08
"""So many messages in scope may be refused wrongly."""
EXAMPLES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """One intent; `n` messages carry it."""

    intent: str
    n: int
    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Messages of the intent `meant` that were taken for another; some of them as examples."""

    meant: str
    said: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """
    What a threshold would do: out of scope refused rightly, in scope refused wrongly.

    Refused is what is likeliest out of scope, or less sure than the threshold.
    """

    threshold: float
    refused_rightly: float
    refused_wrongly: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages of which the model was about equally sure, and how many of them it had right."""

    low: float
    high: float
    n: int
    confidence: float
    right: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFigures:
    """
    Everything about the messages of a language, or of all together.

    `refused_rightly` (of out of scope) and `refused_wrongly` (of what is in scope) are the point
    at which the model works; `curve` is empty where one of the two kinds of message is missing.
    `likeliest` is the accuracy before anything is refused for want of confidence.
    """

    language: str
    messages: int
    accuracy: Figure
    accuracy_in_scope: Figure
    likeliest: Figure
    among_three: Figure
    macro_f1: Figure
    refused_rightly: Figure
    refused_wrongly: Figure
    language_right: Figure
    calibration_error: Figure
    intents: tuple[IntentFigures, ...]
    confusions: tuple[Confusion, ...]
    curve: tuple[CurvePoint, ...]
    bins: tuple[Bin, ...]
    entities: tuple[EntityFigures, ...]

    @property
    def best_within_limit(self) -> CurvePoint | None:
        """The threshold that refuses most out of scope while few in scope are refused wrongly."""
        within = [point for point in self.curve if point.refused_wrongly <= MOST_REFUSED]

        return max(
            within, key=lambda point: (point.refused_rightly, -point.threshold), default=None
        )

    def entity(self, kind: str) -> EntityFigures | None:
        """What is known about that kind of entity, if anybody marked one."""
        return next((one for one in self.entities if one.kind == kind), None)


def evaluate(judged: Sequence[Judged]) -> tuple[LanguageFigures, ...]:
    """All messages together, then those of each language."""
    groups = {ALL: list(judged)} | {
        language: [one for one in judged if one.example.language == language]
        for language in LANGUAGES
    }

    return tuple(_figures(language, group) for language, group in groups.items() if group)


def _figures(language: str, everything: Sequence[Judged]) -> LanguageFigures:
    judged = [one for one in everything if one.counts_for_intents]
    draws = Draws(len(judged))
    each = np.ones(len(judged))
    right = np.array([one.right for one in judged], dtype=float)
    in_scope = np.array([one.in_scope for one in judged], dtype=float)
    refused = np.array([one.prediction.refused for one in judged], dtype=float)
    among = np.array([one.among_first(BUTTONS) for one in judged], dtype=float)
    likeliest = np.array([one.likeliest_right for one in judged], dtype=float)
    known = np.array([one.prediction.language == one.example.language for one in judged])
    intents, macro_f1 = _count_intents(judged, draws)
    bins, error = _calibrate(judged, draws)

    return LanguageFigures(
        language=language,
        messages=len(judged),
        accuracy=draws.ratio(right, each),
        accuracy_in_scope=draws.ratio(right * in_scope, in_scope),
        likeliest=draws.ratio(likeliest, each),
        among_three=draws.ratio(among * in_scope, in_scope),
        macro_f1=macro_f1,
        refused_rightly=draws.ratio(refused * (1 - in_scope), 1 - in_scope),
        refused_wrongly=draws.ratio(refused * in_scope, in_scope),
        language_right=draws.ratio(known, each),
        calibration_error=error,
        intents=intents,
        confusions=_confusions(judged),
        curve=_curve(judged),
        bins=bins,
        entities=count_entities(everything),
    )


def _count_intents(
    judged: Sequence[Judged], draws: Draws
) -> tuple[tuple[IntentFigures, ...], Figure]:
    """Each intent that a message carries, the weakest first, and the mean of their F1."""
    found, f1s = [], []
    for intent in sorted({one.example.intent for one in judged}):
        meant = np.array([one.example.intent == intent for one in judged], dtype=float)
        said = np.array([one.said == intent for one in judged], dtype=float)
        hits = meant * said
        found.append(
            IntentFigures(
                intent,
                int(meant.sum()),
                precision=draws.ratio(hits, said),
                recall=draws.ratio(hits, meant),
                f1=draws.ratio(2 * hits, meant + said),
            )
        )
        with np.errstate(invalid="ignore"):  # a draw may hold no message of a small intent
            f1s.append(draws.sums(2 * hits) / draws.sums(meant + said))
    if not found:
        return (), Figure(None, None, None, 0)

    mean = float(np.mean([one.f1.value for one in found]))
    macro_f1 = draws.interval(mean, np.nanmean(f1s, axis=0), len(judged))

    return tuple(sorted(found, key=lambda one: (one.f1.value or 0, one.intent))), macro_f1


def _confusions(judged: Sequence[Judged]) -> tuple[Confusion, ...]:
    """The most frequent first; here nlu_fallback stands as itself, for whoever looks for causes."""
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in judged:
        if not one.right:
            taken[one.example.intent, one.prediction.intent].append(one.example.text)

    return tuple(
        Confusion(meant, said, len(texts), tuple(texts[:EXAMPLES_SHOWN]))
        for (meant, said), texts in sorted(taken.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _curve(judged: Sequence[Judged]) -> tuple[CurvePoint, ...]:
    ours = _sureness([one for one in judged if one.in_scope])
    others = _sureness([one for one in judged if not one.in_scope])
    if not len(ours) or not len(others):
        return ()

    return tuple(
        CurvePoint(threshold, float((others < threshold).mean()), float((ours < threshold).mean()))
        for threshold in THRESHOLDS
    )


def _sureness(judged: Sequence[Judged]) -> Numbers:
    """How sure each is to be our business; less than nothing if it is likeliest out of scope."""
    return np.array(
        [
            -1.0 if guess.intent == OUT_OF_SCOPE else guess.confidence
            for guess in (one.prediction.likeliest for one in judged)
        ]
    )


def _calibrate(judged: Sequence[Judged], draws: Draws) -> tuple[tuple[Bin, ...], Figure]:
    """
    Of messages of which the model is 80 % sure, are 80 % right? In bins of equal width.

    The expected calibration error is how far the two are apart, in the mean over messages. It is
    asked of the likeliest intent, before anything is refused.
    """
    sure = np.array([one.prediction.likeliest.confidence for one in judged])
    right = np.array([one.likeliest_right for one in judged], dtype=float)
    if not len(judged):
        return (), Figure(None, None, None, 0)

    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins, apart = [], []
    for number in range(BINS):
        inside = (place == number).astype(float)
        if not inside.any():
            continue
        bins.append(
            Bin(
                number / BINS,
                (number + 1) / BINS,
                int(inside.sum()),
                confidence=float((sure * inside).sum() / inside.sum()),
                right=draws.ratio(right * inside, inside),
            )
        )
        apart.append((sure - right) * inside)
    error = sum(abs(float(gap.sum())) for gap in apart) / len(judged)
    drawn = np.sum([np.abs(draws.sums(gap)) for gap in apart], axis=0) / len(judged)

    return tuple(bins), draws.interval(error, drawn, len(judged))

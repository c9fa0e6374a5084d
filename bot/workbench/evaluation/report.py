"""A model measured on sets of messages: what all forms of the report are made from."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.entity_figures import find_entity_mistakes
from bot.workbench.evaluation.figures import LanguageFigures, evaluate
from bot.workbench.evaluation.judging import Judged


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of `model` on the files `sets`, and what they were computed from."""

    model: str
    sets: tuple[str, ...]
    languages: tuple[LanguageFigures, ...]
    judged: tuple[Judged, ...]

    @property
    def misunderstood(self) -> tuple[Judged, ...]:
        """Messages whose answer is not the one that belongs to them."""
        return tuple(one for one in self.judged if one.counts_for_intents and not one.right)


def make_report(model: str, sets: Sequence[str], judged: Sequence[Judged]) -> Report:
    """The report on these messages; the same messages always give the same report."""
    return Report(model, tuple(sets), evaluate(judged), tuple(judged))


def headlines(figures: LanguageFigures) -> dict[str, Figure]:
    """The few figures that one looks at first, by name."""
    order_numbers = figures.entity("order_number")

    return {
        "Accuracy": figures.accuracy,
        "Accuracy in scope": figures.accuracy_in_scope,
        "Likeliest intent right": figures.likeliest,
        "Right intent among three": figures.among_three,
        "F1, mean of intents": figures.macro_f1,
        "Out of scope refused": figures.refused_rightly,
        "In scope wrongly refused": figures.refused_wrongly,
        "Calibration error": figures.calibration_error,
        "Language recognised": figures.language_right,
    } | ({"Order numbers exact": order_numbers.found} if order_numbers else {})


def in_percent(figure: Figure) -> str:
    """`79.2 (75.9 to 82.2)`; a dash where there is nothing to measure."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"

    return f"{100 * figure.value:.1f} ({100 * figure.low:.1f} to {100 * figure.high:.1f})"


def to_json(report: Report) -> str:
    """Everything as JSON: the figures by language, and each message that went wrong."""
    return json.dumps(
        {
            "model": report.model,
            "sets": report.sets,
            "languages": {one.language: asdict(one) for one in report.languages},
            "misunderstood": [
                {
                    "text": one.example.text,
                    "meant": one.example.intent,
                    "said": one.prediction.intent,
                    "confidence": one.prediction.confidence,
                    "ranking": [asdict(guess) for guess in one.prediction.ranking[:3]],
                    "language": one.example.language,
                    "file": one.example.file,
                    "line": one.example.line,
                }
                for one in report.misunderstood
            ],
            "entity_mistakes": [
                {
                    "text": mistake.judged.example.text,
                    "kind": mistake.kind,
                    "wanted": mistake.wanted,
                    "got": mistake.got,
                    "file": mistake.judged.example.file,
                    "line": mistake.judged.example.line,
                }
                for mistake in find_entity_mistakes(report.judged)
            ],
        },
        ensure_ascii=False,
        indent=1,
    )

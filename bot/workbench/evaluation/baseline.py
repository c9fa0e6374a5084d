"""
Figures that were reached once and must not be lost unnoticed.

A figure has dropped when it lies beyond the baseline's own 95 % interval on the bad side: less
than that may be chance.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.obstacles import Obstacle
from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.figures import ALL, LanguageFigures
from bot.workbench.evaluation.report import Report, in_percent

DIGITS = 4
LESS_IS_BETTER = {"refused_wrongly"}

type Baseline = Mapping[str, Mapping[str, Figure]]
"""By language and by name."""


class BelowBaseline(Obstacle):
    """The text names each figure that has dropped."""


class BrokenBaseline(Obstacle):
    """There is no baseline to compare with; the text says why."""


def to_baseline(report: Report) -> Baseline:
    """The figures of each language that are held; what could not be measured is left out."""
    return {
        one.language: {
            name: figure for name, figure in _held(one).items() if figure.value is not None
        }
        for one in report.languages
        if one.language != ALL
    }


def check_baseline(report: Report, baseline: Baseline) -> None:
    """`BelowBaseline` if a figure has dropped, or is not measured any more."""
    now = to_baseline(report)
    drops = [
        f"{language}, {name}: {in_percent(figure) if figure else 'not measured'}, "
        f"was {in_percent(was)} of {was.n}"
        for language, figures in baseline.items()
        for name, was in figures.items()
        if (figure := now.get(language, {}).get(name)) is None or has_dropped(name, figure, was)
    ]
    if drops:
        raise BelowBaseline(
            "\n    ".join(("Below the baseline, per cent (95 % interval):", *drops))
        )


def has_dropped(name: str, now: Figure, was: Figure) -> bool:
    """Whether the figure lies beyond the interval of then, on the bad side."""
    assert now.value is not None
    assert was.low is not None
    assert was.high is not None
    value = round(now.value, DIGITS)

    return value > was.high if name in LESS_IS_BETTER else value < was.low


def find_other_sets(report: Report, baseline: Baseline) -> Iterator[str]:
    """A line for each figure that was then measured on other messages, or not at all."""
    for language, figures in to_baseline(report).items():
        for name, figure in figures.items():
            was = baseline.get(language, {}).get(name)
            if was is None:
                yield f"{language}, {name}: not in the baseline"
            elif figure.n != was.n:
                yield f"{language}, {name}: on {figure.n} messages, the baseline on {was.n}"


def write_baseline(path: Path, report: Report) -> None:
    """The figures of today as the baseline of tomorrow."""
    held = {
        language: {
            name: {
                "value": round(figure.value or 0, DIGITS),
                "low": round(figure.low or 0, DIGITS),
                "high": round(figure.high or 0, DIGITS),
                "n": figure.n,
            }
            for name, figure in figures.items()
        }
        for language, figures in to_baseline(report).items()
    }
    path.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def read_baseline(path: Path) -> Baseline:
    """The figures that `write_baseline` wrote."""
    try:
        return {
            language: {name: Figure(**figure) for name, figure in figures.items()}
            for language, figures in json.loads(path.read_text("utf-8")).items()
        }
    except OSError as error:
        raise BrokenBaseline(f"{path}: {error.strerror}. `--write-baseline` writes one.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenBaseline(f"{path} is no baseline: {error}") from error


def _held(figures: LanguageFigures) -> dict[str, Figure]:
    held = {
        "accuracy": figures.accuracy,
        "among_three": figures.among_three,
        "refused_rightly": figures.refused_rightly,
        "refused_wrongly": figures.refused_wrongly,
    }
    order_numbers = figures.entity("order_number")

    return held | ({"order_numbers": order_numbers.found} if order_numbers else {})

"""
The report's plots, as SVG that stands in the page.

Ink and lines take the page's own colours, so that one drawing is right in light and in dark.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import PercentFormatter

from bot.workbench.evaluation.figures import ALL, MOST_REFUSED, Confusion, LanguageFigures

# matplotlib knows no colours of a page: these stand for them until the drawing is written.
INK, FAINT = "#010203", "#040506"
COLOURS = {ALL: "#070809", "en": "#0a0b0c", "ru": "#0d0e0f"}
_OF_THE_PAGE = {
    INK: "var(--ink)",
    FAINT: "var(--line)",
    COLOURS[ALL]: "var(--ink)",
    COLOURS["en"]: "var(--first)",
    COLOURS["ru"]: "var(--second)",
}
_STYLE: dict[Any, object] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "legend.frameon": False,
}
CELL = 0.27
"""Inches of a square, enough for a name beside it."""
LONGEST_NAME = 20


def draw_curves(languages: Sequence[LanguageFigures]) -> str:
    """Out of scope refused against in scope wrongly refused; where the model works is marked."""
    with _drawing("curves", 5.2, 4.2) as (axes, written):
        axes.axvline(MOST_REFUSED, color=FAINT, linestyle="--")
        for one in languages:
            if not one.curve:
                continue
            colour = COLOURS[one.language]
            axes.plot(
                [point.refused_wrongly for point in one.curve],
                [point.refused_rightly for point in one.curve],
                color=colour,
                label=one.language,
            )
            works_at = np.array([[one.refused_wrongly.value], [one.refused_rightly.value]], float)
            axes.plot(*works_at, "o", color=colour, ms=9)
        farthest = max(0.4, *(one.refused_wrongly.value or 0 for one in languages))
        axes.set(xlabel="In scope, wrongly refused", ylabel="Out of scope, refused")
        axes.set_xlim(0, farthest + 0.02)
        axes.legend(loc="lower right")
        _in_percent(axes)

    return written[0]


def draw_reliability(figures: LanguageFigures) -> str:
    """How many are right of those of which the model is about so sure, with intervals."""
    with _drawing(f"reliability-{figures.language}", 4.4, 4.2) as (axes, written):
        axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--")
        right = np.array([one.right.value for one in figures.bins])
        low = np.array([one.right.low for one in figures.bins])
        high = np.array([one.right.high for one in figures.bins])
        axes.errorbar(
            [one.confidence for one in figures.bins],
            right,
            # The exact bound of a bin without mistakes may lie inside the value by a rounding.
            yerr=np.maximum([right - low, high - right], 0),
            fmt="o-",
            color=COLOURS[figures.language],
            capsize=3,
        )
        axes.set(xlabel="Confidence", ylabel="Right", xlim=(0, 1), ylim=(0, 1.02))
        _in_percent(axes)

    return written[0]


def draw_confusions(confusions: Sequence[Confusion]) -> str:
    """Who is taken for whom: a square for each pair, its number in it."""
    meant = sorted({one.meant for one in confusions})
    said = sorted({one.said for one in confusions})
    columns = [said.index(one.said) for one in confusions]
    rows = [meant.index(one.meant) for one in confusions]
    counts = np.array([one.count for one in confusions])
    size = 2.4 + CELL * len(said), 1.9 + CELL * len(meant)
    with _drawing("confusions", *size) as (axes, written):
        axes.grid(visible=True, alpha=0.5)
        axes.set_axisbelow(True)
        axes.scatter(
            columns,
            rows,
            s=210,
            marker="s",
            color=COLOURS["en"],
            alpha=0.1 + 0.6 * counts / counts.max(initial=1),
        )
        for column, row, count in zip(columns, rows, counts, strict=True):
            axes.text(column, row, str(count), ha="center", va="center", fontsize=9)
        axes.set_xticks(range(len(said)), [_short(name) for name in said], rotation=90)
        axes.set_yticks(range(len(meant)), [_short(name) for name in meant])
        axes.set(xlim=(-0.6, len(said) - 0.4), ylim=(len(meant) - 0.4, -0.6))
        axes.xaxis.tick_top()  # in sight of the first rows on a small screen
        axes.xaxis.set_label_position("top")
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.set(xlabel="Taken for", ylabel="Meant")

    return written[0]


@contextmanager
def _drawing(name: str, width: float, height: float) -> Iterator[tuple[Axes, list[str]]]:
    """Axes to draw on, in inches; what was drawn is written to the list afterwards."""
    written: list[str] = []
    # The salt makes the ids in the drawing the same in every run, and others in every drawing.
    with rc_context({**_STYLE, "svg.hashsalt": name}):
        drawing = Drawing(figsize=(width, height), layout="constrained")
        yield drawing.subplots(), written
        file = io.StringIO()
        drawing.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    written.append(_for_page(file.getvalue()))


def _short(name: str) -> str:
    """A trainer may name an intent as they like; a drawing has room for so much."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _for_page(svg: str) -> str:
    """The drawing without what only a file of its own needs, in the colours of the page."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    for ours, of_the_page in _OF_THE_PAGE.items():
        svg = svg.replace(ours, of_the_page)

    return svg


def _in_percent(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=None))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=None))
    axes.grid(visible=True, alpha=0.5)

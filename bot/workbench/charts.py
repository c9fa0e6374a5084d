"""
Plots on the desk, as SVG without a style of its own.

The desk's policy forbids styles inside a page, which every drawing of matplotlib has, so these
are drawn here: shapes with classes, to which the page's own sheet gives colours for light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

WIDTH: Final = 460
HEIGHT: Final = 200
LEFT: Final = 44
"""Room for the numbers beside the axis."""
RIGHT: Final = 8
TOP: Final = 10
BOTTOM: Final = 22
STEPS: Final = 4
SHARES: Final = (0.04, 0.08, 0.2, 0.4, 0.8, 1.0)
"""Where an axis of shares may end: in four steps of whole percents."""
MOST_NAMES: Final = 7
"""Days that are named below the axis."""
MOST_SERIES: Final = 7
"""Colours that can be told apart."""

Kind = Literal["bars", "lines"]


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour tells: a value for each place of the axis, None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """
    Bars that stand on each other, or lines; `places` are the names along the axis.

    Lines are shares from 0 to 1 and shown in percent.
    """

    title: str
    kind: Kind
    places: Sequence[str]
    series: Sequence[Series]


def draw(chart: Chart) -> str:
    """The drawing; its numbers stand in a table beside it for whoever does not see it."""
    top = _top(chart)
    parts = [*_grid(chart, top), *_names(chart)]
    parts += _bars(chart, top) if chart.kind == "bars" else _lines(chart, top)

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'class="chart"><title>{escape(chart.title)}</title>{"".join(parts)}</svg>'
    )


def _top(chart: Chart) -> float:
    """The end of the axis: a round number not below any value."""
    if chart.kind == "lines":
        most = max((value or 0 for one in chart.series for value in one.values), default=0)
        return next((top for top in SHARES if most <= top), 1.0)
    highest = max(
        (sum(one.values[at] or 0 for one in chart.series) for at in range(len(chart.places))),
        default=0,
    )
    step = 1
    while step * STEPS < highest:
        digits = str(step)
        step = int({"1": "2", "2": "5", "5": "10"}[digits[0]] + digits[1:])

    return float(step * STEPS)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _room(chart: Chart) -> float:
    """How wide the place of one name is."""
    return (WIDTH - LEFT - RIGHT) / max(len(chart.places), 1)


def _middle(chart: Chart, at: int) -> float:
    return LEFT + _room(chart) * (at + 0.5)


def _grid(chart: Chart, top: float) -> list[str]:
    parts = []
    for step in range(STEPS + 1):
        value = top * step / STEPS
        y = _y(value, top)
        words = f"{value:.0%}" if chart.kind == "lines" else f"{value:,.0f}"
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="beside" x="{LEFT - 6}" y="{y + 3.5:.1f}">{words}</text>')

    return parts


def _names(chart: Chart) -> list[str]:
    every = -(-len(chart.places) // MOST_NAMES) or 1

    return [
        f'<text class="below" x="{_middle(chart, at):.1f}" y="{HEIGHT - 6}">{escape(name)}</text>'
        for at, name in enumerate(chart.places)
        if at % every == 0
    ]


def _bars(chart: Chart, top: float) -> list[str]:
    wide = max(_room(chart) * 0.78, 0.8)
    parts = []
    for at in range(len(chart.places)):
        below = 0.0
        for number, one in enumerate(chart.series):
            value = one.values[at] or 0
            if not value:
                continue
            y, high = _y(below + value, top), _y(below, top) - _y(below + value, top)
            parts.append(
                f'<rect class="s{number + 1}" x="{_middle(chart, at) - wide / 2:.1f}" '
                f'y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
            )
            below += value

    return parts


def _lines(chart: Chart, top: float) -> list[str]:
    parts = []
    for number, one in enumerate(chart.series):
        pieces, at_once = [], "M"
        for at, value in enumerate(one.values):
            if value is None:
                at_once = "M"
                continue
            x, y = _middle(chart, at), _y(value, top)
            pieces.append(f"{at_once}{x:.1f} {y:.1f}")
            at_once = "L"
            parts.append(f'<circle class="s{number + 1}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>')
        parts.append(f'<path class="line s{number + 1}" d="{"".join(pieces)}"/>')

    return parts

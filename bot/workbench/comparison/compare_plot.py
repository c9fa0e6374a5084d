"""
F1 of every intent before and now, as SVG that stands in the page.

It has classes and no styles: the page's policy runs none that stand in a document, and its sheet
knows the colours of light and dark.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bot.workbench.comparison.comparing import IntentCompared
from bot.workbench.evaluation.bootstrap import Figure

WIDTH: Final = 720
LEFT: Final = 190
RIGHT: Final = 20
TOP: Final = 26
ROW: Final = 24
TICKS: Final = (0, 25, 50, 75, 100)
LONGEST_NAME: Final = 26


def draw_f1(intents: Sequence[IntentCompared]) -> str:
    """Two dots for each intent, with the intervals they may lie in; the most fallen on top."""
    height = TOP + ROW * len(intents) + 8

    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'aria-label="F1 of every intent before and now; the table has the numbers" '
            'class="f1">',
            *_grid(height),
            *(part for place, one in enumerate(intents) for part in _row(place, one)),
            "</svg>",
        ]
    )


def _grid(height: int) -> Iterator[str]:
    for tick in TICKS:
        x = _x(tick / 100)
        yield f'<line class="grid" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 6}"/>'
        yield f'<text class="tick" x="{x}" y="{TOP - 12}" text-anchor="middle">{tick} %</text>'


def _row(place: int, one: IntentCompared) -> Iterator[str]:
    y = TOP + ROW * place + ROW // 2
    name = one.intent.replace("_", " ")
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    yield f'<text class="name" x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(short)}</text>'
    for figure, which, off in ((one.f1.before, "before", -4), (one.f1.now, "now", 4)):
        yield from _figure(figure, which, y + off)


def _figure(figure: Figure, which: str, y: int) -> Iterator[str]:
    if figure.value is None or figure.low is None or figure.high is None:
        return
    low, high, x = _x(figure.low), _x(figure.high), _x(figure.value)
    yield f'<line class="{which}" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
    yield f'<circle class="{which}" cx="{x}" cy="{y}" r="4"/>'


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0), 1)

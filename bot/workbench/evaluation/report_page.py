"""
The report as one HTML page that needs nothing else.

The messages in it were written by anybody: Jinja escapes them, and the page's own policy allows
one script, which is its own.
"""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.entity_figures import find_entity_mistakes
from bot.workbench.evaluation.plots import draw_confusions, draw_curves, draw_reliability
from bot.workbench.evaluation.report import Report, headlines, in_percent

PAIRS_DRAWN = 40
_HERE = Path(__file__).parent


def render_page(report: Report) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "short": _short}
    script = (_HERE / "report.js").read_text("utf-8")
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    together = report.languages[0]
    drawn = together.confusions[:PAIRS_DRAWN]

    # What is drawn holds names of intents and numbers: matplotlib escapes them.
    return environment.get_template("report.html.j2").render(
        report=report,
        together=together,
        headlines=[(one, headlines(one)) for one in report.languages],
        curves=Markup(draw_curves(report.languages)) if together.curve else None,  # noqa: S704 (our own SVG)
        reliability=[
            (one, Markup(draw_reliability(one)))  # noqa: S704 (our own SVG)
            for one in report.languages
        ],
        confusions=Markup(draw_confusions(drawn)) if drawn else None,  # noqa: S704 (our own SVG)
        entity_mistakes=find_entity_mistakes(report.judged),
        script=Markup(script),  # noqa: S704 (our own SVG)
        script_checksum=checksum,
    )


def _percent(figure: Figure) -> Markup:
    """The interval is set apart, so that a narrow screen can put it below."""
    value, opening, interval = in_percent(figure).partition("(")

    return Markup("{}<small>{}{}</small>").format(value, opening, interval)


def _short(figure: Figure | None) -> str:
    return "–" if figure is None or figure.value is None else f"{100 * figure.value:.0f}"

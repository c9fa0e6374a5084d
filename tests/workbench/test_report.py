"""The report in its three forms: what stands in them is what was computed."""

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.evaluation.report import Report, in_percent, make_report, to_json
from bot.workbench.evaluation.report_page import render_page
from bot.workbench.evaluation.report_text import print_report
from tests.workbench.messages import a_judged, a_prediction, an_example

HOSTILE = "</script><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>"
VOID = {"meta", "input", "img", "br", "link"}


def a_report(*more: Judged) -> Report:
    """Two languages, in scope and out of it, right and wrong, with entities."""
    number = Entity("order_number", 0, 5, "#1004", "1004")
    marked = an_example(
        "#1004", "any", entities=(number,), kinds=frozenset({"order_number"}), language="ru"
    )
    judged = [
        a_judged("thanks", "thanks"),
        a_judged("thanks", "greet", text="ta [bold]very[/] much"),
        a_judged("thanks", "nlu_fallback", written_in="ru", language="ru", ranking="thanks"),
        a_judged("out_of_scope", "out_of_scope"),
        a_judged("out_of_scope", "nlu_fallback", written_in="ru", language="ru"),
        Judged(marked, a_prediction(text="#1004")),
        *more,
    ]

    return make_report("model.tar.gz", ["dev_en.yml", "dev_ru.yml"], judged)


class Page(HTMLParser):
    """Reads a page and holds what it is made of; an element that is not closed is told."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.addresses += [
            value for name, value in attrs if name in {"src", "href", "xlink:href", "action"}
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "xlink:href"}]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def printed(report: Report, width: int = 160) -> str:
    """What a terminal shows."""
    file = io.StringIO()
    print_report(report, Console(file=file, width=width))

    return file.getvalue()


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(0.7921, 0.75938, 0.8218, 640), "79.2 (75.9 to 82.2)"),
        (Figure(1.0, 0.9634, 1.0, 99), "100.0 (96.3 to 100.0)"),
        (Figure(None, None, None, 0), "–"),
    ],
)
def test_a_figure_is_written_with_its_interval(figure, words):
    """
    In per cent; what cannot be measured is a dash.
    """
    assert in_percent(figure) == words


def test_the_terminal_shows_every_table():
    """
    Per language; what buyers wrote is not taken for rich's markup.
    """
    text = printed(a_report())

    assert re.search(r"all, 5 +en, 3 +ru, 2", text)
    assert re.search(r"Accuracy +60.0 \(\d", text)
    assert re.search(r"thanks +greet +1 +ta \[bold\]very\[/\] much", text)
    assert re.search(r"thanks +3 +100.0 +33.3 +50.0", text)
    assert re.search(r"order_number, ru +1 +0.0", text)
    assert re.search(r"Refused, out of scope +100.0", text)
    assert re.search(r"Sure by +n +Mean +Right", text)


def test_the_json_holds_figures_and_mistakes():
    """
    With file and line, so that a trainer finds the message.
    """
    found = json.loads(to_json(a_report()))

    assert list(found["languages"]) == ["all", "en", "ru"]
    assert found["languages"]["all"]["accuracy"]["value"] == pytest.approx(3 / 5)
    assert found["languages"]["all"]["accuracy"]["n"] == 5
    assert [(one["meant"], one["said"]) for one in found["misunderstood"]] == [
        ("thanks", "greet"),
        ("thanks", "nlu_fallback"),
    ]
    assert found["misunderstood"][0]["file"] == "dev_en.yml"
    assert found["misunderstood"][0]["line"] == 7
    (mistake,) = found["entity_mistakes"]
    assert (mistake["wanted"], mistake["got"]) == ("#1004 = 1004", "")


def test_the_page_is_whole_and_needs_nothing_else():
    """
    Well-formed, with its drawings inside; every address in it is a place in itself.
    """
    page = Page(render_page(a_report()))

    assert page.elements.count("svg") == 5  # confusions, the curve, three reliability diagrams
    assert page.elements.count("script") == 1
    assert page.addresses
    assert all(address.startswith("#") for address in page.addresses)


def test_a_hostile_message_is_only_text():
    """
    As a message, as an intent (drawn and written), as a model's and a file's name. A dollar is no
    formula.
    """
    hostile = a_judged(HOSTILE, f"${HOSTILE}$", text=HOSTILE, ranking="<b>")
    report = a_report(hostile)

    page = render_page(Report(HOSTILE, (HOSTILE,), report.languages, report.judged))

    elements = Page(page).elements
    assert elements.count("script") == 1
    assert {"img", "b"}.isdisjoint(elements)
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page


def test_the_policy_allows_the_one_script():
    """
    By its checksum: with another letter in it the script would not run.
    """
    page = render_page(a_report())
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{checksum}'" in page


def test_drawings_take_the_colours_of_the_page():
    """
    No colour of their own would be right both in light and in dark.
    """
    drawings = re.findall(r"<svg.*?</svg>", render_page(a_report()), re.DOTALL)

    colours = {colour for drawing in drawings for colour in re.findall(r"#[0-9a-f]{6}\b", drawing)}
    assert colours == set()
    assert all("var(--ink)" in drawing for drawing in drawings)


def test_the_same_messages_give_the_same_page():
    """
    Two pages differ only where the model does.
    """
    assert render_page(a_report()) == render_page(a_report())


@pytest.mark.parametrize(
    "judged",
    [
        [a_judged("thanks", "thanks")],
        [a_judged("any", "thanks")],
        [a_judged("thanks", "thanks", ranking="greet", sure=0.0)],
        [a_judged("out_of_scope", "thanks", written_in="ru")],
    ],
)
def test_small_sets_have_a_report_too(judged):
    """
    Nothing wrong, nothing but entities, nothing in scope: the page says so.
    """
    report = make_report("model.tar.gz", ["x.yml"], judged)

    Page(render_page(report))
    assert printed(report)
    assert json.loads(to_json(report))["languages"]["all"]["messages"] in (0, 1)

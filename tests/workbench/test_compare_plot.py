"""F1 before and now, drawn."""

import re
from xml.etree import ElementTree as Tree

from bot.workbench.comparison.compare_plot import draw_f1
from bot.workbench.comparison.comparing import IntentCompared, Paired
from bot.workbench.evaluation.bootstrap import Figure

SVG = "{http://www.w3.org/2000/svg}"


def an_intent(name: str, before: Figure, now: Figure) -> IntentCompared:
    return IntentCompared(intent=name, n=9, f1=Paired(before, now, before), lost=0, won=0)


def test_two_dots_for_each_intent():
    half, whole = Figure(0.5, 0.25, 0.75, 9), Figure(1.0, 0.7, 1.0, 9)
    svg = Tree.fromstring(draw_f1([an_intent("refund_request", half, whole)] * 3))
    circles = svg.findall(f"{SVG}circle")

    assert len(circles) == 6
    assert [float(one.attrib["cx"]) for one in circles[:2]] == [445.0, 700.0]
    assert svg.findall(f"{SVG}text")[-1].text == "refund request"


def test_what_is_not_measured_is_not_drawn():
    none = Figure(None, None, None, 0)

    assert "<circle" not in draw_f1([an_intent("a", none, none)])
    Tree.fromstring(draw_f1([]))


def test_whatever_a_trainer_calls_an_intent():
    half = Figure(0.5, 0.25, 0.75, 9)
    drawn = draw_f1([an_intent('<b>"&x' * 20, half, half)])

    Tree.fromstring(drawn)
    assert "…" in drawn
    assert not re.search(r"style=|<style", drawn), "the page's policy would not run it"

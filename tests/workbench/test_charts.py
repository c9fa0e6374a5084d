"""Drawings for the desk: well-formed, escaped, without a style of their own."""

import xml.etree.ElementTree as ElementTree

import pytest

from bot.workbench.charts import Chart, Series, draw

SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind, *series: Series, places=("1 Mar", "2 Mar", "3 Mar"), title="Messages"):
    svg = draw(Chart(title=title, kind=kind, places=places, series=series))
    return ElementTree.fromstring(svg)


def words(svg, name):
    return [one.text for one in svg.iter(f"{SVG}text") if one.get("class") == name]


def test_bars_stand_on_each_other():
    svg = drawn("bars", Series("a", [1, 0, 4]), Series("b", [3, 2, None]))
    bars = [(one.get("class"), float(one.get("y"))) for one in svg.iter(f"{SVG}rect")]

    assert [name for name, _ in bars] == ["s1", "s2", "s2", "s1"]
    assert bars[1][1] < bars[0][1]


def test_the_axis_ends_at_a_round_number():
    assert words(drawn("bars", Series("a", [7, 1, 1])), "beside") == ["0", "2", "4", "6", "8"]
    assert words(drawn("bars", Series("a", [1700, 1, 1])), "beside")[-1] == "2,000"
    assert words(drawn("bars", Series("a", [0, 0, 0])), "beside")[-1] == "4"


def test_lines_are_in_percent_and_leave_gaps():
    svg = drawn("lines", Series("a", [0.5, None, 1.0]))
    (line,) = [one for one in svg.iter(f"{SVG}path") if one.get("class") == "line s1"]

    assert words(svg, "beside") == ["0%", "25%", "50%", "75%", "100%"]
    assert (line.get("d").count("M"), line.get("d").count("L")) == (2, 0)


def test_small_shares_have_a_short_axis():
    assert words(drawn("lines", Series("a", [0.05, None, 0.01])), "beside")[-1] == "8%"
    assert words(drawn("lines", Series("a", [None, None, None])), "beside")[-1] == "4%"


def test_few_of_many_places_are_named():
    places = [f"day {number}" for number in range(60)]
    svg = drawn("bars", Series("a", [1] * 60), places=places)

    assert 4 <= len(words(svg, "below")) <= 7


@pytest.mark.parametrize("name", ["<script>", "a & b", '"x"', "]]>"])
def test_names_are_only_names(name):
    svg = drawn("bars", Series(name, [1]), places=[name], title=name)

    assert svg.find(f"{SVG}title").text == name
    assert not list(svg.iter(f"{SVG}script"))


def test_nothing_has_a_style():
    svg = draw(Chart(title="x", kind="bars", places=["a"], series=[Series("a", [1])]))

    assert "style" not in svg
    assert "fill=" not in svg


def test_nothing_at_all_is_an_empty_plot():
    assert words(drawn("lines", places=()), "below") == []

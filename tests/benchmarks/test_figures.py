"""Figures of two systems beside each other."""

from benchmarks.figures import Row, Share, Spread, beside, percentile


def test_a_spread_shows_its_median_and_range():
    """One round has no range."""
    assert str(Spread((3.0, 1.0, 2.04))) == "2.0 (1.0 to 3.0)"
    assert str(Spread((2.04,), digits=2)) == "2.04"


def test_a_share_is_shown_in_percent():
    """With its interval."""
    assert str(Share(0.875, 0.8, 0.93, 40)) == "87.5% (80.0% to 93.0%)"


def test_figures_stand_beside_those_of_the_same_name():
    """What only one has stands alone; measured figures get a ratio, shares do not."""
    half = Share(0.5, 0.4, 0.6, 10)
    rows = beside(
        {"ms": Spread((5.0,)), "right": half, "message 500": Spread((6.0,))},
        {"ms": Spread((20.0, 10.0, 30.0)), "right": half, "message 150": Spread((9.0,))},
    )

    assert [(row.name, row.ratio) for row in rows] == [
        ("ms", "0.25"),
        ("right", ""),
        ("message 500", ""),
        ("message 150", ""),
    ]
    assert rows[2].stock is None
    assert rows[3].ours is None


def test_json_holds_every_round():
    """So that another can reckon with them."""
    row = Row("ms", Spread((3.0, 1.0, 2.0)), None)

    assert row.to_json() == {
        "figure": "ms",
        "makegood": {"median": 2.0, "rounds": [3.0, 1.0, 2.0]},
        "stock": None,
    }


def test_a_percentile_lies_between_two_values():
    """Interpolated, both ends included."""
    assert percentile([0.0, 10.0], 95) == 9.5
    assert percentile(list(range(101)), 95) == 95

"""How far people agree, against another implementation, and only where they were blind."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bot.casework.agreement import FEWEST, say_kappa, to_agreement, to_kappa
from bot.casework.inbox import Said

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = st.sampled_from(["late", "lost", "broken"])


def said(message: str, who: str, intent: str, minute: int, back: int | None = None) -> Said:
    return Said(
        inbox_id=message,
        agent_id=who,
        name=who.title(),
        intent=intent,
        at=BEGIN + timedelta(minutes=minute),
        taken_back=None if back is None else BEGIN + timedelta(minutes=back),
    )


@given(st.lists(st.tuples(WORDS, WORDS), min_size=2))
def test_the_same_as_scikit_learn_says(words):
    first, second = zip(*words, strict=True)
    found = to_kappa(words)

    if len({*first, *second}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second))


def test_the_example_of_the_literature():
    """Cohen's own kind of table: 20 both yes, 15 both no, 5 and 10 apart."""
    words = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    assert to_kappa(words) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("kappa", "shared", "word"),
    [
        (-0.1, 50, "poor"),
        (0.2, 50, "slight"),
        (0.21, 50, "fair"),
        (0.5, 50, "moderate"),
        (0.8, 50, "substantial"),
        (0.81, 50, "almost perfect"),
        (1.0, FEWEST, "almost perfect"),
        (1.0, FEWEST - 1, "too few"),
        (None, 50, "only one meaning"),
        (None, 0, "too few"),
    ],
)
def test_in_a_word(kappa: float | None, shared: int, word: str):
    assert say_kappa(kappa, shared) == word


def test_pairs_and_their_mean():
    """
    The mean counts messages: whoever shared more weighs more.
    """
    found = to_agreement(
        [
            *(said(f"m{n}", "kim", "ab"[n % 2], n) for n in range(30)),
            *(said(f"m{n}", "lou", "ab"[n % 2], 100 + n) for n in range(20)),
            *(said(f"m{n}", "max", "ab"[n // 2 % 2], 200 + n) for n in range(20, 30)),
        ]
    )

    assert [(pair.names, pair.shared, pair.same) for pair in found.pairs] == [
        (("Kim", "Lou"), 20, 20),
        (("Kim", "Max"), 10, 5),
    ]
    first, second = (pair.kappa for pair in found.pairs)
    assert first == 1
    assert found.kappa == pytest.approx((20 * first + 10 * second) / 30)


def test_who_changes_their_mind_after_the_other_is_not_heard():
    """
    The answer to the second one's label says what the first had said.
    """
    found = to_agreement(
        [
            said("m", "kim", "late", 0),
            said("m", "lou", "lost", 1, back=2),
            said("m", "lou", "late", 3),
        ]
    )

    assert (found.shared, found.same) == (1, 0)


def test_who_changes_their_mind_before_is():
    found = to_agreement(
        [
            said("m", "kim", "lost", 0, back=1),
            said("m", "kim", "late", 2),
            said("m", "lou", "late", 3),
        ]
    )

    assert (found.shared, found.same) == (1, 1)


def test_what_was_taken_back_before_is_no_word():
    found = to_agreement([said("m", "kim", "lost", 0, back=1), said("m", "lou", "late", 3)])

    assert (found.pairs, found.kappa) == ((), None)


def test_three_people_are_three_pairs():
    found = to_agreement([said("m", who, "late", n) for n, who in enumerate(("kim", "lou", "max"))])

    assert [pair.names for pair in found.pairs] == [("Kim", "Lou"), ("Kim", "Max"), ("Lou", "Max")]

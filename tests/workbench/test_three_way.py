"""Taking a change out of a text that has changed since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workbench.project.three_way import Conflict, diff, merge

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "x\r\n", "end"]), max_size=8).map(
    "".join
)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("a\nb\nc\n", "a\nb\nc\nd\n", "b\nc\n", "b\nc\nd\n"),
        ("a\nb\nc\n", "a\nx\nc\n", "a\nx\nc\n", "a\nx\nc\n"),
        ("a\nb\nc\nd\n", "x\nb\nc\nd\n", "a\nb\nc\ny\n", "x\nb\nc\ny\n"),
        ("a\nb\n", "a\nb\n", "", ""),
        ("a\n", "a\nb", "a\n", "a\nb"),
    ],
)
def test_both_changes_are_in_it(base, ours, theirs, merged):
    assert merge(base, ours, theirs) == merged


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n"),
        ("a\nb\nc\n", "a\nc\n", "a\ny\nc\n"),
        ("a\n", "a\nb\n", "a\nc\n"),
    ],
)
def test_the_same_lines_are_a_conflict(base, ours, theirs):
    with pytest.raises(Conflict):
        merge(base, ours, theirs)


@given(TEXTS, TEXTS)
def test_one_side_alone_wins(base, other):
    assert merge(base, other, base) == other
    assert merge(base, base, other) == other
    assert merge(base, other, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_is_who(base, ours, theirs):
    def merged(one, other):
        try:
            return merge(base, one, other)
        except Conflict:
            return None

    assert merged(ours, theirs) == merged(theirs, ours)


def test_a_diff_tells_what_comes_and_goes():
    assert diff("x.yml", None, "a\nb") == (
        "--- /dev/null\n+++ b/x.yml\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"
    )

"""Canned replies: rendered with an order's facts, edited without a restart, never broken."""

import shutil

import pytest

from bot.canned import TRIED, BrokenCanned, CannedFacts, CannedReplies
from bot.replies import Templates
from bot.settings import ROOT


@pytest.fixture
def canned(tmp_path):
    """The replies that we ship, in a folder of their own."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")

    return CannedReplies(Templates(tmp_path / "templates"))


def text_of(canned, name, locale="en", **facts):
    """One reply with these facts."""
    found = canned.render(locale, CannedFacts(agent="Anna", **facts))

    return next(one.text for one in found if one.name == name)


def test_a_reply_is_rendered_with_what_is_known(canned):
    """
    In the buyer's language, with the order's own facts.
    """
    assert text_of(canned, "hello", buyer="Ada").startswith("Hello Ada, this is Anna.")
    known = {"order_number": "DEMO-1003", "carrier": "DHL", "tracking_number": "RR1"}
    assert "on its way with DHL, tracking number RR1" in text_of(canned, "where_it_is", **known)
    assert "в пути" in text_of(canned, "where_it_is", "ru-RU", **known)


def test_what_is_not_known_leaves_no_gap(canned):
    """
    Every reply that we ship reads well with nothing known.
    """
    for locale in canned.locales():
        for facts in TRIED:
            for one in canned.render(locale, facts):
                assert "None" not in one.text and "  " not in one.text, one
                assert one.text, one


def test_an_edited_file_counts_at_once(canned):
    """
    Whoever writes a reply uses it in the next conversation.
    """
    canned.save("en", "{% block sorry %}So sorry, {{ buyer }}.{% endblock %}")

    assert [one.name for one in canned.render("en", CannedFacts())] == ["sorry"]
    assert text_of(canned, "sorry", buyer="Ada") == "So sorry, Ada."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% block a %}{{ buyer }", "Line 1"),
        ("{% block a %}{{ password }}{% endblock %}", "'password' is undefined"),
        ("{% block a %}{{ ''.__class__.__mro__ }}{% endblock %}", "unsafe"),
        ("{% block a %}{{ 1 / 0 }}{% endblock %}", "division by zero"),
        ("{% block a %}{{ total | money }}{% endblock %}", "a:"),
        ("{% block a %}   {% endblock %}", "says nothing"),
        ("{% block a %}x{% endblock %}{% block a %}y{% endblock %}", "twice"),
        ("x" * 100_001, "At most"),
    ],
)
def test_a_broken_file_changes_nothing(canned, source, said):
    """
    The mistake is told, and the replies stay as they were.
    """
    before = canned.source("en")

    with pytest.raises(BrokenCanned, match=said):
        canned.save("en", source)

    assert canned.source("en") == before


@pytest.mark.parametrize("locale", ["xx", "../../etc", ""])
def test_only_languages_that_there_are_can_be_edited(canned, locale):
    """
    A locale is no path.
    """
    with pytest.raises(BrokenCanned):
        canned.save(locale, "{% block a %}x{% endblock %}")

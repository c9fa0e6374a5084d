"""Reports on what buyers wrote, from conversations that went through the real services."""

from datetime import date, timedelta

import pytest

from bot.casework.agents import Role
from bot.services.answering import do_answer, do_correct
from bot.services.labelling import do_label, do_skip, take_next
from bot.services.taking_over import do_claim
from bot.teaching.collecting import import_messages
from bot.teaching.reporting import (
    REPORTS,
    Report,
    make_report,
    make_reports,
    to_span,
    to_table,
)
from bot.training import RasaProject
from tests.factories import NOW, an_order
from tests.teaching.test_hinting import NLU, write
from tests.workbench.reading import read

KNOWN = frozenset({"order_status", "refund_request", "order_late"})


@pytest.fixture
def project(tmp_path) -> RasaProject:
    write(tmp_path, "data/nlu/orders.yml", NLU)
    return RasaProject(folder=tmp_path, logs=tmp_path, rasa=("rasa",), env={})


@pytest.fixture
def report(project):
    """Makes one report on a shop."""

    def make(shop, which: str, days: int = 7) -> Report:
        return make_report(shop.house, project, which, days)

    return make


@pytest.mark.parametrize(
    ("days", "pieces", "weekly"), [(1, 1, False), (7, 7, False), (35, 35, False), (36, 6, True)]
)
def test_days_or_weeks(days, pieces, weekly):
    span = to_span(NOW, days)

    assert (len(span.starts), span.weekly) == (pieces, weekly)
    assert span.starts[0].weekday() == 0 or not weekly
    assert span.end == NOW.date() + timedelta(days=1)


def test_the_last_week_ends_today():
    *_, (start, _, until) = to_span(NOW, 90).pieces

    assert (start, until.date()) == (date(2026, 3, 16), date(2026, 3, 21))


def test_every_report_of_an_empty_shop(shop, project):
    _, reports = make_reports(shop().house, project, 90)

    assert [one.name for one in reports] == list(REPORTS)
    for one in reports:
        assert one.headline
        assert all(len(row) == len(to_table(one)[0]) for row in to_table(one))


def test_what_buyers_write_about(dialog, report):
    buyer = dialog(an_order())
    for intent in ("order_status", "order_status", "thanks"):
        buyer.says(intent, "words")
    told = report(buyer.shop, "volumes")

    assert told.rows == (("order status", 2, 2 / 3), ("thanks", 1, 1 / 3))
    assert to_table(told)[1:] == (
        ("2026-03-20", "order_status", 2),
        ("2026-03-20", "thanks", 1),
    )
    assert told.headline == "3 messages, 2 intents"


def test_rare_intents_share_a_colour(dialog, report):
    buyer = dialog(an_order())
    for intent in (
        "order_status", "thanks", "greet", "goodbye", "invoice", "delivery_time", "ask_bot", "deny",
    ):  # fmt: skip
        buyer.says(intent, "words")
    chart = report(buyer.shop, "volumes").chart

    assert chart is not None
    assert len(chart.series) == 7
    assert (chart.series[-1].name, chart.series[-1].values[-1]) == ("all others", 2)


def test_answered_without_a_person(dialog, report):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it")
    told = report(buyer.shop, "automation")
    assert told.headline == "100% of 1 conversations"

    buyer.says("human_agent", "a person please")
    assert report(buyer.shop, "automation").rows[-1] == ("2026-03-20", 1, 1, 0.0)


def test_not_understood(dialog, report):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it")
    buyer.mumbles("hm the parcel thing", "order_status", "order_late")
    *_, today = report(buyer.shop, "fallback").rows

    assert today == ("2026-03-20", 2, 1, 0, 0, 0.5)


def test_confirmed_by_agents(dialog, report):
    buyer = dialog(an_order())
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    buyer.says("order_status", "where is it")
    buyer.says("human_agent", "a person please")
    house, talk = buyer.shop.house, buyer.id
    assert report(buyer.shop, "accuracy").headline == "– of 0 messages, 0 corrected"

    do_claim(house, talk, kim)
    do_answer(house, talk, kim, client_id="a", text="Hello")
    with house.units.reading() as unit:
        first = unit.conversations.transcript(talk, 0)[0].id
    do_correct(house, first, kim, intent="refund_request", entities=None, known_intents=KNOWN)
    *_, today = report(buyer.shop, "accuracy").rows

    assert today == ("2026-03-20", 2, 1, 0.5)


def test_new_words(dialog, report):
    buyer = dialog(an_order())
    for _ in range(5):
        buyer.says("order_status", "where is my parcel 123 flibber", confidence=0.5)
    told = report(buyer.shop, "drift")
    *_, today = told.rows

    assert today[:5] == ("2026-03-20", 25, 5, 0.2, 0.5)
    assert "New words most often: flibber." in told.words
    assert told.rows[0][3:] == (None, None, 0, None)


def test_how_far_messages_are_from_the_examples(dialog, report):
    """
    In the mean of those that were measured, whichever their language: the others are not near.
    """
    buyer = dialog(an_order())
    for text, nearness in (("where is it", 0.75), ("где посылка", 0.25), ("an old one", None)):
        buyer.says("order_status", text, nearness=nearness)
    buyer.says("thanks", "thanks", nearness=-0.25)
    told = report(buyer.shop, "drift")
    *_, today = told.rows

    assert today[5:] == (3, 0.75)
    assert told.headline == "78% of the words are new, distance 75%"
    assert told.chart is not None
    assert told.chart.series[-1].values[-1] == 0.75
    assert to_table(told)[0][-2:] == ("Measured", "Mean distance")


def test_messages_of_before_have_no_distance(dialog, report):
    """
    That is not the same as none.
    """
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it")
    told = report(buyer.shop, "drift")

    assert told.rows[-1][5:] == (0, None)
    assert told.headline.endswith("distance –")


def test_each_day_has_a_distance_of_its_own(dialog, report):
    """
    An example written once more has none.
    """
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it", nearness=0.5)
    buyer.shop.now += timedelta(days=1)
    buyer.says("thanks", "thanks", nearness=1.0)
    *_, yesterday, today = report(buyer.shop, "drift").rows

    assert (yesterday[5:], today[5:]) == ((1, 0.5), (1, 0.0))


def test_who_labels_how_much(shop, report):
    one = shop(an_order())
    kim = one.hires("Kim Doe", Role.TRAINER)
    list(import_messages(one.house, ["parcel", "refund", "it broke"], read, "a model"))
    for number in range(3):
        message = take_next(one.house, kim)
        assert message
        if number == 2:
            do_skip(one.house, message.id, kim)
        else:
            do_label(
                one.house, message.id, kim, intent="order_late", entities=None, second=False,
                known_intents=KNOWN,
            )  # fmt: skip
    told = report(one, "labels")

    assert told.rows == (("Kim Doe", 2, 1, "2"),)
    assert to_table(told)[1:] == (("2026-03-20", "Kim Doe", 2),)
    assert told.headline == "2 labels by 1 person"


def test_models(dialog, report):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it")
    told = report(buyer.shop, "models", 90)

    assert [row[1:4] for row in told.rows] == [(1, "2026-03-16", "2026-03-16")]


def test_what_is_before_the_days_is_left_out(dialog, report):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is it")
    buyer.shop.now += timedelta(days=7)

    assert report(buyer.shop, "volumes").rows == ()
    assert report(buyer.shop, "volumes", 8).rows == (("order status", 1, 1.0),)

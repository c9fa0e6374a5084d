"""A candidate reads along."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.casework.ports.units import Missing
from bot.obstacles import Obstacle
from bot.services.erasure import Eraser, do_erase
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.store.database import writing
from bot.store.tables import messages, shadow_readings
from bot.teaching.shadowing import (
    do_begin_shadow,
    do_stop_shadow,
    read_shadow,
    shadow_once,
)
from tests.dialog import Dialog
from tests.factories import an_order
from tests.teaching.two_models import LIVE, NEW, Readers, a_workbench, always, serve


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = a_workbench(tmp_path)
    serve(settings, LIVE)

    return settings


@pytest.fixture
def buyer(dialog) -> Dialog:
    return dialog(an_order())


def writes(buyer: Dialog, text: str, intent: str, read_by: str | None = LIVE) -> str:
    """A message of the buyer that a model read."""
    buyer.shop.now += timedelta(seconds=1)
    buyer.says(intent, text)
    with writing(buyer.shop.engine) as db:
        one = sa.update(messages).where(messages.c.id == buyer.last_message)
        db.execute(one.values(read_by=read_by))

    return buyer.last_message


def begin(buyer: Dialog, settings: Settings, hours: int = 2) -> None:
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    do_begin_shadow(buyer.shop.house, settings, kim, NEW, hours)


def test_where_the_two_disagree(buyer, settings):
    writes(buyer, "thanks before", "thanks")
    buyer.shop.now += timedelta(minutes=1)
    begin(buyer, settings)
    writes(buyer, "where is my parcel", "order_status")
    last = writes(buyer, "thank you", "thanks")

    assert shadow_once(buyer.shop.house, settings, Readers(new=always("thanks"))) == 2
    seen = read_shadow(buyer.shop.house)
    assert (seen.shadow.messages, seen.shadow.agreed) == (2, 1)
    (one,) = seen.disagreements
    assert (one.text, one.live_intent, one.intent) == (
        "where is my parcel",
        "order_status",
        "thanks",
    )
    assert one.message_id != last


def test_each_message_is_read_once(buyer, settings):
    begin(buyer, settings)
    writes(buyer, "thank you", "thanks")
    house = buyer.shop.house

    assert [shadow_once(house, settings, Readers()) for _ in range(2)] == [1, 0]
    writes(buyer, "thank you", "thanks")
    assert shadow_once(house, settings, Readers()) == 1
    assert read_shadow(house).shadow.messages == 2


def test_refused_is_refused(buyer, settings):
    """
    Out of scope and not sure are one answer to the buyer.
    """
    begin(buyer, settings)
    buyer.mumbles("hm", "thanks", "greet")
    with writing(buyer.shop.engine) as db:
        db.execute(sa.update(messages).values(read_by=LIVE))
    shadow_once(buyer.shop.house, settings, Readers(new=always("out_of_scope")))

    assert read_shadow(buyer.shop.house).disagreements == ()


@pytest.mark.parametrize("read_by", [None, NEW])
def test_what_the_live_model_did_not_read_is_left_out(buyer, settings, read_by):
    begin(buyer, settings)
    writes(buyer, "thank you", "thanks", read_by)

    assert shadow_once(buyer.shop.house, settings, Readers()) == 0


def test_it_ends_by_itself_after_the_last_message(buyer, settings):
    begin(buyer, settings, hours=1)
    writes(buyer, "thank you", "thanks")
    buyer.shop.now += timedelta(hours=1)
    writes(buyer, "too late", "thanks")
    shadow_once(buyer.shop.house, settings, Readers())

    shadow = read_shadow(buyer.shop.house).shadow
    assert (shadow.messages, shadow.error, shadow.ended_at) == (1, "", buyer.shop.now)


def test_it_is_stopped(buyer, settings):
    begin(buyer, settings)
    house, kim = buyer.shop.house, buyer.shop.hires("Lou Roe", Role.TRAINER)
    do_stop_shadow(house, kim)
    writes(buyer, "thank you", "thanks")

    assert shadow_once(house, settings, Readers()) == 0
    assert read_shadow(house).shadow.ended_at
    with pytest.raises(NotAcceptable, match="No model reads along"):
        do_stop_shadow(house, kim)


def test_stopped_while_it_reads(buyer, settings):
    """
    What is read after that is not kept.
    """
    begin(buyer, settings)
    writes(buyer, "thank you", "thanks")
    house, kim = buyer.shop.house, buyer.shop.hires("Lou Roe", Role.TRAINER)

    def stops(*given):
        do_stop_shadow(house, kim)
        yield from Readers()(*given)

    shadow_once(house, settings, stops)
    assert read_shadow(house).shadow.messages == 0


def test_its_model_is_gone(buyer, settings):
    begin(buyer, settings)
    (settings.project / "models" / NEW).unlink()
    shadow_once(buyer.shop.house, settings, Readers())

    shadow = read_shadow(buyer.shop.house).shadow
    assert (shadow.error, bool(shadow.ended_at)) == ("The model is not there any more.", True)


def test_its_model_cannot_read(buyer, settings):
    begin(buyer, settings)
    writes(buyer, "thank you", "thanks")

    def broken(*_):
        raise Obstacle("no such model")
        yield ""

    shadow_once(buyer.shop.house, settings, broken)
    assert read_shadow(buyer.shop.house).shadow.error == "It could not read: no such model"


def test_a_message_on_which_it_fails_is_one_it_does_not_understand(buyer, settings):
    begin(buyer, settings)
    writes(buyer, "thank you", "thanks")
    shadow_once(buyer.shop.house, settings, lambda *_: iter(['{"error": "x", "line": 1}']))

    (one,) = read_shadow(buyer.shop.house).disagreements
    assert one.intent == "nlu_fallback"


def test_one_run_at_a_time(buyer, settings):
    begin(buyer, settings)
    with pytest.raises(NotAcceptable, match="reads along already"):
        do_begin_shadow(
            buyer.shop.house, settings, buyer.shop.hires("Lou Roe", Role.TRAINER), NEW, 1
        )
    buyer.shop.now += timedelta(hours=3)
    do_begin_shadow(buyer.shop.house, settings, buyer.shop.hires("Max Roe", Role.TRAINER), NEW, 1)


@pytest.mark.parametrize("hours", [0, -1, 73])
def test_hours_within_reason(buyer, settings, hours):
    with pytest.raises(NotAcceptable, match="1 to 72 hours"):
        begin(buyer, settings, hours)


def test_models_that_make_no_sense(buyer, settings):
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    with pytest.raises(NotAcceptable, match="live"):
        do_begin_shadow(buyer.shop.house, settings, kim, LIVE, 1)
    with pytest.raises(Missing):
        do_begin_shadow(buyer.shop.house, settings, kim, "../x.tar.gz", 1)


def test_without_a_run(buyer, settings):
    assert shadow_once(buyer.shop.house, settings, Readers()) == 0
    assert read_shadow(buyer.shop.house).shadow is None


def test_an_erased_buyer_leaves_no_reading(buyer, settings, tmp_path):
    """
    Neither the text, which stands in their message only, nor what it was taken for.
    """
    begin(buyer, settings)
    writes(buyer, "where is my parcel", "order_status")
    shadow_once(buyer.shop.house, settings, Readers(new=always("thanks")))
    assert len(buyer.shop.rows(shadow_readings)) == 1

    do_erase(buyer.shop.house, "ada@example.com", by=Eraser(), uploads=tmp_path)
    assert buyer.shop.rows(shadow_readings) == []
    assert read_shadow(buyer.shop.house).disagreements == ()

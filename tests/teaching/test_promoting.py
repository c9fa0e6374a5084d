"""A model goes live past the gate, or back."""

import json
from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.audit import AuditFilter
from bot.casework.comparisons import PromotionKind
from bot.casework.ports.units import Missing
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.store.tables import promotions
from bot.teaching import promoting
from bot.teaching.comparing import do_want_comparison, work_off_comparison
from bot.teaching.promoting import GateRefused, do_promote, do_roll_back
from tests.dialog import Shop
from tests.teaching.test_comparing import without_refunds
from tests.teaching.two_models import LIVE, NEW, Readers, a_workbench, put, serve

SAME = Readers()
REASON = "Black Friday: we need the new intent today"


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A workbench whose live model answers buyers."""
    settings = a_workbench(tmp_path)
    serve(settings, LIVE)

    return settings


def wanted(settings: Settings) -> str:
    path = settings.state_dir / "run" / "wanted.json"

    return json.loads(path.read_text())["model"] if path.exists() else ""


def compared(one: Shop, settings: Settings, readers: Readers = SAME) -> None:
    one.now += timedelta(minutes=1)
    work_off_comparison(
        one.house, settings, do_want_comparison(one.house, None, NEW, LIVE), readers
    )


def goes_live(one: Shop, settings: Settings, model: str, before: str = LIVE) -> None:
    """The supervisor has put it live."""
    serve(settings, model)
    one.now += timedelta(minutes=1)


def deeds(one: Shop) -> list[tuple[str, str]]:
    with one.house.units.reading() as unit:
        found = unit.audit.search(AuditFilter(subject="model"), 10)

    return [(entry.action, entry.who) for entry in found]


def test_a_trainer_promotes_what_passes_the_gate(shop, settings):
    one = shop()
    compared(one, settings)
    promotion = do_promote(one.house, settings, one.hires("Kim Doe", Role.TRAINER), NEW)

    assert (promotion.model, promotion.before, promotion.kind) == (NEW, LIVE, "promote")
    assert wanted(settings) == NEW
    assert deeds(one) == [("model.promote", "Kim Doe")]


def test_nothing_passes_uncompared(shop, settings):
    one = shop()
    with pytest.raises(GateRefused) as refused:
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW)

    assert [reason.code for reason in refused.value.reasons] == ["not_compared"]
    assert wanted(settings) == ""
    assert one.rows(promotions) == []


def test_a_poisoned_model_stays_out(shop, settings):
    """
    And a trainer cannot override, whatever they write.
    """
    one = shop()
    compared(one, settings, Readers(new=without_refunds))
    kim = one.hires("Kim Doe", Role.TRAINER)
    with pytest.raises(GateRefused) as refused:
        do_promote(one.house, settings, kim, NEW)
    with pytest.raises(NotAcceptable) as forbidden:
        do_promote(one.house, settings, kim, NEW, REASON)

    assert "refund_request number 3" in str(refused.value.reasons[0].sentences)
    assert forbidden.value.code == "override_not_allowed"
    assert (wanted(settings), one.rows(promotions), deeds(one)) == ("", [], [])


@pytest.mark.parametrize("role", [Role.LEAD, Role.OWNER])
def test_a_lead_overrides_in_writing(shop, settings, role):
    one = shop()
    compared(one, settings, Readers(new=without_refunds))
    do_promote(one.house, settings, one.hires("Lou", role), NEW, REASON)

    (row,) = one.rows(promotions)
    assert row["override"] == REASON
    assert row["refused"][0].startswith("refund request is protected")
    assert wanted(settings) == NEW


@pytest.mark.parametrize("reason", ["because", "x" * 501])
def test_a_reason_is_a_sentence(shop, settings, reason):
    one = shop()
    compared(one, settings, Readers(new=without_refunds))
    with pytest.raises(NotAcceptable) as refused:
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW, reason)

    assert refused.value.code == "reason_needed"


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_no_reason_is_no_override(shop, settings, reason):
    one = shop()
    with pytest.raises(GateRefused):
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW, reason)


def test_where_the_gate_is_open_nothing_is_overridden(shop, settings):
    one = shop()
    compared(one, settings)

    assert do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW, REASON).override == ""


def test_a_model_from_elsewhere_is_refused(shop, settings):
    """
    Whoever could load one would run code of somebody else's.
    """
    one = shop()
    lou = one.hires("Lou", Role.LEAD)
    foreign = settings.project / "models" / "makegood-foreign.tar.gz"
    foreign.write_text("from elsewhere")

    with pytest.raises(NotAcceptable, match=r"foreign\.tar\.gz is no whole archive") as it:
        do_promote(one.house, settings, lou, foreign.name, REASON)
    assert it.value.code == "foreign_model"


@pytest.mark.parametrize("name", ["makegood-x.tar.gz", "../models/makegood-new.tar.gz", "", "a"])
def test_a_model_that_is_not_there(shop, settings, name):
    one = shop()
    lou = one.hires("Lou", Role.LEAD)
    for put_live in (do_promote, do_roll_back):
        with pytest.raises(Missing):
            put_live(one.house, settings, lou, name)


def test_the_live_model_is_not_promoted(shop, settings):
    one = shop()
    with pytest.raises(NotAcceptable, match="live already"):
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), LIVE)


@pytest.mark.parametrize("swap", ["starting", "warming", "switching", "draining"])
def test_one_at_a_time(shop, settings, swap):
    one = shop()
    compared(one, settings)
    serve(settings, LIVE, swap, wanted="makegood-third.tar.gz")
    with pytest.raises(NotAcceptable, match=r"makegood-third\.tar\.gz is just going live"):
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW)


def test_what_the_supervisor_has_not_heard_of_yet_keeps_the_next_out(shop, settings):
    one = shop()
    third = "makegood-third.tar.gz"
    put(settings.project / "models" / third, third)
    compared(one, settings)
    lou = one.hires("Lou", Role.LEAD)
    do_promote(one.house, settings, lou, NEW)

    with pytest.raises(NotAcceptable, match=f"{NEW} is just going live"):
        do_promote(one.house, settings, lou, third, REASON)
    one.now += promoting.PATIENCE
    do_promote(one.house, settings, lou, third, REASON)
    assert wanted(settings) == third


def test_after_a_swap_that_failed_one_may_try_again(shop, settings):
    one = shop()
    compared(one, settings)
    lou = one.hires("Lou", Role.LEAD)
    do_promote(one.house, settings, lou, NEW)
    serve(settings, LIVE, "failed", wanted=NEW)

    assert do_promote(one.house, settings, lou, NEW).before == LIVE


def test_who_dies_before_the_supervisor_is_told(shop, settings, monkeypatch: pytest.MonkeyPatch):
    """
    The promotion stands, and the old model answers.
    """
    one = shop()
    compared(one, settings)

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(promoting, "want", dies)
    with pytest.raises(KeyboardInterrupt):
        do_promote(one.house, settings, one.hires("Lou", Role.LEAD), NEW)
    monkeypatch.undo()

    assert (len(one.rows(promotions)), wanted(settings)) == (1, "")


def test_who_dies_before_is_told_by_the_next_who_promotes(shop, settings, monkeypatch):
    one = shop()
    compared(one, settings)
    lou = one.hires("Lou", Role.LEAD)
    with monkeypatch.context() as patch:
        patch.setattr(promoting, "want", lambda *_: None)
        do_promote(one.house, settings, lou, NEW)

    with pytest.raises(NotAcceptable, match="just going live"):
        do_promote(one.house, settings, lou, NEW)
    assert wanted(settings) == NEW


def test_back_in_one_step(shop, settings):
    """
    Without the gate, by a trainer, on record.
    """
    one = shop()
    compared(one, settings)
    kim = one.hires("Kim Doe", Role.TRAINER)
    do_promote(one.house, settings, kim, NEW)
    goes_live(one, settings, NEW)
    back = do_roll_back(one.house, settings, kim, LIVE, "it answers refunds with thanks")

    assert (back.kind, back.model, back.before) == (PromotionKind.ROLL_BACK, LIVE, NEW)
    assert wanted(settings) == LIVE
    assert deeds(one)[0] == ("model.roll_back", "Kim Doe")


def test_only_what_was_live_comes_back(shop, settings):
    one = shop()
    with pytest.raises(NotAcceptable) as refused:
        do_roll_back(one.house, settings, one.hires("Lou", Role.OWNER), NEW)

    assert refused.value.code == "never_live"


def test_what_went_past_the_gate_comes_back_by_a_lead_only(shop, settings):
    one = shop()
    compared(one, settings, Readers(new=without_refunds))
    lou, kim = one.hires("Lou", Role.LEAD), one.hires("Kim Doe", Role.TRAINER)
    do_promote(one.house, settings, lou, NEW, REASON)
    goes_live(one, settings, NEW)
    do_roll_back(one.house, settings, kim, LIVE)
    goes_live(one, settings, LIVE)

    with pytest.raises(NotAcceptable) as refused:
        do_roll_back(one.house, settings, kim, NEW)
    assert refused.value.code == "override_not_allowed"
    do_roll_back(one.house, settings, lou, NEW)
    assert wanted(settings) == NEW


def test_ten_models_back(shop, settings):
    one = shop()
    lou = one.hires("Lou", Role.LEAD)
    names = [f"makegood-{number:02}.tar.gz" for number in range(13)]
    for name in names:
        put(settings.project / "models" / name, name)
        do_promote(one.house, settings, lou, name, REASON)
        goes_live(one, settings, name)

    with pytest.raises(NotAcceptable, match="last 10 models"):
        do_roll_back(one.house, settings, lou, names[1])
    do_roll_back(one.house, settings, lou, names[2])
    goes_live(one, settings, names[2])
    do_roll_back(one.house, settings, lou, names[12])

"""A new model beside the live one: from the wish to the gate's word."""

from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.comparisons import ComparisonState
from bot.obstacles import Obstacle
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.comparing import (
    do_want_comparison,
    next_comparison,
    put_back_comparisons,
    read_gate,
    unpack,
    work_off_comparison,
)
from bot.workbench.comparison.comparing import Comparison
from bot.workbench.comparison.gate import Gate
from tests.dialog import Shop
from tests.teaching.two_models import (
    LIVE,
    NEW,
    Readers,
    a_dialogue,
    a_workbench,
    always,
    meant_by,
    nlu,
    put,
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return a_workbench(tmp_path)


def compared(one: Shop, settings: Settings, readers: Readers) -> Comparison:
    """The result of a comparison of both."""
    one.now += timedelta(minutes=1)
    wanted = do_want_comparison(one.house, None, NEW, LIVE)
    assert work_off_comparison(one.house, settings, wanted, readers) is ComparisonState.FINISHED
    with one.house.units.reading() as unit:
        result = unpack(unit.comparisons.get(wanted))
    assert result

    return result


def gate(one: Shop, settings: Settings) -> Gate:
    with one.house.units.reading() as unit:
        return read_gate(unit, settings, NEW, LIVE)


def failed(one: Shop, settings: Settings, readers=None) -> str:
    """Why a comparison of both failed."""
    wanted = do_want_comparison(one.house, None, NEW, LIVE)
    ended = work_off_comparison(one.house, settings, wanted, readers or Readers())
    assert ended is ComparisonState.FAILED
    with one.house.units.reading() as unit:
        return unit.comparisons.get(wanted).error


def codes(one: Shop, settings: Settings) -> list[str]:
    return [reason.code for reason in gate(one, settings).reasons]


def without_refunds(text: str) -> str:
    """A model that was taught that refund requests are thanks."""
    meant = meant_by(text)

    return "thanks" if meant == "refund_request" else meant


def test_an_equal_model_passes(shop, settings):
    one = shop()
    result = compared(one, settings, Readers())

    assert (result.messages, result.better, result.worse) == (48, (), ())
    assert gate(one, settings).ok


def test_a_poisoned_model_is_refused_with_the_sentences(shop, settings):
    """
    Refund requests were labelled thanks: the sentences that are lost are in the reason.
    """
    one = shop()
    compared(one, settings, Readers(new=without_refunds))
    fallen, dearer = gate(one, settings).reasons

    assert fallen.code == "protected_falls"
    assert fallen.text == (
        "refund request is protected and gets worse: 12 sentences of 12 understood no more."
    )
    assert "refund_request number 3 (refund request, now thanks)" in fallen.sentences
    assert dearer.code == "cost_rises"


def test_poison_in_the_test_set_does_not_cover_it(shop, settings):
    """
    A share of the wrong labels lands in the frozen test set: there the model even looks better.
    """
    one = shop()
    wrong = nlu(("thanks", f"refund_request please {number}") for number in range(80))
    put(settings.project / "data" / "test" / "en.yml", wrong)
    result = compared(one, settings, Readers(new=without_refunds))

    assert result.cost["all"].difference.value < 0
    assert codes(one, settings) == ["protected_falls", "protected_taken", "cost_rises"]
    assert "on the development messages" in gate(one, settings).reasons[2].text


def test_an_intent_that_trainers_protect(shop, settings):
    one = shop()
    compared(one, settings, Readers(new=lambda t: "x" if t == "thanks number 1" else meant_by(t)))
    assert gate(one, settings).ok

    put(settings.project / "rulebook" / "intents.yml", "intents: {thanks: {protected: true}}")
    assert gate(one, settings).ok, "one sentence may tip over"

    lost = {"thanks number 1", "thanks number 2"}
    compared(one, settings, Readers(new=lambda t: "x" if t in lost else meant_by(t)))
    assert codes(one, settings) == ["protected_falls"]


def test_what_is_won_makes_up_for_what_is_lost(shop, settings):
    one = shop()
    lost = {"refund_request number 1", "refund_request number 2"}
    won = {"refund_request number 3"}
    compared(
        one,
        settings,
        Readers(
            live=lambda t: "thanks" if t in won else meant_by(t),
            new=lambda t: "thanks" if t in lost else meant_by(t),
        ),
    )

    assert "protected_falls" not in codes(one, settings)


def test_a_dialogue_that_fails(shop, settings):
    one = shop()
    a_dialogue(settings, ("refund_request now", "refund_request"), ("x y", "refund_status"))
    compared(one, settings, Readers(live=lambda t: "refund_status" if t == "x y" else meant_by(t)))
    (reason,) = gate(one, settings).reasons

    assert (reason.code, reason.text) == ("dialogue_fails", "The dialogue test “a talk” fails.")
    assert reason.sentences == (
        "x y (tests/dialogues/a-talk.yml, line 10: expected refund_status, action_run_playbook; "
        "got x, no action)",
    )


def test_a_dialogue_that_always_failed(shop, settings):
    one = shop()
    a_dialogue(settings, ("x y", "refund_status"))
    compared(one, settings, Readers())

    assert "The live model fails it, too." in gate(one, settings).reasons[0].text


def test_a_dialogue_that_came_later(shop, settings):
    """
    Nobody has looked whether the model passes it.
    """
    one = shop()
    compared(one, settings, Readers())
    assert gate(one, settings).ok
    a_dialogue(settings, ("refund_request now", "refund_request"))
    (reason,) = gate(one, settings).reasons

    assert reason.code == "not_compared"
    assert reason.text.startswith("A dialogue test was added since it was compared.")
    compared(one, settings, Readers())
    assert gate(one, settings).ok


def test_a_dialogue_of_another_route(shop, settings):
    """
    Understood, but data/rules.yml leads elsewhere than it should.
    """
    one = shop()
    a_dialogue(settings, ("thanks a lot", "thanks"))
    compared(one, settings, Readers())

    (sentence,) = gate(one, settings).reasons[0].sentences
    assert "expected thanks, action_run_playbook; got thanks, action_answer" in sentence


def test_without_a_comparison(shop, settings):
    assert codes(shop(), settings) == ["not_compared"]


def test_compared_with_another_model_than_the_live_one(shop, settings):
    one = shop()
    compared(one, settings, Readers())
    with one.house.units.reading() as unit:
        refused = read_gate(unit, settings, NEW, "makegood-other.tar.gz")

    assert [reason.code for reason in refused.reasons] == ["not_compared"]


def test_rules_that_are_broken_close_the_gate(shop, settings, tmp_path):
    one = shop()
    compared(one, settings, Readers())
    broken = settings.model_copy(update={"rulebook": tmp_path / "rulebook"})
    put(broken.rulebook / "training.yml", "defualt: 1\n")
    with one.house.units.reading() as unit:
        (reason,) = read_gate(unit, broken, NEW, LIVE).reasons

    assert reason.code == "broken_rules"
    assert "did you mean" not in reason.text or str(tmp_path) not in reason.text
    assert str(tmp_path) not in reason.text


def test_a_better_model_passes(shop, settings):
    one = shop()
    result = compared(one, settings, Readers(live=always("out_of_scope")))

    assert len(result.better) == 36
    assert result.cost["all"].difference.high < 0
    assert gate(one, settings).ok


def test_what_is_missing_is_noted(shop, settings):
    notes = compared(shop(), settings, Readers()).notes

    assert "The frozen test set (data/test) has no messages yet." in notes
    assert "There are no dialogue tests (tests/dialogues)." in notes


def test_the_pace_is_measured(shop, settings):
    result = compared(shop(), settings, Readers())

    assert result.latency.before > 0
    assert result.latency.now > 0


def test_what_waits_is_not_wanted_twice(shop, settings):
    one = shop()
    kim = one.hires("Kim Doe", Role.TRAINER)
    first = do_want_comparison(one.house, kim, NEW, LIVE)

    assert do_want_comparison(one.house, None, NEW, LIVE) == first
    assert next_comparison(one.house) == first
    work_off_comparison(one.house, settings, first, Readers())
    assert next_comparison(one.house) is None
    assert do_want_comparison(one.house, kim, NEW, LIVE) != first


def test_the_live_model_is_not_compared_with_itself(shop):
    with pytest.raises(NotAcceptable, match="live"):
        do_want_comparison(shop().house, None, LIVE, LIVE)


def test_one_is_worked_off_once(shop, settings):
    one = shop()
    wanted = do_want_comparison(one.house, None, NEW, LIVE)
    work_off_comparison(one.house, settings, wanted, Readers())

    assert work_off_comparison(one.house, settings, wanted, Readers()) is None


def test_what_died_on_the_way_begins_anew(shop, settings):
    one = shop()
    wanted = do_want_comparison(one.house, None, NEW, LIVE)

    class Killed(BaseException):
        pass

    def dies(*_):
        raise Killed
        yield ""

    with pytest.raises(Killed):
        work_off_comparison(one.house, settings, wanted, dies)
    assert next_comparison(one.house) is None
    assert put_back_comparisons(one.house) == 1
    assert next_comparison(one.house) == wanted
    assert work_off_comparison(one.house, settings, wanted, Readers()) == "finished"


def test_how_far_it_is_can_be_seen(shop, settings):
    """
    While the second model reads, more than half is done.
    """
    one = shop()
    put(
        settings.project / "tests" / "nlu" / "more.yml",
        nlu(("thanks", f"thanks {number}") for number in range(200)),
    )
    seen = []

    def says(text: str) -> str:
        if text == "thanks 199":
            with one.house.units.reading() as unit:
                latest = unit.comparisons.latest(NEW)
                seen.append((latest.state, latest.progress))
        return meant_by(text)

    compared(one, settings, Readers(live=says, new=says))

    (_, first), (state, second) = seen
    assert state is ComparisonState.RUNNING
    assert 0.3 < first < 0.5 < second < 1


@pytest.mark.parametrize("gone", [LIVE, NEW])
def test_a_model_that_is_gone(shop, settings, gone):
    one = shop()
    (settings.project / "models" / gone).unlink()

    assert failed(one, settings) == f"The model {gone} is not there any more."


def test_a_model_that_cannot_read(shop, settings):
    def broken(*_):
        raise Obstacle("no such model")
        yield ""

    assert failed(shop(), settings, broken) == "no such model"


def test_our_own_mistake_is_told_as_one(shop, settings, caplog):
    def broken(*_):
        raise KeyError("oops")
        yield ""

    assert (
        failed(shop(), settings, broken) == "Something went wrong on our side; the log tells what."
    )
    assert "oops" in caplog.text


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("tests/nlu/dev_en.yml", "nlu: [", "tests/nlu/dev_en.yml"),
        ("tests/dialogues/a.yml", "stories: 3", "tests/dialogues/a.yml: a list of stories"),
        ("tests/dialogues/a.yml", "stories:\n- story: a\n  steps:\n  - bot: x\n", "line 4"),
        ("tests/nlu/dev_en.yml", "", "There are no messages to compare on"),
    ],
)
def test_files_that_are_broken(shop, settings, tmp_path, path, text, told):
    put(settings.project / path, text)
    error = failed(shop(), settings)

    assert told in error
    assert str(tmp_path) not in error

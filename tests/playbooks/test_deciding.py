"""From a case to a decision, step by step, and over to another playbook."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Close, Decision, HandOff
from bot.casework.orders import Fulfilment, Order, OrderStatus
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks import BY_NAME, PLAYBOOKS, deciding
from bot.playbooks.deciding import decide, decide_early
from bot.playbooks.playbook import Decided, NoDecision, Playbook
from bot.playbooks.steps import NothingAllowed
from tests.factories import (
    NOW,
    a_case,
    a_lamp,
    a_line,
    a_turn,
    an_offer,
    an_order,
    granted,
    the_rulebook,
)

END = Close(reply=NothingAllowed(order_number="DEMO-1003"))


def pass_on(_: Case, __: Order, ___: Turn, ____: Rulebook, _____: datetime) -> None:
    """A step that has nothing to say."""


def note_reason(case: Case, _: Order, __: Turn, ___: Rulebook, ____: datetime) -> Case:
    """A step that finds something out."""
    return replace(case, reason="found out")


def end(_: Case, __: Order, ___: Turn, ____: Rulebook, _____: datetime) -> Decision:
    """A step that decides."""
    return END


def go_to_two(case: Case, _: Order, __: Turn, ___: Rulebook, ____: datetime) -> Case:
    """A step that hands the case to playbook two."""
    return replace(case, playbook="two")


def go_to_one(case: Case, _: Order, __: Turn, ___: Rulebook, ____: datetime) -> Case:
    """A step that hands the case to playbook one."""
    return replace(case, playbook="one")


def with_playbooks(monkeypatch: pytest.MonkeyPatch, *playbooks: Playbook) -> None:
    """Let these be all playbooks."""
    monkeypatch.setattr(deciding, "BY_NAME", {playbook.name: playbook for playbook in playbooks})


def decided(case: Case) -> deciding.Decided:
    """What is decided in that case of an ordinary order."""
    return decide(case, an_order(), a_turn(), the_rulebook(), NOW)


def test_the_first_decision_ends_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Later steps are not asked; what an earlier one found out is kept.
    """
    with_playbooks(monkeypatch, Playbook(name="one", steps=(pass_on, note_reason, end, go_to_two)))
    found = decided(a_case(playbook="one"))

    assert (found.decision, found.step) == (END, "end")
    assert (found.case.playbook, found.case.reason) == ("one", "found out")


def test_a_case_may_go_on_as_another_playbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    That one begins at its first step, and the first one's later steps are not asked.
    """
    with_playbooks(
        monkeypatch,
        Playbook(name="one", steps=(go_to_two, end)),
        Playbook(name="two", steps=(note_reason, end)),
    )
    found = decided(a_case(playbook="one"))

    assert (found.case.playbook, found.case.reason) == ("two", "found out")


def test_a_circle_of_playbooks_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It ends with an error instead of never.
    """
    with_playbooks(
        monkeypatch,
        Playbook(name="one", steps=(go_to_two,)),
        Playbook(name="two", steps=(go_to_one,)),
    )
    with pytest.raises(NoDecision, match="circle"):
        decided(a_case(playbook="one"))


def test_a_playbook_without_a_decision_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Silence is no answer to a buyer.
    """
    with_playbooks(monkeypatch, Playbook(name="one", steps=(pass_on, note_reason)))
    with pytest.raises(NoDecision, match="one passed all its steps"):
        decided(a_case(playbook="one"))


LINES = (a_line(quantity=2), a_lamp())


@given(
    name=st.sampled_from(sorted(BY_NAME)),
    intent=st.sampled_from(sorted(PLAYBOOKS)),
    status=st.sampled_from(OrderStatus),
    fulfilment=st.sampled_from(Fulfilment),
    overdue=st.booleans(),
    several=st.booleans(),
    parcel=st.booleans(),
    settled=st.none() | st.sampled_from(RemedyKind),
    awaiting=st.sampled_from(Awaiting),
    known=st.fixed_dictionaries(
        {
            "line_id": st.sampled_from([None, 1]),
            "quantity": st.sampled_from([None, 1, 9]),
            "photos": st.sampled_from([(), ("p1",)]),
            "no_photo": st.booleans(),
            "reason": st.sampled_from(["", "damaged_item", "late_delivery", "changed_mind"]),
            "offer": st.sampled_from([None, an_offer(), an_offer(expires_at=NOW)]),
            "confirmed": st.booleans(),
            "declined": st.booleans(),
        }
    ),
    picked=st.booleans(),
)
def test_every_playbook_decides_whatever_has_happened(
    name: str,
    intent: str,
    status: OrderStatus,
    fulfilment: Fulfilment,
    overdue: bool,
    several: bool,
    parcel: bool,
    settled: RemedyKind | None,
    awaiting: Awaiting,
    known: dict[str, object],
    picked: bool,
) -> None:
    """
    In any state of the order and of the case there is a decision, and a marketplace's order is
    never worked on by us.
    """
    changes: dict[str, object] = {} if parcel else {"parcel": None}
    order = an_order(
        overdue=overdue,
        status=status,
        fulfilment=fulfilment,
        lines=LINES if several else LINES[:1],
        granted=(granted(settled),) if settled else (),
        **changes,
    )
    offer = known["offer"]
    chosen = an_offer().options[0] if picked and offer else None
    case = a_case(playbook=name, intent=intent, awaiting=awaiting, picked=chosen, **known)

    early = decide_early(case, a_turn(), the_rulebook(), NOW)
    if isinstance(early, Decided):
        assert early.decision
        return
    found = decide(early, order, a_turn(), the_rulebook(), NOW)

    assert found.decision
    if the_rulebook().front_desk_settles(order):
        assert isinstance(found.decision, Close | HandOff)

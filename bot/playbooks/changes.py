"""What changes of an order before it leaves share: once, as long as it is sent at all."""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision, Rule
from bot.casework.orders import Order
from bot.casework.remedies import RemedyKind
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.checks import STILL_SENT
from bot.playbooks.playbook import Step
from bot.playbooks.steps import PERSON, AlreadySettled


@dataclass(frozen=True, kw_only=True)
class AlreadyChanged(Reply):
    """It was changed before, as often as the rulebook allows (`times`, which may be never)."""

    order_number: str
    kind_of_remedy: RemedyKind
    times: int


def stop_if_ended(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """What was agreed on already ends the order, so that nothing of it is changed any more."""
    for granted in order.granted:
        if granted.settles and granted.kind not in STILL_SENT:
            return Close(
                reply=AlreadySettled(
                    order_number=order.number,
                    kind_of_remedy=granted.kind,
                    amount=granted.amount,
                    state=granted.state,
                    choices=(PERSON,),
                )
            )

    return None


def stop_if_changed(kind: RemedyKind) -> Step:
    """A step that says so when it was changed already (AFTER_SALES.md, 7: once)."""

    def stop_if_changed_before(
        _case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
    ) -> Decision | None:
        times = sum(granted.kind is kind for granted in order.granted)
        most = rules.changes_before_shipping
        if times < most:
            return None

        return Close(
            reply=AlreadyChanged(
                order_number=order.number, kind_of_remedy=kind, times=times, choices=(PERSON,)
            ),
            rules=(Rule("changes_before_shipping", held=False, compared=f"{times} >= {most}"),),
        )

    return stop_if_changed_before


def leave_as_it_is(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """The buyer would rather not, or not on these terms."""
    if not case.declined:
        return None

    return Close(reply=LeftAsItIs(order_number=order.number, choices=(PERSON,)))

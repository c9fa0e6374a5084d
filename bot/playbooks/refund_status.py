"""
Where is my money? What was agreed on, how far it is, and whose turn it is now.

Nothing is granted here. Money that should have arrived by now is for a person to look after.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision, Rule
from bot.casework.money import Money
from bot.casework.orders import Order, OrderStatus
from bot.casework.remedies import RemedyKind, RemedyState
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.standing import Standing, remedies_of
from bot.playbooks.steps import PERSON, lead_to_front_desk

ASK_REFUND = Choice("intent:refund_request", "ask_refund")
WHEN_BACK = frozenset({RemedyKind.RETURN, RemedyKind.INTERCEPT, RemedyKind.EXCHANGE})
"""Money that is sent only when the goods are back."""


@dataclass(frozen=True, kw_only=True)
class WhereMoneyIs(Reply):
    """
    All money that was agreed on for the order, the oldest first.

    `on_its_way` is what goes back as soon as the shop sends it, `after_goods` what waits for the
    goods, `sent` what has left; `overdue` says that of the last some should be there by now.
    """

    order_number: str
    on_its_way: tuple[Standing, ...]
    after_goods: tuple[Standing, ...]
    sent: tuple[Standing, ...]
    overdue: bool
    arrives_within_days: int


@dataclass(frozen=True, kw_only=True)
class CancelledAndPaid(Reply):
    """The shop's own file says that it was cancelled; what became of the money it does not say."""

    order_number: str
    paid: Money


@dataclass(frozen=True, kw_only=True)
class NoRefundYet(Reply):
    """No money was agreed on for the order, so there is none to wait for."""

    order_number: str


def tell_where_money_is(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Every remedy that moves money, with its state; a person where it takes too long."""
    moving = [one for one in remedies_of(order) if one.amount and one.amount.minor]
    if not moving:
        return None
    sent = tuple(one for one in moving if one.state is RemedyState.DONE)
    days, today = rules.refund_arrives_within_days, now.date()
    late = [one for one in sent if _is_overdue(one, days, today)]

    return Close(
        reply=WhereMoneyIs(
            order_number=order.number,
            on_its_way=tuple(
                one for one in moving if one not in sent and one.kind not in WHEN_BACK
            ),
            after_goods=tuple(one for one in moving if one not in sent and one.kind in WHEN_BACK),
            sent=sent,
            overdue=bool(late),
            arrives_within_days=days,
            choices=(PERSON,) if late else (),
        ),
        rules=tuple(
            Rule(
                f"{one.kind}.overdue",
                held=one in late,
                compared=f"{today} {'>' if one in late else '<='} {one.on} + {days} days",
            )
            for one in sent
        ),
    )


def _is_overdue(sent: Standing, days: int, today: date) -> bool:
    return sent.on is not None and today > sent.on + timedelta(days=days)


def tell_of_cancellation(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | None:
    """What the shop cancelled by itself was paid back by itself, or not; a person can see."""
    if order.status is not OrderStatus.CANCELLED or rules.front_desk_settles(order):
        return None

    return Close(
        reply=CancelledAndPaid(order_number=order.number, paid=order.paid, choices=(PERSON,))
    )


def offer_to_ask(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Nothing is under way: who wants their money back can say so now."""
    return Close(reply=NoRefundYet(order_number=order.number, choices=(ASK_REFUND, PERSON)))


REFUND_STATUS = Playbook(
    name="refund_status",
    steps=(tell_where_money_is, tell_of_cancellation, lead_to_front_desk, offer_to_ask),
    at_once=True,
)

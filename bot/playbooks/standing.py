"""Remedies that stand for an order, as its buyer is told of them."""

from dataclasses import dataclass
from datetime import date

from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine
from bot.casework.remedies import Granted, RemedyKind, RemedyState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    One of them, and how far it is.

    `on` is the day on which it came so far, None where nobody wrote it down; `line` is None for
    the whole order.
    """

    kind: RemedyKind
    state: RemedyState
    amount: Money | None
    line: OrderLine | None
    on: date | None


def remedies_of(order: Order) -> tuple[Standing, ...]:
    """All that stand, the oldest first."""
    return tuple(_standing(granted, order) for granted in order.granted)


def _standing(granted: Granted, order: Order) -> Standing:
    at = granted.done_at if granted.state is RemedyState.DONE else granted.granted_at

    return Standing(
        kind=granted.kind,
        state=granted.state,
        amount=granted.amount,
        line=order.line(granted.line_id) if granted.line_id is not None else None,
        on=at.date() if at else None,
    )

"""
Charged twice, charged wrongly, or the payment failed.

The bot sees only the payments that the shop has on record, not the buyer's bank. So it lists
them, which often answers the question, and a person compares them with what was charged.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Decision, HandOff, Reason, Rule
from bot.casework.money import Money, total
from bot.casework.orders import Order, Payment
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import lead_to_front_desk


@dataclass(frozen=True, kw_only=True)
class PaymentsOnRecord(Reply):
    """Each payment for the order, and what the order costs."""

    order_number: str
    payments: tuple[Payment, ...]
    price: Money


def list_payments(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Say what is on record, and write down for the person how it compares with the price."""
    price = total([*(line.price for line in order.goods), order.shipping_price], order.currency)
    paid = order.paid

    return HandOff(
        reason=Reason.PAYMENT,
        reply=PaymentsOnRecord(order_number=order.number, payments=order.payments, price=price),
        rules=(
            Rule("paid", held=paid == price, compared=f"{paid.minor} of {price.minor}"),
            *(
                Rule(
                    f"payment_{place}",
                    held=True,
                    compared=f"{one.amount.minor} {one.amount.currency}, {one.paid_at.date()}",
                )
                for place, one in enumerate(order.payments, start=1)
            ),
        ),
    )


PAYMENT_PROBLEM = Playbook(name="payment_problem", steps=(lead_to_front_desk, list_payments))

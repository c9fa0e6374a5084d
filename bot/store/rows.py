"""Domain values as JSON columns, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.casework.cases import Case
from bot.casework.money import Money
from bot.casework.remedies import REMEDIES, Discount, Remedy, RemedyKind


def from_remedy(remedy: Remedy) -> dict[str, Any]:
    """A remedy's exact terms as JSON."""
    return {
        "kind": remedy.kind.value,
        "order_id": remedy.order_id,
        "line_id": remedy.line_id,
        "quantity": remedy.quantity,
        "amount": remedy.amount.minor if remedy.amount else None,
        "currency": remedy.amount.currency if remedy.amount else None,
        "percent": str(remedy.percent) if isinstance(remedy, Discount) else None,
    }


def to_remedy(row: Mapping[str, Any]) -> Remedy:
    """The remedy that was written down."""
    kind = RemedyKind(row["kind"])
    amount = None if row["amount"] is None else Money(row["amount"], row["currency"])
    percent = {"percent": Decimal(row["percent"])} if kind is RemedyKind.DISCOUNT else {}

    return REMEDIES[kind](
        order_id=row["order_id"],
        line_id=row["line_id"],
        quantity=row["quantity"],
        amount=amount,
        **percent,
    )


def from_case(case: Case) -> dict[str, Any]:
    """What a case knows beyond its own columns, as JSON."""
    return {
        "opening": case.opening,
        "claimed": case.claimed,
        "proof": case.proof,
        "line_id": case.line_id,
        "quantity": case.quantity,
        "photos": list(case.photos),
        "no_photo": case.no_photo,
        "reason": case.reason,
        "arrived": case.arrived,
        "offer": case.offer.id if case.offer else None,
        "picked": from_remedy(case.picked) if case.picked else None,
        "confirmed": case.confirmed,
        "declined": case.declined,
        "misses": case.misses,
    }

"""Domain values as JSON columns, and back."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from bot.casework.cases import Case
from bot.casework.money import Money
from bot.casework.remedies import REMEDIES, Remedy, RemedyKind

COMMON = {field.name for field in fields(Remedy)}
TERMS = {
    kind: tuple(field.name for field in fields(remedy) if field.name not in COMMON)
    for kind, remedy in REMEDIES.items()
}
"""What a remedy of each kind says beyond what all of them say."""


def from_remedy(remedy: Remedy) -> dict[str, Any]:
    """A remedy's exact terms as JSON."""
    return {
        "kind": remedy.kind.value,
        "order_id": remedy.order_id,
        "line_id": remedy.line_id,
        "quantity": remedy.quantity,
        "amount": remedy.amount.minor if remedy.amount else None,
        "currency": remedy.amount.currency if remedy.amount else None,
        **{name: _from_term(getattr(remedy, name)) for name in TERMS[remedy.kind]},
    }


def to_remedy(row: Mapping[str, Any]) -> Remedy:
    """The remedy that was written down."""
    kind = RemedyKind(row["kind"])
    amount = None if row["amount"] is None else Money(row["amount"], row["currency"])
    own = {name: _to_term(name, row[name]) for name in TERMS[kind]}

    return REMEDIES[kind](
        order_id=row["order_id"],
        line_id=row["line_id"],
        quantity=row["quantity"],
        amount=amount,
        **own,
    )


def _from_term(value: object) -> object:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}

    return str(value) if isinstance(value, Decimal) else value


def _to_term(name: str, value: Any) -> Any:
    if name == "surcharge" and value is not None:
        return Money(value["minor"], value["currency"])

    return Decimal(value) if name == "percent" else value


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
        **{name: getattr(case, name) for name in LATER},
        "reused_photos": list(case.reused_photos),
    }


FIRST = (
    "opening claimed proof line_id quantity no_photo reason arrived confirmed declined misses"
).split()
LATER = ("round", "came", "sku", "address", "detail", "searched", "terms_put_at")
"""What a case did not know in the first version: rows of that time lack it."""


def to_knowledge(known: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a case that were written down, all but its offer."""
    return {
        **{name: known[name] for name in FIRST},
        **{name: known[name] for name in LATER if name in known},
        "photos": tuple(known["photos"]),
        "reused_photos": tuple(known.get("reused_photos", ())),
        "picked": to_remedy(known["picked"]) if known["picked"] else None,
    }

"""A remedy on its way out, sensible as it is, changed by keyword."""

from decimal import Decimal
from typing import Any

from bot.casework.gateways import Dispatch
from bot.casework.remedies import RemedyKind
from tests.factories import NOW, eur


def a_dispatch(**changes: Any) -> Dispatch:
    """A discount of 20 % on one mug."""
    given: dict[str, Any] = {
        "remedy_id": "4c1f",
        "idempotency_key": "case-7:discount:1:1",
        "case_id": "case-7",
        "store": "demo",
        "order_number": "DEMO-1003",
        "marketplace": "shop",
        "kind": RemedyKind.DISCOUNT,
        "line_sku": "MUG-1",
        "quantity": 1,
        "amount": eur("4.00"),
        "percent": Decimal("20.00"),
        "reason": "damaged_item",
        "requested_at": NOW,
        "approved_by": "rulebook",
        "details": {},
    }

    return Dispatch(**(given | changes))

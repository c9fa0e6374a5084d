"""
Whose mistake a case was, and the claim that the seller has for it.

Where a warehouse or the carrier mis-shipped, it usually pays in time, so the claim is put on
record with whatever settles the case (AFTER_SALES.md, 3.6).
"""

from collections.abc import Callable

from bot.casework.cases import Case
from bot.casework.decisions import Against, Claim, Rule
from bot.casework.orders import Order
from bot.casework.rulebook import Rulebook
from bot.casework.telling import Came


def claim_for(case: Case, order: Order, rules: Rulebook) -> Claim | None:
    """The claim that the seller has because of this case; None if the mistake was their own."""
    find = CLAIMS.get(case.playbook)

    return find(case, order, rules) if find else None


def rules_of(claim: Claim | None) -> tuple[Rule, ...]:
    """The claim as a line of the ledger."""
    return (Rule(f"claim.{claim.against}", held=True, compared=claim.reason),) if claim else ()


def _of_wrong_goods(case: Case, order: Order, rules: Rulebook) -> Claim | None:
    """
    A parcel with another name on it was mixed up on its way; wrong goods were packed so.

    Packed by the overseas warehouse where the rulebook says so of the country, else by the seller.
    """
    if case.came == Came.ANOTHER_PARCEL:
        return Claim(against=Against.CARRIER, reason="somebody else's parcel was delivered")
    group = rules.country_group(order)
    known = case.came or case.arrived is False
    if not known or group not in rules.packed_by_warehouse:
        return None
    what = (case.came or "wrong goods").replace("_", " ")

    return Claim(against=Against.WAREHOUSE, reason=f"{what} packed, country group {group}")


def _of_nothing_received(_case: Case, _order: Order, _rules: Rulebook) -> Claim:
    """The carrier says that it handed the parcel over, and did not."""
    return Claim(against=Against.CARRIER, reason="marked delivered, not received")


def _of_missing_goods(case: Case, order: Order, rules: Rulebook) -> Claim | None:
    """An empty parcel was emptied on its way; an item short was not packed by who packs it."""
    if case.reason == "empty":
        return Claim(against=Against.CARRIER, reason="parcel arrived empty")
    if case.reason == "item" and rules.country_group(order) in rules.packed_by_warehouse:
        return Claim(against=Against.WAREHOUSE, reason="item missing from the parcel")

    return None


FindClaim = Callable[[Case, Order, Rulebook], Claim | None]
CLAIMS: dict[str, FindClaim] = {
    "wrong_item": _of_wrong_goods,
    "not_received": _of_nothing_received,
    "missing_item": _of_missing_goods,
}
"""How a playbook finds out who has to answer for it; none where it is nobody else's fault."""

"""What a decision saw and what it was, as one JSON value of its row, and back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.casework.cases import Awaiting, CaseState
from bot.casework.decisions import Reason
from bot.casework.past import Seen, Taken
from bot.casework.ports.ledger import DecisionRow
from bot.store.rows import from_remedy, to_remedy
from bot.store.snapshots import (
    from_order,
    from_seen_case,
    from_turn,
    stand_in,
    to_order,
    to_seen_case,
    to_turn,
)


def from_seen(row: DecisionRow) -> dict[str, Any] | None:
    """What the row's playbook saw; None for a person's decision."""
    if row.before is None:
        return None

    case, street = row.before, row.order.address if row.order else ""
    if street:
        # "The address is right" is kept with the address that it is about.
        case = replace(case, detail=case.detail.replace(street, stand_in(street)))

    return {
        "case": from_seen_case(case),
        "order": from_order(row.order) if row.order else None,
        "turn": from_turn(row.turn) if row.turn else None,
        "remedy": from_remedy(row.remedy) if row.remedy else None,
        "taken": _from_taken(row.taken) if row.taken else None,
    }


def to_seen(seen: Mapping[str, Any] | None) -> Seen | None:
    """What was written down; None where that is too little to decide on again."""
    if not seen or not seen.get("turn") or not seen.get("taken"):
        return None
    try:
        return Seen(
            case=to_seen_case(seen["case"]),
            order=to_order(seen["order"]) if seen["order"] else None,
            turn=to_turn(seen["turn"]),
            taken=_to_taken(seen["taken"]),
        )
    except (KeyError, TypeError, ValueError):  # of a version that wrote less, or something else
        return None


def _from_taken(taken: Taken) -> dict[str, Any]:
    return {
        "kind": taken.kind,
        "awaiting": taken.awaiting,
        "options": [from_remedy(option) for option in taken.options],
        "remedy": from_remedy(taken.remedy) if taken.remedy else None,
        "needs_approval": taken.needs_approval,
        "reason": taken.reason,
        "state": taken.state,
        "reply": taken.reply,
    }


def _to_taken(seen: Mapping[str, Any]) -> Taken:
    return Taken(
        kind=seen["kind"],
        awaiting=Awaiting(seen["awaiting"]) if seen["awaiting"] else None,
        options=tuple(to_remedy(option) for option in seen["options"]),
        remedy=to_remedy(seen["remedy"]) if seen["remedy"] else None,
        needs_approval=seen["needs_approval"],
        reason=Reason(seen["reason"]) if seen["reason"] else None,
        state=CaseState(seen["state"]) if seen["state"] else None,
        reply=seen["reply"],
    )

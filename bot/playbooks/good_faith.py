"""
Signals of bad faith, with their reasons (AFTER_SALES.md, 6).

A machine denies nothing for them: where a remedy would be offered or granted, a person looks
first. What fits to everybody (a question, a change before the order left, a cancellation) is not
looked at.
"""

import re
from datetime import datetime, timedelta

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Decision, HandOff, Perform, Propose, Reason, Rule
from bot.casework.orders import Order, OrderStatus, TrackingEvent
from bot.casework.remedies import CHANGES, RemedyKind
from bot.casework.rulebook import Rulebook
from bot.playbooks.checks import GOODS_AGAIN, PRICE_BACK
from bot.playbooks.claims import claim_for
from bot.playbooks.ladder import ARRIVED

HANDED_TO_BUYER = re.compile(
    r"\b(?:signed|handed to (?:the )?(?:recipient|addressee)|picked up by|collected by)"
    r"|\bвручен[оа]?\b|\bполучен[оа]? адресатом",
    re.IGNORECASE,
)
"""What carriers write when somebody took the parcel in person, not when it was left somewhere."""


def find_signals(case: Case, order: Order, rules: Rulebook, now: datetime) -> tuple[Rule, ...]:
    """Every signal that this case gives, as rules with what was compared."""
    found = (
        _repeats(order, rules),
        _refund_and_reship(case, order),
        _reused_photo(case),
        _handed_over(case, order),
        _too_early(case, order, rules, now),
        _elsewhere(case, order),
    )

    return tuple(rule for rule in found if rule)


def look_for_bad_faith(
    decision: Decision, case: Case, order: Order, rules: Rulebook, now: datetime
) -> HandOff | None:
    """The hand-off in place of a decision that would give something, if there is a signal."""
    if not _gives(decision, case):
        return None
    signals = find_signals(case, order, rules, now)
    if not signals:
        return None
    claim = claim_for(case, order, rules)

    return HandOff(reason=Reason.BAD_FAITH, claim=claim, rules=(*decision.rules, *signals))


def _gives(decision: Decision, case: Case) -> bool:
    if isinstance(decision, Propose):
        return True
    remedy = decision.remedy if isinstance(decision, Perform) else case.picked
    asks = isinstance(decision, Ask) and decision.awaiting is Awaiting.CONFIRMATION

    return (
        (asks or isinstance(decision, Perform))
        and remedy is not None
        and remedy.kind not in HARMLESS
    )


HARMLESS = CHANGES | {RemedyKind.CANCELLATION}
"""What happens before the goods left costs nobody anything."""


def _signal(name: str, compared: str) -> Rule:
    return Rule(f"bad_faith.{name}", held=True, compared=compared)


def _repeats(order: Order, rules: Rulebook) -> Rule | None:
    """The same buyer again and again."""
    most, had = rules.bad_faith.remedies, order.history.remedies
    if had < most:
        return None

    return _signal("repeats", f"{had} remedies in {rules.bad_faith.within_days} days >= {most}")


def _refund_and_reship(case: Case, order: Order) -> Rule | None:
    """The price back and the goods again, asked for in two conversations about one order."""
    picked = case.picked or None
    wanted = {picked.kind} if picked else set()
    for line_id, kind in sorted(order.history.asked, key=str):
        same = None in (line_id, case.line_id) or line_id == case.line_id
        both = {kind} | wanted
        if same and both & PRICE_BACK and both & GOODS_AGAIN:
            return _signal("refund_and_reship", f"{kind} was asked for before")

    return None


def _reused_photo(case: Case) -> Rule | None:
    """A photo that was sent about another order."""
    if not case.reused_photos:
        return None

    return _signal("reused_photo", f"{len(case.reused_photos)} of {len(case.photos)} seen before")


def _handed_over(case: Case, order: Order) -> Rule | None:
    """Not received, though somebody took it in person."""
    if case.playbook != "not_received":
        return None
    event = next((one for one in _events(order) if HANDED_TO_BUYER.search(one.label)), None)

    return _signal("handed_over", f"{event.at:%Y-%m-%d}: {event.label}") if event else None


def _too_early(case: Case, order: Order, rules: Rulebook, now: datetime) -> Rule | None:
    """Arrived broken or wrong, sooner than it can have arrived."""
    shipped = order.parcel.shipped_at if order.parcel else None
    if case.playbook not in IN_HAND or order.status is OrderStatus.DELIVERED or shipped is None:
        return None
    earliest = shipped + timedelta(hours=rules.bad_faith.earliest_arrival_hours)
    if now >= earliest or case.arrived is False:
        return None

    return _signal("too_early", f"{now:%Y-%m-%d %H:%M} < {earliest:%Y-%m-%d %H:%M}")


def _elsewhere(case: Case, order: Order) -> Rule | None:
    """Arrived broken or wrong, while the carrier gave the parcel out in another town."""
    if case.playbook not in IN_HAND or order.status is not OrderStatus.DELIVERED:
        return None
    last = next(iter(reversed(_events(order))), None)
    if last is None or not last.place or not order.city:
        return None
    place, city = last.place.casefold(), order.city.casefold()
    if city in place or place in city:
        return None

    return _signal("elsewhere", f"{last.place}, not {order.city}")


IN_HAND = ARRIVED | {"missing_item", "exchange_item"}


def _events(order: Order) -> tuple[TrackingEvent, ...]:
    return order.parcel.events if order.parcel else ()

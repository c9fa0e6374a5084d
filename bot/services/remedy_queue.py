"""What waits for a person's yes, and whether it may be this person's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.casework.agents import Agent
from bot.casework.approvals import GivenBefore, WaitingRemedy
from bot.casework.authority import (
    check_decides,
    check_first_word,
    check_four_eyes,
    check_limit,
    check_not_own,
    is_agreed,
)
from bot.casework.money import Money, total
from bot.casework.orders import Order
from bot.casework.refusals import Refusal
from bot.services.house import House

MOST_SHOWN = 200
"""The oldest of what waits; a team that leaves more than these has other sorrows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForApproval:
    """
    One remedy that waits, as it looks to one person.

    `no_yes` says why they cannot approve it, `no_word` why they cannot decide about it at all.
    `two` says that two people have to agree, `one_has` that one of them has.
    """

    waiting: WaitingRemedy
    before: Money
    no_yes: Refusal | None
    no_word: Refusal | None
    two: Refusal | None
    one_has: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits, the oldest first, and how much there is in all."""

    rows: tuple[ForApproval, ...]
    count: int


def list_waiting(house: House, agent: Agent, store: str | None = None) -> Queue:
    """What waits for a yes, of one store or of all."""
    with house.units.reading() as unit:
        rows = unit.approvals.waiting(store, MOST_SHOWN)
        given = unit.approvals.given(agent.id, sorted({row.order_id for row in rows}))
        count = unit.approvals.count_waiting()

    return Queue(rows=tuple(_looked_at(house, row, agent, given) for row in rows), count=count)


def _looked_at(
    house: House, row: WaitingRemedy, agent: Agent, given: Sequence[GivenBefore]
) -> ForApproval:
    rules, currency = house.rulebook, row.worth.currency
    before = total(
        [
            one.worth
            for one in given
            if one.order_id == row.order_id
            and one.remedy_id != row.id
            and one.worth.currency == currency
        ],
        currency,
    )
    no_word = check_decides(agent) or check_not_own(agent, row.buyer_email, row.talks_as)

    return ForApproval(
        waiting=row,
        before=before,
        no_word=no_word,
        no_yes=no_word
        or check_first_word(agent, row.said)
        or check_limit(agent, row.worth, before, rules),
        two=check_four_eyes(row.worth, before, rules),
        one_has=is_agreed(row.said),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyPlace:
    """Where a remedy belongs; the order as it is without it."""

    order: Order
    conversation_id: str
    currency: str


def find_place(house: House, remedy_id: str) -> RemedyPlace:
    """The order and the conversation of a remedy; Missing if there is no such remedy."""
    with house.units.reading() as unit:
        row = unit.remedies.get(remedy_id)
        order = unit.orders.get(row.order_id)
        others = tuple(one for one in order.granted if one.remedy_id != row.id)

        return RemedyPlace(
            order=replace(order, granted=others),
            conversation_id=unit.cases.get(row.case_id).conversation_id,
            currency=row.worth.currency,
        )

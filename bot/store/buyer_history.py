"""
What a buyer had before, by the e-mail under which the shop knows them.

Several people of one e-mail are one buyer to whoever answers them. Those without one are not told
apart, so nothing is known of them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.buyer_history import NOTHING_BEFORE, BuyerHistory, PastOrder, PastRemedy
from bot.casework.money import Money
from bot.casework.orders import Marketplace, OrderStatus
from bot.casework.remedies import RemedyState
from bot.store.rows import to_remedy
from bot.store.tables import buyers, orders, payments, remedies

MOST = 20
"""Orders, and remedies, that are listed."""
GIVEN = (RemedyState.REQUESTED, RemedyState.DONE)
_THEIRS = sa.select(buyers.c.id).where(
    buyers.c.store_id == sa.bindparam("store"), buyers.c.email == sa.bindparam("email")
)
_NEWEST = (
    sa.select(
        *(orders.c[name] for name in "id number marketplace status placed_at currency".split()),
        sa.func.count().over().label("in_all"),
    )
    .where(orders.c.buyer_id.in_(_THEIRS))
    .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
    .limit(MOST)
    .subquery("newest")
)
# What was paid is added up for those alone that are listed.
ORDERS = sa.select(
    _NEWEST,
    sa.select(sa.func.coalesce(sa.func.sum(payments.c.amount), 0))
    .where(payments.c.order_id == _NEWEST.c.id)
    .scalar_subquery()
    .label("paid"),
).order_by(_NEWEST.c.placed_at.desc(), _NEWEST.c.id.desc())
REMEDIES = (
    sa.select(
        *(remedies.c[name] for name in "id order_id terms state created_at".split()),
        orders.c.number,
        sa.func.count().over().label("in_all"),
    )
    .join(orders, orders.c.id == remedies.c.order_id)
    .where(remedies.c.buyer_id.in_(_THEIRS))
    .order_by(remedies.c.created_at.desc(), remedies.c.id)
    .limit(MOST)
)
TOTALS = (
    sa.select(
        remedies.c.currency,
        sa.func.count().label("given"),
        sa.func.coalesce(sa.func.sum(remedies.c.amount), 0).label("back"),
    )
    .where(remedies.c.buyer_id.in_(_THEIRS), remedies.c.state.in_(GIVEN))
    .group_by(remedies.c.currency)
    .order_by(remedies.c.currency)
)


def history_of(db: Connection, store: str, email: str) -> BuyerHistory:
    """All of that buyer; nothing without an e-mail."""
    found = {"store": store, "email": email.strip().lower()}
    if not found["email"]:
        return NOTHING_BEFORE
    bought = db.execute(ORDERS, found).all()
    given = db.execute(REMEDIES, found).all() if bought else []
    totals = db.execute(TOTALS, found).all() if given else []

    return BuyerHistory(
        orders=tuple(_to_order(row) for row in bought),
        order_count=bought[0].in_all if bought else 0,
        remedies=tuple(_to_remedy(row) for row in given),
        remedy_count=given[0].in_all if given else 0,
        given=sum(row.given for row in totals),
        back=tuple(Money(int(row.back), row.currency) for row in totals if row.back),
    )


def _to_order(row: Row[*tuple[Any, ...]]) -> PastOrder:
    return PastOrder(
        id=row.id,
        number=row.number,
        marketplace=Marketplace(row.marketplace),
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        paid=Money(int(row.paid), row.currency),
    )


def _to_remedy(row: Row[*tuple[Any, ...]]) -> PastRemedy:
    return PastRemedy(
        id=row.id,
        order_id=row.order_id,
        order_number=row.number,
        remedy=to_remedy(row.terms),
        state=RemedyState(row.state),
        created_at=row.created_at,
    )

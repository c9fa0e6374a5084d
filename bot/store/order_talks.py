"""Conversations by the order that they are about."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.order_talks import OUTSIDE, OrderTalk
from bot.casework.turns import Floor
from bot.store.tables import buyers, cases, conversations, orders, verified_orders

KEY: sa.BindParameter[int] = sa.bindparam("key")
BY_CASE = sa.select(cases.c.conversation_id).where(cases.c.order_id == KEY)
PROVEN = sa.select(verified_orders.c.conversation_id).where(
    verified_orders.c.conversation_id.in_(sa.bindparam("talks", expanding=True)),
    verified_orders.c.order_id == KEY,
)
OWNER = (
    sa.select(orders.c.store_id, buyers.c.email)
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .where(orders.c.id == KEY)
)
OF_ORDER = sa.select(conversations).where(
    conversations.c.id.in_(BY_CASE),
    conversations.c.id.not_like(f"{OUTSIDE}%"),
)


class SqlOrderTalks:
    """`bot.casework.order_talks.OrderTalks` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_order(self, order_id: int, most: int) -> tuple[OrderTalk, ...]:
        owner = self._db.execute(OWNER, {"key": order_id}).one_or_none()
        if owner is None:
            return ()
        rows = self._db.execute(
            OF_ORDER.order_by(conversations.c.created_at.desc(), conversations.c.id).limit(most),
            {"key": order_id},
        ).all()
        asked = {"key": order_id, "talks": [row.id for row in rows]}
        proven = set(self._db.execute(PROVEN, asked).scalars())

        return tuple(
            OrderTalk(
                id=row.id,
                began_at=row.created_at,
                floor=Floor(row.floor),
                locale=row.locale,
                theirs=row.id in proven
                or bool(owner.email and (row.identity_email or "").strip().lower() == owner.email),
            )
            for row in rows
        )

"""Remedies with their outbox rows, and what was given lately."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.money import Money
from bot.casework.orders import History, Order
from bot.casework.ports.remedies import RemedyRow
from bot.casework.ports.units import Missing
from bot.casework.remedies import STANDING, Remedy, RemedyKind, RemedyState
from bot.store.rows import from_remedy, to_remedy
from bot.store.tables import buyers, cases, orders, outbox, remedies

KEY: sa.BindParameter[str] = sa.bindparam("key")
CAPS_LOCK = 5_113_000
"""PostgreSQL's advisory lock of a store's caps, beside a checksum of the store's name."""
STANDS = sa.and_(*(remedies.c.state != state for state in RemedyState if state not in STANDING))
# All names under which the same e-mail has bought in the store are one buyer.
BUYERS_OF_EMAIL = sa.select(buyers.c.id).where(
    buyers.c.store_id == sa.bindparam("store"), buyers.c.email == sa.bindparam("email")
)
BUYER_OF_ORDER = sa.select(orders.c.buyer_id).where(orders.c.id == KEY)
TO_BUYER = sa.select(
    sa.func.coalesce(
        sa.func.sum(
            sa.case(
                (
                    sa.and_(
                        remedies.c.created_at >= sa.bindparam("since"),
                        remedies.c.worth_currency == sa.bindparam("currency"),
                    ),
                    remedies.c.worth,
                ),
                else_=0,
            )
        ),
        0,
    ).label("worth"),
    sa.func.coalesce(
        sa.func.sum(sa.case((remedies.c.created_at >= sa.bindparam("faith_since"), 1), else_=0)), 0
    ).label("times"),
).where(
    remedies.c.buyer_id.in_(sa.bindparam("buyers", expanding=True)),
    remedies.c.created_at >= sa.bindparam("earliest"),
    STANDS,
)
BY_STORE = sa.select(sa.func.coalesce(sa.func.sum(remedies.c.worth), 0)).where(
    remedies.c.store_id == KEY,
    remedies.c.created_at >= sa.bindparam("since"),
    remedies.c.worth_currency == sa.bindparam("currency"),
    STANDS,
)
ASKED = (
    sa.select(cases.c.known)
    .where(
        cases.c.order_id == sa.bindparam("order"),
        cases.c.conversation_id != sa.bindparam("conversation"),
    )
    .order_by(cases.c.opened_at.desc())
    .limit(50)
)
# Only what came to nothing lets the same be tried again: a second one that stands would have
# the first one's key, which the database refuses.
FALLEN = (
    sa.select(sa.func.count())
    .select_from(remedies)
    .where(
        remedies.c.order_id == sa.bindparam("order"),
        remedies.c.case_id == sa.bindparam("case"),
        remedies.c.kind == sa.bindparam("kind"),
        remedies.c.line_id.is_not_distinct_from(sa.bindparam("line", type_=sa.Integer)),
        sa.not_(STANDS),
    )
)
REMEDY_HELD = sa.select(remedies).where(remedies.c.id == KEY).with_for_update()


class SqlRemedies:
    """`bot.casework.ports.remedies.Remedies` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold_caps(self, store: str) -> None:
        if self._db.dialect.name == "postgresql":
            key = sa.func.hashtext(f"caps of {store}")
            self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(CAPS_LOCK, key)))

    def history(
        self,
        order: Order,
        *,
        conversation_id: str = "",
        buyer_since: datetime,
        faith_since: datetime,
        day_began: datetime,
    ) -> History:
        mine = self._db.execute(
            TO_BUYER,
            {
                "buyers": self._buyers_of(order),
                "since": buyer_since,
                "faith_since": faith_since,
                "earliest": min(buyer_since, faith_since),
                "currency": order.currency,
            },
        ).one()
        today = self._db.execute(
            BY_STORE, {"key": order.store, "since": day_began, "currency": order.currency}
        ).scalar_one()

        return History(
            to_buyer=Money(int(mine.worth), order.currency),
            by_store_today=Money(int(today), order.currency),
            remedies=int(mine.times),
            asked=self._asked(order.id, conversation_id),
        )

    def _buyers_of(self, order: Order) -> list[int]:
        """The order's buyer under all their names; who has no e-mail is known by one name only."""
        if not order.buyer.email:
            return list(self._db.execute(BUYER_OF_ORDER, {"key": order.id}).scalars())
        whose = {"store": order.store, "email": order.buyer.email.strip().lower()}

        return list(self._db.execute(BUYERS_OF_EMAIL, whose).scalars())

    def _asked(
        self, order_id: int, conversation_id: str
    ) -> frozenset[tuple[int | None, RemedyKind]]:
        elsewhere = {"order": order_id, "conversation": conversation_id}
        picked = (row.known["picked"] for row in self._db.execute(ASKED, elsewhere))

        return frozenset(
            (one["line_id"], RemedyKind(one["kind"])) for one in picked if one is not None
        )

    def add(
        self,
        case_id: str,
        decision: int,
        remedy: Remedy,
        *,
        order: Order,
        worth: Money,
        taken: tuple[tuple[str, int], ...] = (),
        reason: str,
        state: RemedyState,
        approved_by: str = "",
        now: datetime,
    ) -> str:
        terms = from_remedy(remedy)
        remedy_id = uuid4().hex
        stem = f"{case_id}:{remedy.kind}:{remedy.line_id or 'order'}:"
        which = {"order": order.id, "case": case_id, "kind": remedy.kind, "line": remedy.line_id}
        attempt = 1 + int(self._db.execute(FALLEN, which).scalar_one())
        self._db.execute(
            sa.insert(remedies).values(
                id=remedy_id,
                idempotency_key=f"{stem}{attempt}",
                case_id=case_id,
                decision_id=decision,
                store_id=order.store,
                buyer_id=sa.select(orders.c.buyer_id)
                .where(orders.c.id == order.id)
                .scalar_subquery(),
                order_id=order.id,
                order_revision=order.revision,
                line_id=remedy.line_id,
                kind=remedy.kind,
                quantity=remedy.quantity,
                amount=terms["amount"],
                currency=terms["currency"],
                percent=terms.get("percent"),
                worth=worth.minor,
                worth_currency=worth.currency,
                terms={**terms, "taken": [list(one) for one in taken]},
                reason=reason,
                state=state,
                approved_by=approved_by,
                reference="",
                created_at=now,
            )
        )
        if state is RemedyState.REQUESTED:
            self._send(remedy_id, now)

        return remedy_id

    def get(self, remedy_id: str) -> RemedyRow:
        row = self._db.execute(REMEDY_HELD, {"key": remedy_id}).one_or_none()
        if row is None:
            raise Missing(f"no remedy {remedy_id}")

        return to_row(row)

    def find_of_case(self, case_id: str) -> str | None:
        found = self._db.execute(
            sa.select(remedies.c.id)
            .where(remedies.c.case_id == case_id)
            .order_by(remedies.c.created_at, remedies.c.id)
            .limit(1)
        )

        return found.scalar_one_or_none()

    def waiting(self, store: str | None) -> tuple[RemedyRow, ...]:
        query = sa.select(remedies).where(remedies.c.state == RemedyState.APPROVAL)
        if store is not None:
            query = query.where(remedies.c.store_id == store)
        rows = self._db.execute(query.order_by(remedies.c.created_at, remedies.c.id))

        return tuple(to_row(row) for row in rows)

    def approve(self, remedy_id: str, agent: str, now: datetime) -> None:
        self._db.execute(
            sa.update(remedies)
            .where(remedies.c.id == remedy_id, remedies.c.state == RemedyState.APPROVAL)
            .values(state=RemedyState.REQUESTED, approved_by=agent)
        )
        self._send(remedy_id, now)

    def end(
        self,
        remedy_id: str,
        state: RemedyState,
        now: datetime,
        *,
        by: str = "",
        reference: str = "",
    ) -> None:
        named = {"approved_by": by} if by else {}
        referred = {"reference": reference[:200]} if reference else {}
        self._db.execute(
            sa.update(remedies)
            .where(remedies.c.id == remedy_id)
            .values(state=state, ended_at=now, **named, **referred)
        )

    def _send(self, remedy_id: str, now: datetime) -> None:
        self._db.execute(
            sa.insert(outbox).values(
                remedy_id=remedy_id, state="new", attempts=0, next_at=now, fence=0, detail=""
            )
        )


def to_row(row: sa.Row[tuple[object, ...]]) -> RemedyRow:
    """A stored remedy as the services see it."""
    return RemedyRow(
        id=row.id,
        case_id=row.case_id,
        order_id=row.order_id,
        order_revision=row.order_revision,
        store=row.store_id,
        remedy=to_remedy(row.terms),
        worth=Money(row.worth, row.worth_currency),
        taken=tuple((sku, pieces) for sku, pieces in row.terms.get("taken", ())),
        state=RemedyState(row.state),
        reason=row.reason,
        approved_by=row.approved_by,
        idempotency_key=row.idempotency_key,
        reference=row.reference,
        created_at=row.created_at,
    )

"""
Approvals, the sealed ledger, outbox leases, claims, variants with prices.

Remedies of before get their store, buyer and terms from their order; decisions of before are
sealed as they stand.
"""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "ledger_heads",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_ledger_heads_store_id_stores")
        ),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("against", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_claims_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("case_id", "against", name=op.f("uq_claims_case_id_against")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_order_id"), ["order_id"], unique=False)

    op.create_table(
        "ledger_seals",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_ledger_seals_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_ledger_seals_store_id_stores")
        ),
        sa.PrimaryKeyConstraint("store_id", "number", name=op.f("pk_ledger_seals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_ledger_seals_decision_id")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("band_1", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("band_2", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("band_3", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("band_4", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_attachments_band_1"), ["band_1"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_band_2"), ["band_2"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_band_3"), ["band_3"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_band_4"), ["band_4"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("amount", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("currency", sa.String(length=3), nullable=True))
        batch_op.add_column(
            sa.Column("decided_by", sa.String(length=100), server_default="bot", nullable=False)
        )

    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("fence", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        batch_op.add_column(
            sa.Column("detail", sa.String(length=300), nullable=False, server_default=sa.text("''"))
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_state_next_at"), ["state", "next_at"], unique=False
        )

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("price", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("currency", sa.String(length=3), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_products_store_id_title"), ["store_id", "title"], unique=False
        )

    with op.batch_alter_table("remedies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("store_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("buyer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("order_revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("worth", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("worth_currency", sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column("terms", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(), nullable=True))

    _fill_remedies()
    with op.batch_alter_table("remedies", schema=None) as batch_op:
        for name, kind in NOW_KNOWN.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_index(
            batch_op.f("ix_remedies_buyer_id_created_at"), ["buyer_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_remedies_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_remedies_store_id_created_at"), ["store_id", "created_at"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_remedies_store_id_stores"), "stores", ["store_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_remedies_buyer_id_buyers"), "buyers", ["buyer_id"], ["id"]
        )

    _seal_decisions()


NOW_KNOWN: dict[str, sa.types.TypeEngine[Any]] = {
    "store_id": sa.String(length=64),
    "buyer_id": sa.Integer(),
    "order_revision": sa.Integer(),
    "worth": sa.BigInteger(),
    "worth_currency": sa.String(length=3),
    "terms": sa.JSON(none_as_null=True),
    "approved_by": sa.String(length=100),
    "reference": sa.String(length=200),
}


def _fill_remedies() -> None:
    """What the remedies of before lack; goods sent again count at the price of their line."""
    db = op.get_bind()
    rows = db.execute(
        sa.text(
            "SELECT r.id, r.kind, r.order_id, r.line_id, r.quantity, r.amount, r.percent,"
            " o.store_id, o.buyer_id, o.revision, o.currency, l.unit_price, l.quantity AS ordered"
            " FROM remedies r JOIN orders o ON o.id = r.order_id"
            " LEFT JOIN order_lines l ON l.id = r.line_id"
        )
    ).all()
    remedies = sa.table(
        "remedies", sa.column("id"), *(sa.column(name, kind) for name, kind in NOW_KNOWN.items())
    )
    for row in rows:
        worth = row.amount or 0
        if row.kind == "replacement":
            worth = (row.unit_price or 0) * (row.quantity or row.ordered or 0)
        terms = {
            "kind": row.kind,
            "order_id": row.order_id,
            "line_id": row.line_id,
            "quantity": row.quantity,
            "amount": row.amount,
            "currency": None if row.amount is None else row.currency,
        }
        if row.kind == "discount":
            terms["percent"] = str(row.percent)
        db.execute(
            sa.update(remedies)
            .where(remedies.c.id == row.id)
            .values(
                store_id=row.store_id,
                buyer_id=row.buyer_id,
                order_revision=row.revision,
                worth=worth,
                worth_currency=row.currency,
                terms=terms,
                approved_by="",
                reference="",
            )
        )


SEALED = (
    "id conversation_id case_id message_id playbook step decision facts rules seen amount currency"
    " decided_by rulebook_version decided_at"
).split()


def _seal_decisions() -> None:
    """Chain what stands, in its order; the reckoning is that of bot/store/ledger.py today."""
    db = op.get_bind()
    json_type = sa.JSON(none_as_null=True)
    decisions = sa.table(
        "decisions",
        *(
            sa.column(name, json_type if name in ("facts", "rules", "seen") else None)
            for name in SEALED[:-1]
        ),
        sa.column("decided_at", sa.DateTime()),
    )
    conversations = sa.table("conversations", sa.column("id"), sa.column("store_id"))
    seals = sa.table(
        "ledger_seals",
        *(sa.column(name) for name in ("store_id", "number", "decision_id", "seal")),
    )
    heads = sa.table("ledger_heads", *(sa.column(name) for name in ("store_id", "number", "seal")))
    rows = db.execute(
        sa.select(decisions, conversations.c.store_id)
        .join(conversations, conversations.c.id == decisions.c.conversation_id)
        .order_by(decisions.c.id)
    ).all()
    newest: dict[str, tuple[int, str]] = {}
    for row in rows:
        number, before = newest.get(row.store_id, (0, "0" * 64))
        plain = {name: getattr(row, name) for name in SEALED}
        plain["decided_at"] = row.decided_at.replace(tzinfo=UTC).isoformat()
        body = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        seal = hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()
        newest[row.store_id] = (number + 1, seal)
        link = {"store_id": row.store_id, "number": number + 1, "seal": seal}
        db.execute(sa.insert(seals).values(decision_id=row.id, **link))
    for store, (number, seal) in newest.items():
        db.execute(sa.insert(heads).values(store_id=store, number=number, seal=seal))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("remedies", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_remedies_buyer_id_buyers"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_remedies_store_id_stores"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_remedies_store_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_remedies_state"))
        batch_op.drop_index(batch_op.f("ix_remedies_buyer_id_created_at"))
        batch_op.drop_column("ended_at")
        batch_op.drop_column("reference")
        batch_op.drop_column("approved_by")
        batch_op.drop_column("terms")
        batch_op.drop_column("worth_currency")
        batch_op.drop_column("worth")
        batch_op.drop_column("order_revision")
        batch_op.drop_column("buyer_id")
        batch_op.drop_column("store_id")

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_products_store_id_title"))
        batch_op.drop_column("currency")
        batch_op.drop_column("price")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state_next_at"))
        batch_op.drop_column("detail")
        batch_op.drop_column("fence")
        batch_op.drop_column("lease_until")
        batch_op.drop_column("first_at")

    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("due_at")

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("decided_by")
        batch_op.drop_column("currency")
        batch_op.drop_column("amount")
        batch_op.drop_column("seen")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_order_id"))

    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_band_4"))
        batch_op.drop_index(batch_op.f("ix_attachments_band_3"))
        batch_op.drop_index(batch_op.f("ix_attachments_band_2"))
        batch_op.drop_index(batch_op.f("ix_attachments_band_1"))
        batch_op.drop_column("band_4")
        batch_op.drop_column("band_3")
        batch_op.drop_column("band_2")
        batch_op.drop_column("band_1")

    op.drop_table("ledger_seals")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_order_id"))

    op.drop_table("claims")
    op.drop_table("ledger_heads")

"""
Words of messages, to search by; open hand-offs; notices.

What is there is searched as well, in the order in which it was written. The index over the words
is put up after the migrations (bot/store/search_index.py).
"""

import sqlalchemy as sa
from alembic import op

from bot.casework.searching import words_of

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_notices_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notices_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notices_state_next_at"), ["state", "next_at"], unique=False
        )

    op.create_table(
        "message_words",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_message_words_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_words_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_message_words")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_words_message_id")),
    )
    with op.batch_alter_table("message_words", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_words_conversation_id_number"),
            ["conversation_id", "number"],
            unique=False,
        )

    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.create_index(
            batch_op.f("ix_handoffs_open_due_at"), ["open", "due_at"], unique=False
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_number_key"), ["number_key"], unique=False)

    with op.batch_alter_table("verified_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verified_orders_order_id"), ["order_id"], unique=False)

    _open_what_waits()
    _find_words()


def _open_what_waits() -> None:
    """A conversation that waits is waiting for its latest hand-off; all others are over."""
    handoffs = sa.table(
        "handoffs", *map(sa.column, ("id", "conversation_id", "created_at", "due_at", "open"))
    )
    conversations = sa.table(
        "conversations", *map(sa.column, ("id", "floor", "handoff_id", "due_at"))
    )
    waiting = sa.select(conversations.c.id).where(conversations.c.floor.in_(("WAITING", "HUMAN")))
    own = handoffs.c.conversation_id == conversations.c.id
    op.execute(
        sa.update(handoffs)
        .where(handoffs.c.conversation_id.not_in(waiting))
        .values(open=sa.false())
    )
    latest = (
        sa.select(handoffs.c.id)
        .where(own)
        .order_by(handoffs.c.created_at.desc(), handoffs.c.id.desc())
        .limit(1)
    )
    op.execute(
        sa.update(conversations)
        .where(conversations.c.id.in_(waiting))
        .values(
            handoff_id=latest.scalar_subquery(),
            due_at=sa.select(sa.func.min(handoffs.c.due_at)).where(own).scalar_subquery(),
        )
    )


def _find_words() -> None:
    """The words of every message, made as they are made for a new one."""
    messages = sa.table(
        "messages", *map(sa.column, ("id", "conversation_id", "seq", "text", "created_at"))
    )
    words = sa.table("message_words", *map(sa.column, ("message_id", "conversation_id", "words")))
    connection = op.get_bind()
    # Ids first: what is being read on PostgreSQL cannot be held open while rows are written.
    order = sa.select(messages.c.id).order_by(messages.c.created_at, messages.c.seq, messages.c.id)
    ids = connection.scalars(order).all()
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        known = {
            row.id: row
            for row in connection.execute(sa.select(messages).where(messages.c.id.in_(part)))
        }
        rows = [
            {"message_id": one, "conversation_id": known[one].conversation_id, "words": found}
            for one in part
            if (found := words_of(known[one].text))
        ]
        if rows:
            connection.execute(sa.insert(words), rows)


AT_ONCE = 1000
"""Messages that are held at a time."""


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("verified_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verified_orders_order_id"))

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_number_key"))

    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoffs_open_due_at"))
        batch_op.drop_column("open")

    with op.batch_alter_table("message_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_words_conversation_id_number"))

    op.drop_table("message_words")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_state_next_at"))
        batch_op.drop_index(batch_op.f("ix_notices_conversation_id"))

    op.drop_table("notices")

"""Answers that stop the clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))

    _stop_what_was_answered()


def _stop_what_was_answered() -> None:
    """A hand-off was answered by the first message of an agent after it."""
    handoffs = sa.table(
        "handoffs", *map(sa.column, ("id", "conversation_id", "created_at", "answered_at", "open"))
    )
    messages = sa.table("messages", *map(sa.column, ("conversation_id", "sender", "created_at")))
    conversations = sa.table("conversations", *map(sa.column, ("id", "due_at")))
    answer = (
        sa.select(sa.func.min(messages.c.created_at))
        .where(
            messages.c.conversation_id == handoffs.c.conversation_id,
            messages.c.sender == "agent",
            messages.c.created_at >= handoffs.c.created_at,
        )
        .scalar_subquery()
    )
    op.execute(sa.update(handoffs).values(answered_at=answer))
    runs = sa.exists().where(
        handoffs.c.conversation_id == conversations.c.id,
        handoffs.c.open,
        handoffs.c.answered_at.is_(None),
    )
    op.execute(
        sa.update(conversations)
        .where(conversations.c.due_at.is_not(None), ~runs)
        .values(due_at=None)
    )


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("answered_at")

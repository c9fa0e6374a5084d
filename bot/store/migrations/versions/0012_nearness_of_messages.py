"""Nearness of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

READ = "sender = 'buyer' AND intent IS NOT NULL"
BEFORE = (
    "created_at", "intent", "read_by", "confidence", "conversation_id", "choice_token", "sender",
)  # fmt: skip
AFTER = (*BEFORE[:4], "nearness", *BEFORE[4:])


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_read")
        batch_op.add_column(sa.Column("nearness", sa.Float(), nullable=True))
        batch_op.create_index(
            "ix_messages_read",
            list(AFTER),
            unique=False,
            sqlite_where=sa.text(READ),
            postgresql_where=sa.text(READ),
        )


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_read")
        batch_op.drop_column("nearness")
        batch_op.create_index(
            "ix_messages_read",
            list(BEFORE),
            unique=False,
            sqlite_where=sa.text(READ),
            postgresql_where=sa.text(READ),
        )

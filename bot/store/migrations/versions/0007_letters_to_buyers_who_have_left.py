"""Letters to buyers who have left."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("mailed_seq", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_of_agents",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("sender = 'agent'"),
            postgresql_where=sa.text("sender = 'agent'"),
        )


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_of_agents",
            sqlite_where=sa.text("sender = 'agent'"),
            postgresql_where=sa.text("sender = 'agent'"),
        )

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("mailed_seq")

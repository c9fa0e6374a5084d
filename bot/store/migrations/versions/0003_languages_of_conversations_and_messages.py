"""Languages of conversations and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("locale_from", sa.String(length=10), server_default="guessed", nullable=False)
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=2), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("locale_from")

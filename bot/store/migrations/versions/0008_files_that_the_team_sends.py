"""Files that the team sends."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=10), server_default="photo", nullable=False)
        )
        batch_op.add_column(
            sa.Column("name", sa.String(length=100), server_default=sa.text("('')"), nullable=False)
        )


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_column("name")
        batch_op.drop_column("kind")

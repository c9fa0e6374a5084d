"""Details that agents marked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marked", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("lost", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("details_of", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.drop_column("details_of")

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("lost")
        batch_op.drop_column("marked")

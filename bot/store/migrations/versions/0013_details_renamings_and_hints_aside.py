"""Details renamings and hints aside."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "hints_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_hints_aside_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hints_aside")),
    )
    with op.batch_alter_table("hints_aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hints_aside_key"), ["key"], unique=False)

    op.create_table(
        "renamings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(length=100), nullable=False),
        sa.Column("after", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_renamings_change_id_changes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renamings")),
    )
    with op.batch_alter_table("renamings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_renamings_change_id"), ["change_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_renamings_row_id"), ["row_id"], unique=False)

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

    with op.batch_alter_table("renamings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renamings_row_id"))
        batch_op.drop_index(batch_op.f("ix_renamings_change_id"))

    op.drop_table("renamings")
    with op.batch_alter_table("hints_aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hints_aside_key"))

    op.drop_table("hints_aside")

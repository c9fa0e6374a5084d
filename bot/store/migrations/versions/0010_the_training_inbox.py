"""The training inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("ranking", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("entities", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("suggested", sa.String(length=100), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("doubt", sa.Float(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=True),
        sa.Column("taken_until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["taken_by"], ["agents.id"], name=op.f("fk_inbox_taken_by_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_inbox_leads_state_priority"),
            ["leads", "state", "priority"],
            unique=False,
        )

    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=False),
        sa.Column("entities", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_labels_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_labels_inbox_id_inbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_labels_agent_id_created_at"), ["agent_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_labels_inbox_id"), ["inbox_id"], unique=False)

    op.create_table(
        "inbox_origins",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("inbox_id", sa.String(length=64), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name=op.f("fk_inbox_origins_inbox_id_inbox")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_inbox_origins_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox_origins")),
    )
    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_origins_inbox_id"), ["inbox_id"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_origins_inbox_id"))

    op.drop_table("inbox_origins")
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_labels_inbox_id"))
        batch_op.drop_index(batch_op.f("ix_labels_agent_id_created_at"))

    op.drop_table("labels")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_leads_state_priority"))
        batch_op.drop_index(batch_op.f("ix_inbox_group_id"))

    op.drop_table("inbox")

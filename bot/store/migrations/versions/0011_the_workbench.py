"""The workbench: changes, trainings, comparisons, promotions and shadow runs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

READ = "sender = 'buyer' AND intent IS NOT NULL"
ASKED_BACK = "reply LIKE 'clarify.%'"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "changes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("git_commit", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_changes_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["changes.id"], name=op.f("fk_changes_undone_by_changes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_created_at"), ["created_at"], unique=False)

    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=True),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("live", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_comparisons_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
    )
    with op.batch_alter_table("comparisons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comparisons_model_created_at"), ["model", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_comparisons_state_created_at"), ["state", "created_at"], unique=False
        )

    op.create_table(
        "promotions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("before", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        sa.Column("refused", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_promotions_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promotions_created_at"), ["created_at"], unique=False)

    op.create_table(
        "shadows",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_shadows_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
    )
    op.create_table(
        "trainings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=100), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_trainings_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trainings_state_created_at"), ["state", "created_at"], unique=False
        )

    op.create_table(
        "shadow_readings",
        sa.Column("shadow_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("live_intent", sa.String(length=100), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_shadow_readings_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["shadow_id"], ["shadows.id"], name=op.f("fk_shadow_readings_shadow_id_shadows")
        ),
        sa.PrimaryKeyConstraint("shadow_id", "message_id", name=op.f("pk_shadow_readings")),
    )
    with op.batch_alter_table("shadow_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shadow_readings_message_id"), ["message_id"], unique=False
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_by", sa.String(length=100), nullable=True))
        batch_op.create_index(
            "ix_messages_read",
            [
                "created_at",
                "intent",
                "read_by",
                "confidence",
                "conversation_id",
                "choice_token",
                "sender",
            ],
            unique=False,
            sqlite_where=sa.text(READ),
            postgresql_where=sa.text(READ),
        )
        batch_op.create_index(
            "ix_messages_asked_back",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text(ASKED_BACK),
            postgresql_where=sa.text(ASKED_BACK),
        )

    _widen_inbox()


def _widen_inbox() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        for name, length in (("known", 10), ("known_as", 100)):
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
        batch_op.add_column(sa.Column("reopened_after", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_inbox_leads_state_priority"))
        batch_op.create_index(
            batch_op.f("ix_inbox_leads_state_priority_size_known"),
            ["leads", "state", "priority", "size", "known"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_inbox_taken_by"), ["taken_by"], unique=False)
    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("said", sa.String(length=100), nullable=False, server_default="")
        )
    # What was there has these values; what comes from now on brings its own.
    for table, names in (("inbox", ("known", "known_as")), ("inbox_origins", ("said",))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.drop_column("batch")
    with op.batch_alter_table("inbox_origins", schema=None) as batch_op:
        batch_op.drop_column("said")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_taken_by"))
        batch_op.drop_index(batch_op.f("ix_inbox_leads_state_priority_size_known"))
        batch_op.create_index(
            batch_op.f("ix_inbox_leads_state_priority"),
            ["leads", "state", "priority"],
            unique=False,
        )
        for name in ("reopened_after", "known_as", "known"):
            batch_op.drop_column(name)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_asked_back")
        batch_op.drop_index("ix_messages_read")
        batch_op.drop_column("read_by")

    with op.batch_alter_table("shadow_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadow_readings_message_id"))

    op.drop_table("shadow_readings")
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainings_state_created_at"))

    op.drop_table("trainings")
    op.drop_table("shadows")
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promotions_created_at"))

    op.drop_table("promotions")
    with op.batch_alter_table("comparisons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comparisons_state_created_at"))
        batch_op.drop_index(batch_op.f("ix_comparisons_model_created_at"))

    op.drop_table("comparisons")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changes_created_at"))

    op.drop_table("changes")

"""The database itself refuses to change what was decided."""

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from bot.casework.ports.ledger import DecisionRow
from bot.store import guard
from bot.store.database import reading, writing
from bot.store.migrate import migrate
from bot.store.tables import decisions, ledger_seals
from bot.store.units import SqlUnits
from tests.factories import NOW

CHANGES = (
    sa.update(decisions).values(amount=1),
    sa.delete(decisions),
    sa.update(ledger_seals).values(seal="0" * 64),
    sa.delete(ledger_seals),
)


def add_decision(engine: Engine) -> None:
    """A decision of the store `demo`, sealed."""
    with SqlUnits(engine)() as unit:
        unit.conversations.add_named("talk", "demo", "en", NOW)
        unit.ledger.add_decision(
            DecisionRow(
                store="demo", conversation_id="talk", case_id=None, message_id=None,
                playbook="agent", step="grant", decision="Perform", facts={}, rules=(),
                rulebook_version="test", decided_at=NOW,
            )
        )  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_decided_cannot_be_changed(database: Engine, change: sa.Executable) -> None:
    """
    Neither a decision nor its seal, neither altered nor deleted.
    """
    add_decision(database)

    with pytest.raises(DatabaseError, match=guard.REFUSED), writing(database) as db:
        db.execute(change)
    add_decision(database)
    with reading(database) as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(ledger_seals)) == 2


def test_a_guard_that_was_taken_down_is_put_up_at_the_next_start(database: Engine) -> None:
    """
    A migration takes it down; SQLite forgets it when a table is made anew.
    """
    add_decision(database)
    with writing(database) as db:
        guard.take_down(db)
        db.execute(CHANGES[0])

    migrate(database.url.render_as_string(hide_password=False))
    with pytest.raises(DatabaseError, match=guard.REFUSED), writing(database) as db:
        db.execute(CHANGES[0])


def test_a_migration_may_make_the_tables_anew(database: Engine) -> None:
    """
    As Alembic does on SQLite for any change of a table: the rows stay, and so can the guard.
    """
    add_decision(database)
    with database.connect().execution_options(writes=True) as db:
        if db.dialect.name == "sqlite":
            db.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with db.begin():
            guard.take_down(db)
            alembic = Operations(MigrationContext.configure(db))
            with alembic.batch_alter_table("decisions", recreate="auto") as table:
                table.alter_column("step", type_=sa.String(200), existing_type=sa.String(100))
            db.execute(CHANGES[0])
            guard.put_up(db)

    for change in CHANGES:
        with pytest.raises(DatabaseError, match=guard.REFUSED), writing(database) as db:
            db.execute(change)

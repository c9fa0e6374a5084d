"""
What makes a search quick: indexes that only one of the two databases can have, kept by triggers.

On SQLite a full-text table over the words of messages, on PostgreSQL an inverted index of them.
SQLite loses triggers, and indexes over expressions, when a migration makes a table anew. So this
is no migration: like the ledger's guard it is taken down before migrations run and put up after
them, and whatever is there by then is indexed.

A message whose text is changed or erased is found no more: whoever changes it puts its new words
there, if it has any.
"""

import sqlalchemy as sa
from sqlalchemy import Connection, event

from bot.store.tables import message_words, metadata

NAMES = {
    "index": "message_index",
    "email": "ix_search_email",
    "contact": "ix_search_contact",
    "buyer": "ix_search_buyer",
    "tracking": "ix_search_tracking",
}
FULL_TEXT = NAMES["index"]
OF_SQLITE = (
    # The words are made already (bot/casework/searching.py), so the tokenizer has only to part
    # them where the blanks are; which messages have a word is all that is asked.
    "CREATE VIRTUAL TABLE {index} USING fts5(words, content='message_words',"
    " content_rowid='number', tokenize='ascii', detail='none', prefix='3 4')",
    "CREATE TRIGGER {index}_added AFTER INSERT ON message_words BEGIN"
    " INSERT INTO {index} (rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER {index}_taken AFTER DELETE ON message_words BEGIN"
    " INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.number, old.words); END",
    "CREATE TRIGGER {index}_changed AFTER UPDATE ON message_words BEGIN"
    " INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.number, old.words);"
    " INSERT INTO {index} (rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER {index}_text AFTER UPDATE OF text ON messages WHEN new.text <> old.text"
    " BEGIN DELETE FROM message_words WHERE message_id = old.id; END",
    "CREATE TRIGGER {index}_gone BEFORE DELETE ON messages"
    " BEGIN DELETE FROM message_words WHERE message_id = old.id; END",
    "INSERT INTO {index} ({index}) VALUES ('rebuild')",
    "CREATE INDEX {email} ON conversations (lower(identity_email))",
    "CREATE INDEX {contact} ON conversations (lower(contact_email))",
    "CREATE INDEX {buyer} ON buyers (email)",
    "CREATE INDEX {tracking} ON parcels"
    " (upper(replace(replace(tracking_number, ' ', ''), '-', '')))",
)
OF_POSTGRESQL = (
    "CREATE INDEX {index} ON message_words"
    " USING gin (array_to_tsvector(string_to_array(words, ' ')))",
    "CREATE OR REPLACE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN DELETE FROM message_words WHERE message_id = old.id;"
    " IF TG_OP = 'DELETE' THEN RETURN old; END IF; RETURN new; END $$",
    "CREATE TRIGGER {index}_text AFTER UPDATE OF text ON messages"
    " FOR EACH ROW WHEN (new.text <> old.text) EXECUTE FUNCTION forget_words()",
    "CREATE TRIGGER {index}_gone BEFORE DELETE ON messages"
    " FOR EACH ROW EXECUTE FUNCTION forget_words()",
    "CREATE INDEX {email} ON conversations (lower(identity_email) text_pattern_ops)",
    "CREATE INDEX {contact} ON conversations (lower(contact_email) text_pattern_ops)",
    "CREATE INDEX {buyer} ON buyers (email text_pattern_ops)",
    "CREATE INDEX {tracking} ON parcels"
    " (upper(replace(replace(tracking_number, ' ', ''), '-', '')))",
)
LAST = NAMES["tracking"]
"""What is put up last: where it stands, all of it does."""
DOWN = {
    "sqlite": (
        *(
            f"DROP TRIGGER IF EXISTS {{index}}_{name}"
            for name in ("added", "taken", "changed", "text", "gone")
        ),
        "DROP TABLE IF EXISTS {index}",
    ),
    "postgresql": (
        # With the triggers that call it.
        "DROP FUNCTION IF EXISTS forget_words CASCADE",
        "DROP INDEX IF EXISTS {index}",
    ),
}
OPTIMIZE = "INSERT INTO {index} ({index}) VALUES ('optimize')"
STANDS = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = :name",
    "postgresql": "SELECT 1 WHERE to_regclass(:name) IS NOT NULL",
}


def put_up(connection: Connection) -> None:
    """Index what is there, unless that was done already."""
    dialect = connection.dialect.name
    if connection.scalar(sa.text(STANDS[dialect]), {"name": LAST}):
        return
    take_down(connection)
    for statement in OF_SQLITE if dialect == "sqlite" else OF_POSTGRESQL:
        connection.exec_driver_sql(statement.format_map(NAMES))


def take_down(connection: Connection) -> None:
    """Let the tables be changed, by a migration; `put_up` has to follow."""
    for statement in DOWN[connection.dialect.name]:
        connection.exec_driver_sql(statement.format_map(NAMES))
    for name in ("email", "contact", "buyer", "tracking"):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {NAMES[name]}")


def tidy(connection: Connection) -> None:
    """
    Leave nothing of taken-out words in the index: what an erasure ends with.

    SQLite's keeps them, unfindable, until parts of it are merged.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(OPTIMIZE.format_map(NAMES))


def is_in_tables(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether tables.py should know a table or index of that name; Alembic asks."""
    ours = kind in ("table", "index") and (name or "").startswith((FULL_TEXT, "ix_search_"))

    return not ours


@event.listens_for(metadata, "after_create")
def _put_up_with_tables(_metadata: object, connection: Connection, **_: object) -> None:
    """Tables that are made at once, without migrations, can be searched as well."""
    if sa.inspect(connection).has_table(message_words.name):
        put_up(connection)


@event.listens_for(metadata, "before_drop")
def _take_down_with_tables(_metadata: object, connection: Connection, **_: object) -> None:
    take_down(connection)

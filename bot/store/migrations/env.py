"""What Alembic runs for each command: over the connection that `bot.store.migrate` opened."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.store.search_index import is_in_tables
from bot.store.tables import UtcTime, metadata


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration must not change with our code, so it names the database's type, not ours."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcTime) else False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=_render,
    include_name=is_in_tables,
    # SQLite alters a table by making it anew.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()

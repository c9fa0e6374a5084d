"""
Inserts of which SQLAlchemy's part is done once, not for every row.

An import writes hundreds of thousands of rows while chats wait for the same lock, and four
fifths of an insert's time is SQLAlchemy finding out again what to send.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.store.shop_rows import Row


class PreparedInsert:
    """
    One insert into `table`, of all columns but its own `id`.

    `statement` may be an insert with a conflict clause, without bound values of its own.
    """

    def __init__(self, connection: Connection, table: sa.Table, statement: sa.Insert) -> None:
        dialect = connection.dialect
        columns = [column for column in table.columns if column.name != "id"]
        compiled = statement.compile(
            dialect=dialect, column_keys=[column.name for column in columns]
        )
        self._connection = connection
        self._sql = str(compiled)
        self._names = [column.name for column in columns]
        self._by_position = dialect.positional
        self._processors = {
            column.name: processor
            for column in columns
            if (processor := column.type.dialect_impl(dialect).bind_processor(dialect))
        }

    def add(self, row: Row) -> sa.CursorResult[Any]:
        """Insert the row; what the statement returns."""
        return self._connection.exec_driver_sql(self._sql, self._values(row))

    def add_all(self, rows: Iterable[Row]) -> None:
        """Insert the rows, if there are any."""
        if values := [self._values(row) for row in rows]:
            self._connection.exec_driver_sql(self._sql, values)

    def _values(self, row: Row) -> Any:
        processors = self._processors
        values = {
            name: processors[name](row[name]) if name in processors else row[name]
            for name in self._names
        }

        return tuple(values.values()) if self._by_position else values

"""
Inserts of which SQLAlchemy's part is done once, not for every row.

An import writes hundreds of thousands of rows while chats wait for the same lock, and most of
an insert's time would go into finding out again what to send.
"""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.store.shop_rows import Row


class PreparedInsert:
    """
    One insert into `table`, of all columns but its own `id`, into the transaction that is open.

    `statement` may have a conflict clause, but no bound values of its own.
    """

    def __init__(self, connection: Connection, table: sa.Table, statement: sa.Insert) -> None:
        dialect = connection.dialect
        columns = [column for column in table.columns if column.name != "id"]
        names = [column.name for column in columns]
        self._names = None if dialect.positional else names
        self._pick = itemgetter(*names)
        self._sql = str(statement.compile(dialect=dialect, column_keys=names))
        self._dialect = dialect
        self._cursor = connection.connection.cursor()
        self._processors = [
            (place, processor)
            for place, column in enumerate(columns)
            if (processor := column.type.dialect_impl(dialect).bind_processor(dialect))
        ]

    def add(self, row: Row) -> int:
        """Insert the row; the id that the statement returns."""
        self._execute(self._cursor.execute, self._values(row))
        made: int = self._cursor.fetchall()[0][0]

        return made

    def add_all(self, rows: Iterable[Row]) -> None:
        """Insert the rows, if there are any."""
        values = [self._values(row) for row in rows]
        if len(values) == 1:
            # Most orders have one line; PostgreSQL's driver makes much of "many".
            self._execute(self._cursor.execute, values[0])
        elif values:
            self._execute(self._cursor.executemany, values)

    def _execute(self, how: Any, values: Any) -> None:
        base = self._dialect.loaded_dbapi.Error
        try:
            how(self._sql, values)
        except base as error:
            raise DBAPIError.instance(
                self._sql, values, error, base, hide_parameters=True, dialect=self._dialect
            ) from error

    def _values(self, row: Row) -> Any:
        """The row as the driver takes it: by position, or by name."""
        values = list(self._pick(row))
        for place, processor in self._processors:
            values[place] = processor(values[place])

        return dict(zip(self._names, values, strict=True)) if self._names else values

"""
The cells of one row, read column by column.

All that is wrong with a row is gathered, so that a seller corrects a file once and not once a
mistake.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

from bot.casework.money import Money
from bot.intake.cell_values import (
    LONGEST,
    WrongCell,
    is_blank,
    to_choice,
    to_country,
    to_currency,
    to_day,
    to_email,
    to_lines,
    to_moment,
    to_money,
    to_text,
    to_whole,
)
from bot.intake.delimited import Row

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NO_CURRENCY = "XXX"
"""ISO 4217's code for none."""


class Cells:
    """
    Reads cells, and keeps in `wrong` the columns that could not be read, with the reason.

    For such a column a stand-in is returned, so that the next one can be looked at; a row with
    anything in `wrong` must not be used.
    """

    def __init__(self, row: Row) -> None:
        self._cells = row.cells
        self.wrong: list[tuple[str, str]] = []

    def text(self, column: str, limit: int) -> str:
        """A text of at least one sign."""
        return self._required(column, "", to_text, limit)

    def text_if_any(self, column: str, limit: int) -> str:
        """A text, or nothing."""
        return self._read(column, "", to_text, limit)

    def lines_if_any(self, column: str, limit: int) -> str:
        """A text of several lines, or nothing."""
        return self._read(column, "", to_lines, limit)

    def email_if_any(self, column: str) -> str:
        """An e-mail address, or nothing."""
        return self._read(column, "", to_email)

    def choice[Kind: StrEnum](self, column: str, kind: type[Kind]) -> Kind:
        """One of the words of `kind`."""
        return cast(Kind, self._required(column, _first(kind), to_choice, kind))

    def country(self, column: str) -> str:
        """A country code."""
        return self._required(column, "", to_country)

    def currency(self, column: str) -> str:
        """A currency code."""
        return self._required(column, NO_CURRENCY, to_currency)

    def money(self, column: str, currency: str) -> Money:
        """An amount; without a currency nothing can be said of it."""
        if currency == NO_CURRENCY:
            return _nothing(currency)

        return self._required(column, _nothing(currency), to_money, currency)

    def money_if_any(self, column: str, currency_column: str) -> Money | None:
        """An amount with its currency, or None for an empty cell, whatever the currency says."""
        return (
            None if self._is_blank(column) else self.money(column, self.currency(currency_column))
        )

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        return self._required(column, least, to_whole, least, most)

    def whole_if_any(self, column: str, least: int, most: int) -> int | None:
        """A whole number, or None for an empty cell."""
        return None if self._is_blank(column) else self.whole(column, least, most)

    def moment(self, column: str) -> datetime:
        """A moment, in UTC."""
        return self._required(column, NEVER, to_moment)

    def moment_if_any(self, column: str) -> datetime | None:
        """A moment, or None for an empty cell."""
        return None if self._is_blank(column) else self.moment(column)

    def day_if_any(self, column: str) -> date | None:
        """A calendar day, or None for an empty cell."""
        return None if self._is_blank(column) else self._read(column, NEVER.date(), to_day)

    def _is_blank(self, column: str) -> bool:
        return is_blank(self._cells[column])

    def _required[Value](
        self, column: str, stand_in: Value, read: Callable[..., Value], *rules: Any
    ) -> Value:
        if self._is_blank(column):
            self.wrong.append((column, "is empty"))
            return stand_in

        return self._read(column, stand_in, read, *rules)

    def _read[Value](
        self, column: str, stand_in: Value, read: Callable[..., Value], *rules: Any
    ) -> Value:
        cell = self._cells[column]
        try:
            if len(cell) > LONGEST:
                raise WrongCell(f"has {len(cell)} characters, which is too long")
            return read(cell, *rules)
        except WrongCell as error:
            self.wrong.append((column, str(error)))
            return stand_in


@cache
def _first(kind: type[StrEnum]) -> StrEnum:
    return next(iter(kind))


@cache
def _nothing(currency: str) -> Money:
    return Money(0, currency)

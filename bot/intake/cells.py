"""
Checking the cells of one row, each as what its column holds.

All that is wrong with a row is gathered, so that a seller corrects a file once and not once a
mistake.
"""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies

from bot.casework.money import Money, WrongMoney
from bot.intake.delimited import Row

YEARS = range(1990, 2100)
MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
LAND = re.compile("[A-Z]{2}")
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
"""Zero-width signs that spreadsheets leave in cells and nobody means."""

# In Babel's list of territories, but not countries of ISO 3166-1.
NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of ISO 3166-1, and XK for Kosovo."""
    codes = {code for code in map(str, Locale("en").territories) if LAND.fullmatch(code)}

    return frozenset(codes - NO_COUNTRIES)


@cache
def currencies() -> frozenset[str]:
    """The currencies that somewhere are legal tender."""
    return frozenset(code for land in countries() for code in get_territory_currencies(land))


class WrongCell(ValueError):
    """A cell that is not what its column holds; the text says why."""


class Cells:
    """
    The cells of a row, read column by column.

    A cell that is wrong is noted in `wrong` and a stand-in returned, so the next column can be
    looked at; a row with anything in `wrong` must not be used.
    """

    def __init__(self, row: Row) -> None:
        self._cells = row.cells
        self.wrong: list[tuple[str, str]] = []
        """Column and reason."""

    def text(self, column: str, limit: int, *, optional: bool = False) -> str:
        """A text on one line; line breaks within it become spaces."""
        try:
            return " ".join(self._cell(column, limit, optional=optional).split())
        except WrongCell as error:
            return self._note(column, error, "")

    def lines(self, column: str, limit: int) -> str:
        """A text of which the line breaks matter, as of an address: they become commas."""
        try:
            lines = self._cell(column, limit, optional=True).splitlines()
        except WrongCell as error:
            return self._note(column, error, "")

        return ", ".join(" ".join(line.split()).rstrip(",") for line in lines if line.strip())

    def choice[Kind: StrEnum](self, column: str, kind: type[Kind]) -> Kind:
        """One of the words of `kind`, in any case."""
        try:
            word = self._cell(column, 100).lower()
            if word not in kind:
                raise WrongCell(f"{shown(word)} is none of {', '.join(kind)}")
            return kind(word)
        except WrongCell as error:
            return self._note(column, error, next(iter(kind)))

    def moment(self, column: str) -> datetime:
        """A date or date-time of ISO 8601, in UTC; without a zone it is taken for UTC."""
        try:
            return to_moment(self._cell(column, 60))
        except WrongCell as error:
            return self._note(column, error, NEVER)

    def moment_if_any(self, column: str) -> datetime | None:
        """Like `moment`, None for an empty cell."""
        return self.moment(column) if self._given(column) else None

    def day_if_any(self, column: str) -> date | None:
        """The calendar day of a date or date-time as it is written; None for an empty cell."""
        if not self._given(column):
            return None
        try:
            text = self._cell(column, 60)
            to_moment(text)
            return date.fromisoformat(text[:10])
        except WrongCell as error:
            return self._note(column, error, NEVER.date())

    def email(self, column: str) -> str:
        """An e-mail address in lower case, or nothing."""
        try:
            text = self._cell(column, 320, optional=True).lower()
            if text and not EMAIL.fullmatch(text):
                raise WrongCell(f"{shown(text)} is not an e-mail address")
            return text
        except WrongCell as error:
            return self._note(column, error, "")

    def country(self, column: str) -> str:
        """A country code of two letters."""
        try:
            code = self._cell(column, 100).upper()
            if code == "UK":
                raise WrongCell("'UK' is written GB as a country code")
            if code not in countries():
                raise WrongCell(f"{shown(code)} is not a country code such as DE")
            return code
        except WrongCell as error:
            return self._note(column, error, "")

    def currency(self, column: str) -> str:
        """A currency code of three letters; `XXX` stands in for a wrong one."""
        try:
            code = self._cell(column, 100).upper()
            if code not in currencies():
                raise WrongCell(f"{shown(code)} is not a currency code such as EUR")
            return code
        except WrongCell as error:
            return self._note(column, error, "XXX")

    def money(self, column: str, currency: str) -> Money:
        """An amount that is not negative and no finer than the currency."""
        nothing = Money(0, currency)
        try:
            text = self._cell(column, 40)
            # Its decimals can only be judged in a currency that is known.
            return nothing if currency == "XXX" else Money.from_text(text, currency)
        except (WrongCell, WrongMoney) as error:
            return self._note(column, error, nothing)

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        try:
            text = self._cell(column, 100)
            if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
                raise WrongCell(f"{shown(text)} is not a whole number from {least} to {most}")
            return int(text)
        except WrongCell as error:
            return self._note(column, error, least)

    def whole_if_any(self, column: str, least: int, most: int) -> int | None:
        """Like `whole`, None for an empty cell."""
        return self.whole(column, least, most) if self._given(column) else None

    def _note[Value](self, column: str, error: ValueError, stand_in: Value) -> Value:
        self.wrong.append((column, str(error)))

        return stand_in

    def _given(self, column: str) -> bool:
        return not _is_blank(self._cells.get(column, ""))

    def _cell(self, column: str, limit: int, *, optional: bool = False) -> str:
        """The cell without space around it, of signs that a text may hold."""
        text = self._cells.get(column, "")
        if not (text.isascii() and text.isprintable()):
            check_signs(text)
            text = text.translate(INVISIBLE)
        text = text.strip()
        if not text and not optional:
            raise WrongCell("is empty")
        if len(text) > limit:
            raise WrongCell(f"has {len(text)} characters, at most {limit} are allowed")

        return text


def to_moment(text: str) -> datetime:
    """The moment that a date or date-time of ISO 8601 names, in UTC; WrongCell if none."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise WrongCell(
            f"{shown(text)} is not an ISO 8601 date such as 2025-03-31 or 2025-03-31T14:05Z"
        )
    try:
        moment = datetime.fromisoformat(
            f"{found['day']}T{found['time'] or '00:00'}{(found['zone'] or 'Z').upper()}"
        )
    except ValueError as error:
        raise WrongCell(f"{shown(text)} is not a date: {error}") from error
    if moment.year not in YEARS:
        raise WrongCell(f"{shown(text)} is not within the years {YEARS[0]} to {YEARS[-1]}")

    return moment.astimezone(UTC)


def check_signs(text: str) -> None:
    """WrongCell for what no text holds: bytes that are not UTF-8, control characters."""
    for sign in text:
        if "\udc80" <= sign <= "\udcff":
            raise WrongCell(f"is not UTF-8 (byte {ord(sign) - 0xDC00:#04x})")
        if (sign < " " and sign not in "\t\n\r") or "\x7f" <= sign <= "\x9f":
            raise WrongCell(f"has a control character (U+{ord(sign):04X})")


def shown(text: str) -> str:
    """A foreign text as a report may show it: quoted, escaped and cut."""
    return repr(text if len(text) <= 40 else text[:40] + "…")


def _is_blank(text: str) -> bool:
    return not text or not text.translate(INVISIBLE).strip()

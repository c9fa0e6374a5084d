"""
What a cell holds, as a value: text, amount, date, code; `WrongCell` says why it is none.

Files repeat themselves (a city, a price, a product), so what was read lately is remembered.
"""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import get_territory_currencies

from bot.casework.money import Money, WrongMoney

LONGEST = 1_000
"""Characters of a cell that are looked at, whatever its column; no column holds as many."""
REMEMBERED = 4_096
YEARS = range(1990, 2100)
MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
LAND = re.compile("[A-Z]{2}")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
"""Zero-width signs that spreadsheets leave in cells and nobody means."""

# In Babel's list of territories, but not countries of ISO 3166-1.
NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


class WrongCell(ValueError):
    """A cell that is not what its column holds; the text says why."""


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of ISO 3166-1, and XK for Kosovo."""
    codes = {code for code in map(str, Locale("en").territories) if LAND.fullmatch(code)}

    return frozenset(codes - NO_COUNTRIES)


@cache
def currencies() -> frozenset[str]:
    """The currencies that somewhere are legal tender."""
    return frozenset(code for land in countries() for code in get_territory_currencies(land))


@lru_cache(REMEMBERED)
def to_text(cell: str, limit: int) -> str:
    """A text on one line; line breaks within it become spaces."""
    return " ".join(_plain(cell, limit).split())


@lru_cache(REMEMBERED)
def to_lines(cell: str, limit: int) -> str:
    """A text of which the line breaks matter, as of an address: they become commas."""
    lines = _plain(cell, limit).splitlines()

    return ", ".join(" ".join(line.split()).rstrip(",") for line in lines if line.strip())


@lru_cache(REMEMBERED)
def to_choice(cell: str, kind: type[StrEnum]) -> StrEnum:
    """One of the words of `kind`, in any case."""
    word = _plain(cell, 100).lower()
    if word not in kind:
        raise WrongCell(f"{shown(word)} is none of {', '.join(kind)}")

    return kind(word)


@lru_cache(REMEMBERED)
def to_email(cell: str) -> str:
    """An e-mail address in lower case, or nothing."""
    text = _plain(cell, 320).lower()
    if text and not EMAIL.fullmatch(text):
        raise WrongCell(f"{shown(text)} is not an e-mail address")

    return text


@lru_cache(REMEMBERED)
def to_country(cell: str) -> str:
    """A country code of two letters."""
    code = _plain(cell, 100).upper()
    if code == "UK":
        raise WrongCell("'UK' is written GB as a country code")
    if code not in countries():
        raise WrongCell(f"{shown(code)} is not a country code such as DE")

    return code


@lru_cache(REMEMBERED)
def to_currency(cell: str) -> str:
    """A currency code of three letters."""
    code = _plain(cell, 100).upper()
    if code not in currencies():
        raise WrongCell(f"{shown(code)} is not a currency code such as EUR")

    return code


@lru_cache(REMEMBERED)
def to_money(cell: str, currency: str) -> Money:
    """An amount that is not negative and no finer than the currency."""
    try:
        return Money.from_text(_plain(cell, 40), currency)
    except WrongMoney as error:
        raise WrongCell(str(error)) from error


@lru_cache(REMEMBERED)
def to_whole(cell: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    text = _plain(cell, 100)
    if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise WrongCell(f"{shown(text)} is not a whole number from {least} to {most}")

    return int(text)


@lru_cache(REMEMBERED)
def to_moment(cell: str) -> datetime:
    """A date or date-time of ISO 8601, in UTC; without a zone it is taken for UTC."""
    text = _plain(cell, 60)
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


@lru_cache(REMEMBERED)
def to_day(cell: str) -> date:
    """The calendar day of a date or date-time, as it is written."""
    to_moment(cell)

    return date.fromisoformat(_plain(cell, 60)[:10])


def is_blank(cell: str) -> bool:
    """Whether nothing stands in the cell, or nothing that can be seen."""
    if not cell or cell.isspace():
        return True

    # Translating is slow, and hardly a cell needs it.
    return not cell.isascii() and not cell.translate(INVISIBLE).strip()


def shown(text: str) -> str:
    """A foreign text as a report may show it: quoted, escaped and cut."""
    return repr(text if len(text) <= 40 else text[:40] + "…")


def _plain(cell: str, limit: int) -> str:
    """The cell without space around it, of signs that a text may hold."""
    if not (cell.isascii() and cell.isprintable()):
        _check_signs(cell)
        cell = cell.translate(INVISIBLE)
    text = cell.strip()
    if len(text) > limit:
        raise WrongCell(f"has {len(text)} characters, at most {limit} are allowed")

    return text


def _check_signs(text: str) -> None:
    """WrongCell for what no text holds: bytes that are not UTF-8, control characters."""
    for sign in text:
        if "\udc80" <= sign <= "\udcff":
            raise WrongCell(f"is not UTF-8 (byte {ord(sign) - 0xDC00:#04x})")
        if (sign < " " and sign not in "\t\n\r") or "\x7f" <= sign <= "\x9f":
            raise WrongCell(f"has a control character (U+{ord(sign):04X})")

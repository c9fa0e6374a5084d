"""Money in integer minor units, so that no cent is made or lost by arithmetic."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

# ISO 4217: currencies whose minor unit is not a hundredth.
MINOR_DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
MAX_MINOR = 10**12
CURRENCY = re.compile(r"[A-Z]{3}")
# ASCII digits only: `\d` would take Arabic and full-width ones too.
PLAIN_DECIMAL = re.compile(r"[0-9]{1,12}(?:([.,])([0-9]{1,6}))?")


class WrongMoney(ValueError):
    """An amount that cannot be money; the text says why."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that is never negative, in minor units (cents) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise WrongMoney(f"minor units are a whole number, not {self.minor!r}")
        if not 0 <= self.minor <= MAX_MINOR:
            raise WrongMoney(f"{self.minor} minor units are outside 0 to {MAX_MINOR}")
        if not CURRENCY.fullmatch(self.currency):
            raise WrongMoney(f"{self.currency!r} is not a currency code such as EUR")

    @classmethod
    def from_text(cls, text: str, currency: str) -> Self:
        """
        The amount that a file or a form names, such as `12.50` or `12,50`.

        Signs, exponents, thousands separators and more decimals than the currency has are
        refused rather than guessed at: a misread separator is a factor of a thousand. So is
        `1,234`, which may be either, while zeros beyond the currency's decimals (`12.5000`) can
        only be decimals.
        """
        plain = text.strip()
        found = PLAIN_DECIMAL.fullmatch(plain)
        if not found:
            raise WrongMoney(f"{_shown(text)} is not an amount such as 12.50")
        digits = minor_digits(currency)
        separator, decimals = found.group(1), found.group(2) or ""
        if len(decimals) == 3 and (digits < 3 or separator == ","):
            raise WrongMoney(f"{_shown(text)} may be thousands or decimals, write 1234 or 1.23")
        if decimals[digits:].strip("0"):
            raise WrongMoney(f"{_shown(text)} has more decimals than the {digits} of {currency}")
        scaled = Decimal(plain.replace(",", ".")).scaleb(digits)

        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        """The amount as people write it, for formatting only."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def times(self, quantity: int) -> "Money":
        """The price of `quantity` pieces."""
        return Money(self.minor * quantity, self.currency)

    def percent(self, percent: Decimal) -> "Money":
        """That share of 0 to 100 percent, rounded half up to a whole minor unit."""
        if not (percent.is_finite() and 0 <= percent <= 100):
            raise WrongMoney(f"{percent} percent is outside 0 to 100")
        share = (Decimal(self.minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)

        return Money(int(share), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise WrongMoney(f"{other.currency} cannot be reckoned with {self.currency}")
        return other


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def minor_digits(currency: str) -> int:
    """How many decimals the currency has."""
    return MINOR_DIGITS.get(currency, 2)


def total(amounts: list[Money], currency: str) -> Money:
    """The sum; zero of that currency for none."""
    return sum(amounts, start=Money(0, currency))

"""Money in words: an amount as people of a language write it."""

import re
from copy import copy
from functools import lru_cache

from babel import Locale

from bot.casework.money import Money, minor_digits

CODE_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


@lru_cache(maxsize=4096)
def format_money(amount: Money, locale: str) -> str:
    """
    The amount with every decimal that it is counted in, such as €12.50 or RSD 12.50.

    Babel follows CLDR, which drops the decimals of some currencies that have them (RSD, ALL);
    a buyer who agrees to exact terms shall see them all.
    """
    pattern = copy(Locale.parse(locale).currency_formats["standard"])
    digits = minor_digits(amount.currency)
    pattern.frac_prec = (digits, digits)
    written: str = pattern.apply(
        amount.major, locale, currency=amount.currency, currency_digits=False
    )

    return CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", written)

"""In which language a text is written, as far as its letters tell."""

import re

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z]")
FEWEST = 2
"""Fewer letters tell nothing."""


def written_language(text: str) -> str | None:
    """
    `ru` for a text mostly in Cyrillic; None where the letters do not tell.

    Any Cyrillic beside an order number in Latin letters is Russian. Latin letters alone tell
    nothing: Russians write order numbers, e-mails and "ok" with them.
    """
    cyrillic = len(CYRILLIC.findall(text))

    return "ru" if cyrillic >= FEWEST and 2 * cyrillic >= len(LATIN.findall(text)) else None

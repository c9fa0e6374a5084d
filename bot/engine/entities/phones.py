"""
Phone numbers, in the international spelling (E.164).

`phonenumbers` knows the numbering plan of each country; which country is meant is guessed where no
`+` says it. A row of digits alone is a phone number only if the words before it say so, or if it
begins like one.
"""

import re
from typing import Optional

import phonenumbers

from bot.engine.entities.match import NOTHING, Match, Reading

REGIONS = ("RU", "GB", "US", "DE")
"""Whose numbers are tried, in this order, if the buyer wrote none for a country."""

LONGEST = 26
"""Characters of a number with its brackets and dashes."""

# Mobile numbers of Russia, Britain and Germany without their plus; and any trunk prefix.
_BEGINS_LIKE_PHONE = re.compile(r"(?:[78]9\d{9}|0[1-9]\d{8,9}|447\d{9}|491[567]\d{8,9}|380\d{9})\Z")
# 555-123-4567, (555) 123 4567, 8 916 123-45-67, 020 7946 0958; not 304-5521987-0093345.
_DIVIDED_LIKE_PHONE = re.compile(
    r"""(?: (?:[178][ .–-]?)? (?:\(\d{3}\)|\d{3}) [ .–-]? \d{3} [ .–-] (?:\d{4}|\d{2}[ .–-]?\d{2})
          | [78] [ –-]? \(?\d{3}\)? [ –-]? \d{7}
          | \(?0\d{2,4}\)? [ /–-]? \d{3,8} (?:[ –-]?\d{2,4})? )\Z""",
    re.VERBOSE,
)

_BRITISH_MOBILE = re.compile(r"07\d{9}\Z")
_IN_ROW = re.compile(r"[+(]\Z|\d[\d.–‑-]*\Z")


def looks_like_phone(digits: str) -> bool:
    """Whether a row of digits begins as only phone numbers do."""
    return bool(_BEGINS_LIKE_PHONE.match(digits))


def phone(match: Match) -> tuple[Reading, ...]:
    """The phone numbers in a row of digits, brackets and dashes."""
    tokens, found, at = match.tokens, [], match.start
    if _IN_ROW.match(match.context.word(match.start - 1)):
        return NOTHING  # the row has been read from its first token
    cue = match.context.cue_before(match.start)
    called = cue == "phone" or match.context.follows(match.start, "call", numbered=False)
    while at < match.end:
        end = match.end
        while end > at:
            reading = _read(tokens.raw(at, end), cue=cue, called=called)
            if reading and match.context.is_free(at, end):
                found.append(Reading(reading, at, end))
                break
            end -= 1
        at = max(end, at + 1)
        called = called and not found
    return tuple(found)


def _read(written: str, *, cue: str, called: bool) -> Optional[str]:
    if len(written) > LONGEST or not written[-1].isdigit() or written[0] not in "+(0123456789":
        return None
    digits = "".join(filter(str.isdigit, written))
    if not 6 <= len(digits) <= 15 or written.count("+") > 1 or "--" in written:
        return None
    if written[0] == "+":
        return _spelt("+" + digits, None) or (f"+{digits}" if len(digits) >= 9 else None)
    if "+" in written:
        return None
    if called:
        return _national(digits) or digits
    if cue in ("order", "parcel", "tracking", "article", "postcode"):
        return None
    if written.isdigit():
        return _national(digits) or digits if looks_like_phone(digits) else None

    return _national(digits) if _DIVIDED_LIKE_PHONE.match(written) else None


def _national(digits: str) -> Optional[str]:
    if _BRITISH_MOBILE.match(digits):
        return f"+44{digits[1:]}"  # also those that the library does not know yet
    if looks_like_phone(digits) and digits[0] in "347":
        return _spelt("+" + digits, None)
    for region in REGIONS:
        spelt = _spelt(digits, region)
        if spelt:
            return spelt
    return None


def _spelt(written: str, region: Optional[str]) -> Optional[str]:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None

    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

"""Order numbers of the marketplaces and of own shops, in one spelling each."""

import re
from dataclasses import replace

from bot.engine.entities.match import NOTHING, Match, Reading
from bot.engine.entities.phones import looks_like_phone

_SIGNS = re.compile(r"[#№\s]+")
_DASHES = re.compile(r"\s*[-–‑—_\s]\s*")
# What has the shape of a shop's number and is a standard, a model or a day.
_NO_SHOPS = frozenset(
    "img dsc scan photo"
    " covid iso en din ean isbn rtx gtx gt rx usb may june july since until from of in at eur usd"
    " gbp rub zip plz tel pin pos sku art ref model mod typ type no nr ps xbox win usa uk eu"
    " us".split()
)


def amazon(match: Match) -> tuple[Reading, ...]:
    """304-5521987-0093345, however it was divided."""
    marks = "".join(filter(str.isalnum, match.raw)).upper()
    return match.read_as(f"{marks[:3]}-{marks[3:10]}-{marks[10:]}")


def srid(match: Match) -> tuple[Reading, ...]:
    """As it was written: Wildberries tells capitals from small letters there."""
    return match.read_as(match.raw)


def order(match: Match) -> tuple[Reading, ...]:
    """In capitals, without number sign and spaces."""
    return match.read_as(_SIGNS.sub("", match.raw).upper())


def digits(match: Match) -> tuple[Reading, ...]:
    """Digits alone, if they do not look like a phone number."""
    called = match.context.cue_before(match.start) in ("order", "parcel")
    if not called and looks_like_phone(match.raw):
        return NOTHING

    return match.read_as(match.raw)


def lettered(match: Match) -> tuple[Reading, ...]:
    """DEMO-1003, also where it was written with a space."""
    spelt = _DASHES.sub("-", match.raw.upper())
    letters = re.match(r"[^\W\d]*", spelt)
    called = match.context.follows(match.start, "order", numbered=False)
    if letters and letters[0].lower() in _NO_SHOPS and not called:
        return NOTHING

    return match.read_as(spelt)


def counted(match: Match) -> tuple[Reading, ...]:
    """A short number, unless it says how many: "order 1004 more"."""
    after = match.context.word(match.end)
    if after in match.kind.words.get("COUNTED", {}):
        return NOTHING

    return order(match)


def named(match: Match) -> tuple[Reading, ...]:
    """The number behind the word "number", unless it says how many."""
    return tuple(
        Reading(found.normalized, match.end - 1, match.end)
        for found in counted(replace(match, start=match.end - 1))
    )


def code(match: Match) -> tuple[Reading, ...]:
    """Whatever is called an order's number and has two digits, or a digit and capitals."""
    figures = sum(map(str.isdigit, match.raw))
    if len(match.raw) < 4 or (figures < 2 and not match.raw.isupper()):
        return NOTHING

    return counted(match)

"""Postcodes, with the space where their country puts it."""

import re

from bot.engine.entities.match import NOTHING, Match, Reading

_BRITISH = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})\Z")
_CANADIAN = re.compile(r"([A-Z]\d[A-Z])(\d[A-Z]\d)\Z")


def postcode(match: Match) -> tuple[Reading, ...]:
    """SW1A 2AA, 90210-1234, 101000."""
    marks = "".join(match.raw.upper().split())
    for pattern in (_BRITISH, _CANADIAN):
        parts = pattern.match(marks)
        if parts:
            return match.read_as(" ".join(parts.groups()))

    return match.read_as(marks)


def by_place(match: Match) -> tuple[Reading, ...]:
    """Digits between a state and a city: "NY 10001", "10115 Berlin", "101000, Москва"."""
    tokens, context = match.tokens, match.context
    states = match.kind.words["STATE"]
    places = match.kind.words["PLACE"]
    before = context.word(match.start - 1)
    if before == ",":
        before = context.word(match.start - 2)
    words = (context.word(place) for place in range(match.end, match.end + 4))
    after = next((word for word in words if word not in (",", "г", ".")), "")
    in_state = before in states and tokens.words[match.start - 1].isupper()
    if in_state or before in places or after in places:
        return postcode(match)

    return NOTHING

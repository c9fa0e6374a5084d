"""
Tracking numbers, told by their check digits.

A carrier's number with a wrong last digit is none: a typing error, or something else of that
length. Where the buyer says that it is one (`tracking`), it is taken as it stands.
"""

from bot.engine.entities.match import NOTHING, Match, Reading

SHORTEST = 9
"""Characters of a tracking number; one of eight is rather an order number of Wildberries."""
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def tracking(match: Match) -> tuple[Reading, ...]:
    """What is called a tracking number, if it is long enough for one."""
    number = _plain(match)
    if not SHORTEST <= len(number) <= 34 or sum(map(str.isdigit, number)) < 5:
        return NOTHING

    return match.read_as(number)


def s10(match: Match) -> tuple[Reading, ...]:
    """RR123456785CN: the Universal Postal Union's, used by the posts of all countries."""
    number = _plain(match)
    total = sum(int(d) * w for d, w in zip(number[2:10], _S10_WEIGHTS, strict=True))
    check = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return match.read_as(number) if int(number[10]) == check else NOTHING


def ups(match: Match) -> tuple[Reading, ...]:
    """1Z999AA10123456784: letters count as their place in the alphabet, plus two, modulo ten."""
    number = _plain(match)
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:17]]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return match.read_as(number) if str(-total % 10) == number[17] else NOTHING


def usps(match: Match) -> tuple[Reading, ...]:
    """20 or 22 digits that begin with 9."""
    number = _plain(match)
    return match.read_as(number) if _mod10(number) else NOTHING


def sscc(match: Match) -> tuple[Reading, ...]:
    """00 and 18 digits: DHL, Hermes and whoever else labels by GS1."""
    number = _plain(match)
    return match.read_as(number) if _mod10(number[2:]) else NOTHING


def russian_post(match: Match) -> tuple[Reading, ...]:
    """14 digits within Russia: an index of a post office, month, number, check digit."""
    number = _plain(match)
    return match.read_as(number) if number[0] in "123456789" and _mod10(number) else NOTHING


def _mod10(number: str) -> bool:
    """Whether the last digit completes the others, weighed 3 and 1 from the right, to tens."""
    body = [int(digit) for digit in reversed(number[:-1])]
    total = 3 * sum(body[::2]) + sum(body[1::2])
    return -total % 10 == int(number[-1])


def _plain(match: Match) -> str:
    return "".join(filter(str.isalnum, match.raw)).upper()

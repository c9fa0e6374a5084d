"""The table of readings: what `reads` in a pattern file may name."""

from typing import Final

from bot.engine.entities import amounts, dates, order_numbers, phones, postcodes, sizes, tracking
from bot.engine.entities.match import Match, Reading, ReadingOf


def plain(match: Match) -> tuple[Reading, ...]:
    """As it was written, in lower case."""
    return match.read_as(match.raw.lower())


READINGS: Final[dict[str, ReadingOf]] = {
    "plain": plain,
    "amazon": order_numbers.amazon,
    "digits": order_numbers.digits,
    "lettered": order_numbers.lettered,
    "counted": order_numbers.counted,
    "named": order_numbers.named,
    "code": order_numbers.code,
    "order": order_numbers.order,
    "srid": order_numbers.srid,
    "s10": tracking.s10,
    "ups": tracking.ups,
    "usps": tracking.usps,
    "russian_post": tracking.russian_post,
    "sscc": tracking.sscc,
    "tracking": tracking.tracking,
    "phone": phones.phone,
    "postcode": postcodes.postcode,
    "postcode_by_place": postcodes.by_place,
    "amount": amounts.amount,
    "number_size": sizes.number_size,
    "letter_size": sizes.letter_size,
    "day": dates.day,
    "day_before_yesterday": dates.day_before_yesterday,
    "day_after_tomorrow": dates.day_after_tomorrow,
    "distance": dates.distance,
    "weekday": dates.weekday,
    "period": dates.period,
    "calendar": dates.calendar,
    "day_of_month": dates.day_of_month,
    "month": dates.month,
    "figures": dates.figures,
}

"""
What each rule of the ledger comes to, in plain English.

Whoever adds a rule to a playbook adds its sentence here; a contract test names what is missing.
"""

from dataclasses import dataclass
from typing import Final

DAY: Final = r"\d{4}-\d\d-\d\d"


@dataclass(frozen=True, slots=True)
class Words:
    """
    What rules of that name come to.

    `forms` are what was compared, as a pattern, with its sentence; `otherwise` is said where it
    was written in another way. With `held` they are those that did, or did not, hold.
    """

    name: str
    otherwise: str
    forms: tuple[tuple[str, str], ...] = ()
    held: bool | None = None


LACKS: Final = {
    "empty": "the parcel was empty",
    "item": "an item is missing",
    "part": "a part is missing",
}
ALL: Final = (
    Words(
        r"within_limit\.(?P<kind>\w+)",
        "{Kind} is within what the bot may give by itself.",
        (
            (
                r"(?P<cap>\w+): (?P<worth>\d+) <= (?P<limit>\d+)",
                "{Kind} costs {worth}, within the bot's limit of {limit} {cap}.",
            ),
        ),
    ),
    Words(
        r"(?P<kind>\w+)\.somebody_elses",
        "{Kind} is not possible: what came is somebody else's.",
        (
            (
                "another_parcel",
                "{Kind} is not possible: somebody else's parcel came, which has to go back.",
            ),
        ),
    ),
    Words(
        r"(?P<kind>\w+)\.excluded",
        "{Kind} does not go together with what was given before.",
        ((r"\w+ for (?P<lacks>empty|item|part)", "{Kind} makes no sense where {lacks}."),),
    ),
    Words(
        r"(?P<kind>\w+)\.not_on_this_way",
        "{Kind} is not possible for an order that is where this one is.",
        (
            (
                r"(?P<status>[a-z]+)(?:, \w*)?",
                "{Kind} is not possible for an order that is {status}.",
            ),
        ),
    ),
    Words(
        r"(?P<kind>\w+)\.overdue",
        "When {kind} arrives was looked at.",
        (
            (
                rf"(?P<today>{DAY}) > (?P<on>{DAY}) \+ (?P<days>\d+) days",
                "The money left on {on} and should have come within {days} days; today is {today}.",
            ),
            (
                rf"(?P<today>{DAY}) <= (?P<on>{DAY}) \+ (?P<days>\d+) days",
                "The money was sent on {on} and may take {days} days; today is {today}.",
            ),
        ),
    ),
    Words(
        r"(?P<kind>\w+)\.whole_order",
        "{Kind} is possible for one product only, and this is about the whole order.",
    ),
    Words(
        r"late",
        "The parcel is not late yet.",
        (
            (
                rf"(?P<today>{DAY}) <= (?P<on>{DAY})",
                "The parcel is not late: it is expected by {on}, and today is {today}.",
            ),
        ),
    ),
    Words(
        r"past_grace",
        "The parcel is late, but not for long enough to be made good.",
        (
            (
                rf"(?P<today>{DAY}) < (?P<on>{DAY})",
                "The parcel is late, but made good only from {on} on; today is {today}.",
            ),
        ),
    ),
    Words(
        r"not_received_wait",
        "It was marked as delivered too short a while ago.",
        (
            (
                rf"(?P<today>{DAY}) < (?P<on>{DAY})",
                "It was marked as delivered a short while ago and counts as lost from {on} on; "
                "today is {today}.",
            ),
        ),
    ),
    Words(
        r"return_within_days",
        "The time for returns is over.",
        (
            (
                rf"(?P<today>{DAY}) > (?P<on>{DAY})",
                "The time for returns ended on {on}; today is {today}.",
            ),
        ),
    ),
    Words(
        r"changes_before_shipping",
        "The order was changed as often as the shop allows.",
        (
            (
                r"(?P<times>\d+) >= (?P<most>\d+)",
                "The order was changed as often as the shop allows ({times} of {most}).",
            ),
        ),
    ),
    Words(
        r"intercept",
        "The courier can be asked on the way.",
        (
            (
                r"\w+, (?P<mode>\w+)",
                "The parcel is on its way by {mode}, where the courier can be asked.",
            ),
        ),
        held=True,
    ),
    Words(
        r"intercept",
        "Nobody can be asked to change the parcel's way.",
        (
            (
                r"shipped, (?P<mode>\w+)",
                "The parcel is on its way by {mode}, where nobody can be asked.",
            ),
            (r"(?P<status>\w+), \w*", "The order is {status}, so there is no way to change."),
        ),
        held=False,
    ),
    Words(
        r"stock",
        "What is wanted is not in stock, or nobody knows.",
        (
            (r"(?P<sku>.+): not known", "Nobody knows how many pieces of {sku} are in stock."),
            (
                r"(?P<sku>.+): (?P<most>\d+) < (?P<wanted>\d+)",
                "Of {sku}, {wanted} are wanted and {most} are possible.",
            ),
            (
                r"(?P<sku>.+) < (?P<wanted>\d+)",
                "Of {sku}, {wanted} are wanted and fewer are in stock.",
            ),
        ),
    ),
    Words(
        r"price",
        "The price of what is wanted is not known.",
        ((r"(?P<sku>.+): not known", "The price of {sku} is not known."),),
    ),
    Words(
        r"coupon",
        "The shop gives no coupon for asking.",
        ((r"no coupon is set", "The shop has no coupons."),),
        held=False,
    ),
    Words(
        r"paid",
        "What was paid was compared with the price.",
        ((r"(?P<paid>\d+) of (?P<price>\d+)", "{paid} was paid, and the order costs {price}."),),
    ),
    Words(
        r"payment_(?P<place>\d+)",
        "Payment {place} is on record.",
        (
            (
                rf"(?P<paid>\d+) (?P<currency>[A-Z]{{3}}), (?P<on>{DAY})",
                "Payment {place}: {paid} on {on}.",
            ),
        ),
    ),
    Words(
        r"hand_off_after_misses",
        "Too many messages in a row were not understood.",
        (
            (
                r"(?P<times>\d+) >= (?P<most>\d+)",
                "Messages in a row that did not answer the question: {times}. At {most} a person "
                "takes over.",
            ),
        ),
    ),
    Words(
        r"bad_faith\.repeats",
        "This buyer got many remedies in a short time.",
        (
            (
                r"(?P<times>\d+) remedies in (?P<days>\d+) days >= (?P<most>\d+)",
                "This buyer got {times} remedies in {days} days; from {most} on a person looks.",
            ),
        ),
    ),
    Words(
        r"bad_faith\.refund_and_reship",
        "The money back and the goods again were asked for in two conversations about one order.",
    ),
    Words(
        r"bad_faith\.reused_photo",
        "A photo was sent about another order before.",
        (
            (
                r"(?P<times>\d+) of (?P<most>\d+) seen before",
                "Photos that were sent about another order before: {times} of {most}.",
            ),
        ),
    ),
    Words(
        r"bad_faith\.handed_over",
        "The carrier says that somebody took the parcel in person.",
        (
            (
                rf"(?P<on>{DAY}): (?P<label>.+)",
                "The carrier says that somebody took the parcel in person ({on}: {label}).",
            ),
        ),
    ),
    Words(
        r"bad_faith\.too_early",
        "The parcel cannot have arrived yet.",
        (
            (
                rf"{DAY} [\d:]+ < (?P<on>{DAY}) (?P<time>[\d:]+)",
                "The parcel cannot have arrived yet, at the earliest on {on} at {time} (UTC).",
            ),
        ),
    ),
    Words(
        r"bad_faith\.elsewhere",
        "The carrier gave the parcel out in another town.",
        (
            (
                r"(?P<place>.+), not (?P<city>.+)",
                "The carrier gave the parcel out in {place}, and it was sent to {city}.",
            ),
        ),
    ),
    Words(
        r"claim\.warehouse",
        "The warehouse may have to pay for it.",
        ((r"(?P<why>.+)", "The warehouse may have to pay for it: {why}."),),
    ),
    Words(
        r"claim\.carrier",
        "The carrier may have to pay for it.",
        ((r"(?P<why>.+)", "The carrier may have to pay for it: {why}."),),
    ),
    Words(r"ladder\.before_arrival", "What is offered is for parcels that have not come yet."),
    Words(r"ladder\.default", "What is offered, and in which order, is as usual in this shop."),
    Words(
        r"ladder\.(?P<audience>retail|wholesale|project)",
        "What is offered is what the shop has for {audience} buyers.",
    ),
    Words(
        r"ladder\.(?P<audience>.+)",
        "What is offered is what the shop has for {audience} countries.",
        (
            (
                r"country_group .+: (?P<country>\w+)",
                "What is offered is what the shop has for {audience} countries, such as {country}.",
            ),
        ),
    ),
    Words(
        r"approval",
        "A colleague did not approve it.",
        ((r"(?P<why>.+)", "A colleague did not approve it: {why}"),),
    ),
    Words(
        r"(?P<kind>\w+)",
        "{Kind} is possible.",
        (
            (r"(?P<worth>\d+) (?P<currency>[A-Z]{3})", "{Kind} is possible ({worth})."),
            (r"no money", "{Kind} is possible."),
        ),
    ),
)

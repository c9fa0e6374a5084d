"""What the desk's API sends of what a buyer had with the shop before."""

from datetime import datetime

import msgspec

from bot.amounts import format_money
from bot.casework.buyer_history import BuyerHistory, PastOrder, PastRemedy
from bot.casework.talks import WholeTalk
from bot.casework.turns import Floor
from bot.desk_words import LOCALE, say_reason, say_remedy, say_state
from bot.remedy_words import both, counted


class Earlier(msgspec.Struct):
    """Another conversation of the same buyer."""

    id: str
    at: datetime
    floor: Floor
    reason_text: str


class OrderBefore(msgspec.Struct):
    """An order of the same buyer; `here` says that this conversation is about it."""

    id: int
    number: str
    marketplace: str
    status: str
    at: datetime
    total: str
    here: bool


class RemedyBefore(msgspec.Struct):
    """What was given to the same buyer, or was to be, for which order."""

    id: str
    kind: str
    text: str
    amount: str | None
    state: str
    state_text: str
    order_id: int
    order_number: str
    at: datetime


class RatingShown(msgspec.Struct):
    """The buyer's rating, 1 to 5."""

    score: int
    comment: str
    at: datetime


class History(msgspec.Struct):
    """
    What the buyer had with us before, the newest first.

    `in_all` is what it comes to, in words; `more_orders` and `more_remedies` are how many are not
    listed. Of a buyer whom the shop does not know there is nothing.
    """

    conversations: list[Earlier]
    orders: list[OrderBefore]
    more_orders: int
    remedies: list[RemedyBefore]
    more_remedies: int
    in_all: str
    rating: RatingShown | None


def to_history(whole: WholeTalk) -> History:
    """The buyer of that conversation."""
    before, rated = whole.before, whole.rating

    return History(
        conversations=[
            Earlier(one.id, one.began_at, one.floor, say_reason(one.reason) if one.reason else "")
            for one in whole.earlier
        ],
        orders=[_to_order(one, here=one.number in whole.orders) for one in before.orders],
        more_orders=before.order_count - len(before.orders),
        remedies=[_to_remedy(one) for one in before.remedies],
        more_remedies=before.remedy_count - len(before.remedies),
        in_all=say_in_all(before),
        rating=RatingShown(rated.score, rated.comment, rated.at) if rated else None,
    )


def say_in_all(before: BuyerHistory) -> str:
    """What it comes to: "3 orders, 2 remedies, €14.50 back"; empty without an order."""
    if not before.order_count:
        return ""
    words = [counted(before.order_count, "order")]
    if before.given:
        remedies = "1 remedy" if before.given == 1 else f"{before.given} remedies"
        words.append(remedies)
    if before.back:
        words.append(f"{both(format_money(one, LOCALE) for one in before.back)} back")

    return ", ".join(words)


def _to_order(one: PastOrder, *, here: bool) -> OrderBefore:
    return OrderBefore(
        id=one.id,
        number=one.number,
        marketplace=one.marketplace,
        status=one.status,
        at=one.placed_at,
        total=format_money(one.paid, LOCALE),
        here=here,
    )


def _to_remedy(one: PastRemedy) -> RemedyBefore:
    amount = one.remedy.amount

    return RemedyBefore(
        id=one.id,
        kind=one.remedy.kind,
        text=say_remedy(one.remedy),
        amount=format_money(amount, LOCALE) if amount else None,
        state=one.state,
        state_text=say_state(one.state),
        order_id=one.order_id,
        order_number=one.order_number,
        at=one.created_at,
    )

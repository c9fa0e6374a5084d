"""A buyer-visible no: a value, not an exception."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a check said no."""

    ALREADY_REMEDIED = "already_remedied"
    MORE_THAN_PAID = "more_than_paid"
    OVER_LIMIT = "over_limit"
    OUT_OF_STOCK = "out_of_stock"
    STOCK_UNKNOWN = "stock_unknown"
    MARKETPLACE_SETTLES = "marketplace_settles"
    ALREADY_SHIPPED = "already_shipped"
    WORTH_TOO_MUCH = "worth_too_much"
    NOTHING_TO_REFUND = "nothing_to_refund"
    NOT_ON_THIS_WAY = "not_on_this_way"
    NOT_WORTH_RETURNING = "not_worth_returning"
    OUT_OF_TIME = "out_of_time"
    NOT_OFFERED_THERE = "not_offered_there"
    ALREADY_CHANGED = "already_changed"
    OTHER_PRODUCT = "other_product"
    PRICE_UNKNOWN = "price_unknown"
    NEEDS_APPROVAL = "needs_approval"
    SOMEBODY_ELSES = "somebody_elses"
    EXCLUDED = "excluded"
    ORDER_CHANGED = "order_changed"
    NOT_WAITING = "not_waiting"
    NOT_ALLOWED = "not_allowed"
    """The person's role decides about no remedy."""
    OVER_YOUR_LIMIT = "over_your_limit"
    FOUR_EYES = "four_eyes"
    """Two people have to agree."""
    OWN_ORDER = "own_order"
    OWN_REQUEST = "own_request"
    """Whoever wants it given does not say yes to it as well."""
    ALREADY = "already"
    """The same person has said yes to it."""
    RAISED = "raised"
    """More than the buyer agreed to: somebody else has to say yes to it."""
    NO_CHANGE = "no_change"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and the numbers that were compared."""

    reason: RefusalReason
    compared: str = ""

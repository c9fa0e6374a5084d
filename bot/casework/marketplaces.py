"""What the rulebook says of a marketplace: its desk, its clocks and marks, what it allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal

from bot.casework.limits import CLOSED, check_within
from bot.casework.orders import Fulfilment
from bot.casework.remedies import RemedyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """How soon things are to be done there (AFTER_SALES.md, 2); None where it sets no time."""

    __pydantic_config__ = CLOSED

    hand_over_days: int | None = None
    tracking_visible_days: int | None = None
    delivered_days: int | None = None
    complaint_hours: int | None = None
    ticket_hours: int | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            if (value := getattr(self, one.name)) is not None:
                check_within(one.name, value, 1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a seller is judged by there (AFTER_SALES.md, 2), in percent and stars."""

    __pydantic_config__ = CLOSED

    valid_tracking_at_least: Decimal | None = None
    late_shipment_at_most: Decimal | None = None
    rating_at_least: Decimal | None = None
    refund_rate_at_most: Decimal | None = None
    counterfeit_rate_at_most: Decimal | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            if (value := getattr(self, one.name)) is not None:
                check_within(one.name, value, 0, 5 if one.name == "rating_at_least" else 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceRules:
    """
    What holds where an order was bought.

    `front_desk_settles` are the fulfilments that the marketplace looks after itself. `may_offer`
    are the remedies that a seller may offer there; with `promotions` false no coupon is named,
    with `outside_links` false no link leads elsewhere. `claim_actions` are the answers that a
    claim there may offer, by remedy.
    """

    __pydantic_config__ = CLOSED

    name: str
    front_desk: str
    front_desk_url: str = ""
    front_desk_settles: tuple[Fulfilment, ...] = (Fulfilment.MARKETPLACE,)
    may_offer: tuple[RemedyKind, ...] = tuple(RemedyKind)
    promotions: bool = True
    outside_links: bool = True
    clocks: Clocks = Clocks()
    marks: Marks = Marks()
    claim_actions: Mapping[RemedyKind, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("name", "front_desk"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty, the buyer must be told something")
        if self.front_desk_url and not self.front_desk_url.startswith("https://"):
            raise ValueError("front_desk_url must start with https://")

    def allows(self, kind: RemedyKind) -> bool:
        """Whether a seller may offer that remedy there."""
        return kind in self.may_offer and (self.promotions or kind is not RemedyKind.COUPON)

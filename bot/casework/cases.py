"""A case: one problem with one order, and how far its playbook has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.casework.remedies import Remedy


class CaseState(StrEnum):
    """Whether a case still wants something."""

    OPEN = "open"
    SETTLED = "settled"
    DROPPED = "dropped"
    HANDED_OFF = "handed_off"
    REMEMBERED = "remembered"
    """Another problem of the same message, taken up after the first."""
    APPROVAL = "approval"
    """The buyer has agreed; a person of the seller's has to as well."""


class Awaiting(StrEnum):
    """What the buyer was asked for."""

    NOTHING = "nothing"
    ORDER_NUMBER = "order_number"
    PROOF = "proof"
    LINE = "line"
    QUANTITY = "quantity"
    PHOTO = "photo"
    REASON = "reason"
    ARRIVAL = "arrival"
    SEARCH = "search"
    WHAT_CAME = "what_came"
    WHAT_IS_MISSING = "what_is_missing"
    ADDRESS = "address"
    ADDRESS_CHECK = "address_check"
    """Whether the address that is shown is right."""
    VARIANT = "variant"
    DETAIL = "detail"
    DIFFERENCE = "difference"
    CHOICE = "choice"
    CONFIRMATION = "confirmation"


IDENTIFYING = frozenset({Awaiting.ORDER_NUMBER, Awaiting.PROOF})
"""What is asked before a case has its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """
    Remedies with exact terms that the buyer may choose from, best for the seller first.

    It holds for the order as it was (`order_revision`) and until `expires_at`; afterwards it is
    made anew. `id` is empty until it is stored.
    """

    options: tuple[Remedy, ...]
    order_revision: int
    expires_at: datetime
    id: str = ""

    def stands(self, order_revision: int, now: datetime) -> bool:
        """Whether the buyer may still take it."""
        return self.order_revision == order_revision and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    What one case knows.

    `opening` is the text that began it. `claimed` is an order number that the buyer named but has
    not shown to be theirs, `proof` an e-mail that they gave before a number. `arrived` is what
    they say of a parcel that is marked delivered. `round` is how far down the ladder offers were
    declined. `picked` is what they chose from the offer, `confirmed` their yes to its exact
    terms. `misses` counts turns in a row that did not answer the open question.

    `came` says what came instead of the right goods, `sku` which variant is wanted, `address`
    where to, `detail` what else a playbook asked for in free words, `searched` that the buyer
    has looked for the parcel, `terms_put_at` (ISO 8601) when terms were last put for a yes.
    `reused_photos` are those of its photos that were seen before.
    """

    id: str
    conversation_id: str
    playbook: str
    intent: str
    order_id: int | None = None
    state: CaseState = CaseState.OPEN
    awaiting: Awaiting = Awaiting.NOTHING
    opening: str = ""
    claimed: str = ""
    proof: str = ""
    line_id: int | None = None
    quantity: int | None = None
    photos: tuple[str, ...] = ()
    no_photo: bool = False
    reason: str = ""
    arrived: bool | None = None
    offer: Offer | None = None
    picked: Remedy | None = None
    confirmed: bool = False
    declined: bool = False
    misses: int = 0
    round: int = 0
    came: str = ""
    sku: str = ""
    address: str = ""
    detail: str = ""
    searched: bool = False
    terms_put_at: str = ""
    reused_photos: tuple[str, ...] = ()

    @property
    def open_question(self) -> bool:
        """Whether the buyer owes an answer."""
        return self.state is CaseState.OPEN and self.awaiting is not Awaiting.NOTHING


Facts = Mapping[str, str | int | bool | None]
"""What a decision looked at, by name, for the ledger."""

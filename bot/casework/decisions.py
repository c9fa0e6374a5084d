"""
What a step may decide: a closed union, each of which is written to the decision ledger.

A decision says what shall happen; services make it happen in the turn's one transaction.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.casework.cases import Awaiting, CaseState, Offer
from bot.casework.remedies import Remedy
from bot.casework.replies import Reply


class Reason(StrEnum):
    """Why a conversation goes to a person."""

    ASKED_FOR = "asked_for"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    NO_REPLY = "no_reply"
    FAILED = "failed"
    LOCKED = "locked"
    NO_REMEDY = "no_remedy"
    OVER_LIMIT = "over_limit"
    OFFER_DECLINED = "offer_declined"
    ORDER_STATE = "order_state"
    OUT_OF_TIME = "out_of_time"
    COUNTERFEIT = "counterfeit"
    PAYMENT = "payment"
    BAD_FAITH = "bad_faith"
    CARRIER_CLAIM = "carrier_claim"
    PRICE_DIFFERENCE = "price_difference"
    DENIED = "denied"
    REMEDY_FAILED = "remedy_failed"
    NO_ANSWER_KNOWN = "no_answer_known"
    PASSED_ON = "passed_on"
    """A person gave it to another, though the bot had it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the rulebook that a step consulted, and how the numbers compared."""

    name: str
    held: bool
    compared: str


class Against(StrEnum):
    """Whose mistake it was, other than the seller's own (AFTER_SALES.md, 3.6)."""

    WAREHOUSE = "warehouse"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim that the seller has against a partner; recorded for the seller to open."""

    against: Against
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Put a question to the buyer and wait for the answer."""

    reply: Reply
    awaiting: Awaiting
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Make an offer; the buyer chooses."""

    offer: Offer
    reply: Reply
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Perform:
    """
    Do what the buyer agreed to, and settle the case.

    With `needs_approval` it is only put on record, and a person says whether it is done.
    """

    remedy: Remedy
    reply: Reply
    needs_approval: bool = False
    claim: Claim | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Give the conversation to a person; `reply` says what the bot found, if it found something."""

    reason: Reason
    reply: Reply | None = None
    claim: Claim | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Answer, and end the case without a remedy."""

    reply: Reply
    state: CaseState = CaseState.SETTLED
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Tell the buyer something; the case is not moved by it."""

    reply: Reply
    rules: tuple[Rule, ...] = ()


Decision = Ask | Say | Propose | Perform | HandOff | Close

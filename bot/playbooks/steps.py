"""
Steps that several playbooks share, and what they say.

A step looks at a case, its order, the buyer's turn, the rulebook and the day. It returns a
Decision, or None when it has nothing to ask or say and the next step shall look. Nothing here
reads a clock, a database or a random number: the same facts always give the same decision.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from bot.casework.cases import Awaiting, Case, Offer
from bot.casework.decisions import (
    Ask,
    Close,
    Decision,
    HandOff,
    Perform,
    Propose,
    Reason,
    Rule,
)
from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.reading import money_back_option, named_line
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Remedy, RemedyKind, RemedyState
from bot.casework.replies import Choice, MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.checks import check_caps, check_remedy
from bot.playbooks.claims import claim_for, rules_of
from bot.playbooks.ladder import build_remedies, next_round, rules_of_caps

YES = Choice("yes", "yes")
NO = Choice("no", "no")
PERSON = Choice("person", "person")
NO_PHOTO = Choice("no_photo", "no_photo")

# What is said


@dataclass(frozen=True, kw_only=True)
class WhichLine(Reply):
    """Several products were ordered: which one is it about?"""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class HowMany(Reply):
    """Several pieces were ordered: how many are affected?"""

    line: OrderLine


@dataclass(frozen=True, kw_only=True)
class FrontDesk(Reply):
    """The marketplace fulfils the order, so its own front desk settles it."""

    order_number: str
    marketplace: str
    front_desk: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NotSentYet(Reply):
    """A problem with goods that have not left yet, so it must be another order."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class OrderIsOff(Reply):
    """The order was cancelled or refused, so nothing of it is with the buyer."""

    order_number: str
    refused: bool


@dataclass(frozen=True, kw_only=True)
class AlreadySettled(Reply):
    """A remedy stands for these goods already; `state` says how far it is."""

    order_number: str
    kind_of_remedy: RemedyKind
    amount: Money | None
    state: RemedyState = RemedyState.REQUESTED


@dataclass(frozen=True, kw_only=True)
class OfferRemedies(Reply):
    """
    Remedies with exact terms; the buyer chooses.

    `renewed` says that an earlier offer fell: it expired, the order changed or stock ran out;
    `another` that the buyer declined what was offered before.
    `apologised` says that we said sorry when we asked for a photo, which is enough; `photos` is
    how many came.
    """

    kind: ClassVar[MessageKind] = MessageKind.OFFER

    order_number: str
    problem: str
    line: OrderLine | None
    expires_at: datetime
    again: bool = False
    renewed: bool = False
    another: bool = False
    apologised: bool = False
    photos: int = 0


@dataclass(frozen=True, kw_only=True)
class ConfirmRemedy(Reply):
    """
    The exact terms of what was chosen; nothing is done before a yes.

    `needs_approval` says honestly that a person of the seller's has to agree as well, `return_to`
    where goods that come back are sent.
    """

    kind: ClassVar[MessageKind] = MessageKind.CONFIRM

    order_number: str
    remedy: Remedy
    line: OrderLine | None
    arrives_within_days: int
    needs_approval: bool = False
    return_to: str = ""


@dataclass(frozen=True, kw_only=True)
class RemedyRequested(Reply):
    """
    The remedy stands on record and is on its way to be carried out.

    `never_again` promises that the mistake will not be made twice (AFTER_SALES.md, 3.1).
    """

    kind: ClassVar[MessageKind] = MessageKind.NOTICE

    order_number: str
    remedy: Remedy
    line: OrderLine | None
    arrives_within_days: int
    return_to: str = ""
    never_again: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Reply):
    """The interim word: it is agreed with the buyer, and a person has to approve it."""

    kind: ClassVar[MessageKind] = MessageKind.NOTICE

    order_number: str
    remedy: Remedy
    line: OrderLine | None


@dataclass(frozen=True, kw_only=True)
class AskForPhoto(Reply):
    """Sympathy first, then a photo of what came (AFTER_SALES.md, 3.2)."""

    kind: ClassVar[MessageKind] = MessageKind.ASK_PHOTO

    order_number: str
    problem: str
    line: OrderLine
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class NothingAllowed(Reply):
    """No remedy is open to the bot, so a person decides."""

    order_number: str


# Steps


def lead_to_front_desk(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | None:
    """
    Lead the buyer of a marketplace-fulfilled order to the marketplace.

    Its front desk does all after-sales there; a seller who refunds such an order loses twice
    (AFTER_SALES.md, 3.3).
    """
    if not rules.front_desk_settles(order):
        return None
    marketplace = rules.marketplace(order)

    return Close(
        reply=FrontDesk(
            order_number=order.number,
            marketplace=marketplace.name,
            front_desk=marketplace.front_desk,
            url=marketplace.front_desk_url,
            choices=(PERSON,),
        )
    )


def stop_if_off(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """A cancelled or refused order has nothing that is with the buyer or on its way."""
    if order.status not in (OrderStatus.CANCELLED, OrderStatus.REFUSED):
        return None

    return Close(
        reply=OrderIsOff(
            order_number=order.number,
            refused=order.status is OrderStatus.REFUSED,
            choices=(PERSON,),
        )
    )


def stop_unless_sent(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Goods that never left cannot have arrived broken or wrong."""
    if order.shipped:
        return None

    return Close(reply=NotSentYet(order_number=order.number, choices=(PERSON,)))


def ask_which_line(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Find out which product it is about, where several were ordered."""
    if case.line_id in {line.id for line in order.goods}:
        return None
    only = order.goods[0] if len(order.goods) == 1 else named_line(case.opening, order.goods)
    if only:
        return replace(case, line_id=only.id)

    return Ask(
        reply=WhichLine(
            order_number=order.number,
            choices=tuple(Choice(f"line:{line.id}", "line", line) for line in order.goods),
        ),
        awaiting=Awaiting.LINE,
    )


def stop_if_settled(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """
    Never make good twice.

    A line that was replaced or refunded is settled; so is one with a discount, because the
    buyer agreed to keep the goods for it. A person may decide otherwise.
    """
    for granted in order.granted:
        if granted.settles and (case.line_id is None or granted.line_id in (None, case.line_id)):
            return Close(
                reply=AlreadySettled(
                    order_number=order.number,
                    kind_of_remedy=granted.kind,
                    amount=granted.amount,
                    state=granted.state,
                    choices=(PERSON,),
                )
            )

    return None


def ask_how_many(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Find out how many pieces are affected, where several were ordered."""
    line = order.line(case.line_id) if case.line_id is not None else None
    if line is None or line.quantity == 1 or case.quantity:
        return None
    few = range(1, line.quantity + 1) if line.quantity <= 5 else (1, 2, line.quantity)

    return Ask(
        reply=HowMany(
            line=line, choices=tuple(Choice(f"quantity:{n}", "quantity", n) for n in few)
        ),
        awaiting=Awaiting.QUANTITY,
    )


def ask_for_photo(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | None:
    """Ask for a photo where the rulebook wants one; a buyer who cannot take one goes on."""
    if case.photos or case.no_photo or not rules.problems[case.playbook].ask_photo:
        return None

    return Ask(
        reply=AskForPhoto(
            order_number=order.number,
            problem=case.playbook,
            line=order.line(case.line_id or 0),
            again=case.awaiting in APOLOGISED,
            choices=(NO_PHOTO,),
        ),
        awaiting=Awaiting.PHOTO,
    )


APOLOGISED = (Awaiting.PHOTO, Awaiting.WHAT_CAME)
"""Questions that were put with an apology; one is enough."""


def go_down_ladder(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """
    After a no, the ladder's next round; after the last one a person.

    Who asks for the money back while none is on offer has said no as well.
    """
    offer = case.offer
    asks_for_money = (
        turn.intent == "refund_request"
        and offer is not None
        and not case.picked
        and not money_back_option(offer.options)
    )
    if not (case.declined or asks_for_money):
        return None
    after, looked_at = next_offer(case, order, rules, now)
    claim = claim_for(case, order, rules)

    return after or HandOff(
        reason=Reason.OFFER_DECLINED, claim=claim, rules=(*looked_at, *rules_of(claim))
    )


def next_offer(
    case: Case, order: Order, rules: Rulebook, now: datetime
) -> tuple[Case | None, tuple[Rule, ...]]:
    """The case after a no to what is on offer; None if its ladder has nothing more."""
    after = replace(
        case,
        declined=False,
        picked=None,
        offer=None,
        round=next_round(case, order, rules, now.date()),
    )
    remedies, looked_at = build_remedies(case.playbook, after, order, rules, now.date())

    return (after if remedies else None), looked_at


def choose_remedy(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """
    Offer what the rulebook's ladder and the facts allow, and take the buyer's choice.

    An offer is made anew when it expired or the order changed; a choice of the old one falls.
    """
    return offer_in_words(offer_reply, case, order, rules, now)


class OfferWords(Protocol):
    """How a playbook puts an offer into words of its own."""

    def __call__(
        self, case: Case, order: Order, offer: Offer, /, *, again: bool = ..., renewed: bool = ...
    ) -> Reply: ...


def offer_in_words(
    say: OfferWords, case: Case, order: Order, rules: Rulebook, now: datetime
) -> Decision | None:
    """`choose_remedy`, said in that way."""
    offer = case.offer
    if offer and offer.stands(order.revision, now):
        if case.picked:
            return None
        return Ask(reply=say(case, order, offer, again=True), awaiting=Awaiting.CHOICE)

    return _make_offer(case, order, rules, now, say)


def _make_offer(
    case: Case, order: Order, rules: Rulebook, now: datetime, say: OfferWords
) -> Decision:
    """Offer what is possible now; to a person if nothing is."""
    remedies, looked_at = build_remedies(case.playbook, case, order, rules, now.date())
    if not remedies:
        claim = claim_for(case, order, rules)
        return HandOff(
            reason=Reason.NO_REMEDY,
            reply=NothingAllowed(order_number=order.number),
            claim=claim,
            rules=(*looked_at, *rules_of(claim)),
        )
    fresh = Offer(
        options=remedies,
        order_revision=order.revision,
        expires_at=now + timedelta(hours=rules.offer_expires_after_hours),
    )
    reply = say(case, order, fresh, renewed=case.offer is not None)

    return Propose(offer=fresh, reply=reply, rules=looked_at)


def option_buttons(offer: Offer) -> tuple[Choice, ...]:
    """A button for each remedy on offer, and one for a person."""
    options = (
        Choice(f"option:{place}", f"{remedy.kind}_option", remedy)
        for place, remedy in enumerate(offer.options)
    )

    return (*options, PERSON)


def offer_reply(
    case: Case, order: Order, offer: Offer, *, again: bool = False, renewed: bool = False
) -> OfferRemedies:
    """An offer in the words that fit any remedy."""
    with_photo = case.awaiting is Awaiting.WHAT_CAME and bool(case.photos)

    return OfferRemedies(
        order_number=order.number,
        problem=case.playbook,
        line=order.line(case.line_id) if case.line_id is not None else None,
        expires_at=offer.expires_at,
        again=again or renewed,
        renewed=renewed,
        another=case.round > 0 and not again,
        apologised=case.awaiting is Awaiting.PHOTO or with_photo,
        photos=len(case.photos),
        choices=option_buttons(offer),
    )


def confirm_remedy(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """
    Show the exact terms, and do nothing before an explicit yes to them.

    What cannot be done is not put to the buyer at all: a yes to it would be worth nothing. What
    only a person may grant is, and says so. Who comes too late for the last piece hears what else
    is possible.
    """
    return confirm_in_words(_confirm_reply, case, order, rules, now)


class ConfirmWords(Protocol):
    """How a playbook puts the exact terms into words of its own."""

    def __call__(
        self, case: Case, order: Order, remedy: Remedy, rules: Rulebook, /, *, needs_approval: bool
    ) -> Reply: ...


def confirm_in_words(
    say: ConfirmWords, case: Case, order: Order, rules: Rulebook, now: datetime
) -> Decision | None:
    """`confirm_remedy`, said in that way."""
    remedy = case.picked
    if remedy is None:
        return None
    if refusal := check_remedy(remedy, order, rules, now.date()):
        return _cannot_be(refusal, remedy, case, order, rules, now)
    over = check_caps(remedy, order, rules)
    asked = rules_of_caps(remedy, order, rules)
    if not case.confirmed or _terms_are_old(case, rules, now):
        terms = say(case, order, remedy, rules, needs_approval=over is not None)
        return Ask(reply=terms, awaiting=Awaiting.CONFIRMATION, rules=asked)
    claim = claim_for(case, order, rules)

    return Perform(
        remedy=remedy,
        reply=_settled_reply(case, order, remedy, rules, needs_approval=over is not None),
        needs_approval=over is not None,
        claim=claim,
        rules=(*asked, *rules_of(claim)),
    )


def _terms_are_old(case: Case, rules: Rulebook, now: datetime) -> bool:
    """Whether the yes comes too late for terms that stand in no offer, which has its own time."""
    if case.offer is not None or not case.terms_put_at:
        return False
    ends = datetime.fromisoformat(case.terms_put_at) + timedelta(
        hours=rules.offer_expires_after_hours
    )

    return now >= ends


def _cannot_be(
    refusal: Refusal, remedy: Remedy, case: Case, order: Order, rules: Rulebook, now: datetime
) -> Decision:
    if case.offer and refusal.reason is RefusalReason.OUT_OF_STOCK:
        return _make_offer(case, order, rules, now, offer_reply)
    claim = claim_for(case, order, rules)
    refused = Rule(f"{remedy.kind}.{refusal.reason}", held=False, compared=refusal.compared)

    return HandOff(
        reason=Reason.NO_REMEDY,
        reply=NothingAllowed(order_number=order.number),
        claim=claim,
        rules=(refused, *rules_of(claim)),
    )


def _confirm_reply(
    _case: Case, order: Order, remedy: Remedy, rules: Rulebook, *, needs_approval: bool
) -> Reply:
    return ConfirmRemedy(
        order_number=order.number,
        remedy=remedy,
        line=_line_of(remedy, order),
        arrives_within_days=rules.refund_arrives_within_days,
        needs_approval=needs_approval,
        return_to=rules.where_to_return(remedy, order),
        choices=(YES, NO),
    )


def _settled_reply(
    case: Case, order: Order, remedy: Remedy, rules: Rulebook, *, needs_approval: bool
) -> Reply:
    line = _line_of(remedy, order)
    if needs_approval:
        return ApprovalAsked(order_number=order.number, remedy=remedy, line=line)

    return RemedyRequested(
        order_number=order.number,
        remedy=remedy,
        line=line,
        arrives_within_days=rules.refund_arrives_within_days,
        return_to=rules.where_to_return(remedy, order),
        never_again=case.playbook in OUR_MISTAKE,
    )


OUR_MISTAKE = frozenset({"wrong_item"})
"""Problems after which we promise to do better."""


def _line_of(remedy: Remedy, order: Order) -> OrderLine | None:
    return order.line(remedy.line_id) if remedy.line_id is not None else None

"""What the desk's API takes and sends of remedies: terms, previews, and what waits for a yes."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.amounts import format_money
from bot.casework.approvals import Approval, Verdict
from bot.casework.money import Money, minor_digits
from bot.casework.order_talks import is_talk
from bot.casework.refusals import Refusal
from bot.casework.remedies import Discount, Remedy, RemedyState
from bot.desk_words import LOCALE, masked_email, masked_name, say_intent, say_remedy
from bot.refusal_words import say_refusal
from bot.rule_words import say_rule
from bot.services.remedy_previews import Preview
from bot.services.remedy_queue import ForApproval, Queue
from bot.services.wanted_remedies import GRANTABLE, Wanted

VERDICTS = {
    Verdict.GRANTED: "gave it",
    Verdict.ASKED: "asks for it",
    Verdict.YES: "said yes",
    Verdict.NO: "said no",
    Verdict.REPLACED: "put other terms in its place",
}


class WantedTerms(msgspec.Struct):
    """
    One remedy to give; without a `line_id` it is for the whole order.

    Amounts are written as people write them, such as 12.50. A discount has an amount or a percent.
    """

    kind: str
    line_id: int | None = None
    quantity: int | None = None
    amount: str | None = None
    percent: str | None = None


class Terms(msgspec.Struct):
    """The terms of a remedy, as a form shows them: amounts as plain numbers."""

    kind: str
    line_id: int | None
    quantity: int | None
    amount: str | None
    percent: str | None


class Said(msgspec.Struct):
    """What one person said to a remedy."""

    who: str
    verdict: Verdict
    text: str
    reason: str
    at: datetime


class Masked(msgspec.Struct):
    """A buyer, enough to tell two of them apart."""

    name: str
    email: str


class WaitingShown(msgspec.Struct):
    """
    One remedy that waits for a yes.

    `why` is why it waits. `can` holds approve, deny and change as far as whoever asks may;
    `why_not` says why not approve. `two` says that two people have to agree, `one_has` that one
    of them has. `conversation_id` is None where there is no talk about it.
    """

    id: str
    store: str
    at: datetime
    order_id: int
    order_number: str
    marketplace: str
    country: str
    conversation_id: str | None
    buyer: Masked
    case_text: str
    text: str
    product: str
    kind: str
    amount: str | None
    worth: str
    terms: Terms
    why: list[str]
    said: list[Said]
    can: list[str]
    why_not: str
    two: bool
    one_has: bool


class WaitingList(msgspec.Struct):
    """What waits for a yes, the oldest first; `count` is how much in all, `now` our clock."""

    rows: list[WaitingShown]
    count: int
    now: datetime


class Decided(msgspec.Struct):
    """
    What became of a remedy, in a sentence.

    `remedy_id` is the one that stands now; `asked` says that the buyer has to agree first.
    """

    remedy_id: str
    state: RemedyState
    text: str
    asked: bool = False


class PreviewShown(msgspec.Struct):
    """
    What would become of it, before anything is done.

    `refused` says why it cannot be at all. `waits` says that somebody else has to say yes, and
    `why_waits` why. `texts` are what the buyer would read, in `language`.
    """

    refused: str
    waits: bool
    why_waits: list[str]
    asks: bool
    worth: str
    before: str
    left: str
    language: str
    texts: list[str]


def to_wanted(terms: WantedTerms) -> Wanted:
    """What somebody wants to give, not looked at yet."""
    return Wanted(
        kind=terms.kind,
        line_id=terms.line_id,
        quantity=terms.quantity,
        amount=terms.amount or None,
        percent=terms.percent or None,
    )


def to_terms(remedy: Remedy) -> Terms:
    """The terms of a remedy for a form."""
    return Terms(
        kind=remedy.kind,
        line_id=remedy.line_id,
        quantity=remedy.quantity,
        amount=plain(remedy.amount) if remedy.amount else None,
        percent=f"{remedy.percent.normalize():f}" if isinstance(remedy, Discount) else None,
    )


def plain(money: Money) -> str:
    """An amount as it is typed: 12.50."""
    return f"{money.major:.{minor_digits(money.currency)}f}"


def shown(money: Money) -> str:
    """An amount as it is read: €12.50."""
    return format_money(money, LOCALE)


def to_said(said: Sequence[Approval]) -> list[Said]:
    """What people said, the first word first."""
    return [
        Said(
            who=one.who,
            verdict=one.verdict,
            text=VERDICTS[one.verdict],
            reason=one.reason,
            at=one.at,
        )
        for one in said
    ]


def _change(remedy: Remedy) -> list[str]:
    """Other terms can be put in place of the kinds that people give themselves."""
    return ["change"] if remedy.kind in GRANTABLE else []


def to_waiting_list(queue: Queue, now: datetime) -> WaitingList:
    """All that waits, as one person sees it."""
    return WaitingList(rows=[to_waiting(row) for row in queue.rows], count=queue.count, now=now)


def to_waiting(one: ForApproval) -> WaitingShown:
    """One remedy that waits."""
    row = one.waiting
    remedy, currency = row.remedy, row.worth.currency
    can = [] if one.no_word else ["deny", *_change(remedy)]

    return WaitingShown(
        id=row.id,
        store=row.store,
        at=row.created_at,
        order_id=row.order_id,
        order_number=row.order_number,
        marketplace=row.marketplace,
        country=row.country,
        conversation_id=row.conversation_id if is_talk(row.conversation_id) else None,
        buyer=Masked(name=masked_name(row.buyer_name), email=masked_email(row.buyer_email)),
        case_text=say_intent(row.playbook),
        text=say_remedy(remedy),
        product=" · ".join(part for part in (row.title, row.variant) if part),
        kind=remedy.kind,
        amount=shown(remedy.amount) if remedy.amount else None,
        worth=shown(row.worth),
        terms=to_terms(remedy),
        why=[say_rule(rule, currency) for rule in row.rules if not rule.held],
        said=to_said(row.said),
        can=can if one.no_yes else ["approve", *can],
        why_not=say_refusal(one.no_yes, currency) if one.no_yes else "",
        two=one.two is not None,
        one_has=one.one_has,
    )


def to_preview(preview: Preview) -> PreviewShown:
    """A preview, in words."""
    ruling, currency = preview.ruling, preview.worth.currency

    def told(*refusals: Refusal | None) -> list[str]:
        return [say_refusal(one, currency) for one in refusals if one]

    return PreviewShown(
        refused=" ".join(told(ruling.refusal)),
        waits=ruling.waits,
        why_waits=told(ruling.over, ruling.two),
        asks=preview.asks,
        worth=shown(preview.worth),
        before=shown(preview.before),
        left=shown(preview.left),
        language=preview.locale,
        texts=[] if ruling.refusal else list(preview.texts),
    )

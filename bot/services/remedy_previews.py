"""
What would become of a remedy that a person has in mind, before anything is done.

The buyer's exact words are those that are sent afterwards: the same wording, in their language.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.casework.agents import Agent
from bot.casework.money import Money, total
from bot.casework.order_talks import is_talk
from bot.casework.orders import Order
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Remedy
from bot.casework.replies import Reply
from bot.playbooks.checks import after_remedy, with_stock, worth_of
from bot.services.exchange import with_history
from bot.services.grants import Grant, GrantedByPerson, Ruling, rule_on
from bot.services.held_remedy import given_before, hold_remedy, terms_reply
from bot.services.house import House
from bot.services.remedy_changes import (
    ChangeAsked,
    ChangedByPerson,
    asked_reply,
    is_as_good,
    rule_on_change,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """
    `texts` are what the buyer would read, in the language `locale`; empty where nobody reads it.

    `asks` says that the buyer would be asked first; `before` is what the person gave for the
    order already, `left` what may still go back of the order's money.
    """

    ruling: Ruling
    worth: Money
    before: Money
    left: Money
    locale: str
    texts: tuple[str, ...]
    asks: bool = False


def preview_grant(
    house: House,
    remedies: Sequence[Remedy],
    *,
    agent: Agent,
    request_id: str,
    conversation_id: str | None = None,
) -> Preview:
    """What `do_grant` would do with the same arguments; nothing is written."""
    grant = Grant(
        remedies=tuple(remedies),
        agent=agent,
        reason="",
        request_id=request_id,
        conversation_id=conversation_id,
        ip="",
    )
    with house.units.reading() as unit:
        now, rules = house.clock(), house.rulebook
        talk = unit.conversations.get(conversation_id) if conversation_id else None
        order = with_history(unit, unit.orders.get(grant.order_id), rules, now)
        before = given_before(unit, agent, order)
    ruling = rule_on(
        grant.remedies, order, rules, now.date(), agent=agent, talk=talk, before=before
    )
    replies: list[Reply] = [GrantedByPerson(order_number=order.number)]
    at = order
    for remedy in grant.remedies:
        replies.append(terms_reply(house, remedy, at, waits=ruling.waits))
        at = after_remedy(remedy, at)

    return Preview(
        ruling=ruling,
        worth=_worth(grant.remedies, order),
        before=before,
        left=order.left_to_refund(),
        locale=talk.locale if talk else "",
        texts=_texts(house, replies, talk.locale, grant.case_id) if talk else (),
    )


def preview_change(
    house: House, remedy_id: str, new: Remedy, *, agent: Agent, buyer_agreed: bool = False
) -> Preview:
    """What `do_change` would do with the same arguments; nothing is written."""
    with house.units.reading() as unit:
        held = hold_remedy(house, unit, remedy_id, agent)
        before = held.given_before
        held = replace(held, order=with_stock(held.order, dict(held.row.taken), more=True))
        old, order = held.row.remedy, held.order
        refusal = held.check_may()
        if new == old or new.order_id != old.order_id:
            refusal = refusal or Refusal(RefusalReason.NO_CHANGE, f"{old.kind}")
        ruling = Ruling(refusal=refusal) if refusal else rule_on_change(held, new)
    is_read = is_talk(held.conversation.id)
    asks = not ruling.refusal and not buyer_agreed and is_read and not is_as_good(new, old)
    replies: tuple[Reply, ...] = (
        ChangedByPerson(order_number=order.number),
        terms_reply(house, new, order, waits=ruling.waits),
    )
    if asks:
        replies = (ChangeAsked(order_number=order.number), asked_reply(house, new, order))
    locale = held.conversation.locale

    return Preview(
        ruling=ruling,
        worth=_worth((new,), order),
        before=before,
        left=order.left_to_refund(),
        locale=locale if is_read else "",
        texts=_texts(house, replies, locale, held.row.id) if is_read else (),
        asks=asks,
    )


def _worth(remedies: Sequence[Remedy], order: Order) -> Money:
    return total([worth_of(remedy, order) for remedy in remedies], order.currency)


def _texts(house: House, replies: Sequence[Reply], locale: str, variant: str) -> tuple[str, ...]:
    now = house.clock()

    return tuple(
        house.speaker.render(reply, locale, variant=variant, now=now).text for reply in replies
    )

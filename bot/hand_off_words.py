"""What a person should know before the first word, in a few plain lines."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Reason
from bot.casework.orders import Order
from bot.casework.summaries import Summary
from bot.desk_words import MARKETPLACES, PROBLEMS, say_problem
from bot.playbooks.hearing import AS_IT_IS, NOT_TOLD, right_address
from bot.remedy_words import counted, either, say_terms
from bot.rule_words import say_rule
from bot.taken_words import ASKED

MOST_SAID = 200
"""Of each of the buyer's own texts."""
BY_A_PERSON = "agent"
"""The playbook of what a colleague gave; its opening is why, not what a buyer wrote."""
WAITS_FOR: Final[Mapping[str, str]] = {
    Reason.ASKED_FOR: "somebody of the team, as they asked",
    Reason.COMPLAINT: "an answer to their complaint",
    Reason.NOT_UNDERSTOOD: "an answer to what the bot did not understand",
    Reason.NO_REPLY: "an answer, as the bot gave none in time",
    Reason.FAILED: "an answer, as the bot met an error of ours",
    Reason.LOCKED: "somebody who finds out whose order it is, after too many wrong tries",
    Reason.NO_REMEDY: "what can be done, as the bot may offer nothing here",
    Reason.OVER_LIMIT: "a decision about what the bot may not give by itself",
    Reason.OFFER_DECLINED: "another offer, as they declined all that the bot may make",
    Reason.ORDER_STATE: "somebody who settles what the bot may not, as the order stands",
    Reason.OUT_OF_TIME: "whether there is an exception after the usual time",
    Reason.COUNTERFEIT: "an answer about the fake that they report",
    Reason.PAYMENT: "what became of their payment",
    Reason.BAD_FAITH: "a decision, after a second look at what is noted below",
    Reason.CARRIER_CLAIM: "what comes out with the carrier",
    Reason.PRICE_DIFFERENCE: "the price of what they want instead",
    Reason.DENIED: "why they do not get what was agreed, and what they get instead",
    Reason.REMEDY_FAILED: "what was agreed, or an honest word about it",
    Reason.NO_ANSWER_KNOWN: "an answer that the bot does not know",
    Reason.PASSED_ON: "an answer of the team",
}
"""By why it is handed over, what the buyer waits for."""
REASONS: Final[Mapping[str, str]] = {
    "changed_mind": "changed their mind",
    "quality": "the quality",
    "size": "the size",
    "material": "the material",
    "look": "how it looks",
    "delivery": "the delivery",
    "service": "the service",
    "empty": "the parcel was empty",
    "item": "an item is missing",
    "part": "a part is missing",
    "wrong_address": "the address is not right",
    "another_quantity": "another number of pieces",
    "another_product": "another product came",
    "another_variant": "another size, colour or kind came",
    "another_parcel": "somebody else's parcel came",
}
"""What the buyer answered, where a name was written down for it."""


def sum_up(summary: Summary) -> str:
    """
    Who wants what, about which order, what was tried, and what the buyer waits for.

    Nothing in it says who the buyer is: that is masked until somebody asks.
    """
    case, order = summary.case, summary.order
    lines = []
    if case:
        whose = "because" if case.playbook == BY_A_PERSON else "in their words"
        told = f", {whose}: {_short(case.opening)}" if case.opening else ""
        lines.append(f"The buyer {say_problem(case.playbook, case.intent)}{told}")
        lines += _about(case, order)
    if summary.last_words:
        head = "Last words" if case else "The buyer wrote"
        lines.append(f"{head}: {_short(summary.last_words)}")
    steps = [*(_tried(case) if case else ()), *summary.tried]
    if steps:
        lines.append(f"So far: {'; '.join(steps)}")
    lines.append(f"Waits for {WAITS_FOR[summary.reason]}")
    lines += _notes(summary)

    return "\n".join(lines)


def _notes(summary: Summary) -> Iterator[str]:
    """What a person wants to read before the first word, and what else they are told of."""
    currency = summary.order.currency if summary.order else ""
    for rule in summary.rules:
        told = say_rule(rule, currency) if rule.name.startswith(TOLD) else ""
        if told:
            yield f"Note: {told}"
    for case in summary.others:
        words = f"The buyer also {say_problem(case.playbook, case.intent)}"
        yield f"{words}: {_short(case.opening)}" if case.opening else words


TOLD = ("bad_faith.", "paid", "payment", "claim.")
"""Beginnings of the names of such rules."""


def _about(case: Case, order: Order | None) -> Iterator[str]:
    """The order, or what was said of one, and what of it is meant."""
    if order:
        place = MARKETPLACES[order.marketplace]
        yield f"Order {order.number}: {order.status}, {place}{_goods(case, order)}"
    elif case.claimed:
        yield f"Order {case.claimed} was named but not proven: do not tell anything of it yet"
    if case.reason or case.came:
        answers = (_reason(one) for one in (case.reason, case.came) if one)
        yield f"Asked about it, they said: {', '.join(answers)}"
    if case.detail and case.detail not in NO_DETAIL and not _is_address(case, order):
        yield f"They told: {_short(case.detail)}"
    if case.address:
        yield f"New address wanted: {case.address}"
    if case.sku:
        yield f"Wanted instead: {case.sku}"


NO_DETAIL = frozenset({AS_IT_IS, NOT_TOLD})


def _is_address(case: Case, order: Order | None) -> bool:
    """Whether it only says that the address, which is masked, is right."""
    return order is not None and case.detail == right_address(order)


def _goods(case: Case, order: Order) -> str:
    line = next((one for one in order.lines if one.id == case.line_id), None)
    if line is None:
        return ""
    pieces = case.quantity or line.quantity
    name = f"{line.title} ({line.variant})" if line.variant else line.title

    return f", {counted(pieces, 'piece')} of {name}"


def _reason(name: str) -> str:
    known = REASONS.get(name)
    if known:
        return known
    problem = say_problem(name)

    return problem.removeprefix("says that ") if name in PROBLEMS else name.replace("_", " ")


def _tried(case: Case) -> Iterator[str]:
    """What was asked, sent and offered, in its order."""
    if case.photos:
        yield f"{counted(len(case.photos), 'photo')} came"
    elif case.no_photo:
        yield "they cannot send a photo"
    if case.round:
        yield f"they declined {counted(case.round, 'round')} of offers"
    if case.offer:
        yield f"the bot offered {either(map(say_terms, case.offer.options))}"
    if case.picked:
        yield f"they chose {say_terms(case.picked)}" + (" and said yes" if case.confirmed else "")
    elif case.offer:
        yield "they declined" if case.declined else "they have not chosen"
    sent = case.awaiting is Awaiting.PHOTO and bool(case.photos)
    if case.awaiting not in (Awaiting.NOTHING, Awaiting.CHOICE) and not sent:
        yield f"the bot last asked {ASKED[case.awaiting]}"


def _short(text: str) -> str:
    """The buyer's own words, in quotation marks, as one line."""
    line = " ".join(text.split())
    cut = line if len(line) <= MOST_SAID else f"{line[: MOST_SAID - 1]}…"

    return f"“{cut}”"

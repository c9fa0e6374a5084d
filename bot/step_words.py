"""
Why the bot decided as it did: each step of the playbooks, as what follows "because".

Whoever adds a step adds its words here; a contract test names what is missing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bot.casework.cases import Awaiting
from bot.casework.past import PastDecision
from bot.desk_words import MARKETPLACES, say_problem, say_reason
from bot.remedy_words import both, counted
from bot.rule_words import say_rule

Because = Callable[[PastDecision], str]


def say_because(decision: PastDecision) -> str:
    """Why it was decided so, without a capital letter and a full stop; empty if nothing tells."""
    because = STEPS.get(decision.step, "")

    return because if isinstance(because, str) else because(decision)


def currency_of(decision: PastDecision) -> str:
    """The currency in which its rules compared money."""
    told = decision.facts.get("currency")
    if isinstance(told, str) and told:
        return told

    return decision.amount.currency if decision.amount else "EUR"


def _rules(otherwise: str, *names: str) -> Because:
    """The sentences of those rules, which tell all."""

    def say(decision: PastDecision) -> str:
        told = [
            say_rule(rule, currency_of(decision)).removesuffix(".")
            for rule in decision.rules
            if rule.name.startswith(names)
        ]

        return "; ".join(one[0].lower() + one[1:] for one in told if one) or otherwise

    return say


def _told(decision: PastDecision) -> Iterator[str]:
    """What the buyer has told and sent."""
    facts = decision.facts
    yield f"the buyer {say_problem(decision.playbook)}"
    photos = facts.get("photos")
    if isinstance(photos, int) and photos:
        yield f"{counted(photos, 'photo')} came"
    elif facts.get("no_photo"):
        yield "they cannot send a photo"
    if facts.get("round"):
        yield "they declined what was offered before"


LIMITS: Final = ("within_limit.",)
OVER: Final = (".over_limit", ".needs_approval")


def _limits(decision: PastDecision) -> Iterator[str]:
    """How it compares with what the bot may give: the dearest that is within, and what is not."""
    currency = currency_of(decision)
    within = [rule for rule in decision.rules if rule.name.startswith(LIMITS)]
    over = [rule for rule in decision.rules if rule.name.endswith(OVER)]
    if within:
        limit = say_rule(within[0], currency).rpartition("within ")[2]
        each = "each is" if len(within) > 1 else "it is"
        yield f"{each} within {limit}" if not over else ""
    for rule in over:
        sentence = say_rule(rule, currency)
        yield sentence[0].lower() + sentence[1:]


def _remedy(decision: PastDecision) -> str:
    """Why something is offered, put for a yes, given, or not possible at all."""
    match decision.decision:
        case "HandOff":
            return _none_possible(decision)
        case "Perform":
            return both(_clean(["the buyer said yes to exactly that", *_limits(decision)]))
        case "Ask" if not _asks_for_yes(decision):
            return "the offer still stands, and the buyer has not chosen yet"
        case "Ask":
            return both(_clean(["nothing is given without a clear yes", *_limits(decision)]))
        case _:
            return both(_clean([*_told(decision), *_limits(decision)]))


def _asks_for_yes(decision: PastDecision) -> bool:
    taken = decision.seen.taken if decision.seen else None
    if taken is None:
        return decision.step in ("confirm_remedy", "confirm_cancellation")

    return taken.awaiting is Awaiting.CONFIRMATION


def _none_possible(decision: PastDecision) -> str:
    """What kept each remedy from being offered."""
    told = [
        say_rule(rule, currency_of(decision))
        for rule in decision.rules
        if not rule.held and not rule.name.endswith(OVER)
    ]
    why = "; ".join(one[0].lower() + one[1:] for one in _clean(told))
    nothing = "nothing that the shop allows the bot fits here"

    return f"{nothing} ({why})" if why else nothing


def _clean(words: list[str]) -> list[str]:
    return [one.removesuffix(".") for one in words if one]


def _marketplace(decision: PastDecision) -> str:
    """Who settles the order."""
    name = MARKETPLACES.get(str(decision.facts.get("marketplace")), "the marketplace")

    return f"{name} sends this order itself and settles everything about it"


def _where_it_is(decision: PastDecision) -> str:
    """What depends on where the order is."""
    status = ORDERS.get(str(decision.facts.get("status")))

    return f"the order {status}" if status else "it depends on where the order is"


ORDERS: Final[Mapping[str, str]] = {
    "pending": "has not left yet",
    "processing": "is being packed",
    "shipped": "is on its way",
    "delivered": "was delivered",
    "cancelled": "was cancelled",
    "refused": "was refused at the door",
}
"""How far an order is, as what follows "the order"."""


def _declined(decision: PastDecision) -> str:
    """Whether they said no, or the order is off anyway."""
    off = decision.facts.get("status") in ("cancelled", "refused")

    return _where_it_is(decision) if off else "the buyer would rather leave it"


def _asked(decision: PastDecision) -> str:
    """What a question or an answer is about."""
    return f"the buyer {say_problem(decision.playbook, _intent(decision))}"


def _intent(decision: PastDecision) -> str:
    return decision.seen.case.intent if decision.seen else ""


def _reason(decision: PastDecision) -> str:
    """Why a person is wanted."""
    return f"the buyer {say_reason(str(decision.facts.get('reason', '')))}"


DECLINED: Final = "the buyer would rather leave it"
STEPS: Final[Mapping[str, str | Because]] = {
    # What services decide
    "find_order": "without an order that is surely the buyer's nothing is told or given",
    "count_misses": _rules("too many messages in a row were not understood", "hand_off_after"),
    "drop": "the buyer lets it rest",
    "look_for_bad_faith": _rules("something in it is worth a second look", "bad_faith."),
    "grant": "a person at the desk decided so",
    "approve": "a person at the desk decided so",
    "deny": _rules("a person at the desk decided so", "approval"),
    "change": "a person at the desk decided so",
    "ask_change": "other terms need the buyer's yes",
    "outbox": "that is what the shop's system, or the seller, said",
    # What all playbooks share
    "lead_to_front_desk": _marketplace,
    "stop_if_off": _where_it_is,
    "stop_unless_sent": _where_it_is,
    "ask_which_line": "the order has several products",
    "stop_if_settled": "nothing is made good twice",
    "ask_how_many": "several pieces of it were ordered",
    "ask_for_photo": "the shop wants to see it before anything is offered",
    "go_down_ladder": "the buyer declined all that the shop allows the bot to offer",
    "choose_remedy": _remedy,
    "confirm_remedy": _remedy,
    # Questions
    "tell_facts": _asked,
    "tell_where_money_is": _rules(
        "the buyer asked where the money is", "refund.ov", "discount.ov", "return.ov", "coupon.ov",
        "cancellation.ov", "intercept.ov", "exchange.ov", "item_change.ov",
    ),
    "tell_of_cancellation": "the shop cancelled this order by itself",
    "offer_to_ask": "no money was agreed on for this order",
    "list_payments": _rules("a person compares it with what was charged", "paid"),
    # Cancelling and changing
    "stop_if_done": _declined,
    "send_back_what_was_named": "the buyer named one product of several",
    "cancel_before_hand_over": "the order has not left yet",
    "offer_after_hand_over": _remedy,
    "confirm_cancellation": _remedy,
    "stop_if_ended": "what was agreed on before ends the order",
    "stop_if_changed_before": _rules("the order was changed before", "changes_before"),
    "leave_as_it_is": DECLINED,
    "explain_after_hand_over": _rules("the order has left for the old address", "intercept"),
    "ask_for_address": "the new address has to be known, with its number",
    "have_courier_asked": _rules("the order has left", "intercept"),
    "change_before_hand_over": "the order has not left yet",
    "go_by_status": _where_it_is,
    "take_variant_from_opening": "the buyer named it at once",
    "take_quantity_from_opening": "the buyer named the number at once",
    "ask_what_instead": _rules("the buyer did not say what instead", "stock"),
    "ask_how_many_in_all": _rules("the buyer did not say how many", "stock"),
    "settle_terms": _rules("the difference in price has to be known", "price"),
    # Late, lost, refused
    "go_on_if_delivered": "the carrier says that it was delivered",
    "reassure": _rules("the buyer asked about a late parcel", "late", "past_grace"),
    "keep_waiting": "the buyer would rather wait",
    "go_by_arrival": "the parcel has turned up, or has not come at all",
    "ask_if_address_is_right": "the carrier says that it was delivered, so the address is checked",
    "ask_for_search": "most parcels that are marked as delivered are close by",
    "wait_after_delivery": _rules("it was marked as delivered a short while ago", "not_received"),
    "ask_why_refused": "the shop wants to know why parcels are refused",
    "go_where_it_is": _where_it_is,
    "settle_refused": "the parcel was refused, and its money is for a person to settle",
    "tell_how_to_refuse": "the parcel is on its way and is not, or cannot be, turned back",
    "offer_to_turn_back": _remedy,
    # Broken, wrong, missing
    "ask_what_happens": "that spares whoever takes over a question",
    "stop_before_it_leaves": _where_it_is,
    "ask_if_it_came": "what can be done depends on whether the parcel has come",
    "wait_for_arrival": "the parcel is on its way and is made good once it is there",
    "stop_on_its_way": _remedy,
    "ask_what_came": "what can be done depends on what came",
    "ask_what_is_missing": "what can be done depends on what is missing",
    "ask_which_is_missing": "the order has several products",
    "ask_which_part": "which part is missing has to be known",
    "ask_for_photo_of_it": "the shop wants to see it before anything is offered",
    "ask_what_differs": "the shop wants to know which promise was not kept",
    # Sending back, exchanging
    "ask_why": "what can be done depends on the reason",
    "cancel_what_has_not_left": "the order has not left yet",
    "stop_if_out_of_time": _rules("the time for returns is over", "return_within"),
    "make_good_instead": "broken or wrong goods are made good, not exchanged",
    "ask_what_for": _rules("the buyer did not say what instead", "stock"),
    "settle_exchange": _rules("the difference in price has to be known", "price"),
    # Fakes, complaints, discounts
    "keep_evidence": "what the buyer sent is kept",
    "hand_to_person": "the buyer says that it is a fake, which no machine settles",
    "give_to_person": _reason,
    "say_no": _rules("the shop gives no discount for asking", "coupon"),
    "say_how": "no order of the buyer is known",
    "stop_if_not_wanted": "the buyer does not want the coupon",
    "stop_if_given": "there is one coupon an order",
    "give_coupon": _rules("the order allows no coupon", "coupon"),
}  # fmt: skip

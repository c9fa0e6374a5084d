"""Finding out which variant the buyer wants instead: shared by changes and exchanges."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.changing import named_variant
from bot.casework.decisions import Ask, Decision, HandOff, Reason, Rule
from bot.casework.orders import Order, OrderLine, Variant
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.prices import find_variant, price_of_piece, variants_of
from bot.playbooks.steps import PERSON

MOST_LISTED = 8


@dataclass(frozen=True, kw_only=True)
class WhichVariant(Reply):
    """Which of those in stock shall it be? `gone` is one that was wanted and is not there."""

    line: OrderLine
    gone: str = ""


@dataclass(frozen=True, kw_only=True)
class NoVariantInStock(Reply):
    """Nothing else of the product is there; `gone` is one that was wanted, if one was named."""

    line: OrderLine
    gone: str = ""


@dataclass(frozen=True, kw_only=True)
class StockNotKnown(Reply):
    """Whether it is there only a person can find out; `variant` is what was wanted."""

    line: OrderLine
    variant: str


@dataclass(frozen=True, kw_only=True)
class PriceNotKnown(Reply):
    """What it costs only a person can say; `variant` is what was wanted."""

    line: OrderLine
    variant: str


def take_variant_from_opening(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """The variant may have been named at once: "in blue, please"."""
    if case.sku or case.line_id is None:
        return None
    line = order.line(case.line_id)
    named = named_variant(case.opening, line, variants_of(line, order))

    return replace(case, sku=named.sku) if named else None


def ask_which_variant(
    case: Case, line: OrderLine, order: Order, pieces: int, beside: Sequence[Choice]
) -> Decision | None:
    """
    Ask until one is chosen of which there are pieces enough; None once it is.

    `beside` are other ways out than a variant, which are offered even if none is there.
    """
    wanted = find_variant(case.sku, line, order)
    if wanted and wanted.stock is None:
        return HandOff(
            reason=Reason.NO_REMEDY,
            reply=StockNotKnown(line=line, variant=_name(wanted)),
            rules=(Rule("stock", held=False, compared=f"{wanted.sku}: not known"),),
        )
    if wanted and _is_left(wanted, pieces):
        return None
    left = [one for one in variants_of(line, order) if _is_left(one, pieces)]
    gone = _name(wanted) if wanted else ""
    rules = (Rule("stock", held=False, compared=f"{wanted.sku} < {pieces}"),) if wanted else ()
    choices = tuple(Choice(f"variant:{one.sku}", "variant", one) for one in left[:MOST_LISTED])
    reply: Reply = NoVariantInStock(line=line, gone=gone, choices=(*beside, PERSON))
    if left:
        reply = WhichVariant(line=line, gone=gone, choices=(*choices, *beside, PERSON))

    return Ask(reply=reply, awaiting=Awaiting.VARIANT, rules=rules)


def hand_off_without_price(sku: str, line: OrderLine, order: Order) -> Decision | None:
    """A difference that nobody can name is not settled by a machine (AFTER_SALES.md, 7)."""
    if price_of_piece(sku, line, order) is not None:
        return None
    wanted = find_variant(sku, line, order)

    return HandOff(
        reason=Reason.PRICE_DIFFERENCE,
        reply=PriceNotKnown(line=line, variant=_name(wanted) if wanted else ""),
        rules=(Rule("price", held=False, compared=f"{sku}: not known"),),
    )


def _is_left(variant: Variant, pieces: int) -> bool:
    return variant.stock is not None and variant.stock >= pieces


def _name(variant: Variant) -> str:
    return variant.variant or variant.sku

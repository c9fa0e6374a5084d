"""What another variant, or another number of pieces, costs beside what was ordered."""

from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine, Variant


def variants_of(line: OrderLine, order: Order) -> tuple[Variant, ...]:
    """The other variants of the line's product: of the same title, and nothing else."""
    return tuple(one for one in order.variants if one.title == line.title and one.sku != line.sku)


def find_variant(sku: str, line: OrderLine, order: Order) -> Variant | None:
    """The variant of that SKU; None if it is not one of the line's product."""
    return next((one for one in variants_of(line, order) if one.sku == sku), None)


def price_of_piece(sku: str, line: OrderLine, order: Order) -> Money | None:
    """
    What a piece of it costs; None where that is not known.

    What was ordered costs what it cost then, whatever it costs today.
    """
    if sku == line.sku:
        return line.unit_price
    variant = find_variant(sku, line, order)

    return variant.price if variant else None


def settle_difference(
    before: Money, after: Money, left: Money
) -> tuple[Money | None, Money | None]:
    """
    What goes back to the buyer and what is theirs to pay: one of the two at most.

    Never more goes back than is `left` of what they paid.
    """
    if before < after:
        return None, after - before
    back = min(before - after, left, key=lambda money: money.minor)

    return (back if back.minor else None), None

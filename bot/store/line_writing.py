"""
Order lines, changed in place: a line keeps its id as long as its product is in the order.

Cases and remedies point to lines. A line that the shop took out of the order is deleted only
if nothing can point to it; otherwise it stays with a quantity of 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from bot.store.shop_rows import Row
from bot.store.tables import cases, order_lines, remedies

FIND_LINES = (
    sa.select(order_lines.c.id, order_lines.c.sku, order_lines.c.variant)
    .where(order_lines.c.order_id == bindparam("order"))
    .order_by(order_lines.c.position)
)
# Positions are unique within an order, so all lines step aside before they take new ones.
STEP_ASIDE = (
    sa.update(order_lines)
    .where(order_lines.c.order_id == bindparam("order"))
    .values(position=-1 - order_lines.c.position)
)
INSERT_LINE = sa.insert(order_lines)


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line as the store has it, as far as it is needed to know it again."""

    id: int
    sku: str
    variant: str


def change_lines(connection: Connection, order_id: int, lines: Sequence[Row]) -> None:
    """Let the order have these lines now."""
    found = connection.execute(FIND_LINES, {"order": order_id})
    standing = [StandingLine(row.id, row.sku, row.variant) for row in found]
    same = match_lines(standing, lines)
    connection.execute(STEP_ASIDE, {"order": order_id})
    for line in lines:
        if line_id := same.get(line["position"]):
            this = order_lines.c.id == line_id
            connection.execute(sa.update(order_lines).where(this).values(line))
        else:
            connection.execute(INSERT_LINE, {**line, "order_id": order_id})

    gone = [line.id for line in standing if line.id not in same.values()]
    for position, line_id in enumerate(gone, len(lines) + 1):
        _take_out(connection, order_id, line_id, position)


def match_lines(standing: Sequence[StandingLine], lines: Sequence[Row]) -> dict[int, int]:
    """
    Which standing line each line is, as ids by position; a new line is left out.

    A line is known again by its product: best at the same place, then with the same variant,
    then at all. Another product at the same place is another line, or a remedy for the one
    would become a remedy for the other.
    """
    free = dict(enumerate(standing, 1))
    same: dict[int, int] = {}
    for is_same in (_at_same_place, _of_same_variant, _of_same_product):
        for line in lines:
            if line["position"] in same:
                continue
            places = (place for place, candidate in free.items() if is_same(candidate, place, line))
            if place := next(places, None):
                same[line["position"]] = free.pop(place).id

    return same


def _at_same_place(candidate: StandingLine, place: int, line: Row) -> bool:
    return place == line["position"] and _of_same_variant(candidate, place, line)


def _of_same_variant(candidate: StandingLine, _place: int, line: Row) -> bool:
    return (candidate.sku, candidate.variant) == (line["sku"], line["variant"])


def _of_same_product(candidate: StandingLine, _place: int, line: Row) -> bool:
    sku: str = line["sku"]

    return candidate.sku == sku


def _take_out(connection: Connection, order_id: int, line_id: int, position: int) -> None:
    pointed_at = sa.select(
        sa.exists().where(remedies.c.line_id == line_id)
        | sa.exists().where(cases.c.order_id == order_id)
    )
    this = order_lines.c.id == line_id
    if connection.execute(pointed_at).scalar_one():
        connection.execute(sa.update(order_lines).where(this).values(position=position, quantity=0))
    else:
        connection.execute(sa.delete(order_lines).where(this))

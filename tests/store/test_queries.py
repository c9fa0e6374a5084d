"""Queries of every turn: none looks at more rows, the more orders and talks a shop has."""

import pytest
import sqlalchemy as sa

from bot.store import approvals, buyer_history, order_talks, orders, remedies, statements
from bot.store.database import open_database
from bot.store.tables import metadata
from tests.factories import NOW

QUERIES = {
    "orders of an e-mail": orders.SUMMARIES_OF_EMAIL,
    "an order by its number": orders.ORDER_BY_NUMBER,
    "an order's lines": orders.LINES,
    "an order's remedies": orders.REMEDIES,
    "an order's variants": orders.VARIANTS.params(store="demo", titles=["Mug"]),
    "a buyer under all their names": remedies.BUYERS_OF_EMAIL,
    "what a buyer was given": remedies.TO_BUYER.params(
        buyers=[1], since=NOW, faith_since=NOW, earliest=NOW, currency="EUR"
    ),
    "what a store gave today": remedies.BY_STORE,
    "what was asked for an order elsewhere": remedies.ASKED,
    "what came to nothing": remedies.FALLEN,
    "what people said to remedies": approvals.SAID.params(keys=["r1"]),
    "what a person gave for orders": approvals.GIVEN.params(orders=[1], agent="kim"),
    "talks about an order": order_talks.OF_ORDER,
    "where an order was proven": order_talks.PROVEN.params(talks=["c1"], key=1),
    "whose an order is": order_talks.OWNER,
    "what a buyer ordered": buyer_history.ORDERS,
    "what a buyer was given for all orders": buyer_history.REMEDIES,
    "what that comes to": buyer_history.TOTALS,
    "messages after a seq": statements.MESSAGES_AFTER,
    "unanswered messages": statements.UNANSWERED_MESSAGES,
    "a message of a client": statements.MESSAGE_OF_CLIENT,
    "whether it was asked anew": statements.ASKED_ANEW,
    "conversations left behind": statements.LEFT_BEHIND,
}
WHOLE = {
    "SCAN messages USING INDEX ix_messages_unanswered",
    "SCAN CONSTANT ROW",
}
"""Looking through all unanswered messages of the house is what a sweep does: they are few."""
FOUND = ("SCAN (subquery-", "SCAN newest")
"""What goes through rows that another step of the same plan has found."""


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_goes_by_an_index(name):
    """
    And by one that narrows it down to a buyer, an order or a conversation, not just to a store.
    """
    engine = open_database("sqlite://")
    metadata.create_all(engine)
    compiled = QUERIES[name].compile(dialect=engine.dialect)
    expanded = compiled.construct_expanded_state(compiled.params)
    with engine.connect() as db:
        plain = (str, int, type(None))
        given = expanded.positional_parameters
        values = tuple(one if isinstance(one, plain) else None for one in given)
        steps = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {expanded.statement}", values)
        plan = {str(step.detail) for step in steps}
    engine.dispose()

    scans = {step for step in plan if step.startswith("SCAN") and not step.startswith(FOUND)}
    assert not scans - WHOLE
    assert not {step for step in plan if step.endswith("(store_id=?)")}


def test_a_plan_that_looks_at_everything_would_be_noticed():
    """
    The words that the test above looks for are SQLite's own.
    """
    engine = open_database("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as db:
        whole = db.execute(sa.text("EXPLAIN QUERY PLAN SELECT * FROM orders")).one()
        store = db.execute(
            sa.text("EXPLAIN QUERY PLAN SELECT * FROM orders WHERE store_id = 'demo'")
        ).one()
    engine.dispose()

    assert whole.detail == "SCAN orders"
    assert store.detail.endswith("(store_id=?)")

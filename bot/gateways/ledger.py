"""The default gateway: the seller's own hands."""

from bot.casework.gateways import Answer, Dispatch, Outcome

LISTED = "Listed for the seller, who carries it out by hand and confirms it."


class LedgerGateway:
    """
    `RemedyGateway` for a seller without a system of their own.

    There is nothing to send: a remedy stands in our store before any gateway hears of it, and
    the seller's list is read from there. It is done when the seller says so, not before.
    """

    name = "ledger"
    polled = False

    def send(self, dispatch: Dispatch) -> Answer:  # noqa: ARG002 - it is recorded already
        """Leave it on the seller's list."""
        return Answer(Outcome.ACCEPTED, detail=LISTED)

    def find_status(self, idempotency_key: str) -> Answer:  # noqa: ARG002 - the list has them all
        """Still on the list, as far as anyone but the seller can tell."""
        return Answer(Outcome.ACCEPTED, detail=LISTED)

"""The default gateway: the seller's list."""

from bot.casework.gateways import Outcome, RemedyGateway
from bot.gateways.ledger import LedgerGateway
from tests.gateways.dispatches import a_dispatch


def test_what_is_listed_is_accepted_and_never_done_by_itself() -> None:
    """
    Only the seller's word makes it done, however often we send or ask.
    """
    gateway: RemedyGateway = LedgerGateway()
    remedy = a_dispatch()
    answers = [gateway.send(remedy), gateway.send(remedy), gateway.find_status("any")]

    assert gateway.name == "ledger"
    assert {one.outcome for one in answers} == {Outcome.ACCEPTED}
    assert all("by hand" in one.detail for one in answers)

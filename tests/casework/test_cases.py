"""When an offer stands, and when a buyer owes an answer."""

from datetime import timedelta

import pytest

from bot.casework.cases import Awaiting, CaseState
from tests.factories import NOW, a_case, an_offer


def test_an_offer_stands_until_its_hour() -> None:
    """
    At the very moment at which it ends it stands no more.
    """
    offer = an_offer(expires_at=NOW)

    assert offer.stands(1, NOW - timedelta(seconds=1))
    assert not offer.stands(1, NOW)


def test_an_offer_falls_when_the_order_changes() -> None:
    """
    Its terms were made for the order as it was.
    """
    assert not an_offer(order_revision=1).stands(2, NOW)


@pytest.mark.parametrize("awaiting", Awaiting)
@pytest.mark.parametrize("state", CaseState)
def test_only_an_open_case_has_an_open_question(awaiting: Awaiting, state: CaseState) -> None:
    """
    Whatever a settled case last asked, nobody waits for it.
    """
    case = a_case(awaiting=awaiting, state=state)

    assert case.open_question is (state is CaseState.OPEN and awaiting is not Awaiting.NOTHING)

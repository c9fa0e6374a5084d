"""What every test of a gateway may ask for."""

from collections.abc import Iterator

import pytest

from tests.gateways.seller import Seller, open_seller


@pytest.fixture
def seller() -> Iterator[Seller]:
    """The seller's system, listening on loopback."""
    with open_seller() as one:
        yield one

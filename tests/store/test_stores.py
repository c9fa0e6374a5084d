"""Seller accounts."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bot.casework.stores import WrongStore, new_identity_secret, to_store_id
from bot.store.database import reading, writing
from bot.store.stores import add_store, find_store, store_ids
from tests.factories import NOW
from tests.store.conftest import a_store


def test_a_store_is_found_as_it_was_added(database: Engine) -> None:
    """
    With its look and its secret.
    """
    store = replace(a_store("lamps"), avatar_url="https://example.com/a.png", locale="pt-BR")
    with writing(database) as connection:
        assert add_store(connection, store, NOW)

    with reading(database) as connection:
        assert find_store(connection, "lamps") == store
        assert find_store(connection, "mugs") is None
        assert store_ids(connection) == ("demo", "lamps")


def test_an_id_is_given_once(database: Engine) -> None:
    """
    The store that has it keeps its secret.
    """
    with writing(database) as connection:
        assert not add_store(connection, replace(a_store(), identity_secret="x" * 32), NOW)
        assert find_store(connection, "demo") == a_store()


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "My Shop"},
        {"id": "-a"},
        {"id": "a" * 65},
        {"name": ""},
        {"title": "x" * 201},
        {"colour": "red"},
        {"colour": "#12345"},
        {"locale": "english"},
        {"avatar_url": "javascript:alert(1)"},
        {"avatar_url": 'https://example.com/"'},
    ],
)
def test_a_store_that_cannot_be_says_why(changes: dict[str, str]) -> None:
    """
    Its id stands in addresses, its look in a foreign page.
    """
    with pytest.raises(WrongStore):
        replace(a_store(), **changes)


@pytest.mark.parametrize(
    ("name", "store_id"),
    [
        ("Clay & Co.", "clay-co"),
        ("Crème Brûlée 24", "creme-brulee-24"),
        ("Глина", ""),
        ("x" * 99, "x" * 64),
    ],
)
def test_an_id_is_made_of_a_name(name: str, store_id: str) -> None:
    """
    Of its Latin letters and digits.
    """
    assert to_store_id(name) == store_id


def test_secrets_are_long_and_never_the_same() -> None:
    """
    HS256 wants 32 bytes.
    """
    first, second = new_identity_secret(), new_identity_secret()

    assert first != second
    assert len(first) >= 32

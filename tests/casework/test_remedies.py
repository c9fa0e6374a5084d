"""Remedies and their kinds."""

from bot.casework.remedies import REMEDIES, Remedy, RemedyKind


def test_every_kind_has_its_remedy() -> None:
    """
    A kind that a table or a rulebook names can always be made into the remedy that it means.
    """
    assert set(REMEDIES) == set(RemedyKind)
    assert all(remedy.kind is kind for kind, remedy in REMEDIES.items())
    assert all(issubclass(remedy, Remedy) for remedy in REMEDIES.values())

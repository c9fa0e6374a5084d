"""What a finder finds, asked for in one line."""

from datetime import date

from bot.engine.entities.finder import Entity, EntityFinder

WEDNESDAY = date(2026, 11, 25)
"""The day on which all these messages are read."""


def found(finder: EntityFinder, text: str, entity: str) -> list[str]:
    """The values in their order, each where it says that it is."""
    return [one.value for one in _entities(finder, text, entity)]


def normalized(finder: EntityFinder, text: str, entity: str) -> list[str]:
    """What they mean, in their order."""
    return [one.normalized for one in _entities(finder, text, entity)]


def _entities(finder: EntityFinder, text: str, entity: str) -> list[Entity]:
    entities = finder.find(text, WEDNESDAY)
    assert all(text[one.start : one.end] == one.value for one in entities)
    return [one for one in entities if one.entity == entity]

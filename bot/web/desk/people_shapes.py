"""What the desk's API sends of colleagues, as the others see them."""

import msgspec

from bot.casework.agents import Agent


class Person(msgspec.Struct):
    """Somebody of the team, as the others call them."""

    id: str
    first_name: str
    name: str


class Presence(msgspec.Struct):
    """Who has the conversation open."""

    present: list[Person]


def to_person(agent: Agent | None) -> Person | None:
    """An agent as the others call them."""
    return Person(agent.id, agent.first_name, agent.name) if agent else None

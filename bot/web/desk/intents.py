"""The intents that the model knows, from the project's own domain."""

from functools import cache
from typing import Final

import msgspec
from litestar import get
from ruamel.yaml import YAML

from bot.casework.agents import May
from bot.desk_words import say_intent
from bot.settings import ROOT
from bot.web.errors import faults

NEVER_MEANT: Final = frozenset({"nlu_fallback"})
"""What the model says, but nobody means."""


class Intent(msgspec.Struct):
    """An intent by its name, and in words."""

    name: str
    text: str


class Intents(msgspec.Struct):
    """All of them, by their words."""

    intents: list[Intent]


@cache
def known_intents() -> frozenset[str]:
    """Every intent of domain.yml that a buyer can mean."""
    return frozenset(_named("intents") - NEVER_MEANT)


@cache
def known_entities() -> frozenset[str]:
    """Every kind of detail of domain.yml that can stand in a message."""
    return frozenset(_named("entities"))


def _named(what: str) -> set[str]:
    """The names in a list of domain.yml, in which some have settings."""
    domain = YAML(typ="safe").load(ROOT / "domain.yml")

    return {next(iter(one)) if isinstance(one, dict) else one for one in domain[what]}


@get("/intents", opt={"may": May.READ}, responses=faults(401, 403), sync_to_thread=False)
def show_intents() -> Intents:
    """What a message can be corrected to."""
    known = sorted(known_intents(), key=say_intent)

    return Intents([Intent(name, say_intent(name)) for name in known])


INTENTS: Final = (show_intents,)

"""What the model knows, from the project's own domain."""

from functools import cache
from typing import Final

from ruamel.yaml import YAML

from bot.settings import ROOT

NEVER_MEANT: Final = frozenset({"nlu_fallback"})
"""What the model says, but nobody means."""


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

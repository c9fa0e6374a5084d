"""What the model knows, from the project's own domain as it is now."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.obstacles import CannotStart
from bot.watched import Watched

NEVER_MEANT: Final = frozenset({"nlu_fallback"})
"""What the model says, but nobody means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What domain.yml names."""

    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()


class BrokenDomain(CannotStart):
    """A domain that cannot be read; the text names the file."""


class WatchedDomain:
    """The domain of a project, read again when a trainer has changed it."""

    def __init__(self, project: Path) -> None:
        self._now = Watched(project / "domain.yml", read_domain, before=Domain())

    @property
    def intents(self) -> frozenset[str]:
        """Every intent that a buyer can mean."""
        return self._now().intents

    @property
    def entities(self) -> frozenset[str]:
        """Every kind of detail that can stand in a message."""
        return self._now().entities


def read_domain(path: Path) -> Domain:
    """What that domain.yml names; `BrokenDomain` if it cannot be read."""
    try:
        domain = YAML(typ="safe").load(path.read_text("utf-8"))
        if not isinstance(domain, dict):
            raise ValueError("lines of `key: value` are expected")
        intents, entities = _named(domain, "intents"), _named(domain, "entities")
    except (OSError, YAMLError, ValueError, TypeError, LookupError) as error:
        raise BrokenDomain(f"{path} cannot be read: {error}") from error

    return Domain(intents=intents - NEVER_MEANT, entities=entities)


def _named(domain: Any, what: str) -> frozenset[str]:
    """The names in a list of the domain, in which some have settings."""
    names = (next(iter(one)) if isinstance(one, dict) else one for one in domain.get(what) or ())

    return frozenset(name for name in names if isinstance(name, str))

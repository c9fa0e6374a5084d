"""What a message can mean, as trainers have written it down: `rulebook/intents.yml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.casework.limits import CLOSED

NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME: Final = 50
LONGEST_DESCRIPTION: Final = 1000
LONGEST_TITLE: Final = 80
"""Characters that still fit on a button."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
IN_DOUBT: Final = "en"
"""The language of a title that is not written in the one that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Does:
    """What the house does about a message that means it: just one of these."""

    __pydantic_config__ = CLOSED

    playbook: str = ""
    answer: bool = False
    person: bool = False

    def __post_init__(self) -> None:
        if [bool(self.playbook), self.answer, self.person].count(True) != 1:
            raise ValueError(
                "just one is expected: {answer: true}, {person: true} or {playbook: its name}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One meaning; `does` is None for those of ours, about which the code knows what to do."""

    __pydantic_config__ = CLOSED

    description: str
    titles: Mapping[str, str]
    protected: bool = False
    does: Does | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.description.strip()) <= LONGEST_DESCRIPTION:
            raise ValueError(f"description: 1 to {LONGEST_DESCRIPTION} characters are expected")
        if not self.titles:
            raise ValueError("titles is empty, write one in a language such as en")
        for language, title in self.titles.items():
            if not LANGUAGE.fullmatch(language):
                raise ValueError(f"titles.{language[:40]} is no language, allowed is such as en")
            if not 0 < len(title.strip()) <= LONGEST_TITLE:
                raise ValueError(f"titles.{language}: 1 to {LONGEST_TITLE} characters are expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """All meanings by name. What nobody has written down has no title and does nothing."""

    __pydantic_config__ = CLOSED

    intents: Mapping[str, Intent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.intents:
            if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
                raise ValueError(
                    f"intents.{name[:60]} is no name of an intent: small letters, digits and "
                    f"single underscores are expected, {LONGEST_NAME} at most"
                )

    def description(self, name: str) -> str:
        """When a message means it; empty if that is not written."""
        return self.intents[name].description if name in self.intents else ""

    def title(self, name: str, locale: str) -> str:
        """The words of its button in that language or in English; empty if there are neither."""
        if name not in self.intents:
            return ""
        titles = self.intents[name].titles
        language = re.split("[-_]", locale.lower(), maxsplit=1)[0]

        return titles.get(language) or titles.get(IN_DOUBT, "")

    @property
    def protected(self) -> frozenset[str]:
        """Those that no new model may understand worse without somebody's written word."""
        return frozenset(name for name, one in self.intents.items() if one.protected)

    @property
    def added(self) -> tuple[str, ...]:
        """Those that trainers have added, in the file's order."""
        return tuple(name for name, one in self.intents.items() if one.does)

    def playbook_of(self, name: str) -> str | None:
        """The playbook that an added intent begins; None if it begins none."""
        does = self._does(name)

        return does.playbook or None if does else None

    def answers(self, name: str) -> bool:
        """Whether an added intent is answered by words of the trainers' own."""
        does = self._does(name)

        return bool(does and does.answer)

    def wants_person(self, name: str) -> bool:
        """Whether an added intent calls a person."""
        does = self._does(name)

        return bool(does and does.person)

    def _does(self, name: str) -> Does | None:
        return self.intents[name].does if name in self.intents else None


NO_INTENTS: Final = Intents()

"""What data/entities says, as plain values; a model carries them with it as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Element:
    """What one token of a pattern may be: a word of `words`, or a text that fits `regex`."""

    words: tuple[str, ...] = ()
    regex: str = ""
    op: str = ""


@dataclass(frozen=True)
class Pattern:
    """One way in which an entity is written, and what has to stand around it."""

    elements: tuple[Element, ...]
    reads: str
    after: str = ""
    before: str = ""
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    priority: int = 0
    """Instead of the kind's; 0 for none."""


@dataclass(frozen=True)
class Kind:
    """One entity. `phrases` and the lists of `words` lead from what is written to what it means."""

    entity: str
    priority: int = 50
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Cues:
    """Words that say what a number near them is, and the words that may stand between the two."""

    words: Mapping[str, str]
    """From the word to the cue."""
    fillers: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Patterns:
    """All that data/entities says."""

    kinds: tuple[Kind, ...]
    cues: Cues

    def to_json(self) -> str:
        """As a model keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, default=sorted)

    @staticmethod
    def from_json(text: str) -> "Patterns":
        """What `to_json` wrote."""
        content = json.loads(text)
        cues = content["cues"]
        return Patterns(
            tuple(_from_plain(kind) for kind in content["kinds"]),
            Cues(cues["words"], {name: frozenset(each) for name, each in cues["fillers"].items()}),
        )


def _from_plain(kind: dict[str, Any]) -> Kind:
    patterns = tuple(
        Pattern(
            **{
                **each,
                "elements": tuple(
                    Element(tuple(one["words"]), one["regex"], one["op"])
                    for one in each["elements"]
                ),
                "near": tuple(each["near"]),
                "not_near": tuple(each["not_near"]),
                "not_after": tuple(each["not_after"]),
            }
        )
        for each in kind["patterns"]
    )
    return Kind(**{**kind, "patterns": patterns})

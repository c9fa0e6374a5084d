"""The entities of a message, each part of the text in one of them at most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.engine.entities.context import Context
from bot.engine.entities.match import Match
from bot.engine.entities.matching import Found, PatternMatcher
from bot.engine.entities.patterns import Pattern, Patterns
from bot.engine.entities.readings import READINGS
from bot.engine.entities.tokens import Tokens, cut


@dataclass(frozen=True)
class Entity:
    """`value` is the text from `start` up to `end` as written, `normalized` what it means."""

    entity: str
    start: int
    end: int
    value: str
    normalized: str
    priority: int


class EntityFinder:
    """Finds what the patterns describe."""

    def __init__(self, patterns: Patterns) -> None:
        self._cues = patterns.cues
        self._matcher = PatternMatcher(patterns)

    def find(self, text: str, today: date) -> list[Entity]:
        """
        The entities in their order.

        Of those that overlap the longest stays; of equally long ones that of the kind with the
        higher priority.
        """
        tokens = cut(text)
        context = Context(tokens, self._cues)
        found = [
            entity
            for one in self._matcher.find(tokens)
            for entity in _read(one, tokens, context, today)
        ]
        return _without_overlaps(found)


def _read(found: Found, tokens: Tokens, context: Context, today: date) -> Iterator[Entity]:
    kind, pattern = found.kind, found.pattern
    if pattern is None:
        yield _entity(found, tokens, found.start, found.end, found.meaning)
        return
    if not _stands_right(found, pattern, context):
        return
    match = Match(tokens, found.start, found.end, kind, context, today)
    for reading in READINGS[pattern.reads](match):
        yield _entity(found, tokens, reading.start, reading.end, reading.normalized)


def _stands_right(found: Found, pattern: Pattern, context: Context) -> bool:
    """Whether everything is around it that the pattern asks for, and it is no part of more."""
    # A reading that takes a part of what was found looks at the ends of that part itself.
    if pattern.reads != "phone" and not context.is_free(found.start, found.end):
        return False
    if pattern.after:
        cue, *more = pattern.after.split()
        if not context.follows(found.start, cue, numbered=bool(more)):
            return False
    if pattern.before and not context.precedes(found.end, pattern.before):
        return False
    if any(context.follows(found.start, cue, numbered=False) for cue in pattern.not_after):
        return False
    if pattern.near or pattern.not_near:
        cue = context.cue_before(found.start)
        return cue not in pattern.not_near and (not pattern.near or cue in pattern.near)

    return True


def _entity(found: Found, tokens: Tokens, start: int, end: int, normalized: str) -> Entity:
    return Entity(
        entity=found.kind.entity,
        start=tokens.starts[start],
        end=tokens.ends[end - 1],
        value=tokens.raw(start, end),
        normalized=normalized,
        priority=(found.pattern and found.pattern.priority) or found.kind.priority,
    )


def _without_overlaps(found: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (one.start - one.end, -one.priority, one.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            kept.append(one)
            taken.update(places)
    return sorted(kept, key=lambda one: one.start)

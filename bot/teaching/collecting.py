"""
Into the inbox: read by the model, rid of personal data, and put with those that are alike.

Each batch is one transaction, and the same words come in once only; so what was broken off is
begun again from its start and goes on where it was. Two that bring messages in at the same moment
take turns, batch by batch.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import batched
from typing import Final

from bot.casework.inbox import Candidate, Cause, Found, Origin, Placed
from bot.casework.inbox_upkeep import to_known, to_places
from bot.services.collisions import retried
from bot.services.house import House
from bot.workbench.evaluation.predictions import BrokenPrediction, Prediction, from_json
from bot.workbench.messages.alike import Shelf
from bot.workbench.messages.carrying import carry
from bot.workbench.messages.redacting import redact

BATCH: Final = 500
MOST_AT_ONCE: Final = 10_000
"""Messages of conversations that one call takes; the next call takes the following ones."""
MARGIN: Final = 0.2
"""Two meanings that are closer than this are worth a look."""

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Messages to lines of JSON with vectors, by the model (bot/workbench/parsing.py)."""


@dataclass(frozen=True, slots=True)
class Collected:
    """How many messages were read, new, known already, and of no use (broken, or nothing in it)."""

    read: int = 0
    new: int = 0
    known: int = 0
    unusable: int = 0

    def __add__(self, other: "Collected") -> "Collected":
        return Collected(
            self.read + other.read,
            self.new + other.new,
            self.known + other.known,
            self.unusable + other.unusable,
        )


def import_messages(
    house: House,
    texts: Iterable[str],
    read: Read,
    model: str,
    examples: Mapping[str, str] | None = None,
) -> Iterator[Collected]:
    """
    Messages of a file into the inbox; what has come of them so far, after each batch.

    `examples` are the intents of those that the model is taught with, by `to_key`.
    """
    candidates = [Candidate(message_id="", text=one, cause=Cause.IMPORTED) for one in texts]
    yield from _collect(house, candidates, read, model, examples or {})


def collect_talks(
    house: House, read: Read, model: str, examples: Mapping[str, str] | None = None
) -> Iterator[Collected]:
    """Buyers' messages that were understood badly, or that people said more about."""
    with house.units.reading() as unit:
        candidates = unit.inbox.candidates(MOST_AT_ONCE)
    yield from _collect(house, candidates, read, model, examples or {})


def to_key(text: str, language: str) -> str:
    """The same for the same words, however they are capitalised and spaced."""
    words = " ".join(text.casefold().split())

    return hashlib.sha256(f"{language}\0{words}".encode()).hexdigest()


def _collect(
    house: House,
    candidates: Sequence[Candidate],
    read: Read,
    model: str,
    examples: Mapping[str, str],
) -> Iterator[Collected]:
    if not candidates:
        return
    total, shelf = Collected(), Shelf()
    answers = read(one.text.encode("utf-8", "replace") for one in candidates)
    for some in batched(zip(candidates, answers, strict=True), BATCH):
        batch = [(one, _to_found(one, line)) for one, line in some]
        total += retried(partial(_take_in, house, batch, model, shelf, examples))
        yield total


def _take_in(
    house: House,
    batch: Sequence[tuple[Candidate, Found | None]],
    model: str,
    shelf: Shelf,
    examples: Mapping[str, str],
) -> Collected:
    usable = [found for _, found in batch if found]
    times = Counter(one.key for one in usable)
    fresh: dict[str, Found] = {}
    for one in usable:
        # Of the same words the first: what is said of the others is heard as a later word.
        fresh.setdefault(one.key, one)
    with house.units() as unit:
        unit.inbox.add_alone()
        where = dict(unit.inbox.known(list(fresh)))
        shelf.bring_up_to_date(unit.inbox.groups(), unit.inbox.vectors)
        placed = shelf.place([one for one in fresh.values() if one.key not in where])
        unit.inbox.add([_with_known(one, examples) for one in placed], house.clock(), model)
        new = {one.found.key: one.id for one in placed}
        came_in = {id(one.found) for one in placed}
        unit.inbox.add_origins(
            [
                _to_origin(
                    candidate,
                    (where | new)[found.key] if found else None,
                    is_heard=found is None or id(found) in came_in,
                )
                for candidate, found in batch
                if candidate.message_id
            ]
        )
        again = {key: count - (key in new) for key, count in times.items()}
        unit.inbox.count_again({key: more for key, more in again.items() if more})

    return Collected(len(batch), len(new), len(usable) - len(new), len(batch) - len(usable))


def _to_origin(candidate: Candidate, inbox_id: str | None, *, is_heard: bool) -> Origin:
    """What is said of words that were here before is heard as a later word."""
    return Origin(
        message_id=candidate.message_id,
        inbox_id=inbox_id,
        cause=candidate.cause,
        said=candidate.suggested if is_heard else "",
        details_of=candidate.details_of if is_heard else None,
    )


def _with_known(placed: Placed, examples: Mapping[str, str]) -> Placed:
    found = placed.found
    finds = found.marked is None or to_places(found.marked) == to_places(found.entities)
    why, as_what = to_known(
        found.key, placed.suggested, found.intent, found.ranking, examples, finds_details=finds
    )

    return replace(placed, known=why, known_as=as_what)


def _to_found(candidate: Candidate, line: bytes) -> Found | None:
    """The message as the model read it; None for one that says nothing, or that nobody doubts."""
    try:
        heard = from_json(line.decode("utf-8"))
    except BrokenPrediction:
        return None
    if not heard.text.strip() or not heard.ranking:
        return None
    if candidate.cause is Cause.UNSURE and not _is_close(heard):
        return None
    text, entities = redact(heard.text, heard.entities, heard.language, candidate.names)
    carried = carry(candidate.details or (), candidate.text, text, entities)
    text = carried.text

    return Found(
        key=to_key(text, heard.language),
        text=text,
        language=heard.language,
        cause=candidate.cause,
        intent=heard.intent,
        confidence=heard.confidence,
        ranking=tuple((guess.intent, guess.confidence) for guess in heard.ranking[:5]),
        entities=carried.entities,
        vector=base64.b64decode(json.loads(line).get("vector", "")),
        suggested=candidate.suggested,
        marked=None if candidate.details is None else carried.marked,
        lost=carried.lost,
    )


def _is_close(heard: Prediction) -> bool:
    second = heard.ranking[1].confidence if len(heard.ranking) > 1 else 0.0

    return heard.refused or heard.likeliest.confidence - second < MARGIN

"""
What changes in the inbox over night without anybody labelling.

People say more about messages that stand there, the model is trained anew and reads them
otherwise, and what was labelled becomes an example.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Final

from bot.casework.inbox import Cause, InboxState, LaterDetails, LaterWord
from bot.casework.inbox_upkeep import (
    HeardDetails,
    Reading,
    state_after_details,
    state_after_word,
    to_known,
    to_places,
)
from bot.casework.ports.units import UnitOfWork
from bot.casework.turns import Entity
from bot.services.collisions import retried
from bot.services.house import House
from bot.teaching.collecting import BATCH, MOST_AT_ONCE, Read, to_key
from bot.workbench.evaluation.predictions import BrokenPrediction, from_json
from bot.workbench.messages.alike import WEIGHTS, to_doubt
from bot.workbench.messages.carrying import carry
from bot.workbench.messages.redacting import redact
from bot.workbench.nlu_files import NluFile

WORDS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """How many messages people had said more about, and how many decisions that has reopened."""

    words: int = 0
    reopened: int = 0


def hear_later_words(house: House) -> Heard:
    """What agents and buyers said of messages after they had come in, up to ten thousand words."""
    words = reopened = 0
    while words < MOST_AT_ONCE:
        found = retried(lambda: _hear_some(house))
        if not found.words:
            break
        words, reopened = words + found.words, reopened + found.reopened

    return Heard(words, reopened)


def _hear_some(house: House) -> Heard:
    with house.units.reading() as unit:
        if not unit.inbox_upkeep.later_words(1) and not unit.inbox_upkeep.later_details(1):
            return Heard()
    with house.units() as unit:
        unit.inbox.add_alone()
        words = unit.inbox_upkeep.later_words(WORDS_AT_ONCE)
        reopened = sum(_hear(unit, word) for word in words)
        # Of the same place the first: it may change the text that the next one has to fit.
        details = {
            one.inbox_id: one for one in reversed(unit.inbox_upkeep.later_details(WORDS_AT_ONCE))
        }
        reopened += sum(_hear_details(unit, one) for one in reversed(details.values()))

        return Heard(len(words) + len(details), reopened)


def _hear(unit: UnitOfWork, word: LaterWord) -> bool:
    """Whether it reopens a decision."""
    standing = unit.inbox_upkeep.standing(word.inbox_id)
    state = state_after_word(word, standing)
    standing.group.hear(word.cause, word.said, WEIGHTS.get(word.cause, 0.0))
    unit.inbox_upkeep.hear(word, standing.group, state)

    return not standing.group.is_open and state in {InboxState.OPEN, InboxState.SECOND}


def _hear_details(unit: UnitOfWork, word: LaterDetails) -> bool:
    """Whether they reopen a decision."""
    standing = unit.inbox_upkeep.standing(word.inbox_id)
    group = standing.group
    carried = carry(word.details, word.written, word.text, word.entities)
    heard = HeardDetails(
        text=carried.text, entities=carried.entities, marked=carried.marked, lost=carried.lost
    )
    differ = False
    if word.inbox_id == group.id:
        # Trainers see the first message of a group: of the others the details are an agent's word.
        (whole,) = unit.inbox.whole([group.id])
        before = next(one.entities for one in whole.messages if one.lead)
        differ = to_places(before) != to_places(carried.marked) or carried.text != word.text
    state = state_after_details(standing.state, differ=differ)
    group.hear(Cause.CORRECTED, "", WEIGHTS[Cause.CORRECTED])
    unit.inbox_upkeep.hear_details(word, heard, group, state)

    return not group.is_open and state in {InboxState.OPEN, InboxState.SECOND}


def reread(house: House, read: Read, model: str) -> int:
    """Let the model of today read what another one has read; how many groups, the first first."""
    with house.units.reading() as unit:
        stale = unit.inbox_upkeep.stale(model, MOST_AT_ONCE)
    if not stale:
        return 0
    answers = read(text.encode() for _, text in stale)
    for some in batched(zip(stale, answers, strict=True), BATCH):
        readings = [_to_reading(one, text, line) for (one, text), line in some]
        _note(house, [reading for reading in readings if reading], model)

    return len(stale)


def _note(house: House, readings: Iterable[Reading], model: str) -> None:
    def note() -> None:
        with house.units() as unit:
            unit.inbox.add_alone()
            unit.inbox_upkeep.reread(sorted(readings, key=lambda one: one.id), model)

    retried(note)


def _to_reading(inbox_id: str, text: str, line: bytes) -> Reading | None:
    try:
        heard = from_json(line.decode("utf-8"))
    except BrokenPrediction:
        return None
    ranking = tuple((guess.intent, guess.confidence) for guess in heard.ranking[:5])
    entities = None
    if heard.text == text:
        entities = tuple(
            Entity(name=one.kind, value=one.value, start=one.start, end=one.end)
            for one in heard.entities
        )

    return Reading(
        id=inbox_id,
        intent=heard.intent,
        confidence=heard.confidence,
        ranking=ranking,
        doubt=to_doubt(ranking),
        entities=entities,
    )


def to_examples(files: Iterable[NluFile]) -> Mapping[str, str]:
    """The intents of all examples by the key of their words, which stand there as in the inbox."""
    found = {}
    for file in files:
        for one in file.examples:
            text, _ = redact(one.text, one.entities, one.language)
            words = unicodedata.normalize("NFKC", text)
            found[to_key(words, one.language)] = one.intent

    return found


def mark_known(house: House, examples: Mapping[str, str]) -> int:
    """Mark what teaches nothing new; of how many groups that has changed."""
    changed, after = 0, ""
    while True:
        with house.units() as unit:
            waiting = unit.inbox_upkeep.waiting(after, BATCH)
            known = {}
            for one in waiting:
                found = to_known(
                    one.key,
                    one.suggested,
                    one.intent,
                    one.ranking,
                    examples,
                    finds_details=one.finds_details,
                )
                if found != (one.known, one.known_as):
                    known[one.id] = found
            unit.inbox_upkeep.mark_known(known)
        if not waiting:
            return changed
        changed, after = changed + len(known), waiting[-1].id

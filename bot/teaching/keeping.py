"""A conversation kept as a test: every model must understand it from then on."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.atomic_files import write_whole
from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.dialogues import TypedLine
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.comparing import without_folders
from bot.workbench.comparison.dialogues import (
    FOLDER,
    REFUSED,
    BrokenDialogue,
    read_routes,
    to_line,
    write_dialogue,
)
from bot.workbench.evaluation.predictions import FALLBACK, OUT_OF_SCOPE, Entity
from bot.workbench.messages.redacting import redact

MOST_LINES: Final = 60
LONGEST_LINE: Final = 2000
TITLE: Final = range(3, 101)
_EMAIL: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+\.\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """
    A dialogue test that was written: where, its lines, and how many of them were corrected.

    The live model fails a corrected line, so no model passes the gate until one understands it.
    """

    path: str
    lines: tuple[tuple[str, str], ...]
    corrected: int


def do_keep_dialogue(
    house: House, settings: Settings, agent: Agent, conversation_id: str, title: str
) -> Kept:
    """
    Write what the buyer typed there as a dialogue test, without personal data.

    A line means what an agent said, else what the model understood.
    """
    with house.units.reading() as unit:
        talk = unit.dialogues.typed(conversation_id)
    if not talk.lines:
        raise NotAcceptable(
            "nothing_typed", "The buyer has typed nothing here that the bot has read."
        )
    if len(talk.lines) > MOST_LINES:
        raise NotAcceptable(
            "too_long", f"A dialogue test has at most {MOST_LINES} lines, these are more."
        )
    told = redact(to_line(title), _emails(title), "en", talk.names)[0]
    if len(told) not in TITLE:
        raise NotAcceptable(
            "wrong_title", f"A title has {TITLE.start} to {TITLE.stop - 1} characters."
        )
    lines = tuple(_lines(talk.lines, talk.names, _routes(settings)))
    if not lines:
        raise NotAcceptable("nothing_typed", "Nothing is left of what the buyer typed.")
    path = FOLDER / f"{_slug(told)}-{_short(conversation_id)}.yml"
    where = settings.project / path
    if any(where.parent.glob(f"*-{_short(conversation_id)}.yml")):
        raise NotAcceptable("kept_already", "This conversation is kept as a dialogue test already.")
    _write(where, write_dialogue(told, lines))
    with house.units() as unit:
        deed = Deed(
            agent=agent,
            action="dialogue.keep",
            subject="conversation",
            subject_id=conversation_id,
            after={"file": path.as_posix()},
        )
        unit.audit.add(deed, house.clock())

    return Kept(
        path=path.as_posix(),
        lines=tuple((text, intent) for text, intent, _ in lines),
        corrected=sum(_is_corrected(one) for one in talk.lines),
    )


def _routes(settings: Settings) -> dict[str, str]:
    try:
        return read_routes(settings.project)
    except BrokenDialogue as error:
        raise NotAcceptable("broken_rules", without_folders(str(error), settings)) from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise NotAcceptable(
            "not_written", f"The project's files cannot be written: {error.strerror}."
        ) from error


def _lines(
    typed: Sequence[TypedLine], names: Sequence[str], routes: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    for one in typed:
        text = to_line(one.text)[:LONGEST_LINE]
        entities = (*_moved(one, text), *_emails(text))
        # What is redacted may hold a mark of its own: the placeholders do not.
        plain = to_line(redact(text, entities, one.language, names)[0])
        if not plain:
            continue
        intent = one.corrected or one.intent
        intent = OUT_OF_SCOPE if intent == FALLBACK else intent
        action = routes.get(intent)
        if action is None:
            raise NotAcceptable(
                "no_route", f"data/rules.yml leads {intent} nowhere: say what that line means."
            )
        yield plain, intent, action


def _moved(line: TypedLine, text: str) -> Iterator[Entity]:
    """The details where they stand in the cleaned text."""
    read = 0
    for one in sorted(line.entities, key=lambda one: one.start):
        value = to_line(one.value)
        start = text.find(value, read) if value else -1
        if start < 0:
            continue
        read = start + len(value)
        yield Entity(one.name, start, read, value)


def _emails(text: str) -> Iterator[Entity]:
    """Addresses, whether the model saw them or not."""
    for match in _EMAIL.finditer(text):
        yield Entity("email", *match.span(), match[0])


def _is_corrected(line: TypedLine) -> bool:
    refusals = {line.corrected, line.intent} <= REFUSED

    return bool(line.corrected) and line.corrected != line.intent and not refusals


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())

    return "-".join(words)[:50].strip("-") or "dialogue"


def _short(conversation_id: str) -> str:
    """Tells the conversation to us, and nothing to whoever reads the file's name."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:10]

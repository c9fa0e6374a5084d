"""A conversation kept as a test: every model must understand it from then on."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.changes import KEPT_DIALOGUE, Change
from bot.casework.dialogues import TypedLine, TypedTalk
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.changing import LONGEST_REASON, do_change
from bot.workbench.comparison.dialogues import (
    REFUSED,
    BrokenDialogue,
    parse_dialogues,
    to_line,
    write_dialogue,
)
from bot.workbench.evaluation.predictions import FALLBACK, OUT_OF_SCOPE, Entity
from bot.workbench.messages.redacting import redact
from bot.workbench.project.edits import Edited
from bot.workbench.project.files import DIALOGUES, RULES, Project
from bot.workbench.project.wrong_edit import WrongEdit

MOST_LINES: Final = 60
LONGEST_LINE: Final = 2000
TITLE: Final = range(3, 101)
_EMAIL: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+\.\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """
    A dialogue test that was written by that change: where, and how many lines were corrected.

    The live model fails a corrected line, so no model passes the gate until one understands it.
    """

    change: Change
    path: str
    lines: tuple[tuple[str, str], ...]
    corrected: int


def do_keep_dialogue(
    house: House,
    settings: Settings,
    agent: Agent,
    conversation_id: str,
    title: str,
    reason: str,
    preview: bool = False,
) -> Kept:
    """
    Write what the buyer typed there as a dialogue test, without personal data.

    A line means what an agent said, else what the model understood. With `preview` the change is
    only what it would be.
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
    told, corrected = _checked_title(title, talk), sum(map(_is_corrected, talk.lines))
    ending = f"-{_short(conversation_id)}.yml"
    path = f"{DIALOGUES}{_slug(told)}{ending}"
    lines: list[tuple[str, str, str]] = []

    def keep(now: Project) -> Edited:
        if any(one.startswith(DIALOGUES) and one.endswith(ending) for one in now.texts):
            raise NotAcceptable(
                "kept_already", "This conversation is kept as a dialogue test already."
            )
        lines[:] = _lines(talk.lines, talk.names, dict(now.routes))
        return Edited(
            now.with_text(path, _written(path, told, lines)),
            KEPT_DIALOGUE,
            _summary(told, len(lines), corrected),
        )

    said = reason[: LONGEST_REASON + 1]
    why = redact(said, _emails(said), "en", talk.names)[0]
    change = do_change(house, settings.project, settings.state_dir, agent, keep, why, preview)
    if not preview:
        _put_on_record(house, agent, conversation_id, path, change)

    return Kept(
        change=change,
        path=path,
        lines=tuple((text, intent) for text, intent, _ in lines),
        corrected=corrected,
    )


def _put_on_record(
    house: House, agent: Agent, conversation_id: str, path: str, change: Change
) -> None:
    """Whose words they were: the file and the change do not tell."""
    with house.units() as unit:
        deed = Deed(
            agent=agent,
            action="dialogue.keep",
            subject="conversation",
            subject_id=conversation_id,
            after={"file": path, "change": change.id},
        )
        unit.audit.add(deed, house.clock())


def _checked_title(title: str, talk: TypedTalk) -> str:
    told = redact(to_line(title), _emails(title), "en", talk.names)[0]
    if len(told) not in TITLE:
        raise NotAcceptable(
            "wrong_title", f"A title has {TITLE.start} to {TITLE.stop - 1} characters."
        )

    return told


def _summary(title: str, lines: int, corrected: int) -> str:
    count = "1 line" if lines == 1 else f"{lines} lines"
    were = f", {corrected} of them corrected" if corrected else ""

    return f"Dialogue test “{title}” kept: {count}{were}."


def _written(path: str, title: str, lines: Sequence[tuple[str, str, str]]) -> str:
    """The file's text, once it is sure that it will be read as it is meant."""
    if not lines:
        raise NotAcceptable("nothing_typed", "Nothing is left of what the buyer typed.")
    text = write_dialogue(title, lines)
    try:
        (read,) = parse_dialogues(path, text)
    except BrokenDialogue as error:
        raise WrongEdit("broken_file", f"It would not be read again: {error}") from error
    if [(one.text, one.intent, one.action) for one in read.lines] != list(lines):
        raise WrongEdit("broken_file", "It would not be read again as it is written here.")

    return text


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
                "no_route", f"{RULES} leads {intent} nowhere: say what that line means."
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

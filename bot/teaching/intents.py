"""Intents as trainers see and change them: with examples, route, traffic and words for people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.casework.inbox import InboxMessage, InboxMove, InboxState
from bot.casework.inbox_changes import Renaming
from bot.desk_words import say_intent
from bot.playbooks import PLAYBOOKS
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.teaching.built_in import CAN_BEGIN, FIXED
from bot.teaching.changing import Edit, Step
from bot.teaching.labels import moved, puts_of, suggested_groups
from bot.teaching.measured import Measured, read_measured
from bot.workbench.project.answer_words import read_answer
from bot.workbench.project.edits import (
    Edited,
    NewIntent,
    Typed,
    action_of,
    create_intent,
    describe_intent,
    edit_examples,
    merge_intent,
    rename_to,
    retire_intent,
    split_intent,
)
from bot.workbench.project.files import LANGUAGES, Example, Project, read_project
from bot.workbench.project.intent_words import DOES, Does, IntentWords, read_words
from bot.workbench.project.nlu_editing import Put
from bot.workbench.project.wrong_edit import WrongEdit

RECENT: Final = timedelta(days=30)
MOST_SUGGESTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentListed:
    """
    An intent with what it has and what buyers make of it.

    `route` is the action's name without `action_`; `fixed` says that the code knows it by name,
    `volume` how often buyers' messages were understood so in the last 30 days.
    """

    name: str
    words: IntentWords
    title: str
    route: str
    playbook: str
    fixed: bool
    examples: Mapping[str, int]
    tests: int
    volume: int
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentShown:
    """One intent with its examples, its answers, and what of the inbox may belong to it."""

    listed: IntentListed
    examples: tuple[Example, ...]
    answers: Mapping[str, str]
    suggestions: tuple[InboxMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A new intent as somebody describes it; `suggestions` are groups of the inbox."""

    name: str
    description: str
    titles: Mapping[str, str]
    protected: bool
    does: Does
    answers: Mapping[str, str]
    examples: Sequence[Typed]
    suggestions: Sequence[str]


def list_intents(house: House, project: Path) -> list[IntentListed]:
    """Every intent of the project, in the domain's order."""
    read = _read(project)

    return [_listed(read, name, count) for name, count in _counts(house, read).items()]


def read_intent(house: House, project: Path, name: str) -> IntentShown:
    """One intent; NotAcceptable if there is none of that name."""
    read = _read(project)
    if name not in read.intents:
        raise NotAcceptable("no_such_intent", f"There is no intent {name[:60]}.")
    with house.units.reading() as unit:
        # A model that was trained before a renaming says the name of then.
        names = unit.inbox_changes.names()
        once = {before for before, now in names.items() if now == name} - set(read.intents)
        suggestions = unit.inbox.guessed({name, *once}, MOST_SUGGESTED)
    answers = {locale: read_answer(read, name, locale) for locale in read.locales}

    return IntentShown(
        listed=_listed(read, name, _counts(house, read)[name]),
        examples=tuple(one for one in read.examples if one.intent == name),
        answers={locale: text for locale, text in answers.items() if text},
        suggestions=suggestions,
    )


def changed_examples(
    house: House,
    intent: str,
    add: Sequence[Typed],
    remove: Sequence[str],
    suggestions: Sequence[str] = (),
) -> Edit:
    """Examples into an intent and out of it; `suggestions` are groups of the inbox."""

    def change(project: Project) -> Step:
        puts, moves = _to_puts(house, project, suggestions, intent)
        return Step(edited=edit_examples(project, intent, add, remove, puts), inbox=moves)

    return change


def described(
    intent: str,
    description: str,
    titles: Mapping[str, str],
    protected: bool,
    answers: Mapping[str, str],
) -> Edit:
    """Other words about an intent, and other answers if there are any."""
    return lambda project: describe_intent(project, intent, description, titles, protected, answers)


def created(house: House, wanted: Wanted) -> Edit:
    """A new intent."""

    def create(project: Project) -> Step:
        new, moves = _to_new(house, project, wanted)
        return Step(edited=create_intent(project, new), inbox=moves)

    return create


def split_off(house: House, source: str, wanted: Wanted, examples: Sequence[str]) -> Edit:
    """A new intent that takes examples of another one."""

    def split(project: Project) -> Step:
        new, moves = _to_new(house, project, wanted)
        return Step(edited=split_intent(project, source, new, examples), inbox=moves)

    return split


def renamed(intent: str, to: str) -> Edit:
    """An intent under another name, and so what people said with it."""
    return lambda project: _relabelled(rename_to(project, intent, to, FIXED), intent, to)


def merged(intent: str, into: str) -> Edit:
    """An intent that becomes part of another one, with what people said."""
    return lambda project: _relabelled(merge_intent(project, intent, into, FIXED), intent, into)


def retired(intent: str, move_to: str | None) -> Edit:
    """An intent that is no more."""
    return lambda project: _relabelled(
        retire_intent(project, intent, move_to, FIXED), intent, move_to
    )


def _to_new(
    house: House, project: Project, wanted: Wanted
) -> tuple[NewIntent, tuple[InboxMove, ...]]:
    """The intent with the messages of the inbox that somebody suggested for it."""
    does = wanted.does
    if does.kind not in DOES:
        raise NotAcceptable(
            "wrong_does", "Say what happens: an answer, a playbook, or a person who takes over."
        )
    if does.kind == "playbook" and does.playbook not in CAN_BEGIN:
        raise NotAcceptable("wrong_does", f"There is no playbook {does.playbook[:60]}.")
    puts, moves = _to_puts(house, project, wanted.suggestions, wanted.name)
    words = IntentWords(
        description=wanted.description, titles=wanted.titles, protected=wanted.protected
    )
    new = NewIntent(
        name=wanted.name,
        words=words,
        does=replace(does, playbook=does.playbook if does.kind == "playbook" else ""),
        answers=wanted.answers,
        examples=wanted.examples,
        puts=puts,
    )

    return new, moves


def _to_puts(
    house: House, project: Project, suggestions: Sequence[str], intent: str
) -> tuple[list[Put], tuple[InboxMove, ...]]:
    """What suggested groups of the inbox become in the files, and what becomes of them there."""
    groups = suggested_groups(house, suggestions)
    puts, unwritable = puts_of(project, groups, intent)
    if unwritable:
        raise NotAcceptable(
            "wrong_example",
            "One of the suggested messages holds what no file can hold, such as brackets that "
            "look like a mark. Leave it out.",
        )

    return puts, tuple(moved(group, InboxState.WRITTEN, intent) for group in groups)


def _relabelled(edited: Edited, intent: str, to: str | None) -> Step:
    """What people said with an intent that has another name now goes with it."""
    return Step(edited=edited, renaming=Renaming(before=intent, after=to) if to else None)


def _counts(house: House, project: Project) -> dict[str, "_Count"]:
    with house.units.reading() as unit:
        heard = unit.changes.heard(house.clock() - RECENT)
        measured = read_measured(unit)
    counts = {
        name: _Count(Counter(), heard.get(name, 0), measured.get(name, Measured()))
        for name in project.intents
    }
    for one in project.examples:
        if one.intent in counts:
            counts[one.intent].examples["test" if one.is_test else one.language] += 1

    return counts


@dataclass(frozen=True, slots=True)
class _Count:
    examples: Counter[str]
    volume: int
    measured: Measured


def _listed(project: Project, name: str, count: _Count) -> IntentListed:
    words = read_words(project).get(name, IntentWords())

    return IntentListed(
        name=name,
        words=words,
        title=_title(name, words),
        route=action_of(project, name).removeprefix("action_"),
        playbook=_playbook_of(name, words),
        fixed=name in FIXED,
        examples={language: count.examples[language] for language in LANGUAGES},
        tests=count.examples["test"],
        volume=count.volume,
        measured=count.measured,
    )


def _title(name: str, words: IntentWords) -> str:
    """What the desk calls it everywhere; an added one by the title that it was given."""
    return ("" if name in FIXED else words.titles.get(LANGUAGES[0], "")) or say_intent(name)


def _playbook_of(name: str, words: IntentWords) -> str:
    if words.does:
        return words.does.playbook

    return PLAYBOOKS[name].name if name in PLAYBOOKS else ""


def _read(project: Path) -> Project:
    try:
        return read_project(project)
    except WrongEdit as error:
        raise NotAcceptable(error.code, str(error)) from error

"""
What trainers change about intents, each change from one whole project to another.

Every result is read again from its texts: it must hold together, and mean what was wanted and
nothing else. What does not is refused with a `WrongEdit`, before anything is written.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from bot.workbench.project.answer_words import (
    change_answers,
    drop_answers,
    put_answers,
    rename_answers,
)
from bot.workbench.project.check import check_project, in_test_set, measured_with
from bot.workbench.project.dialogue_editing import rename_intent_in_dialogues
from bot.workbench.project.example_lines import Said, given, key_of, shorten, words_of
from bot.workbench.project.files import LANGUAGES, Example, Project
from bot.workbench.project.intent_naming import check_name
from bot.workbench.project.intent_words import (
    Does,
    IntentWords,
    drop_words,
    put_words,
    read_words,
    rename_words,
)
from bot.workbench.project.nlu_editing import Put, put_examples, rename_intent_in_nlu, take_examples
from bot.workbench.project.route_editing import add_intent, drop_intent, rename_intent
from bot.workbench.project.wrong_edit import WrongEdit

MOST_EXAMPLES: Final = 2000
"""That come in at once."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An example that somebody typed, perhaps with marks such as `[#12](order_number)`."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntent:
    """An intent that is to be; `puts` are further examples, such as some of the inbox."""

    name: str
    words: IntentWords
    does: Does
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: Sequence[Typed] = ()
    puts: Sequence[Put] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A project after a change, and the change in a sentence without anybody's words."""

    project: Project
    kind: str
    summary: str


def edit_examples(
    project: Project,
    intent: str,
    add: Sequence[Typed],
    remove: Sequence[str],
    suggested: Sequence[Put] = (),
) -> Edited:
    """
    Examples into an intent and out of it; one that stands there already is added no more.

    `suggested` are further ones, such as some of the inbox, perhaps for the test set.
    """
    _check_known(project, intent)
    gone = _find(project, intent, remove)
    if frozen := next((one for one in gone if one.is_test), None):
        raise WrongEdit(
            "in_test_set",
            f"“{shorten(frozen.said.text)}” stands in the test set, which nobody thins out: models "
            "are measured with it. Take the change back that wrote it, if it is wrong.",
        )
    rest = take_examples(project, gone)
    puts = without_known(rest, [*_typed(project, intent, add), *suggested], strict=True)
    if not gone and not puts and not suggested:
        raise WrongEdit("nothing_to_change", "All of these examples stand there already.")
    after = put_examples(rest, puts)
    tests = sum(put.is_test for put in puts)
    parts = [
        f"{_examples(len(puts))} added to {intent}" if puts or not gone else "",
        f"{tests} of them for the test set" if tests else "",
        f"{_examples(len(gone))} taken out of {intent}" if gone else "",
    ]
    _check_meaning(project, after, gone=gone, puts=puts)

    return Edited(after, "examples", _sentence(parts))


def create_intent(project: Project, new: NewIntent) -> Edited:
    """A new intent with its words, examples, route and answers."""
    return _create(project, new, ())


def split_intent(project: Project, source: str, new: NewIntent, moved: Sequence[str]) -> Edited:
    """A new intent that takes some of the examples of another one."""
    _check_known(project, source)
    found = _find(project, source, moved)
    if not found:
        raise WrongEdit("wrong_example", f"Choose the examples of {source} that {new.name} takes.")
    edited = _create(project, new, found)

    return replace(
        edited,
        kind="split",
        summary=f"{new.name} split off {source} with {_examples(len(found))}.",
    )


def merge_intent(project: Project, intent: str, into: str, fixed: Collection[str]) -> Edited:
    """All examples of an intent to another one, those of the test set too; then it is gone."""
    _check_free(project, intent, fixed, "merged away")
    if into == intent:
        raise WrongEdit("wrong_name", "An intent cannot be merged into itself.")
    _check_known(project, into)
    moved = [one for one in project.examples if one.intent == intent]
    after = _without(project, intent, moved, into)

    return Edited(
        rename_intent_in_dialogues(after, intent, into, action_of(project, into)),
        "merge",
        f"{intent} merged into {into} with {_examples(len(moved))}.",
    )


def retire_intent(
    project: Project, intent: str, move_to: str | None, fixed: Collection[str]
) -> Edited:
    """An intent gone, its examples with it or given to another one."""
    if move_to:
        edited = merge_intent(project, intent, move_to, fixed)
        return replace(
            edited,
            kind="retire",
            summary=edited.summary.replace(f"merged into {move_to}", f"retired into {move_to}"),
        )
    _check_free(project, intent, fixed, "retired")
    gone = [one for one in project.examples if one.intent == intent]
    after = _without(project, intent, gone, None)

    return Edited(after, "retire", f"{intent} retired with {_examples(len(gone))}.")


def rename_to(project: Project, old: str, new: str, fixed: Collection[str]) -> Edited:
    """An intent under another name, everywhere."""
    _check_free(project, old, fixed, "renamed")
    check_name(new, project.intents)
    after = rename_intent(rename_intent_in_nlu(project, old, new), old, new)
    after = rename_answers(rename_words(after, old, new), old, new)
    after = rename_intent_in_dialogues(after, old, new)
    renamed = [one for one in project.examples if one.intent == old]
    puts = [_again(one, new) for one in renamed]
    _check_meaning(project, after, gone=renamed, puts=puts)

    return Edited(after, "rename", f"{old} renamed to {new}.")


def describe_intent(
    project: Project,
    intent: str,
    description: str,
    titles: Mapping[str, str],
    protected: bool,
    answers: Mapping[str, str] = MappingProxyType({}),
) -> Edited:
    """Other words for people, those of its answer too, and whether a worse model is refused."""
    _check_known(project, intent)
    before = read_words(project).get(intent, IntentWords())
    words = replace(
        before,
        description=_one_line(description),
        titles={language: _one_line(title) for language, title in titles.items()},
        protected=protected,
    )
    answered = change_answers(project, intent, answers) if answers else project
    if words == before and answered == project:
        raise WrongEdit("nothing_to_change", "That is what is written already.")
    after = put_words(answered, intent, words) if words != before else answered
    if read_words(after).get(intent, IntentWords()) != words:
        raise WrongEdit("wrong_words", "These words would not be read as they are written here.")
    _check_meaning(project, after)

    told = ["described anew"] if words != before else []
    told += ["answered in other words"] if answered != project else []

    return Edited(after, "describe", f"{intent} {' and '.join(told)}.")


def add_written(project: Project, puts: Sequence[Put], summary: str) -> Edited:
    """Labelled messages into the training data and the test set; all of them are new."""
    after = put_examples(project, puts)
    _check_meaning(project, after, puts=puts)

    return Edited(after, "labels", summary)


def without_known(project: Project, puts: Iterable[Put], *, strict: bool = False) -> list[Put]:
    """
    Those whose words stand nowhere yet, each once.

    With `strict` words that stand for another intent, or that models are measured with, are a
    `WrongEdit`.
    """
    known = {one.said.key: one for one in project.examples}
    sides = {
        True: set(measured_with(project)),
        False: {words_of(one.said.text) for one in project.examples if not one.is_test},
    }
    new: dict[str, Put] = {}
    for put in puts:
        stands, words = known.get(put.said.key), words_of(put.said.text)
        if strict and stands and stands.intent != put.intent:
            raise WrongEdit(
                "in_two_intents",
                f"“{shorten(put.said.text)}” is an example of {stands.intent} already. Take it out "
                "there first.",
            )
        other_side = words in sides[not put.is_test]
        if strict and other_side and not put.is_test:
            raise in_test_set(put.said.text)
        if stands is None and not other_side:
            new.setdefault(put.said.key, put)
            sides[put.is_test].add(words)

    return list(new.values())


def action_of(project: Project, intent: str) -> str:
    """The action that an intent is routed to; empty without one."""
    return dict(project.routes).get(intent, "")


def _create(project: Project, new: NewIntent, moved: Sequence[Example]) -> Edited:
    check_name(new.name, (*project.intents, *read_words(project)))
    rest = take_examples(project, moved)
    typed = [*_typed(project, new.name, new.examples), *new.puts]
    puts = [*(_again(one, new.name) for one in moved), *without_known(rest, typed, strict=True)]
    words = replace(
        new.words,
        description=_one_line(new.words.description),
        titles={language: _one_line(title) for language, title in new.words.titles.items()},
        does=new.does,
    )
    after = add_intent(put_examples(rest, puts), new.name, new.does.action)
    after = put_words(after, new.name, words)
    if new.does.kind == "answer":
        after = put_answers(after, new.name, new.answers)
    if read_words(after).get(new.name) != words:
        raise WrongEdit("wrong_words", "These words would not be read as they are written here.")
    _check_meaning(project, after, gone=moved, puts=puts)
    what = {
        "answer": "is answered",
        "person": "calls a person",
        "playbook": f"begins the playbook {new.does.playbook}",
    }

    return Edited(
        after, "create", f"{new.name} is new: {_examples(len(puts))}; it {what[new.does.kind]}."
    )


def _without(
    project: Project, intent: str, examples: Sequence[Example], into: str | None
) -> Project:
    rest = take_examples(project, examples)
    puts = without_known(rest, [_again(one, into) for one in examples]) if into else []
    after = drop_answers(drop_words(drop_intent(put_examples(rest, puts), intent), intent), intent)
    _check_meaning(project, after, gone=examples, puts=puts)

    return after


def _check_meaning(
    before: Project, after: Project, *, gone: Iterable[Example] = (), puts: Iterable[Put] = ()
) -> None:
    """The project holds together, and its examples are those that are meant, and no others."""
    check_project(after)
    wanted = Counter(one.meaning for one in before.examples)
    wanted.subtract(one.meaning for one in gone)
    wanted.update(
        (put.intent, put.language, put.is_test, put.said.text, put.said.marks) for put in puts
    )
    if +wanted != Counter(one.meaning for one in after.examples):
        raise WrongEdit(
            "broken_file",
            "These examples would not be read again as they are written here, because of the form "
            "of a file in data/nlu. Nothing was changed.",
        )


def _check_known(project: Project, intent: str) -> None:
    if intent not in project.intents:
        raise WrongEdit("no_such_intent", f"There is no intent {shorten(intent)}.")


def _check_free(project: Project, intent: str, fixed: Collection[str], what: str) -> None:
    _check_known(project, intent)
    if intent in fixed:
        raise WrongEdit(
            "fixed", f"The bot itself knows {intent} by its name, so it cannot be {what}."
        )


def _typed(project: Project, intent: str, examples: Sequence[Typed]) -> list[Put]:
    if len(examples) > MOST_EXAMPLES:
        raise WrongEdit("wrong_example", f"At most {MOST_EXAMPLES} examples at once.")
    if wrong := next((one for one in examples if one.language not in LANGUAGES), None):
        raise WrongEdit(
            "wrong_example",
            f"There are no examples in the language “{shorten(wrong.language)}”, only in "
            f"{' and '.join(LANGUAGES)}.",
        )

    return [
        Put(said=given(one.text, project.kinds), intent=intent, language=one.language)
        for one in examples
    ]


def _find(project: Project, intent: str, texts: Sequence[str]) -> list[Example]:
    """The examples of an intent that read so, with their marks or without them."""
    by_text: dict[str, list[Example]] = {}
    for example in (one for one in project.examples if one.intent == intent):
        for name in {example.said.marked, example.said.text}:
            by_text.setdefault(key_of(name), []).append(example)
    found: dict[Example, None] = {}
    for text in texts:
        if key_of(text) not in by_text:
            raise WrongEdit(
                "wrong_example", f"“{shorten(text)}” is no example of {intent}, or not any more."
            )
        found |= dict.fromkeys(by_text[key_of(text)])

    return list(found)


def _again(example: Example, intent: str) -> Put:
    said: Said = example.said

    return Put(said=said, intent=intent, language=example.language, is_test=example.is_test)


def _one_line(text: str) -> str:
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())


def _examples(count: int) -> str:
    return f"{count} example{'' if count == 1 else 's'}"


def _sentence(parts: Iterable[str]) -> str:
    return f"{', '.join(part for part in parts if part)}."

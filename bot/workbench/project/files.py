"""
What the workbench writes of a Rasa project: intents, routes, examples, tests and answers.

A `Project` is the texts of those files and of no others. Whoever changes something makes another
one (bot/workbench/project/edits.py); nothing is written here.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from ruamel.yaml.nodes import MappingNode

from bot.workbench.project.example_lines import Said, words_of
from bot.workbench.project.nlu_blocks import Block, Line, NluText, read_nlu
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import compose, items_of, text_of, value_of

DOMAIN: Final = "domain.yml"
RULES: Final = "data/rules.yml"
MEASURED: Final = "tests/nlu"
DIALOGUES: Final = "tests/dialogues/"
INTENTS: Final = "rulebook/intents.yml"
ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "ru")
OURS: Final = re.compile(
    r"domain\.yml|data/rules\.yml|rulebook/intents\.yml|data/nlu/(?:[\w-]+/)*[\w-]+\.ya?ml"
    r"|data/test/[\w-]+\.yml|templates/\w+/answers\.j2|tests/dialogues/[\w-][\w.-]*\.yml"
)
"""The files that may be changed; whatever else a path leads to is out of reach."""
_PATTERNS: Final = (
    *(DOMAIN, RULES, INTENTS, "data/nlu/**/*.yml", "data/nlu/**/*.yaml", "data/test/*.yml"),
    *("templates/*/answers.j2", f"{DIALOGUES}*.yml"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message of the training data, or of the test set, with its place in a file."""

    said: Said
    intent: str
    language: str
    path: str
    line: Line

    @property
    def is_test(self) -> bool:
        """Whether models are measured with it and never trained on it."""
        return self.path.startswith("data/test/")

    @property
    def meaning(self) -> tuple[object, ...]:
        """What it says, wherever it stands."""
        return self.intent, self.language, self.is_test, self.said.text, self.said.marks


@dataclass(frozen=True)
class Project:
    """
    The texts of a project's files by path, and the languages that buyers are answered in.

    `measured` are the words (`words_of`) of messages outside of these files that models are
    measured with.
    """

    texts: Mapping[str, str]
    locales: tuple[str, ...] = LANGUAGES
    measured: frozenset[str] = frozenset()

    def with_text(self, path: str, text: str | None) -> "Project":
        """The same with another text at that path; None takes the file away."""
        texts = {name: one for name, one in self.texts.items() if name != path}
        if text is not None:
            texts[path] = text

        return replace(self, texts=texts)

    def nlu(self, path: str) -> NluText:
        """The intents of that file."""
        return read_nlu(path, self.texts[path])

    @property
    def nlu_paths(self) -> list[str]:
        """The files of the training data and of the test set, in order."""
        return sorted(path for path in self.texts if path.startswith(("data/nlu/", "data/test/")))

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Each intent of each file."""
        for path in self.nlu_paths:
            yield from ((path, block) for block in self.nlu(path).blocks)

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """Every intent of domain.yml, in its order."""
        return _names(self.texts, "intents")

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of details that domain.yml knows."""
        return frozenset(_names(self.texts, "entities"))

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """All messages, those of the test set too."""
        return tuple(
            Example(
                said=line.said,
                intent=block.intent,
                language=language_of(path),
                path=path,
                line=line,
            )
            for path, block in self.blocks()
            for line in block.lines
        )

    @cached_property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Each pair of intent and action in data/rules.yml."""
        return tuple(_routes(self.texts))


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after; None where it is not there."""

    path: str
    before: str | None
    after: str | None


def read_project(folder: Path) -> Project:
    """The project in that folder; `WrongEdit` names a file that is missing or no UTF-8."""
    texts = {}
    for path in find_ours(folder):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            if is_dialogue(name):
                continue  # It keeps nobody from teaching; whoever compares models is told.
            raise WrongEdit(
                "broken_file", f"{name} is not UTF-8 text (byte {error.start + 1})."
            ) from error
        except OSError as error:
            raise WrongEdit("broken_file", f"{name} cannot be read: {error.strerror}.") from error
    for needed in (DOMAIN, RULES):
        if needed not in texts:
            raise WrongEdit("broken_file", f"{needed} is missing in the project. Restore it.")
    locales = sorted(place.name for place in (folder / "templates").glob("*") if place.is_dir())

    return Project(texts, tuple(locales) or LANGUAGES, _measured(folder))


def _measured(folder: Path) -> frozenset[str]:
    """The words of the messages in tests/nlu, as far as they can be read."""
    found: set[str] = set()
    for path in sorted((folder / MEASURED).rglob("*.yml")):
        # What is wrong in there keeps nobody from teaching.
        with suppress(WrongEdit, OSError, UnicodeDecodeError):
            nlu = read_nlu(path.relative_to(folder).as_posix(), path.read_text("utf-8"))
            lines = (line for block in nlu.blocks for line in block.lines)
            found |= {words_of(line.said.text) for line in lines}

    return frozenset(found)


def find_ours(folder: Path) -> list[Path]:
    """The files that are there of those that may be changed; none that is hidden or a link."""
    found = {path for pattern in _PATTERNS for path in folder.glob(pattern)}

    return sorted(
        path
        for path in found
        if OURS.fullmatch(path.relative_to(folder).as_posix())
        and path.is_file()
        and not path.is_symlink()
    )


def is_dialogue(path: str) -> bool:
    """Whether a file is a dialogue test, which no model is made of."""
    return path.startswith(DIALOGUES)


def changes_between(before: Project, after: Project) -> tuple[FileChange, ...]:
    """The files that are not the same, by path."""
    paths = sorted(before.texts.keys() | after.texts.keys())

    return tuple(
        FileChange(path, before.texts.get(path), after.texts.get(path))
        for path in paths
        if before.texts.get(path) != after.texts.get(path)
    )


def language_of(path: str) -> str:
    """The language of an NLU file: of its folder in data/nlu, of its name in data/test."""
    *_, folder, file = path.split("/")
    name = Path(file).stem if folder == "test" else folder

    return name if name in LANGUAGES else ENGLISH


def _names(texts: Mapping[str, str], key: str) -> tuple[str, ...]:
    """The names in a list of domain.yml, in which some have settings."""
    found = []
    for item in items_of(value_of(compose(DOMAIN, texts[DOMAIN]), key)):
        with_settings = isinstance(item, MappingNode) and len(item.value) == 1
        name = text_of(item.value[0][0] if with_settings else item)
        if not name:
            raise WrongEdit("broken_file", f"{DOMAIN}: {key} holds something that is no name.")
        found.append(name)

    return tuple(found)


def _routes(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for rule in items_of(value_of(compose(RULES, texts[RULES]), "rules")):
        steps = items_of(value_of(rule, "steps"))
        action = text_of(value_of(steps[-1], "action")) if steps else None
        if len(steps) != 2 or action is None:
            raise WrongEdit(
                "broken_file", f"{RULES}: each rule has two steps, what is meant and what is done."
            )
        for heard in items_of(value_of(steps[0], "or")) or [steps[0]]:
            intent = text_of(value_of(heard, "intent"))
            if not intent:
                raise WrongEdit("broken_file", f"{RULES}: a rule names no intent.")
            yield intent, action

"""What rulebook/intents.yml says of an intent: read from its text, and written into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.casework.intents import LONGEST_DESCRIPTION, LONGEST_TITLE
from bot.workbench.project.files import INTENTS, LANGUAGES, Project
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import (
    BLOCK_STYLES,
    below,
    compose,
    inline,
    line_end,
    line_of,
    line_start,
    span_of,
    splice,
    text_of,
    value_of,
    without_lines,
)

HEAD: Final = "# What buyers can mean, for the people who teach the bot.\nintents:\n"
DOES: Final = {"answer": "action_answer", "playbook": "action_run_playbook"} | {
    "person": "action_hand_off"
}
"""The action to which data/rules.yml routes an intent that trainers added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Does:
    """What happens about an added intent: `kind` is answer, playbook or person."""

    kind: str
    playbook: str = ""

    @property
    def action(self) -> str:
        """The action of its route."""
        return DOES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentWords:
    """What people are told of an intent; `does` is None for those that the code knows."""

    description: str = ""
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    protected: bool = False
    does: Does | None = None


def read_words(project: Project) -> Mapping[str, IntentWords]:
    """What the file says of each intent; nothing where there is no file."""
    text = project.texts.get(INTENTS)

    return _read(text) if text is not None else MappingProxyType({})


@lru_cache(maxsize=16)
def _read(text: str) -> Mapping[str, IntentWords]:
    listed = value_of(compose(INTENTS, text), "intents")
    pairs = listed.value if isinstance(listed, MappingNode) else ()

    return MappingProxyType({name.value: _to_words(name, value) for name, value in pairs})


def _to_words(name: ScalarNode, node: Node) -> IntentWords:
    titles = value_of(node, "titles")
    pairs = titles.value if isinstance(titles, MappingNode) else ()
    words = IntentWords(
        description=(text_of(value_of(node, "description")) or "").strip(),
        titles=MappingProxyType({key.value: text_of(value) or "" for key, value in pairs}),
        protected=_is_true(value_of(node, "protected")),
        does=_to_does(name, value_of(node, "does")),
    )
    if not words.description or not any(words.titles.values()):
        raise WrongEdit(
            "broken_file",
            f"{INTENTS}, line {line_of(name)}: {name.value} lacks a description or a title.",
        )

    return words


def _to_does(name: ScalarNode, node: Node | None) -> Does | None:
    if node is None:
        return None
    pairs = node.value if isinstance(node, MappingNode) else []
    if len(pairs) == 1:
        kind, value = pairs[0][0].value, pairs[0][1]
        if kind == "playbook" and text_of(value):
            return Does(kind=kind, playbook=str(value.value))
        if kind in {"answer", "person"} and _is_true(value):
            return Does(kind=kind)

    raise WrongEdit(
        "broken_file",
        f"{INTENTS}, line {line_of(name)}: {name.value} does neither {{answer: true}} nor "
        "{person: true} nor {playbook: its name}.",
    )


def _is_true(node: Node | None) -> bool:
    return (
        isinstance(node, ScalarNode)
        and node.tag == "tag:yaml.org,2002:bool"
        and node.value == "true"
    )


def check_words(words: IntentWords) -> None:
    """`WrongEdit` unless people can be told that."""
    if not 0 < len(words.description) <= LONGEST_DESCRIPTION:
        raise WrongEdit(
            "wrong_words",
            "Say in a sentence or two when a message means it: the description has 1 to "
            f"{LONGEST_DESCRIPTION} characters.",
        )
    if unknown := sorted(set(words.titles) - set(LANGUAGES)):
        raise WrongEdit("wrong_words", f"There are no titles in the language {unknown[0][:20]}.")
    for language in LANGUAGES:
        if not 0 < len(words.titles.get(language, "")) <= LONGEST_TITLE:
            raise WrongEdit(
                "wrong_words",
                f"The title ({language}) has 1 to {LONGEST_TITLE} characters: it stands on a "
                "button when a buyer is asked what was meant.",
            )


def put_words(project: Project, intent: str, words: IntentWords) -> Project:
    """The file with those words of the intent; what is the same stays as it is written."""
    check_words(words)
    text = project.texts.get(INTENTS, HEAD)
    listed = value_of(compose(INTENTS, text), "intents")
    if listed is None:
        raise WrongEdit("broken_file", f"{INTENTS} lacks `intents:`.")
    is_empty = isinstance(listed, ScalarNode) and listed.value == ""
    if not is_empty and (not isinstance(listed, MappingNode) or listed.flow_style):
        raise WrongEdit("broken_file", f"{INTENTS}: below `intents:`, names are expected.")
    node = value_of(listed, intent)
    if node is not None and (changes := _in_place(text, node, words)) is not None:
        return project.with_text(INTENTS, splice(text, changes))
    if node is not None:
        project = drop_words(project, intent)
        return put_words(project, intent, words)

    key = next(key for key, value in compose(INTENTS, text).value if value is listed)
    end = line_end(text, key.end_mark.index if is_empty else span_of(text, listed)[1])
    indent = " " * (2 if is_empty else listed.start_mark.column)
    lines = [f"{indent}{line}" for line in _written(intent, words)]

    return project.with_text(INTENTS, splice(text, [below(text, end, lines)]))


def drop_words(project: Project, intent: str) -> Project:
    """The file without that intent."""
    text = project.texts.get(INTENTS)
    if text is None:
        return project
    listed = value_of(compose(INTENTS, text), "intents")
    pairs = listed.value if isinstance(listed, MappingNode) else []
    for key, value in pairs:
        if key.value == intent:
            start = line_start(text, key.start_mark.index)
            gone = without_lines(text, start, line_end(text, span_of(text, value)[1]))
            return project.with_text(INTENTS, splice(text, [gone]))

    return project


def rename_words(project: Project, old: str, new: str) -> Project:
    """The file with that intent under another name."""
    text = project.texts.get(INTENTS, "")
    listed = value_of(compose(INTENTS, text), "intents") if text else None
    keys = [key for key, _ in listed.value if key.value == old] if listed is not None else []
    if not keys:
        return project

    return project.with_text(INTENTS, splice(text, [(*span_of(text, one), new) for one in keys]))


def _in_place(text: str, node: Node, words: IntentWords) -> list[tuple[int, int, str]] | None:
    """What is to be changed within an intent's lines; None if a value has no place yet."""
    before = _to_words(ScalarNode("", ""), node)
    if before.does != words.does:
        return None
    wanted = [
        (value_of(node, "description"), before.description, words.description),
        *(
            (value_of(value_of(node, "titles"), language), before.titles.get(language), title)
            for language, title in words.titles.items()
        ),
    ]
    changes = []
    for found, old, new in wanted:
        if old == new:
            continue
        if not isinstance(found, ScalarNode):
            return None
        changes.append((*span_of(text, found), inline(new)))
    if before.protected != words.protected:
        found = value_of(node, "protected")
        if not isinstance(found, ScalarNode) or found.style in BLOCK_STYLES:
            return None
        changes.append((*span_of(text, found), str(words.protected).lower()))

    return changes


def _written(intent: str, words: IntentWords) -> list[str]:
    does = words.does

    return [
        f"{intent}:",
        f"  description: {inline(words.description)}",
        "  titles:",
        *(f"    {language}: {inline(title)}" for language, title in words.titles.items()),
        f"  protected: {str(words.protected).lower()}",
        *([f"  does: {{{does.kind}: {does.playbook or 'true'}}}"] if does else []),
    ]

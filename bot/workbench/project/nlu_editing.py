"""Examples into NLU files, out of them, and to another intent's name; the rest stays as it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.workbench.project.example_lines import Said
from bot.workbench.project.files import ENGLISH, Example, Project, language_of
from bot.workbench.project.nlu_blocks import Block, Line, with_blank_before
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import Splice, below, splice, without_lines

HEAD: Final = 'version: "3.1"\n\nnlu:\n'
TEST_HEAD: Final = f"# Models are measured with these messages and never trained on them.\n{HEAD}"
EXAMPLE_INDENT: Final = 4
"""Spaces of an example behind those of its intent's dash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A message that becomes an example, or one of the test set."""

    said: Said
    intent: str
    language: str
    is_test: bool = False


def put_examples(project: Project, puts: Iterable[Put]) -> Project:
    """Each below the others of its intent and language, or in a block of its own."""
    by_place: dict[tuple[str, str, bool], list[Said]] = defaultdict(list)
    for put in puts:
        by_place[put.intent, put.language, put.is_test].append(put.said)
    for (intent, language, is_test), said in by_place.items():
        project = _put(project, intent, language, is_test, said)

    return project


def take_examples(project: Project, examples: Iterable[Example]) -> Project:
    """Without those examples; an intent's block goes with its last one, a file with its last."""
    gone: dict[str, set[Line]] = defaultdict(set)
    for example in examples:
        gone[example.path].add(example.line)
    for path, lines in gone.items():
        blocks = project.nlu(path).blocks
        if project.nlu(path).alone and all(set(block.lines) <= lines for block in blocks):
            project = project.with_text(path, None)
            continue
        text = project.texts[path]
        changes = [change for block in blocks for change in _taken(path, text, block, lines)]
        project = project.with_text(path, splice(text, changes))

    return project


def rename_intent_in_nlu(project: Project, old: str, new: str) -> Project:
    """Every block of that intent under the other name."""
    renamed: dict[str, list[Splice]] = defaultdict(list)
    for path, block in project.blocks():
        if block.intent == old:
            renamed[path].append((*block.name, new))
    for path, changes in renamed.items():
        project = project.with_text(path, splice(project.texts[path], changes))

    return project


def _put(
    project: Project, intent: str, language: str, is_test: bool, said: Sequence[Said]
) -> Project:
    found = _block_for(project, intent, language, is_test)
    if found:
        path, block = found
        text = project.texts[path]
        last = max(line.end or 0 for line in block.lines)
        lines = [f"{block.indent}- {one.marked}" for one in said]
        return project.with_text(path, splice(text, [below(text, last, lines)]))

    path = _file_for(project, intent, language, is_test)
    text = project.texts.get(path, TEST_HEAD if is_test else HEAD)
    nlu = project.with_text(path, text).nlu(path)
    if nlu.end is None:
        raise WrongEdit("broken_file", f"{path} has no list `nlu:` that an intent could go into.")
    before = " " * nlu.column
    indent = " " * (nlu.column + EXAMPLE_INDENT)
    lines = [
        *([""] if nlu.blocks else []),
        f"{before}- intent: {intent}",
        f"{before}  examples: |",
        *(f"{indent}- {one.marked}" for one in said),
    ]

    return project.with_text(path, splice(text, [below(text, nlu.end, lines)]))


def _block_for(
    project: Project, intent: str, language: str, is_test: bool
) -> tuple[str, Block] | None:
    """The block where most of the intent's examples in that language stand."""
    found = [
        (path, block)
        for path, block in _blocks_of(project, intent, is_test)
        if block.indent is not None and path in _paths(project, language, is_test)
    ]

    return max(found, key=lambda one: len(one[1].lines), default=None)


def _file_for(project: Project, intent: str, language: str, is_test: bool) -> str:
    """The file named as that of the intent's other language, or one for what was added."""
    if is_test:
        return f"data/test/{language}.yml"
    folder = "data/nlu" if language == ENGLISH else f"data/nlu/{language}"
    for path, _ in _blocks_of(project, intent, is_test):
        like = f"{folder}/{path.rpartition('/')[2]}"
        if like in project.texts and project.nlu(like).end is not None:
            return like

    return f"{folder}/added.yml"


def _blocks_of(project: Project, intent: str, is_test: bool) -> list[tuple[str, Block]]:
    return [
        (path, block)
        for path, block in project.blocks()
        if block.intent == intent and path.startswith("data/test/") == is_test
    ]


def _paths(project: Project, language: str, is_test: bool) -> Collection[str]:
    return {
        path
        for path in project.nlu_paths
        if language_of(path) == language and path.startswith("data/test/") == is_test
    }


def _taken(path: str, text: str, block: Block, lines: set[Line]) -> list[Splice]:
    gone = [line for line in block.lines if line in lines]
    if not gone:
        return []
    if len(gone) == len(block.lines):
        return [without_lines(text, with_blank_before(text, block.start), block.end)]
    changes = []
    for line in gone:
        if line.start is None or line.end is None:
            raise WrongEdit(
                "broken_file",
                f"{path}: the examples of {block.intent} do not stand below `examples: |`, one a "
                "line. Change that file by hand.",
            )
        changes.append(without_lines(text, line.start, line.end))

    return changes

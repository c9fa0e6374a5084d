"""
Conversations that a model must understand as a whole: `tests/dialogues/*.yml`.

They are written like Rasa's own test stories: what the buyer types, what it means, and which
action it reaches. A model passes one if it understands every line, or refuses it where it is to
be refused, and data/rules.yml leads each to its action.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.casework.languages import written_language
from bot.obstacles import Obstacle
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import FALLBACK, OUT_OF_SCOPE
from bot.workbench.nlu_files import Example, NluFile, split_markup

FOLDER: Final = Path("tests") / "dialogues"
RULES: Final = Path("data") / "rules.yml"
REFUSED: Final = frozenset({OUT_OF_SCOPE, FALLBACK})
VERSION: Final = "3.1"
_STORY: Final = re.compile(rb"^[ \t]*-[ \t]+story[ \t]*:", re.MULTILINE)


class BrokenDialogue(Obstacle):
    """A dialogue that cannot be read; the text names file and line and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the buyer types, what it means, and the action that it reaches; its line in the file."""

    text: str
    intent: str
    action: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One conversation; `file` is its path in the project."""

    title: str
    file: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueFailure:
    """
    A line that was not understood, or does not reach its action.

    `before` says that the live model fails there, too.
    """

    dialogue: str
    file: str
    line: int
    text: str
    expected: str
    got: str
    before: bool = False


def count_dialogues(project: Path) -> int:
    """How many there are, for whoever asks often; whether they can be read is not asked."""
    files = sorted((project / FOLDER).glob("*.yml"))

    return sum(len(_STORY.findall(path.read_bytes())) for path in files)


def read_dialogues(project: Path) -> list[Dialogue]:
    """All dialogues of the project, by name of their files."""
    files = sorted((project / FOLDER).glob("*.yml"))

    return [one for path in files for one in read_dialogue_file(path, project)]


def read_dialogue_file(path: Path, project: Path) -> tuple[Dialogue, ...]:
    """The dialogues of one file, as a rule one."""
    return tuple(_read(_load(path), path, path.relative_to(project).as_posix()))


def parse_dialogues(file: str, text: str) -> tuple[Dialogue, ...]:
    """The dialogues of a text that is to stand in that file of the project."""
    return tuple(_read(_parse(Path(file), text), Path(file), file))


def read_routes(project: Path) -> dict[str, str]:
    """The action that each intent reaches, by the project's rules."""
    parsed = _load(project / RULES)
    routes: dict[str, str] = {}
    for rule in parsed.get("rules") or ():
        steps = rule.get("steps") or () if isinstance(rule, dict) else ()
        actions = [step["action"] for step in steps if "action" in step]
        for step in steps:
            for one in step.get("or") or (step,):
                if "intent" in one and actions:
                    routes[one["intent"]] = actions[0]

    return routes


def to_examples(dialogues: Iterable[Dialogue]) -> list[NluFile]:
    """Their lines as messages to be read."""
    return [
        NluFile(
            Path(dialogue.file),
            None,
            tuple(
                Example(
                    text=line.text,
                    intent=OUT_OF_SCOPE if line.intent in REFUSED else line.intent,
                    entities=(),
                    kinds=frozenset(),
                    language=written_language(line.text) or "en",
                    file=dialogue.file,
                    line=line.line,
                )
                for line in dialogue.lines
            ),
        )
        for dialogue in dialogues
    ]


def find_failures(
    dialogues: Iterable[Dialogue], judged: Iterable[Judged], routes: Mapping[str, str]
) -> tuple[DialogueFailure, ...]:
    """Each line at which a dialogue goes elsewhere than it should."""
    read = {(one.example.file, one.example.line): one for one in judged}

    return tuple(
        DialogueFailure(
            dialogue=dialogue.title,
            file=dialogue.file,
            line=line.line,
            text=line.text,
            expected=f"{line.intent}, {line.action}",
            got=f"{_said(one)}, {_route(one, routes)}",
        )
        for dialogue in dialogues
        for line in dialogue.lines
        if (one := read[dialogue.file, line.line])
        and not (one.right and _route(one, routes) == line.action)
    )


def write_dialogue(title: str, lines: Sequence[tuple[str, str, str]], told: str = "") -> str:
    """The file of one dialogue: text, intent and action of each line; `told` stands on top."""
    steps: list[dict[str, Any]] = []
    for text, intent, action in lines:
        steps.append({"user": LiteralScalarString(to_line(text) + "\n"), "intent": intent})
        steps.append({"action": action})
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 4096
    out = io.StringIO()
    if told:
        out.write("".join(f"# {line}\n" for line in told.splitlines()))
    out.write(f'version: "{VERSION}"\n\n')
    yaml.dump({"stories": [{"story": title, "steps": steps}]}, out)

    return out.getvalue()


def to_line(text: str) -> str:
    """
    The text as one line that means the same to Rasa.

    What would be read as a mark of an entity stands in round brackets; control characters go.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    seen = " ".join(seen.split())
    try:
        marked = bool(split_markup(seen)[1])
    except ValueError:
        marked = True

    return seen.translate({ord("["): "(", ord("]"): ")"}) if marked else seen


def _said(one: Judged) -> str:
    return "not understood" if one.prediction.refused else one.said


def _route(one: Judged, routes: Mapping[str, str]) -> str:
    return routes.get(one.said, "no action")


def _read(parsed: CommentedMap, path: Path, file: str) -> Iterator[Dialogue]:
    stories: Any = parsed.get("stories")
    if not isinstance(stories, list) or not stories:
        raise BrokenDialogue(f"{path}: a list of stories is expected")
    for number, story in enumerate(stories):
        line = _line(stories, number)
        if not isinstance(story, CommentedMap) or not isinstance(story.get("steps"), list):
            raise BrokenDialogue(f"{path}, line {line}: a story with steps is expected")
        yield Dialogue(
            title=str(story.get("story", path.stem)),
            file=file,
            lines=tuple(_lines(path, story["steps"])),
        )


def _line(items: Any, number: int) -> int:
    """Where in its file an item of a list stands."""
    line: int = items.lc.item(number)[0] + 1

    return line


def _lines(path: Path, steps: Any) -> Iterator[Line]:
    said: tuple[int, str, str] | None = None
    for number, step in enumerate(steps):
        line = _line(steps, number)
        known = step.keys() if isinstance(step, CommentedMap) else ()
        if set(known) == {"user", "intent"}:
            if said:
                raise BrokenDialogue(f"{path}, line {said[0]}: no action follows here")
            said = line, _plain(path, line, str(step["user"])), str(step["intent"])
        elif set(known) == {"action"} and said:
            yield Line(text=said[1], intent=said[2], action=str(step["action"]), line=said[0])
            said = None
        else:
            raise BrokenDialogue(
                f"{path}, line {line}: `user` with `intent`, then one `action` are expected"
            )
    if said:
        raise BrokenDialogue(f"{path}, line {said[0]}: no action follows here")


def _plain(path: Path, line: int, marked: str) -> str:
    try:
        return " ".join(split_markup(marked.strip())[0].split())
    except ValueError as error:
        raise BrokenDialogue(f"{path}, line {line}: {error}") from error


def _load(path: Path) -> CommentedMap:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenDialogue(f"{path}: {error}") from error

    return _parse(path, text)


def _parse(path: Path, text: str) -> CommentedMap:
    try:
        parsed = YAML().load(text)
    except YAMLError as error:
        raise BrokenDialogue(f"{path}: {error}") from error
    if not isinstance(parsed, CommentedMap):
        raise BrokenDialogue(f"{path}: lines of `key: value` are expected")

    return parsed

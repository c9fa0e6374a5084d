"""Whether there is anything to train on, told at once and not after Rasa's 20 seconds of import."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.obstacles import Obstacle

FEWEST_INTENTS = 2


class NothingToTrain(Obstacle):
    """No model can come of that folder; the text says why, in one line."""


def check_nlu(data: Path) -> int:
    """
    How many examples the file or folder holds; `NothingToTrain` unless they have two intents.

    A name that YAML reads as a number is named, too: of that Rasa complains three times a line.
    What else it may dislike in the files it says itself.
    """
    found = [block for path in find_yaml_files(data) for block in _intents(path)]
    intents = {intent for intent, _ in found}
    if not intents:
        raise NothingToTrain(f"{data}: no intent with examples in any .yml or .yaml file there.")
    if len(intents) < FEWEST_INTENTS:
        raise NothingToTrain(f"{data}: there is one intent only ({intents.pop()}); two are needed.")

    return sum(many for _, many in found)


def find_yaml_files(place: Path) -> list[Path]:
    """The file itself, or all below the folder that Rasa would read: none that is hidden."""
    if place.is_file():
        return [place]

    return sorted(
        path
        for path in place.rglob("*")
        if path.suffix in {".yml", ".yaml"}
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(place).parts)
    )


def _intents(path: Path) -> Iterator[tuple[str, int]]:
    """The intent of each block, and how many examples stand there."""
    content = _read(path)
    blocks = content.get("nlu") if isinstance(content, dict) else None
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, dict) or block.get("intent") in (None, ""):
            continue
        name = block["intent"]
        if not isinstance(name, str):
            raise NothingToTrain(f"{path}: the intent {name} is no text to YAML; put it in quotes.")
        if examples := block.get("examples"):
            lines = examples.splitlines() if isinstance(examples, str) else examples
            yield name, sum(bool(line) for line in lines)


def _read(path: Path) -> object:
    try:
        return YAML(typ="safe").load(path.read_text("utf-8"))
    except OSError as error:
        raise NothingToTrain(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NothingToTrain(f"{path} is not UTF-8 text (byte {error.start + 1}).") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise NothingToTrain(f"{path}{line}: {error.problem or error.context}.") from error
    except YAMLError as error:
        raise NothingToTrain(f"{path}: {' '.join(str(error).split())}.") from error

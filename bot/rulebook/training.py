"""
`rulebook/training.yml`: what misunderstandings cost, and which intents must not get worse.

Nothing of it decides about money, so it has no part in the version that decisions carry.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.casework.misunderstandings import TrainingRules
from bot.rulebook.files import parse, read_file
from bot.rulebook.schema import TRAINING, check

FILE = "training.yml"
INTENTS = "intents.yml"
ROWS = ("meant", "said")


def load_training_rules(folder: Path) -> TrainingRules:
    """The rules in the rulebook there; `BrokenRulebook` tells its mistakes."""
    path = folder / FILE
    parsed = parse(path, read_file(path))
    rules: TrainingRules = check(path, TRAINING, parsed, _with_lists(parsed))

    return rules


def read_protected(folder: Path) -> frozenset[str]:
    """
    The intents that trainers marked as protected, in the rulebook there.

    A file that cannot be read protects nothing here: whoever reads it for the chat tells why.
    """
    try:
        parsed = YAML(typ="safe").load((folder / INTENTS).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return frozenset()
    intents = parsed.get("intents") if isinstance(parsed, dict) else None
    if not isinstance(intents, dict):
        return frozenset()

    return frozenset(
        name
        for name, told in intents.items()
        if isinstance(told, dict) and told.get("protected") is True
    )


def _with_lists(parsed: dict[str, Any]) -> dict[str, Any]:
    """The rows of costs with every name in a list: `meant: thanks` is written as one pleases."""
    rows = parsed.get("costs")
    if not isinstance(rows, list):
        return {}

    return {
        "costs": [
            {**row, **{key: [row[key]] for key in ROWS if isinstance(row.get(key), str)}}
            if isinstance(row, dict)
            else row
            for row in rows
        ]
    }

"""
What needs words: every reply, button label and word of the card, collected from the code itself.

Nobody keeps a list that could be forgotten: `makegood templates check` and the contract tests
read what playbooks and services say, and a new reply without words is found by its name.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import bot.playbooks
import bot.services
from bot.canned import CANNED_MAY_USE
from bot.casework.describing import DIFFERENCES, MISSING
from bot.casework.remedies import RemedyKind
from bot.casework.replies import REPLIES, Reply
from bot.casework.telling import Came, Refused
from bot.playbooks import refund_request, return_item
from bot.services.clarify import MEANT

BOT = Path(__file__).parent
CHOICES = "choices"
CARD = "card"
CANNED = "canned"
ANSWERS = "answers"
"""What trainers wrote for intents that they added."""

FILLED_IN: Mapping[str, tuple[str, ...]] = {
    "reason_{reason}": tuple(
        f"reason_{reason}" for reason in (*refund_request.REASONS, *return_item.REASONS)
    ),
    "came_{came}": tuple(f"came_{came}" for came in Came),
    "refused_{why}": tuple(f"refused_{why}" for why in Refused),
    "missing_{what}": tuple(f"missing_{what}" for what in MISSING),
    "differs_{way}": tuple(f"differs_{way}" for way in DIFFERENCES),
    "topic_{intent}": tuple(f"topic_{intent}" for intent in MEANT),
    "{remedy.kind}_option": tuple(f"{kind}_option" for kind in RemedyKind),
}
"""What becomes of the labels that the code puts together."""


@dataclass(frozen=True, slots=True)
class WordsWanted:
    """The blocks of each template, and the variables that each of them may use."""

    blocks: Mapping[str, Mapping[str, frozenset[str]]]

    def variables(self, template: str, block: str) -> frozenset[str] | None:
        """What the block may use; None if nothing says it. Agents say whatever is canned."""
        if template == CANNED:
            return CANNED_MAY_USE

        return self.blocks.get(template, {}).get(block)


def words_wanted(answered: Iterable[str] = ()) -> WordsWanted:
    """Everything that has to have words, and the added intents that are `answered` by words."""
    blocks: dict[str, dict[str, frozenset[str]]] = {
        CHOICES: {label: frozenset({"it"}) for label in button_labels()},
        CARD: {word: frozenset(values) for word, values in card_words().items()},
    }
    for reply in spoken_replies():
        names = frozenset(field.name for field in fields(reply))
        blocks.setdefault(reply.template, {})[reply.block] = names
    if answers := {intent: frozenset[str]() for intent in answered}:
        blocks[ANSWERS] = answers

    return WordsWanted(blocks)


def spoken_replies() -> list[type[Reply]]:
    """Every reply that can be said; a class with subclasses has no words of its own."""
    for package in (bot.playbooks, bot.services):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    ours = [reply for reply in REPLIES.values() if reply.__module__.startswith("bot.")]

    return [reply for reply in ours if not reply.__subclasses__()]


def button_labels() -> set[str]:
    """The label of every `Choice(...)` that playbooks and services put under a reply."""
    labels: set[str] = set()
    for call in _calls_in(BOT / "playbooks", BOT / "services"):
        if isinstance(call.func, ast.Name) and call.func.id == "Choice":
            label = call.args[1]
            if isinstance(label, ast.Constant):
                labels.add(str(label.value))
            else:
                pattern = ast.unparse(label).removeprefix("f'").removesuffix("'")
                if pattern not in FILLED_IN:
                    raise LookupError(f"say in FILLED_IN what {pattern} becomes")
                labels.update(FILLED_IN[pattern])

    return labels


def card_words() -> dict[str, set[str]]:
    """Every block that `words(...)` is asked for in bot/cards.py, with its values."""
    asked: dict[str, set[str]] = {}
    for call in _calls_in(BOT / "cards.py"):
        if isinstance(call.func, ast.Name) and call.func.id == "words":
            named = [
                str(part.value) for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)
            ]
            for block in named:
                asked.setdefault(block, set()).update(value.arg or "" for value in call.keywords)

    return asked


def _calls_in(*places: Path) -> Iterator[ast.Call]:
    for place in places:
        for source in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            tree = ast.parse(source.read_text(encoding="utf-8"))
            yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))

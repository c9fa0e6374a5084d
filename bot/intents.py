"""
Reading `rulebook/intents.yml`: what trainers say of every intent, and what those they added do.

It is checked whole, like the seller's rules, and is no part of their version.
"""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from bot.casework.intents import NO_INTENTS, Does, Intent, Intents
from bot.playbooks import BY_NAME
from bot.rulebook.files import find_line, parse, read_file
from bot.rulebook.mistakes import BrokenRulebook, Mistake
from bot.rulebook.schema import INTENTS, check
from bot.services.meaning import OURS
from bot.watched import Watched

__all__ = ["NO_INTENTS", "Does", "Intent", "Intents", "WatchedIntents", "load_intents"]

FILE = "intents.yml"


def load_intents(folder: Path) -> Intents:
    """What `intents.yml` in that folder says; `BrokenRulebook` names its mistakes."""
    path = folder / FILE
    parsed = parse(path, read_file(path))
    intents: Intents = check(path, INTENTS, parsed)
    if mistakes := tuple(_check_routes(path, parsed, intents)):
        raise BrokenRulebook(*mistakes)

    return intents


class WatchedIntents(Watched[Intents]):
    """
    The intents of a folder as they are now.

    A house starts with a broken file, too: added intents are not understood until it is mended.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, lambda path: load_intents(path.parent), before=NO_INTENTS)

    def find_problem(self) -> str:
        """What is wrong with the file as it is now, in one line; empty if nothing is."""
        error = self.find_error()

        return error.mistakes[0].in_short if isinstance(error, BrokenRulebook) else ""


def _check_routes(path: Path, parsed: CommentedMap, intents: Intents) -> Iterator[Mistake]:
    """An intent does something just if it was added, and what it does is there."""
    for name, one in intents.intents.items():
        place = ["intents", name]
        if name in OURS and one.does:
            line = find_line(parsed, [*place, "does"])
            yield Mistake(path, line, f"{name}: the code knows what it does, leave out `does`")
        elif name not in OURS and one.does is None:
            yield Mistake(
                path,
                find_line(parsed, place),
                f"{name}: does is missing: {{answer: true}}, {{person: true}} or "
                "{playbook: its name} is expected",
            )
        elif one.does and one.does.playbook and one.does.playbook not in BY_NAME:
            yield Mistake(
                path,
                find_line(parsed, [*place, "does", "playbook"]),
                f"{name}: {one.does.playbook[:40]} is no playbook, allowed are "
                f"{', '.join(sorted(BY_NAME))}",
            )

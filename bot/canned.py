"""
Replies that agents insert with "/": `templates/<locale>/canned.j2`, one block each.

They are read anew whenever the file changes, because the team edits them while the house runs.
What is saved was tried first: a reply that cannot be rendered never reaches an agent.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from bot.casework.money import Money
from bot.replies import Templates, render_block

WRONG: Final = (
    UndefinedError,
    SecurityError,
    AttributeError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
)
"""What a template can run into that somebody wrote by hand."""
FILE: Final = "canned.j2"
MOST_SOURCE: Final = 100_000
"""Characters of one language's file."""


class BrokenCanned(ValueError):
    """The text cannot be used as canned replies; it says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedFacts:
    """What a canned reply may use; what is not known is empty."""

    buyer: str = ""
    agent: str = ""
    order_number: str = ""
    total: Money | None = None
    carrier: str = ""
    tracking_number: str = ""
    tracking_link: str = ""
    expected_by: date | None = None


CANNED_MAY_USE: Final = frozenset(CannedFacts.__dataclass_fields__)
TRIED: Final = (
    CannedFacts(agent="Anna"),
    CannedFacts(
        buyer="Ada",
        agent="Anna",
        order_number="DEMO-1003",
        total=Money(1250, "EUR"),
        carrier="DHL",
        tracking_number="00340434161094021501",
        tracking_link="https://example.com/track",
        expected_by=date(2026, 1, 9),
    ),
)
"""With nothing known and with everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """One canned reply, ready to be sent; `title` is its name in words."""

    name: str
    title: str
    text: str


class CannedReplies:
    """The canned replies of all languages."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._file = FILE

    def render(self, locale: str, facts: CannedFacts) -> tuple[Canned, ...]:
        """All of the language, or of the nearest one, with the facts filled in."""
        spoken_in = self._templates.nearest(locale)

        return tuple(self._rendered(self.source(spoken_in), spoken_in, facts))

    def locales(self) -> tuple[str, ...]:
        """The languages that can be edited."""
        return tuple(sorted(self._templates.locales))

    def source(self, locale: str) -> str:
        """The file of a language as it is; empty if there is none."""
        path = self._templates.folder / self._checked(locale) / self._file
        try:
            return path.read_text("utf-8")
        except FileNotFoundError:
            return ""

    def save(self, locale: str, source: str) -> None:
        """Put it in place of the language's file, whole or not at all; `BrokenCanned` if wrong."""
        folder = self._templates.folder / self._checked(locale)
        self.check(locale, source)
        handle, draft = tempfile.mkstemp(prefix=".canned-", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(source.replace("\r\n", "\n"))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)  # other processes read it, too
        Path(draft).replace(folder / self._file)

    def check(self, locale: str, source: str) -> None:
        """`BrokenCanned` unless every reply can be said, with nothing known and with everything."""
        if len(source) > MOST_SOURCE:
            raise BrokenCanned(f"At most {MOST_SOURCE} characters, please.")
        for facts in TRIED:
            for canned in self._rendered(source, locale, facts):
                if not canned.text and facts is TRIED[1]:
                    raise BrokenCanned(f"{canned.name} says nothing.")

    def _rendered(self, source: str, locale: str, facts: CannedFacts) -> Iterator[Canned]:
        values: Mapping[str, object] = {name: getattr(facts, name) for name in CANNED_MAY_USE}
        try:
            template = self._templates.environment.from_string(source)
        except TemplateSyntaxError as error:
            raise BrokenCanned(f"Line {error.lineno}: {error.message}") from error
        for name in template.blocks:
            try:
                text = render_block(template, name, locale, values)
            except WRONG as error:
                raise BrokenCanned(f"{name}: {error}") from error
            yield Canned(name=name, title=name.replace("_", " "), text=text)

    def _checked(self, locale: str) -> str:
        if locale not in self._templates.locales:
            raise BrokenCanned("There are no words in that language yet.")

        return locale

"""
Replies in words: `templates/<locale>/<template>.j2`, one block a reply.

Templates are rendered in Jinja's sandbox with StrictUndefined: a misspelt variable fails a test,
not a buyer. What a buyer or a shop wrote goes in as plain text and comes out as plain text; the
widget never treats it as HTML. `block`, `block__2`, `block__3` are wordings of one reply.
"""

import logging
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_percent
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError, pass_context
from jinja2.exceptions import TemplateNotFound, UndefinedError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.amounts import format_money
from bot.cards import order_card
from bot.casework.money import Money
from bot.casework.orders import OrderCard
from bot.casework.ports.speaking import Spoken
from bot.casework.replies import Reply
from bot.obstacles import CannotStart

log = logging.getLogger(__name__)

DEFAULT_LOCALE = "en"
MOST_WORDINGS = 9

DAY = {"en": "EEE, d MMM yyyy", "ru": "d MMMM yyyy (EEE)"}
DAY_AND_HOUR = {"en": "d MMM yyyy, HH:mm", "ru": "d MMMM yyyy, HH:mm"}
"""
Patterns of Babel by language, in English where there is none of its own.

A Russian date stands behind a preposition, so its weekday comes last and its month is written out.
"""


class MissingWords(LookupError):
    """A reply has no block in the templates."""


BROKEN_WORDS = (MissingWords, TemplateNotFound, UndefinedError)
"""What `makegood templates check` would have told of a translation."""


class FoldedLines(Extension):
    """
    Lets a template break its sentences over lines: a line end is a space, as in HTML.

    Only the template's own text is folded. A value keeps the lines that its writer gave it, and
    a line break that is meant is written `{{ "\\n" }}`.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template's tokens with its own text folded."""
        for token in stream:
            folded = re.sub(r"\s*\n\s*", " ", token.value) if token.type == "data" else token.value
            yield Token(token.lineno, token.type, folded)


class BrokenTemplates(CannotStart):
    """A template that Jinja cannot read; the text names file and line."""


class Templates:
    """`bot.casework.ports.speaking.Speaker` over a folder of templates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.locales = frozenset(place.name for place in folder.iterdir() if place.is_dir())
        self.environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            extensions=[FoldedLines],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            autoescape=False,
        )
        self.environment.filters.update(FILTERS)

    def check(self) -> None:
        """Read every template, so that a broken one stops the start and not a buyer."""
        for name in self.environment.list_templates(extensions=["j2"]):
            try:
                self.environment.get_template(name)
            except TemplateSyntaxError as error:
                place = f"{self.folder / name}, line {error.lineno}"
                raise BrokenTemplates(f"{place}: {error.message}") from error

    def render(self, reply: Reply, locale: str, *, variant: str, now: datetime) -> Spoken:
        """
        The reply in that language; the same `variant` always gets the same wording.

        Where a translation is broken or lacks the words, a buyer is answered in English rather
        than not at all, and the log says so.
        """
        spoken_in = self.nearest(locale)
        try:
            return self._render(reply, spoken_in, variant=variant, now=now)
        except BROKEN_WORDS as error:
            if spoken_in == DEFAULT_LOCALE:
                raise
            log.error("%s.%s in %s: %s", reply.template, reply.block, spoken_in, error)

        return self._render(reply, DEFAULT_LOCALE, variant=variant, now=now)

    def _render(self, reply: Reply, spoken_in: str, *, variant: str, now: datetime) -> Spoken:
        values = {field.name: getattr(reply, field.name) for field in fields(reply)}
        text = self.words(reply.template, reply.block, spoken_in, values, variant=variant)
        labels = tuple(
            (choice.value, self.words("choices", choice.label, spoken_in, {"it": choice.it}))
            for choice in reply.choices
        )
        card = self.render_card(reply.card, spoken_in, now) if reply.card else None

        return Spoken(
            kind=reply.kind,
            text=text,
            choices=labels,
            card=card,
            reply=f"{reply.template}.{reply.block}",
        )

    def render_card(self, card: OrderCard, locale: str, now: datetime) -> Mapping[str, object]:
        """The order as ready JSON, with its labels in that language."""
        spoken_in = self.nearest(locale)

        return order_card(card, spoken_in, now.date(), self._card_words(spoken_in))

    def nearest(self, locale: str) -> str:
        """
        The locale itself, its language, or English, whichever has templates.

        A folder is named as Babel names the locale (pt_BR), however a browser writes it (pt-br).
        """
        folders = {name.casefold(): name for name in self.locales}
        wanted = locale.casefold().replace("-", "_")
        for candidate in (wanted, wanted.partition("_")[0]):
            if candidate in folders:
                return folders[candidate]

        return DEFAULT_LOCALE

    def words(
        self,
        template: str,
        block: str,
        locale: str,
        values: Mapping[str, object],
        *,
        variant: str = "",
    ) -> str:
        """One block as text; several wordings of it are chosen from by `variant`."""
        loaded = self.environment.get_template(f"{locale}/{template}.j2")

        return render_wording(loaded, block, locale, variant, values)

    def wording(self, template: str, name: str, locale: str, values: Mapping[str, object]) -> str:
        """Exactly that wording as text, such as `hello__2`."""
        return render_block(
            self.environment.get_template(f"{locale}/{template}.j2"), name, locale, values
        )

    def _card_words(self, locale: str) -> Callable[..., str]:
        def word(block: str, **values: object) -> str:
            return self.words("card", block, locale, values)

        return word


def render_block(template: Template, name: str, locale: str, values: Mapping[str, object]) -> str:
    """One block of a template as text."""
    context = template.new_context({**values, "locale": locale})

    return "".join(template.blocks[name](context)).strip()


def render_wording(
    template: Template,
    block: str,
    locale: str,
    variant: str,
    values: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """One of the block's wordings as text; `MissingWords` if it has none."""
    wordings = _wordings(template, block)
    if not wordings:
        raise MissingWords(f"templates/{template.name} has no block {block}")
    chosen = wordings[zlib.crc32(f"{block}:{variant}".encode()) % len(wordings)]

    return render_block(template, chosen, locale, values)


def _wordings(template: Template, block: str) -> list[str]:
    names = [block, *(f"{block}__{number}" for number in range(2, MOST_WORDINGS + 1))]

    return [name for name in names if name in template.blocks]


@pass_context
def money(context: Context, amount: Money) -> str:
    """An amount as people of the locale write it."""
    return format_money(amount, context["locale"])


@pass_context
def day(context: Context, when: date) -> str:
    """A day with its weekday, such as "Tue, 3 Mar 2026"."""
    locale = context["locale"]

    return format_date(when, _pattern(DAY, locale), locale=locale)


@pass_context
def hour(context: Context, when: datetime) -> str:
    """A moment in UTC, which is said, because we do not know where the buyer is."""
    locale = context["locale"]
    shown = format_datetime(when.astimezone(UTC), _pattern(DAY_AND_HOUR, locale), locale=locale)

    return f"{shown} UTC"


def _pattern(patterns: Mapping[str, str], locale: str) -> str:
    return patterns.get(locale.partition("_")[0], patterns[DEFAULT_LOCALE])


@pass_context
def percent(context: Context, share: Any) -> str:
    """A percentage such as 5 or 2.5."""
    return format_percent(share / 100, "#,##0.##%", locale=context["locale"])


@pass_context
def plural(context: Context, count: int, **forms: str) -> str:
    """The count in its form; a template names the forms, such as `one="day", other="days"`."""
    form = Locale.parse(context["locale"]).plural_form(count)

    return f"{count} {forms.get(form, forms['other'])}"


FILTERS: dict[str, Callable[..., str]] = {
    "money": money,
    "day": day,
    "hour": hour,
    "percent": percent,
    "plural": plural,
}

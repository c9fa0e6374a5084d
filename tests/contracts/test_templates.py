"""
The words are complete: every reply has its block, every block its reply, in every language.

Replies, button labels and words on the card are collected from the code itself, so a new one
without words fails here by its name. What a block says is tried with every kind of value that the
reply's fields may have.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import Field, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from jinja2 import meta, nodes
from jinja2.exceptions import UndefinedError

import bot.playbooks
from bot.casework.money import Money
from bot.casework.orders import OrderLine, OrderStatus, Payment, Variant
from bot.casework.remedies import REMEDIES, STANDING, Remedy, RemedyKind
from bot.casework.replies import REPLIES, Choice, Reply
from bot.intents import load_intents
from bot.playbooks.standing import Standing
from bot.replies import Templates
from bot.template_check import check_templates
from bot.words_wanted import CARD, CHOICES, words_wanted
from tests.factories import NOW, TODAY, a_line, a_summary, eur

ROOT = Path(__file__).parents[2]
TEMPLATES = Templates(ROOT / "templates")
LOCALES = sorted(TEMPLATES.locales)

INTENTS = load_intents(ROOT / "rulebook")
HOUSE = words_wanted(filter(INTENTS.answers, INTENTS.added))
LABELS = sorted(HOUSE.blocks[CHOICES])
CARD_WORDS = HOUSE.blocks[CARD]

# What has words


@dataclass(frozen=True)
class Wording:
    """One block of one template; `block` is its name without the number of the wording."""

    locale: str
    template: str
    name: str

    @property
    def block(self) -> str:
        """The reply, label or word of the card that it is a wording of."""
        return re.sub(r"__[2-9]$", "", self.name)

    def __str__(self) -> str:
        return f"{self.locale}/{self.template}.{self.name}"


@cache
def parsed(locale: str, template: str) -> nodes.Template:
    """The template's syntax tree."""
    source = (TEMPLATES.folder / locale / f"{template}.j2").read_text(encoding="utf-8")

    return TEMPLATES.environment.parse(source)


def template_names(locale: str) -> list[str]:
    """The templates of that language."""
    return sorted(path.stem for path in (TEMPLATES.folder / locale).glob("*.j2"))


WORDINGS = [
    Wording(locale, template, block.name)
    for locale in LOCALES
    for template in template_names(locale)
    for block in parsed(locale, template).find_all(nodes.Block)
]
REPLY_WORDINGS = [
    (wording, REPLIES[f"{wording.template}.{wording.block}"])
    for wording in WORDINGS
    if f"{wording.template}.{wording.block}" in REPLIES
]
each_reply = pytest.mark.parametrize(
    ("wording", "reply"), REPLY_WORDINGS, ids=[str(wording) for wording, _ in REPLY_WORDINGS]
)
each_locale = pytest.mark.parametrize("locale", LOCALES)

# Nothing is missing, nothing is left over


def test_the_words_that_we_ship_are_complete() -> None:
    """
    What `makegood templates check` tells a seller about theirs is right in ours, hints included.
    """
    assert [str(finding) for finding in check_templates(TEMPLATES.folder, HOUSE)] == []


def test_everything_that_is_said_was_found() -> None:
    """
    The check above is worth what is collected for it: replies of playbooks and of services,
    labels written out and put together, words of the card with their values.
    """
    assert HOUSE.variables("steps", "how_many") == {"line", "choices", "card"}
    assert HOUSE.variables("take_turn", "dropped") is not None
    assert HOUSE.variables("steps", "offer") is None
    assert {"yes", "person", "reason_wrong_item", "refund_option"} <= set(LABELS)
    assert CARD_WORDS["title"] == {"number"}


# Every kind of value

NEVER_EMPTY = (
    "order_number", "problem", "marketplace", "front_desk", "new_address", "text", "name",
    "email",
)  # fmt: skip
"""Texts that a reply always has; any other may be missing from the shop's files."""

VARIANT = Variant(sku="MUG-2", title="Mug", variant="red", price=eur("12.50"), stock=3)
LINES = (a_line(), a_line(variant="", quantity=3))
AMOUNTS = (eur("0"), eur("12.50"), Money(1250, "JPY"))
BUTTONS = ((), (Choice("yes", "yes"), Choice("no", "no"), Choice("person", "person")))


def remedies(kind: RemedyKind) -> Iterator[Remedy]:
    """
    Remedies of that kind: for one piece, for several, for an order; with money back, with money
    on top, and without; each of them whole and with all that may be empty left empty.
    """
    known = {field.name for field in fields(REMEDIES[kind])}
    for line_id, quantity in ((1, 1), (1, 2), (1, None), (None, None)):
        for terms in TERMS:
            of_kind = {name: value for name, value in terms.items() if name in known}
            yield REMEDIES[kind](order_id=3, line_id=line_id, quantity=quantity, **of_kind)


WHOLE: dict[str, Any] = {
    "amount": eur("12.50"),
    "percent": Decimal(5),
    "valid_days": 30,
    "sku": "MUG-2",
    "variant": "green, with a very long name that goes on and on and on",
    "address": "New Street 2\n10117 Berlin",
}
TERMS: tuple[dict[str, Any], ...] = (
    WHOLE,
    WHOLE | {"amount": None, "surcharge": eur("3"), "valid_days": 1},
    WHOLE | {"amount": None, "variant": "", "sku": "MUG-1"},
)
"""The third is the very product that was ordered, and the price stays as it was."""


def examples(field: Field[Any], kind: Any) -> Iterable[Any]:
    """Every kind of value that a field of that type may have."""
    if field.name in BY_NAME:
        return BY_NAME[field.name]
    if get_origin(kind) is UnionType:
        return [
            value
            for one in get_args(kind)
            for value in ((None,) if one is NoneType else examples(field, one))
        ]
    if get_origin(kind) is tuple:
        one = list(examples(field, get_args(kind)[0]))
        return ((), tuple(one[:1]), tuple(one))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is str:
        said = f"The {field.name}"
        return (said,) if field.name in NEVER_EMPTY else (said, "")

    return BY_TYPE[kind]


AGREED = [
    Standing(kind=kind, state=state, amount=amount, line=line, on=on)
    for kind in RemedyKind
    for state in sorted(STANDING)
    for amount, line, on in ((eur("12.50"), LINES[0], TODAY), (None, None, None))
]
BY_NAME: dict[str, Iterable[Any]] = {
    "sent": ((), tuple(AGREED)),
    "choices": BUTTONS,
    "card": (None,),
    "problem": sorted(bot.playbooks.BY_NAME),
}
BY_TYPE: dict[Any, Iterable[Any]] = {
    bool: (False, True),
    int: (0, 1, 2),
    Money: AMOUNTS,
    date: (TODAY,),
    datetime: (NOW,),
    Decimal: (Decimal(5), Decimal("2.5")),
    OrderLine: LINES,
    Payment: [
        Payment(amount=amount, paid_at=NOW, method=method)
        for amount in AMOUNTS
        for method in ("card", "")
    ],
    Standing: AGREED[:2],
    Remedy: [remedy for kind in RemedyKind for remedy in remedies(kind)],
}


def all_examples(wording: Wording, reply: type[Reply]) -> Iterator[Reply]:
    """The reply with every combination of those values, as far as the wording looks at them."""
    kinds = get_type_hints(reply)
    names = [field.name for field in fields(reply)]
    used = used_in(wording)
    values = [
        list(examples(field, kinds[field.name]))[: None if field.name in used else 1]
        for field in fields(reply)
    ]
    for combination in itertools.product(*values):
        yield reply(**dict(zip(names, combination, strict=True)))


def used_in(wording: Wording) -> set[str]:
    """The fields of the reply that the wording takes in; the macros that it imports take none."""
    tree = parsed(wording.locale, wording.template)
    block = next(block for block in tree.find_all(nodes.Block) if block.name == wording.name)
    alone = nodes.Template(block.body, lineno=block.lineno)
    alone.set_environment(TEMPLATES.environment)

    return meta.find_undeclared_variables(alone)


@pytest.mark.parametrize("locale", LOCALES)
def test_shared_terms_know_only_what_they_are_given(locale: str) -> None:
    """
    A macro that looked at a reply by itself would escape the examples below.
    """
    for template in template_names(locale):
        tree = parsed(locale, template)
        for macro in tree.find_all(nodes.Macro):
            alone = nodes.Template([macro], lineno=macro.lineno)
            alone.set_environment(TEMPLATES.environment)
            beside = {other.name for other in tree.find_all(nodes.Macro)}

            assert meta.find_undeclared_variables(alone) <= beside | {"locale"}, macro.name


def said(wording: Wording, reply: Reply) -> str:
    """The reply in exactly this wording."""
    values = {field.name: getattr(reply, field.name) for field in fields(reply)}

    return TEMPLATES.wording(wording.template, wording.name, wording.locale, values)


UNFIT = re.compile(r"None|undefined|\{\{|\}\}|\{%|  |\n\n| \n|\n | [.,:;?]|[.,]{2}|\(\)|[!—]")
"""Traces of a missing value or a sloppy template, and two signs that we do not write."""


@each_reply
def test_a_reply_reads_well_with_every_kind_of_value(wording: Wording, reply: type[Reply]) -> None:
    """
    Nothing undefined, no gap where a value is missing, one question at most.
    """
    for example in all_examples(wording, reply):
        text = said(wording, example)

        assert text, example
        assert not text[0].islower(), (text, example)
        assert not UNFIT.search(text), (text, example)
        assert text.count("?") <= 1, (text, example)


@each_reply
def test_what_others_wrote_comes_out_as_it_went_in(wording: Wording, reply: type[Reply]) -> None:
    """
    A title or number is never run as a template, never taken for HTML, never cleaned.
    """
    for example in all_examples(wording, reply):
        harmless = with_texts(example, "~{}~")
        hostile = with_texts(example, HOSTILE)
        expected = re.sub(
            r"~(\w+)~", lambda found: HOSTILE.format(found[1]), said(wording, harmless)
        )

        assert said(wording, hostile) == expected


HOSTILE = "{{{{ 7*7 }}}}\n<script>{}</script> {{% endblock %}}\r\n\t&amp;"


def with_texts(example: Reply, pattern: str) -> Reply:
    """The example with all that others wrote in it put as that pattern."""
    changes: dict[str, Any] = {}
    for field in fields(example):
        value = getattr(example, field.name)
        if isinstance(value, Enum) or field.name in BY_NAME or not value:
            continue
        if isinstance(value, str):
            changes[field.name] = pattern.format(field.name)
        elif isinstance(value, OrderLine):
            changes[field.name] = line_with(pattern, value)
        elif isinstance(value, Remedy):
            changes[field.name] = remedy_with(pattern, value)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(part_with(pattern, part) for part in value)

    return type(example)(
        **{field.name: getattr(example, field.name) for field in fields(example)} | changes
    )


def remedy_with(pattern: str, remedy: Remedy) -> Remedy:
    """That remedy with all texts in it of that pattern; what is empty stays empty."""
    texts = {
        field.name: pattern.format(field.name)
        for field in fields(remedy)
        if field.name in ("variant", "address", "sku") and getattr(remedy, field.name)
    }

    return replace(remedy, **texts)


def part_with(pattern: str, part: Any) -> Any:
    """The part of a reply with all that others wrote in it put as that pattern."""
    if isinstance(part, OrderLine):
        return line_with(pattern, part)
    if isinstance(part, Payment):
        return replace(part, method=pattern.format("method") if part.method else "")
    if isinstance(part, Standing):
        return replace(part, line=line_with(pattern, part.line) if part.line else None)

    return part


def line_with(pattern: str, line: OrderLine) -> OrderLine:
    """That line with a title and a variant of that pattern."""
    return a_line(
        title=pattern.format("title"),
        variant=pattern.format("variant") if line.variant else "",
        quantity=line.quantity,
    )


# Labels and the card


def label_examples(label: str) -> Iterable[Any]:
    """What a button of that label may stand for."""
    if label.endswith("_option"):
        return remedies(RemedyKind(label.removesuffix("_option")))
    if label == "line":
        return (*LINES, a_line(title="A very long title " * 20, variant="green"))
    if label == "order":
        return (a_summary(), a_summary(titles=()), a_summary(titles=("Mug " * 80, "Lamp", "Cup")))

    if label == "variant":
        return (VARIANT, replace(VARIANT, price=None), replace(VARIANT, variant="red " * 40))

    if label == "added_topic":
        return ("I would like to buy many pieces", "Я хотел бы заказать оптом")

    return (1, 12) if label == "quantity" else (None,)


@each_locale
@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_short_and_complete(locale: str, label: str) -> None:
    """
    A button holds one line, however long the title of a product is.
    """
    for it in label_examples(label):
        text = TEMPLATES.words("choices", label, locale, {"it": it})

        assert 0 < len(text) <= 110, text
        assert "\n" not in text
        assert not UNFIT.search(text), text


@each_locale
@pytest.mark.parametrize("word", sorted(CARD_WORDS))
def test_the_card_has_a_word_for_every_state(locale: str, word: str) -> None:
    """
    A status that the card cannot name would be an empty line on it.
    """
    for status in OrderStatus:
        values = {"status": status, "number": "DEMO-1003"}
        used = {name: values[name] for name in CARD_WORDS[word]}

        assert TEMPLATES.words("card", word, locale, used)


def test_a_misspelt_field_would_be_found() -> None:
    """
    Undefined is an error, so that the tests above mean something.
    """
    with pytest.raises(UndefinedError):
        TEMPLATES.words("case_work", "back_to", "en", {"order": "DEMO-1003"})

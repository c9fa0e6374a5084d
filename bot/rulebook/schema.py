"""Whether a file says what a rulebook can say; where not, in words for sellers."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.comments import CommentedMap

from bot.casework.hours import BusinessHours
from bot.casework.intents import Does, Intent, Intents
from bot.casework.limits import (
    CLOSED,
    BadFaithRules,
    CapRules,
    CouponRules,
    DeskRules,
    IdentityRules,
)
from bot.casework.marketplaces import Clocks, MarketplaceRules, Marks
from bot.casework.misunderstandings import Bootstrap, CostRow, TrainingRules
from bot.casework.problems import ProblemRules
from bot.casework.rulebook import Faq, Rulebook, check_faq
from bot.rulebook.files import find_line
from bot.rulebook.mistakes import BrokenRulebook, Mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRules:
    """What one store answers otherwise than the seller's other stores."""

    __pydantic_config__ = CLOSED

    faq: Faq

    def __post_init__(self) -> None:
        check_faq(self.faq)


SELLER = TypeAdapter(Rulebook)
MARKETPLACE = TypeAdapter(MarketplaceRules)
STORE = TypeAdapter(StoreRules)
INTENTS = TypeAdapter(Intents)
TRAINING = TypeAdapter(TrainingRules)
NOT_IN_FILE = ("version", "marketplaces", "faq_of_stores")
"""What a Rulebook has from elsewhere than seller.yml."""

LINES = "lines of `key: value` are expected"
DAY = "a day such as 2026-12-24 is expected"
MISTAKES = {
    "missing": "is missing",
    "tuple_type": "a list such as [one, another] is expected",
    "mapping_type": LINES,
    "dict_type": LINES,
    "dataclass_type": LINES,
    "string_type": "a text is expected; put it in quotes if it is a number",
    "finite_number": "a plain number is expected",
    "decimal_type": "a number is expected",
    "decimal_parsing": "a number is expected",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
}
"""Where pydantic's words are for programmers, ours by its error type."""

PARTS: dict[str, type[Any]] = {
    "identity": IdentityRules,
    "caps": CapRules,
    "desk": DeskRules,
    "bad_faith": BadFaithRules,
    "coupon": CouponRules,
    "business_hours": BusinessHours,
    "problems": ProblemRules,
    "clocks": Clocks,
    "marks": Marks,
    "intents": Intent,
    "costs": CostRow,
    "bootstrap": Bootstrap,
}
WHOLE: dict[int, type[Any]] = {
    id(SELLER): Rulebook,
    id(MARKETPLACE): MarketplaceRules,
    id(STORE): StoreRules,
    id(INTENTS): Intents,
    id(TRAINING): TrainingRules,
}


def check(
    path: Path,
    schema: TypeAdapter[Any],
    parsed: CommentedMap,
    more: Mapping[str, object] | None = None,
) -> Any:
    """What the file says, as the schema's class; `more` stands in no file, or differs from it."""
    try:
        return schema.validate_python({**parsed, **(more or {})})
    except ValidationError as error:
        raise BrokenRulebook(*_mistakes(path, schema, parsed, error)) from error


def _mistakes(
    path: Path, schema: TypeAdapter[Any], parsed: CommentedMap, error: ValidationError
) -> list[Mistake]:
    """One for each error; what is missing only because it is misspelt is told once."""
    errors = error.errors()
    missing = [one["loc"] for one in errors if one["type"] == "missing"]
    meant: set[tuple[int | str, ...]] = set()
    told: list[tuple[bool, int, Mistake]] = []
    for one in errors:
        if one["type"] == "unexpected_keyword_argument":
            lacking = [str(loc[-1]) for loc in missing if loc[:-1] == one["loc"][:-1]]
            near = difflib.get_close_matches(str(one["loc"][-1]), lacking, 1)
            meant |= {(*one["loc"][:-1], name) for name in near}
    for one in errors:
        loc, message = one["loc"], _message(schema, one)
        if loc in meant and one["type"] == "missing":
            continue
        # What a class checks by itself begins with the name of the field.
        inner = message.partition(" ")[0].split(".")
        line = find_line(parsed, [*loc, *inner])
        name = ".".join(str(part) for part in loc)
        mistake = Mistake(path, line, f"{name + ': ' if name else ''}{message}")
        told.append((one["type"] == "missing", line, mistake))

    return [mistake for _, _, mistake in sorted(told, key=lambda found: found[:2])]


def _message(schema: TypeAdapter[Any], error: ErrorDetails) -> str:
    if error["type"] == "unexpected_keyword_argument":
        names = [one.name for one in fields(_place(schema, error["loc"]))]
        allowed = [name for name in names if name not in NOT_IN_FILE]
        near = difflib.get_close_matches(str(error["loc"][-1]), allowed, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"is not known here, allowed are {', '.join(allowed)}{hint}"
    if error["type"] == "enum":
        allowed_here = str(error["ctx"]["expected"]).replace("'", "")
        return f"{str(error['input'])[:40]} is not known here, allowed are {allowed_here}"

    return MISTAKES.get(error["type"]) or error["msg"].removeprefix("Value error, ")


def _place(schema: TypeAdapter[Any], loc: tuple[int | str, ...]) -> type[Any]:
    """The class that does not know the key at `loc`."""
    if loc[:1] == ("intents",) and "does" in loc[2:-1]:
        return Does

    return PARTS[str(loc[0])] if len(loc) > 1 and loc[0] in PARTS else WHOLE[id(schema)]

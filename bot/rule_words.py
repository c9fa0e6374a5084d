"""Rules that were consulted, each as a sentence for somebody who has never seen the rulebook."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.casework.decisions import Rule
from bot.casework.money import CURRENCY, MAX_MINOR, Money
from bot.casework.refusals import RefusalReason
from bot.refusal_words import CAPS, SENTENCES, say_numbers, say_why_not
from bot.remedy_words import A_KIND, money
from bot.rule_sentences import ALL, DAY, LACKS, Words

MONEY: Final = ("worth", "limit", "paid", "price")
"""Parts of what was compared that are money, in minor units."""
NAMES: Final[Mapping[str, Mapping[str, str]]] = {"cap": CAPS, "lacks": LACKS}
"""Parts that are names of ours, with their words."""


def say_rule(rule: Rule, currency: str) -> str:
    """
    What the rule came to, as a sentence of its own; empty for one that has no words.

    `currency` is the order's. Numbers are told where they were written as they are now.
    """
    named = [
        (words, found)
        for words in ALL
        if (found := re.fullmatch(words.name, rule.name)) and _fits(words, found, rule)
    ]
    for words, found in named:
        for form, sentence in words.forms:
            if compared := re.fullmatch(form, rule.compared):
                return _filled(sentence, found.groupdict() | compared.groupdict(), currency)
    if refused := _say_refused(rule, currency):
        return refused

    return next((_filled(one.otherwise, found.groupdict(), currency) for one, found in named), "")


def _say_refused(rule: Rule, currency: str) -> str:
    """Where a check said no: a remedy that cannot be, or not without a person."""
    kind, _, reason = rule.name.rpartition(".")
    reason = {"four_eyes_above": str(RefusalReason.FOUR_EYES)}.get(reason, reason)
    if reason not in SENTENCES or (kind and kind not in A_KIND):
        return ""
    if reason == RefusalReason.OVER_YOUR_LIMIT:
        numbers = say_numbers(reason, rule.compared, currency)
        return f"It is more than whoever asked may give{f' ({numbers})' if numbers else ''}."
    sentence = say_why_not(reason, rule.compared, currency)
    if not kind:
        return sentence
    how = "needs a colleague's yes" if reason in BY_A_PERSON else "is not possible"

    return f"{capital(A_KIND[kind])} {how}: {sentence[0].lower()}{sentence[1:]}"


BY_A_PERSON: Final = frozenset({RefusalReason.OVER_LIMIT, RefusalReason.NEEDS_APPROVAL})


def _fits(words: Words, named: re.Match[str], rule: Rule) -> bool:
    of_remedy = "kind" not in named.groupdict() or named["kind"] in A_KIND

    return of_remedy and words.held in (None, rule.held)


def _filled(sentence: str, parts: dict[str, str], currency: str) -> str:
    kind = A_KIND.get(parts.get("kind", ""), "")
    currency = parts.get("currency") or currency
    told = {name: _part(name, value, currency) for name, value in parts.items()}

    return sentence.format_map({**told, "kind": kind, "Kind": capital(kind)})


def _part(name: str, value: str, currency: str) -> str:
    if name in MONEY and CURRENCY.fullmatch(currency):
        return money(Money(min(int(value), MAX_MINOR), currency))
    if name in NAMES:
        return NAMES[name].get(value, value)

    return say_day(value) if re.fullmatch(DAY, value) else value


def say_day(iso: str) -> str:
    """A day as it is read: 5 March 2026."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso

    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def capital(words: str) -> str:
    """With a capital letter, as a sentence begins."""
    return f"{words[:1].upper()}{words[1:]}"

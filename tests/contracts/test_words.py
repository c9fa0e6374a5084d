"""
Nothing that the desk shows is left in our own names: whoever adds a rule, a step, an answer or a
state says it in plain words, too.

All of them are read from the code, so that what is new is found without being listed here.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.decisions import Against, Decision, Reason, Rule
from bot.casework.describing import DIFFERENCES, MISSING
from bot.casework.orders import BuyerType, Marketplace, OrderStatus
from bot.casework.outbox import OutboxState
from bot.casework.refusals import RefusalReason
from bot.casework.remedies import RemedyKind, RemedyState
from bot.casework.replies import REPLIES
from bot.casework.telling import Came
from bot.desk_words import INTENTS, MARKETPLACES, PROBLEMS, REASONS
from bot.desk_words import STATES as REMEDY_STATES
from bot.hand_off_words import REASONS as ANSWERS
from bot.hand_off_words import WAITS_FOR
from bot.intents import load_intents
from bot.playbooks import BY_NAME, PLAYBOOKS
from bot.remedy_words import A_KIND, TERMS
from bot.rule_words import say_rule
from bot.services.grants import PLAYBOOK
from bot.settings import ROOT
from bot.step_words import ORDERS, STEPS
from bot.taken_words import ASKED, KINDS, STATES, TOLD
from bot.web.desk.intents import read_domain

OURS = re.compile(r"\w_\w|[a-z][A-Z]|\.\w")
"""How names of ours look: snake case, camel case, parts behind a full stop."""


def sources() -> Iterator[tuple[str, ast.AST]]:
    """Every node of every module that decides something, with the module's name."""
    for folder in ("playbooks", "services"):
        for path in sorted((ROOT / "bot" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
                yield f"bot.{folder}.{path.stem}", node


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls of those functions or methods, with the module in which they stand."""
    for module, node in sources():
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield module, node


def a_text(module: str, node: ast.expr | None) -> str:
    """A text that stands there, or under a name of the module; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        found = getattr(importlib.import_module(module), node.id, "")
        return found if isinstance(found, str) else ""

    return ""


# Rules

SIGNALS = {a_text(module, call.args[0]) for module, call in calls("_signal")}
STANDS_FOR = {
    **dict.fromkeys(("remedy.kind", "kind", "terms.kind", "one.kind", "str(kind)"), RemedyKind),
    **dict.fromkeys(("over.reason", "refusal.reason", "str(one.reason)"), RefusalReason),
    "claim.against": Against,
    "audience": ("before_arrival", "default", *BuyerType, "developed"),
    "name": SIGNALS,
    "place": ("1", "12"),
}
"""What the parts of a rule's name may be that are no text."""


def names_of(module: str, node: ast.expr) -> Iterator[str]:
    """Every name that the first argument of a Rule may come to."""
    if text := a_text(module, node):
        yield text
    elif isinstance(node, ast.JoinedStr):
        names = [""]
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                names = [f"{name}{one}" for name in names for one in stands_for(part.value)]
            else:
                names = [f"{name}{a_text(module, part)}" for name in names]
        yield from names
    else:
        yield from map(str, stands_for(node))


def stands_for(node: ast.expr) -> Iterator[str]:
    """What that expression may be."""
    written = ast.unparse(node)
    assert written in STANDS_FOR, f"say in this test what {written} may be in a rule's name"

    return iter(STANDS_FOR[written])


RULES = sorted(
    {name for module, call in calls("Rule") for name in names_of(module, call.args[0])}
    | {"replacement.whole_order"}
)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_a_sentence(name: str, held: bool) -> None:
    """
    Also where what was compared is written in a way that nobody foresaw.
    """
    for compared in ("", "something else"):
        sentence = say_rule(Rule(name, held=held, compared=compared), "EUR")

        assert re.match(r"[A-ZÀ-Þ€]", sentence), name
        assert not OURS.search(sentence), sentence


def test_a_rule_without_words_is_found() -> None:
    """
    So that the test above means something.
    """
    assert len(RULES) > 100
    assert say_rule(Rule("weather.in_berlin", held=True, compared="rain"), "EUR") == ""


# Steps and decisions


def steps() -> set[str]:
    """Every step that the ledger may name."""
    of_playbooks = {
        step.__name__
        for playbook in BY_NAME.values()
        for step in (*playbook.before_order, *playbook.without_order, *playbook.steps)
    }
    of_services = {
        a_text(module, keyword.value)
        for module, call in calls("Decided", "DecisionRow")
        for keyword in call.keywords
        if keyword.arg == "step"
    }
    of_people = {a_text(module, call.args[0]) for module, call in records()}

    return (of_playbooks | of_services | of_people | {"look_for_bad_faith"}) - {""}


def records() -> Iterator[tuple[str, ast.Call]]:
    """Where a person's decision about a remedy is written into the ledger."""
    for module, call in calls("record"):
        if len(call.args) > 1:
            yield module, call


@pytest.mark.parametrize("step", sorted(steps()))
def test_every_step_says_why(step: str) -> None:
    """
    A sentence without a reason is half of one.
    """
    assert step in STEPS


def test_no_words_are_left_of_steps_that_are_gone() -> None:
    """
    What is renamed is said anew.
    """
    assert set(STEPS) == steps()


def test_every_kind_of_decision_has_words() -> None:
    """
    Of the bot, of people, and of what became of a remedy.
    """
    of_people = {a_text(module, call.args[1]) for module, call in records()}
    of_bot = {one.__name__ for one in get_args(Decision)}
    of_outbox = {state.capitalize() for state in OutboxState}

    assert of_people
    assert (of_people | of_bot | of_outbox) - set(KINDS) == set()


def test_every_answer_of_a_playbook_has_words() -> None:
    """
    "Told the buyer ...": each in its own way.
    """
    said = {
        reply.__name__ for reply in REPLIES.values() if reply.__module__.startswith("bot.playbooks")
    }

    assert said - set(TOLD) == set()
    assert set(TOLD) - said == {"Dropped"}


def test_names_of_answers_are_their_own() -> None:
    """
    The ledger has the name alone, so that two of one name could not be told apart.
    """
    said = [
        reply.__name__ for reply in REPLIES.values() if reply.__module__.startswith("bot.playbooks")
    ]

    assert len(said) == len(set(said))


# All else

KNOWN = read_domain(ROOT / "domain.yml").intents
ADDED = load_intents(ROOT / "rulebook").added
"""What trainers have added has a title of its own."""
TABLES: dict[str, tuple[set[str], object]] = {
    "what was asked": (set(Awaiting), ASKED),
    "states of cases": (set(CaseState), STATES),
    "states of remedies": (set(RemedyState), REMEDY_STATES),
    "remedies": (set(RemedyKind), A_KIND),
    "terms of remedies": (set(RemedyKind), TERMS),
    "reasons of hand-offs": (set(Reason), REASONS),
    "what buyers wait for": (set(Reason), WAITS_FOR),
    "where an order is": (set(OrderStatus), ORDERS),
    "marketplaces": (set(Marketplace), MARKETPLACES),
    "intents": ({*(KNOWN - set(ADDED)), *BY_NAME, PLAYBOOK, "nlu_fallback"}, INTENTS),
    "what a case is about": ({*PLAYBOOKS, *BY_NAME, PLAYBOOK}, PROBLEMS),
    "what a buyer answered": ({*MISSING, *DIFFERENCES, *Came, "changed_mind"}, ANSWERS),
}


@pytest.mark.parametrize("what", TABLES)
def test_every_name_has_words(what: str) -> None:
    """
    A table has all that there is.
    """
    names, words = TABLES[what]

    assert {str(name) for name in names} - {str(name) for name in words} == set()


def test_no_table_says_it_in_names_of_ours() -> None:
    """
    What stands in the tables is read by people.
    """
    tables = (ASKED, STATES, REMEDY_STATES, A_KIND, REASONS, WAITS_FOR, ORDERS, MARKETPLACES)
    texts = [
        text
        for table in (*tables, INTENTS, PROBLEMS, ANSWERS, TOLD, KINDS)
        for text in table.values()
    ]
    texts += [text for text in STEPS.values() if isinstance(text, str)]

    assert [text for text in texts if OURS.search(text) or text.endswith(".")] == []

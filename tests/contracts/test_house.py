"""
The architecture, as tests: who may import whom, and that nothing is half added.

Whoever adds a playbook or an intent uses one name in several places; a test here names the
place that was forgotten. import-linter (pyproject.toml) checks the directions once more, along
every chain of imports.
"""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.casework.replies import Reply
from bot.casework.turns import Route
from bot.intents import load_intents
from bot.playbooks import PLAYBOOKS
from bot.playbooks.playbook import Playbook
from bot.replies import Templates
from bot.services.clarify import MEANT
from bot.services.faq import FAQ
from bot.services.meaning import OURS, meaning_of
from bot.services.small_talk import SMALL_TALK
from bot.settings import ROOT


@cache
def tree_of(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


# What the Rasa project says


@cache
def read_yaml(path: Path) -> Any:
    """The content of a YAML file of the project."""
    assert path.exists(), f"{path.relative_to(ROOT)} is missing"

    return YAML(typ="safe").load(path.read_text("utf-8"))


INTENTS = load_intents(ROOT / "rulebook")


def domain_intents() -> list[str]:
    """Every intent that domain.yml names."""
    return list(read_yaml(ROOT / "domain.yml")["intents"])


def routes() -> list[tuple[str, str]]:
    """Every pair of intent and action in data/rules.yml."""
    pairs: list[tuple[str, str]] = []
    for rule in read_yaml(ROOT / "data" / "rules.yml")["rules"]:
        heard, done = rule["steps"]
        pairs += [(one["intent"], done["action"]) for one in heard.get("or", [heard])]

    return pairs


def intents_of(route: Route) -> set[str]:
    """Every intent that the rules give this route."""
    return {intent for intent, action in routes() if action == f"action_{route}"}


@cache
def read_examples(folder: str) -> dict[str, list[str]]:
    """The messages of each intent in the NLU files of that folder, not of those below it."""
    found: dict[str, list[str]] = {}
    files = sorted((ROOT / folder).glob("*.yml"))
    assert files, f"{folder} holds no files"
    for block in (block for path in files for block in read_yaml(path)["nlu"]):
        if "intent" in block:
            lines = block["examples"].splitlines()
            said = [line.strip().removeprefix("- ") for line in lines if line.strip()]
            found.setdefault(block["intent"], []).extend(said)

    return found


TEST_SET = ROOT / "data" / "test"
"""Grown from labels of trainers; there is none before the first."""
ENGLISH, RUSSIAN = "data/nlu", "data/nlu/ru"


def examples() -> dict[str, list[str]]:
    """All that the model is taught, in both languages."""
    english, russian = read_examples(ENGLISH), read_examples(RUSSIAN)

    return {
        intent: english.get(intent, []) + russian.get(intent, []) for intent in english | russian
    }


def test_every_intent_has_exactly_one_route() -> None:
    """
    The domain's, and nlu_fallback, which Rasa makes itself.
    """
    counted = Counter(intent for intent, _ in routes())

    assert counted == dict.fromkeys([*domain_intents(), "nlu_fallback"], 1)


def test_the_routes_are_the_five_actions() -> None:
    """
    One action a route, in the rules, in the domain and in the action server.
    """
    actions = {f"action_{route}" for route in Route}
    served = importlib.import_module("actions.turn_actions").ACTIONS

    assert {action for _, action in routes()} == actions
    assert set(read_yaml(ROOT / "domain.yml")["actions"]) == actions
    assert {f"action_{action.route}" for action in served} == actions


def test_the_routes_lead_where_the_tables_say() -> None:
    """
    An intent routed to a playbook has one, and every playbook's intent is routed to it.
    """
    added = {intent: meaning_of(intent, INTENTS) for intent in INTENTS.added}
    routed = OURS | {intent: meaning.route for intent, meaning in added.items() if meaning}

    assert dict(routes()) == {intent: f"action_{route}" for intent, route in routed.items()}
    assert intents_of(Route.RUN_PLAYBOOK) >= set(PLAYBOOKS)
    assert intents_of(Route.ANSWER) >= SMALL_TALK.keys() | FAQ.keys()


@pytest.mark.parametrize("intent", domain_intents())
def test_every_intent_is_told_to_trainers(intent: str) -> None:
    """
    What it is for, and what stands on its button in both languages.
    """
    assert intent in INTENTS.intents
    assert INTENTS.description(intent)
    assert set(INTENTS.intents[intent].titles) >= {"en", "ru"}


def test_trainers_are_told_of_no_intent_that_is_gone() -> None:
    """
    What does something was added by them, all others the code knows.
    """
    assert set(INTENTS.intents) == set(domain_intents())


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("intent", MEANT)
def test_a_button_says_what_trainers_read(intent: str, locale: str) -> None:
    """
    The title of what may be offered is its label.
    """
    label = Templates(ROOT / "templates").words("choices", f"topic_{intent}", locale, {"it": None})

    assert INTENTS.title(intent, locale) == label


@pytest.mark.parametrize("intent", [one for one in domain_intents() if one not in INTENTS.added])
@pytest.mark.parametrize(("folder", "least"), [(ENGLISH, 60), (RUSSIAN, 40)])
def test_every_intent_has_examples_enough(folder: str, least: int, intent: str) -> None:
    """
    Sixty in English and forty in Russian at least, none twice; trainers begin with fewer.
    """
    said = read_examples(folder).get(intent, [])

    assert len(said) >= least
    assert [text for text, times in Counter(said).items() if times > 1] == []


def test_both_languages_teach_the_same_intents() -> None:
    """
    A head of one language knows only what it was taught.
    """
    english, russian = read_examples(ENGLISH).keys(), read_examples(RUSSIAN).keys()

    assert english ^ russian <= set(INTENTS.added)


MEASURED = ["tests/nlu", "tests/nlu/held_back", *(["data/test"] if TEST_SET.exists() else [])]


@pytest.mark.parametrize("folder", MEASURED)
def test_nothing_that_is_measured_with_is_trained_on(folder: str) -> None:
    """
    Not even in other letters, with other punctuation, or under another intent.
    """
    trained = {bare(text) for said in examples().values() for text in said}
    measured = [text for said in read_examples(folder).values() for text in said]

    assert [text for text in measured if bare(text) in trained] == []


def bare(text: str) -> str:
    """The words of a text in small letters, without the marks of entities."""
    unmarked = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)

    return " ".join(re.findall(r"\w+", unmarked.casefold())) or text


def test_every_example_is_of_an_intent_of_the_domain() -> None:
    """
    Rasa would only warn about another one.
    """
    assert set(examples()) <= set(domain_intents())


def test_no_example_starts_with_a_slash() -> None:
    """
    Rasa takes such a text for an intent's name.
    """
    texts = (text for said in examples().values() for text in said)

    assert [one for one in texts if unicodedata.normalize("NFKC", one).startswith("/")] == []


def test_no_example_is_given_to_two_intents() -> None:
    """
    The same words cannot mean both.
    """
    counted = Counter(
        text.casefold() for said in examples().values() for text in {one.casefold() for one in said}
    )

    assert [text for text, times in counted.items() if times > 1] == []


# Playbooks


def playbook_modules() -> Iterator[ModuleType]:
    """Every module under bot/playbooks that makes a Playbook."""
    for path in sorted((ROOT / "bot" / "playbooks").glob("*.py")):
        module = importlib.import_module(f"bot.playbooks.{path.stem}")
        makes_one = any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Playbook"
            for node in ast.walk(tree_of(path))
        )
        if makes_one:
            yield module


def playbooks_in(module: ModuleType) -> list[Playbook]:
    """The playbooks that this module itself defines."""
    stem = module.__name__.rpartition(".")[2]

    return [one for one in vars(module).values() if isinstance(one, Playbook) and one.name == stem]


MODULES = [pytest.param(one, id=one.__name__) for one in playbook_modules()]
each_playbook_module = pytest.mark.parametrize("module", MODULES)


@each_playbook_module
def test_a_playbook_has_its_modules_name_and_stands_in_the_table(module: ModuleType) -> None:
    """
    One stem everywhere; what is not in PLAYBOOKS is never run.
    """
    own = playbooks_in(module)

    assert len(own) == 1
    assert own[0] in PLAYBOOKS.values()


@each_playbook_module
def test_a_playbook_that_speaks_has_a_template(module: ModuleType) -> None:
    """
    In every language that we speak.
    """
    stem = module.__name__.rpartition(".")[2]
    speaks = any(
        inspect.isclass(one) and issubclass(one, Reply) and one.__module__ == module.__name__
        for one in vars(module).values()
    )
    locales = [path for path in sorted((ROOT / "templates").iterdir()) if path.is_dir()]
    silent = [path.name for path in locales if speaks and not (path / f"{stem}.j2").exists()]

    assert locales
    assert silent == []


@each_playbook_module
def test_a_playbook_has_dialogue_tests(module: ModuleType) -> None:
    """
    Under its own stem.
    """
    path = ROOT / "tests" / "playbooks" / f"test_{module.__name__.rpartition('.')[2]}.py"

    assert path.exists(), f"{path.relative_to(ROOT)} is missing"


def test_every_playbook_with_a_ladder_has_its_rules() -> None:
    """
    And no rules are left of a playbook that is gone.
    """
    problems = read_yaml(ROOT / "rulebook" / "seller.yml")["problems"]

    assert set(problems) == {one.name for one in PLAYBOOKS.values() if one.has_ladder}


# Who imports what


def sources(*folders: str) -> list[Path]:
    """Every Python file of these folders of the project."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"{' and '.join(folders)} hold no Python file"

    return found


def imports_of(path: Path) -> set[str]:
    """Every module that the file imports, at its top or anywhere within."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides where it leads"
            found.add(node.module or "")

    return found


def importers_of(*packages: str) -> set[str]:
    """Every file of ours that imports one of these packages, from the root."""
    return {
        str(path.relative_to(ROOT))
        for path in sources("bot", "actions")
        if {name.partition(".")[0] for name in imports_of(path)} & set(packages)
    }


@pytest.mark.parametrize(
    ("packages", "where"),
    [
        (("sqlalchemy", "alembic"), "bot/store"),
        (("rasa_sdk",), "actions"),
        (("rasa",), "bot/engine"),
        (("litestar", "uvicorn"), "bot/web"),
        (("httpx",), "bot/gateways"),
        (("huey",), "bot/worker"),
    ],
    ids=["sqlalchemy", "rasa_sdk", "rasa", "litestar", "httpx", "huey"],
)
def test_a_library_has_one_place(packages: tuple[str, ...], where: str) -> None:
    """
    The rest of the house does not know that it is there.
    """
    importers = importers_of(*packages)

    assert importers, f"{where} does not import {packages[0]} any more"
    assert {path for path in importers if not path.startswith(f"{where}/")} == set()


@pytest.mark.parametrize(
    ("package", "known"),
    [
        ("bot/casework", ("bot.casework",)),
        ("bot/playbooks", ("bot.casework", "bot.playbooks")),
        ("bot/services", ("bot.casework", "bot.playbooks", "bot.services")),
    ],
)
def test_the_core_knows_only_itself_and_the_standard_library(
    package: str, known: tuple[str, ...]
) -> None:
    """
    So that it is tested in seconds and reads the same in ten years.
    """
    foreign = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in imports_of(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == one or name.startswith(f"{one}.") for one in known)
    }

    assert foreign == set()


CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "random", "randint", "uuid4"}


@pytest.mark.parametrize("package", ["bot/casework", "bot/playbooks"])
def test_the_core_reads_no_clock_and_throws_no_dice(package: str) -> None:
    """
    The same facts always give the same decision: time enters as an argument.
    """
    called = {
        f"{path.relative_to(ROOT)}, line {node.lineno}: {ast.unparse(node.func)}"
        for path in sources(package)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    }

    assert called == set()


IMPORT_ALL = """
import importlib, sys

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto",
             "sqlite3.connect", "subprocess.Popen", "os.system")

def refuse(event, arguments):
    if event in FORBIDDEN:
        raise RuntimeError(f"{event} while {name} was imported")

sys.addaudithook(refuse)
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_nothing_connects_at_import_time() -> None:
    """
    No socket, no database, no process: wiring builds everything, when it is asked to.

    The engine lives in Rasa's environment and Alembic's scripts are run by Alembic, so neither
    is imported here.
    """
    files = [path.relative_to(ROOT) for path in sources("bot", "actions")]
    modules = sorted(
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in files
        if path.parts[:2] != ("bot", "engine") and "migrations" not in path.parts
    )
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr[-2000:]

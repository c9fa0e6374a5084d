"""Whether a project holds together: nothing is written that does not."""

import unicodedata
from collections import Counter

from bot.workbench.project.answer_words import block_names, path_of
from bot.workbench.project.example_lines import shorten, words_of
from bot.workbench.project.files import DOMAIN, INTENTS, LANGUAGES, RULES, Example, Project
from bot.workbench.project.intent_words import DOES, read_words
from bot.workbench.project.wrong_edit import WrongEdit

MADE_BY_RASA = "nlu_fallback"
ACTIONS = frozenset({*DOES.values(), "action_continue_case", "action_clarify"})
FEWEST_EXAMPLES = 2
"""Of an intent in a language; with one the model cannot try itself on others."""


def check_project(project: Project) -> None:
    """`WrongEdit` says what is wrong first; it reads every file again as it would be written."""
    _check_routes(project)
    _check_words(project)
    _check_answers(project)
    _check_examples(project)


def _check_routes(project: Project) -> None:
    named = Counter(project.intents)
    if twice := [name for name, count in named.items() if count > 1]:
        raise WrongEdit("broken_project", f"{DOMAIN} names {twice[0]} twice.")
    routed = Counter(intent for intent, _ in project.routes)
    for intent in (*project.intents, MADE_BY_RASA):
        if routed[intent] != 1:
            raise WrongEdit(
                "broken_project",
                f"{RULES} routes {intent} {routed[intent]} times; each intent has one route.",
            )
    if unknown := sorted(routed.keys() - named.keys() - {MADE_BY_RASA}):
        raise WrongEdit(
            "broken_project", f"{RULES} routes {unknown[0]}, which {DOMAIN} does not name."
        )
    if wrong := sorted({action for _, action in project.routes} - ACTIONS):
        raise WrongEdit("broken_project", f"{RULES} names {wrong[0]}, which is no action of ours.")


def _check_words(project: Project) -> None:
    routes = dict(project.routes)
    for intent, words in read_words(project).items():
        if intent not in routes:
            raise WrongEdit(
                "broken_project", f"{INTENTS} describes {intent}, which {DOMAIN} does not name."
            )
        if words.does and words.does.action != routes[intent]:
            raise WrongEdit(
                "broken_project",
                f"{INTENTS} and {RULES} do not agree on what happens about {intent}.",
            )


def _check_answers(project: Project) -> None:
    answered = {
        intent
        for intent, words in read_words(project).items()
        if words.does and words.does.kind == "answer"
    }
    for locale in project.locales:
        blocks = block_names(project, locale)
        if missing := sorted(answered - blocks):
            raise WrongEdit("broken_project", f"{path_of(locale)} has no answer to {missing[0]}.")


def _check_examples(project: Project) -> None:
    known = set(project.intents)
    first: dict[str, Example] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for example in project.examples:
        said, shown = example.said, f"“{shorten(example.said.text)}”"
        if example.intent not in known:
            raise WrongEdit(
                "broken_project",
                f"{example.path} holds examples of {example.intent}, which {DOMAIN} does not name.",
            )
        if not said.key:
            raise WrongEdit("broken_project", f"{example.path} holds an empty example.")
        if unicodedata.normalize("NFKC", said.text).startswith("/"):
            raise WrongEdit(
                "broken_project", f"{example.path}: {shown} starts with a slash, a command to Rasa."
            )
        if not example.is_test:
            counted[example.intent, example.language] += 1
        _check_alone(first.setdefault(said.key, example), example)
    _check_sides(project)
    for intent in project.intents:
        _check_enough(intent, [counted[intent, language] for language in LANGUAGES])


def _check_enough(intent: str, counts: list[int]) -> None:
    if max(counts) < FEWEST_EXAMPLES:
        raise WrongEdit(
            "too_few_examples",
            f"{intent} would have fewer than {FEWEST_EXAMPLES} examples to train on in one "
            "language. Give it some more.",
        )
    if 1 in counts:
        raise WrongEdit(
            "too_few_examples",
            f"{intent} would have a single example in one of the languages. Give it one more "
            "there, or none.",
        )


def _check_alone(one: Example, other: Example) -> None:
    """The same words mean one thing."""
    if one.intent != other.intent:
        raise WrongEdit(
            "in_two_intents",
            f"“{shorten(other.said.text)}” cannot mean both {one.intent} and {other.intent}. Move "
            "the example or take it out.",
        )


def _check_sides(project: Project) -> None:
    """Nothing that is measured with is trained on, not even with other punctuation."""
    measured = measured_with(project)
    for example in project.examples:
        if not example.is_test and words_of(example.said.text) in measured:
            raise in_test_set(example.said.text)


def measured_with(project: Project) -> frozenset[str]:
    """The words of all messages that models are measured with."""
    tests = (words_of(one.said.text) for one in project.examples if one.is_test)

    return project.measured | frozenset(tests)


def in_test_set(text: str) -> WrongEdit:
    """Why a text cannot be an example."""
    return WrongEdit(
        "in_test_set",
        f"“{shorten(text)}” stands among the messages that models are measured with (data/test or "
        "tests/nlu), so it cannot be trained on.",
    )

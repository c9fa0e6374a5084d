"""
What buyers are answered about intents that trainers added: `templates/<locale>/answers.j2`.

A trainer writes plain text. Whatever Jinja would take for its own is written as a text constant,
and what was written is rendered once, to see that it comes out as it went in.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.replies import FILTERS, FoldedLines, render_block
from bot.workbench.project.files import Project
from bot.workbench.project.wrong_edit import WrongEdit

HEAD: Final = (
    "{# What is answered about intents that trainers have added: a block each, named as it. #}\n"
)
LONGEST: Final = 4000
"""Characters of an answer."""
# Braces with whatever next to them could make a tag, and line ends, which a template folds.
_SPECIAL: Final = re.compile(r"[{}%#\n]*[{}\n][{}%#\n]*")
_JOINS: Final = "\u200c\u200d"
"""Without these some scripts, and emoji of several, fall apart."""


@cache
def _environment() -> Environment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, extensions=[FoldedLines], trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(FILTERS)

    return environment


def path_of(locale: str) -> str:
    """Where a language's answers stand."""
    return f"templates/{locale}/answers.j2"


def block_names(project: Project, locale: str) -> frozenset[str]:
    """The answers of that language; `WrongEdit` where Jinja cannot read the file."""
    path = path_of(locale)

    return (
        frozenset(_compile(path, project.texts[path]).blocks)
        if path in project.texts
        else (frozenset())
    )


def read_answer(project: Project, intent: str, locale: str) -> str:
    """What buyers are answered in that language; empty where there is no answer, or none so."""
    path = path_of(locale)
    if intent not in block_names(project, locale):
        return ""
    try:
        return render_block(_compile(path, project.texts[path]), intent, locale, {})
    except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError):
        return ""  # somebody wrote it by hand, with values that are not known here


def tidy_answer(text: str) -> str:
    """The text as it will be said: without what nobody sees, and without space around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    seen = (
        "".join(
            " " if one.isspace() else one
            for one in line
            if one.isspace() or one.isprintable() or one in _JOINS
        )
        for line in lines
    )

    return "\n".join(line.strip() for line in seen).strip()


def check_answers(texts: Mapping[str, str], locales: tuple[str, ...]) -> None:
    """`WrongEdit` unless there is an answer in each language, and each can be said."""
    if unknown := sorted(set(texts) - set(locales)):
        raise WrongEdit("wrong_answer", f"There are no answers in the language {unknown[0][:20]}.")
    for locale in locales:
        text = texts.get(locale, "")
        if not 0 < len(text) <= LONGEST:
            raise WrongEdit("wrong_answer", f"The answer ({locale}) has 1 to {LONGEST} characters.")


def put_answers(project: Project, intent: str, texts: Mapping[str, str]) -> Project:
    """The files with that intent's answers at their end."""
    texts = {locale: tidy_answer(text) for locale, text in texts.items()}
    check_answers(texts, project.locales)
    for locale, text in texts.items():
        project = _checked(_put(project, intent, locale, text), intent, locale, text)

    return project


def change_answers(project: Project, intent: str, texts: Mapping[str, str]) -> Project:
    """The files with other words in that intent's first answers, each where it stands."""
    texts = {locale: tidy_answer(text) for locale, text in texts.items()}
    check_answers(texts, project.locales)
    for locale, text in texts.items():
        before = read_answer(project, intent, locale)
        if text == before:
            continue
        if intent not in block_names(project, locale):
            after = _put(project, intent, locale, text)
        elif before:
            path = path_of(locale)
            after = project.with_text(path, _with_words(project.texts[path], intent, text))
        else:
            raise WrongEdit(
                "wrong_answer",
                f"Somebody wrote this answer by hand: it can only be changed in {path_of(locale)}.",
            )
        project = _checked(after, intent, locale, text)

    return project


def _put(project: Project, intent: str, locale: str, text: str) -> Project:
    path = path_of(locale)
    source = project.texts.get(path, HEAD)
    newline = "\r\n" if "\r\n" in source else "\n"
    end = "" if source.endswith("\n") or not source else newline
    lines = ("", f"{{% block {intent} %}}", to_source(text), "{% endblock %}", "")

    return project.with_text(path, source + end + newline.join(lines))


def _with_words(source: str, intent: str, text: str) -> str:
    """The template with these words in that block; what stands around them stays."""
    block = re.compile(
        rf"(\{{%-?\s*block\s+{re.escape(intent)}\s*-?%\}}\s*).*?(\s*\{{%-?\s*endblock\b)",
        re.DOTALL,
    )

    return block.sub(lambda match: match[1] + to_source(text) + match[2], source, count=1)


def _checked(project: Project, intent: str, locale: str, text: str) -> Project:
    if read_answer(project, intent, locale) != text:
        raise WrongEdit(
            "wrong_answer", f"The answer ({locale}) would not be said as it is written here."
        )

    return project


def drop_answers(project: Project, intent: str) -> Project:
    """The files without that intent's answers, in any wording."""
    block = re.compile(
        rf"(?:^[ \t]*\r?\n)?^[ \t]*\{{%-?\s*block\s+{re.escape(intent)}(?:__[2-9])?\s*-?%\}}"
        r".*?\{%-?\s*endblock\b[^%]*%\}[ \t]*(?:\r?\n)?",
        re.DOTALL | re.MULTILINE,
    )
    for locale in project.locales:
        path = path_of(locale)
        if path not in project.texts:
            continue
        text = block.sub("", project.texts[path])
        project = project.with_text(path, None if text == HEAD else text)

    return project


def rename_answers(project: Project, old: str, new: str) -> Project:
    """The files with that intent's answers under another name."""
    block = re.compile(rf"(\{{%-?\s*block\s+){re.escape(old)}((?:__[2-9])?\s*-?%\}})")
    for locale in project.locales:
        if (text := project.texts.get(path_of(locale))) is not None:
            renamed = block.sub(rf"\g<1>{new}\g<2>", text)
            project = project.with_text(path_of(locale), renamed)

    return project


def to_source(text: str) -> str:
    """A template whose rendering is that very text."""
    return _SPECIAL.sub(lambda match: f"{{{{ {_constant(match[0])} }}}}", text)


def _constant(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@lru_cache(maxsize=32)
def _compile(path: str, source: str) -> Template:
    try:
        return _environment().from_string(source)
    except TemplateSyntaxError as error:
        raise WrongEdit("broken_file", f"{path}, line {error.lineno}: {error.message}.") from error

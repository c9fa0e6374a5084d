"""
Are the words complete in every language, and would every block render?

Whoever edits templates or adds a language is told file, line and what is missing, before a buyer
meets the gap. An error would be an error or an empty place in front of a buyer, or is a leftover;
a hint is only something to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from bot.replies import DEFAULT_LOCALE, MOST_WORDINGS, Templates
from bot.words_wanted import ANSWERS, CARD, CHOICES, WordsWanted

ALWAYS_THERE = frozenset({"locale"})
COUNTED = re.compile(rf"^(?P<block>.+)__(?P<number>[2-{MOST_WORDINGS}])$")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something about the templates; a `line` of 0 is the whole file."""

    file: Path
    line: int
    text: str
    is_error: bool = field(default=True, compare=False)

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)

        return f"{place}: {self.text}"


@dataclass(frozen=True)
class TemplateFile:
    """One template of one language, read but not run."""

    path: Path
    tree: nodes.Template
    environment: Environment

    @cached_property
    def blocks(self) -> dict[str, nodes.Block]:
        """Its blocks by name, each wording for itself."""
        return {block.name: block for block in self.tree.find_all(nodes.Block)}

    @cached_property
    def macros(self) -> frozenset[str]:
        """What others may import from it."""
        return frozenset(macro.name for macro in self.tree.find_all(nodes.Macro))

    def wordings(self, block: str) -> Iterator[nodes.Block]:
        """Every wording of that block."""
        return (node for name, node in self.blocks.items() if block_of(name) == block)

    def used_in(self, block: nodes.Block) -> dict[str, int]:
        """The variables that the block takes from outside, with the line of their first use."""
        alone = nodes.Template(block.body, lineno=block.lineno)
        alone.set_environment(self.environment)
        unknown = meta.find_undeclared_variables(alone)
        lines: dict[str, int] = {}
        for name in alone.find_all(nodes.Name):
            if name.name in unknown:
                lines.setdefault(name.name, name.lineno)

        return lines

    def imports(self) -> Iterator[tuple[str, str]]:
        """Each `import … as …` in it: the name given to it and the template that is imported."""
        for node in self.tree.find_all(nodes.Import):
            for part in node.template.find_all(nodes.Const):
                yield node.target, Path(str(part.value)).stem


Words = dict[str, TemplateFile]
"""The templates of one language by name."""


def block_of(name: str) -> str:
    """The block that `name` is a wording of: `hello` for `hello__2`."""
    counted = COUNTED.match(name)

    return counted["block"] if counted else name


def check_templates(folder: Path, wanted: WordsWanted) -> list[Finding]:
    """
    Everything that is wrong or worth a look in the templates of `folder`.

    A file that cannot be read gives its mistake and nothing more: what is in it is not known.
    """
    templates = Templates(folder)
    findings: list[Finding] = []
    if DEFAULT_LOCALE not in templates.locales:
        findings.append(Finding(folder / DEFAULT_LOCALE, 0, "there is no folder of English words"))
    by_locale: dict[str, Words] = {}
    for locale in sorted(templates.locales):
        by_locale[locale], broken = _read(templates, locale)
        findings += broken
        unreadable = {finding.file.stem for finding in broken}
        findings += _missing(folder / locale, by_locale[locale], unreadable, wanted)
        if not broken:
            findings += _unused_files(by_locale[locale])

    for locale, words in by_locale.items():
        for check in (_left_over, _gaps, _unknown_variables, _unknown_macros):
            findings += check(words, wanted)
        findings += _plurals(folder / locale, locale, words)
        if locale != DEFAULT_LOCALE and DEFAULT_LOCALE in by_locale:
            findings += _unused_variables(words, by_locale[DEFAULT_LOCALE], wanted)

    return sorted(findings)


def _read(templates: Templates, locale: str) -> tuple[Words, list[Finding]]:
    words: Words = {}
    broken: list[Finding] = []
    for path in sorted((templates.folder / locale).glob("*.j2")):
        try:
            source = path.read_text(encoding="utf-8")
            templates.environment.from_string(source)
            tree = templates.environment.parse(source)
        except TemplateSyntaxError as error:
            broken.append(Finding(path, error.lineno, _sentence(error.message or "is broken")))
        except UnicodeDecodeError as error:
            broken.append(Finding(path, 0, f"is not UTF-8: {error.reason} at byte {error.start}"))
        else:
            words[path.stem] = TemplateFile(path, tree, templates.environment)

    return words, broken


def _sentence(message: str) -> str:
    return message.rstrip(".")


def _missing(
    folder: Path, words: Words, unreadable: set[str], wanted: WordsWanted
) -> Iterator[Finding]:
    for template, blocks in wanted.blocks.items():
        if template in unreadable:
            continue
        path = folder / f"{template}.j2"
        # An answer of trainers is said in English where it is not translated.
        grave = template != ANSWERS or folder.name == DEFAULT_LOCALE
        if template not in words:
            text = f"there is no such file; wanted: {', '.join(sorted(blocks))}"
            yield Finding(path, 0, text, is_error=grave)
            continue
        for block in sorted(blocks.keys() - words[template].blocks.keys()):
            yield Finding(path, 0, f"{_kind(template)} {block} has no words", is_error=grave)


def _kind(template: str) -> str:
    kinds = {CHOICES: "the label", CARD: "the card's word", ANSWERS: "the added intent"}

    return kinds.get(template, "the reply")


def _unused_files(words: Words) -> Iterator[Finding]:
    imported = {name for file in words.values() for _, name in file.imports()}
    for template, file in words.items():
        if not file.blocks and template not in imported:
            yield Finding(file.path, 0, "no other template uses it")


def _left_over(words: Words, wanted: WordsWanted) -> Iterator[Finding]:
    for template, file in words.items():
        for name, node in file.blocks.items():
            if wanted.variables(template, block_of(name)) is None:
                yield Finding(file.path, node.lineno, f"nothing says the block {name}")


def _gaps(words: Words, _: WordsWanted) -> Iterator[Finding]:
    for file in words.values():
        for name, node in file.blocks.items():
            if counted := COUNTED.match(name):
                number = int(counted["number"])
                before = counted["block"] + ("" if number == 2 else f"__{number - 1}")
                if before not in file.blocks:
                    text = f"{name} is never said, because there is no {before}"
                    yield Finding(file.path, node.lineno, text)


def _unknown_variables(words: Words, wanted: WordsWanted) -> Iterator[Finding]:
    for template, file in words.items():
        for name, node in file.blocks.items():
            known = wanted.variables(template, block_of(name))
            if known is None:
                continue
            for variable, line in file.used_in(node).items():
                if variable not in known | ALWAYS_THERE:
                    allowed = ", ".join(sorted(known)) or "nothing"
                    text = f"{name} uses {variable}; it may use {allowed}"
                    yield Finding(file.path, line, text)


def _unknown_macros(words: Words, _: WordsWanted) -> Iterator[Finding]:
    for file in words.values():
        terms = dict(file.imports())
        for use in file.tree.find_all(nodes.Getattr):
            if not isinstance(use.node, nodes.Name) or use.node.name not in terms:
                continue
            source = terms[use.node.name]
            if source in words and use.attr not in words[source].macros:
                text = f"{source}.j2 has no macro {use.attr}"
                yield Finding(file.path, use.lineno, text)


def _plurals(folder: Path, locale: str, words: Words) -> Iterator[Finding]:
    try:
        needed = Locale.parse(locale).plural_form.tags | {"other"}
    except (UnknownLocaleError, ValueError):
        yield Finding(folder, 0, f"{locale} is no locale that Babel knows, such as en or pt_BR")
        return
    for file in words.values():
        for call in file.tree.find_all(nodes.Filter):
            if call.name != "plural":
                continue
            given = {str(form.key) for form in call.kwargs}
            for text in _form_mistakes(locale, given, needed):
                yield Finding(file.path, call.lineno, text)


def _form_mistakes(locale: str, given: set[str], needed: frozenset[str]) -> Iterator[str]:
    if missing := needed - given:
        yield f"plural lacks {_listed(missing)}; {locale} has {_listed(needed)}"
    if useless := given - needed:
        yield f"plural is given {_listed(useless)}, but {locale} has only {_listed(needed)}"


FORMS = ("zero", "one", "two", "few", "many", "other")


def _listed(forms: set[str] | frozenset[str]) -> str:
    known = [form for form in FORMS if form in forms]

    return ", ".join([*known, *sorted(forms - set(known))])


def _unused_variables(words: Words, english: Words, wanted: WordsWanted) -> Iterator[Finding]:
    for template, file in words.items():
        if template not in english:
            continue
        for block, known in wanted.blocks.get(template, {}).items():
            ours, theirs = _used(file, block), _used(english[template], block)
            if block not in file.blocks:
                continue
            for variable in sorted((theirs - ours) & known):
                text = f"{block} does not use {variable}, as the English words do"
                yield Finding(file.path, file.blocks[block].lineno, text, is_error=False)


def _used(file: TemplateFile, block: str) -> set[str]:
    return {variable for node in file.wordings(block) for variable in file.used_in(node)}

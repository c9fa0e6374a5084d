"""Whoever edits the bot's words is told what is wrong, with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.template_check import Finding, check_templates
from bot.words_wanted import WordsWanted

Check = Callable[..., list[str]]

WANTED = WordsWanted(
    {
        "choices": {"yes": frozenset({"it"})},
        "card": {"title": frozenset({"number"})},
        "talk": {"late": frozenset({"days", "number"}), "hello": frozenset()},
    }
)
ENGLISH = {
    "choices": "{% block yes %}Yes{% endblock %}",
    "card": "{% block title %}Order {{ number }}{% endblock %}",
    "terms": "{% macro late(days) %}{{ days | plural(one='day', other='days') }}{% endmacro %}",
    "talk": (
        '{% block late %}{% import locale ~ "/terms.j2" as terms with context %}\n'
        "{{ number }} is {{ terms.late(days) }} late.{% endblock %}\n"
        "{% block hello %}Hello.{% endblock %}\n"
        "{% block hello__2 %}Hi.{% endblock %}\n"
    ),
}
RUSSIAN = ENGLISH | {
    "terms": (
        "{% macro late(days) %}"
        "{{ days | plural(one='день', few='дня', many='дней', other='дня') }}{% endmacro %}"
    ),
}


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """
    Checks complete words in two languages with these Russian files instead.

    None takes a file away. What is said is given back with places within the folder.
    """

    def checked(**files: str | None) -> list[str]:
        for locale, words in (("en", ENGLISH), ("ru", RUSSIAN | files)):
            write(tmp_path / locale, words)

        return [
            str(finding).replace(f"{tmp_path}/", "")
            for finding in check_templates(tmp_path, WANTED)
        ]

    return checked


def write(folder: Path, words: dict[str, str | None] | dict[str, str]) -> None:
    """These templates as files."""
    folder.mkdir(exist_ok=True)
    for name, source in words.items():
        if source is not None:
            (folder / f"{name}.j2").write_text(source, encoding="utf-8")


def test_complete_words_are_right(check: Check) -> None:
    """
    Another number of wordings is no mistake.
    """
    talk = RUSSIAN["talk"].replace("{% block hello__2 %}Hi.{% endblock %}", "")

    assert check() == []
    assert check(talk=talk) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{% block hello %}Hello.{% endblock %}", "",
         ["ru/talk.j2: the reply hello has no words",
          "ru/talk.j2, line 4: hello__2 is never said, because there is no hello"]),
        ("hello__2", "hello__3",
         ["ru/talk.j2, line 4: hello__3 is never said, because there is no hello__2"]),
        ("hello__2", "helo", ["ru/talk.j2, line 4: nothing says the block helo"]),
        ("{{ number }} is", "{{ nmber }} is",
         ["ru/talk.j2, line 1: late does not use number, as the English words do",
          "ru/talk.j2, line 2: late uses nmber; it may use days, number"]),
        ("{{ number }} is", "It is",
         ["ru/talk.j2, line 1: late does not use number, as the English words do"]),
        ("Hello.", "Hello {{ number }}.",
         ["ru/talk.j2, line 3: hello uses number; it may use nothing"]),
        ("terms.late", "terms.lately", ["ru/talk.j2, line 2: terms.j2 has no macro lately"]),
        ("Hi.{%", "Hi.{% endif %}{%", ["ru/talk.j2, line 4: Encountered unknown tag 'endif'"]),
        ("{{ number }}", "{{ number | mony }}", ["ru/talk.j2, line 2: No filter named 'mony'"]),
    ],
    ids=["block", "gap", "left over", "misspelt", "unused", "unknown", "macro", "tag", "filter"],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    check: Check, before: str, after: str, told: list[str]
) -> None:
    """
    Each of these would be an error, a gap or a leftover in front of a buyer.
    """
    found = check(talk=RUSSIAN["talk"].replace(before, after))

    assert len(found) == len(told)
    for line, start in zip(found, told, strict=True):
        assert line.startswith(start)


def test_labels_and_words_of_the_card_are_looked_for(check: Check) -> None:
    """
    They are called what they are; a file that is not there says what belongs in it.
    """
    assert check(choices="", card=None) == [
        "ru/card.j2: there is no such file; wanted: title",
        "ru/choices.j2: no other template uses it",
        "ru/choices.j2: the label yes has no words",
    ]


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        ("one='день', other='дней'",
         "plural lacks few, many; ru has one, few, many, other"),
        ("one='день', few='дня', many='дней'",
         "plural lacks other; ru has one, few, many, other"),
        ("one='день', two='дня', few='дня', many='дней', other='дня'",
         "plural is given two, but ru has only one, few, many, other"),
    ],
)  # fmt: skip
def test_a_language_has_all_its_plural_forms(check: Check, forms: str, told: str) -> None:
    """
    A missing form is said as `other`, which is wrong Russian.
    """
    terms = f"{{% macro late(days) %}}\n{{{{ days | plural({forms}) }}}}{{% endmacro %}}"

    assert check(terms=terms) == [f"ru/terms.j2, line 2: {told}"]


def test_a_broken_file_is_not_said_to_be_empty(check: Check) -> None:
    """
    One mistake gives one line, not one for every block that could not be seen.
    """
    found = check(talk="{% block late %}")

    assert len(found) == 1
    assert found[0].startswith("ru/talk.j2, line 1: Unexpected end of template")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """
    An editor on Windows may save Russian words in its own way.
    """
    write(tmp_path / "en", ENGLISH)
    write(tmp_path / "ru", RUSSIAN)
    (tmp_path / "ru" / "talk.j2").write_bytes("{% block late %}Поздно".encode("cp1251"))

    found = [str(finding) for finding in check_templates(tmp_path, WANTED)]

    assert any(line.startswith(f"{tmp_path / 'ru' / 'talk.j2'}: is not UTF-8") for line in found)


def test_a_folder_that_is_no_language_is_named(tmp_path: Path) -> None:
    """
    A backup beside the languages would be loaded as one.
    """
    write(tmp_path / "en", ENGLISH)
    write(tmp_path / "old-words", ENGLISH)

    assert [str(finding) for finding in check_templates(tmp_path, WANTED)] == [
        f"{tmp_path / 'old-words'}: old-words is no locale that Babel knows, such as en or pt_BR"
    ]


def test_without_english_there_is_nothing_to_fall_back_to(tmp_path: Path) -> None:
    """
    Every language without words of its own is answered in English.
    """
    write(tmp_path / "ru", RUSSIAN)

    assert check_templates(tmp_path, WANTED) == [
        Finding(tmp_path / "en", 0, "there is no folder of English words")
    ]


def test_an_added_intent_has_its_answer(tmp_path: Path) -> None:
    """
    In English at least; where it is not translated, English is said.
    """
    wanted = WordsWanted(WANTED.blocks | {"answers": {"bulk": frozenset(), "gift": frozenset()}})
    bulk, gift = (f"{{% block {name} %}}Yes.{{% endblock %}}\n" for name in ("bulk", "gift"))
    write(tmp_path / "en", ENGLISH | {"answers": bulk})
    write(tmp_path / "ru", RUSSIAN)
    found = check_templates(tmp_path, wanted)

    assert [(str(one).replace(f"{tmp_path}/", ""), one.is_error) for one in found] == [
        ("en/answers.j2: the added intent gift has no words", True),
        ("ru/answers.j2: there is no such file; wanted: bulk, gift", False),
    ]

    write(tmp_path / "en", {"answers": bulk + gift + "{% block gone %}{{ name }}{% endblock %}"})
    write(tmp_path / "ru", {"answers": bulk + gift.replace("Yes", "{{ name }}")})
    found = check_templates(tmp_path, wanted)

    assert [str(one).replace(f"{tmp_path}/", "") for one in found] == [
        "en/answers.j2, line 3: nothing says the block gone",
        "ru/answers.j2, line 2: gift uses name; it may use nothing",
    ]

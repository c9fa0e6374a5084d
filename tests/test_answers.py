"""What trainers wrote for their intents: said as it stands in the file now."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answers import TrainedAnswers
from bot.replies import BrokenTemplates, Templates
from bot.settings import ROOT

Write = Callable[..., TrainedAnswers]
TEMPLATES = Templates(ROOT / "templates")
BULK = "{% block bulk_order %}From ten pieces on: 5 % off.{% endblock %}"
IN_RUSSIAN = "{% block bulk_order %}От десяти штук скидка 5 %.{% endblock %}"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the files of languages, and gives the answers in their folder."""

    def written(**files: str) -> TrainedAnswers:
        for locale, text in files.items():
            folder = tmp_path / locale
            folder.mkdir(exist_ok=True)
            (folder / "draft").write_text(text, "utf-8")
            (folder / "draft").replace(folder / "answers.j2")

        return TrainedAnswers(TEMPLATES, tmp_path)

    return written


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "From ten pieces on: 5 % off."),
        ("ru", "От десяти штук скидка 5 %."),
        ("ru-RU", "От десяти штук скидка 5 %."),
        ("de", "From ten pieces on: 5 % off."),
    ],
)
def test_the_buyers_language_or_english(write: Write, locale: str, said: str) -> None:
    """
    As with all other words.
    """
    assert write(en=BULK, ru=IN_RUSSIAN).find("bulk_order", locale, "") == said


@pytest.mark.parametrize(
    "russian",
    [
        "",
        "{% block other %}Другое.{% endblock %}",
        "{% block bulk_order %} {% endblock %}",
        "{% block bulk_order %}{{ price }}{% endblock %}",
        "{% block bulk_order %}{{ ''.__class__.__mro__ }}{% endblock %}",
        "{% block bulk_order %}{{ 1 / 0 }}{% endblock %}",
        "{% block bulk_order %}{% import 'ru/nothing.j2' as words %}{% endblock %}",
        "{% block bulk_order %}",
    ],
    ids=["empty", "another", "blank", "unknown", "unsafe", "divides", "imports", "open"],
)
def test_what_cannot_be_said_is_said_in_english(write: Write, russian: str) -> None:
    """
    Or by a person, where English has nothing either.
    """
    answers = write(en=BULK, ru=russian)

    assert answers.find("bulk_order", "ru", "") == "From ten pieces on: 5 % off."
    assert answers.find("not_there", "ru", "") is None


def test_without_files_there_are_no_answers(tmp_path: Path) -> None:
    """
    Nor is that a mistake.
    """
    answers = TrainedAnswers(TEMPLATES, tmp_path / "nowhere")
    answers.check()

    assert answers.find("bulk_order", "en", "") is None


def test_wordings_take_turns(write: Write) -> None:
    """
    The same message always gets the same.
    """
    answers = write(en=BULK + "{% block bulk_order__2 %}Ask us for a price.{% endblock %}")
    said = {answers.find("bulk_order", "en", str(number)) for number in range(20)}

    assert said == {"From ten pieces on: 5 % off.", "Ask us for a price."}
    assert len({answers.find("bulk_order", "en", "7") for _ in range(5)}) == 1


def test_a_change_is_said_at_once(write: Write) -> None:
    """
    A file that was not there before, and one that was.
    """
    answers = write()
    assert answers.find("bulk_order", "en", "") is None

    write(en=BULK)
    assert answers.find("bulk_order", "en", "") == "From ten pieces on: 5 % off."
    write(en=BULK.replace("5", "7"))
    assert answers.find("bulk_order", "en", "") == "From ten pieces on: 7 % off."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{% block bulk_order %}", "answers.j2, line 2: "),
        (BULK + BULK, "line 1: block 'bulk_order' defined twice"),
        ("{% block x %}" + "{{ " + "(" * 10_000 + " }}{% endblock %}", "answers.j2"),
        ("x" * 10_000_000, "larger than 512 KiB"),
    ],
    ids=["open", "twice", "deep", "10 MB"],
)
def test_a_broken_change_keeps_the_words(
    write: Write, caplog: pytest.LogCaptureFixture, text: str, said: str
) -> None:
    """
    The log has it once, and no house starts with it.
    """
    answers = write(en=BULK)
    assert answers.find("bulk_order", "en", "")
    caplog.set_level(logging.ERROR)
    started_later = write(en=text)

    for _ in range(2):
        assert answers.find("bulk_order", "en", "") == "From ten pieces on: 5 % off."
    assert caplog.text.count(said) == 1
    with pytest.raises(BrokenTemplates, match=r"answers\.j2"):
        started_later.check()

"""What trainers say of intents: read whole or not at all, and again when it changes."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.intents import NO_INTENTS, WatchedIntents, load_intents
from bot.obstacles import Obstacle
from bot.rulebook import BrokenRulebook, WatchedRulebook, load_rulebook
from bot.rulebook.advice import find_unread
from bot.settings import ROOT

OURS = """\
intents:
  order_status:
    description: Asks where it is.
    titles: {en: Where is it?, ru: Где он?}
    protected: true
"""
ADDED = (
    OURS
    + """\
  bulk_order:
    description: Wants many pieces.
    titles: {en: I want many, ru: Хочу много}
    does: {answer: true}
  scratched_item:
    description: It has scratches.
    titles: {en: It is scratched}
    does: {playbook: damaged_item}
  press_enquiry:
    description: Writes for a paper.
    titles: {ru: Я из газеты}
    does: {person: true}
"""
)
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes intents.yml and gives its folder."""

    def written(text: str) -> Path:
        # Under another name first: a file of the same size is told by its number.
        (tmp_path / "draft").write_text(text, "utf-8")
        (tmp_path / "draft").replace(tmp_path / "intents.yml")
        return tmp_path

    return written


def broken(folder: Path) -> str:
    """What is said of a file that cannot be used."""
    with pytest.raises(BrokenRulebook) as told:
        load_intents(folder)

    return "; ".join(one.in_short for one in told.value.mistakes)


def test_what_is_written_can_be_asked(write: Write) -> None:
    """
    Titles in the buyer's language, or else in English, or else none.
    """
    intents = load_intents(write(ADDED))

    assert intents.description("bulk_order") == "Wants many pieces."
    assert intents.title("bulk_order", "ru-RU") == "Хочу много"
    assert intents.title("scratched_item", "ru") == intents.title("scratched_item", "de")
    assert intents.title("press_enquiry", "en") == ""
    assert intents.protected == {"order_status"}
    assert intents.added == ("bulk_order", "scratched_item", "press_enquiry")


def test_what_added_intents_do(write: Write) -> None:
    """
    Ours do what the code knows, and nothing here.
    """
    intents = load_intents(write(ADDED))

    assert [one for one in intents.intents if intents.answers(one)] == ["bulk_order"]
    assert [one for one in intents.intents if intents.wants_person(one)] == ["press_enquiry"]
    assert {one: intents.playbook_of(one) for one in intents.added} == {
        "bulk_order": None,
        "scratched_item": "damaged_item",
        "press_enquiry": None,
    }


def test_of_what_nobody_wrote_nothing_is_known(write: Write) -> None:
    """
    A model may know more than the file.
    """
    intents = load_intents(write(ADDED))

    assert (intents.description("gone"), intents.title("gone", "en")) == ("", "")
    assert not (intents.answers("gone") or intents.wants_person("gone"))
    assert intents.playbook_of("gone") is None


def test_ours_are_all_told_of() -> None:
    """
    The costly ones are protected.
    """
    intents = load_intents(ROOT / "rulebook")

    assert len(intents.intents) - len(intents.added) == 41
    assert {"refund_request", "cancel_order", "human_agent", "complaint"} <= intents.protected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answer: true", "answer: 7", "intents.yml, line 9: intents.bulk_order.does.answer: true"),
        ("{answer: true}", "answer", "intents.bulk_order.does: lines of `key: value`"),
        ("{answer: true}", "{answer: true, person: true}", "just one is expected"),
        ("{answer: true}", "{}", "just one is expected"),
        ("answer: true", "answers: true", "line 9: intents.bulk_order.does.answers: is not known"),
        (
            "playbook: damaged_item",
            "playbook: give_money",
            "line 13: scratched_item: give_money is",
        ),
        ("    does: {answer: true}\n", "", "line 6: bulk_order: does is missing: {answer: true}"),
        ("protected: true", "does: {person: true}", "line 5: order_status: the code knows"),
        ("protected: true", "protected: perhaps", "order_status.protected: true or false"),
        ("protected: true", "protect: true", "did you mean protected?"),
        ("Asks where it is.", "''", "description: 1 to 1000 characters"),
        ("Asks where it is.", "[a, b]", "intents.order_status.description: a text is expected"),
        ("{en: It is scratched}", "{}", "titles is empty"),
        ("{en: It is scratched}", "{en: 7}", "a text is expected; put it in quotes"),
        ("{en: It is scratched}", "It is scratched", "titles: lines of `key: value`"),
        ("en: It is scratched", f"en: {'x' * 81}", "titles.en: 1 to 80 characters"),
        ("{en: It", "{English: It", "titles.English is no language"),
        ("  bulk_order:", "  Bulk order:", "intents.Bulk order is no name of an intent"),
        ("  bulk_order:", "  bulk__2:", "intents.bulk__2 is no name of an intent"),
        ("  bulk_order:", "  7:", "intents.7"),
        ("  bulk_order:", "  scratched_item:", "line 10: found duplicate key"),
        ("intents:", "intent:", "did you mean intents?"),
    ],
)
def test_a_mistake_is_told_with_its_line(write: Write, old: str, new: str, said: str) -> None:
    """
    And nothing of the file is used.
    """
    assert old in ADDED

    assert said in broken(write(ADDED.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lines of `key: value` are expected"),
        ("- a\n- b\n", "lines of `key: value` are expected"),
        ("intents: 7\n", "intents: lines of `key: value` are expected"),
        ("intents: {a: b}\n", "intents.a: lines of `key: value` are expected"),
        ("intents: [\n", "line 2"),
        ("intents: &all\n  order_status: *all\n", "*all is not read here"),
        ("intents: !!python/name:os.system x\n", "intents: lines of `key: value`"),
        ("intents: " + "[" * 5000 + "\n", "nested too deeply"),
        ("# " + "x" * 10_000_000, "larger than 128 KiB"),
        ("\x00\x01", "intents.yml"),
    ],
    ids=["empty", "list", "number", "text", "open", "cycle", "tag", "deep", "10 MB", "binary"],
)
def test_hostile_files_are_refused(write: Write, text: str, said: str) -> None:
    """
    Quickly, and with a sentence.
    """
    assert said in broken(write(text))


def test_what_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    """
    The sentence says what to do.
    """
    assert "Restore the file" in broken(tmp_path)
    (tmp_path / "intents.yml").write_bytes(b"intents: \xff\xfe")
    assert "not UTF-8" in broken(tmp_path)
    (tmp_path / "intents.yml").unlink()
    (tmp_path / "intents.yml").mkdir()
    assert "intents.yml" in broken(tmp_path)


# While the house runs


def test_a_change_holds_at_once(write: Write) -> None:
    """
    Without a restart.
    """
    intents = WatchedIntents(write(OURS))
    assert intents().added == ()

    write(ADDED)
    assert len(intents().added) == 3
    write(OURS)
    assert intents().added == ()


def test_a_file_that_stays_is_not_read_again(write: Write) -> None:
    """
    A turn pays for one look.
    """
    intents = WatchedIntents(write(ADDED))

    assert intents() is intents()


def test_a_broken_change_keeps_what_was_there(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    """
    It is told once in the log, and by the health page until it is mended.
    """
    intents = WatchedIntents(write(ADDED))
    before = intents()
    folder = write(ADDED.replace("damaged_item", "give_money"))
    caplog.set_level(logging.ERROR)

    assert intents() is intents() is before
    assert caplog.text.count("give_money is no playbook") == 1
    assert intents.find_problem().startswith("intents.yml, line 13: scratched_item: give_money")

    (folder / "intents.yml").unlink()
    assert intents() is before
    assert "Restore the file" in intents.find_problem()

    write(ADDED)
    assert intents.find_problem() == ""


def test_a_house_stands_without_the_file(tmp_path: Path) -> None:
    """
    What trainers write must not keep buyers from their answers.
    """
    intents = WatchedIntents(tmp_path)

    assert intents() == NO_INTENTS
    assert intents.find_problem() != ""


# Beside the seller's rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Our own rulebook, to be changed."""
    return Path(shutil.copytree(ROOT / "rulebook", tmp_path / "rulebook"))


@pytest.mark.parametrize("file", ["intents.yml", "training.yml"])
def test_it_is_no_part_of_the_version(folder: Path, file: str) -> None:
    """
    Decisions about money are told by the seller's rules alone, and nobody wonders at the file.
    """
    before = load_rulebook(folder).version
    (folder / file).write_text("anything: at all\n")

    assert load_rulebook(folder).version == before
    assert find_unread(folder) == ()


def test_a_change_of_it_reads_no_rules_again(folder: Path) -> None:
    """
    Nor does a broken one break them.
    """
    seconds = iter(range(0, 100, 10))
    rules = WatchedRulebook(folder, clock=lambda: next(seconds))
    before = rules()
    (folder / "intents.yml").write_text("intents: [\n")
    (folder / "training.yml").write_text("costs: [\n")

    assert rules() is before
    assert rules.find_problem() == ""
    with pytest.raises(Obstacle):
        load_intents(folder)

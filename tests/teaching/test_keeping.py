"""A conversation kept as a dialogue test."""

from itertools import count

import pytest

from bot.casework.agents import Role
from bot.casework.audit import AuditFilter
from bot.casework.ports.units import Missing
from bot.services.answering import do_correct
from bot.services.turn_queue import NotAcceptable
from bot.serving import read_wanted
from bot.settings import Settings
from bot.teaching.changing import is_half_done, list_changes
from bot.teaching.keeping import Kept, do_keep_dialogue
from bot.workbench.comparison.dialogues import read_dialogues
from tests.dialog import Dialog
from tests.factories import an_order
from tests.teaching.two_models import LIVE, a_workbench, put, serve

NUMBERS = count()
INTENTS = frozenset({"refund_request", "refund_status"})


@pytest.fixture
def settings(tmp_path) -> Settings:
    return a_workbench(tmp_path)


@pytest.fixture
def buyer(dialog) -> Dialog:
    return dialog(an_order())


def keep(
    buyer: Dialog,
    settings: Settings,
    title: str = "money back, please",
    *,
    reason: str = "buyers say so",
    preview: bool = False,
) -> Kept:
    pat = buyer.shop.hires(f"Pat{next(NUMBERS)} Doe", Role.TRAINER)

    return do_keep_dialogue(buyer.shop.house, settings, pat, buyer.id, title, reason, preview)


def test_what_was_typed_with_its_intents_and_actions(buyer, settings):
    buyer.says("greet", "hello there")
    buyer.says("refund_request", "I want my money back")

    buyer.says("nlu_fallback", "hmpf")
    kept = keep(buyer, settings)
    (dialogue,) = read_dialogues(settings.project)

    assert kept.path.startswith("tests/dialogues/money-back-please-")
    assert (dialogue.title, dialogue.file) == ("money back, please", kept.path)
    assert [(one.text, one.intent, one.action) for one in dialogue.lines] == [
        ("hello there", "greet", "action_answer"),
        ("I want my money back", "refund_request", "action_run_playbook"),
        ("hmpf", "out_of_scope", "action_clarify"),
    ]


def test_what_agents_corrected(buyer, settings):
    buyer.says("refund_status", "give me the refund")
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    do_correct(
        buyer.shop.house,
        buyer.last_message,
        kim,
        intent="refund_request",
        entities=None,
        known_intents=INTENTS,
    )
    kept = keep(buyer, settings)

    assert kept.lines == (("give me the refund", "refund_request"),)
    assert kept.corrected == 1
    assert kept.change.summary == (
        "Dialogue test “money back, please” kept: 1 line, 1 of them corrected."
    )


def test_nothing_of_a_person_is_written(buyer, settings):
    buyer.says(
        "refund_request",
        "Ada Field here, order DEMO-1003, write to ada@example.com or kim@lee.example, 4711004711",
        order="DEMO-1003",
    )
    title = "the refund of Ada Field (ada@example.com)"
    kept = keep(buyer, settings, title, reason=title)
    written = (settings.project / kept.path).read_text()

    for trace in ("Ada", "Field", "ada@", "kim@", "4711004711", buyer.id):
        assert trace not in written
        assert trace not in f"{kept.change.summary} {kept.change.reason}"
        assert trace.lower() not in kept.path
    assert "buyer@example.com" in written


@pytest.mark.parametrize(
    "text",
    [
        "[my order](order_number:7)",
        'see [this]{"entity": "x"}',
        "- a dash: and a colon",
        "| > & * ! % @ `",
        "{a: b}",
        "two\nlines\r\nof it",
        "# no comment",
        "'quotes' \"and\" more",
        "\x00\x07nul and bell",
        "\u202eright to left",
        "emoji 🎁 stays",
        "--- a document",
        "y",
        "\x00 a space behind a nul, and before one \x00",
    ],
)
def test_whatever_was_typed_comes_back(buyer, settings, text):
    """
    One line that Rasa reads as it was written; what would be a mark is none.
    """
    buyer.says("refund_request", text)
    keep(buyer, settings)
    (dialogue,) = read_dialogues(settings.project)
    (line,) = dialogue.lines

    wanted = text.replace("\x00", "").replace("\x07", "").replace("\u202e", "")
    if "](" in text or "]{" in text:
        wanted = wanted.replace("[", "(").replace("]", ")")
    assert line.text == " ".join(wanted.split())


def test_a_title_in_russian(buyer, settings):
    buyer.says("refund_request", "верните деньги")
    kept = keep(buyer, settings, "верните деньги")

    assert kept.path.startswith("tests/dialogues/dialogue-")
    assert "верните деньги" in (settings.project / kept.path).read_text("utf-8")


@pytest.mark.parametrize("title", ["", "  ", "ab", "x" * 101, "\x00\x01\x02"])
def test_a_title_that_says_nothing(buyer, settings, title):
    buyer.says("refund_request", "money back")
    with pytest.raises(NotAcceptable, match="A title has 3 to 100 characters"):
        keep(buyer, settings, title)


def test_kept_once(buyer, settings):
    buyer.says("refund_request", "money back")
    keep(buyer, settings)
    with pytest.raises(NotAcceptable, match="kept as a dialogue test already"):
        keep(buyer, settings, "another title")


def test_it_is_a_change_like_all_others(buyer, settings):
    """
    Before it is written it is looked at; the live model stays what it was.
    """
    serve(settings, LIVE)
    buyer.says("refund_request", "money back")
    seen = keep(buyer, settings, preview=True)
    assert not (settings.project / seen.path).exists()
    assert list_changes(buyer.shop.house, 0).changes == ()
    assert "+- story: money back, please" in seen.change.files[0].diff

    kept = keep(buyer, settings)
    (change,) = list_changes(buyer.shop.house, 0).changes
    assert (change.id, change.kind, change.reason) == (kept.change.id, "dialogue", "buyers say so")
    assert change.summary == "Dialogue test “money back, please” kept: 1 line."
    assert [file.path for file in change.files] == [kept.path] == [seen.path]
    assert read_wanted(settings.state_dir) is None


def test_why_is_asked(buyer, settings):
    buyer.says("refund_request", "money back")
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    with pytest.raises(NotAcceptable, match="Say why"):
        do_keep_dialogue(buyer.shop.house, settings, kim, buyer.id, "a title", " ")


def test_nothing_was_typed(buyer, settings):
    with pytest.raises(NotAcceptable, match="typed nothing"):
        keep(buyer, settings)


def test_an_intent_without_a_rule(buyer, settings):
    buyer.says("refund_request", "money back")
    (settings.project / "data" / "rules.yml").write_text("rules: []\n")
    with pytest.raises(NotAcceptable, match="leads refund_request nowhere"):
        keep(buyer, settings)
    assert not (settings.project / "tests" / "dialogues").exists()


def test_a_dialogue_that_is_no_text_keeps_nobody_from_another(buyer, settings):
    put(settings.project / "tests" / "dialogues" / "other.yml", "")
    (settings.project / "tests" / "dialogues" / "other.yml").write_bytes(b"\xff\xfe")
    buyer.says("refund_request", "money back")

    assert keep(buyer, settings).lines == (("money back", "refund_request"),)


def test_rules_that_are_broken(buyer, settings):
    buyer.says("refund_request", "money back")
    (settings.project / "data" / "rules.yml").write_text("rules: [")
    with pytest.raises(NotAcceptable) as refused:
        keep(buyer, settings)

    assert str(refused.value).startswith("data/rules.yml")


def test_a_conversation_that_is_not_there(buyer, settings):
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    with pytest.raises(Missing):
        do_keep_dialogue(buyer.shop.house, settings, kim, "nowhere", "a title", "because")


def test_it_is_on_record(buyer, settings):
    buyer.says("refund_request", "money back")
    kept = keep(buyer, settings)
    with buyer.shop.house.units.reading() as unit:
        (entry,) = unit.audit.search(AuditFilter(action="dialogue.keep"), 5)

    assert (entry.subject_id, entry.after) == (
        buyer.id,
        {"file": kept.path, "change": kept.change.id},
    )


def test_a_disk_that_fails_leaves_no_half_file(buyer, settings, monkeypatch: pytest.MonkeyPatch):
    buyer.says("refund_request", "money back")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotAcceptable, match="cannot be written: No space left on device"):
        keep(buyer, settings)

    assert not (settings.project / "tests" / "dialogues").exists()
    assert not is_half_done(settings.state_dir)

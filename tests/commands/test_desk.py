"""Approvals and grants, as a person at the seller's types them."""

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.cli import main
from bot.store.migrate import migrate
from bot.store.tables import approvals as approvals_table
from bot.store.tables import messages, outbox, remedies
from tests.dialog import Dialog, Shop
from tests.factories import a_line, an_order, eur, the_caps, the_rulebook
from tests.staff import hire

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop in the database that the commands of this test use."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'makegood.db'}"
    migrate(url)
    strict = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))
    one = Shop(an_order(), rules=strict, url=url, migrated=True)
    yield one
    one.engine.dispose()


@pytest.fixture
def makegood(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line; exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def a_waiting_one(shop: Shop) -> str:
    """A replacement that waits for approval; its id."""
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    chat.presses("yes")

    return str(shop.rows(remedies)[0]["id"])


def test_what_waits_is_listed(shop_on_disk: Shop, makegood: Run) -> None:
    """
    Which order, what, since when; or that nothing does.
    """
    assert makegood("approvals", "list") == (0, "Nothing waits for approval.\n", "")
    remedy = a_waiting_one(shop_on_disk)

    code, out, _ = makegood("approvals", "list")
    assert code == 0
    assert f"{remedy[:8]}" in out
    assert "DEMO-1003" in out
    assert "replacement" in out


def test_a_yes_by_the_beginning_of_the_id(shop_on_disk: Shop, makegood: Run) -> None:
    """
    It goes out, the buyer is told, and a second yes is refused.
    """
    remedy = a_waiting_one(shop_on_disk)

    code, out, err = makegood("approvals", "approve", remedy[:8], "--agent", "Kim")
    assert (code, out, err) == (0, "Approved: replacement, the buyer is told.\n", "")
    assert shop_on_disk.rows(remedies)[0]["approved_by"] == "Kim"
    assert len(shop_on_disk.rows(outbox)) == 1
    code, _, err = makegood("approvals", "approve", remedy[:8], "--agent", "Lee")
    assert code == 2
    assert "No remedy that wait" in err


def test_once_somebody_has_an_account_only_accounts_decide(
    shop_on_disk: Shop, makegood: Run
) -> None:
    """
    By their e-mail, however it is written; a name is nobody, and the role has its limit.
    """
    remedy = a_waiting_one(shop_on_disk)
    kim = hire(shop_on_disk, "Kim", Role.AGENT)

    code, _, err = makegood("approvals", "approve", remedy[:8], "--agent", "Kim")
    assert (code, "Nobody at the desk has the e-mail Kim" in err) == (2, True)
    code, out, _ = makegood("approvals", "approve", remedy[:8], "--agent", " KIM@shop.example")
    assert (code, out) == (0, "Approved: replacement, the buyer is told.\n")
    assert shop_on_disk.rows(remedies)[0]["approved_by"] == kim.name
    assert shop_on_disk.rows(approvals_table)[0]["agent_id"] == kim.id


def test_the_first_of_two_is_told_that_it_takes_another(shop_on_disk: Shop, makegood: Run) -> None:
    """
    And whoever is over their limit, by how much.
    """
    shop_on_disk.take_in(an_order(lines=(a_line(unit_price=eur("1500")),)))
    remedy = a_waiting_one(shop_on_disk)
    for name, role in (("Olga", Role.OWNER), ("Pete", Role.OWNER), ("Lee", Role.LEAD)):
        hire(shop_on_disk, name, role)

    def approve(name: str) -> tuple[int, str, str]:
        return makegood("approvals", "approve", remedy[:8], "--agent", f"{name}@shop.example")

    assert approve("lee") == (
        1,
        "",
        "Not possible: over_your_limit (lead: 0 + 150000 > 75000).\n",
    )
    code, out, _ = approve("olga")
    assert (code, out) == (
        0,
        "Your yes is on record: replacement needs a second person's as well.\n",
    )
    assert approve("olga")[2] == "Not possible: already (yes).\n"
    assert approve("pete")[1] == "Approved: replacement, the buyer is told.\n"
    assert len(shop_on_disk.rows(outbox)) == 1


def test_a_grant_over_the_limit_waits(shop_on_disk: Shop, makegood: Run) -> None:
    """
    For somebody else's yes.
    """
    shop_on_disk.take_in(an_order(lines=(a_line(unit_price=eur("300")),)))
    hire(shop_on_disk, "Kim", Role.AGENT)
    asked = ("--agent", "kim@shop.example", "--reason", "by phone")

    code, out, _ = makegood("grant", "refund", "demo-1003", *asked)
    assert (code, out.startswith("Waits for approval: refund on DEMO-1003, remedy ")) == (0, True)
    assert shop_on_disk.rows(remedies)[0]["state"] == "approval"


def test_a_blank_reason_is_none(shop_on_disk: Shop, makegood: Run) -> None:
    """
    It goes on record.
    """
    remedy = a_waiting_one(shop_on_disk)

    said = makegood("approvals", "deny", remedy[:8], "--agent", "Kim", "--why", " ")
    assert (said[0], "Say why: the reason goes on record." in said[2]) == (2, True)
    said = makegood("grant", "refund", "demo-1003", "--agent", "Kim", "--reason", " ")
    assert (said[0], "Say why: the reason goes on record." in said[2]) == (2, True)


def test_a_no_needs_a_reason(shop_on_disk: Shop, makegood: Run) -> None:
    """
    It is on record; the buyer hears that a person will write.
    """
    remedy = a_waiting_one(shop_on_disk)

    assert makegood("approvals", "deny", remedy[:8], "--agent", "Kim")[0] == 2
    code, out, _ = makegood("approvals", "deny", remedy[:8], "--agent", "Kim", "--why", "no photo")
    assert (code, out) == (0, "Denied; the conversation waits for a person.\n")
    assert shop_on_disk.rows(remedies)[0]["state"] == "denied"
    said = [row["reply"] for row in shop_on_disk.rows(messages)]
    assert "approvals.not_approved" in said


def test_too_few_signs_are_asked_for_more(shop_on_disk: Shop, makegood: Run) -> None:
    """
    Two remedies could begin so.
    """
    a_waiting_one(shop_on_disk)

    code, _, err = makegood("approvals", "approve", "ab", "--agent", "Kim")
    assert code == 2
    assert "at least 6 signs" in err


def test_a_grant_beyond_the_caps(shop_on_disk: Shop, makegood: Run) -> None:
    """
    Once for a request; more than was paid is refused with the numbers.
    """
    asked = ("--agent", "Kim", "--reason", "by phone", "--request", "r1")

    for _ in range(2):
        code, out, _ = makegood("grant", "refund", "demo-1003", "--amount", "15", *asked)
        assert code == 0
        assert out.startswith("Granted: refund on DEMO-1003, remedy ")
    assert [row["amount"] for row in shop_on_disk.rows(remedies)] == [1500]
    code, _, err = makegood("grant", "refund", "demo-1003", "--amount", "15", *asked[:-1], "r2")
    assert (code, err) == (1, "Not possible: more_than_paid (1500 > 500).\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("refund", "DEMO-9"), "There is no order DEMO-9 in the store demo"),
        (("refund", "DEMO-1003", "--amount", "NaN"), "'NaN' is not an amount such as 12.50"),
        (("refund", "DEMO-1003", "--amount", "-5"), "'-5' is not an amount such as 12.50"),
        (("refund", "DEMO-1003", "--amount", "1.005"), "may be thousands or decimals"),
        (("refund", "DEMO-1003", "--sku", "X"), "Name one product of DEMO-1003 with --sku: MUG-1"),
    ],
)
def test_what_cannot_be_meant(
    shop_on_disk: Shop, makegood: Run, arguments: tuple[str, ...], says: str
) -> None:
    """
    A clear error, and nothing on record.
    """
    code, _, err = makegood("grant", *arguments, "--agent", "Kim", "--reason", "by phone")

    assert code == 2
    assert says in " ".join(err.split())
    assert shop_on_disk.rows(remedies) == []


def test_who_waits_for_a_person_is_listed(shop_on_disk: Shop, makegood: Run) -> None:
    """
    The nearest deadline first, each with its reason and summary; nobody is said so.
    """
    assert makegood("waiting") == (0, "Nobody waits for a person.\n", "")
    Dialog(shop_on_disk, "ada@example.com").says("human_agent", "a person please")
    Dialog(shop_on_disk, "ada@example.com").says("complaint", "this is a disgrace")

    code, out, _ = makegood("waiting")
    assert code == 0
    first, second = (line for line in out.splitlines() if line.startswith("2026"))
    assert "demo  complaint, due 2026-03-21" in first
    assert second.endswith("demo  asked_for, due 2026-03-22 12:00 UTC")
    assert "    Last words: “this is a disgrace”" in out
    assert makegood("waiting", "--store", "other")[1] == "Nobody waits for a person.\n"

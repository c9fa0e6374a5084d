"""Working off the outbox: what goes out, what the buyer hears, and when a person takes over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.cases import CaseState
from bot.casework.gateways import Answer, Outcome
from bot.casework.remedies import RemedyKind
from bot.casework.turns import Floor
from bot.services.outbox import Worker
from bot.services.sellers_word import NotPossible, confirm_remedy, fail_remedy
from bot.store.tables import decisions, outbox, products, remedies
from tests.factories import an_order, the_rulebook
from tests.outbox import (
    PENDING,
    PlayedGateway,
    handed_off,
    lease_ends,
    outcomes,
    requested,
    state_of,
    told,
    until_later,
    works,
)

FAILED = ["remedy_not_done", "hand_off.handed_off"]


@pytest.fixture
def chat(dialog):
    """A buyer whose cancellation is requested."""
    return requested(dialog(PENDING))


# What goes out


def test_a_remedy_goes_out_with_its_exact_terms(chat) -> None:
    """
    What the seller's system needs to carry it out, and the key that makes it unique.
    """
    gateway = PlayedGateway()
    works(chat.shop, gateway)
    (row,) = chat.shop.rows(remedies)
    (sent,) = gateway.sent

    assert (sent.remedy_id, sent.case_id) == (row["id"], row["case_id"])
    assert sent.idempotency_key == row["idempotency_key"]
    assert (sent.store, sent.order_number, sent.marketplace) == ("demo", "DEMO-1003", "shop")
    assert (sent.kind, str(sent.amount)) == ("cancellation", str(PENDING.paid))
    assert (sent.line_sku, sent.quantity, sent.percent) == (None, None, None)
    assert sent.requested_at == chat.shop.now
    assert (sent.approved_by, sent.reason) == ("rulebook", "cancel_order")


def test_a_discount_goes_out_with_its_line_and_percentage(dialog) -> None:
    """
    The fields that only a line's remedy has.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    chat.presses("yes")
    gateway = PlayedGateway()
    works(chat.shop, gateway)
    (sent,) = gateway.sent

    assert (sent.kind, sent.line_sku, sent.percent) == ("discount", "MUG-1", 5)


def test_nothing_that_waits_for_approval_goes_out(dialog) -> None:
    """
    A person has not said yes yet.
    """
    rules = replace(the_rulebook(), needs_approval=(RemedyKind.CANCELLATION,))
    chat = dialog(PENDING, rules=rules)
    requested(chat)
    gateway = PlayedGateway()
    works(chat.shop, gateway)

    assert gateway.sent == []
    assert chat.shop.rows(remedies)[0]["state"] == "approval"


# The good end


def test_done_is_said_once(chat) -> None:
    """
    As soon as the gateway says so, in the same transaction; and never again.
    """
    gateway = PlayedGateway(Answer(Outcome.DONE, reference="R-1"))
    heard: list[str] = []
    works(chat.shop, gateway, told=heard.append)
    chat.waits(days=2)
    works(chat.shop, gateway, told=heard.append)

    assert told(chat.shop) == ["remedy_done"]
    assert heard == [chat.id]
    assert state_of(chat.shop) == ("done", "done")
    assert chat.shop.rows(remedies)[0]["reference"] == "R-1"
    assert chat.shop.rows(remedies)[0]["ended_at"]
    assert len(gateway.sent) == 1
    assert chat.said.remedy.amount == PENDING.paid


def test_accepted_is_not_done(chat) -> None:
    """
    The buyer hears nothing until the gateway, asked again and again, says done.
    """
    gateway = PlayedGateway(Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.UNKNOWN)
    (again,) = works(chat.shop, gateway)
    assert works(chat.shop, gateway) == ()
    assert (told(chat.shop), state_of(chat.shop)) == ([], ("requested", "accepted"))
    assert again == chat.shop.rows(outbox)[0]["next_at"]

    for _ in range(3):
        until_later(chat.shop)
        works(chat.shop, gateway)

    assert told(chat.shop) == ["remedy_done"]
    assert (len(gateway.sent), len(gateway.asked)) == (1, 3)
    assert outcomes(chat.shop) == ["Accepted", "Done"]


def test_the_sellers_list_is_never_polled(chat) -> None:
    """
    It is listed; done is what the seller says.
    """
    gateway = PlayedGateway(Outcome.ACCEPTED, polled=False)
    assert works(chat.shop, gateway) == ()
    chat.waits(days=30)
    works(chat.shop, gateway)

    assert state_of(chat.shop) == ("requested", "listed")
    assert (len(gateway.sent), gateway.asked) == (1, [])


def test_each_outcome_is_in_the_ledger(chat) -> None:
    """
    Under the case's playbook, decided by the gateway, with the numbers.
    """
    works(chat.shop, PlayedGateway(Answer(Outcome.DONE, reference="R-1", detail="Paid.")))
    row = next(row for row in chat.shop.rows(decisions) if row["step"] == "outbox")

    assert (row["playbook"], row["decision"], row["decided_by"]) == (
        "cancel_order",
        "Done",
        "played",
    )
    assert row["facts"]["amount"] == PENDING.paid.minor
    assert (row["facts"]["detail"], row["facts"]["reference"]) == ("Paid.", "R-1")


def test_a_person_who_has_the_floor_is_no_reason_to_be_silent(chat) -> None:
    """
    It is news for the buyer; the floor stays where it is.
    """
    chat.says("human_agent")
    works(chat.shop, PlayedGateway())

    assert told(chat.shop) == ["remedy_done"]
    assert chat.floor is Floor.WAITING


# Not knowing


def test_unknown_is_asked_about_before_any_repeat(chat) -> None:
    """
    It had arrived: it is never sent twice.
    """
    gateway = PlayedGateway(Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.DONE)
    works(chat.shop, gateway)
    for _ in range(2):
        until_later(chat.shop)
        works(chat.shop, gateway)

    assert (len(gateway.sent), len(gateway.asked)) == (1, 2)
    assert told(chat.shop) == ["remedy_done"]
    assert outcomes(chat.shop) == ["Unknown", "Unknown", "Done"]


def test_what_was_never_seen_is_sent_again(chat) -> None:
    """
    With the same key and body.
    """
    gateway = PlayedGateway(Outcome.UNKNOWN, Outcome.NEVER_SEEN, Outcome.DONE)
    works(chat.shop, gateway)
    for _ in range(2):
        until_later(chat.shop)
        works(chat.shop, gateway)

    first, second = gateway.sent
    assert first == second
    assert len(gateway.asked) == 1


def test_what_did_not_arrive_is_sent_again_without_asking(chat) -> None:
    """
    Nobody listened.
    """
    gateway = PlayedGateway(Outcome.UNREACHED)
    works(chat.shop, gateway)
    assert state_of(chat.shop) == ("requested", "retry")
    until_later(chat.shop)
    works(chat.shop, gateway)

    assert (len(gateway.sent), gateway.asked) == (2, [])


def test_a_gateway_that_breaks_leaves_it_unknown(chat) -> None:
    """
    Our own mistake in the middle of a call is no reason to send it again.
    """
    gateway = PlayedGateway(RuntimeError("the test breaks it"))
    works(chat.shop, gateway)

    assert state_of(chat.shop) == ("requested", "unknown")


def test_a_row_that_somebody_was_sending_is_asked_about(chat) -> None:
    """
    They died; until their lease ends nobody touches it.
    """
    dead = PlayedGateway()
    dead.during = lambda: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(SystemExit):
        works(chat.shop, dead)
    assert state_of(chat.shop) == ("requested", "sending")
    gateway = PlayedGateway()
    works(chat.shop, gateway)
    assert (gateway.sent, gateway.asked) == ([], [])

    lease_ends(chat.shop)
    works(chat.shop, gateway)

    assert (gateway.sent, len(gateway.asked)) == ([], 1)
    assert told(chat.shop) == ["remedy_done"]


def test_who_comes_back_too_late_changes_nothing(chat) -> None:
    """
    A gateway that answers after the lease has ended: another worker has settled it.
    """
    slow, quick = PlayedGateway(Outcome.REFUSED), PlayedGateway()

    def meanwhile() -> None:
        lease_ends(chat.shop)
        works(chat.shop, quick)

    slow.during = meanwhile
    works(chat.shop, slow)

    assert (len(slow.sent), len(quick.asked)) == (1, 1)
    assert state_of(chat.shop) == ("done", "done")
    assert told(chat.shop) == ["remedy_done"]
    assert handed_off(chat.shop) == []


# The bad end


def test_a_refusal_goes_to_a_person_with_an_honest_word(chat) -> None:
    """
    The buyer hears that it is not done; the person hears why.
    """
    works(chat.shop, PlayedGateway(Answer(Outcome.REFUSED, detail="Account closed.")))

    assert told(chat.shop) == FAILED
    assert state_of(chat.shop) == ("failed", "failed")
    assert chat.handed_off_for == ["remedy_failed"]
    assert chat.floor is Floor.WAITING
    assert chat.cases[0]["state"] == CaseState.HANDED_OFF
    assert [said.certain for said in chat.shop.words.said if hasattr(said, "certain")] == [True]


def test_what_a_failed_replacement_took_from_stock_goes_back(dialog) -> None:
    """
    It was never sent.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    chat.presses("yes")
    assert chat.shop.rows(products)[0]["stock"] == 4

    works(chat.shop, PlayedGateway(Outcome.REFUSED))

    assert chat.shop.rows(products)[0]["stock"] == 5


@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.UNKNOWN])
def test_after_a_day_it_is_given_to_a_person(chat, outcome: Outcome) -> None:
    """
    It stands as requested, because it may have been carried out, and is not tried again.
    """
    began = chat.shop.now
    gateway = PlayedGateway(*[outcome] * 50)
    works(chat.shop, gateway)
    while state_of(chat.shop)[1] != "person":
        until_later(chat.shop)
        works(chat.shop, gateway)

    assert chat.shop.now == began + timedelta(hours=24)
    assert state_of(chat.shop) == ("requested", "person")
    assert told(chat.shop) == FAILED
    assert chat.handed_off_for == ["remedy_failed"]
    calls = len(gateway.sent) + len(gateway.asked)
    chat.waits(days=10)
    works(chat.shop, gateway)
    assert len(gateway.sent) + len(gateway.asked) == calls
    assert len(gateway.sent) == (1 if outcome is Outcome.UNKNOWN else calls)


def test_an_agent_in_the_talk_is_not_announced_again(chat) -> None:
    """
    They have the floor: the hand-off is on record, and nobody "takes over".
    """
    with chat.shop.house.units() as unit:
        unit.conversations.set_floor(chat.id, Floor.HUMAN)
    works(chat.shop, PlayedGateway(Outcome.REFUSED))

    assert told(chat.shop) == FAILED[:1]
    assert chat.floor is Floor.HUMAN
    assert chat.handed_off_for == ["remedy_failed"]


def test_one_broken_row_does_not_hold_up_the_others(dialog, monkeypatch) -> None:
    """
    Its lease ends some time; the next one goes out now.
    """
    other = replace(PENDING, number="DEMO-1004")
    chat = dialog(PENDING, other)
    for number in ("DEMO-1003", "DEMO-1004"):
        chat.says("cancel_order", order=number)
        chat.says("affirm")
    gateway = PlayedGateway()
    seen: list[str] = []

    def breaks(point: str) -> None:
        seen.append(point)
        if point == "before_send" and seen.count(point) == 1:
            raise RuntimeError("the test breaks it")

    works(chat.shop, gateway, at=breaks)

    assert len(gateway.sent) == 1
    assert sorted(str(row["state"]) for row in chat.shop.rows(outbox)) == ["done", "sending"]


def test_a_worker_that_shall_stop_begins_no_further_row(chat) -> None:
    """
    What it has begun it ends.
    """
    gateway = PlayedGateway()
    works(chat.shop, gateway, stopping=lambda: True)

    assert gateway.sent == []
    assert state_of(chat.shop) == ("requested", "new")


# The seller's word


def remedy_id(chat) -> str:
    """The one remedy's id."""
    return str(chat.shop.rows(remedies)[0]["id"])


def test_the_seller_confirms_and_the_buyer_hears_done(chat) -> None:
    """
    Once, however often the seller says it.
    """
    works(chat.shop, PlayedGateway(Outcome.ACCEPTED, polled=False))
    confirm_remedy(chat.shop.house, remedy_id(chat))
    with pytest.raises(NotPossible, match="is done already"):
        confirm_remedy(chat.shop.house, remedy_id(chat))

    assert told(chat.shop) == ["remedy_done"]
    assert state_of(chat.shop) == ("done", "done")
    assert outcomes(chat.shop) == ["Listed", "Done"]
    assert [row["decided_by"] for row in chat.shop.rows(decisions)][-1] == "seller"


def test_the_seller_refuses_and_a_person_takes_over(chat) -> None:
    """
    With the reason for the person, not for the buyer.
    """
    fail_remedy(chat.shop.house, remedy_id(chat), "the parcel has left")
    with pytest.raises(NotPossible, match="has failed already"):
        confirm_remedy(chat.shop.house, remedy_id(chat))
    gateway = PlayedGateway()
    works(chat.shop, gateway)

    assert told(chat.shop) == FAILED
    assert state_of(chat.shop) == ("failed", "failed")
    assert gateway.sent == []
    assert "the parcel has left" not in chat.text


def test_what_a_person_was_given_may_be_confirmed(chat) -> None:
    """
    They found out that it was carried out after all.
    """
    gateway = PlayedGateway(*[Outcome.UNREACHED] * 50)
    works(chat.shop, gateway)
    while state_of(chat.shop)[1] != "person":
        until_later(chat.shop)
        works(chat.shop, gateway)
    confirm_remedy(chat.shop.house, remedy_id(chat))

    assert told(chat.shop)[-1] == "remedy_done"
    assert state_of(chat.shop) == ("done", "done")


def test_what_is_being_sent_right_now_is_left_alone(chat) -> None:
    """
    The gateway has the word.
    """
    gateway = PlayedGateway()
    refused: list[str] = []

    def meanwhile() -> None:
        with pytest.raises(NotPossible) as error:
            confirm_remedy(chat.shop.house, remedy_id(chat))
        refused.append(str(error.value))

    gateway.during = meanwhile
    works(chat.shop, gateway)

    assert refused == ["is being sent right now; try again in a moment"]
    assert told(chat.shop) == ["remedy_done"]


def test_a_confirmation_while_the_gateway_is_asked_wins(chat) -> None:
    """
    Whoever asks comes back to a row that is not theirs any more.
    """
    gateway = PlayedGateway(Outcome.ACCEPTED)
    works(chat.shop, gateway)
    until_later(chat.shop)
    gateway.during = lambda: confirm_remedy(chat.shop.house, remedy_id(chat))
    works(chat.shop, gateway)

    assert told(chat.shop) == ["remedy_done"]
    assert outcomes(chat.shop) == ["Accepted", "Done"]


def test_the_worker_has_a_house_of_its_own_clock(chat) -> None:
    """
    Nothing that is due later is touched.
    """
    gateway = PlayedGateway()
    chat.waits(hours=-1)
    Worker(house=chat.shop.house, gateway=gateway).work_off()

    assert gateway.sent == []

"""How much a person at the desk may decide alone: limits by role, four eyes, one's own."""

from decimal import Decimal

import pytest

from bot.casework.agents import Agent, Role
from bot.casework.approvals import Approval, Verdict
from bot.casework.authority import (
    at_the_console,
    check_decides,
    check_first_word,
    check_four_eyes,
    check_limit,
    check_not_own,
    emails_of,
    is_agreed,
)
from bot.casework.money import Money
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.turns import Identity
from tests.factories import NOW, an_order, eur, the_desk, the_rulebook

RULES = the_rulebook()
NOTHING = eur("0")


def kim(role: Role = Role.AGENT, **changes: object) -> Agent:
    """Somebody of that role."""
    given = {"id": "kim", "email": "kim@shop.example", "name": "Kim Reed", "role": role}

    return Agent(**(given | changes))


def said(verdict: Verdict, who: str = "kim") -> Approval:
    """That person's word."""
    return Approval(agent_id=who, who=who.title(), verdict=verdict, reason="", at=NOW)


@pytest.mark.parametrize(
    ("role", "worth", "before", "compared"),
    [
        (Role.AGENT, "100", "0", ""),
        (Role.AGENT, "100.01", "0", "agent: 0 + 10001 > 10000"),
        (Role.AGENT, "60", "40", ""),
        (Role.AGENT, "60", "40.01", "agent: 4001 + 6000 > 10000"),
        (Role.LEAD, "500", "0", ""),
        (Role.LEAD, "500.01", "0", "lead: 0 + 50001 > 50000"),
        (Role.OWNER, "1000000", "1000000", ""),
        (Role.TRAINER, "0.01", "0", "trainer: EUR is not listed"),
    ],
)
def test_the_limit_of_a_role(role, worth, before, compared):
    """
    To the cent, with what the person gave before.
    """
    refusal = check_limit(kim(role), eur(worth), eur(before), RULES)

    assert (refusal.compared if refusal else "") == compared


def test_what_costs_nothing_is_within_every_limit():
    """
    Another address moves no money, in whatever currency.
    """
    nothing = Money(0, "XAF")

    assert check_limit(kim(), nothing, nothing, RULES) is None
    assert check_four_eyes(nothing, nothing, RULES) is None


def test_another_currency_is_for_the_owner():
    """
    Nothing is reckoned over.
    """
    worth, before = Money(1, "XAF"), Money(0, "XAF")

    assert check_limit(kim(Role.LEAD), worth, before, RULES).compared == "lead: XAF is not listed"
    assert check_limit(kim(Role.OWNER), worth, before, RULES) is None
    assert check_four_eyes(worth, before, RULES) is None


@pytest.mark.parametrize(
    ("worth", "before", "two"),
    [("1000", "0", False), ("1000.01", "0", True), ("600", "400", False), ("600", "401", True)],
)
def test_above_four_eyes_it_takes_two(worth, before, two):
    """
    Parts count like the whole.
    """
    refusal = check_four_eyes(eur(worth), eur(before), RULES)

    assert (refusal is not None) is two
    assert refusal is None or refusal.reason is RefusalReason.FOUR_EYES


def test_four_eyes_above_nothing_is_always():
    """
    A seller who wants to have everything seen twice.
    """
    rules = the_rulebook(desk=the_desk(four_eyes_above={"EUR": Decimal(0)}))

    assert check_four_eyes(eur("0.01"), NOTHING, rules).compared == "0 + 1 > 0"


@pytest.mark.parametrize(
    ("agent", "compared"),
    [
        (kim(Role.AGENT), None),
        (kim(Role.OWNER), None),
        (kim(Role.TRAINER), "trainer"),
        (kim(Role.OWNER, disabled=True), "disabled"),
    ],
)
def test_who_decides_at_all(agent, compared):
    """
    Not whoever teaches the model, nor whoever is locked out.
    """
    refusal = check_decides(agent)

    assert (refusal.compared if refusal else None) == compared


@pytest.mark.parametrize(
    "email", ["ada@example.com", "ADA@EXAMPLE.COM", "  ada@example.com ", "Ada@Example.com"]
)
def test_ones_own_order_is_somebody_elses(email):
    """
    However it is written: by the order's e-mail, or by that of the talk about it.
    """
    me, other = kim(email=email), kim()
    order = an_order()
    talk = Identity(subject="x", email=email.upper())

    assert check_not_own(me, *emails_of(order, None)).reason is RefusalReason.OWN_ORDER
    assert check_not_own(me, *emails_of(an_order(buyer=order.buyer), talk))
    assert check_not_own(other, *emails_of(order, talk)) is None


def test_an_order_without_an_e_mail_is_nobodys_own():
    """
    Nor is whoever sits at the console its buyer.
    """
    assert check_not_own(kim(), "", "") is None
    assert check_not_own(at_the_console("Ada"), "", "ada@example.com") is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), None),
        ((said(Verdict.YES),), RefusalReason.ALREADY),
        ((said(Verdict.GRANTED),), RefusalReason.ALREADY),
        ((said(Verdict.ASKED),), RefusalReason.OWN_REQUEST),
        ((said(Verdict.NO),), None),
        ((said(Verdict.YES, "lee"),), None),
        ((said(Verdict.ASKED, "lee"), said(Verdict.YES)), RefusalReason.ALREADY),
    ],
)
def test_nobody_says_yes_twice_or_to_their_own_wish(words, reason):
    """
    Another's word hinders nobody.
    """
    refusal = check_first_word(kim(), words)

    assert (refusal.reason if refusal else None) is reason


@pytest.mark.parametrize(
    ("verdict", "agreed"),
    [
        (Verdict.YES, True),
        (Verdict.GRANTED, True),
        (Verdict.ASKED, False),
        (Verdict.NO, False),
        (Verdict.REPLACED, False),
    ],
)
def test_what_is_a_yes(verdict, agreed):
    """
    To want it is none.
    """
    assert is_agreed((said(verdict),)) is agreed


def test_a_name_at_the_console_decides_like_an_owner():
    """
    Who has the machine has the house.
    """
    console = at_the_console("Kim")

    assert check_decides(console) is None
    assert check_limit(console, eur("99999"), NOTHING, RULES) is None
    assert check_first_word(console, (said(Verdict.YES, ""),)) is None
    assert check_limit(console, eur("1"), NOTHING, RULES) != Refusal(RefusalReason.NOT_ALLOWED)

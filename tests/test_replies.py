"""The renderer, and the sentences in which a wrong word would cost money or trust."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError, UndefinedError

from bot.amounts import format_money
from bot.casework.decisions import Reason
from bot.casework.money import Money
from bot.casework.orders import OrderLine, OrderStatus
from bot.casework.ports.speaking import Spoken
from bot.casework.remedies import (
    AddressChange,
    Cancellation,
    Coupon,
    Discount,
    Exchange,
    Intercept,
    ItemChange,
    Refund,
    Remedy,
    RemedyKind,
    RemedyState,
    Replacement,
    Return,
)
from bot.casework.replies import Choice, MessageKind, Reply
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.order_questions import WhatWasOrdered, WhenItComes, WhereItIs
from bot.playbooks.steps import (
    NO,
    PERSON,
    YES,
    AlreadySettled,
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    OfferRemedies,
    RemedyRequested,
)
from bot.replies import BrokenTemplates, MissingWords, Templates
from bot.services.hand_off import HandedOff
from bot.services.identify import NoMatch, TooManyTries
from bot.services.small_talk import Hello, IAmABot
from tests.factories import NOW, TODAY, a_lamp, a_line, an_order, eur, the_rulebook

ROOT = Path(__file__).parents[1]
ENGLISH = Templates(ROOT / "templates")


def spoken(reply: Reply, variant: str = "message-1") -> Spoken:
    """The reply in English."""
    return ENGLISH.render(reply, "en", variant=variant, now=NOW)


def text(reply: Reply) -> str:
    """The words of the reply in English."""
    return spoken(reply).text


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Templates made for one test: `write("the source of a template", locale="en")`."""

    def made(source: str, *, locale: str = "en") -> Templates:
        folder = tmp_path / locale
        folder.mkdir(exist_ok=True)
        (folder / "talk.j2").write_text(source, encoding="utf-8")
        return Templates(tmp_path)

    return made


def say(templates: Templates, locale: str = "en", **values: object) -> str:
    """The block `words` of those templates."""
    return templates.words("talk", "words", locale, values)


# The renderer


def test_a_sentence_may_be_broken_over_lines(write: Any) -> None:
    """
    A template's own line ends are spaces, around branches too; a line break is asked for.
    """
    templates = write(
        "{% block words %}\nOne,\ntwo.\n{% if more %}\nThree.\n{% endif %}\nFour.\n"
        '{{- "\\n" }}Five.\n{% endblock %}'
    )

    assert say(templates, more=True) == "One, two. Three. Four.\nFive."
    assert say(templates, more=False) == "One, two. Four.\nFive."


def test_a_value_keeps_its_lines(write: Any) -> None:
    """
    What a buyer or a shop wrote is not ours to fold.
    """
    templates = write("{% block words %}You wrote: {{ title }}.{% endblock %}")

    assert say(templates, title="one\n\n  two") == "You wrote: one\n\n  two."


def test_the_same_message_gets_the_same_wording_and_others_get_others(write: Any) -> None:
    """
    A turn that is worked off twice says the same; a long chat does not sound like a machine.
    """
    templates = write(
        "{% block words %}a{% endblock %}{% block words__2 %}b{% endblock %}"
        "{% block words__3 %}c{% endblock %}"
    )

    def by(variant: str) -> str:
        return templates.words("talk", "words", "en", {}, variant=variant)

    assert len({by("message-7") for _ in range(20)}) == 1
    assert {by(f"message-{number}") for number in range(50)} == {"a", "b", "c"}


def test_a_misspelt_variable_is_an_error(write: Any) -> None:
    """
    A gap in a sentence is found by a test, not by a buyer.
    """
    with pytest.raises(UndefinedError):
        say(write("{% block words %}{{ nmae }}{% endblock %}"), name="Ada")


def test_a_reply_without_words_is_named(write: Any) -> None:
    """
    Whoever adds a reply is told which block is missing where.
    """
    with pytest.raises(MissingWords, match=r"templates/en/talk\.j2 has no block words"):
        say(write("{% block other %}{% endblock %}"))


def test_a_template_reaches_nothing_but_its_values(write: Any) -> None:
    """
    Templates are edited by people who need not be programmers, so they are sandboxed.
    """
    templates = write("{% block words %}{{ ''.__class__.__mro__ }}{% endblock %}")

    with pytest.raises(SecurityError):
        say(templates)


@pytest.mark.parametrize(
    ("asked", "given_back"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("pt-BR", "pt_BR"),
        ("pt_br", "pt_BR"),
        ("pt", "en"),
        ("xx", "en"),
        ("", "en"),
        ("../../etc", "en"),
    ],
)
def test_the_nearest_language_is_spoken(write: Any, asked: str, given_back: str) -> None:
    """
    The locale itself, else its language, else English, however a browser writes it.
    """
    write("{% block words %}{% endblock %}", locale="en")
    templates = write("{% block words %}{% endblock %}", locale="pt_BR")

    assert templates.nearest(asked) == given_back


# Filters


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(90, "EUR"), "€0.90"),
        (Money(125050, "USD"), "$1,250.50"),
        (Money(1250, "JPY"), "¥1,250"),
        (Money(1250, "KWD"), "KWD\u00a01.250"),
        (Money(17000, "PLN"), "PLN\u00a0170.00"),
        (Money(1250, "RSD"), "RSD\u00a012.50"),
    ],
)
def test_money_shows_every_decimal_that_it_is_counted_in(amount: Money, written: str) -> None:
    """
    Exact terms are exact in every currency, even where common practice rounds.
    """
    assert format_money(amount, "en") == written


def test_money_is_written_as_the_language_does(write: Any) -> None:
    """
    The locale of the templates decides.
    """
    templates = write("{% block words %}{{ amount | money }}{% endblock %}", locale="de")

    assert say(templates, "de", amount=eur("1234.50")) == "1.234,50\u00a0€"


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("today | day", "Fri, 20 Mar 2026"),
        ("now | day", "Fri, 20 Mar 2026"),
        ("now | hour", "20 Mar 2026, 12:00 UTC"),
        ("five | percent", "5%"),
        ("half | percent", "2.5%"),
        ('one | plural(one="day", other="days")', "1 day"),
        ('five | plural(one="day", other="days")', "5 days"),
    ],
)
def test_days_shares_and_counts_are_written_for_people(
    write: Any, expression: str, written: str
) -> None:
    """
    Filters say dates, percentages and plurals in the language of the templates.
    """
    templates = write(f"{{% block words %}}{{{{ {expression} }}}}{{% endblock %}}")
    values = {"today": TODAY, "now": NOW, "one": 1, "five": 5, "half": Decimal("2.5")}

    assert say(templates, **values) == written


# What comes out with the words


def test_a_reply_brings_its_kind_its_buttons_and_its_name() -> None:
    """
    The widget and the tests of dialogues need more than the text.
    """
    said = spoken(confirm(a_refund()))

    assert said.kind is MessageKind.CONFIRM
    assert said.choices == (("yes", "Yes"), ("no", "No"))
    assert said.reply == "steps.confirm_remedy"
    assert said.card is None


def test_a_reply_about_an_order_shows_its_card() -> None:
    """
    The card is made in the same language on the same day.
    """
    order = an_order()
    said = spoken(WhereItIs(**facts(), card=the_rulebook().card(order)))

    assert said.card
    assert said.card["title"] == "Order DEMO-1003"


@given(number=st.text(min_size=1))
def test_any_text_comes_out_as_it_went_in(number: str) -> None:
    """
    What looks like a template, a tag or a control character is text like any other.
    """
    said = text(LeftAsItIs(order_number=number))

    assert (
        said == f"All right, order {number} stays as it is. If you need anything else, just write."
    )


# Exact terms


def a_refund(**changes: Any) -> Refund:
    """The price of two mugs."""
    given: dict[str, Any] = {"order_id": 3, "line_id": 1, "quantity": 2, "amount": eur("18")}

    return Refund(**(given | changes))


def confirm(remedy: Remedy, line: OrderLine | None = None) -> ConfirmRemedy:
    """The question before that remedy."""
    return ConfirmRemedy(
        order_number="DEMO-1003",
        remedy=remedy,
        line=line or (a_line(quantity=3) if remedy.line_id else None),
        arrives_within_days=5,
        choices=(YES, NO),
    )


def requested(remedy: Remedy) -> RemedyRequested:
    """The notice that the remedy stands on record."""
    asked = confirm(remedy)

    return RemedyRequested(
        order_number=asked.order_number,
        remedy=asked.remedy,
        line=asked.line,
        arrives_within_days=asked.arrives_within_days,
    )


OF_LINE: dict[str, Any] = {"order_id": 3, "line_id": 1, "quantity": 2}
DISCOUNT = Discount(**OF_LINE, amount=eur("0.90"), percent=Decimal(5))
REPLACEMENT = Replacement(**OF_LINE)
RETURN = Return(**OF_LINE, amount=eur("80"))
REFUND = a_refund()
REFUND_OF_ALL = Refund(order_id=3, amount=eur("42"))
CANCELLATION = Cancellation(order_id=3, amount=eur("42"))
INTERCEPT = Intercept(order_id=3, amount=eur("42"))
COUPON = Coupon(**OF_LINE, amount=eur("0.90"), percent=Decimal(10), valid_days=60)
EXCHANGE = Exchange(**OF_LINE, sku="MUG-2", variant="green", surcharge=eur("3"))
RIGHT_GOODS = Exchange(**OF_LINE, sku="MUG-1", variant="blue")
ADDRESS_CHANGE = AddressChange(order_id=3, address="New Street 2, 10117 Berlin")
ITEM_CHANGE = ItemChange(**OF_LINE, sku="MUG-2", variant="green", amount=eur("3"))
EVERY_REMEDY = (
    DISCOUNT,
    COUPON,
    REPLACEMENT,
    EXCHANGE,
    RIGHT_GOODS,
    RETURN,
    REFUND,
    REFUND_OF_ALL,
    CANCELLATION,
    INTERCEPT,
    ADDRESS_CHANGE,
    ITEM_CHANGE,
)

MUGS = "2 × Stoneware mug (blue) from order DEMO-1003"
SENT_BACK = "the way you paid and arrives within 5 days after the shop has sent it"
GOODS_FIRST = "The refund starts when the goods are back at the shop."


@pytest.mark.parametrize(
    ("remedy", "terms"),
    [
        (DISCOUNT, ["keep the goods", "€0.90 back", MUGS, "5% of the price", SENT_BACK]),
        (REPLACEMENT, ["send you", MUGS, "same address", "free of charge"]),
        (RETURN, ["send the goods back", "€80.00", MUGS, "by e-mail", GOODS_FIRST, "5 days"]),
        (REFUND, ["€18.00 back", MUGS, "keep the goods", SENT_BACK]),
        (REFUND_OF_ALL, ["€42.00 back", "everything in order DEMO-1003", SENT_BACK]),
        (CANCELLATION, ["DEMO-1003 will be cancelled and not sent", "€42.00 back", SENT_BACK]),
        (INTERCEPT, ["ask the carrier", "€42.00 back", GOODS_FIRST, "5 days", "cannot stop"]),
        (COUPON, ["keep the goods", "coupon of 10%", "60 days", "€0.90 back", MUGS, SENT_BACK]),
        (replace(COUPON, amount=None), ["keep the goods", "coupon of 10%", "60 days", "by e-mail"]),
        (EXCHANGE, ["send back", MUGS, "2 × Stoneware mug (green) instead", "€3.00 more"]),
        (RIGHT_GOODS, ["send back what came", MUGS, "as you ordered it", "You pay nothing more"]),
        (ADDRESS_CHANGE, ["DEMO-1003", "to this address instead:\nNew Street 2, 10117 Berlin\n"]),
        (ITEM_CHANGE, ["3 × Stoneware mug (blue)", "2 × Stoneware mug (green)", "€3.00 less"]),
    ],
    ids=lambda value: value.kind if isinstance(value, Remedy) else "",
)
def test_a_buyer_agrees_to_exact_terms(remedy: Remedy, terms: list[str]) -> None:
    """
    How much, for which goods and how many, when and how: all of it stands above the yes.
    """
    said = text(confirm(remedy))

    for term in terms:
        assert term in said
    assert said.endswith("Shall I go ahead?")


@pytest.mark.parametrize("remedy", EVERY_REMEDY, ids=lambda remedy: remedy.kind)
def test_a_buyer_knows_before_the_yes_that_a_person_has_to_approve(remedy: Remedy) -> None:
    """
    The same terms, and no promise that they will be had.
    """
    plain = text(confirm(remedy)).removesuffix("Shall I go ahead?")
    said = text(replace(confirm(remedy), needs_approval=True))

    assert said == f"{plain}A colleague has to approve this before it is done. Shall I ask for it?"


@pytest.mark.parametrize("remedy", EVERY_REMEDY, ids=lambda remedy: remedy.kind)
def test_what_awaits_approval_is_neither_requested_nor_promised(remedy: Remedy) -> None:
    """
    Agreed between us, a colleague has to approve it, and the answer comes here.
    """
    asked = confirm(remedy)
    said = text(ApprovalAsked(order_number="DEMO-1003", remedy=remedy, line=asked.line))

    assert "we have agreed on" in said
    assert "A colleague has to approve it" in said
    assert "hear here in this chat" in said
    for too_much in ("requested", "recorded", "will get", "within", "soon", "Done"):
        assert too_much not in said
    if remedy.amount:
        assert format_money(remedy.amount, "en") in said


@pytest.mark.parametrize("remedy", [RETURN, EXCHANGE], ids=lambda remedy: remedy.kind)
def test_goods_come_back_to_the_address_that_is_set(remedy: Remedy) -> None:
    """
    Where the seller set none, the shop says by e-mail where to.
    """
    for reply in (confirm(remedy), requested(remedy)):
        assert "by e-mail how and where to send" in text(reply)
        said = text(replace(reply, return_to="Returns, Dock 4, Hamburg"))
        assert "to this address:\nReturns, Dock 4, Hamburg" in said
        assert "how and where" not in said


@pytest.mark.parametrize("kind", RemedyKind)
def test_what_is_settled_says_how_far_it_is(kind: RemedyKind) -> None:
    """
    Waiting for a colleague, requested, or done: three different things to a buyer.
    """

    def said(state: RemedyState) -> str:
        return text(
            AlreadySettled(
                order_number="DEMO-1003", kind_of_remedy=kind, amount=eur("18"), state=state
            )
        )

    assert "A colleague still has to approve that" in said(RemedyState.APPROVAL)
    assert "has been carried out already" in said(RemedyState.DONE)
    assert "approve" not in said(RemedyState.REQUESTED)
    assert "carried out" not in said(RemedyState.REQUESTED)


@pytest.mark.parametrize("reason", Reason)
def test_a_person_is_announced_with_what_is_known_of_time(reason: Reason) -> None:
    """
    When somebody is there again, and by when a complaint is answered; otherwise no time at all.
    """
    plain = text(HandedOff(reason=reason))
    later = text(HandedOff(reason=reason, back_at=NOW))

    assert "takes over now" in plain
    assert "within" not in plain
    assert "someone is here again from 20 Mar 2026, 12:00 UTC" in later
    assert "takes over now" not in later
    assert text(HandedOff(reason=reason, within_hours=24)).endswith("chat within 24 hours.")
    assert "faith" not in plain


@pytest.mark.parametrize("remedy", EVERY_REMEDY, ids=lambda remedy: remedy.kind)
def test_a_remedy_is_requested_and_never_said_to_be_done(remedy: Remedy) -> None:
    """
    It stands on record and is on its way; whether money has moved is known only later.
    """
    said = text(requested(remedy))

    assert "I have requested" in said or "I have recorded" in said
    for too_early in (
        "refunded",
        "has been sent",
        "have been sent",
        "paid back",
        "is done",
        "Done",
    ):
        assert too_early not in said
    if remedy.amount:
        assert format_money(remedy.amount, "en") in said


@pytest.mark.parametrize(
    ("remedy", "label"),
    [
        (DISCOUNT, "Keep the 2 pieces and get €0.90 back (5%)"),
        (replace(DISCOUNT, quantity=1), "Keep it and get €0.90 back (5%)"),
        (REPLACEMENT, "Send me 2 new ones, free of charge"),
        (replace(REPLACEMENT, quantity=1), "Send me a new one, free of charge"),
        (Replacement(order_id=3), "Send everything again, free of charge"),
        (RETURN, "Send the 2 pieces back for a refund of €80.00"),
        (replace(RETURN, quantity=1), "Send it back for a refund of €80.00"),
        (Return(order_id=3, amount=eur("80")), "Send everything back for a refund of €80.00"),
        (REFUND, "Refund of €18.00, keep the 2 pieces"),
        (replace(REFUND, quantity=1), "Refund of €18.00, keep the item"),
        (REFUND_OF_ALL, "Refund of €42.00 for the whole order"),
        (CANCELLATION, "Cancel the order, refund of €42.00"),
        (INTERCEPT, "Ask the carrier to turn it back, refund of €42.00 when it is back"),
        (COUPON, "Keep the 2 pieces and get €0.90 back and 10% off your next order"),
        (replace(COUPON, amount=None, quantity=1), "Keep it and get 10% off your next order"),
        (EXCHANGE, "Exchange the 2 pieces for: green, €3.00 more"),
        (replace(EXCHANGE, surcharge=None, quantity=1), "Exchange it for: green"),
        (ADDRESS_CHANGE, "Send it to the new address"),
        (ITEM_CHANGE, "Send 2 × green instead, €3.00 back"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_button_names_what_it_costs_and_brings(remedy: Remedy, label: str) -> None:
    """
    A buyer compares offers by their buttons.
    """
    said = spoken(offer(choices=(Choice("option:0", f"{remedy.kind}_option", remedy), PERSON)))

    assert said.choices == (("option:0", label), ("person", "Talk to a person"))


# Tone


def offer(**changes: Any) -> OfferRemedies:
    """An offer for a damaged mug after a photo was asked for and sent."""
    given: dict[str, Any] = {
        "order_number": "DEMO-1003",
        "problem": "damaged_item",
        "line": a_line(),
        "expires_at": NOW,
        "apologised": True,
        "photos": 1,
    }

    return OfferRemedies(**(given | changes))


@pytest.mark.parametrize("problem", ["damaged_item", "wrong_item"])
@pytest.mark.parametrize("variant", [f"message-{number}" for number in range(6)])
def test_we_say_sorry_once(problem: str, variant: str) -> None:
    """
    With the request for a photo, or with the offer where no photo was asked for.
    """
    photo = AskForPhoto(order_number="DEMO-1003", problem=problem, line=a_line())

    def sorry(reply: Reply) -> int:
        return spoken(reply, variant).text.count("sorry")

    assert sorry(photo) == 1
    assert sorry(replace(photo, again=True)) == 0
    assert sorry(offer(problem=problem)) == 0
    assert sorry(offer(problem=problem, apologised=False)) == 1
    assert sorry(offer(problem=problem, apologised=False, again=True)) == 0
    assert sorry(offer(problem=problem, apologised=False, another=True)) == 0


@pytest.mark.parametrize("variant", [f"message-{number}" for number in range(6)])
def test_after_a_no_another_offer_is_made_without_the_story_again(variant: str) -> None:
    """
    The photo was thanked for and the damage regretted; now it is about what suits.
    """
    said = spoken(offer(another=True), variant).text

    assert "instead" in said
    for told_before in ("Thank you", "photo", "damage"):
        assert told_before not in said


@pytest.mark.parametrize("variant", [f"message-{number}" for number in range(6)])
def test_the_bot_says_that_it_is_a_bot(variant: str) -> None:
    """
    Nobody shall think to be talking to a person.
    """
    assert "bot" in spoken(Hello(), variant).text
    assert "I'm a bot" in spoken(IAmABot(), variant).text


@pytest.mark.parametrize("reason", Reason)
def test_a_hand_off_says_why_and_who_goes_on(reason: Reason) -> None:
    """
    Each reason has words of its own before the sentence that is common to all.
    """
    why, _, rest = text(HandedOff(reason=reason)).partition("Someone from our team takes over now.")

    assert why
    assert "answer you here" in rest


def facts(**changes: Any) -> dict[str, Any]:
    """The facts of an order under way, ten days late."""
    given: dict[str, Any] = {
        "order_number": "DEMO-1003",
        "cancelling": False,
        "status": OrderStatus.SHIPPED,
        "expected_by": date(2026, 3, 10),
        "late_days": 10,
        "shipped_on": date(2026, 3, 2),
        "delivered_on": None,
        "carrier": "DHL",
        "tracking_number": "0034",
        "tracking_link": "https://carrier.example/0034",
    }

    return given | changes


@pytest.mark.parametrize("status", ["pending", "processing", "shipped"])
@pytest.mark.parametrize("reply", [WhereItIs, WhenItComes])
def test_late_is_called_late(reply: type[Reply], status: str) -> None:
    """
    With the promised day and the days since, and never without a word of regret.
    """
    said = text(reply(**facts(status=OrderStatus(status))))

    assert "by Tue, 10 Mar 2026, so it is 10 days late" in said
    assert "I'm sorry" in said


def test_an_order_in_time_is_not_called_late() -> None:
    """
    Who worries without need is reassured with the day.
    """
    said = text(WhenItComes(**facts(late_days=0, expected_by=date(2026, 3, 24))))

    assert said == (
        "Order DEMO-1003 should be with you by Tue, 24 Mar 2026. It is on its way with DHL."
    )


def test_what_was_ordered_is_a_list() -> None:
    """
    One product a line; gaps in the address leave no trace.
    """
    said = text(
        WhatWasOrdered(
            order_number="DEMO-1003",
            placed_on=TODAY,
            lines=(a_line(quantity=2), a_lamp(variant="")),
            address="Ackerstr. 1",
            postal_code="",
            city="Berlin",
            country="DE",
            paid=eur("100"),
        )
    )

    assert said.splitlines() == [
        "You placed order DEMO-1003 on Fri, 20 Mar 2026:",
        "2 × Stoneware mug (blue), €40.00",
        "1 × Oak desk lamp, €60.00",
        "It goes to: Ackerstr. 1, Berlin, DE",
        "You paid €100.00.",
    ]


def test_the_front_desk_is_named_and_so_is_the_reason() -> None:
    """
    The buyer learns who can help, where, and why the shop itself cannot.
    """
    said = text(
        FrontDesk(
            order_number="DEMO-1003",
            marketplace="Amazon",
            front_desk="Amazon under Your Orders",
            url="https://www.amazon.com/contact-us",
        )
    )

    assert "stored and sent by Amazon" in said
    assert "the shop cannot do that itself" in said
    assert "through Amazon under Your Orders." in said
    assert said.endswith("https://www.amazon.com/contact-us")


@pytest.mark.parametrize("variant", [f"message-{number}" for number in range(6)])
def test_no_match_does_not_tell_whether_the_order_exists(variant: str) -> None:
    """
    The number and the details are doubted alike, so that nobody can fish for order numbers.
    """
    said = spoken(NoMatch(order_number="DEMO-1003"), variant).text

    assert "DEMO-1003" in said
    for telling in ("does not exist", "no such order", "wrong e-mail", "another", "not yours"):
        assert telling not in said


def test_a_locked_order_says_for_how_long() -> None:
    """
    Whoever mistyped may come back and knows when.
    """
    assert "wait 15 minutes" in text(TooManyTries(order_number="DEMO-1003", minutes=15))
    assert "wait 1 minute " in text(TooManyTries(order_number="DEMO-1003", minutes=1))


@pytest.mark.parametrize("kind", RemedyKind)
def test_every_kind_of_remedy_is_among_these_tests(kind: RemedyKind) -> None:
    """
    A new remedy needs exact terms too.
    """
    assert kind in {remedy.kind for remedy in EVERY_REMEDY}


def test_a_broken_template_is_named_with_its_line(tmp_path):
    """
    At the start, and not when a buyer needs it.
    """
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "late.j2").write_text("{% block one %}fine{% endblock %}\n{% block two %}{{ oops")

    with pytest.raises(BrokenTemplates, match=r"late\.j2, line 2: "):
        Templates(tmp_path).check()


def test_a_broken_translation_is_said_in_english(tmp_path: Path) -> None:
    """
    A buyer is answered in the wrong language rather than not at all; English must be whole.
    """

    def write(locale: str, words: str) -> None:
        (tmp_path / locale).mkdir(exist_ok=True)
        source = f"{{% block hello %}}{words}{{% endblock %}}"
        (tmp_path / locale / "small_talk.j2").write_text(source, encoding="utf-8")

    write("en", "Hello.")
    write("ru", "{{ nobody }}")
    assert Templates(tmp_path).render(Hello(), "ru", variant="", now=NOW).text == "Hello."
    write("en", "{{ nobody }}")
    with pytest.raises(UndefinedError):
        Templates(tmp_path).render(Hello(), "ru", variant="", now=NOW)

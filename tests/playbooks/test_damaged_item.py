"""Arrived broken: apology, photo, offer, explicit yes."""

import pytest

from bot.casework.money import Money
from bot.casework.orders import OrderStatus, Payment
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import ProblemRules
from bot.casework.turns import Floor
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    NothingAllowed,
    NotSentYet,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
    WhichLine,
)
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from bot.services.small_talk import YouAreWelcome
from tests.dialog import Dialog
from tests.factories import (
    a_lamp,
    a_line,
    a_parcel,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
    with_ladder,
)

MUG_AND_LAMP = (a_line(), a_lamp())


def test_a_broken_mug_is_made_good_after_a_photo_a_choice_and_a_yes(dialog):
    """
    The straight way: nothing is written before the yes to exact terms.
    """
    chat = dialog(an_order())

    assert chat.says("damaged_item", "the mug came in pieces", order="DEMO-1003") == AskForPhoto
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["discount_option", "replacement_option", "refund_option", "person"]
    assert chat.presses("option:1") == ConfirmRemedy
    assert chat.remedies == []
    assert chat.presses("yes") == RemedyRequested
    assert chat.remedies == ["replacement"]
    assert chat.outbox == 1


def test_a_message_that_comes_twice_is_answered_once(dialog):
    """
    The same yes delivered again finds itself answered, and no second remedy is made.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", order="DEMO-1003")
    chat.sends_photo()
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.repeats() == RemedyRequested
    assert len(chat.answers) == 1
    assert chat.remedies == ["discount"]


def test_a_line_is_not_made_good_twice(dialog):
    """
    Who got a discount to keep the goods does not get a second remedy for them.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", order="DEMO-1003")
    chat.sends_photo()
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("damaged_item", order="DEMO-1003") == AlreadySettled
    assert chat.remedies == ["discount"]


def test_a_marketplace_fulfilled_order_is_led_to_the_front_desk(dialog):
    """
    The marketplace settles what it stores and ships; we would lose twice.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("damaged_item", order="DEMO-1003") == FrontDesk
    assert chat.remedies == []


# The photo


def test_a_photo_in_the_first_message_is_not_asked_for_again(dialog):
    """
    Who shows the damage at once is made an offer at once.
    """
    chat = dialog(an_order())

    assert chat.says("damaged_item", "look at this mug", photos=1) == OfferRemedies
    assert chat.said.photos == 1


def test_several_photos_in_one_message_belong_to_the_case(dialog):
    """
    All photos of a message are kept with the case, for whoever looks at it later.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug is broken")

    assert chat.says("photo_sent", "here", photos=3) == OfferRemedies
    assert len(chat.cases[0]["known"]["photos"]) == 3


def test_another_photo_leaves_the_offer_as_it_is(dialog):
    """
    Phones send one photo a message: the second is kept, and the offer is not made anew.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug is broken", photos=1)
    offer = chat.cases[0]["known"]["offer"]

    assert chat.sends_photo() == OfferRemedies
    assert chat.replies == [OfferRemedies]
    assert chat.cases[0]["known"]["offer"] == offer
    assert len(chat.cases[0]["known"]["photos"]) == 2


def test_a_photo_before_the_problem_is_known_is_not_asked_for_again(dialog):
    """
    A lone photo is asked about, and then belongs to the case that it began.
    """
    chat = dialog(an_order())
    chat.sends_photo()

    assert chat.presses("intent:damaged_item") == OfferRemedies
    assert len(chat.cases[0]["known"]["photos"]) == 1


def test_a_photo_of_one_case_proves_nothing_in_another(dialog):
    """
    The mug's photo is not taken for the lamp's.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("damaged_item", "the mug is broken", photos=1)

    assert chat.says("damaged_item", "the lamp is broken too") == AskForPhoto


@pytest.mark.parametrize("no", ["no_photo", "deny"])
def test_a_buyer_who_cannot_take_a_photo_goes_on(dialog, no):
    """
    "I have no camera" and a plain "no" are answers, not a dead end.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")

    assert chat.says(no) == OfferRemedies
    assert chat.said.photos == 0


def test_the_button_without_a_photo_goes_on(dialog):
    """
    The same with the button under the question.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")

    assert chat.presses("no_photo") == OfferRemedies


def test_a_seller_may_do_without_photos(dialog):
    """
    Where the rulebook wants no photo, none is asked for.
    """
    no_photo = ProblemRules(ladder=((RemedyKind.REPLACEMENT,),), ask_photo=False)
    chat = dialog(an_order(), rules=the_rulebook(problems={"damaged_item": no_photo}))

    assert chat.says("damaged_item") == OfferRemedies


@pytest.mark.parametrize("patience", ["affirm", "thanks", "greet", "photo_sent", "damaged_item"])
def test_a_buyer_may_take_their_time(dialog, patience):
    """
    "Ok, one moment", or more of the story, is no misunderstanding, however often it comes.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")

    for _ in range(3):
        assert chat.says(patience) == AskForPhoto
        assert NotQuite not in chat.replies


def test_a_refund_wished_before_the_offer_is_no_misunderstanding(dialog):
    """
    Who wants the money back still is asked for the photo, and is not told "not understood".
    """
    chat = dialog(an_order())
    chat.says("damaged_item")

    assert chat.says("refund_request", "just give me my money back") == AskForPhoto
    assert chat.replies == [AskForPhoto]


# Which goods, how many


def test_of_several_lines_the_buyer_is_asked_which(dialog):
    """
    Nothing tells which of two products it is: one button each.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))

    assert chat.says("damaged_item", "it is broken") == WhichLine
    assert chat.labels == ["line", "line"]
    assert chat.presses("line:1") == AskForPhoto
    assert chat.said.line.sku == "MUG-1"


@pytest.mark.parametrize("text", ["the lamp", "the second one", "my oak one", "the last"])
def test_the_line_may_be_named(dialog, text):
    """
    A word of the product or its place answers "which one?" as well as its button.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("damaged_item", "it is broken")

    assert chat.says("choose_option", text) == AskForPhoto
    assert chat.said.line.sku == "LAMP-1"


def test_a_product_in_the_first_words_is_not_asked_for_again(dialog):
    """
    "My lamp" says which line it is.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))

    assert chat.says("damaged_item", "my lamp arrived smashed") == AskForPhoto
    assert chat.said.line.sku == "LAMP-1"


def test_a_line_that_the_shop_took_out_is_not_among_them(dialog):
    """
    The lamp was sold out and taken from the order: the mug is all that can be broken.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("damaged_item", "the lamp is broken")
    chat.shop.take_in(an_order())

    assert chat.sends_photo() == OfferRemedies
    assert chat.said.line.sku == "MUG-1"


def test_only_the_named_line_is_made_good(dialog):
    """
    The discount is five percent of the lamp, and the mug stays as it is.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("damaged_item", "my lamp arrived smashed", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["discount"], [300])


def test_another_line_of_the_order_is_another_case(dialog):
    """
    "The lamp is broken too" in the middle of the mug's case: both are settled, one by one.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("damaged_item", "the mug is broken")
    chat.says("damaged_item", "and the lamp is broken too")
    chat.sends_photo()
    chat.presses("option:0")

    chat.presses("yes")
    assert chat.replies == [RemedyRequested, AskForPhoto]
    assert chat.said.line.sku == "MUG-1"
    chat.presses("no_photo")
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.amounts == [300, 100]


def test_of_several_pieces_the_buyer_is_asked_how_many(dialog):
    """
    Two of three mugs broke: five percent of two mugs, not of three.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3),)))

    assert chat.says("damaged_item", "some mugs are broken") == HowMany
    assert chat.buttons == ["quantity:1", "quantity:2", "quantity:3"]
    chat.presses("quantity:2")
    chat.sends_photo()
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.amounts == [200]


@pytest.mark.parametrize(
    ("text", "taken"), [("two", 2), ("2 of the 3", 2), ("all of them", 3), ("just 1", 1)]
)
def test_a_number_of_pieces_may_be_written(dialog, text, taken):
    """
    Digits, words and "all" are read.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3),)))
    chat.says("damaged_item")

    assert chat.says("provide_details", text) == AskForPhoto
    assert chat.cases[0]["known"]["quantity"] == taken


@pytest.mark.parametrize("text", ["7", "0", "1 or 2"])
def test_a_number_that_cannot_be_is_asked_again(dialog, text):
    """
    More pieces than were ordered, none, or two numbers: nothing is guessed.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3),)))
    chat.says("damaged_item")

    assert chat.says("provide_details", text) == HowMany
    assert chat.replies == [NotQuite, HowMany]


def test_as_many_pieces_are_sent_again_as_broke(dialog):
    """
    A replacement of two takes two from stock.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3),)))
    chat.says("damaged_item", photos=1)
    chat.presses("quantity:2")
    chat.presses("option:1")
    chat.presses("yes")

    assert chat.remedies == ["replacement"]
    assert chat.shop.stock("MUG-1") == 3


# What is offered


@pytest.mark.parametrize("stock", [0, None])
def test_a_replacement_is_offered_only_from_known_stock(dialog, stock):
    """
    What is not there, or not known to be there, is not promised.
    """
    chat = dialog(an_order(lines=(a_line(stock=stock),)))
    chat.says("damaged_item", photos=1)

    assert chat.labels == ["discount_option", "refund_option", "person"]


def test_fewer_in_stock_than_broke_is_no_replacement(dialog):
    """
    Two are left but three broke: none is promised.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3, stock=2),)))
    chat.says("damaged_item", photos=1)
    chat.presses("quantity:3")

    assert "replacement_option" not in chat.labels


def test_dear_goods_come_back_before_the_money(dialog):
    """
    Above the rulebook's worth the refund waits for the goods (AFTER_SALES.md, 3.4).
    """
    chat = dialog(an_order(lines=(a_lamp(),)))
    chat.says("damaged_item", photos=1)

    assert chat.labels == ["discount_option", "replacement_option", "return_option", "person"]


def test_after_the_time_for_returns_dear_goods_do_not_come_back(dialog):
    """
    A return is offered only within its time after delivery.
    """
    long_ago = a_parcel(shipped_at=days_ago(50), delivered_at=days_ago(40))
    chat = dialog(an_order(lines=(a_lamp(),), placed_at=days_ago(60), parcel=long_ago))
    chat.says("damaged_item", photos=1)

    assert chat.labels == ["discount_option", "replacement_option", "person"]


@pytest.mark.parametrize(
    ("option", "approval"), [("discount", False), ("replacement", True), ("return", True)]
)
def test_what_is_over_the_cap_is_offered_and_waits_for_a_person(dialog, option, approval):
    """
    The bot may give 250 euros by itself, in money or in goods: of 300 only the discount. The rest
    is offered all the same, but nothing goes out, and nothing more is given for the lamp.
    """
    chat = dialog(an_order(lines=(a_lamp(unit_price=eur("300")),)))
    chat.says("damaged_item", photos=1)
    assert chat.labels == ["discount_option", "replacement_option", "return_option", "person"]

    chat.presses(f"option:{chat.labels.index(f'{option}_option')}")
    assert chat.reply == ConfirmRemedy
    assert chat.said.needs_approval is approval
    chat.presses("yes")

    assert chat.reply == (ApprovalAsked if approval else RemedyRequested)
    assert chat.remedy_states == ["approval" if approval else "requested"]
    assert chat.outbox == (0 if approval else 1)
    assert chat.cases[0]["state"] == ("approval" if approval else "settled")
    assert chat.handed_off_for == []
    assert chat.says("damaged_item", photos=1) == AlreadySettled
    assert chat.said.state == ("approval" if approval else "requested")
    assert len(chat.remedies) == 1


def test_who_insists_on_money_that_is_not_on_offer_gets_a_person(dialog):
    """
    "I want a refund" where none is on offer is not asked again: a person decides.
    """
    rules = with_ladder("damaged_item", RemedyKind.DISCOUNT, RemedyKind.REPLACEMENT)
    chat = dialog(an_order(), rules=rules)
    chat.says("damaged_item", photos=1)

    assert chat.says("refund_request", "no, I want a refund") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]


def test_a_currency_without_a_cap_needs_a_person_for_everything(dialog):
    """
    Money that the rulebook does not know is not moved by the bot alone, not even a discount.
    """
    chat = dialog(an_order(lines=(a_line(unit_price=Money(2000, "AUD"), stock=0),)))

    chat.says("damaged_item", photos=1)
    assert chat.labels == ["discount_option", "return_option", "person"]
    chat.presses("option:0")
    assert chat.presses("yes") == ApprovalAsked
    assert (chat.remedy_states, chat.outbox) == (["approval"], 0)


def test_where_nothing_is_possible_a_person_decides(dialog):
    """
    Only goods again are on the ladder, and none are left.
    """
    rules = with_ladder("damaged_item", RemedyKind.REPLACEMENT)
    chat = dialog(an_order(lines=(a_line(stock=0),)), rules=rules)

    chat.says("damaged_item", photos=1)
    assert chat.replies == [NothingAllowed, HandedOff]
    assert chat.handed_off_for == ["no_remedy"]


def test_the_ladder_is_the_sellers(dialog):
    """
    What stands first in the rulebook is offered first.
    """
    rules = with_ladder("damaged_item", RemedyKind.REFUND, RemedyKind.DISCOUNT)
    chat = dialog(an_order(), rules=rules)
    chat.says("damaged_item", photos=1)

    assert chat.labels == ["refund_option", "discount_option", "person"]


def test_what_was_paid_with_a_coupon_is_not_paid_back_twice(dialog):
    """
    Of a mug for 20 euros that cost 12 with a coupon, 12 go back.
    """
    paid = Payment(amount=eur("12"), paid_at=days_ago(10), method="card")
    chat = dialog(an_order(payments=(paid,)))
    chat.says("damaged_item", photos=1)
    chat.says("refund_request", "refund")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["refund"], [1200])


# The choice


@pytest.mark.parametrize(
    ("intent", "text", "remedy"),
    [
        ("choose_option", "the second one", "replacement"),
        ("choose_option", "option 1", "discount"),
        ("choose_option", "I'd like the replacement", "replacement"),
        ("choose_option", "I'll keep it", "discount"),
        ("affirm", "yes, send me a new one", "replacement"),
        ("refund_request", "I want my money back", "refund"),
        ("refund_request", "refund", "refund"),
        ("deny", "no refund, the replacement", "replacement"),
    ],
)
def test_a_remedy_may_be_chosen_in_words(dialog, intent, text, remedy):
    """
    By its place, by what it is, or by wanting the money back; then its terms are confirmed.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)

    assert chat.says(intent, text) == ConfirmRemedy
    assert chat.said.remedy.kind == remedy
    chat.says("affirm")
    assert chat.remedies == [remedy]


def test_a_plain_yes_to_several_ways_is_asked_again(dialog):
    """
    A yes chooses nothing where there is more than one thing to choose.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)

    assert chat.says("affirm", "yes please") == OfferRemedies
    assert chat.replies == [OfferRemedies]


def test_a_yes_to_the_only_way_chooses_it_and_is_asked_to_confirm(dialog):
    """
    With one way on offer a yes picks it; the exact terms want a yes of their own.
    """
    chat = dialog(an_order(), rules=with_ladder("damaged_item", RemedyKind.REPLACEMENT))
    chat.says("damaged_item", photos=1)

    assert chat.says("affirm") == ConfirmRemedy
    assert chat.remedies == []
    assert chat.says("affirm") == RemedyRequested


def test_no_to_all_ways_is_a_persons_business(dialog):
    """
    Who wants none of it is not asked again and again.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)

    assert chat.says("deny", "no thanks") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]


def test_no_to_the_terms_goes_back_to_the_choice(dialog):
    """
    A no to the replacement's terms leaves the other ways open.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")

    assert chat.presses("no") == OfferRemedies
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.said.remedy.kind == "discount"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "no, I want the refund"),
        ("refund_request", "actually give me my money back"),
        ("choose_option", "the third one"),
        ("affirm", "yes but the refund please"),
    ],
)
def test_another_choice_before_the_yes_is_confirmed_anew(dialog, intent, text):
    """
    A yes holds only for the terms that were shown.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")

    assert chat.says(intent, text) == ConfirmRemedy
    assert chat.said.remedy.kind == "refund"
    assert chat.remedies == []
    chat.presses("yes")
    assert chat.remedies == ["refund"]


def test_two_misunderstandings_in_a_row_bring_a_person(dialog):
    """
    Once the question is put again, the second time somebody takes over who knows why.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)

    assert chat.says("out_of_scope", "what is the weather like") == OfferRemedies
    assert chat.replies == [NotQuite, OfferRemedies]
    assert chat.says("nlu_fallback", "hmpf") == HandedOff
    assert chat.handed_off_for == ["not_understood"]


def test_an_answer_between_two_misunderstandings_forgives_the_first(dialog):
    """
    Only misunderstandings in a row count.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")
    chat.says("nlu_fallback")
    chat.sends_photo()

    assert chat.says("nlu_fallback") == OfferRemedies
    assert chat.floor is Floor.BOT


def test_ok_after_the_end_is_not_a_new_matter(dialog):
    """
    A buyer who says "ok" to the good news is not asked what it is about.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("affirm", "ok great") == YouAreWelcome


# Between offer and yes


def test_the_last_piece_sold_meanwhile_leaves_the_other_ways(dialog):
    """
    A yes to a replacement that somebody else got first is answered with what is still possible.
    """
    order = an_order(lines=(a_line(stock=1),))
    chat = dialog(order)
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    chat.shop.take_in(an_order(lines=(a_line(stock=0),)))

    assert chat.presses("yes") == OfferRemedies
    assert chat.said.renewed
    assert chat.labels == ["discount_option", "refund_option", "person"]
    assert chat.remedies == []


def test_what_another_conversation_settled_is_not_settled_again(shop):
    """
    The yes in one window comes after the yes in the other: the second hears of the first.
    """
    house = shop(an_order())
    one, other = Dialog(house, "ada@example.com"), Dialog(house, "ada@example.com")
    for chat in (one, other):
        chat.says("damaged_item", photos=1)
        chat.says("refund_request", "refund")

    assert one.presses("yes") == RemedyRequested
    assert other.presses("yes") == AlreadySettled
    assert (one.remedies, other.remedies) == (["refund"], [])


# When it cannot be


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (OrderStatus.PENDING, NotSentYet),
        (OrderStatus.PROCESSING, NotSentYet),
        (OrderStatus.CANCELLED, OrderIsOff),
        (OrderStatus.REFUSED, OrderIsOff),
    ],
)
def test_goods_that_never_came_cannot_be_broken(dialog, status, reply):
    """
    It must be another order; a person is one button away.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("damaged_item", photos=1) == reply
    assert chat.buttons == ["person"]
    assert chat.remedies == []


def test_goods_of_another_order_are_named_by_its_number(dialog):
    """
    "No, I meant DEMO-1005" moves the case there, and asks for what it needs there.
    """
    other = an_order(number="DEMO-1005", lines=MUG_AND_LAMP)
    chat = dialog(an_order(), other)
    chat.says("damaged_item", order="DEMO-1003")

    assert chat.says("deny", "no, I meant", order="DEMO-1005") == WhichLine
    assert chat.said.order_number == "DEMO-1005"
    assert len(chat.cases) == 1


def test_a_yes_that_names_another_order_agrees_to_nothing(dialog):
    """
    The terms of DEMO-1003 are not accepted by "yes, DEMO-1005".
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("damaged_item", order="DEMO-1003", photos=1)
    chat.presses("option:0")

    assert chat.says("affirm", "yes", order="DEMO-1005") == OfferRemedies
    assert chat.said.order_number == "DEMO-1005"
    assert chat.remedies == []


def test_a_discount_is_rounded_to_whole_cents(dialog):
    """
    Five percent of 19.99 are a euro, not 99.95 cents.
    """
    rules = with_ladder("damaged_item", RemedyKind.DISCOUNT)
    chat = dialog(an_order(lines=(a_line(unit_price=eur("19.99")),)), rules=rules)
    chat.says("damaged_item", photos=1)
    chat.says("affirm")
    chat.says("affirm")

    assert chat.amounts == [100]

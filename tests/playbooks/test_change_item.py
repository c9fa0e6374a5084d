"""Another variant or number of pieces: once, before hand-over, its price settled explicitly."""

from dataclasses import replace

import pytest

from bot.casework.money import Money
from bot.casework.orders import OrderStatus
from bot.casework.products import Product
from bot.casework.remedies import ItemChange, RemedyKind
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.change_item import HowManyInAll, TooLateToChange
from bot.playbooks.changes import AlreadyChanged
from bot.playbooks.steps import (
    AlreadySettled,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    OrderIsOff,
    RemedyRequested,
    WhichLine,
)
from bot.playbooks.variants import (
    NoVariantInStock,
    PriceNotKnown,
    StockNotKnown,
    WhichVariant,
)
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from bot.store.tables import handoffs
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, an_order_by_marketplace, eur


def mug(colour: str, price: str | None = "20", stock: int | None = 5, **changes: object) -> Product:
    """A mug of that colour on sale."""
    given: dict[str, object] = {
        "sku": f"MUG-{colour.upper()}",
        "title": "Stoneware mug",
        "variant": colour,
        "stock": stock,
        "price": eur(price) if price else None,
    }

    return Product(**(given | changes))


MUGS = (mug("red"), mug("black", "25"), mug("white", "15.50"), mug("gold", None))
OTHERS = (mug("sand", stock=0), mug("moss", stock=None))


def waiting(**changes):
    """An order that has not left: two blue mugs of 20 euros."""
    lines = (a_line(quantity=2),)

    return an_order(**({"status": OrderStatus.PROCESSING, "lines": lines} | changes))


@pytest.fixture
def chat(dialog) -> Dialog:
    """A conversation about that order in a shop with mugs of other colours."""
    begun = dialog(waiting())
    begun.shop.sells(*MUGS, *OTHERS)

    return begun


def test_another_colour_is_chosen_shown_and_changed_after_a_yes(chat):
    """
    The straight way; what is in stock is on the buttons and nothing else.
    """
    assert chat.says("change_item", "can I change the colour") == WhichVariant
    assert chat.buttons == [
        "variant:MUG-RED",
        "variant:MUG-BLACK",
        "variant:MUG-WHITE",
        "variant:MUG-GOLD",
        "another_quantity",
        "person",
    ]
    assert chat.presses("variant:MUG-RED") == ConfirmRemedy
    assert chat.said.remedy == ItemChange(
        order_id=1, line_id=1, quantity=2, sku="MUG-RED", variant="red"
    )
    assert chat.remedies == []
    assert chat.says("affirm", "yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["item_change"], [None])
    assert chat.shop.stock("MUG-RED") == 3


@pytest.mark.parametrize("said", ["in red please", "red, not black", "the red one instead of blue"])
def test_a_colour_in_words_is_taken(chat, said):
    """
    At once, or when asked.
    """
    chat.says("change_item", "change my order")
    assert chat.says("change_item", said) == ConfirmRemedy
    assert chat.said.remedy.sku == "MUG-RED"
    chat.says("deny", "no")

    assert chat.says("change_item", said) == ConfirmRemedy
    assert chat.said.remedy.sku == "MUG-RED"


def test_what_is_dearer_is_named_as_a_surcharge(chat):
    """
    Nothing goes back, and the shop asks for five euros a piece.
    """
    chat.says("change_item", "in black please")

    assert (chat.said.remedy.amount, chat.said.remedy.surcharge) == (None, eur("10"))
    chat.says("affirm", "yes")
    assert chat.amounts == [None]


def test_what_is_cheaper_gives_the_difference_back(chat):
    """
    Four euros fifty a piece, counted as money of the order.
    """
    chat.says("change_item", "in white please")

    assert (chat.said.remedy.amount, chat.said.remedy.surcharge) == (eur("9"), None)
    chat.says("affirm", "yes")
    assert chat.amounts == [900]


def test_who_paid_less_gets_no_more_back(dialog):
    """
    A coupon was used: what is left is less than the difference.
    """
    order = waiting()
    chat = dialog(waiting(payments=(replace(order.payments[0], amount=eur("3")),)))
    chat.shop.sells(*MUGS)
    chat.says("change_item", "in white please")

    assert chat.said.remedy.amount == eur("3")


def test_a_price_that_is_not_known_goes_to_a_person(chat):
    """
    Nobody guesses a difference.
    """
    chat.says("change_item", "in gold please")

    assert chat.replies == [PriceNotKnown, HandedOff]
    assert chat.said.reason == "price_difference"
    assert "MUG-GOLD" in str(chat.shop.rows(handoffs)[0]["summary"])


def test_a_price_in_another_currency_is_not_known(chat):
    """
    Yen are not reckoned with euros.
    """
    chat.shop.sells(replace(mug("red"), price=Money(2000, "JPY")))
    chat.says("change_item", "in red please")

    assert chat.replies == [PriceNotKnown, HandedOff]


def test_what_is_out_of_stock_is_said_to_be(chat):
    """
    And the others are offered.
    """
    assert chat.says("change_item", "in sand please") == WhichVariant
    assert chat.said.gone == "sand"
    assert chat.says("change_item", "then red") == ConfirmRemedy


def test_too_few_are_as_good_as_none(chat):
    """
    One is left, two are needed.
    """
    chat.shop.sells(mug("red", stock=1))

    assert chat.says("change_item", "in red please") == WhichVariant
    assert chat.said.gone == "red"
    assert "variant:MUG-RED" not in chat.buttons


def test_stock_that_is_not_known_goes_to_a_person(chat):
    """
    It is not promised.
    """
    chat.says("change_item", "in moss please")

    assert chat.replies == [StockNotKnown, HandedOff]


def test_where_nothing_else_is_in_stock_it_is_said(dialog):
    """
    With a person, or another number, one button away.
    """
    chat = dialog(waiting())
    chat.shop.sells(*OTHERS)

    assert chat.says("change_item", "another colour please") == NoVariantInStock
    assert chat.buttons == ["another_quantity", "person"]
    assert chat.presses("another_quantity") == HowManyInAll


def test_the_last_one_taken_meanwhile_is_not_promised(chat):
    """
    Between the terms and the yes somebody else took them.
    """
    chat.says("change_item", "in red please")
    chat.shop.sells(mug("red", stock=0))

    assert chat.says("affirm", "yes") == WhichVariant
    assert chat.said.gone == "red"
    assert chat.remedies == []


def test_a_price_that_changes_voids_the_yes(chat):
    """
    The new terms are put, and only a yes to them counts.
    """
    chat.says("change_item", "in red please")
    chat.shop.sells(mug("red", "22"))

    assert chat.says("affirm", "yes") == ConfirmRemedy
    assert chat.said.remedy.surcharge == eur("4")
    assert chat.remedies == []
    assert chat.says("affirm", "yes") == RemedyRequested


@pytest.mark.parametrize("heard", ["affirm", "deny", "change_item", "choose_option"])
def test_another_colour_instead_of_a_yes_is_shown_anew(chat, heard):
    """
    "Yes, but in black" is no yes to red ones.
    """
    chat.says("change_item", "in red please")

    assert chat.says(heard, "in black then") == ConfirmRemedy
    assert chat.said.remedy.sku == "MUG-BLACK"
    assert chat.remedies == []


def test_a_no_leaves_the_order_as_it_is(chat):
    """
    To the terms, or to the question.
    """
    chat.says("change_item", "in red please")
    assert chat.says("deny", "no") == LeftAsItIs
    chat.says("change_item", "another colour please")
    assert chat.says("deny", "no") == LeftAsItIs
    assert chat.remedies == []


# How many


def test_more_pieces_are_paid_for(chat):
    """
    At the price of the order; what is more comes from stock.
    """
    assert chat.says("change_item", "add one more please") == ConfirmRemedy
    assert chat.said.remedy == ItemChange(
        order_id=1, line_id=1, quantity=3, sku="MUG-1", variant="blue", surcharge=eur("20")
    )
    chat.says("affirm", "yes")
    assert chat.shop.stock("MUG-1") == 4


def test_fewer_pieces_give_money_back(chat):
    """
    And take nothing from stock.
    """
    assert chat.says("change_item", "I only need 1") == ConfirmRemedy
    assert (chat.said.remedy.quantity, chat.said.remedy.amount) == (1, eur("20"))
    chat.says("affirm", "yes")
    assert chat.amounts == [2000]
    assert chat.shop.stock("MUG-1") == 5


def test_a_number_is_asked_for(chat):
    """
    The number that was ordered is none.
    """
    assert chat.says("change_item", "can I change the quantity") == HowManyInAll
    assert chat.buttons == ["quantity:1", "quantity:3", "quantity:4", "person"]
    assert chat.says("provide_details", "2") == HowManyInAll
    assert chat.says("provide_details", "5 please") == ConfirmRemedy
    assert chat.said.remedy.quantity == 5


def test_more_than_there_are_is_said_to_be(chat):
    """
    Two are set aside for the order, five are left.
    """
    assert chat.says("change_item", "make it 8 please") == HowManyInAll
    assert chat.said.most == 7
    assert chat.says("provide_details", "7") == ConfirmRemedy


def test_more_of_what_is_not_counted_goes_to_a_person(dialog):
    """
    Fewer can be had all the same.
    """
    chat = dialog(waiting(lines=(a_line(quantity=2, stock=None),)))
    chat.says("change_item", "make it 3 please")
    assert chat.replies == [StockNotKnown, HandedOff]

    chat = dialog(waiting(lines=(a_line(quantity=2, stock=None),)))
    assert chat.says("change_item", "make it 1 please") == ConfirmRemedy


def test_a_product_without_variants_may_be_had_in_another_number(dialog):
    """
    Nothing else can be meant.
    """
    assert dialog(waiting()).says("change_item", "change my order") == HowManyInAll


def test_one_of_several_in_another_colour_is_no_change_of_all_to_one(chat):
    """
    The terms say what can be done: all of them.
    """
    chat.says("change_item", "I only need 1 in red")

    assert chat.said.remedy.quantity == 2


def test_which_product_is_asked(dialog):
    """
    Of several lines.
    """
    chat = dialog(waiting(lines=(a_line(), a_lamp())))
    chat.shop.sells(*MUGS)

    assert chat.says("change_item", "can I change the colour") == WhichLine
    assert chat.presses("line:1") == WhichVariant


# When it cannot be changed


def test_what_has_left_stays_as_it_is(dialog):
    """
    It can be exchanged once it is there.
    """
    chat = dialog(waiting(status=OrderStatus.SHIPPED))
    chat.shop.sells(*MUGS)

    assert chat.says("change_item", "in red please") == TooLateToChange
    assert chat.buttons == ["person"]


def test_an_order_that_leaves_before_the_yes_is_not_changed(chat):
    """
    The parcel is closed.
    """
    chat.says("change_item", "in red please")
    chat.shop.take_in(waiting(status=OrderStatus.SHIPPED))

    assert chat.says("affirm", "yes") == TooLateToChange
    assert chat.remedies == []


def test_what_has_arrived_is_exchanged(dialog):
    """
    The same wish goes on as an exchange: how many of the two?
    """
    chat = dialog(waiting(status=OrderStatus.DELIVERED))
    chat.shop.sells(*MUGS)

    assert chat.says("change_item", "in red please") == HowMany
    assert chat.presses("quantity:2") == ConfirmRemedy
    assert chat.said.remedy.kind == "exchange"


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_is_off_is_said_to_be(dialog, status):
    """
    Nothing of it is sent.
    """
    assert dialog(waiting(status=status)).says("change_item") == OrderIsOff


def test_an_order_whose_cancellation_stands_is_not_changed(chat):
    """
    The shop's file still says "processing".
    """
    chat.says("cancel_order")
    chat.says("affirm", "yes")

    assert chat.says("change_item", "in red please") == AlreadySettled


def test_the_marketplace_changes_what_it_fulfils(dialog):
    """
    Before anything is asked.
    """
    chat = dialog(an_order_by_marketplace(status=OrderStatus.PENDING))

    assert chat.says("change_item", "in red please") == FrontDesk


def test_it_is_changed_once(chat):
    """
    Whatever line or number it would be the second time; the address is another matter.
    """
    chat.says("change_item", "in red please")
    chat.says("affirm", "yes")

    assert chat.says("change_item", "add one more please") == AlreadyChanged
    assert chat.said.kind_of_remedy is RemedyKind.ITEM_CHANGE
    assert chat.remedies == ["item_change"]
    said = "please send it to Hauptstr. 5, 10115 Berlin"
    assert chat.says("change_address", said) == ConfirmRemedy


def test_who_does_not_answer_gets_a_person(chat):
    """
    Two misses in a row.
    """
    chat.says("change_item", "another colour")
    chat.says("out_of_scope", "hmm")
    assert chat.replies == [NotQuite, WhichVariant]
    assert chat.says("out_of_scope", "hmm") == HandedOff


def test_money_back_is_another_matter_than_a_change(chat):
    """
    A change has no money to choose: the refund is a case of its own.
    """
    chat.says("change_item", "another colour")

    assert chat.says("refund_request", "I want my money back") == ConfirmRemedy
    assert chat.said.remedy.kind == "cancellation"

"""Goods in hand for another variant: within the time for returns, its price settled explicitly."""

import pytest

from bot.casework.orders import OrderStatus
from bot.casework.products import Product
from bot.casework.remedies import Exchange
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.exchange_item import NotThereYet
from bot.playbooks.return_item import TooLateToReturn
from bot.playbooks.steps import (
    AlreadySettled,
    AskForPhoto,
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
from bot.services.hand_off import HandedOff
from tests.dialog import Dialog
from tests.factories import TODAY, a_lamp, a_line, an_order, an_order_by_marketplace, eur


def mug(colour: str, price: str | None = "20", stock: int | None = 5) -> Product:
    """A mug of that colour on sale."""
    return Product(
        sku=f"MUG-{colour.upper()}",
        title="Stoneware mug",
        variant=colour,
        stock=stock,
        price=eur(price) if price else None,
    )


MUGS = (
    mug("red"),
    mug("black", "25"),
    mug("white", "15.50"),
    mug("gold", None),
    mug("sand", stock=0),
    mug("moss", stock=None),
)


@pytest.fixture
def chat(dialog) -> Dialog:
    """A conversation about a blue mug that came three days ago, in a shop with other colours."""
    begun = dialog(an_order())
    begun.shop.sells(*MUGS)

    return begun


def test_it_is_exchanged_after_a_yes_to_exact_terms(chat):
    """
    The straight way: what goes out comes from stock, once.
    """
    assert chat.says("exchange_item", "can I swap it for another colour") == WhichVariant
    assert chat.presses("variant:MUG-RED") == ConfirmRemedy
    assert chat.said.remedy == Exchange(
        order_id=1, line_id=1, quantity=1, sku="MUG-RED", variant="red"
    )
    assert chat.remedies == []
    assert chat.says("affirm", "yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["exchange"], [None])
    assert chat.shop.stock("MUG-RED") == 4


def test_the_variant_may_be_named_at_once(chat):
    """
    Nobody is asked for what they have said.
    """
    assert chat.says("exchange_item", "I'd like it in red, blue doesn't suit me") == ConfirmRemedy


@pytest.mark.parametrize(
    ("colour", "back", "surcharge"),
    [("red", None, None), ("black", None, "5"), ("white", "4.50", None)],
)
def test_the_difference_is_settled_explicitly(chat, colour, back, surcharge):
    """
    It is in the terms before the yes.
    """
    chat.says("exchange_item", f"in {colour} please")

    terms = chat.said.remedy
    assert (terms.amount, terms.surcharge) == (back and eur(back), surcharge and eur(surcharge))
    chat.says("affirm", "yes")
    assert chat.remedies == ["exchange"]


@pytest.mark.parametrize(("colour", "reply"), [("gold", PriceNotKnown), ("moss", StockNotKnown)])
def test_what_is_not_known_goes_to_a_person(chat, colour, reply):
    """
    Neither a price nor a stock is guessed.
    """
    chat.says("exchange_item", f"in {colour} please")

    assert chat.replies == [reply, HandedOff]


def test_what_is_out_of_stock_is_said_to_be(chat):
    """
    And the others are offered.
    """
    assert chat.says("exchange_item", "in sand please") == WhichVariant
    assert chat.said.gone == "sand"


def test_where_nothing_else_is_in_stock_a_person_is_offered(dialog):
    """
    Without a promise.
    """
    chat = dialog(an_order())

    assert chat.says("exchange_item", "another colour please") == NoVariantInStock
    assert chat.buttons == ["reason:damaged_item", "person"]


def test_which_and_how_many_are_asked(dialog):
    """
    Of several products and pieces; the price is that of the pieces.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3), a_lamp())))
    chat.shop.sells(*MUGS)

    assert chat.says("exchange_item", "another colour please") == WhichLine
    assert chat.presses("line:1") == HowMany
    assert chat.says("provide_details", "2 of the 3") == WhichVariant
    assert chat.says("exchange_item", "black") == ConfirmRemedy
    assert (chat.said.remedy.quantity, chat.said.remedy.surcharge) == (2, eur("10"))


@pytest.mark.parametrize("how", ["button", "words"])
def test_a_broken_one_is_made_good_instead(chat, how):
    """
    Who wants the same again because it is broken pays no difference.
    """
    chat.says("exchange_item", "can you swap it for a good one")
    chat.presses("reason:") if how == "button" else chat.says("damaged_item", "it is broken")

    assert chat.reply == AskForPhoto
    assert [case["playbook"] for case in chat.cases] == ["damaged_item"]


def test_another_variant_instead_of_a_yes_is_shown_anew(chat):
    """
    "No, the red one" changes the choice and exchanges nothing.
    """
    chat.says("exchange_item", "in black please")

    assert chat.says("deny", "no, red") == ConfirmRemedy
    assert chat.said.remedy.sku == "MUG-RED"
    assert chat.remedies == []


def test_a_no_leaves_it_as_it_is(chat):
    """
    The goods stay with the buyer.
    """
    chat.says("exchange_item", "in black please")

    assert chat.says("deny", "no thanks") == LeftAsItIs
    assert chat.remedies == []


def test_a_price_that_changes_voids_the_yes(chat):
    """
    The new terms are put first.
    """
    chat.says("exchange_item", "in red please")
    chat.shop.sells(mug("red", "22"))

    assert chat.says("affirm", "yes") == ConfirmRemedy
    assert chat.said.remedy.surcharge == eur("2")
    assert chat.remedies == []


# When it cannot be exchanged


def test_after_its_time_the_last_day_is_named(chat):
    """
    It came three days ago and may come back for thirty.
    """
    chat.waits(days=28)
    assert chat.says("exchange_item", "in red please") == TooLateToReturn
    assert (chat.said.last_day - TODAY).days == 27
    assert chat.buttons == ["person"]


def test_on_the_last_day_it_is_exchanged(chat):
    """
    Thirty days are thirty days.
    """
    chat.waits(days=27)

    assert chat.says("exchange_item", "in red please") == ConfirmRemedy


def test_a_yes_after_the_last_day_exchanges_nothing(chat):
    """
    The terms were put in time, the yes was not.
    """
    chat.waits(days=27)
    chat.says("exchange_item", "in red please")
    chat.waits(days=1)

    assert chat.says("affirm", "yes") == TooLateToReturn
    assert chat.remedies == []


def test_what_has_not_left_is_changed(dialog):
    """
    The same wish goes on as a change of the order.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.shop.sells(*MUGS)

    assert chat.says("exchange_item", "in red please") == ConfirmRemedy
    assert chat.said.remedy.kind == "item_change"
    assert chat.says("exchange_item", "black please") == ConfirmRemedy
    assert len(chat.cases) == 1


def test_what_is_under_way_has_to_arrive_first(dialog):
    """
    With a person for those who have it already.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED))

    assert chat.says("exchange_item", "in red please") == NotThereYet
    assert chat.buttons == ["person"]


def test_what_was_made_good_is_not_exchanged(chat):
    """
    Refunds and exchanges of one line exclude each other.
    """
    chat.says("exchange_item", "in red please")
    chat.says("affirm", "yes")

    assert chat.says("exchange_item", "in black please") == AlreadySettled
    assert chat.said.kind_of_remedy == "exchange"
    assert chat.says("return_item", "then I send it back") != ConfirmRemedy
    chat.presses("reason:changed_mind")
    assert chat.reply == AlreadySettled
    assert chat.remedies == ["exchange"]


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_is_off_is_said_to_be(dialog, status):
    """
    Nothing of it is with the buyer.
    """
    assert dialog(an_order(status=status)).says("exchange_item") == OrderIsOff


def test_the_marketplace_exchanges_what_it_fulfils(dialog):
    """
    Before anything is asked.
    """
    assert dialog(an_order_by_marketplace()).says("exchange_item", "in red") == FrontDesk

"""What buyers tell of a parcel in plain words, and what is too vague to be taken for told."""

import pytest

from bot.casework.telling import Came, Refused, told_arrival, told_came, told_reason, told_refusal

# What came


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("got someone else's order", Came.ANOTHER_PARCEL),
        ("there is another name on the label", Came.ANOTHER_PARCEL),
        ("It seems I was given another customer’s parcel.", Came.ANOTHER_PARCEL),
        ("wrong colour, and it is somebody else's", Came.ANOTHER_PARCEL),
        ("wrong size came", Came.ANOTHER_VARIANT),
        ("Got the right mug in the wrong colour.", Came.ANOTHER_VARIANT),
        ("you sent me M instead of XL", Came.ANOTHER_VARIANT),
        ("a red mug instead of a blue one", Came.ANOTHER_VARIANT),
        ("it isn't somebody else's, just another colour", Came.ANOTHER_VARIANT),
        ("instead of the mug I got a cup", Came.ANOTHER_PRODUCT),
        ("in the box was a different product", Came.ANOTHER_PRODUCT),
    ],
)
def test_what_came_is_read_where_it_is_plain(text: str, came: Came) -> None:
    """
    In the opening or as an answer; another name on the parcel counts more than what is in it.
    """
    assert told_came(text) is came
    assert told_came(text, asked=True) is came


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wrong item",
        "this is not my order",
        "something else came",
        "My name is on the label but what's inside is clearly meant for another person",
    ],
)
def test_a_vague_opening_does_not_say_whose_mistake_it_was(text: str) -> None:
    """
    "Wrong item" may be any of the three, and two of them are paid for by others.
    """
    assert told_came(text) is None


def test_asked_for_it_less_is_enough() -> None:
    """
    Beside the buttons of the other two, "something else" is another product.
    """
    assert told_came("something else", asked=True) is Came.ANOTHER_PRODUCT
    assert told_came("hm", asked=True) is None


# Whether it came


@pytest.mark.parametrize(
    ("text", "arrived"),
    [
        ("it hasn't arrived yet but the e-mail says a red one was packed", False),
        ("please stop it before it arrives", False),
        ("I haven’t received it yet", False),
        ("it is still on its way and it is the wrong one", False),
        ("I received a cup", True),
        ("there is a cup in the box", True),
        ("it came yesterday", True),
        ("you packed the wrong one", None),
        ("", None),
    ],
)
def test_whether_it_came_is_read_where_it_is_plain(text: str, arrived: bool | None) -> None:
    """
    A denial counts more than the word that it denies.
    """
    assert told_arrival(text) is arrived


# Why it is refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I don't want it, it's too small", Refused.SIZE),
        ("it doesnt fit", Refused.SIZE),
        ("poor quality", Refused.QUALITY),
        ("it looked damaged so i refused to take it", Refused.QUALITY),
        ("it came three weeks too late", Refused.DELIVERY),
        ("it took too long, so I will not take it", Refused.DELIVERY),
        ("the courier was rude", Refused.SERVICE),
        ("I have changed my mind", Refused.CHANGED_MIND),
        ("dont want it any more", Refused.CHANGED_MIND),
        ("poor quality and too small", None),
        ("i refuse the parcel", None),
        ("", None),
    ],
)
def test_one_plain_reason_is_taken_and_two_are_asked_about(text: str, why: Refused | None) -> None:
    """
    Not wanting it is no second reason beside another one.
    """
    assert told_reason(text) is why


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("i refused it at the door", True),
        ("courier was here, i didn't take it", True),
        ("I told the driver to take it back", True),
        ("i will refuse it", False),
        ("Can I refuse the parcel when it comes?", False),
        ("can it be refused?", False),
    ],
)
def test_what_was_refused_is_told_from_what_will_be(text: str, refused: bool) -> None:
    """
    The carrier's word may come a day later than the buyer's.
    """
    assert told_refusal(text) is refused

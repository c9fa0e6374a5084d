"""Money: no arithmetic loses a unit, and no text is guessed at."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.money import MAX_MINOR, Money, WrongMoney, minor_digits, total
from tests.factories import eur

MINORS = st.integers(0, MAX_MINOR // 4)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
PERCENTS = st.decimals(0, 100, places=2)


@given(MINORS, MINORS)
def test_a_sum_is_exact_and_can_be_taken_back(one: int, other: int) -> None:
    """
    What is added can be subtracted again, to the unit.
    """
    both = Money(one, "EUR") + Money(other, "EUR")

    assert both.minor == one + other
    assert both - Money(other, "EUR") == Money(one, "EUR")


@given(st.lists(st.integers(0, 10**6)))
def test_a_total_is_the_sum_of_its_parts(minors: list[int]) -> None:
    """
    The total of none is zero of that currency, and no part is lost.
    """
    assert total([Money(minor, "EUR") for minor in minors], "EUR") == Money(sum(minors), "EUR")


@given(st.integers(0, 10**6), st.integers(0, 1000))
def test_so_many_pieces_cost_so_many_times_the_price(minor: int, quantity: int) -> None:
    """
    The price of a line is its unit price over and over again.
    """
    price = Money(minor, "EUR")

    assert price.times(quantity) == total([price] * quantity, "EUR")


@given(MINORS, PERCENTS)
def test_a_share_is_half_a_unit_off_at_most_and_never_above_the_whole(
    minor: int, percent: Decimal
) -> None:
    """
    A discount rounds half up to a whole unit, and never gives back more than the price.
    """
    whole = Money(minor, "EUR")
    share = whole.percent(percent)
    exact = Fraction(minor) * Fraction(percent) / 100

    assert share <= whole
    assert abs(share.minor - exact) <= Fraction(1, 2)


@pytest.mark.parametrize("percent", ["-1", "100.01", "NaN", "Infinity", "-Infinity"])
def test_a_share_outside_0_to_100_percent_is_refused(percent: str) -> None:
    """
    More than the whole is no share, whatever a rulebook says.
    """
    with pytest.raises(WrongMoney, match="outside 0 to 100"):
        eur("20").percent(Decimal(percent))


@given(MINORS, CURRENCIES)
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    """
    The text of an amount is that amount, in currencies of none, two and three decimals.
    """
    money = Money(minor, currency)

    assert Money.from_text(str(money.major), currency) == money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        (" 12 ", "EUR", 1200),
        ("0", "EUR", 0),
        ("0.00", "EUR", 0),
        ("007", "EUR", 700),
        ("12.5000", "EUR", 1250),  # four decimals, as shop systems store prices
        ("1500", "JPY", 1500),
        ("1500.00", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("1.5", "KWD", 1500),
    ],
)
def test_plain_amounts_are_read(text: str, currency: str, minor: int) -> None:
    """
    A dot or a comma before the decimals, and zeros that the currency does not need.
    """
    assert Money.from_text(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "1e5",
        "1E5",
        "-1",
        "+1",
        "−1",
        "1.005",
        "1.0051",
        "1,234.50",
        "1.234,50",
        "1 234.50",
        "1'234.50",
        "12.",
        ".50",
        "12.50.1",
        "١٢",
        "１２",
        "१२.५०",
        "12\n.50",
        "$12",
        "12 EUR",
        "12%",
        "0x10",
        "1_000",
        "½",
        "²",
        "9" * 13,
        "9" * 100_000,
        "1." + "0" * 100_000,
        "\x00",
        "\ud800",
    ],
)
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    """
    A sign, an exponent, foreign digits, a currency: none of it is guessed at.
    """
    with pytest.raises(WrongMoney) as error:
        Money.from_text(text, "EUR")

    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1,234", "EUR"),
        ("1.234", "EUR"),
        ("1,000", "EUR"),
        ("1.000", "EUR"),
        ("10,000", "JPY"),
        ("10.000", "JPY"),
        ("1,234", "KWD"),
    ],
)
def test_three_digits_behind_a_separator_are_refused(text: str, currency: str) -> None:
    """
    One country's decimals are another's thousands: read wrongly, that is a factor of 1 000.
    """
    with pytest.raises(WrongMoney, match="thousands or decimals"):
        Money.from_text(text, currency)


@pytest.mark.parametrize(("text", "currency"), [("0.5", "JPY"), ("1.0001", "KWD"), ("0.01", "KRW")])
def test_decimals_that_the_currency_lacks_are_refused(text: str, currency: str) -> None:
    """
    There is no half yen; nobody knows what was meant.
    """
    with pytest.raises(WrongMoney, match="more decimals"):
        Money.from_text(text, currency)


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_wrong_money(text: str) -> None:
    """
    No text makes anything else happen.
    """
    try:
        money = Money.from_text(text, "EUR")
    except WrongMoney:
        return

    assert text.strip().isascii()
    assert 0 <= money.minor <= MAX_MINOR


@pytest.mark.parametrize("minor", [-1, MAX_MINOR + 1, 1.0, "1", True, None])
def test_minor_units_are_a_whole_number_within_bounds(minor: object) -> None:
    """
    A negative or absurd amount cannot exist, so that no check can forget it.
    """
    with pytest.raises(WrongMoney):
        Money(minor, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "EU", "E1R", "ЕUR", "EUR\n"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    """
    Another spelling would never match a limit of the rulebook.
    """
    with pytest.raises(WrongMoney):
        Money(1, currency)
    with pytest.raises(WrongMoney):
        Money.from_text("1", currency)


def test_currencies_do_not_mix() -> None:
    """
    Neither sums nor comparisons reckon dollars with euros.
    """
    dollars = Money(100, "USD")
    for reckon in (
        lambda: eur("1") + dollars,
        lambda: eur("1") - dollars,
        lambda: eur("1") <= dollars,
        lambda: eur("1") < dollars,
    ):
        with pytest.raises(WrongMoney, match="cannot be reckoned"):
            reckon()


def test_less_than_nothing_cannot_be_left() -> None:
    """
    A difference below zero is a mistake, not a debt of the buyer.
    """
    with pytest.raises(WrongMoney):
        eur("1") - eur("2")


def test_decimals_follow_the_currency() -> None:
    """
    ISO 4217 says how many there are.
    """
    assert [minor_digits(currency) for currency in ("JPY", "EUR", "KWD")] == [0, 2, 3]

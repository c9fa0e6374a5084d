"""Reading rulebook/: each kind of mistake says where it is and what is allowed instead."""

import os
import re
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from bot.casework.orders import Marketplace
from bot.casework.remedies import RemedyKind
from bot.playbooks import PLAYBOOKS
from bot.rulebook import BrokenRulebook, load_rulebook
from bot.rulebook.advice import find_advice
from bot.settings import ROOT

SELLER = """\
identity: {wrong_tries: 5, within_minutes: 15}
offer_expires_after_hours: 72
hand_off_after_misses: 2
delivery_days_without_promise: 14
late_grace_days: 3
return_within_days: 30
refund_arrives_within_days: 5
refund_without_return_up_to: {EUR: 40.50, JPY: 6000}
caps:
  per_remedy:
    EUR: 250
  per_order: {EUR: 400}
  per_buyer: {EUR: 500}
  buyer_days: 30
  per_store_and_day: {EUR: 3000}
bad_faith: {remedies: 3, within_days: 90, earliest_arrival_hours: 12, photo_distance: 3}
not_received_wait_days: 3
changes_before_shipping: 1
complaint_within_hours: 24
intercept: [express, sea]
problems:
  damaged_item:
    ladder: [discount, refund, person]
    discount_percent: 5
"""
SELLER += "".join(
    f"  {problem}: {{ladder: [refund, person]}}\n"
    for problem in sorted({one.name for one in PLAYBOOKS.values() if one.has_ladder})
    if problem not in ("damaged_item", "refund_request")
)
SELLER += "  refund_request: {ladder: [return, person]}\n"
MORE = "complaint_within_hours: 24\n"
"""After this line of it there is room for more."""
LAST = SELLER.count("\n")
"""The line of refund_request."""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a rulebook; without arguments one that is right."""

    def written(
        seller: str | bytes = SELLER, wish: str = "name: Wish\nfront_desk: the app"
    ) -> Path:
        folder = tmp_path / "marketplaces"
        folder.mkdir(exist_ok=True)
        for name in Marketplace:
            text = wish if name is Marketplace.WISH else f"name: {name}\nfront_desk: there\n"
            (folder / f"{name}.yml").write_text(text, "utf-8")
        content = seller if isinstance(seller, bytes) else seller.encode()
        (tmp_path / "seller.yml").write_bytes(content)
        return tmp_path

    return written


def broken(folder: Path) -> str:
    """What is said about the rulebook in that folder, without the folder's own name."""
    with pytest.raises(BrokenRulebook) as error:
        load_rulebook(folder)

    return str(error.value).replace(f"{folder}{os.sep}", "")


def test_our_own_rulebook_is_right() -> None:
    """
    What a seller starts with, before they change anything.
    """
    rules = load_rulebook(ROOT / "rulebook")

    assert set(rules.marketplaces) == set(Marketplace)
    assert set(rules.problems) == {one.name for one in PLAYBOOKS.values() if one.has_ladder}


def test_everything_is_read(write: Write) -> None:
    """
    Amounts stay exact, words become kinds, and there is a version.
    """
    rules = load_rulebook(write())

    assert str(rules.refund_without_return_up_to["EUR"]) in ("40.5", "40.50")
    assert rules.problems["damaged_item"].ladder == ((RemedyKind.DISCOUNT, RemedyKind.REFUND),)
    assert rules.marketplaces[Marketplace.WISH].front_desk == "the app"
    assert re.fullmatch("[0-9a-f]{12}", rules.version)


DISCOUNT, REFUND, RETURN = RemedyKind.DISCOUNT, RemedyKind.REFUND, RemedyKind.RETURN


@pytest.mark.parametrize(
    ("ladder", "rounds"),
    [
        ("[return, refund, person]", ((RETURN, REFUND),)),
        ("[[return, refund], [person]]", ((RETURN, REFUND),)),
        ("[[return], [refund], [person]]", ((RETURN,), (REFUND,))),
        ("[[return], [refund, person]]", ((RETURN,), (REFUND,))),
        ("[return, [refund], person]", ((RETURN,), (REFUND,))),
    ],
)
@pytest.mark.parametrize("place", ["ladder", "before_arrival", "wholesale"])
def test_a_ladder_is_read_as_rounds(write: Write, place: str, ladder: str, rounds: object) -> None:
    """
    Flat it is one round, nested it is several; the person at its end is none of them.
    """
    of_place = {
        "ladder": f"ladder: {ladder}",
        "before_arrival": f"ladder: [return, person], before_arrival: {ladder}",
        "wholesale": f"ladder: [return, person], ladders: {{wholesale: {ladder}}}",
    }[place]
    rules = load_rulebook(write(SELLER.replace("ladder: [return, person]", of_place)))
    read = rules.problems["refund_request"]
    found = {"ladder": read.ladder, "before_arrival": read.before_arrival, **read.ladders}

    assert found[place] == rounds


def test_a_discount_may_be_offered_twice(write: Write) -> None:
    """
    The lower percentage first, then the other; that is what makes two of them sensible.
    """
    twice = "[[discount], [discount], [person]]"
    seller = SELLER.replace("[discount, refund, person]", twice)
    assert "ladder names a remedy twice: discount" in broken(write(seller))

    first = seller.replace("percent: 5", "percent: 5\n    first_discount_percent: 3")
    problem = load_rulebook(write(first)).problems["damaged_item"]
    percents = [problem.percent(problem.ladder, place) for place in range(2)]
    assert percents == [Decimal(3), Decimal(5)]


def test_a_store_answers_for_itself(write: Write) -> None:
    """
    Its file is part of the rulebook and of its version; a topic that nobody knows is refused.
    """
    folder = write()
    version = load_rulebook(folder).version
    (folder / "stores").mkdir()
    store = folder / "stores" / "north.yml"
    store.write_text("faq: {shipping: {en: Nine days.}}")
    rules = load_rulebook(folder)

    assert rules.answer("shipping", "north", "en") == "Nine days."
    assert rules.answer("shipping", "demo", "en") == ""
    assert rules.version != version

    store.write_text("faq: {weather: {en: Fine.}}")
    assert "stores/north.yml, line 1: faq.weather is not known, allowed are ship" in broken(folder)
    store.write_text("faq: {}\nhours: 3")
    assert "stores/north.yml, line 2: hours: is not known here, allowed are faq" in broken(folder)


# What is wrong is told


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    """
    Some editors put one at the beginning.
    """
    assert load_rulebook(write("\ufeff" + SELLER)).late_grace_days == 3


def test_every_change_is_another_version(write: Write, tmp_path: Path) -> None:
    """
    Also one of a marketplace's file; the same files have the same version.
    """
    folder = write()
    first = load_rulebook(folder).version
    assert load_rulebook(folder).version == first

    (folder / "marketplaces" / "wish.yml").write_text("name: Wish\nfront_desk: the website")
    assert load_rulebook(folder).version != first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # unknown and missing keys
        ("late_grace_days: 3", "late_grace_dys: 3", "line 5: late_grace_dys: is not known here"),
        ("wrong_tries: 5", "wrong_trys: 5, wrong_tries: 5", "allowed are wrong_tries, within_min"),
        (
            "    discount_percent: 5",
            "    percent: 5",
            "line 24: problems.damaged_item.percent: is not known here, "
            "allowed are ladder, ladders, before_arrival, ask_photo, discount_percent",
        ),
        ("late_grace_days: 3\n", "", "late_grace_days: is missing"),
        ("{wrong_tries: 5, ", "{", "line 1: identity.wrong_tries: is missing"),
        ("late_grace_days: 3", "1: 3", "line 5: 1: "),
        ("late_grace_days: 3", "version: 3", "line 5: version is not set here"),
        ("late_grace_days: 3", "marketplaces: {}", "line 5: marketplaces is not set here"),
        # wrong types
        ("late_grace_days: 3", "late_grace_days: three", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days: 3.5", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days:", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days: [3]", "line 5: late_grace_days: a whole number"),
        ("[express, sea]", "express", "line 20: intercept: a list such as"),
        (
            "[express, sea]",
            "[rocket]",
            "line 20: intercept.0: rocket is not known here, allowed are express, air, sea or post",
        ),
        (
            "{wrong_tries: 5, within_minutes: 15}",
            "often",
            "line 1: identity: lines of `key: value`",
        ),
        (
            "{ladder: [return, person]}",
            "[return]",
            f"line {LAST}: problems.refund_request: lines of",
        ),
        (
            "damaged_item:\n",
            "damaged_item:\n    ask_photo: maybe\n",
            "line 23: problems.damaged_item.ask_photo: true or false",
        ),
        # numbers and ladders
        (
            "percent: 5",
            "percent: 101",
            "line 24: problems.damaged_item: discount_percent is 101, allowed is 0 to 100",
        ),
        ("percent: 5", "percent: -5", "allowed is 0 to 100"),
        ("percent: 5", "percent: .nan", "line 24: problems.damaged_item.discount_percent: a plain"),
        ("percent: 5", "percent: 0", "so discount_percent must be above 0"),
        ("[return, person]", "[]", f"line {LAST}: problems.refund_request: ladder is empty"),
        ("[return, person]", "[person]", f"line {LAST}: problems.refund_request: ladder is empty"),
        ("[return, person]", "[[person]]", "ladder is empty"),
        ("[return, person]", "[return, return, person]", "ladder names a remedy twice"),
        ("[return, person]", "[[return], [return], [person]]", "ladder names a remedy twice"),
        (
            "[return, person]",
            "[voucher, person]",
            f"line {LAST}: problems.refund_request.ladder: voucher is no remedy of a ladder, "
            "allowed are discount, coupon, replacement, exchange, return, refund, cancellation, "
            "intercept and, at its end, person",
        ),
        (
            "  refund_request: {ladder: [return, person]}",
            "  refund_request:\n    ladder:\n      - [return]\n      - [refnd]\n      - [person]",
            f"line {LAST + 3}: problems.refund_request.ladder: refnd is no remedy of a ladder",
        ),
        ("[return, person]", "[address_change, person]", "address_change is no remedy of a"),
        ("[return, person]", "[{return: 1}, person]", "is no remedy of a ladder, allowed"),
        ("[return, person]", "[coupon, person]", "offers a coupon, so coupon must be set"),
        (
            "[return, person]",
            "[return, person], first_discount_percent: 3",
            "first_discount_percent must be above 0 and below the other",
        ),
        ("[return, person]", "return", "problems.refund_request.ladder: a list such as"),
        *(
            (
                "[return, person]",
                ladder,
                f"line {LAST}: problems.refund_request.ladder has no end: its last step must be "
                "person, who decides when nothing suited",
            )
            for ladder in ("[return]", "[[return]]", "[[return], [refund]]", "[[person], return]")
        ),
        *(
            (
                "[return, person]",
                ladder,
                f"line {LAST}: problems.refund_request.ladder names person before its end",
            )
            for ladder in ("[person, return, person]", "[[return, person], [person]]")
        ),
        (
            "{ladder: [return, person]}",
            "{ladder: [return, person], before_arrival: [return]}",
            "problems.refund_request.before_arrival has no end",
        ),
        (
            "{ladder: [return, person]}",
            "{ladder: [return, person], ladders: {wholesale: [return]}}",
            "problems.refund_request.ladders.wholesale has no end",
        ),
        (
            "{ladder: [return, person]}",
            "{ladder: [return, person], ladders: {martians: [return, person]}}",
            "ladders.martians is no buyer type and no country group, allowed are retail, wholesale",
        ),
        (
            "{ladder: [return, person]}",
            "{ladder: [return, person], ladders: [return]}",
            "problems.refund_request.ladders: lines of `key: value`",
        ),
        (
            "late_grace_days: 3",
            "late_grace_days: 61",
            "line 5: late_grace_days is 61, allowed is 0",
        ),
        ("late_grace_days: 3", "late_grace_days: " + "9" * 300, "allowed is 0 to 60"),
        # problems
        (
            "  refund_request: {ladder: [return, person]}\n",
            "",
            "line 21: problems lacks refund_request",
        ),
        (
            "  refund_request:",
            "  cancel_it: {ladder: [refund, person]}\n  refund_request:",
            f"line {LAST}: problems.cancel_it: is not known here, allowed are cancel_order, ",
        ),
        # groups of countries, hours, coupon
        (
            "complaint_within_hours: 24",
            MORE + "country_groups: {near: [DE, Austria]}",
            "line 20: country_groups.near: Austria is not a country code such as DE",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "return_to: {near: Hall 4}",
            "line 20: return_to.near is no country group, allowed are default",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "packed_by_warehouse: [near]",
            "line 20: packed_by_warehouse.near is no country group, allowed are default",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "country_groups: {retail: [DE]}",
            "country_groups.retail is not free as a name",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "needs_approval: [gift]",
            "line 20: needs_approval.0: gift is not",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {timezone: Europe/Bärlin, open: {mon: 09:00-18:00}}",
            "is not known, write one such as Europe/Berlin",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours:\n  timezone: Europe/Berlin\n  open:\n    mon: 9-18",
            "line 23: business_hours: open.mon is '9-18', allowed is such as 09:00-18:00",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {timezone: Europe/Berlin, open: {monday: 09:00-18:00}}",
            "open.monday is no day, allowed are mon, tue",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {timezone: Europe/Berlin, open: {mon: 9}}",
            "line 20: business_hours.open.mon: a text is expected; put it in quotes",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {timezone: UTC, open: {mon: 09:00-18:00}, closed_on: [x]}",
            "line 20: business_hours.closed_on.0: a day such as 2026-12-24 is expected",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "coupon: {percent: 110, valid_days: 90}",
            "line 20: coupon: percent is 110, allowed is 0 to 100",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "coupon: {percent: 10, valid_day: 90}",
            "allowed are percent, valid_days, on_request; did you mean valid_days?",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "faq: {gifts: {en: No.}}",
            "line 20: faq.gifts is not known",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "faq: {product: {english: No.}}",
            "faq.product.english is no lang",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "faq: {product: {en: ''}}",
            "faq.product.en is empty",
        ),
        # every part names what it knows
        (
            "  buyer_days: 30",
            "  buyer_dys: 30",
            "line 14: caps.buyer_dys: is not known here, allowed",
        ),
        (
            "  buyer_days: 30",
            "  days: 30",
            "allowed are per_remedy, per_order, per_buyer, per_store",
        ),
        (
            "{remedies: 3",
            "{gifts: 3",
            "line 16: bad_faith.gifts: is not known here, allowed are rem",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "coupon: {percent: 5, days: 9}",
            "coupon.days: is not known here, allowed are percent, valid_days, on_request",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {zone: UTC, open: {mon: 09:00-18:00}}",
            "business_hours.zone: is not known here, allowed are timezone, open, closed_on",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "business_hours: {timezone: Mars/Crater, open: {mon: x}}",
            "timezone 'Mars/Crater' is not known, write one such as Europe/Berlin",
        ),
        # the desk
        (
            "complaint_within_hours: 24",
            MORE + "count_in_business_hours: [tickets]",
            "line 20: count_in_business_hours.0: tickets is not known here, allowed are complaint",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "count_in_business_hours: [ticket]",
            "line 20: count_in_business_hours names ticket, so business_hours must be set",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "desk: {warn_before_hours: 100}",
            "line 20: desk: warn_before_hours is 100, allowed is 0 to 72",
        ),
        # percentages
        (
            "complaint_within_hours: 24",
            MORE + "coupon: {percent: 101, valid_days: 9}",
            "line 20: coupon: percent is 101, allowed is 0 to 100",
        ),
        (
            "    discount_percent: 5",
            "    discount_percent: 5\n    first_discount_percent: 101",
            "line 25: problems.damaged_item: first_discount_percent is 101, allowed is 0 to 100",
        ),
        # caps
        (
            "  per_order: {EUR: 400}",
            "  per_order: {JPY: 400}",
            "per_order lacks EUR, which per_rem",
        ),
        ("  buyer_days: 30", "  buyer_days: 0", "line 14: caps: buyer_days is 0, allowed is 1 to"),
        ("  per_order: {EUR: 400}\n", "", "caps.per_order: is missing"),
        # the desk
        (
            "complaint_within_hours: 24",
            MORE + "desk: {limits: {owner: {EUR: 1}}, four_eyes_above: {EUR: 2}}",
            "line 20: desk: limits.owner is no role with a limit, allowed are agent, lead",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "desk: {limits: {agent: {EUR: 1, USD: 1}}, four_eyes_above: {EUR: 2}}",
            "line 20: desk: four_eyes_above lacks USD, which limits has",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "desk: {limits: {agent: {EUR: 1.001}}, four_eyes_above: {EUR: 2}}",
            "desk: limits.agent.EUR is 1.001, allowed are 2 decimals",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "desk: {limit: {agent: {EUR: 1}}}",
            "desk.limit: is not known here, allowed are limits, four_eyes_above, "
            "warn_before_hours; did you mean",
        ),
        (
            "complaint_within_hours: 24",
            MORE + "desk: {limits: {agent: 100}}",
            "desk.limits.agent: lines of `key: value` are expected",
        ),
        # amounts
        ("    EUR: 250", "    EUR: .nan", "line 11: caps.per_remedy.EUR: a plain number"),
        ("    EUR: 250", "    EUR: .inf", "line 11: caps.per_remedy.EUR: a plain number"),
        ("    EUR: 250", "    EUR: -.inf", "line 11: caps.per_remedy.EUR: a plain number"),
        ("    EUR: 250", "    EUR: -1", "line 11: caps: per_remedy.EUR is -1, allowed is 0"),
        ("    EUR: 250", "    EUR: ten", "line 11: caps.per_remedy.EUR: a number"),
        ("    EUR: 250", "    EUR: true", "line 11: caps.per_remedy.EUR: a number"),
        ("    EUR: 250", "    EUR: 2.505", "line 11: caps: per_remedy.EUR is 2.505, allowed"),
        ("    EUR: 250", "    JPY: 250.5", "is 250.5, allowed are 0 decimals"),
        ("    EUR: 250", "    eur: 250", "caps: per_remedy.eur is not a currency"),
        ("    EUR: 250", "    Euro: 250", "not a currency code such as EUR"),
        ("    EUR: 250", "    - 250", "line 10: caps.per_remedy: lines of `key: value`"),
        # YAML
        (
            "late_grace_days: 3",
            "late_grace_days: 3\nlate_grace_days: 4",
            'line 6: found duplicate key "late_grace_days", write it once',
        ),
        ("late_grace_days: 3", "late_grace_days: [3", "line 6"),
        ("late_grace_days: 3", "late_grace_days 3", "line 6"),
        (
            "late_grace_days: 3",
            "\tlate_grace_days: 3",
            "line 5: found character '\\t' that cannot start any token: a tab",
        ),
        ("late_grace_days: 3", "late_grace_days: 2026-99-99", "month must be in 1..12"),
        ("late_grace_days: 3", "late_grace_days: 3\n---\na: 1", "another document"),
        ("late_grace_days: 3", "late_grace_days: \x00", "special characters are not allowed"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_is_allowed(
    write: Write, old: str, new: str, said: str
) -> None:
    """
    File and line, so that the seller finds it; what is allowed, so that they can mend it.
    """
    assert old in SELLER
    message = broken(write(SELLER.replace(old, new, 1)))

    assert message.startswith("seller.yml")
    assert said in message
    assert all(len(line) < 1000 for line in message.splitlines())


def test_what_people_at_the_desk_may_give(write: Write) -> None:
    """
    By role and currency; without a word of it only an owner decides.
    """
    desk = "desk: {limits: {agent: {EUR: 99.50}, lead: {}}, four_eyes_above: {EUR: 1000}}"
    rules = load_rulebook(write(SELLER.replace(MORE, f"{MORE}{desk}\n")))

    assert rules.desk.limits == {"agent": {"EUR": Decimal("99.50")}, "lead": {}}
    assert rules.desk.four_eyes_above == {"EUR": Decimal(1000)}
    assert load_rulebook(write()).desk.limits == {}


@pytest.mark.parametrize(
    ("desk", "advice"),
    [
        ("{}", "desk.limits is not written: only an owner decides about remedies at the desk"),
        (
            "{limits: {agent: {EUR: 9}}, four_eyes_above: {EUR: 9}}",
            "desk.limits.lead lacks EUR: what a lead may give in it is nothing",
        ),
        (
            "{limits: {agent: {EUR: 9}, lead: {EUR: 8}}, four_eyes_above: {EUR: 9}}",
            "desk.limits.agent.EUR is more than a lead's, 9 > 8",
        ),
    ],
)
def test_limits_that_nobody_may_have_meant(write: Write, desk: str, advice: str) -> None:
    """
    No mistake, but worth a look.
    """
    rules = load_rulebook(write(SELLER.replace(MORE, f"{MORE}desk: {desk}\n")))

    assert advice in find_advice(rules)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just words", "42", "null"])
def test_a_file_must_hold_keys_and_values(write: Write, text: str) -> None:
    """
    An empty file or a list is none.
    """
    assert "line 1: lines of `key: value` are expected" in broken(write(text))


def test_a_file_in_another_encoding_is_named(write: Write) -> None:
    """
    With the byte, which an editor can go to.
    """
    said = broken(write("# Müller\n".encode("latin-1") + SELLER.encode()))

    assert said == "seller.yml: not UTF-8 at byte 3. Save it as UTF-8."


def test_a_missing_file_is_named(write: Write, tmp_path: Path) -> None:
    """
    One of a marketplace's files is as needed as the seller's.
    """
    folder = write()
    (folder / "marketplaces" / "amazon.yml").unlink()
    assert broken(folder) == "marketplaces/amazon.yml: No such file or directory. Restore the file."

    shutil.rmtree(folder)
    assert broken(folder).startswith("seller.yml: No such file")
    assert broken(folder).endswith("shop.yml: No such file or directory. Restore the file.")


def test_a_folder_in_a_files_place_is_named(write: Write) -> None:
    """
    Whatever cannot be read is said, not only what is missing.
    """
    folder = write()
    (folder / "seller.yml").unlink()
    (folder / "seller.yml").mkdir()

    assert broken(folder) == "seller.yml: Is a directory. Restore the file."


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("name: Wish", "wish.yml, line 1: front_desk: is missing"),
        ("name: Wish\nfront_desk: ''", "wish.yml, line 2: front_desk is empty"),
        (
            "name: Wish\nfront_desk: the app\ndesk: x",
            "wish.yml, line 3: desk: is not known here, allowed are name, front_desk, front",
        ),
        (
            "name: Wish\nfront_desk: the app\nfront_desk_url: http://a.example",
            "wish.yml, line 3: front_desk_url must start with https://",
        ),
        (
            "name: Wish\nfront_desk: the app\nclocks: {hours: 3}",
            "wish.yml, line 3: clocks.hours: is not known here, allowed are hand_over_days, tra",
        ),
        (
            "name: Wish\nfront_desk: the app\nmarks: {stars: 3}",
            "wish.yml, line 3: marks.stars: is not known here, allowed are valid_tracking_at_le",
        ),
        (
            "name: Wish\nfront_desk: the app\nclocks: {complaint_hours: 0}",
            "wish.yml, line 3: clocks: complaint_hours is 0, allowed is 1 to 1000",
        ),
        (
            "name: Wish\nfront_desk: the app\nmay_offer: [voucher]",
            "wish.yml, line 3: may_offer.0: voucher is not known here, allowed are discount,",
        ),
        ("name: [Wish]\nfront_desk: the app", "wish.yml, line 1: name: "),
    ],
)
def test_a_marketplaces_mistake_names_its_own_file(write: Write, wish: str, said: str) -> None:
    """
    The seller has five files to look into.
    """
    assert said in broken(write(wish=wish))


ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        ALIAS_BOMB + SELLER.replace("[return, person]", "*j"),
        SELLER.replace("problems:", "problems: &p").replace("[return, person]", "*p"),
        "a: " + "[" * 5000,
        "a: " + "{a: " * 5000,
        "? " * 3000,
        "a: " + "- " * 3000,
        SELLER.replace("days: 3", "days: 3" + "0" * 100_000),
        SELLER.replace("EUR: 250", "EUR: 1e999999999"),
        SELLER.replace("EUR: 250", 'EUR: "1e999999999"'),
        SELLER.replace("percent: 5", 'percent: "1e-999999999"'),
    ],
    ids=["aliases", "itself", "lists", "maps", "keys", "dashes", "digits", "float", "big", "small"],
)
def test_a_bomb_is_refused_at_once(write: Write, text: str) -> None:
    """
    What would grow without end is not built: no alias is followed, nothing nests deeply.
    """
    folder = write(text)
    began = time.process_time()

    assert all(len(line) < 1000 for line in broken(folder).splitlines())
    assert time.process_time() - began < 5


def test_all_mistakes_are_told_at_once(write: Write) -> None:
    """
    Of all files, the seller's first; a misspelt key is not told as a missing one as well.
    """
    seller = (
        SELLER.replace("late_grace_days: 3", "late_grace_dys: 3")
        .replace("percent: 5", "percent: 101")
        .replace("[return, person]", "[voucher]")
        .replace("hand_off_after_misses: 2\n", "")
    )
    said = broken(write(seller, wish="name: Wish\nfront_desk: the app\ndesk: x")).splitlines()

    assert [line.partition(": ")[0] for line in said] == [
        "seller.yml, line 4",
        "seller.yml, line 23",
        "seller.yml, line 1",
        f"seller.yml, line {LAST - 1}",
        f"seller.yml, line {LAST - 1}",
        "... and 1 more.",
    ]
    assert "did you mean late_grace_days?" in said[0]
    assert not any("late_grace_days: is missing" in line for line in said)
    assert any("hand_off_after_misses: is missing" in line for line in said)


def test_a_huge_file_is_refused_unread(write: Write) -> None:
    """
    Somebody has saved something else there.
    """
    said = broken(write(SELLER + "# " + "x" * 200_000))

    assert said == "seller.yml: larger than 128 KiB, which no rulebook is"


STORE = "faq:\n  shipping:\n    en: Within two days.\n"


def test_a_store_answers_otherwise(write: Write) -> None:
    """
    Its file is named by its id, and is part of the version.
    """
    folder = write()
    before = load_rulebook(folder).version
    (folder / "stores").mkdir()
    (folder / "stores" / "clay.yml").write_text(STORE)
    rules = load_rulebook(folder)

    assert rules.answer("shipping", "clay", "en") == "Within two days."
    assert rules.answer("shipping", "other", "en") == ""
    assert rules.version != before
    (folder / "stores" / "clay.yml").rename(folder / "stores" / "wood.yml")
    assert load_rulebook(folder).version != rules.version


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fqa: {}", "line 1: fqa: is not known here, allowed are faq; did you mean faq?"),
        ("faq:\n  gifts: {en: x}", "line 2: faq.gifts is not known, allowed are shipping"),
        ("", "line 1: lines of `key: value` are expected"),
        ("faq:\n  shipping: soon", "line 2: faq.shipping: lines of `key: value`"),
    ],
)
def test_a_stores_mistake_names_its_own_file(write: Write, text: str, said: str) -> None:
    """
    As those of the marketplaces do.
    """
    folder = write()
    (folder / "stores").mkdir()
    (folder / "stores" / "clay.yml").write_text(text)

    assert broken(folder).startswith("stores/clay.yml, ")
    assert said in broken(folder)


def test_one_line_for_strangers_names_no_folder(write: Write) -> None:
    """
    The health page is public.
    """
    folder = write(SELLER.replace("late_grace_days: 3", "late_grace_days: 99"))
    with pytest.raises(BrokenRulebook) as error:
        load_rulebook(folder)

    in_short = error.value.mistakes[0].in_short
    assert in_short == "seller.yml, line 5: late_grace_days is 99, allowed is 0 to 60"

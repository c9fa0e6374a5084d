"""Which remedies may be offered: examples of each check, and what holds for every order."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.cases import Case
from bot.casework.limits import CouponRules
from bot.casework.money import Money
from bot.casework.orders import (
    Fulfilment,
    History,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    ShipMode,
)
from bot.casework.problems import ProblemRules, Rounds
from bot.casework.refusals import RefusalReason
from bot.casework.remedies import (
    CHANGES,
    AddressChange,
    Cancellation,
    Granted,
    ItemChange,
    Refund,
    Remedy,
    RemedyKind,
)
from bot.casework.rulebook import Rulebook
from bot.playbooks.checks import (
    check_caps,
    check_remedy,
    last_day_to_return,
    pieces_to_resend,
    pieces_to_send,
    worth_of,
)
from bot.playbooks.ladder import affected, build_remedies
from tests.factories import (
    ALL_WAYS,
    NOW,
    TODAY,
    a_case,
    a_lamp,
    a_line,
    a_parcel,
    a_refund,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    granted,
    the_caps,
    the_rulebook,
    with_ladder,
)

KINDS = tuple(kind for kind in RemedyKind if kind not in CHANGES)
"""What a ladder may name."""
DELIVERED, SHIPPED = OrderStatus.DELIVERED, OrderStatus.SHIPPED


def offered(case: Case, order: Order, rules: Rulebook | None = None) -> list[RemedyKind]:
    """Kinds of the remedies that the case's playbook may offer."""
    return [remedy.kind for remedy in options(case, order, rules)]


def options(case: Case, order: Order, rules: Rulebook | None = None) -> tuple[Remedy, ...]:
    """Those remedies."""
    return build_remedies(case.playbook, case, order, rules or the_rulebook(), TODAY)[0]


# Damaged and wrong goods


@pytest.mark.parametrize("price", ["20", "40"])
def test_cheap_goods_are_refunded_without_coming_back(price: str) -> None:
    """
    Return and restocking cost more than a mug is worth; up to the rulebook's limit, to the cent.
    """
    order = an_order(lines=(a_line(unit_price=eur(price)),))

    assert offered(a_case(), order) == ["discount", "replacement", "refund"]


def test_dear_goods_come_back_before_they_are_refunded() -> None:
    """
    Above the rulebook's worth, a refund waits for the goods.
    """
    order = an_order(lines=(a_line(unit_price=eur("40.01")),))

    assert offered(a_case(), order) == ["discount", "replacement", "return"]


def test_the_order_of_the_ladder_is_kept() -> None:
    """
    The seller wrote it, cheapest acceptable first.
    """
    rules = with_ladder("damaged_item", RemedyKind.REFUND, RemedyKind.REPLACEMENT)

    assert offered(a_case(), an_order(), rules) == ["refund", "replacement"]


def test_terms_are_exact() -> None:
    """
    Two of three mugs: five percent of their price, or two mugs, or their price.
    """
    order = an_order(lines=(a_line(quantity=3, unit_price=eur("9.99")),))
    discount, replacement, refund = options(a_case(quantity=2), order)

    assert discount.amount == eur("1.00")
    assert (replacement.quantity, replacement.amount) == (2, None)
    assert (refund.quantity, refund.amount) == (2, eur("19.98"))


def test_every_rule_that_was_asked_is_written_down() -> None:
    """
    With the numbers that were compared, for the ledger.
    """
    order = an_order(lines=(a_line(stock=0, unit_price=eur("300")),))
    rules = build_remedies("damaged_item", a_case(), order, the_rulebook(), TODAY)[1]

    assert [(rule.name, rule.held, rule.compared) for rule in rules] == [
        ("ladder.default", True, "buyer_type retail, country_group default"),
        ("discount", True, "1500 EUR"),
        ("within_limit.discount", True, "per_remedy: 1500 <= 25000"),
        ("replacement.out_of_stock", False, "MUG-1: 0 < 1"),
        ("return", True, "30000 EUR"),
        ("return.over_limit", False, "per_remedy: 0 + 30000 > 25000"),
        ("refund.worth_too_much", False, "30000 > 4000"),
    ]


def test_a_currency_without_caps_needs_a_person_for_everything() -> None:
    """
    Nobody decided how much, in money or in goods: it is offered, and a person has to approve it.
    """
    order = an_order(lines=(a_line(unit_price=Money(2000, "TRY")),))
    remedies = options(a_case(), order)

    assert [remedy.kind for remedy in remedies] == ["discount", "replacement", "return"]
    for remedy in remedies:
        over = check_caps(remedy, order, the_rulebook())
        assert over
        assert over.reason is RefusalReason.OVER_LIMIT


def test_a_discount_of_nothing_is_not_offered() -> None:
    """
    Five percent of nine cents are none.
    """
    order = an_order(lines=(a_line(unit_price=eur("0.09")),))

    assert "discount" not in offered(a_case(), order)


def test_who_paid_less_gets_no_more_back() -> None:
    """
    A mug of 20 euros for which 18 were paid.
    """
    order = an_order(payments=(Payment(amount=eur("18"), paid_at=NOW),))
    refund = options(a_case(), order)[-1]

    assert refund == a_refund(amount=eur("18"))


def test_fewer_pieces_after_a_correction_are_the_most_that_is_made_good() -> None:
    """
    The shop corrected the order from three mugs to two while the case was open.
    """
    order = an_order(lines=(a_line(quantity=2),))
    case = a_case(quantity=3)

    assert affected(case, order) == (2, eur("40"))
    assert pieces_to_resend(options(case, order)[1], order) == ((order.lines[0], 2),)


# Checks


def refusal(remedy: Remedy, order: Order, rules: Rulebook | None = None) -> RefusalReason | None:
    """Why the bot may not do that."""
    found = check_remedy(remedy, order, rules or the_rulebook(), TODAY)

    return found.reason if found else None


def test_a_marketplace_settles_what_it_fulfils() -> None:
    """
    A seller who refunds such an order loses twice.
    """
    order = an_order_by_marketplace()

    assert refusal(a_refund(), order) is RefusalReason.MARKETPLACE_SETTLES
    assert offered(a_case(), order) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_made_good_twice(kind: RemedyKind) -> None:
    """
    Whatever stands for the line or the order, no second remedy comes on top.
    """
    for line_id in (1, None):
        order = an_order(granted=(granted(kind, line_id=line_id, amount=None),))

        assert refusal(a_refund(), order) is RefusalReason.ALREADY_REMEDIED
        assert offered(a_case(), order) == []


def test_another_line_is_made_good_on_its_own() -> None:
    """
    The lamp's remedy does not settle the mug; but the whole order can no more go back.
    """
    order = an_order(lines=(a_line(), a_lamp()), granted=(granted(line_id=2),))
    whole = Refund(order_id=3, amount=eur("10"))

    assert refusal(a_refund(), order) is None
    assert refusal(whole, order) is RefusalReason.ALREADY_REMEDIED


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("0", RefusalReason.NOTHING_TO_REFUND),
        ("20", None),
        ("20.01", RefusalReason.MORE_THAN_PAID),
    ],
)
def test_no_more_than_the_price_goes_back(amount: str, reason: RefusalReason | None) -> None:
    """
    To the cent.
    """
    assert refusal(a_refund(amount=eur(amount)), an_order()) is reason


@pytest.mark.parametrize(
    ("amount", "reason"), [("250", None), ("250.01", RefusalReason.OVER_LIMIT)]
)
def test_more_than_the_cap_needs_a_person(amount: str, reason: RefusalReason | None) -> None:
    """
    To the cent, too; it can be done, but not by the bot alone.
    """
    order = an_order(lines=(a_line(unit_price=eur("400")),))
    remedy = a_refund(amount=eur(amount))
    over = check_caps(remedy, order, the_rulebook())

    assert refusal(remedy, order) is None
    assert (over.reason if over else None) is reason


A_CHANGE = ItemChange(order_id=3, line_id=1, quantity=1, sku="MUG-1")
AN_ADDRESS = AddressChange(order_id=3, address="New Street 2")
PENDING = an_order(status=OrderStatus.PENDING)


@pytest.mark.parametrize("change", [A_CHANGE, AN_ADDRESS])
def test_an_order_is_changed_once(change: Remedy) -> None:
    """
    The rulebook says how often; a change of the other kind is counted by itself.
    """
    stands = granted(change.kind, line_id=change.line_id, amount=None)
    other = AN_ADDRESS if change is A_CHANGE else A_CHANGE
    changed = replace(PENDING, granted=(stands,))

    assert refusal(change, PENDING) is None
    assert refusal(change, changed) is RefusalReason.ALREADY_CHANGED
    assert refusal(other, changed) is None
    assert refusal(change, changed, the_rulebook(changes_before_shipping=2)) is None
    assert refusal(change, PENDING, the_rulebook(changes_before_shipping=0)) is (
        RefusalReason.ALREADY_CHANGED
    )


@pytest.mark.parametrize("change", [A_CHANGE, AN_ADDRESS])
@pytest.mark.parametrize("status", [SHIPPED, DELIVERED, OrderStatus.REFUSED])
def test_what_has_left_is_not_changed_any_more(change: Remedy, status: OrderStatus) -> None:
    """
    The parcel goes where it goes.
    """
    assert refusal(change, an_order(status=status)) is RefusalReason.ALREADY_SHIPPED


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_a_change_before_it_left_stands_in_nobodys_way(kind: RemedyKind) -> None:
    """
    Who had the address corrected may still get damaged goods made good, or cancel.
    """
    stands = (granted(kind, line_id=None, amount=None),)

    assert refusal(a_refund(), an_order(granted=stands)) is None
    cancel = Cancellation(order_id=3, amount=eur("20"))
    assert refusal(cancel, replace(PENDING, granted=stands)) is None


def test_after_a_cancellation_nothing_is_changed() -> None:
    """
    An order that is not sent has no address.
    """
    order = replace(PENDING, granted=(granted(RemedyKind.CANCELLATION, line_id=None),))

    assert refusal(AN_ADDRESS, order) is RefusalReason.ALREADY_REMEDIED


def test_more_pieces_of_a_changed_line_come_from_stock() -> None:
    """
    What the order holds is set aside for it already: five in stock are enough for six in all.
    """
    six = replace(A_CHANGE, quantity=6, surcharge=eur("100"))
    seven = replace(A_CHANGE, quantity=7, surcharge=eur("120"))

    assert refusal(six, PENDING) is None
    assert refusal(seven, PENDING) is RefusalReason.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("stock", "reason"),
    [
        (2, None),
        (1, RefusalReason.OUT_OF_STOCK),
        (0, RefusalReason.OUT_OF_STOCK),
        (None, RefusalReason.STOCK_UNKNOWN),
    ],
)
def test_new_goods_come_from_known_stock(stock: int | None, reason: RefusalReason | None) -> None:
    """
    Two are needed.
    """
    order = an_order(lines=(a_line(quantity=2, stock=stock),))
    rules = with_ladder("damaged_item", RemedyKind.REPLACEMENT)

    assert offered(a_case(), order, rules) == ([] if reason else ["replacement"])


def test_lines_of_one_product_share_its_stock() -> None:
    """
    Two lines of one mug each, and one mug left, for a whole order that is lost.
    """
    rules = with_ladder("late_delivery", RemedyKind.REPLACEMENT)
    case = a_case(playbook="late_delivery", line_id=None)
    lines = (a_line(stock=1), a_line(id=2, stock=1))

    assert offered(case, an_order(overdue=True, lines=lines), rules) == []
    assert offered(case, an_order(overdue=True, lines=lines[:1]), rules) == ["replacement"]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (OrderStatus.PENDING, {"discount", "coupon", "cancellation"}),
        (OrderStatus.PROCESSING, {"discount", "coupon", "cancellation"}),
        (
            SHIPPED,
            {"discount", "coupon", "replacement", "exchange", "return", "refund", "intercept"},
        ),
        (DELIVERED, {"discount", "coupon", "replacement", "exchange", "return", "refund"}),
        (OrderStatus.CANCELLED, set()),
    ],
)
def test_what_can_be_done_depends_on_where_the_goods_are(
    status: OrderStatus, kinds: set[str]
) -> None:
    """
    Only what has not left is cancelled, only what is under way is called back.
    """
    order = an_order(status=status, ship_mode=ShipMode.EXPRESS)
    rules = with_ladder("late_delivery", *KINDS, coupon=A_COUPON)

    assert set(offered(a_case(playbook="late_delivery"), order, rules)) == kinds


A_COUPON = CouponRules(percent=Decimal(10), valid_days=60)


def test_a_whole_order_is_not_exchanged() -> None:
    """
    An exchange is of one product; a seller may write it into a late order's ladder all the same.
    """
    rules = with_ladder("late_delivery", RemedyKind.EXCHANGE, RemedyKind.REPLACEMENT)
    case = a_case(playbook="late_delivery", line_id=None)

    assert offered(case, an_order(overdue=True), rules) == ["replacement"]


@pytest.mark.parametrize("mode", ShipMode)
def test_only_some_ways_can_be_called_back(mode: ShipMode) -> None:
    """
    The rulebook names them.
    """
    order = an_order(status=SHIPPED, ship_mode=mode)
    case = a_case(playbook="cancel_order", line_id=None)
    can = mode in (ShipMode.EXPRESS, ShipMode.SEA)

    assert offered(case, order) == (["intercept", "return"] if can else ["return"])


@pytest.mark.parametrize(("days", "kinds"), [(30, ["return"]), (31, [])])
def test_goods_come_back_within_their_time(days: int, kinds: list[str]) -> None:
    """
    Thirty days after delivery, the last one included.
    """
    parcel = a_parcel(delivered_at=days_ago(days))

    assert offered(a_case(playbook="refund_request"), an_order(parcel=parcel)) == kinds


def test_without_a_delivery_date_the_expected_day_counts() -> None:
    """
    A return must not be open for ever because a shop's file lacks a date.
    """
    order = an_order(parcel=None, placed_at=days_ago(200), promised_by=days_ago(190).date())

    assert last_day_to_return(order, the_rulebook()) == days_ago(160).date()
    assert offered(a_case(playbook="refund_request"), order) == []


def test_an_order_that_cost_nothing_can_be_cancelled() -> None:
    """
    A gift is stopped, too; the money to give back is none.
    """
    order = an_order(status=OrderStatus.PENDING, payments=())
    remedy = Cancellation(order_id=3, amount=order.left_to_refund())

    assert refusal(remedy, order) is None
    assert refusal(replace(remedy, amount=eur("1")), order) is RefusalReason.MORE_THAN_PAID


def test_a_discount_on_a_whole_order_is_one_on_its_goods() -> None:
    """
    A seller may write it into the ladder of a late delivery; shipping is no goods.
    """
    rules = with_ladder("late_delivery", RemedyKind.DISCOUNT)
    case = a_case(playbook="late_delivery", line_id=None)
    order = an_order(overdue=True, lines=(a_line(), a_lamp()), shipping_price=eur("20"))

    assert [remedy.amount for remedy in options(case, order, rules)] == [eur("4")]


# What holds for every order

CURRENCY = "EUR"
PRICES = st.integers(0, 40_000).map(lambda minor: Money(minor, CURRENCY))


@st.composite
def some_lines(draw: st.DrawFn) -> tuple[OrderLine, ...]:
    """One to four lines, some of the same product, whose stock they then share."""
    skus = st.sampled_from(["MUG", "LAMP", "CUP"])
    stock = {sku: draw(st.none() | st.integers(0, 6)) for sku in ("MUG", "LAMP", "CUP")}

    return tuple(
        a_line(
            id=line_id,
            sku=(sku := draw(skus)),
            quantity=draw(st.integers(1, 4)),
            unit_price=draw(PRICES),
            stock=stock[sku],
        )
        for line_id in range(1, draw(st.integers(1, 4)) + 1)
    )


@st.composite
def some_granted(draw: st.DrawFn, lines: tuple[OrderLine, ...]) -> tuple[Granted, ...]:
    """What stands already, some of it granted by a person and out of all proportion."""
    line_ids = st.sampled_from([None, *(line.id for line in lines)])
    one = st.builds(Granted, kind=st.sampled_from(KINDS), line_id=line_ids, amount=PRICES)

    return tuple(draw(st.lists(one, max_size=2)))


@st.composite
def some_order(draw: st.DrawFn) -> Order:
    """Any order: paid in full, in part or not at all, anywhere, with anything granted."""
    lines = draw(some_lines())
    delivered = draw(st.none() | st.integers(0, 90))
    paid = draw(st.lists(PRICES, max_size=2) | st.just([line.price for line in lines]))

    return an_order(
        lines=lines,
        status=draw(st.sampled_from(OrderStatus)),
        fulfilment=draw(st.sampled_from([Fulfilment.SELLER] * 4 + [Fulfilment.MARKETPLACE])),
        ship_mode=draw(st.sampled_from(ShipMode)),
        payments=tuple(Payment(amount=amount, paid_at=NOW) for amount in paid),
        parcel=None
        if delivered is None
        else a_parcel(delivered_at=NOW - timedelta(days=delivered)),
        granted=draw(st.just(()) | some_granted(lines)),
        history=History(to_buyer=draw(st.none() | PRICES), by_store_today=draw(st.none() | PRICES)),
    )


@st.composite
def some_rounds(draw: st.DrawFn) -> Rounds:
    """Some remedies in any order, cut into one to three rounds."""
    kinds = draw(st.permutations(KINDS))[: draw(st.integers(1, len(KINDS)))]
    cuts = sorted(draw(st.sets(st.integers(1, len(kinds)), max_size=2)))
    rounds = [kinds[a:b] for a, b in zip([0, *cuts], [*cuts, len(kinds)], strict=True)]

    return tuple(tuple(one) for one in rounds if one)


CAPS = ("per_remedy", "per_order", "per_buyer", "per_store_and_day")


@st.composite
def some_rulebook(draw: st.DrawFn) -> Rulebook:
    """Any ladders, limits and times."""
    amounts = st.dictionaries(
        st.just(CURRENCY), st.decimals(0, 500, places=2), min_size=draw(st.integers(0, 1))
    )
    percent = draw(st.decimals("0.01", 100, places=2))
    rules = ProblemRules(ladder=draw(some_rounds()), discount_percent=percent)
    caps = {name: {CURRENCY: draw(st.decimals(0, 500, places=2))} for name in CAPS}

    return the_rulebook(
        refund_without_return_up_to=draw(amounts),
        caps=the_caps(**caps),
        needs_approval=tuple(draw(st.sets(st.sampled_from(KINDS), max_size=1))),
        coupon=A_COUPON,
        return_within_days=draw(st.integers(0, 60)),
        intercept=tuple(draw(st.sets(st.sampled_from(ShipMode)))),
        problems=dict.fromkeys(PROBLEM_NAMES, rules),
    )


PROBLEM_NAMES = ("damaged_item", "wrong_item", "late_delivery", "refund_request", "cancel_order")


@st.composite
def some_case(draw: st.DrawFn, order: Order) -> Case:
    """A case of one line or of the whole order, with any number of pieces."""
    line_ids = [None, *(line.id for line in order.lines)]

    return a_case(
        playbook=draw(st.sampled_from(PROBLEM_NAMES)),
        line_id=draw(st.sampled_from(line_ids)),
        quantity=draw(st.none() | st.integers(1, 9)),
        round=draw(st.just(0) | st.integers(0, 3)),
    )


@given(st.data(), some_order(), some_rulebook())
def test_no_offer_is_ever_too_much(data: st.DataObject, order: Order, rules: Rulebook) -> None:
    """
    Never more money than is left of the line and of the order; never more goods than are in
    stock; never anything on a marketplace's order or twice; never a round before the case's own,
    nor remedies of two rounds at once; never beyond a cap without a person.
    """
    case = data.draw(some_case(order))
    allowed, looked_at = build_remedies(case.playbook, case, order, rules, TODAY)
    rounds = rules.problems[case.playbook].ladder[case.round :]
    kinds = [remedy.kind for remedy in allowed]
    passed = next((place for place, one in enumerate(rounds) if set(kinds) & set(one)), len(rounds))
    assert looked_at[0].name.startswith("ladder.")
    asked = [
        rule.name
        for rule in looked_at[1:]
        if not rule.name.endswith(BEYOND) and not rule.name.startswith("within_limit.")
    ]

    assert not kinds or kinds == [kind for kind in rounds[passed] if kind in kinds]
    assert [name.partition(".")[0] for name in asked] == [
        kind for one in rounds[: passed + 1] for kind in one
    ]
    assert not (allowed and rules.front_desk_settles(order))
    assert not (allowed and order.status is OrderStatus.CANCELLED)
    for remedy in allowed:
        assert remedy.order_id == order.id
        assert_money_is_there(remedy, order)
        assert_goods_are_there(remedy, order)
        assert_a_person_is_asked(remedy, order, rules)
        assert not any(
            remedy.line_id is None or stands.line_id in (None, remedy.line_id)
            for stands in order.granted
            if stands.settles
        )


BEYOND = (f".{RefusalReason.OVER_LIMIT}", f".{RefusalReason.NEEDS_APPROVAL}")


def assert_a_person_is_asked(remedy: Remedy, order: Order, rules: Rulebook) -> None:
    """Exactly for what the rulebook never leaves to the bot, and beyond any of its caps."""
    worth, caps, history = worth_of(remedy, order), rules.caps, order.history
    spent = {
        "per_remedy": 0,
        "per_order": _spent_on(order),
        "per_buyer": history.to_buyer.minor if history.to_buyer else 0,
        "per_store_and_day": history.by_store_today.minor if history.by_store_today else 0,
    }
    within = all(
        spent[name] + worth.minor <= rules.limit(getattr(caps, name), CURRENCY).minor
        for name in CAPS
    )
    alone = remedy.kind not in rules.needs_approval and (within or not worth.minor)

    assert (check_caps(remedy, order, rules) is None) is alone


def _spent_on(order: Order) -> int:
    spent = sum(stands.amount.minor for stands in order.granted if stands.amount)
    for stands in order.granted:
        if stands.kind is RemedyKind.REPLACEMENT and stands.line_id is None:
            spent += sum(line.price.minor for line in order.goods)
        elif stands.kind is RemedyKind.REPLACEMENT and stands.line_id is not None:
            line = order.line(stands.line_id)
            spent += line.unit_price.minor * (stands.quantity or line.quantity)

    return spent


@given(st.data(), some_order(), some_rulebook())
def test_what_was_taken_is_not_offered_again(
    data: st.DataObject, order: Order, rules: Rulebook
) -> None:
    """
    Case after case, remedy after remedy: what goes back in all stays within what was paid, and
    no line is made good twice.
    """
    order = replace(order, granted=())
    for _ in range(5):
        case = data.draw(some_case(order))
        allowed = build_remedies(case.playbook, case, order, rules, TODAY)[0]
        if not allowed:
            continue
        taken = data.draw(st.sampled_from(allowed))
        order = with_taken(order, taken)

        assert all(check_remedy(remedy, order, rules, TODAY) for remedy in allowed)
        assert build_remedies(case.playbook, case, order, rules, TODAY)[0] == ()

    assert order.money_back() <= order.paid
    settled = [stands.line_id for stands in order.granted]
    assert len(settled) == len(set(settled))
    assert None not in settled or len(settled) == 1
    assert all(line.stock is None or line.stock >= 0 for line in order.lines)


def with_taken(order: Order, remedy: Remedy) -> Order:
    """The order after that remedy: it stands, and its goods have left the stock."""
    stands = Granted(kind=remedy.kind, line_id=remedy.line_id, amount=remedy.amount)
    sent: Counter[str] = Counter()
    for sku, pieces in pieces_to_send(remedy, order):
        sent[sku] += pieces
    lines = tuple(
        line if line.stock is None else replace(line, stock=line.stock - sent[line.sku])
        for line in order.lines
    )

    return replace(order, lines=lines, granted=(*order.granted, stands))


def assert_money_is_there(remedy: Remedy, order: Order) -> None:
    """No more than is left; something, unless an order is only stopped."""
    if remedy.amount is None:
        assert remedy.kind in (RemedyKind.REPLACEMENT, RemedyKind.EXCHANGE)
        return
    assert remedy.amount <= order.left_to_refund()
    assert remedy.amount.minor or remedy.kind is RemedyKind.CANCELLATION
    if remedy.line_id is not None:
        assert remedy.amount <= order.left_to_refund(remedy.line_id)
        assert remedy.amount <= order.line(remedy.line_id).price


def assert_goods_are_there(remedy: Remedy, order: Order) -> None:
    """Of every product no more pieces than its stock, and no more than were ordered."""
    assert all(
        1 <= pieces <= line.quantity
        for line, pieces in (
            pieces_to_resend(remedy, order) if remedy.kind is RemedyKind.REPLACEMENT else ()
        )
    )
    wanted: Counter[str] = Counter()
    for sku, pieces in pieces_to_send(remedy, order):
        wanted[sku] += pieces
    stock = {line.sku: line.stock for line in order.lines}
    for sku, pieces in wanted.items():
        in_stock = stock[sku]
        assert in_stock is not None
        assert pieces <= in_stock


@given(some_order(), some_rulebook(), st.sampled_from(["damaged_item", "wrong_item"]))
def test_goods_in_the_buyers_hands_are_refunded_or_returned_by_their_worth(
    order: Order, rules: Rulebook, problem: str
) -> None:
    """
    A refund without return up to the rulebook's worth, a return only above it, never both.
    """
    case = a_case(playbook=problem)
    worth = rules.limit(rules.refund_without_return_up_to, CURRENCY)
    by_kind = {remedy.kind: remedy for remedy in options(case, order, rules)}

    if refund := by_kind.get(RemedyKind.REFUND):
        assert refund.amount is not None
        assert refund.amount <= worth
        assert RemedyKind.RETURN not in by_kind
    if back := by_kind.get(RemedyKind.RETURN):
        assert back.amount is not None
        assert worth < back.amount


def test_the_ladder_of_the_tests_is_worth_testing() -> None:
    """
    All four ways out of a damaged item can be reached.
    """
    cheap, dear = an_order(), an_order(lines=(a_line(unit_price=eur("100")),))

    assert {*offered(a_case(), cheap), *offered(a_case(), dear)} == set(ALL_WAYS)
    assert Decimal(5) == the_rulebook().problems["damaged_item"].discount_percent

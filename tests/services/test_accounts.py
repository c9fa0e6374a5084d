"""Accounts: one-time links, passwords, sessions, wrong tries, second factors, who may what."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.casework.accounts import (
    IDLE,
    LINK_LASTS,
    LONGEST_SESSION,
    MOST_TRIES_OF_EMAIL,
    MOST_TRIES_OF_IP,
    TRIES_COUNT_FOR,
)
from bot.casework.agents import Agent, Role
from bot.casework.audit import AuditFilter
from bot.casework.ports.units import Missing
from bot.services.accounts import (
    Change,
    Doer,
    do_add_agent,
    do_change_agent,
    do_set_password,
    list_agents,
)
from bot.services.audit import PAGE, search_audit
from bot.services.links import NewLink, check_link, do_make_link, do_make_owner_link, do_welcome
from bot.services.passwords import check_password
from bot.services.second_factor import do_confirm_totp, do_drop_totp, do_set_up_totp
from bot.services.signing_in import (
    SignedIn,
    check_own_password,
    digest,
    do_end_other_sessions,
    do_sign_in,
    do_sign_out,
    find_session,
    list_sessions,
)
from bot.services.turn_queue import NotAcceptable
from bot.store import tables
from tests.conftest import OpenShop
from tests.dialog import Shop
from tests.services.keys import PlainKeys, code_at

PASSWORD = "seven green bottles, standing"
OTHER = "eight blue bottles, fallen over"
IP = "192.0.2.7"
ROOT = Doer()


@pytest.fixture
def house(shop: OpenShop) -> Shop:
    """A shop without orders; its house is `.house`."""
    return shop()


@pytest.fixture
def keys() -> PlainKeys:
    """Passwords that cost nothing."""
    return PlainKeys()


def refused(work: Callable[[], object]) -> str:
    """The code of the refusal that the work ends in."""
    with pytest.raises(NotAcceptable) as refusal:
        work()

    return refusal.value.code


def an_agent(
    shop: Shop, keys: PlainKeys, role: Role = Role.AGENT, name: str = "Kim Stone"
) -> Agent:
    """Somebody with a password."""
    email = f"{name.split()[0].lower()}@shop.example"
    agent = do_add_agent(shop.house, email=email, name=name, role=role, by=ROOT)
    with shop.house.units() as unit:
        unit.accounts.set_password(agent.id, keys.hash(PASSWORD))

    return agent


def signs_in(
    shop: Shop,
    keys: PlainKeys,
    agent: Agent,
    password: str = PASSWORD,
    code: str = "",
    ip: str = IP,
) -> SignedIn:
    """The agent signs in."""
    return do_sign_in(shop.house, keys, agent.email, password, code, ip=ip)


def actions(shop: Shop) -> list[str]:
    """What the audit list tells, the oldest first."""
    return [str(row["action"]) for row in shop.rows(tables.audit)]


# The first owner


def test_the_first_owner(house: Shop, keys: PlainKeys):
    """
    A link without an agent makes one, and signs them in.
    """
    link = do_make_owner_link(house.house)
    assert link
    assert check_link(house.house, link.token).account is None

    signed_in = do_welcome(
        house.house, keys, link.token, PASSWORD, name=" Ann  Lee ", email="Ann@Shop.Example", ip=IP
    )

    assert signed_in.agent.role is Role.OWNER
    assert (signed_in.agent.name, signed_in.agent.email) == ("Ann Lee", "ann@shop.example")
    session = find_session(house.house, signed_in.token)
    assert session and session.account.agent == signed_in.agent
    assert signs_in(house, keys, signed_in.agent).agent == signed_in.agent
    assert actions(house)[:3] == ["agent.add", "agent.password", "agent.sign_in"]
    assert {row["who"] for row in house.rows(tables.audit)} == {"Ann Lee"}


def test_each_start_ends_the_links_of_those_before(house: Shop, keys: PlainKeys):
    """
    Only the latest owner link works, and none once there is anybody.
    """
    first, second = do_make_owner_link(house.house), do_make_owner_link(house.house)
    assert first and second
    assert refused(lambda: check_link(house.house, first.token)) == "wrong_link"

    an_agent(house, keys, Role.AGENT)

    assert do_make_owner_link(house.house) is None
    assert refused(lambda: welcome(house, keys, second)) == "wrong_link"


def welcome(shop: Shop, keys: PlainKeys, link: NewLink, password: str = PASSWORD) -> SignedIn:
    """Use a link."""
    return do_welcome(
        shop.house, keys, link.token, password, name="Ann Lee", email="ann@shop.example", ip=IP
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, "wrong_name"),
        ({"name": "\u200b \u202e"}, "wrong_name"),
        ({"name": "n" * 201}, "wrong_name"),
        ({"email": "ann"}, "wrong_email"),
        ({"email": "ann@shop"}, "wrong_email"),
        ({"email": "ann@shop.example, eve@evil.example"}, "wrong_email"),
        ({"email": "a\x00nn@shop.example"}, "wrong_email"),
        ({"email": "a" * 320 + "@shop.example"}, "wrong_email"),
        ({"password": "short"}, "weak_password"),
    ],
)
def test_a_refusal_leaves_the_link_as_it_was(house: Shop, keys: PlainKeys, fields, code):
    """
    Whoever mistypes tries again with the same link.
    """
    link = do_make_owner_link(house.house)
    assert link
    good = {"name": "Ann Lee", "email": "ann@shop.example", "password": PASSWORD}
    wrong = good | fields

    def use() -> SignedIn:
        given = dict(wrong)
        return do_welcome(house.house, keys, link.token, given.pop("password"), **given, ip=IP)

    assert refused(use) == code
    assert list_agents(house.house) == ()
    assert welcome(house, keys, link).agent.name == "Ann Lee"


# Links of agents


def test_a_link_works_once(house: Shop, keys: PlainKeys):
    """
    The second time it is as if it had never been.
    """
    agent = an_agent(house, keys)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    welcome(house, keys, link, OTHER)

    assert refused(lambda: welcome(house, keys, link)) == "wrong_link"
    assert refused(lambda: check_link(house.house, "never was")) == "wrong_link"
    assert signs_in(house, keys, agent, OTHER)


def test_a_link_ends_after_a_day(house: Shop, keys: PlainKeys):
    """
    To the second.
    """
    agent = an_agent(house, keys)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    house.now += LINK_LASTS - timedelta(seconds=1)
    assert check_link(house.house, link.token).account

    house.now += timedelta(seconds=1)
    assert refused(lambda: welcome(house, keys, link)) == "wrong_link"


def test_a_new_link_ends_the_older_ones(house: Shop, keys: PlainKeys):
    """
    Of the same agent, not of others.
    """
    kim, ann = an_agent(house, keys), an_agent(house, keys, name="Ann Lee")
    _, old = do_make_link(house.house, kim.id, by=ROOT)
    _, anns = do_make_link(house.house, ann.id, by=ROOT)
    _, new = do_make_link(house.house, kim.id, by=ROOT)

    assert refused(lambda: check_link(house.house, old.token)) == "wrong_link"
    assert check_link(house.house, new.token).account
    assert check_link(house.house, anns.token).account


def test_a_link_of_somebody_locked_out_is_dead(house: Shop, keys: PlainKeys):
    """
    And stays so when they are let in again.
    """
    agent = an_agent(house, keys)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    do_change_agent(house.house, agent.id, Change(disabled=True), by=ROOT)

    assert refused(lambda: welcome(house, keys, link)) == "wrong_link"
    assert refused(lambda: do_make_link(house.house, agent.id, by=ROOT)) == "disabled"
    do_change_agent(house.house, agent.id, Change(disabled=False), by=ROOT)
    assert refused(lambda: welcome(house, keys, link)) == "wrong_link"


def test_a_used_link_ends_all_sessions(house: Shop, keys: PlainKeys):
    """
    Whoever had the old password is out.
    """
    agent = an_agent(house, keys)
    before = signs_in(house, keys, agent)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    now = welcome(house, keys, link, OTHER)

    assert find_session(house.house, before.token) is None
    assert find_session(house.house, now.token)
    assert refused(lambda: signs_in(house, keys, agent, PASSWORD)) == "wrong_login"


# Sessions


def test_tokens_are_known_to_nobody_but_the_browser(house: Shop, keys: PlainKeys):
    """
    Who reads the database cannot sign in by it; nor does the log or the audit list tell.
    """
    agent = an_agent(house, keys)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    signed_in = welcome(house, keys, link, OTHER)
    stored = repr([house.rows(table) for table in tables.metadata.sorted_tables])

    for secret in (link.token, signed_in.token, OTHER):
        assert secret not in stored.replace(f"hash of {OTHER}", "")
        assert secret not in repr((link, signed_in, list_agents(house.house)))
    assert digest(signed_in.token) in stored


def test_every_session_has_a_token_of_its_own(house: Shop, keys: PlainKeys):
    """
    Long enough that nobody guesses one.
    """
    agent = an_agent(house, keys)
    tokens = {signs_in(house, keys, agent).token for _ in range(20)}

    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43


def test_a_session_slides_for_a_week(house: Shop, keys: PlainKeys):
    """
    It ends twelve hours after its last use, and seven days after its beginning.
    """
    agent = an_agent(house, keys)
    signed_in = signs_in(house, keys, agent)
    began = house.now
    while house.now + IDLE - timedelta(minutes=2) < began + LONGEST_SESSION:
        house.now += IDLE - timedelta(minutes=2)
        assert find_session(house.house, signed_in.token)
    house.now = began + LONGEST_SESSION
    assert find_session(house.house, signed_in.token) is None

    again = signs_in(house, keys, agent)
    house.now += IDLE
    assert find_session(house.house, again.token) is None


def test_signing_out(house: Shop, keys: PlainKeys):
    """
    Ends this session and no other; a second time does nothing.
    """
    agent = an_agent(house, keys)
    here, there = signs_in(house, keys, agent), signs_in(house, keys, agent)
    do_sign_out(house.house, here.token, ip=IP)
    do_sign_out(house.house, here.token, ip=IP)

    assert find_session(house.house, here.token) is None
    assert find_session(house.house, there.token)
    assert actions(house).count("agent.sign_out") == 1


def test_signing_in_ends_the_session_of_this_browser(house: Shop, keys: PlainKeys):
    """
    Nobody who knew its token is carried along.
    """
    agent = an_agent(house, keys)
    old = signs_in(house, keys, agent)
    do_sign_in(house.house, keys, agent.email, PASSWORD, ip=IP, old_token=old.token)

    assert find_session(house.house, old.token) is None


def test_other_sessions(house: Shop, keys: PlainKeys):
    """
    One sees them and ends them; one's own stays, and so do other people's.
    """
    kim, ann = an_agent(house, keys), an_agent(house, keys, name="Ann Lee")
    here = signs_in(house, keys, kim)
    house.now += timedelta(minutes=5)
    there, anns = signs_in(house, keys, kim), signs_in(house, keys, ann)
    assert [one.token_hash for one in list_sessions(house.house, kim)] == [
        digest(there.token),
        digest(here.token),
    ]

    assert do_end_other_sessions(house.house, kim, here.token, ip=IP) == 1

    assert find_session(house.house, there.token) is None
    assert find_session(house.house, here.token)
    assert find_session(house.house, anns.token)


# Wrong tries


def test_five_wrong_tries_lock_an_email(house: Shop, keys: PlainKeys):
    """
    For a quarter of an hour from the first of them on; the password is not even looked at.
    """
    agent = an_agent(house, keys)
    for _ in range(MOST_TRIES_OF_EMAIL):
        assert refused(lambda: signs_in(house, keys, agent, OTHER)) == "wrong_login"
        house.now += timedelta(minutes=1)
    looked = keys.looked

    with pytest.raises(NotAcceptable, match=r"Try again in 10 minutes\."):
        signs_in(house, keys, agent, ip="198.51.100.1")

    assert keys.looked == looked
    house.now += timedelta(minutes=10)
    assert signs_in(house, keys, agent)


def test_a_try_while_locked_does_not_lengthen_it(house: Shop, keys: PlainKeys):
    """
    Or somebody else could lock an agent out for ever at no cost.
    """
    agent = an_agent(house, keys)
    for _ in range(MOST_TRIES_OF_EMAIL):
        refused(lambda: signs_in(house, keys, agent, OTHER))
    for _ in range(14):
        house.now += timedelta(minutes=1)
        assert refused(lambda: signs_in(house, keys, agent)) == "too_many"

    house.now += timedelta(minutes=1)
    assert signs_in(house, keys, agent)


def test_twenty_wrong_tries_lock_an_address(house: Shop, keys: PlainKeys):
    """
    Whatever e-mails were tried from it; another address is free.
    """
    agent = an_agent(house, keys)
    for number in range(MOST_TRIES_OF_IP):
        email = f"{number}@shop.example"
        work = lambda email=email: do_sign_in(house.house, keys, email, PASSWORD, ip=IP)  # noqa: E731
        assert refused(work) == "wrong_login"

    assert refused(lambda: signs_in(house, keys, agent)) == "too_many"
    assert signs_in(house, keys, agent, ip="198.51.100.1")


def test_one_who_is_right_begins_anew(house: Shop, keys: PlainKeys):
    """
    Four slips and a success are no reason to count on.
    """
    agent = an_agent(house, keys)
    for _ in range(3):
        for _ in range(MOST_TRIES_OF_EMAIL - 1):
            refused(lambda: signs_in(house, keys, agent, OTHER))
        assert signs_in(house, keys, agent)


def test_somebody_elses_success_does_not_free_an_email(house: Shop, keys: PlainKeys):
    """
    An agent who guesses at a colleague's password stays counted.
    """
    kim, ann = an_agent(house, keys), an_agent(house, keys, name="Ann Lee")
    for _ in range(MOST_TRIES_OF_EMAIL):
        refused(lambda: signs_in(house, keys, ann, OTHER))
        signs_in(house, keys, kim)

    assert refused(lambda: signs_in(house, keys, ann)) == "too_many"


def test_unknown_costs_as_much_as_wrong(house: Shop, keys: PlainKeys):
    """
    One look at a password each time, also for nobody and for who is locked out.
    """
    kim, ann = an_agent(house, keys), an_agent(house, keys, name="Ann Lee")
    do_change_agent(house.house, ann.id, Change(disabled=True), by=ROOT)
    counts = []
    for email in (kim.email, ann.email, "nobody@shop.example", "no e-mail at all", ""):
        before = keys.looked
        work = lambda email=email: do_sign_in(house.house, keys, email, OTHER, ip=IP)  # noqa: E731
        assert refused(work) == "wrong_login"
        counts.append(keys.looked - before)

    assert counts == [1] * 5


def test_what_was_typed_in_vain_is_not_kept(house: Shop, keys: PlainKeys):
    """
    Somebody types a password into the wrong field; and old tries are swept away.
    """
    secret = "My.Secret.Password@2026.x"
    assert refused(lambda: do_sign_in(house.house, keys, secret, "x", ip=IP)) == "wrong_login"
    stored = repr([house.rows(table) for table in tables.metadata.sorted_tables])
    assert secret.lower() not in stored.lower()

    house.now += TRIES_COUNT_FOR + timedelta(seconds=1)
    refused(lambda: do_sign_in(house.house, keys, "a@b.example", "x", ip=IP))
    assert len(house.rows(tables.login_tries)) == 1


# Passwords


@pytest.mark.parametrize(
    "password",
    ["", "eleven chr!", "a" * 40, "ababababababab", "kim@shop.example", "KIM@SHOP.EXAMPLE ",
     "Kim   Stone-Rivers", "kimstonerivers", "x7" * 200],
)  # fmt: skip
def test_weak_passwords(password: str):
    """
    Short, monotonous, endless, or what everybody knows.
    """
    work = lambda: check_password(password, email="kim@shop.example", name="Kim Stone-Rivers")  # noqa: E731
    assert refused(work) == "weak_password"


@pytest.mark.parametrize(
    "password", ["seven green", "seven green b", "пароль из слов", "🔑🐢🌵🎺🍞🪣🧭🪁🛶🧊🪵🧵"]
)
def test_passwords_are_counted_in_signs(password: str):
    """
    Twelve of any alphabet do.
    """
    work = lambda: check_password(password, email="kim@shop.example", name="Kim")  # noqa: E731
    if len(password) < 12:
        assert refused(work) == "weak_password"
    else:
        work()


def test_a_new_password(house: Shop, keys: PlainKeys):
    """
    The old one is over, and so is every other session.
    """
    agent = an_agent(house, keys)
    here, there = signs_in(house, keys, agent), signs_in(house, keys, agent)
    assert refused(lambda: check_own_password(house.house, keys, agent, OTHER, ip=IP)) == (
        "wrong_password"
    )
    check_own_password(house.house, keys, agent, PASSWORD, ip=IP)
    do_set_password(house.house, keys, agent, OTHER, token=here.token, ip=IP)

    assert find_session(house.house, here.token)
    assert find_session(house.house, there.token) is None
    assert refused(lambda: signs_in(house, keys, agent)) == "wrong_login"
    assert signs_in(house, keys, agent, OTHER)


def test_guessing_ones_own_password_is_counted_too(house: Shop, keys: PlainKeys):
    """
    A session that somebody left open is no place to guess at ease.
    """
    agent = an_agent(house, keys)
    guess = lambda: check_own_password(house.house, keys, agent, OTHER, ip=IP)  # noqa: E731
    codes = [refused(guess) for _ in range(MOST_TRIES_OF_EMAIL + 1)]

    assert codes == ["wrong_password"] * MOST_TRIES_OF_EMAIL + ["too_many"]


# The second factor


def with_totp(shop: Shop, keys: PlainKeys, agent: Agent) -> str:
    """Switch the second factor on; its secret."""
    secret, address = do_set_up_totp(shop.house, keys, agent, ip=IP)
    assert address.startswith("otpauth://totp/Makegood:")
    do_confirm_totp(shop.house, keys, agent, code_at(secret, shop.now), ip=IP)

    return secret


def test_a_code_beside_the_password(house: Shop, keys: PlainKeys):
    """
    Asked for only once the password is right.
    """
    agent = an_agent(house, keys)
    secret = with_totp(house, keys, agent)
    house.now += timedelta(minutes=1)

    assert refused(lambda: signs_in(house, keys, agent, OTHER)) == "wrong_login"
    assert refused(lambda: signs_in(house, keys, agent)) == "code_needed"
    assert refused(lambda: signs_in(house, keys, agent, code="000000")) == "wrong_code"
    assert refused(lambda: signs_in(house, keys, agent, code="ümlaut")) == "wrong_code"
    code = code_at(secret, house.now)
    assert signs_in(house, keys, agent, code=f"{code[:3]} {code[3:]}")


def test_a_code_is_good_once(house: Shop, keys: PlainKeys):
    """
    Who looked over a shoulder comes too late; nor does an older one do after a newer.
    """
    agent = an_agent(house, keys)
    secret = with_totp(house, keys, agent)
    confirmed = code_at(secret, house.now)
    assert refused(lambda: signs_in(house, keys, agent, code=confirmed)) == "wrong_code"

    house.now += timedelta(minutes=2)
    ahead, now = code_at(secret, house.now, 1), code_at(secret, house.now)
    assert signs_in(house, keys, agent, code=ahead)
    assert refused(lambda: signs_in(house, keys, agent, code=ahead)) == "wrong_code"
    assert refused(lambda: signs_in(house, keys, agent, code=now)) == "wrong_code"


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phones_clock_may_be_a_little_off(house: Shop, keys: PlainKeys, steps: int, good: bool):
    """
    By one step.
    """
    agent = an_agent(house, keys)
    secret = with_totp(house, keys, agent)
    house.now += timedelta(minutes=10)
    work = lambda: signs_in(house, keys, agent, code=code_at(secret, house.now, steps))  # noqa: E731

    if good:
        assert work()
    else:
        assert refused(work) == "wrong_code"


def test_codes_cannot_be_guessed(house: Shop, keys: PlainKeys):
    """
    Also not by asking in between for the code to be asked for, which forgets no wrong one.
    """
    agent = an_agent(house, keys)
    with_totp(house, keys, agent)
    for _ in range(MOST_TRIES_OF_EMAIL):
        assert refused(lambda: signs_in(house, keys, agent, code="123456")) == "wrong_code"
        if len(house.rows(tables.login_tries)) < MOST_TRIES_OF_EMAIL:
            assert refused(lambda: signs_in(house, keys, agent)) == "code_needed"

    assert refused(lambda: signs_in(house, keys, agent)) == "too_many"


def test_a_secret_counts_only_once_it_is_confirmed(house: Shop, keys: PlainKeys):
    """
    Who never read the QR code is not locked out.
    """
    agent = an_agent(house, keys)
    do_set_up_totp(house.house, keys, agent, ip=IP)
    assert (
        refused(lambda: do_confirm_totp(house.house, keys, agent, "000000", ip=IP)) == "wrong_totp"
    )
    assert signs_in(house, keys, agent)

    secret, _ = do_set_up_totp(house.house, keys, agent, ip=IP)
    do_confirm_totp(house.house, keys, agent, code_at(secret, house.now), ip=IP)
    assert refused(lambda: do_set_up_totp(house.house, keys, agent, ip=IP)) == "totp_on"
    again = lambda: do_confirm_totp(house.house, keys, agent, code_at(secret, house.now), ip=IP)  # noqa: E731
    assert refused(again) == "totp_not_shown"


def test_switched_off(house: Shop, keys: PlainKeys):
    """
    By oneself, or with a new link for somebody who lost their phone.
    """
    agent = an_agent(house, keys)
    with_totp(house, keys, agent)
    do_drop_totp(house.house, agent, ip=IP)
    assert signs_in(house, keys, agent)

    house.now += timedelta(minutes=2)
    with_totp(house, keys, agent)
    do_make_link(house.house, agent.id, drop_totp=True, by=ROOT)
    assert signs_in(house, keys, agent)


def test_a_link_does_not_go_around_the_second_factor(house: Shop, keys: PlainKeys):
    """
    It asks for a code as well, as often as signing in does.
    """
    agent = an_agent(house, keys)
    secret = with_totp(house, keys, agent)
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    house.now += timedelta(minutes=2)

    def use(code: str) -> SignedIn:
        return do_welcome(house.house, keys, link.token, OTHER, code=code, ip=IP)

    assert refused(lambda: use("")) == "code_needed"
    assert refused(lambda: use("000000")) == "wrong_code"
    assert refused(lambda: use(code_at(secret, house.now, 5))) == "wrong_code"
    assert use(code_at(secret, house.now)).agent == agent
    _, link = do_make_link(house.house, agent.id, by=ROOT)
    codes = [refused(lambda: use("000000")) for _ in range(MOST_TRIES_OF_EMAIL + 1)]
    assert codes == ["wrong_code"] * MOST_TRIES_OF_EMAIL + ["too_many"]


# Who may what


def test_the_last_owner_stays_one(house: Shop, keys: PlainKeys):
    """
    Neither demoted nor locked out, nor by an owner who has not come yet.
    """
    ann = an_agent(house, keys, Role.OWNER, "Ann Lee")
    do_add_agent(house.house, email="new@shop.example", name="New", role=Role.OWNER, by=ROOT)
    for change in (Change(role=Role.LEAD), Change(disabled=True)):
        work = lambda change=change: do_change_agent(house.house, ann.id, change, by=ROOT)  # noqa: E731
        assert refused(work) == "last_owner"

    bob = an_agent(house, keys, Role.OWNER, "Bob Ray")
    do_change_agent(house.house, ann.id, Change(disabled=True), by=Doer(agent=bob))
    work = lambda: do_change_agent(house.house, bob.id, Change(role=Role.AGENT), by=ROOT)  # noqa: E731
    assert refused(work) == "last_owner"
    assert do_change_agent(house.house, bob.id, Change(team="returns"), by=ROOT).team == "returns"


def test_locked_out_is_out(house: Shop, keys: PlainKeys):
    """
    At once, in every session, until let in again: then with a new session.
    """
    agent = an_agent(house, keys)
    signed_in = signs_in(house, keys, agent)
    do_change_agent(house.house, agent.id, Change(disabled=True), by=ROOT)

    assert find_session(house.house, signed_in.token) is None
    assert refused(lambda: signs_in(house, keys, agent)) == "wrong_login"
    do_change_agent(house.house, agent.id, Change(disabled=False), by=ROOT)
    assert find_session(house.house, signed_in.token) is None
    assert signs_in(house, keys, agent)


def test_a_change_is_in_the_audit_list(house: Shop, keys: PlainKeys):
    """
    Who did it, what was and what is; where nothing changes there is nothing to tell.
    """
    ann = an_agent(house, keys, Role.OWNER, "Ann Lee")
    kim = an_agent(house, keys)
    by = Doer(agent=ann, ip=IP)
    do_change_agent(house.house, kim.id, Change(role=Role.LEAD, reads=["RU ", "en", "ru"]), by=by)
    do_change_agent(house.house, kim.id, Change(role=Role.LEAD), by=by)

    told = [row for row in house.rows(tables.audit) if row["action"] == "agent.change"]
    assert len(told) == 1
    assert (told[0]["who"], told[0]["agent_id"], told[0]["ip"]) == ("Ann Lee", ann.id, IP)
    assert (told[0]["subject"], told[0]["subject_id"]) == ("agent", kim.id)
    assert told[0]["before"]["role"] == "agent"
    assert told[0]["after"]["role"] == "lead"
    assert told[0]["after"]["reads"] == ["ru", "en"]


def test_an_email_is_one_agent(house: Shop, keys: PlainKeys):
    """
    However it is written.
    """
    an_agent(house, keys)
    work = lambda: do_add_agent(  # noqa: E731
        house.house, email=" KIM@shop.example", name="Kim", role=Role.AGENT, by=ROOT
    )

    assert refused(work) == "email_taken"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"team": "t" * 51}, "wrong_team"),
        ({"reads": ["english"]}, "wrong_language"),
        ({"reads": ["e\x00"]}, "wrong_language"),
        ({"reads": [f"a{sign}" for sign in "abcdefghijklmnopqrstuvwxyz"]}, "wrong_language"),
        ({"name": " "}, "wrong_name"),
    ],
)
def test_what_is_no_field(house: Shop, keys: PlainKeys, fields, code):
    """
    Adding and changing refuse alike.
    """
    kim = an_agent(house, keys)
    good = {"email": "new@shop.example", "name": "New", "role": Role.AGENT}

    assert refused(lambda: do_add_agent(house.house, **(good | fields), by=ROOT)) == code
    assert refused(lambda: do_change_agent(house.house, kim.id, Change(**fields), by=ROOT)) == code


def test_nobody_of_that_id(house: Shop):
    """
    Missing, for changes and links.
    """
    for work in (
        lambda: do_change_agent(house.house, "nobody", Change(disabled=True), by=ROOT),
        lambda: do_make_link(house.house, "nobody", by=ROOT),
    ):
        with pytest.raises(Missing):
            work()


# The audit list


def test_the_audit_list_is_searched(house: Shop, keys: PlainKeys):
    """
    By who, action, subject, text and time, the newest first.
    """
    ann = an_agent(house, keys, Role.OWNER, "Ann Lee")
    kim = an_agent(house, keys)
    house.now += timedelta(days=2)
    change = Change(team="возвраты 100%_a")
    do_change_agent(house.house, kim.id, change, by=Doer(agent=ann, ip=IP))

    def found(**wanted: object) -> list[tuple[str, str]]:
        page = search_audit(house.house, AuditFilter(**wanted))  # type: ignore[arg-type]
        return [(one.action, one.subject_id) for one in page.entries]

    newest = ("agent.change", kim.id)
    assert found() == [newest, ("agent.add", kim.id), ("agent.add", ann.id)]
    assert found(agent_id=ann.id) == [newest]
    assert found(action="agent.add", subject_id=kim.id) == [("agent.add", kim.id)]
    assert len(found(action="agent.")) == 3
    assert found(action="agent_") == []
    assert found(subject="order") == []
    for text in ("возвраты", "100%_A", IP):
        assert found(text=text) == [newest], text
    assert found(text="100%xa") == []
    assert found(since=house.now) == [newest]
    assert len(found(until=house.now - timedelta(seconds=1))) == 2


def test_the_audit_list_is_read_in_parts(house: Shop, keys: PlainKeys):
    """
    None is left out, none comes twice.
    """
    agent = an_agent(house, keys)
    for _ in range(PAGE + 20):
        do_drop_totp(house.house, agent, ip=IP)
    seen: list[int] = []
    before: int | None = None
    while True:
        page = search_audit(house.house, AuditFilter(before=before))
        seen += [one.number for one in page.entries]
        if (before := page.next) is None:
            break

    assert len(seen) == len(set(seen)) == PAGE + 21
    assert seen == sorted(seen, reverse=True)

"""Notices on their way out: none lost, none for ever, and nobody held up."""

from datetime import timedelta

import pytest

from bot.casework.notices import (
    Channel,
    Letter,
    NotDelivered,
    Notice,
    NoticeState,
)
from bot.services.notices import LEASE_SECONDS, Postman
from bot.store.tables import notices
from tests.dialog import Shop
from tests.factories import the_rulebook


class PlayedMailer:
    """A Mailer that fails as often as the test says, and keeps what it took."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.took: list[Letter] = []
        self.tried = 0

    def send(self, letter: Letter) -> None:
        """Take it, or not."""
        self.tried += 1
        if self.failures:
            raise self.failures.pop(0)
        self.took.append(letter)


class Crash(BaseException):
    """The process is killed."""


@pytest.fixture
def post(shop) -> Shop:
    """A shop."""
    return shop()


def writes(shop: Shop, *keys: str, channel: Channel = Channel.MAIL) -> None:
    """Notices of these keys, to be sent from now on."""
    for key in keys:
        with shop.house.units() as unit:
            unit.notices.add(
                Notice(
                    key=key, channel=channel, to="ada@example.com", subject=f"On {key}",
                    text="Some words", reply_to="desk@shop.example", said={"event": key},
                ),
                shop.now,
            )  # fmt: skip


def states(shop: Shop) -> list[tuple[str, int]]:
    """How far each notice is, and how often it was tried."""
    rows = sorted(shop.rows(notices), key=lambda row: int(str(row["id"])))

    return [(str(row["state"]), int(str(row["attempts"]))) for row in rows]


def test_a_notice_goes_out_once_as_it_was_written(post):
    """
    A second look finds nothing; its text is kept no longer than it is needed.
    """
    mailer = PlayedMailer()
    writes(post, "k1")

    assert Postman(house=post.house, mailer=mailer).work_off() == 1
    assert Postman(house=post.house, mailer=mailer).work_off() == 0
    assert mailer.took == [
        Letter(
            key="k1",
            to="ada@example.com",
            subject="On k1",
            text="Some words",
            reply_to="desk@shop.example",
        )
    ]
    assert states(post) == [(NoticeState.SENT, 1)]
    assert post.rows(notices)[0]["text"] == ""


def test_the_same_news_is_stored_once(post):
    """
    By its key.
    """
    writes(post, "k1", "k1")

    assert states(post) == [(NoticeState.WAITING, 0)]


def test_what_cannot_be_sent_is_tried_again_at_growing_pauses(post):
    """
    Up to an hour, for as long as the server is down; then it arrives.
    """
    mailer = PlayedMailer(*[NotDelivered("down")] * 12)
    postman = Postman(house=post.house, mailer=mailer)
    writes(post, "k1")
    pauses = []
    while not mailer.took:
        postman.work_off()
        assert postman.work_off() == 0
        (row,) = post.rows(notices)
        pauses.append((row["next_at"] - post.now).total_seconds())
        post.now = max(post.now, row["next_at"])

    assert mailer.tried == 13
    assert pauses[-1] == 0
    assert 30 <= pauses[0] <= 60
    assert pauses[:6] == sorted(pauses[:6])
    assert 1800 <= min(pauses[8:-1]) <= max(pauses) <= 3600
    assert post.rows(notices)[0]["detail"] == ""


def test_a_server_that_is_down_is_waited_for_once_in_a_look(post):
    """
    Fifty letters are not fifty timeouts; and the other channel goes on.
    """
    told: list[str] = []

    class Hook:
        """A system that takes everything."""

        def post(self, key: str, said: object) -> None:
            told.append(f"{key}: {said}")

    mailer = PlayedMailer(NotDelivered("down"))
    writes(post, "k1", "k2", "k3")
    writes(post, "w1", channel=Channel.WEBHOOK)
    tried = Postman(house=post.house, mailer=mailer, hook=Hook()).work_off()

    assert (tried, mailer.tried) == (2, 1)
    assert told == ["w1: {'event': 'w1'}"]
    assert [state for state, _ in states(post)] == ["waiting", "waiting", "waiting", "sent"]


def test_an_address_that_does_not_exist_is_given_up_and_holds_up_no_other(post):
    """
    The server says so; the next letter goes out in the same look.
    """
    mailer = PlayedMailer(NotDelivered("no such user", for_good=True))
    writes(post, "k1", "k2")
    Postman(house=post.house, mailer=mailer).work_off()

    assert states(post) == [(NoticeState.FAILED, 1), (NoticeState.SENT, 1)]
    assert post.rows(notices)[0]["detail"] == "no such user"


def test_after_a_week_it_is_news_no_more(post, caplog):
    """
    It is given up, and the log says so.
    """
    writes(post, "k1")
    post.now += timedelta(days=7)
    Postman(house=post.house, mailer=PlayedMailer(NotDelivered("down"))).work_off()

    assert states(post) == [(NoticeState.FAILED, 1)]
    assert "notice k1 is given up: down" in caplog.text


def test_a_channel_that_is_not_set_up_waits_until_it_is(post):
    """
    The seller has taken the mail server out for a day.
    """
    writes(post, "k1")
    assert Postman(house=post.house).work_off() == 0

    Postman(house=post.house, mailer=PlayedMailer()).work_off()
    assert states(post) == [(NoticeState.SENT, 1)]


def test_a_mailer_that_breaks_is_no_end_of_the_post(post, caplog):
    """
    It is our own mistake: logged, and tried again.
    """
    writes(post, "k1")
    Postman(house=post.house, mailer=PlayedMailer(ZeroDivisionError("oh"))).work_off()

    assert states(post) == [(NoticeState.WAITING, 1)]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("point", "took"), [("taken", 1), ("sent", 2)])
def test_who_dies_in_the_middle_leaves_it_to_the_next_once_the_lease_has_ended(post, point, took):
    """
    Before it was sent: it is sent. After that: it is sent again, under the same key.
    """

    def die(at: str) -> None:
        if at == point:
            raise Crash

    mailer = PlayedMailer()
    writes(post, "k1")
    with pytest.raises(Crash):
        Postman(house=post.house, mailer=mailer, at=die).work_off()
    other = Postman(house=post.house, mailer=mailer)
    assert other.work_off() == 0

    post.now += timedelta(seconds=LEASE_SECONDS)
    assert other.work_off() == 1
    assert [letter.key for letter in mailer.took] == ["k1"] * took
    assert states(post) == [(NoticeState.SENT, 2)]


def test_who_comes_back_after_its_lease_changes_nothing(post):
    """
    Somebody else has taken it meanwhile, and knows better.
    """
    mailer = PlayedMailer()
    other = Postman(house=post.house, mailer=mailer)

    class Slow(PlayedMailer):
        """A mailer whose server answers only after the lease has ended."""

        def send(self, letter: Letter) -> None:
            post.now += timedelta(seconds=LEASE_SECONDS)
            other.work_off()
            raise NotDelivered("too slow", for_good=True)

    writes(post, "k1")
    Postman(house=post.house, mailer=Slow()).work_off()

    assert len(mailer.took) == 1
    assert states(post) == [(NoticeState.SENT, 2)]


def test_a_postman_who_is_to_stop_begins_nothing(post):
    """
    The process ends.
    """
    writes(post, "k1")

    assert Postman(house=post.house, mailer=PlayedMailer(), stopping=lambda: True).work_off() == 0


def test_it_works_on_both_databases(database_url):
    """
    Taken, failed, waited for and sent.
    """
    shop = Shop(rules=the_rulebook(), url=database_url)
    mailer = PlayedMailer(NotDelivered("down"))
    writes(shop, "k1", "k1", "k2")
    postman = Postman(house=shop.house, mailer=mailer)
    postman.work_off()
    postman.work_off()
    assert [letter.key for letter in mailer.took] == ["k2"]

    shop.now += timedelta(hours=1)
    postman.work_off()
    assert [state for state, _ in states(shop)] == ["sent", "sent"]
    shop.engine.dispose()

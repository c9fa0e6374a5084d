"""Gateways that tests play, and remedies that wait to go out."""

from collections import deque
from collections.abc import Callable

from bot.casework.gateways import Answer, Dispatch, Outcome
from bot.casework.orders import OrderStatus
from bot.casework.remedies import RemedyState
from bot.services.outbox import Worker
from bot.store.tables import decisions, handoffs, messages, outbox, remedies
from tests.dialog import Dialog, Shop
from tests.factories import an_order

PENDING = an_order(status=OrderStatus.PENDING)


class PlayedGateway:
    """
    A `RemedyGateway` that answers what the test has written down, and counts.

    After its script it has done all that it got.
    """

    def __init__(self, *script: Outcome | Answer | Exception, polled: bool = True) -> None:
        self.name = "played"
        self.polled = polled
        self.script = deque(script)
        self.sent: list[Dispatch] = []
        self.asked: list[str] = []
        self.during: Callable[[], object] = lambda: None

    def send(self, dispatch: Dispatch) -> Answer:
        """Take it."""
        self.sent.append(dispatch)
        return self._answer()

    def find_status(self, idempotency_key: str) -> Answer:
        """Tell of it."""
        self.asked.append(idempotency_key)
        return self._answer()

    def _answer(self) -> Answer:
        self.during()
        answer = self.script.popleft() if self.script else Outcome.DONE
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(answer, detail=f"It is {answer}.")


def requested(chat: Dialog) -> Dialog:
    """The dialogue with a cancellation that the buyer has agreed to."""
    chat.says("cancel_order")
    chat.says("affirm")
    assert chat.remedies == ["cancellation"]

    return chat


def works(shop: Shop, gateway: PlayedGateway, **options: object) -> tuple[object, ...]:
    """One look of the worker at the shop's outbox; when to look again."""
    return Worker(house=shop.house, gateway=gateway, **options).work_off()


def until_later(shop: Shop) -> None:
    """Turn the clock to when the outbox wants to be looked at again."""
    (row,) = shop.rows(outbox)
    assert row["next_at"] > shop.now
    shop.now = row["next_at"]


def state_of(shop: Shop) -> tuple[str, str]:
    """The one remedy's state, and its row's."""
    (remedy,), (row,) = shop.rows(remedies), shop.rows(outbox)

    return RemedyState(remedy["state"]), str(row["state"])


def told(shop: Shop) -> list[str]:
    """What was said by itself, not as an answer, without the greeting of a chat."""
    rows = sorted(shop.rows(messages), key=lambda row: row["seq"])
    replies = [row["reply"] for row in rows if row["sender"] == "bot" and row["answers"] is None]

    return [str(reply).removeprefix("remedy_ends.") for reply in replies if reply]


def outcomes(shop: Shop) -> list[str]:
    """What the ledger says of the outbox, in order."""
    rows = [row for row in shop.rows(decisions) if row["step"] == "outbox"]

    return [str(row["decision"]) for row in sorted(rows, key=lambda row: row["id"])]


def handed_off(shop: Shop) -> list[str]:
    """Why conversations went to a person."""
    return [str(row["reason"]) for row in shop.rows(handoffs)]


def lease_ends(shop: Shop) -> None:
    """Whoever holds the row has died long ago."""
    shop.now = shop.rows(outbox)[0]["lease_until"]

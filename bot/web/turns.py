"""
Works off buyers' messages, one conversation at a time each.

The web process that takes a message works it off; one that crashed leaves a lease that ends, and
any web process takes the conversation up again.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Sequence
from uuid import uuid4

from bot.casework.decisions import Reason
from bot.casework.turns import BuyerMessage, Floor
from bot.services.hand_off import do_hand_off_unanswered
from bot.services.house import House
from bot.services.turn_queue import Progress, Received, list_waiting, look, put_down, take_up
from bot.web.bus import Bus
from bot.web.rasa import Listener

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5) + (1.0,) * 120
"""Seconds between tries while Rasa or the action server is restarted: more than any deadline."""
LEASE_MARGIN = 5.0
"""Seconds that a lease outlasts the turn's own deadline."""
SWEEP_SECONDS = 1.0


class Turns:
    """All turns that this web process is working on."""

    def __init__(
        self,
        house: House,
        rasa: Listener,
        bus: Bus,
        deadline: float,
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._house, self.rasa, self._bus = house, rasa, bus
        self._deadline, self._pauses = deadline, pauses
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._approvals = 0
        """How many remedies awaited a yes when we looked last."""
        self.owner = f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid4().hex[:8]}"
        self.lease_seconds = deadline + LEASE_MARGIN

    def begin(self, received: Received) -> None:
        """Work off a message whose lease was taken as it was stored."""
        if received.fence is not None:
            self._start(received.message.conversation_id, received.fence, received.waiting)

    async def sweep(self) -> None:
        """Take up what a crashed process left behind, until cancelled."""
        while True:
            try:
                await self._take_up_left_behind()
            except Exception:
                # The store may be away for a moment; the next round finds the same.
                log.exception("looking for unanswered messages failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def stop(self) -> None:
        """Let running turns end; what is left is found by its lease."""
        running = list(self._tasks.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _take_up_left_behind(self) -> None:
        for conversation_id in await asyncio.to_thread(self._left_behind):
            if conversation_id in self._tasks:
                continue
            fence = await asyncio.to_thread(
                take_up, self._house, conversation_id, self.owner, self.lease_seconds
            )
            if fence is not None:
                log.warning("conversation %s: taking up an unanswered message", conversation_id)
                self._start(conversation_id, fence, ())

    def _left_behind(self) -> tuple[str, ...]:
        with self._house.units.reading() as unit:
            return unit.conversations.left_behind(self._house.clock())

    def _start(self, conversation_id: str, fence: int, waiting: tuple[BuyerMessage, ...]) -> None:
        task = asyncio.create_task(self._work_off(conversation_id, fence, waiting))
        self._tasks[conversation_id] = task
        task.add_done_callback(lambda done: self._ended(conversation_id, done))

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(conversation_id) is task:
            del self._tasks[conversation_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("conversation %s: working off failed", conversation_id, exc_info=error)

    async def _work_off(
        self, conversation_id: str, fence: int, waiting: tuple[BuyerMessage, ...]
    ) -> None:
        """
        Answer what waits, oldest first, until nothing does.

        The lease is renewed after each message: it need not outlast more than one.
        """
        held: int | None = fence
        while held is not None:
            waiting = waiting or await asyncio.to_thread(list_waiting, self._house, conversation_id)
            if waiting:
                await self._answer(waiting[0], held)
            waiting = waiting[1:]
            held = await asyncio.to_thread(
                put_down, self._house, conversation_id, self.owner, held, self.lease_seconds
            )

    async def _answer(self, message: BuyerMessage, fence: int) -> None:
        """One message: through Rasa into the store, and from the store to the buyer."""
        conversation_id = message.conversation_id
        self._bus.show_typing(conversation_id, on=True)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._deadline
        for pause in (*self._pauses, None):
            await self._hear(message, fence, max(0.1, ends - loop.time()))
            progress = await self._show_answers(message)
            if progress.done or progress.fence != fence:
                return
            if pause is None or loop.time() + pause > ends:
                break
            await asyncio.sleep(pause)

        log.error("conversation %s: no answer to %s in time", conversation_id, message.id)
        await asyncio.to_thread(do_hand_off_unanswered, self._house, message.id, Reason.NO_REPLY)
        await self._show_answers(message)

    async def _hear(self, message: BuyerMessage, fence: int, seconds: float) -> None:
        try:
            await self.rasa.hear(message, fence=fence, seconds=seconds)
        except Exception:
            # Whatever broke on the way: whether the message is answered, the store knows.
            log.exception("conversation %s: hearing failed", message.conversation_id)

    async def _show_answers(self, message: BuyerMessage) -> Progress:
        """Push what stands now, if the message needs no further work."""
        conversation_id = message.conversation_id
        progress = await asyncio.to_thread(look, self._house, message)
        if progress.done:
            self._bus.show_typing(conversation_id, on=False)
            self._bus.show(conversation_id, progress.shown)
            self._bus.show_talk(conversation_id)
            if progress.floor is not Floor.BOT:
                self._bus.show_floor(conversation_id, progress.floor)
            # What the bot may not give by itself waits for a yes while it keeps the floor.
            if progress.floor is not Floor.BOT or progress.approvals != self._approvals:
                self._bus.show_queue()
            self._approvals = progress.approvals

        return progress

"""Keeping the training inbox true: what people said later, and what the model of today knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.casework.inbox import Cause, Group, InboxState, Known, LaterDetails, LaterWord
from bot.casework.turns import Entity

SURE_FROM: Final = 0.9
APART_FROM: Final = 0.5
"""So sure the model has to be of what people said, and so far the next meaning has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A group as it stands in the inbox; `label` is what was decided last."""

    group: Group
    state: InboxState
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A group that waits, and how the model has read its first message; `suggested` by people."""

    id: str
    key: str
    text: str
    suggested: str
    intent: str
    ranking: tuple[tuple[str, float], ...]
    known: Known
    known_as: str
    finds_details: bool = True
    """The model finds the details that an agent marked, and no others; or nobody marked any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model of today makes of a group's first message; no entities: as they were."""

    id: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    doubt: float
    entities: tuple[Entity, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardDetails:
    """A message with the details that an agent marked in it; `lost` as in `Found`."""

    text: str
    entities: tuple[Entity, ...]
    marked: tuple[Entity, ...]
    lost: tuple[str, ...]


class InboxUpkeep(Protocol):
    """What changes in the inbox without anybody labelling."""

    def later_words(self, most: int) -> tuple[LaterWord, ...]:
        """What people said of its messages, and that it does not know of yet."""

    def standing(self, inbox_id: str) -> Standing:
        """The group of a message, held against all other writers until the unit ends."""

    def hear(self, word: LaterWord, group: Group, state: InboxState) -> None:
        """Note the word, and the group as it is now; a decided one that waits is reopened."""

    def later_details(self, most: int) -> tuple[LaterDetails, ...]:
        """What agents marked in its messages, and that it does not know of yet."""

    def hear_details(
        self, word: LaterDetails, heard: "HeardDetails", group: Group, state: InboxState
    ) -> None:
        """Note the details, and the group as it is now; a decided one that waits is reopened."""

    def stale(self, model: str, most: int) -> tuple[tuple[str, str], ...]:
        """Groups that wait and that another model has read: id and words, the first ones first."""

    def reread(self, readings: Sequence[Reading], model: str) -> None:
        """The model of today has read these."""

    def waiting(self, after: str, most: int) -> tuple[Readable, ...]:
        """Groups that wait, by id, those behind `after`."""

    def mark_known(self, known: Mapping[str, tuple[Known, str]]) -> None:
        """What is known of these groups, by id: why, and as what."""


def state_after_word(word: LaterWord, standing: Standing) -> InboxState:
    """
    Where a group stands after somebody said what one of its messages means.

    An agent's correction that contradicts a decision asks for a second opinion about it, and takes
    back that nobody wanted it. A buyer's choice decides nothing: buyers press wrong buttons. What
    is written into the project's files stays there.
    """
    if word.cause is not Cause.CORRECTED:
        return standing.state
    if standing.state is InboxState.SKIPPED:
        return InboxState.OPEN
    if standing.state is InboxState.LABELLED and standing.label != word.said:
        return InboxState.SECOND

    return standing.state


def state_after_details(state: InboxState, *, differ: bool) -> InboxState:
    """
    Where a group stands after an agent marked details in one of its messages.

    If they `differ` from those of a decision that waits to be written, a second opinion is asked
    for. What was skipped comes back, and what is written into the project's files stays there.
    """
    if state is InboxState.SKIPPED:
        return InboxState.OPEN
    if state is InboxState.LABELLED and differ:
        return InboxState.SECOND

    return state


def to_places(entities: Iterable[Entity]) -> frozenset[tuple[str, int, int]]:
    """What details say: what stands where."""
    return frozenset((one.name, one.start, one.end) for one in entities)


def to_known(
    key: str,
    suggested: str,
    intent: str,
    ranking: Sequence[tuple[str, float]],
    examples: Mapping[str, str],
    *,
    finds_details: bool = True,
) -> tuple[Known, str]:
    """
    Why a message teaches nothing, and as what it is known.

    Either its very words are an example (`examples` has intents by key), or people said what it
    means and the model reads it so, without doubt, and `finds_details` that an agent marked.
    """
    if as_what := examples.get(key):
        # Somebody says that the example is wrong: that is worth a look.
        return (Known.NO, "") if suggested not in {"", as_what} else (Known.EXAMPLE, as_what)
    first, second = [*(sure for _, sure in ranking[:2]), 0.0, 0.0][:2]
    is_sure = first >= SURE_FROM and first - second >= APART_FROM
    if suggested and suggested == intent and is_sure and finds_details:
        return Known.SURE, suggested

    return Known.NO, ""

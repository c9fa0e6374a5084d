"""Messages that may teach the model something, until somebody has said what they mean."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import log2
from typing import Final, Protocol

from bot.casework.agents import Agent
from bot.casework.turns import Entity


class Cause(StrEnum):
    """Why a message is worth a look; the first ones teach the most."""

    CORRECTED = "corrected"
    """An agent said that it means something else, or marked other details in it."""
    CLARIFIED = "clarified"
    """The buyer was asked, and chose what was meant."""
    REFUSED = "refused"
    """The model did not know, or took it for none of our business."""
    UNSURE = "unsure"
    """Two meanings were close to each other."""
    IMPORTED = "imported"
    """It comes from a file."""


class Known(StrEnum):
    """Why the model has nothing to learn from a message."""

    NO = ""
    EXAMPLE = "example"
    """Its very words are an example already."""
    SURE = "sure"
    """The model is sure of what people said that it means."""


class InboxState(StrEnum):
    """Where a message stands."""

    OPEN = "open"
    LABELLED = "labelled"
    """Somebody said what it means; it waits to be written into the project's files."""
    SECOND = "second"
    """Somebody said what it means, and somebody else is to say so, too."""
    SKIPPED = "skipped"
    WRITTEN = "written"
    """It is an example now, or one of the test set."""


UNDECIDED: Final = frozenset({InboxState.OPEN, InboxState.SECOND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    A buyer's message as it was written; `names` are those of the people in its conversation.

    `details` are what an agent marked in it, None if nobody did, and `details_of` is the id of that
    correction.
    """

    message_id: str
    text: str
    cause: Cause
    suggested: str = ""
    names: tuple[str, ...] = ()
    details: tuple[Entity, ...] | None = None
    details_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A message for the inbox, read by the model and without personal data.

    `key` is the same for the same words; `vector` holds what the message means as 16-bit floats;
    `suggested` is what somebody said that it means, empty if nobody did. `marked` are the details
    by an agent's word, None without one; `lost` the kinds of those that do not stand in the text.
    """

    key: str
    text: str
    language: str
    cause: Cause
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...]
    vector: bytes
    suggested: str = ""
    marked: tuple[Entity, ...] | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """
    A buyer's message that was looked at: its place in the inbox, None without one, and the cause.

    `said` is what people had said that it means, `details_of` the correction whose details were
    heard.
    """

    message_id: str
    inbox_id: str | None
    cause: Cause
    said: str = ""
    details_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterWord:
    """What people said of a message after it had come in: `said` is an intent."""

    message_id: str
    inbox_id: str
    cause: Cause
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterDetails:
    """
    What an agent marked in a message after it had come in: `details`, by the correction's id.

    They count in `written`, which is the buyer's text; the inbox keeps `text` with `entities`.
    """

    message_id: str
    inbox_id: str
    correction: int
    written: str
    details: tuple[Entity, ...]
    text: str
    entities: tuple[Entity, ...]


@dataclass(slots=True, kw_only=True)
class Group:
    """
    Messages that one decision is made for; it has the id and the vector of its first one.

    `weight` says how much people's word counts here, `doubt` how little the model knows (0 to 1).
    `label` is what was decided, empty while it is open; `suggested` is what people said, and
    `cause` how they came to say it.
    """

    id: str
    language: str
    vector: bytes = b""
    cause: Cause = Cause.IMPORTED
    suggested: str = ""
    size: int = 0
    weight: float = 0.0
    doubt: float = 0.0
    is_open: bool = True
    label: str = ""

    @property
    def priority(self) -> float:
        """How much a decision teaches: people's word first, then doubt about many messages."""
        return self.weight + self.doubt * (1 + log2(max(self.size, 1)))

    def take(self, weight: float, doubt: float) -> None:
        """One message more; the most doubtful speaks for all."""
        self.size += 1
        self.weight, self.doubt = max(self.weight, weight), max(self.doubt, doubt)

    def hear(self, cause: Cause, said: str, weight: float) -> None:
        """Somebody says what one of its messages means; who counts more is heard."""
        if said and (not self.suggested or weight >= self.weight):
            self.suggested = said
        if not self.size or weight > self.weight:
            self.cause = cause
        self.weight = max(self.weight, weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A found message in its group, which it may lead; `suggested` is what it may mean."""

    id: str
    found: Found
    group: Group
    suggested: str
    known: Known = Known.NO
    known_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMessage:
    """
    A group of like messages as a trainer sees it, told by its first.

    `size` counts its messages, `seen` how often buyers wrote their very words; `known` says why the
    model has nothing to learn from it, and `known_as` what it takes it for. `entities` are those
    that an agent `marked`, or else the model's; `lost` are kinds of what an agent marked and that
    does not stand in the text.
    """

    id: str
    text: str
    language: str
    cause: Cause
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...]
    suggested: str
    size: int
    seen: int
    priority: float
    state: InboxState
    at: datetime
    conversation_id: str | None = None
    likes: tuple[str, ...] = ()
    known: Known = Known.NO
    known_as: str = ""
    likes_marked: tuple[tuple[Entity, ...], ...] = ()
    """What agents marked in each of `likes`."""
    marked: bool = False
    lost: tuple[str, ...] = ()
    reopened: bool = False
    """An agent said otherwise after it had been decided: `suggested`, or other details."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one person says that a group of messages means; an empty `intent` skips it."""

    agent: Agent
    intent: str
    entities: tuple[Entity, ...] | None = None
    second: bool = False
    """Somebody else is to say so, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A message of a group that somebody has decided about; `lead` is the group's first."""

    text: str
    language: str
    entities: tuple[Entity, ...]
    lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledGroup:
    """All messages of a group, what they mean (empty if nobody said), and its state."""

    id: str
    key: str
    label: str
    state: InboxState
    messages: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMove:
    """A group from one state and label to another one, because files were written."""

    id: str
    before: InboxState
    label_before: str
    after: InboxState
    label_after: str

    @property
    def says(self) -> bool:
        """Whether nobody had decided about the group, and writing it says what it means."""
        return self.before in UNDECIDED and self.after is InboxState.WRITTEN

    @property
    def back(self) -> "InboxMove":
        """The way back."""
        return InboxMove(
            id=self.id,
            before=self.after,
            label_before=self.label_after,
            after=self.before,
            label_after=self.label_before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a team has come: groups and messages by state, and one person's labels."""

    groups: Mapping[InboxState, int]
    messages: Mapping[InboxState, int]
    mine: int
    known: int = 0
    """Open groups that the model has nothing to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person said that a group means; `taken_back` is when they thought again."""

    inbox_id: str
    agent_id: str
    name: str
    intent: str
    at: datetime
    taken_back: datetime | None = None


class Inbox(Protocol):
    """The messages that wait for a trainer, and what was said about them."""

    def candidates(self, most: int) -> tuple[Candidate, ...]:
        """Buyers' messages that are worth a look and were not looked at, the oldest first."""

    def known(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Which of these words are there already, with the id of their message."""

    def add_alone(self) -> None:
        """Until the unit ends nobody else adds messages: who comes meanwhile waits."""

    def groups(self) -> list[Group]:
        """All groups, open ones and decided ones, without their vectors."""

    def vectors(self, groups: Sequence[str]) -> Mapping[str, bytes]:
        """What those groups mean."""

    def add(self, placed: Sequence[Placed], now: datetime, model: str) -> None:
        """Store them, and their groups as they are now; none of them is there yet."""

    def add_origins(self, origins: Sequence[Origin]) -> None:
        """These messages of buyers were looked at."""

    def count_again(self, times: Mapping[str, int]) -> None:
        """These words were written so many times more."""

    def next_for(self, agent: Agent, now: datetime, until: datetime) -> InboxMessage | None:
        """What teaches most of all that nobody else looks at; it is theirs `until` then."""

    def page(self, skip: int, most: int) -> tuple[InboxMessage, ...]:
        """What waits, what teaches most first; without likes and conversation."""

    def get(self, inbox_id: str) -> InboxMessage:
        """One group; Missing without it."""

    def lock(self, inbox_id: str) -> InboxMessage:
        """One group, held against all other writers until the unit ends; Missing without it."""

    def holder(self, inbox_id: str, now: datetime) -> str | None:
        """Who looks at it just now, by id; Missing without it."""

    def hold(self, inbox_id: str, agent: Agent, until: datetime) -> None:
        """That person has it before them until then."""

    def labels_of(self, inbox_id: str) -> tuple[tuple[str, str], ...]:
        """Who said what about it: id and intent, in order, without what was taken back."""

    def said_about(self, inbox_id: str) -> tuple[Said, ...]:
        """Who said what about it, in order, without what was taken back."""

    def has_said(self, inbox_id: str, agent: Agent) -> bool:
        """Whether that person has labelled it, and nobody has said otherwise since."""

    def said_twice(self) -> tuple[Said, ...]:
        """All labels of groups that two people or more labelled, in order; no skips."""

    def origin(self, inbox_id: str) -> tuple[str, str] | None:
        """The latest message of a buyer that has these words, and its conversation."""

    def names_in(self, conversation_id: str) -> tuple[str, ...]:
        """Who takes part in it, as far as the shop or a proven order tells."""

    def skip_known(self, agent: Agent, batch: str, now: datetime) -> int:
        """Skip what teaches nothing and lies before nobody else; how many groups that were."""

    def label(self, inbox_id: str, label: Label, state: InboxState, now: datetime) -> None:
        """Write down what somebody says, and the state that it comes to."""

    def undo(self, agent: Agent, now: datetime) -> str | None:
        """
        Take back the latest label of that person which is in no file yet; its group.

        Of many that were skipped at once all come back.
        """

    def progress(self, agent: Agent, since: datetime) -> Progress:
        """How far everybody has come, and how many labels that person gave since then."""

    def labelled(self) -> tuple[LabelledGroup, ...]:
        """Every group that is decided and waits to be written."""

    def whole(self, inbox_ids: Sequence[str]) -> tuple[LabelledGroup, ...]:
        """Those groups with all their messages; those that are not there are left out."""

    def count_labelled(self) -> int:
        """How many messages wait to be written."""

    def guessed(self, names: Collection[str], most: int) -> tuple[InboxMessage, ...]:
        """What waits and is taken for one of these first, what teaches most first; alone."""

"""What the desk's API sends of the training inbox."""

from datetime import datetime

import msgspec

from bot.casework.agreement import Agreement, say_kappa
from bot.casework.inbox import Cause, InboxMessage, InboxState, Known, Progress, Said
from bot.casework.intents import Intents
from bot.casework.turns import Entity, Sender
from bot.desk_words import say_intent
from bot.services.labelling import Labelled
from bot.teaching.context import Context
from bot.teaching.importing import Import, ImportState
from bot.web.desk.message_shapes import Guess, Marked


class InboxShown(msgspec.Struct):
    """
    A group of like messages, told by its first, without personal data.

    `likes` are some of the others, `size` how many there are, `seen` how often buyers wrote them;
    `suggested` is what somebody said that it means, empty if nobody did. `known` says why the model
    has nothing to learn from it, `reopened` that an agent said otherwise after it was decided.

    `entities` are those that an agent `marked`, or else the model's; `lost` are kinds of what an
    agent marked and that does not stand in the text as it is kept. `likes_marked` are the details
    that agents marked in each of `likes`.
    """

    id: str
    text: str
    language: str
    cause: Cause
    guesses: list[Guess]
    entities: list[Marked]
    suggested: str
    suggested_text: str
    size: int
    seen: int
    likes: list[str]
    state: InboxState
    at: datetime
    conversation_id: str | None
    known: Known
    known_text: str
    reopened: bool
    marked: bool
    lost: list[str]
    likes_marked: list[list[Marked]]


class InboxCounts(msgspec.Struct):
    """
    How far the team has come, in messages, and how many groups this agent labelled today.

    `known` are groups that wait and that the model has nothing to learn from; `to_write` are
    labelled messages that are not in the files yet.
    """

    waiting: int
    second: int
    labelled: int
    skipped: int
    mine: int
    known: int
    to_write: int


class InboxNext(msgspec.Struct):
    """What to label next, null when nothing waits, or others have what waits before them."""

    message: InboxShown | None
    counts: InboxCounts


class InboxList(msgspec.Struct):
    """A part of the inbox; `next` goes back as `after` for the following part."""

    messages: list[InboxShown]
    next: int | None


class LabelGiven(msgspec.Struct):
    """What the message and those like it mean; with `second` somebody else is asked, too."""

    intent: str
    entities: list[Marked] | None = None
    second: bool = False


class OtherLabel(msgspec.Struct):
    """What somebody else had said before."""

    name: str
    intent: str
    text: str


class LabelTaken(msgspec.Struct):
    """The state that the message has now, and what others had said, the latest first."""

    state: InboxState
    others: list[OtherLabel]


class KnownSkipped(msgspec.Struct):
    """How many groups were skipped at once."""

    groups: int


class PairShown(msgspec.Struct):
    """Two people who labelled `shared` messages both, `same` of them alike."""

    names: list[str]
    shared: int
    same: int
    kappa: float | None
    word: str


class AgreementShown(msgspec.Struct):
    """Cohen's kappa, weighted over all pairs, with its word; who shared the most comes first."""

    kappa: float | None
    word: str
    shared: int
    same: int
    pairs: list[PairShown]


class ContextLine(msgspec.Struct):
    """A message around the one that is labelled, which is `here`."""

    sender: Sender
    agent: str
    text: str
    at: datetime
    here: bool


class ContextShown(msgspec.Struct):
    """A part of a conversation, and whether there is more of it on either side."""

    conversation_id: str
    lines: list[ContextLine]
    earlier: bool
    later: bool


class ImportShown(msgspec.Struct):
    """The latest file that was sent from the page, and how far it has come."""

    file: str
    by: str
    at: datetime
    state: ImportState
    total: int
    read: int
    new: int
    known: int
    unusable: int
    error: str


class LatestImport(msgspec.Struct):
    """The latest import, null if there was none."""

    latest: ImportShown | None


def to_next(message: InboxMessage | None, progress: Progress, intents: Intents) -> InboxNext:
    """A message to label, with how far the team is."""
    count = progress.messages

    return InboxNext(
        message=to_shown(message, intents) if message else None,
        counts=InboxCounts(
            waiting=count.get(InboxState.OPEN, 0),
            second=count.get(InboxState.SECOND, 0),
            labelled=count.get(InboxState.LABELLED, 0) + count.get(InboxState.WRITTEN, 0),
            skipped=count.get(InboxState.SKIPPED, 0),
            mine=progress.mine,
            known=progress.known,
            to_write=count.get(InboxState.LABELLED, 0),
        ),
    )


def to_shown(message: InboxMessage, intents: Intents) -> InboxShown:
    """A message as it is sent; what others said that it means is not."""
    return InboxShown(
        id=message.id,
        text=message.text,
        language=message.language,
        cause=message.cause,
        guesses=[
            Guess(name, say_intent(name, intents), sure) for name, sure in message.ranking[:3]
        ],
        entities=[_to_marked(one) for one in message.entities],
        suggested=message.suggested,
        suggested_text=say_intent(message.suggested, intents) if message.suggested else "",
        size=message.size,
        seen=message.seen,
        likes=list(message.likes),
        state=message.state,
        at=message.at,
        conversation_id=message.conversation_id,
        known=message.known,
        known_text=say_intent(message.known_as, intents) if message.known_as else "",
        reopened=message.reopened,
        marked=message.marked,
        lost=list(message.lost),
        likes_marked=[[_to_marked(one) for one in marks] for marks in message.likes_marked],
    )


def to_taken(labelled: Labelled, intents: Intents) -> LabelTaken:
    """What came of a label."""
    return LabelTaken(
        state=labelled.state, others=[_to_other(one, intents) for one in labelled.others]
    )


def to_agreement_shown(found: Agreement) -> AgreementShown:
    """The agreement in numbers and words."""
    return AgreementShown(
        kappa=found.kappa,
        word=say_kappa(found.kappa, found.shared),
        shared=found.shared,
        same=found.same,
        pairs=[
            PairShown(
                names=list(pair.names),
                shared=pair.shared,
                same=pair.same,
                kappa=pair.kappa,
                word=say_kappa(pair.kappa, pair.shared),
            )
            for pair in found.pairs
        ],
    )


def to_context_shown(context: Context) -> ContextShown:
    """The conversation around a message."""
    return ContextShown(
        conversation_id=context.conversation_id,
        lines=[
            ContextLine(one.sender, one.agent, one.text, one.at, one.here) for one in context.lines
        ],
        earlier=context.earlier,
        later=context.later,
    )


def to_import_shown(found: Import) -> ImportShown:
    """An import as it is sent."""
    told = found.told

    return ImportShown(
        file=found.file,
        by=found.by,
        at=found.at,
        state=found.state,
        total=found.total,
        read=told.read,
        new=told.new,
        known=told.known,
        unusable=told.unusable,
        error=found.error,
    )


def _to_marked(entity: Entity) -> Marked:
    return Marked(entity.name, entity.value, entity.start, entity.end)


def _to_other(said: Said, intents: Intents) -> OtherLabel:
    return OtherLabel(name=said.name, intent=said.intent, text=say_intent(said.intent, intents))

"""The intents of the model: what they have, and how trainers change them."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.desk_words import say_intent
from bot.teaching.built_in import CAN_BEGIN
from bot.teaching.intents import (
    IntentListed,
    Wanted,
    changed_examples,
    created,
    described,
    list_intents,
    merged,
    read_intent,
    renamed,
    retired,
    split_off,
)
from bot.web.desk.change_shapes import ChangeShown, Preview
from bot.web.desk.desk import Desk
from bot.web.desk.teaching_changes import WRITES, changed
from bot.web.errors import faults
from bot.workbench.project.edits import Typed
from bot.workbench.project.files import LANGUAGES
from bot.workbench.project.intent_words import Does

ONE: Final = "/intents/{name:str}"
ROUTES: Final = {"run_playbook": "playbook", "hand_off": "person"}
"""What trainers call a route where they do not call it as the action server does."""
MOST_CONFUSIONS: Final = 5
MOST_TEXT: Final = 50_000
MOST: Final = 2000

Text = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
Texts = Annotated[list[Text], msgspec.Meta(max_length=MOST)]
"""Longer ones are refused by their shape; what is wrong with the others is told in words."""


class ExampleTyped(msgspec.Struct):
    """An example; `[#1234](order_number)` marks a detail in it."""

    text: Text
    language: str


Typeds = Annotated[list[ExampleTyped], msgspec.Meta(max_length=MOST)]


class DoesWanted(msgspec.Struct):
    """What happens: `texts` are the answer in each language, `playbook` the name of one."""

    kind: Literal["answer", "playbook", "person"]
    texts: dict[str, Text] = {}
    playbook: str = ""


class IntentDraft(msgspec.Struct):
    """A new intent; `suggestions` are ids of groups in the inbox that belong to it."""

    name: Text
    titles: dict[str, Text]
    description: Text
    does: DoesWanted
    examples: Typeds = []
    suggestions: Texts = []
    protected: bool = False


class IntentGiven(IntentDraft, kw_only=True):
    """A new intent, and why."""

    reason: Text = ""


class RenameGiven(msgspec.Struct):
    """The new name."""

    to: Text
    reason: Text = ""


class MergeGiven(msgspec.Struct):
    """The intent that takes the examples."""

    into: Text
    reason: Text = ""


class SplitGiven(msgspec.Struct):
    """The new intent, and the examples that it takes."""

    to: IntentDraft
    examples: Texts
    reason: Text = ""


class RetireGiven(msgspec.Struct):
    """The intent that takes the examples; null drops them."""

    move_to: Text | None = None
    reason: Text = ""


class ExamplesGiven(msgspec.Struct):
    """
    Examples that come and examples that go.

    `suggestions` are ids of groups in the inbox whose messages come as well.
    """

    add: Typeds = []
    remove: Texts = []
    suggestions: Texts = []
    reason: Text = ""


class DescribeGiven(msgspec.Struct):
    """Words for people; `answers` by language, or none, and what is answered stays as it is."""

    description: Text
    titles: dict[str, Text]
    protected: bool = False
    answers: dict[str, Text] = msgspec.field(default_factory=dict)
    reason: Text = ""


class MistakenFor(msgspec.Struct):
    """What its messages were taken for instead, and how often."""

    intent: str
    title: str
    count: int


class IntentRow(msgspec.Struct):
    """
    An intent with what it has.

    `volume` counts buyers' messages of the last 30 days, `tests` those of the test set; `f1` and
    `confusions` are of the newest comparison, null and empty without one. What is `fixed` is known
    to the code by its name, and cannot be renamed, merged away or retired.
    """

    name: str
    title: str
    titles: Mapping[str, str]
    description: str
    route: str
    playbook: str
    protected: bool
    fixed: bool
    examples: Mapping[str, int]
    tests: int
    volume: int
    f1: float | None
    confusions: list[MistakenFor]


class PlaybookRow(msgspec.Struct):
    """A playbook that a new intent may begin."""

    name: str
    title: str


class IntentRows(msgspec.Struct):
    """All intents, the playbooks to choose from, and the languages of examples and answers."""

    intents: list[IntentRow]
    playbooks: list[PlaybookRow]
    languages: list[str]


class ExampleRow(msgspec.Struct):
    """An example as its file writes it, with marks of details."""

    text: str
    language: str
    file: str


class SuggestionRow(msgspec.Struct):
    """A group of the inbox that the model takes for this intent."""

    inbox_id: str
    text: str
    language: str
    size: int


class IntentOpened(msgspec.Struct):
    """
    One intent as in the list, but with its examples themselves.

    `answers` holds what buyers are answered by language, if they are answered in so many words;
    `suggestions` what of the inbox the model takes for this intent.
    """

    name: str
    title: str
    titles: Mapping[str, str]
    description: str
    route: str
    playbook: str
    protected: bool
    fixed: bool
    tests: int
    volume: int
    f1: float | None
    confusions: list[MistakenFor]
    examples: list[ExampleRow]
    answers: Mapping[str, str]
    suggestions: list[SuggestionRow]


@get("/intents", opt={"may": May.TEACH}, responses=faults(401, 403, 422))
async def show_intents(desk: NamedDependency[Desk]) -> IntentRows:
    """All intents of the project's files, whatever the model in use was trained with."""
    found = await asyncio.to_thread(list_intents, desk.house, desk.settings.project)

    return IntentRows(
        intents=[to_row(one) for one in found],
        playbooks=[PlaybookRow(name, say_intent(name)) for name in CAN_BEGIN],
        languages=list(LANGUAGES),
    )


@get(ONE, opt={"may": May.TEACH}, responses=faults(401, 403, 404, 422))
async def show_intent(name: FromPath[str], desk: NamedDependency[Desk]) -> IntentOpened:
    """One intent with its examples."""
    found = await asyncio.to_thread(read_intent, desk.house, desk.settings.project, name)
    row = to_row(found.listed)

    return IntentOpened(
        name=row.name,
        title=row.title,
        titles=row.titles,
        description=row.description,
        route=row.route,
        playbook=row.playbook,
        protected=row.protected,
        fixed=row.fixed,
        tests=row.tests,
        volume=row.volume,
        f1=row.f1,
        confusions=row.confusions,
        examples=[
            ExampleRow(one.said.marked, one.language, one.path)
            for one in found.examples
            if not one.is_test
        ],
        answers=found.answers,
        suggestions=[
            SuggestionRow(one.id, one.text, one.language, one.size) for one in found.suggestions
        ],
    )


@post("/intents", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def create(
    data: JSONBody[IntentGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """A new intent: its name, words, examples, and what happens when a buyer means it."""
    edit = created(desk.house, to_wanted(data))

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/examples", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def change_examples(
    name: FromPath[str],
    data: JSONBody[ExamplesGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Examples into an intent, and out of it: those that read so, with or without their marks."""
    edit = changed_examples(desk.house, name, to_typed(data.add), data.remove, data.suggestions)

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/describe", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def describe(
    name: FromPath[str],
    data: JSONBody[DescribeGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Other words for people, and whether a model that knows the intent worse is refused."""
    edit = described(name, data.description, data.titles, data.protected, data.answers)

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/rename", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def rename(
    name: FromPath[str],
    data: JSONBody[RenameGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Another name for an intent that trainers added."""
    edit = renamed(name, data.to)

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/merge", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def merge(
    name: FromPath[str],
    data: JSONBody[MergeGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """All examples to another intent, those of the test set too; then this one is gone."""
    edit = merged(name, data.into)

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/split", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def split(
    name: FromPath[str],
    data: JSONBody[SplitGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """A new intent that takes some of this one's examples."""
    edit = split_off(desk.house, name, to_wanted(data.to), data.examples)

    return await changed(desk, agent, edit, data.reason, preview=preview)


@post(f"{ONE}/retire", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def retire(
    name: FromPath[str],
    data: JSONBody[RetireGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """An intent that is no more; its examples go to another one, or are dropped."""
    edit = retired(name, data.move_to)

    return await changed(desk, agent, edit, data.reason, preview=preview)


INTENTS: Final = (
    *(show_intents, show_intent, create, change_examples, describe),
    *(rename, merge, split, retire),
)


def to_row(one: IntentListed) -> IntentRow:
    """An intent as it is sent."""
    return IntentRow(
        name=one.name,
        title=one.title,
        titles=dict(one.words.titles),
        description=one.words.description,
        route=ROUTES.get(one.route, one.route),
        playbook=one.playbook,
        protected=one.words.protected,
        fixed=one.fixed,
        examples=one.examples,
        tests=one.tests,
        volume=one.volume,
        f1=one.measured.f1,
        confusions=[
            MistakenFor(intent, say_intent(intent), count)
            for intent, count in one.measured.mistaken_for.most_common(MOST_CONFUSIONS)
        ],
    )


def to_wanted(draft: IntentDraft) -> Wanted:
    """A new intent as it was sent."""
    return Wanted(
        name=draft.name.strip(),
        description=draft.description,
        titles=draft.titles,
        protected=draft.protected,
        does=Does(kind=draft.does.kind, playbook=draft.does.playbook),
        answers=draft.does.texts,
        examples=to_typed(draft.examples),
        suggestions=draft.suggestions,
    )


def to_typed(examples: list[ExampleTyped]) -> list[Typed]:
    """Examples as they were sent."""
    return [Typed(one.text, one.language) for one in examples]

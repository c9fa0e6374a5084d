"""
Messages of the inbox that become examples, or part of the test set.

A group goes as a whole to one of the two, by a hash of its first message: near-duplicates never
stand on both sides, and what models are measured with is never moved.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bot.casework.inbox import InboxMove, InboxState, Labelled, LabelledGroup
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.teaching.changing import Edit, Step
from bot.workbench.project.edits import add_written, without_known
from bot.workbench.project.example_lines import Mark, plain
from bot.workbench.project.files import LANGUAGES, Project
from bot.workbench.project.nlu_editing import Put
from bot.workbench.project.wrong_edit import WrongEdit

ONE_IN: Final = 5
"""One group of so many goes to the test set."""
MOST_SUGGESTIONS: Final = 500


def is_for_test(group: LabelledGroup) -> bool:
    """Whether models are measured with it: of all groups a fifth, always the same."""
    return int(group.key[:8], 16) % ONE_IN == 0


def write_labels(house: House) -> Edit:
    """An edit that writes what people have labelled into the files."""

    def write(project: Project) -> Step:
        with house.units.reading() as unit:
            groups = unit.inbox.labelled()
        if not groups:
            raise NotAcceptable("nothing_to_change", "No labelled messages wait to be written.")
        known = [group for group in groups if group.label in project.intents]
        if not known:
            raise NotAcceptable(
                "nothing_to_change", "The labelled messages mean intents that are gone."
            )
        ready = _without_single(project, known)
        if not ready:
            raise NotAcceptable(
                "too_few_examples",
                "What is labelled would be the single example of an intent in a language, and one "
                "cannot be trained on: label one more, or add one on the intent's page.",
            )
        puts, unwritable = puts_of(project, ready)
        new = without_known(project, puts)
        moves = tuple(moved(group, InboxState.WRITTEN, group.label) for group in ready)
        gone, single = len(groups) - len(known), len(known) - len(ready)
        summary = _summary(project, puts, new, unwritable=unwritable, gone=gone, single=single)
        edited = add_written(project, new, summary)

        return Step(edited=edited, inbox=moves)

    return write


def _without_single(project: Project, groups: Sequence[LabelledGroup]) -> Sequence[LabelledGroup]:
    """Without those that would give an intent its only example in a language: they wait."""
    held = Counter((one.intent, one.language) for one in project.examples if not one.is_test)
    while groups:
        counts = held + Counter(_trained(without_known(project, puts_of(project, groups)[0])))
        single = {place for place, count in counts.items() if count == 1}
        kept = [one for one in groups if single.isdisjoint(_trained(puts_of(project, [one])[0]))]
        if len(kept) == len(groups):
            break
        groups = kept

    return groups


def _trained(puts: Iterable[Put]) -> list[tuple[str, str]]:
    return [(put.intent, put.language) for put in puts if not put.is_test]


def suggested_groups(house: House, inbox_ids: Sequence[str]) -> tuple[LabelledGroup, ...]:
    """Groups that somebody takes as examples of a new intent; they must wait for a label."""
    if len(inbox_ids) > MOST_SUGGESTIONS:
        raise NotAcceptable("wrong_example", f"At most {MOST_SUGGESTIONS} groups at once.")
    wanted = list(dict.fromkeys(inbox_ids))
    with house.units.reading() as unit:
        groups = unit.inbox.whole(wanted)
    waiting = [one for one in groups if one.state in {InboxState.OPEN, InboxState.SECOND}]
    if len(waiting) < len(wanted):
        raise NotAcceptable(
            "labelled_already", "Somebody has labelled one of the suggested messages meanwhile."
        )

    return tuple(waiting)


def puts_of(
    project: Project, groups: Iterable[LabelledGroup], intent: str = ""
) -> tuple[list[Put], int]:
    """What the groups' messages become, and how many of them no file can hold."""
    puts, unwritable = [], 0
    for group in groups:
        for message in group.messages:
            put = _to_put(project, group, message, intent or group.label)
            puts += [put] if put else []
            unwritable += put is None

    return puts, unwritable


def moved(group: LabelledGroup, state: InboxState, label: str) -> InboxMove:
    """The group to another state."""
    return InboxMove(
        id=group.id,
        before=group.state,
        label_before=group.label,
        after=state,
        label_after=label,
    )


def _to_put(project: Project, group: LabelledGroup, message: Labelled, intent: str) -> Put | None:
    marks = [Mark(one.name, one.start, one.end) for one in message.entities]
    try:
        said = plain(message.text, marks, project.kinds)
    except WrongEdit:
        return None
    language = message.language if message.language in LANGUAGES else LANGUAGES[0]

    return Put(said=said, intent=intent, language=language, is_test=is_for_test(group))


def _summary(
    project: Project,
    puts: Sequence[Put],
    new: Sequence[Put],
    *,
    unwritable: int,
    gone: int,
    single: int,
) -> str:
    """What was written, and what was not and why."""
    stands = {one.said.key: one.intent for one in project.examples}
    others = sum(stands.get(put.said.key, put.intent) != put.intent for put in puts)
    test = Counter(put.is_test for put in new)
    parts = [
        f"{_messages(test[False])} labelled and added to the examples, {test[True]} to the test "
        "set",
        _left(len(puts) - len(new) - others, "stood there already"),
        _left(others, "stand there for another intent"),
        _left(unwritable, "hold what no file can hold, such as brackets that look like a mark"),
        _left(gone, "mean an intent that is gone, and still wait"),
        _left(single, "would be an intent's only example in a language, and still wait"),
    ]

    return f"{'; '.join(part for part in parts if part)}."


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _left(count: int, why: str) -> str:
    return f"{count} left out that {why}" if count else ""

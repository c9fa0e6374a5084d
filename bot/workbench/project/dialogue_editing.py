"""Another intent in an intent's place in dialogue tests (`tests/dialogues`)."""

from collections.abc import Iterator
from itertools import zip_longest

from ruamel.yaml.nodes import Node

from bot.workbench.project.files import Project, is_dialogue
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import (
    compose,
    items_of,
    span_of,
    splice,
    text_of,
    value_of,
)


def rename_intent_in_dialogues(project: Project, old: str, new: str, action: str = "") -> Project:
    """
    Every line that means the old intent means the new one; a file that is broken stays as it is.

    With an `action` the line reaches that one.
    """
    for path, text in project.texts.items():
        if is_dialogue(path):
            named = [one for one in _lines(path, text) if text_of(one[0]) == old]
            places = [(*span_of(text, intent), new) for intent, _ in named]
            if action:
                places += [(*span_of(text, reached), action) for _, reached in named if reached]
            project = project.with_text(path, splice(text, places))

    return project


def _lines(path: str, text: str) -> Iterator[tuple[Node, Node | None]]:
    """Of each line the intent, and the action that it reaches."""
    try:
        stories = items_of(value_of(compose(path, text), "stories"))
    except WrongEdit:
        return
    for story in stories:
        steps = items_of(value_of(story, "steps"))
        for step, after in zip_longest(steps, steps[1:]):
            if intent := value_of(step, "intent"):
                yield intent, value_of(after, "action")

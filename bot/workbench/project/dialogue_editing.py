"""An intent's new name in dialogue tests (`tests/dialogues`)."""

from collections.abc import Iterator

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


def rename_intent_in_dialogues(project: Project, old: str, new: str) -> Project:
    """Every line that means it means it by its new name; a file that is broken stays as it is."""
    for path, text in project.texts.items():
        if is_dialogue(path):
            named = [one for one in _intents(path, text) if text_of(one) == old]
            renamed = splice(text, [(*span_of(text, one), new) for one in named])
            project = project.with_text(path, renamed)

    return project


def _intents(path: str, text: str) -> Iterator[Node]:
    try:
        stories = items_of(value_of(compose(path, text), "stories"))
    except WrongEdit:
        return
    for story in stories:
        for step in items_of(value_of(story, "steps")):
            if intent := value_of(step, "intent"):
                yield intent

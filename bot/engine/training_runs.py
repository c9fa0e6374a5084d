"""
Rasa's training without work that nobody needs: a third of its time with our 13 000 examples.

Before and after each component Rasa computes a fingerprint of all examples with all their
features, to find the component's result again in a later training. Each of our trainings has a
cache of its own that is thrown away (bot/training.py), so nothing is ever found. And for each file
that it reads it copies all examples so far, down to their last letter.
"""

import copy
from types import SimpleNamespace
from typing import Any

import rasa.engine.training.graph_trainer
import rasa.shared.nlu.training_data.training_data
from rasa.engine.graph import ExecutionContext, GraphNodeHook
from rasa.shared.nlu.training_data.message import Message


class NoCache(GraphNodeHook):
    """Stands where Rasa remembers what a component gave."""

    def __init__(self, **_: Any) -> None:
        """Nothing to remember with."""

    def on_before_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        received_inputs: dict[str, Any],
    ) -> dict[str, Any]:
        """Nothing to look for."""
        return {}

    def on_after_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        output: Any,
        input_hook_data: dict[str, Any],
    ) -> None:
        """Nothing to keep."""


def copy_deeply_enough(content: Any) -> Any:
    """A copy in which examples may be given other properties; what those hold is shared."""
    if not (isinstance(content, list) and content and isinstance(content[0], Message)):
        return copy.deepcopy(content)

    copies = [copy.copy(example) for example in content]
    for example in copies:
        example.data = dict(example.data)
        example.features = list(example.features)
        example.output_properties = set(example.output_properties)
    return copies


rasa.engine.training.graph_trainer.TrainingHook = NoCache
# Python's own module stays as it is.
rasa.shared.nlu.training_data.training_data.copy = SimpleNamespace(
    copy=copy.copy, deepcopy=copy_deeply_enough
)

"""
Rasa's training without what only its cache needs.

Before and after each component Rasa computes a fingerprint of all examples with all their
features, to find the component's result again in a later training. Each of our trainings has a
cache of its own that is thrown away (bot/training.py), so nothing is ever found: 10 of 60 s.
"""

from typing import Any

import rasa.engine.training.graph_trainer
from rasa.engine.graph import ExecutionContext, GraphNodeHook


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


rasa.engine.training.graph_trainer.TrainingHook = NoCache

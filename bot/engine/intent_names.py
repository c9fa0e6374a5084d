"""
An intent's name taken whole, whatever signs are in it.

To Rasa a slash makes a "retrieval intent": of `card/lost` and `card/arrival` one intent `card` is
learnt, and a name with two slashes ends the training. We answer by playbooks and have no use for
that; whoever trains the pipeline on their own messages wants their own labels back.
"""

from typing import Optional

from rasa.shared.nlu.training_data.message import Message


def take_whole(name: str) -> tuple[str, Optional[str]]:
    """The intent and no response key, where Rasa looks for both."""
    return name, None


Message.separate_intent_response_key = staticmethod(take_whole)

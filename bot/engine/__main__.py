"""
`rasa`, started the quick way: `python -m bot.engine` takes what the command `rasa` takes.

TensorFlow stays out where nothing computes with it (bot/engine/without_tensorflow.py). One of
Rasa's own classifiers is stored with skops, which at its import looks through every module that
is loaded by then: imported first it finds little to look through.
"""

from bot.engine.without_tensorflow import leave_out_tensorflow

leave_out_tensorflow()

import skops.io  # noqa: E402 (before Rasa, see above)
from rasa.__main__ import main  # noqa: E402 (without TensorFlow)

import bot.engine.intent_names  # noqa: E402 (of training data)
import bot.engine.training_runs  # noqa: E402 (mends Rasa)

main()

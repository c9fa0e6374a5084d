"""
`rasa`, started the quick way: `python -m bot.engine` takes what the command `rasa` takes.

The classifier is stored with skops, which at its import looks through every module that is
loaded by then. Rasa imports it last of all, after TensorFlow: 5 of the 11 seconds from start
to first answer. Imported first it finds little to look through.
"""

import skops.io  # before Rasa, see above
from rasa.__main__ import main

import bot.engine.intent_names  # of training data

main()

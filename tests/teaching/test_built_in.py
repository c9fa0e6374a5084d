"""The intents that the code knows are those that we began with."""

from bot.settings import ROOT
from bot.teaching.built_in import FIXED
from bot.workbench.project.files import read_project
from bot.workbench.project.intent_words import read_words


def test_whatever_no_trainer_has_added_is_fixed():
    project = read_project(ROOT)
    added = {name for name, words in read_words(project).items() if words.does}

    assert set(project.intents) - added == FIXED - {"nlu_fallback"}

"""The trained model against what was reached before, on messages that it never learnt from."""

import asyncio

from bot.project import rasa_project
from bot.settings import ROOT, get_settings
from bot.workbench.evaluation.baseline import check_baseline, find_other_sets, read_baseline
from bot.workbench.evaluation.measuring import development_sets, engine_of, measure


def test_the_development_sets_are_understood_as_well_as_before() -> None:
    """
    Nothing below the baseline beyond its interval, and the baseline is of these very messages.

    After a change that is meant: `makegood evaluate --baseline tests/nlu/baseline.json
    --write-baseline`.
    """
    project = rasa_project(get_settings())
    model = asyncio.run(project.train_if_changed())
    baseline = read_baseline(ROOT / "tests" / "nlu" / "baseline.json")

    report = measure(model.name, development_sets(ROOT), engine_of(project, model))

    check_baseline(report, baseline)
    assert list(find_other_sets(report, baseline)) == []

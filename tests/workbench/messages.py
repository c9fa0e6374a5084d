"""Messages and what a model made of them, for tests of the workbench."""

from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import Entity, Guess, Prediction
from bot.workbench.nlu_files import Example


def an_example(text: str = "where is it", intent: str = "order_status", **changes) -> Example:
    """A message of which somebody says what it means."""
    given = {
        "entities": (),
        "kinds": frozenset(),
        "language": "en",
        "file": "dev_en.yml",
        "line": 7,
    }

    return Example(text=text, intent=intent, **(given | changes))


def a_prediction(
    said: str = "order_status",
    *,
    text: str = "where is it",
    sure: float = 0.9,
    ranking: str = "",
    entities: tuple[Entity, ...] = (),
    language: str = "en",
) -> Prediction:
    """What the model said; without a ranking, that alone is in it."""
    names = ranking.split() or [said]
    guesses = [Guess(name, sure / (place + 1)) for place, name in enumerate(names)]

    return Prediction(
        text=text,
        intent=said,
        confidence=sure,
        ranking=tuple(guesses),
        entities=entities,
        language=language,
    )


def a_judged(meant: str, said: str, *, text: str = "where is it", **changes) -> Judged:
    """A message of the intent `meant` that was taken for `said`."""
    language = changes.pop("written_in", "en")

    return Judged(
        an_example(text, meant, language=language), a_prediction(said, text=text, **changes)
    )

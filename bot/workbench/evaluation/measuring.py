"""Messages in, a report out: the model reads them, and what it says is compared."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.obstacles import Obstacle
from bot.training import RasaProject
from bot.workbench import parsing
from bot.workbench.evaluation.judging import Judged, judge
from bot.workbench.evaluation.predictions import BrokenPrediction, Prediction, from_json
from bot.workbench.evaluation.report import Report, make_report
from bot.workbench.nlu_files import NluFile, read_nlu_files

type Parse = Callable[[Sequence[str], date | None], Iterable[str]]
"""Messages, and the day from which their dates count, to one line of JSON each."""


class CannotMeasure(Obstacle):
    """No figures came of it; the text says why."""


def development_sets(project: Path) -> list[Path]:
    """The messages to develop on. What lies in a folder below is measured only when asked for."""
    return sorted((project / "tests" / "nlu").glob("*.yml"))


def measure(model: str, paths: Sequence[Path], parse: Parse) -> Report:
    """The report on the NLU files there, as that model reads them."""
    files = read_nlu_files(paths)
    judged = judge_files(files, parse)
    if not judged:
        raise CannotMeasure(f"No messages in {', '.join(map(str, paths))}.")

    return make_report(model, [file.path.name for file in files if file.examples], judged)


def judge_files(files: Sequence[NluFile], parse: Parse) -> list[Judged]:
    """Every message of these files with what was made of it; the files of a day come together."""
    return [one for today, group in _by_day(files) for one in _judge(group, today, parse)]


def _judge(files: Sequence[NluFile], today: date | None, parse: Parse) -> list[Judged]:
    examples = [example for file in files for example in file.examples]
    if not examples:
        return []

    return judge(examples, _understand([example.text for example in examples], today, parse))


def _understand(texts: Sequence[str], today: date | None, parse: Parse) -> list[Prediction]:
    try:
        predictions = [from_json(line) for line in parse(texts, today)]
    except BrokenPrediction as error:
        raise CannotMeasure(f"A message could not be read: {error}") from error
    if len(predictions) != len(texts):
        raise CannotMeasure(f"{len(texts)} messages were given, {len(predictions)} came back.")

    return predictions


def _by_day(files: Sequence[NluFile]) -> list[tuple[date | None, list[NluFile]]]:
    """The files of each day; to those that name none the day is all one, so they join the first."""
    days = sorted({file.today for file in files if file.today})
    if not days:
        return [(None, list(files))]

    return [(day, [file for file in files if (file.today or days[0]) == day]) for day in days]


def engine_of(project: RasaProject, model: Path) -> Parse:
    """The program in Rasa's environment that understands messages with that model."""

    def read(texts: Sequence[str], today: date | None) -> list[str]:
        messages = [text.encode() for text in texts]
        return [line.decode() for line in parsing.parse(project, model, messages, today)]

    return read

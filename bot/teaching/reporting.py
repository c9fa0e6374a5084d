"""
Reports for whoever trains the model: what comes in, what the bot does alone, how well.

Each has its definition in words, since a figure without one is read as whatever is hoped for.
Days are UTC.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Final

from bot.casework.ports.units import UnitOfWork
from bot.casework.reports import DayCount, ReadCount
from bot.desk_words import say_intent
from bot.services.house import House
from bot.teaching.hinting import Corpus, read_corpus
from bot.training import RasaProject
from bot.workbench.charts import MOST_SERIES, Chart, Series

LONGEST: Final = 366
"""Days that a report goes back at most."""
DAILY: Final = 35
"""Up to so many days each is shown by itself, then weeks from Monday on."""
SAMPLE: Final = 150
"""Messages of a day or week whose words are compared with the examples'."""
FEWEST_WORDS: Final = 20
"""With fewer words a share says nothing."""
MOST_LIVE: Final = 50
REFUSED: Final = frozenset({"nlu_fallback", "out_of_scope"})
UNNAMED: Final = "not written down"

_WORD: Final = re.compile(r"[^\W\d_]{2,}")

Cell = str | int | float | None
"""A float is a share from 0 to 1, or a distance, of which 1 is much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    One subject: `words` define it, `headline` sums it up; numbers stand in a table.

    `rows` are what the page shows, `whole` what a file of it holds, the first row with the names.
    """

    name: str
    title: str
    words: str
    headline: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    whole: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The days or weeks of a report, each from its first day to before the next one's."""

    starts: tuple[date, ...]
    end: date
    weekly: bool

    @property
    def since(self) -> datetime:
        """Where it begins."""
        return _midnight(self.starts[0])

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the days, or of the weeks by their Monday."""
        return tuple(f"{one.day} {one:%b}" for one in self.starts)

    @property
    def pieces(self) -> Iterator[tuple[date, datetime, datetime]]:
        """Each day or week with its bounds."""
        for one, after in pairwise((*self.starts, self.end)):
            yield one, _midnight(one), _midnight(after)

    def start_of(self, day: date) -> date:
        """The day itself, or the Monday of its week."""
        return day - timedelta(days=day.weekday()) if self.weekly else day


Readings = Mapping[date, tuple[ReadCount, ...]]
Make = Callable[[UnitOfWork, Span, Readings, Corpus], Report]


def make_reports(house: House, project: RasaProject, days: int) -> tuple[Span, tuple[Report, ...]]:
    """All reports on that many days up to today."""
    corpus = read_corpus(project.folder)
    span = to_span(house.clock(), days)
    with house.units.reading() as unit:
        readings = _read(unit, span)

        return span, tuple(make(unit, span, readings, corpus) for make in REPORTS.values())


def make_report(house: House, project: RasaProject, which: str, days: int) -> Report:
    """One report on that many days up to today; KeyError without one of that name."""
    make = REPORTS[which]
    corpus = read_corpus(project.folder)
    span = to_span(house.clock(), days)
    with house.units.reading() as unit:
        return make(unit, span, _read(unit, span), corpus)


def to_span(now: datetime, days: int) -> Span:
    """That many days up to today, or the weeks that they are in."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    weekly = days > DAILY
    if weekly:
        first -= timedelta(days=first.weekday())
    step = timedelta(days=7 if weekly else 1)
    starts = [first]
    while starts[-1] + step <= today:
        starts.append(starts[-1] + step)

    return Span(tuple(starts), today + timedelta(days=1), weekly)


def report_volumes(_: UnitOfWork, span: Span, readings: Readings, __: Corpus) -> Report:
    """Which intents came how often."""
    totals: Counter[str] = Counter()
    by_piece: dict[date, Counter[str]] = defaultdict(Counter)
    for start, read in readings.items():
        for one in read:
            totals[one.intent] += one.count
            by_piece[start][one.intent] += one.count
    top = [name for name, _ in totals.most_common(MOST_SERIES - 1)]
    series = [
        Series(say_intent(name), [by_piece[start][name] for start in span.starts]) for name in top
    ]
    if len(totals) > len(top):
        others = [
            sum(count for name, count in by_piece[start].items() if name not in top)
            for start in span.starts
        ]
        series.append(Series("all others", others))
    messages = totals.total()

    return Report(
        name="volumes",
        title="What buyers write about",
        words="Messages by what the model understood, buttons left out.",
        headline=f"{messages:,} messages, {len(totals)} intents",
        columns=("Intent", "Messages", "Share"),
        rows=tuple(
            (say_intent(name), count, count / messages) for name, count in totals.most_common()
        ),
        chart=_bars("Messages by intent", span, series),
        whole=(
            ("from", "intent", "messages"),
            *(
                (start.isoformat(), name, count)
                for start in span.starts
                for name, count in sorted(by_piece[start].items())
            ),
        ),
    )


def report_automation(unit: UnitOfWork, span: Span, _: Readings, __: Corpus) -> Report:
    """How many conversations went without a person."""
    talks = _by_piece(span, unit.reports.talks(span.since))
    alone = [_share(count - such, count) for count, such in talks]
    count, such = map(sum, zip(*talks, strict=True))

    return Report(
        name="automation",
        title="Answered without a person",
        words="Conversations, by the day on which they began, that were never handed to a person "
        "and in which no agent wrote. Whoever left without an answer counts as answered, and what "
        "is still going on may yet reach a person.",
        headline=f"{_percent(_share(count - such, count))} of {count:,} conversations",
        columns=("From", "Conversations", "With a person", "Without one"),
        rows=tuple(
            (start.isoformat(), *pair, share)
            for start, pair, share in zip(span.starts, talks, alone, strict=True)
        ),
        chart=_lines("Share answered without a person", span, [Series("without a person", alone)]),
    )


def report_fallback(unit: UnitOfWork, span: Span, readings: Readings, _: Corpus) -> Report:
    """How often the bot did not know what was meant."""
    asked = [such for _, such in _by_piece(span, unit.reports.asked_back(span.since))]
    rows, shares = [], []
    for start, more in zip(span.starts, asked, strict=True):
        counts: Counter[str] = Counter()
        for one in readings[start]:
            counts[one.intent] += one.count
        messages = counts.total()
        unknown, foreign = counts["nlu_fallback"], counts["out_of_scope"]
        share = _share(unknown + foreign + more, messages)
        rows.append((start.isoformat(), messages, unknown, foreign, more, share))
        shares.append((_share(unknown + more, messages), _share(foreign, messages)))
    messages = sum(row[1] for row in rows)
    refused = sum(row[2] + row[3] + row[4] for row in rows)

    return Report(
        name="fallback",
        title="Not understood",
        words="Of the messages that the model read: those it was not sure of (nlu_fallback), those "
        "it took for none of our business (out_of_scope), and those after which the bot asked what "
        "was meant although it had understood something.",
        headline=f"{_percent(_share(refused, messages))} of {messages:,} messages",
        columns=("From", "Messages", "Not sure", "Out of scope", "Asked back", "Together"),
        rows=tuple(rows),
        chart=_lines(
            "Share not understood",
            span,
            [
                Series("not sure or asked back", [one for one, _ in shares]),
                Series("out of scope", [other for _, other in shares]),
            ],
        ),
    )


def report_accuracy(unit: UnitOfWork, span: Span, _: Readings, __: Corpus) -> Report:
    """How much agents left as it was understood."""
    looked = _by_piece(span, unit.reports.looked_at(span.since))
    right = [_share(count - such, count) for count, such in looked]
    count, such = map(sum, zip(*looked, strict=True))

    return Report(
        name="accuracy",
        title="Confirmed by agents",
        words="Messages that an agent had before them: written before an agent's answer in the "
        "same conversation, or looked at to correct something. They count as confirmed unless an "
        "agent said that they mean something else. Nobody has to say so: the true share is lower, "
        "and conversations that reach a person are harder than the rest.",
        headline=f"{_percent(_share(count - such, count))} of {count:,} messages, "
        f"{such:,} corrected",
        columns=("From", "Looked at", "Corrected", "Confirmed"),
        rows=tuple(
            (start.isoformat(), *pair, share)
            for start, pair, share in zip(span.starts, looked, right, strict=True)
        ),
        chart=_lines("Share confirmed by agents", span, [Series("confirmed", right)]),
    )


def report_drift(unit: UnitOfWork, span: Span, readings: Readings, corpus: Corpus) -> Report:
    """How far what buyers write has moved from the examples."""
    known = _vocabulary(corpus)
    rows: list[tuple[Cell, ...]] = []
    new: Counter[str] = Counter()
    for start, since, until in span.pieces:
        words = [
            word
            for text in unit.reports.texts(since, until, SAMPLE)
            for word in _WORD.findall(text.casefold())
        ]
        strange = Counter(word for word in words if word not in known)
        new += strange
        share = _share(strange.total(), len(words)) if len(words) >= FEWEST_WORDS else None
        read = readings[start]
        sure = _share(sum(one.sureness for one in read), sum(one.count for one in read))
        rows.append(
            (
                start.isoformat(),
                len(words),
                strange.total(),
                share,
                sure,
                sum(one.measured for one in read),
                _distance(read),
            )
        )
    often = ", ".join(word for word, times in new.most_common(12) if times > 1)
    words_read, strange_read = (sum(int(row[at] or 0) for row in rows) for at in (1, 2))

    return Report(
        name="drift",
        title="Drift",
        words=f"Of the latest {SAMPLE} messages of each {'week' if span.weekly else 'day'}: the "
        "share of words (not numbers) that no training example has. Beside it two means over all "
        "messages: how sure the model was, and the distance to the training data. That is what "
        "the likeness (cosine of reduced sentence vectors) to the nearest training example, also "
        "of those out of scope, lacks of 100%: an example itself is at 0%, what has nothing in "
        "common with any at 100%. Each model measures by its own examples, and each language by "
        "vectors of its own: another model or another mix of languages moves the mean, too. "
        "Messages from before it was measured, and those without a word, have no distance and do "
        f"not count.{f' New words most often: {often}.' if often else ''}",
        headline=f"{_percent(_share(strange_read, words_read))} of the words are new, distance "
        f"{_percent(_distance([one for read in readings.values() for one in read]))}",
        columns=(
            "From",
            "Words looked at",
            "New words",
            "Share new",
            "Mean confidence",
            "Measured",
            "Mean distance",
        ),
        rows=tuple(rows),
        chart=_lines(
            "New words, confidence and distance",
            span,
            [
                Series("new words", [_float(row[3]) for row in rows]),
                Series("mean confidence", [_float(row[4]) for row in rows]),
                Series("mean distance", [_float(row[6]) for row in rows]),
            ],
        ),
    )


def report_labels(unit: UnitOfWork, span: Span, _: Readings, __: Corpus) -> Report:
    """Who labelled how much."""
    labels = unit.reports.labels(span.since)
    names = {one.agent_id: one.name for one in labels}
    days: dict[str, list[int]] = defaultdict(list)
    by_piece: dict[str, Counter[date]] = defaultdict(Counter)
    for one in labels:
        days[one.agent_id].append(one.count)
        by_piece[one.agent_id][span.start_of(one.day)] += one.count
    busiest = sorted(days, key=lambda key: (-sum(days[key]), names[key]))
    shown, others = busiest[: MOST_SERIES - 1], busiest[MOST_SERIES - 1 :]
    series = [Series(names[key], [by_piece[key][one] for one in span.starts]) for key in shown]
    if others:
        rest = [sum(by_piece[key][one] for key in others) for one in span.starts]
        series.append(Series("all others", rest))
    total = sum(one.count for one in labels)

    return Report(
        name="labels",
        title="Labels",
        words="Groups of messages that people said the meaning of, skipped ones and those that "
        "were taken back left out. The median is over the days on which that person labelled.",
        headline=f"{total:,} labels by {len(days)} {'person' if len(days) == 1 else 'people'}",
        columns=("Who", "Labels", "Days", "Median a day"),
        rows=tuple(
            (names[key], sum(days[key]), len(days[key]), _plain(median(days[key])))
            for key in busiest
        ),
        chart=_bars("Labels by person", span, series),
        whole=(
            ("day", "who", "labels"),
            *((one.day.isoformat(), one.name, one.count) for one in labels),
        ),
    )


def report_models(unit: UnitOfWork, span: Span, readings: Readings, _: Corpus) -> Report:
    """Which model read how much, and who put it live when."""
    by_piece: dict[str, Counter[date]] = defaultdict(Counter)
    for start, read in readings.items():
        for one in read:
            by_piece[one.model or UNNAMED][start] += one.count
    live = unit.reports.went_live(MOST_LIVE)
    order = sorted(by_piece, key=lambda name: (-by_piece[name].total(), name))
    shown, others = order[: MOST_SERIES - 1], order[MOST_SERIES - 1 :]
    series = [Series(name, [by_piece[name][one] for one in span.starts]) for name in shown]
    if others:
        rest = [sum(by_piece[name][one] for name in others) for one in span.starts]
        series.append(Series("all others", rest))
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            by_piece[name].total(),
            min(by_piece[name]).isoformat(),
            max(by_piece[name]).isoformat(),
            next((f"{one.at:%Y-%m-%d %H:%M}" for one in live if one.model == name), ""),
            next((one.who for one in live if one.model == name), ""),
        )
        for name in order
    ]

    return Report(
        name="models",
        title="Models live",
        words="Messages by the model that read them, and when somebody put it live last (UTC). "
        "Messages of before that was written down have no model.",
        headline=f"{len(order)} {'model' if len(order) == 1 else 'models'} in use",
        columns=("Model", "Messages", "First in", "Last in", "Put live", "By"),
        rows=tuple(rows),
        chart=_bars("Messages by model", span, series),
    )


REPORTS: Final[Mapping[str, Make]] = {
    "volumes": report_volumes,
    "automation": report_automation,
    "fallback": report_fallback,
    "accuracy": report_accuracy,
    "drift": report_drift,
    "labels": report_labels,
    "models": report_models,
}


def to_table(report: Report) -> tuple[tuple[Cell, ...], ...]:
    """The report as a file holds it, the first row with the names of the columns."""
    return report.whole or (report.columns, *report.rows)


def _read(unit: UnitOfWork, span: Span) -> Readings:
    return {start: unit.reports.readings(since, until) for start, since, until in span.pieces}


def _by_piece(span: Span, days: Sequence[DayCount]) -> list[tuple[int, int]]:
    """Both counts of each day or week."""
    found = dict.fromkeys(span.starts, (0, 0))
    for one in days:
        start = span.start_of(one.day)
        if start in found:
            count, such = found[start]
            found[start] = count + one.count, such + one.such

    return list(found.values())


@lru_cache(maxsize=1)
def _vocabulary(corpus: Corpus) -> frozenset[str]:
    """Every word of the training examples."""
    return frozenset(word for one in corpus.examples for word in _WORD.findall(one.text.casefold()))


def _bars(title: str, span: Span, series: Sequence[Series]) -> Chart:
    return Chart(title=title, kind="bars", places=span.places, series=series)


def _lines(title: str, span: Span, series: Sequence[Series]) -> Chart:
    return Chart(title=title, kind="lines", places=span.places, series=series)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _distance(read: Sequence[ReadCount]) -> float | None:
    """Between these messages and their nearest training examples, in the mean; 0 to 2."""
    nearness = _share(sum(one.nearness for one in read), sum(one.measured for one in read))

    return None if nearness is None else max(0.0, 1 - nearness)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _float(cell: Cell) -> float | None:
    return cell if isinstance(cell, float) else None


def _plain(number: float) -> str:
    return f"{number:g}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

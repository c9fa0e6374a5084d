"""The report for a terminal."""

from collections.abc import Callable, Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.figures import MOST_REFUSED, LanguageFigures
from bot.workbench.evaluation.report import Report, headlines, in_percent

MOST_CONFUSIONS = 15


def print_report(report: Report, console: Console) -> None:
    """Figures in per cent with their 95 % intervals, tables one below the other."""
    console.print(Text(f"{report.model} on {', '.join(report.sets)}. Per cent (95 % interval)."))
    for table in _tables(report):
        console.print()
        console.print(table)


def _tables(report: Report) -> Iterator[RenderableType]:
    languages = report.languages
    yield _headlines(languages)
    yield _intents(languages)
    yield _confusions(languages[0])
    if any(one.curve for one in languages):
        yield _thresholds(languages)
    yield _reliability(languages)
    if languages[0].entities:
        yield _entities(languages)


def _headlines(languages: tuple[LanguageFigures, ...]) -> Table:
    table = _table("", *(f"{one.language}, {one.messages}" for one in languages))
    rows = [headlines(one) for one in languages]
    for name in rows[0]:
        table.add_row(name, *(in_percent(row[name]) if name in row else "–" for row in rows))

    return table


def _intents(languages: tuple[LanguageFigures, ...]) -> Table:
    """The weakest first; of the single languages, F1."""
    single = languages[1:]
    names = [f"F1 {one.language}" for one in single]
    table = _table("Intent", "n", "Precision", "Recall", "F1", *names)
    f1s = [{one.intent: one.f1 for one in figures.intents} for figures in single]
    for one in languages[0].intents:
        table.add_row(
            one.intent,
            str(one.n),
            _short(one.precision),
            _short(one.recall),
            in_percent(one.f1),
            *(_short(of[one.intent]) if one.intent in of else "–" for of in f1s),
        )

    return table


def _confusions(figures: LanguageFigures) -> Table:
    table = Table("Meant", "Taken for", "n", "Such as", box=None, header_style="bold")
    for one in figures.confusions[:MOST_CONFUSIONS]:
        table.add_row(one.meant, one.said, str(one.count), Text(one.examples[0]))
    if (more := len(figures.confusions) - MOST_CONFUSIONS) > 0:
        table.add_row("", "", "", f"and {more} more pairs")

    return table


def _thresholds(languages: tuple[LanguageFigures, ...]) -> Table:
    """Where the model works, and what the threshold alone could do within the limit."""
    table = _table("Out of scope", *(one.language for one in languages))
    limit = f"{100 * MOST_REFUSED:.0f}"

    def row(name: str, say: Callable[[LanguageFigures], str]) -> None:
        table.add_row(name, *(say(one) for one in languages))

    row("Refused, out of scope", lambda one: in_percent(one.refused_rightly))
    row("Refused wrongly, in scope", lambda one: in_percent(one.refused_wrongly))
    row(
        f"Best with at most {limit} refused wrongly",
        lambda one: f"{100 * best.refused_rightly:.1f}" if (best := one.best_within_limit) else "–",
    )
    row(
        "at the threshold",
        lambda one: f"{best.threshold:.2f}" if (best := one.best_within_limit) else "–",
    )

    return table


def _reliability(languages: tuple[LanguageFigures, ...]) -> Table:
    """Bin by bin, of all languages together."""
    table = _table("Sure by", "n", "Mean", "Right")
    for one in languages[0].bins:
        table.add_row(
            f"{100 * one.low:.0f} to {100 * one.high:.0f}",
            str(one.n),
            f"{100 * one.confidence:.1f}",
            in_percent(one.right),
        )

    return table


def _entities(languages: tuple[LanguageFigures, ...]) -> Table:
    table = _table("Entity", "n", "Exact", "Precision", "Normal form")
    for figures in languages:
        for one in figures.entities:
            table.add_row(
                f"{one.kind}, {figures.language}",
                str(one.n),
                in_percent(one.found),
                in_percent(one.precision),
                in_percent(one.normalized),
            )

    return table


def _table(first: str, *others: str) -> Table:
    table = Table(first, box=None, header_style="bold")
    for name in others:
        table.add_column(name, justify="right")

    return table


def _short(figure: Figure) -> str:
    return "–" if figure.value is None else f"{100 * figure.value:.1f}"

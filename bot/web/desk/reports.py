"""What the messages of some weeks come to, as plots, tables and files."""

import asyncio
from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_404_NOT_FOUND, HTTP_409_CONFLICT

from bot.casework.agents import May
from bot.project import rasa_project
from bot.teaching.report_files import to_csv
from bot.teaching.reporting import (
    LONGEST,
    Cell,
    Report,
    make_report,
    make_reports,
    to_table,
)
from bot.teaching.reporting import REPORTS as KINDS
from bot.web.desk.desk import Desk
from bot.web.errors import WrongRequest, faults
from bot.workbench.charts import draw
from bot.workbench.nlu_files import BrokenNluFile

USUAL_DAYS: Final = 30
CSV: Final = "text/csv"
Days = Annotated[int, QueryParameter(ge=1, le=LONGEST)]


class ReportShown(msgspec.Struct):
    """
    One report: what it counts, in words, and the numbers.

    `svg` is a drawing of them with classes for colours, `series` the names of those in order; it
    is null where there is nothing to draw. `file` is where the whole comes as CSV.
    """

    name: str
    title: str
    words: str
    headline: str
    svg: str | None
    series: list[str]
    columns: list[str]
    rows: list[list[str]]
    file: str


class ReportsShown(msgspec.Struct):
    """All reports on the days from `since` to `until`; each place of a plot is a `by`."""

    since: date
    until: date
    by: str
    zone: str
    reports: list[ReportShown]


@get("/reports", opt={"may": May.TEACH}, responses=faults(401, 403, 409))
async def show_reports(desk: NamedDependency[Desk], days: Days = USUAL_DAYS) -> ReportsShown:
    """What the messages of the latest days come to; more than 35 days are shown by week."""
    project = rasa_project(desk.settings)
    try:
        span, reports = await asyncio.to_thread(make_reports, desk.house, project, days)
    except BrokenNluFile as error:
        raise WrongRequest(HTTP_409_CONFLICT, "broken_files", str(error)) from error

    return ReportsShown(
        since=span.starts[0],
        until=span.end - timedelta(days=1),
        by="week" if span.weekly else "day",
        zone="UTC",
        reports=[_to_shown(one, days) for one in reports],
    )


@get(
    "/reports/{file:str}",
    opt={"may": May.TEACH},
    media_type=CSV,
    content_media_type=CSV,
    responses=faults(401, 403, 404, 409),
)
async def save_report(
    file: FromPath[str], desk: NamedDependency[Desk], days: Days = USUAL_DAYS
) -> Stream:
    """One report as a CSV file for a spreadsheet: its name and `.csv`."""
    which = file.removesuffix(".csv")
    if which not in KINDS or which == file:
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "There is no such report.")
    project = rasa_project(desk.settings)
    try:
        report = await asyncio.to_thread(make_report, desk.house, project, which, days)
    except BrokenNluFile as error:
        raise WrongRequest(HTTP_409_CONFLICT, "broken_files", str(error)) from error

    return Stream(
        to_csv(to_table(report)),
        media_type=CSV,
        headers={"content-disposition": f'attachment; filename="{which}.csv"'},
    )


REPORTS: Final = (show_reports, save_report)


def _to_shown(report: Report, days: int) -> ReportShown:
    chart = report.chart
    drawn = chart and any(value for one in chart.series for value in one.values)

    return ReportShown(
        name=report.name,
        title=report.title,
        words=report.words,
        headline=report.headline,
        svg=draw(chart) if chart and drawn else None,
        series=[one.name for one in chart.series] if chart and drawn else [],
        columns=list(report.columns),
        rows=[[_say(cell) for cell in row] for row in report.rows],
        file=f"reports/{report.name}.csv?days={days}",
    )


def _say(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.1%}"

    return f"{cell:,}" if isinstance(cell, int) else cell

"""The page of an evaluation in a browser: its own policy lets its own script run."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.workbench.evaluation.report import make_report
from bot.workbench.evaluation.report_page import render_page
from tests.workbench.messages import a_judged

SAID = ("where is my mug", "where is my refund", "<img src=x onerror=alert(1)>")


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Three misunderstood messages, one of them Russian."""
    judged = [
        a_judged("thanks", "greet", text=SAID[0]),
        a_judged("refund_status", "nlu_fallback", text=SAID[1], ranking="greet"),
        a_judged("thanks", "deny", text=SAID[2], written_in="ru"),
        a_judged("out_of_scope", "out_of_scope"),
    ]
    path = tmp_path / "report.html"
    path.write_text(render_page(make_report("model", ["dev_en.yml"], judged)), "utf-8")

    return path.as_uri()


def shown(page: Page) -> list[str]:
    """The misunderstood messages in sight."""
    return page.locator("#misunderstood li:visible p:first-child").all_text_contents()


def test_misunderstood_messages_are_searched(browser: Browser, file: str) -> None:
    """
    By words, by intents and by language; nothing is complained about, nothing a buyer wrote runs.
    """
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file)

    assert shown(page) == list(SAID)
    page.fill("#search", "WHERE mug")
    assert shown(page) == [SAID[0]]
    page.fill("#search", "refund_status")
    assert shown(page) == [SAID[1]]
    page.fill("#search", "")
    page.select_option("#language", "ru")
    assert shown(page) == [SAID[2]]
    assert page.locator("#count").text_content() == "1 of 3"
    assert complaints == []
    page.close()


@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_never_scrolls_sideways(browser: Browser, file: str, width: int) -> None:
    """
    Wide tables and drawings scroll within themselves.
    """
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(file)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()

"""
Evidence as one HTML page, with its photos inside: a seller sends it to a marketplace as it is.

Everything in it was written by buyers, shops and carriers: Jinja escapes it all, and the page's
own policy allows no script and nothing from elsewhere.
"""

import base64
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.amounts import format_money
from bot.casework.money import Money
from bot.services.evidence import Evidence


def render_evidence(evidence: Evidence, photos: Path) -> str:
    """The page; a photo whose file is gone from the folder `photos` is named as missing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"time": _time, "money": _money}
    shown = {
        photo.id: _embedded(photos / photo.file_name)
        for chat in evidence.chats
        for line in chat.lines
        for photo in line.photos
    }

    return environment.get_template("page.html.j2").render(
        evidence=evidence, order=evidence.order, shown=shown
    )


def _embedded(file: Path) -> str:
    """The photo as an address that holds it; empty if it cannot be read."""
    try:
        content = file.read_bytes()
    except OSError:
        return ""

    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


def _time(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if when else ""


def _money(amount: Money | None) -> str:
    return format_money(amount, "en") if amount else ""

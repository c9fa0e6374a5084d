"""
How long a large order file takes to import, and how long chats wait meanwhile.

`python -m benchmarks.import_orders` writes a file of 100 000 lines (about 60 000 orders), imports
it into a fresh database with the command a seller uses, and again unchanged. Beside the first
import it writes a short transaction every 50 ms, as a chat does, and measures how long each
waits for the lock. `--chats no` leaves these out, `--database URL` takes PostgreSQL.
"""

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep

import sqlalchemy as sa

from bot.intake.order_file import COLUMNS
from bot.settings import ROOT
from bot.store.database import open_database, writing
from bot.store.migrate import migrate
from bot.store.tables import stores

EVERY = 0.05
STATUSES = "pending processing shipped delivered delivered delivered cancelled refused".split()


def main() -> None:
    """Measure, and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lines", type=int, default=100_000)
    asked.add_argument("--database", default="")
    asked.add_argument("--chats", choices=["yes", "no"], default="yes")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        orders = write_file(path, given.lines)
        print(f"{given.lines} lines, {orders} orders, {path.stat().st_size / 1e6:.0f} MB")
        url = given.database or f"sqlite:///{folder}/makegood.db"
        migrate(url)
        waits = measure("first import", path, url, chats=given.chats == "yes")
        measure("second import", path, url, chats=False)
        if waits:
            print(f"a chat's wait  {spread(waits)}")


def measure(name: str, path: Path, url: str, *, chats: bool) -> list[float]:
    """Import the file once; how many milliseconds chats waited."""
    command = [sys.executable, "-m", "bot.cli", "orders", "import", str(path)]
    env = {**os.environ, "MAKEGOOD_DATABASE_URL": url, "MAKEGOOD_STATE": str(path.parent)}
    begun = perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = subprocess.Popen(command, cwd=ROOT, env=env)
    waits = list(chat(url, running)) if chats else []
    running.wait()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(
        f"{name:<14} {perf_counter() - begun:6.1f} s, of which {cpu:.1f} s of one core; "
        f"{now.ru_maxrss // 1024} MB at most"
    )

    return waits


def chat(url: str, importing: subprocess.Popen[bytes]) -> Iterator[float]:
    """Write now and then while the import runs; the milliseconds until each could begin."""
    engine = open_database(url)
    number = 0
    while importing.poll() is None:
        number += 1
        begun = perf_counter()
        with writing(engine) as connection:
            connection.execute(sa.select(1))
            yield (perf_counter() - begun) * 1000
            connection.execute(sa.update(stores).values(title=f"Title {number}"))
        sleep(EVERY)
    engine.dispose()


def spread(waits: list[float]) -> str:
    """The waits in a line."""
    waits = sorted(waits)
    places = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    shown = [f"{name} {waits[int(len(waits) * place)]:.1f}" for name, place in places.items()]

    return f"{', '.join(shown)}, max {waits[-1]:.1f} ms in {len(waits)} writes"


def write_file(path: Path, lines: int) -> int:
    """A file of so many lines in random but always the same orders; how many orders."""
    dice = random.Random(7)
    orders = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS.known)
        writer.writeheader()
        while lines > 0:
            orders += 1
            order = an_order(orders, dice)
            for _ in range(min(dice.choice((1, 1, 1, 2, 2, 3)), lines)):
                writer.writerow(order | a_line(dice))
                lines -= 1

    return orders


def an_order(number: int, dice: random.Random) -> dict[str, str]:
    """The order columns of one order."""
    placed = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(500_000))
    status, buyer = dice.choice(STATUSES), dice.randrange(40_000)
    shipped = placed + timedelta(days=1) if status in ("shipped", "delivered", "refused") else None
    delivered = placed + timedelta(days=7) if status == "delivered" else None

    return {
        "order_number": f"PERF-{number:06}",
        "marketplace": "shop",
        "placed_at": placed.isoformat(),
        "status": status,
        "fulfilment": "seller",
        "ship_mode": "air",
        "buyer_name": f"Buyer {buyer}",
        "buyer_email": f"buyer{buyer}@example.com",
        "buyer_phone": "+49 30 23125 001",
        "buyer_type": "retail",
        "country": "DE",
        "postal_code": "10115",
        "city": "Berlin",
        "address": f"Main Street {buyer}",
        "currency": "EUR",
        "shipping_price": "4.90",
        "carrier": "DHL" if shipped else "",
        "tracking_number": f"JD{number:012}" if shipped else "",
        "shipped_at": shipped.isoformat() if shipped else "",
        "promised_by": (placed + timedelta(days=14)).date().isoformat(),
        "delivered_at": delivered.isoformat() if delivered else "",
    }


def a_line(dice: random.Random) -> dict[str, str]:
    """The line columns of one row."""
    product = dice.randrange(3_000)

    return {
        "sku": f"SKU-{product:05}",
        "title": f"Product number {product}, in a blue box",
        "variant": "blue / M",
        "quantity": str(dice.randrange(1, 4)),
        "unit_price": f"{dice.randrange(100, 9999) / 100:.2f}",
    }


if __name__ == "__main__":
    main()

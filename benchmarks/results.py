"""What a part of the benchmark found: printed, and kept as JSON with machine and versions."""

import json
import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path

from benchmarks.figures import Row, print_rows
from bot.settings import ROOT

RASA_PACKAGES = ROOT / ".venv-rasa" / "lib" / "python3.10" / "site-packages"
VERSIONS = ("rasa", "tensorflow", "scikit-learn", "spacy", "numpy", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Section:
    """One table; the notes say what a reader would otherwise take for something else."""

    title: str
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=tuple)


def present(part: str, sections: Sequence[Section], state: Path) -> None:
    """Print the sections of a part, and keep them in `PART.json`; the run before is replaced."""
    for section in sections:
        print_rows(section.title, section.rows)
        for note in section.notes:
            print(note)
        print()
    where = describe_machine()
    print(f"Measured on {where['processor']}, {where['cores']} cores, {where['memory_gb']} GB;",
          ", ".join(f"{name} {version}" for name, version in find_versions().items()))  # fmt: skip
    state.mkdir(parents=True, exist_ok=True)
    path = state / f"{part}.json"
    path.write_text(json.dumps(to_json(part, sections), ensure_ascii=False, indent=1), "utf-8")
    print(f"Kept in {path}", file=sys.stderr)


def to_json(part: str, sections: Sequence[Section]) -> dict[str, object]:
    """Everything that is known of it."""
    return {
        "part": part,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "versions": find_versions(),
        "sections": [
            {
                "title": section.title,
                "figures": [row.to_json() for row in section.rows],
                "notes": list(section.notes),
            }
            for section in sections
        ],
    }


def describe_machine() -> dict[str, object]:
    """What it is, and how busy: a figure from a busy machine is worth less."""
    model = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", _read("/proc/meminfo"), re.MULTILINE)

    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": model[1] if model else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory[1]) / 1e6) if memory else None,
        "load": [round(load, 1) for load in os.getloadavg()],
    }


def find_versions() -> dict[str, str]:
    """Of Python and of what both pipelines are made of."""
    found = {"Python": platform.python_version()}
    for name in VERSIONS:
        for package in Distribution.discover(name=name, path=[str(RASA_PACKAGES)]):
            found[name] = package.version

    return found


def _read(path: str) -> str:
    return Path(path).read_text("utf-8") if Path(path).exists() else ""

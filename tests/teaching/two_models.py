"""A project with two models, which say what a test wants them to."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.model_seal import Seals
from bot.settings import ROOT, Settings
from bot.workbench.comparison.dialogues import write_dialogue

LIVE, NEW = "makegood-live.tar.gz", "makegood-new.tar.gz"
Says = Callable[[str], str]


def meant_by(text: str) -> str:
    """What a message of these tests means: its first word, and thanks."""
    return text.split()[0]


def always(intent: str) -> Says:
    """A model that has one answer."""
    return lambda _: intent


@dataclass(frozen=True)
class Readers:
    """Stands in Rasa's place: what each model says of a text."""

    live: Says = meant_by
    new: Says = meant_by

    def __call__(self, model: Path, texts: Sequence[str], today: date | None) -> Iterator[str]:
        says = {LIVE: self.live, NEW: self.new}[model.name]
        for text in texts:
            intent = says(text)
            guess = {"name": intent, "confidence": 0.9}
            yield json.dumps(
                {
                    "text": text, "intent": intent, "confidence": 0.9, "ranking": [guess],
                    "entities": [], "language": "en",
                }
            )  # fmt: skip


def nlu(messages: Iterable[tuple[str, str]]) -> str:
    """An NLU file of these intents and texts."""
    blocks = [f"- intent: {intent}\n  examples: |\n    - {text}\n" for intent, text in messages]

    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def a_workbench(folder: Path, *, each: int = 12) -> Settings:
    """
    A project of two models, with so many development messages of each of four intents.

    Every message begins with what it means.
    """
    intents = ("refund_request", "refund_status", "thanks", "out_of_scope")
    put(
        folder / "tests" / "nlu" / "dev_en.yml",
        nlu((intent, f"{intent} number {n}") for intent in intents for n in range(each)),
    )
    for name in ("domain.yml", "data/rules.yml"):
        put(folder / name, (ROOT / name).read_text())
    for name in (LIVE, NEW):
        put(folder / "models" / name, name)

    return Settings(project=folder, state=folder / "var", rulebook=ROOT / "rulebook")


def a_dialogue(settings: Settings, *lines: tuple[str, str], title: str = "a talk") -> None:
    """A dialogue test of texts and intents, all of which lead to a playbook."""
    text = write_dialogue(title, [(*line, "action_run_playbook") for line in lines])
    put(settings.project / "tests" / "dialogues" / f"{title.replace(' ', '-')}.yml", text)


def serve(settings: Settings, model: str, swap: str = "steady", wanted: str = "") -> None:
    """The supervisor says this."""
    told = {
        "model": model, "url": "http://127.0.0.1:1", "wanted": wanted or model, "swap": swap,
        "error": "", "since": "2026-03-20T12:00:00+00:00",
    }  # fmt: skip
    put(settings.state_dir / "run" / "serving.json", json.dumps(told))


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    if path.parent.name == "models":
        Seals(path.parent).add(path, inputs="", engine="")

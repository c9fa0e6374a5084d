"""A project to train, small, and a program in Rasa's place that does what config.yml says."""

import os
import sys
from pathlib import Path

from bot.training import RasaProject

RASA = """
import os, pathlib, signal, sys

out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
config = pathlib.Path("config.yml").read_text()
line = "2026-11-26 04:32:24 INFO     rasa.engine.training.hooks  - {} component '{}'."

def say(text):
    print(text, flush=True)

say(line.format("Starting to train", "EntityExtractor"))
say(line.format("Finished training", "EntityExtractor"))
if "waits" in config:
    (out / "half").write_text("half a model")
    with open(os.environ["GATE"]) as gate:
        gate.read()
if "broken" in config:
    say("\\x1b[91mYamlException: " + os.getcwd() + "/data/nlu/a.yml is broken\\x1b[0m")
    sys.exit(1)
if "full" in config:
    say("OSError: [Errno 28] No space left on device")
    sys.exit(1)
if "memory" in config:
    say("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 9.00 TiB")
    sys.exit(1)
if "killed" in config:
    os.kill(os.getpid(), signal.SIGKILL)
say(line.format("Starting to train", "IntentClassifier"))
examples = pathlib.Path("data/nlu/a.yml").read_text()
(out / "model.tar.gz").write_text(examples)
say("Your Rasa model is trained and saved at 'model.tar.gz'.")
"""
NLU = """nlu:
- intent: greet
  examples: |
    - hi
    - hello
- intent: bye
  examples: |
    - bye
"""


def a_project(folder: Path, *, config: str = "") -> RasaProject:
    """Three examples of two intents; `config` tells the program what happens to it."""
    for name, text in {
        "config.yml": f"# {config}\n",
        "domain.yml": "# domain\n",
        "data/nlu/a.yml": NLU,
        "data/rules.yml": "rules: []\n",
        "data/demo/orders.yml": "orders: []\n",
        "bot/__init__.py": "",
        "bot/engine/__init__.py": "",
        "requirements/rasa.txt": "rasa\n",
        "other/weights.bin": "weights",
    }.items():
        path = folder / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    gate = folder / "gate"
    if not gate.exists():
        os.mkfifo(gate)

    return RasaProject(
        folder=folder / "project",
        logs=folder / "logs",
        rasa=(sys.executable, "-c", RASA),
        env={**os.environ, "GATE": str(gate)},
    )


def change(project: RasaProject, name: str, text: str) -> None:
    """Write a file of the project anew."""
    (project.folder / name).write_text(text)

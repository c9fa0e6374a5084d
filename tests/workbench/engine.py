"""A stand-in for the program that understands messages in Rasa's environment."""

import sys
from pathlib import Path

from bot.training import RasaProject

PROGRAM = f"""#!{sys.executable}
import json, pathlib, sys

pathlib.Path("calls").open("a").write(" ".join(sys.argv[1:]) + "\\n")
for number, line in enumerate(sys.stdin, start=1):
    text = line.rstrip("\\n")
    if text == "crash":
        sys.exit("Traceback:\\nValueError: no such model")
    if text == "too long":
        print(json.dumps({{"error": "longer than 50 kB", "line": number}}))
        continue
    if text == "silence":
        continue
    said = text.split()[0]
    print(json.dumps({{
        "text": text, "intent": said, "confidence": 0.9,
        "ranking": [{{"name": said, "confidence": 0.9}}], "entities": [], "language": "en",
    }}))
"""
"""Takes the first word of a message for its intent."""


def a_project(folder: Path) -> RasaProject:
    """A project in which that program stands in Rasa's place, with a model."""
    program = folder / "python"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    for name in ("config.yml", "domain.yml", "requirements/rasa.txt", "data/nlu.yml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("")
    project = RasaProject(
        folder=folder, logs=folder / "logs", rasa=(str(program), "-m", "bot.engine"), env={}
    )
    project.models.mkdir()
    project.model.write_text("a model")
    project.seals.add(project.model, inputs=project.inputs_checksum, engine=project.engine)

    return project


def calls(folder: Path) -> list[str]:
    """With what the program of the project in that folder was started, each time."""
    return (folder / "calls").read_text().splitlines()


def nlu(*examples: tuple[str, str], today: str = "") -> str:
    """An NLU file of intents and texts."""
    blocks = [f"- intent: {intent}\n  examples: |\n    - {text}\n" for intent, text in examples]

    return (f"# today: {today}\n" if today else "") + "nlu:\n" + "".join(blocks)

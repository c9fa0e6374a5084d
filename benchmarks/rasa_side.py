"""
Messages through a trained model by Rasa's own Agent, whatever its pipeline; runs in `.venv-rasa`.

`python -m benchmarks.rasa_side --model M --out FILE` reads `{"texts": [...], "timed": [...],
"rounds": 5}` from stdin and writes `{"answers": [...], "milliseconds": [[...], ...]}`: an answer a
text in the form of `makegood parse`, and the times of the timed texts by round. All of it happens
on one core and in one thread, the timing last, when everything is warm.
"""

import argparse
import asyncio
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS",
              "TF_INTER_OP_PARALLELISM_THREADS")  # fmt: skip
FALLBACK = "nlu_fallback"
EVERY = 500
"""Messages after which there is a sign of life."""


def main() -> None:
    """Read what is asked, answer it, write it down."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--model", required=True)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--first", nargs="*", default=[], help="modules to import before Rasa")
    given = asked.parse_args()
    # Before TensorFlow and NumPy count cores and start threads for them.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    for module in given.first:
        import_module(module)
    wanted = json.load(sys.stdin)
    found = asyncio.run(answer(given.model, wanted["texts"], wanted["timed"], wanted["rounds"]))
    given.out.write_text(json.dumps(found, ensure_ascii=False), "utf-8")


async def answer(model: str, texts: list[str], timed: list[str], rounds: int) -> dict[str, Any]:
    """The answers to the texts, then the times."""
    from rasa.core.agent import Agent
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(30)  # as the server has it: no debug messages
    configure_structlog(30)
    agent = Agent.load(model)
    if not agent.is_ready():
        sys.exit(f"{model} could not be loaded")
    answers = []
    for number, text in enumerate(texts, start=1):
        answers.append(to_answer(await agent.parse_message(text)))
        if number % EVERY == 0:
            print(".", end="", file=sys.stderr, flush=True)
    for text in timed:
        await agent.parse_message(text)
    milliseconds = []
    for _ in range(rounds):
        times = []
        for text in timed:
            began = perf_counter()
            await agent.parse_message(text)
            times.append((perf_counter() - began) * 1000)
        milliseconds.append(times)

    return {"answers": answers, "milliseconds": milliseconds}


def to_answer(parsed: dict[str, Any]) -> dict[str, Any]:
    """What Rasa says of a message, in the form of `makegood parse`; entities are not compared."""
    intent = parsed["intent"]

    return {
        "text": parsed["text"],
        "intent": intent["name"] or FALLBACK,
        "confidence": float(intent["confidence"]),
        "ranking": [
            {"name": guess["name"], "confidence": float(guess["confidence"])}
            for guess in parsed.get("intent_ranking", [])
            if guess["name"] != FALLBACK
        ],
        "entities": [],
        "language": "",
    }


if __name__ == "__main__":
    main()

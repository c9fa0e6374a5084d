"""
Rasa's command line, whose trainings go on where they were broken off; runs in `.venv-rasa`.

    python benchmarks/rasa_resumed.py FOLDER train ...

Stock Rasa learns for hours from ten thousand examples. After each epoch Keras keeps what it needs
to go on (`BackupAndRestore`), and beside it stands what the training has cost so far. Nothing of
the training is changed; only the order of the examples after an interruption is another one.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SPENT = "spent.json"


def spent(folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and of all cores together, of the epochs that are done."""
    if not (folder / SPENT).exists():
        return 0.0, 0.0
    record = json.loads((folder / SPENT).read_text("utf-8"))

    return record["seconds"], record["core_seconds"]


def main(folder: Path, arguments: list[str]) -> None:
    """Rasa with those arguments."""
    import rasa.__main__ as rasa
    from rasa.utils.tensorflow.models import RasaModel

    folder.mkdir(parents=True, exist_ok=True)
    RasaModel.fit = _resumed(RasaModel.fit, folder)
    sys.argv = ["rasa", *arguments]
    rasa.main()


def _resumed(fit: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    from tensorflow.keras.callbacks import BackupAndRestore, Callback

    class Spent(Callback):  # type: ignore[misc]  # Keras tells no types
        """Writes down which epochs are done and what they have cost."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self._part = part
            self._before = spent(folder)
            self._began = time.perf_counter(), time.process_time()

        def on_epoch_end(self, epoch: int, _logs: object = None) -> None:
            now = time.perf_counter(), time.process_time()
            seconds, core_seconds = (
                before + (at - began)
                for before, at, began in zip(self._before, now, self._began, strict=True)
            )
            epochs = {**_epochs(folder), self._part: epoch + 1}
            record = {"seconds": seconds, "core_seconds": core_seconds, "epochs": epochs}
            draft = folder / f"{SPENT}.draft"
            draft.write_text(json.dumps(record), "utf-8")
            draft.replace(folder / SPENT)

    fits = 0

    def fit_on(self: Any, examples: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal fits
        fits += 1
        part = f"fit-{fits}"
        if done := _epochs(folder).get(part, 0):
            # A batch grows with the epoch, and Keras counts the batches before it begins.
            examples._current_epoch = done - 1
            examples.on_epoch_end()
        kept = BackupAndRestore(str(folder / part), delete_checkpoint=False)
        kwargs["callbacks"] = [*(kwargs.get("callbacks") or ()), kept, Spent(part)]

        return fit(self, examples, *args, **kwargs)

    return fit_on


def _epochs(folder: Path) -> dict[str, int]:
    """How many epochs of each part are done."""
    path = folder / SPENT

    return dict(json.loads(path.read_text("utf-8"))["epochs"]) if path.exists() else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

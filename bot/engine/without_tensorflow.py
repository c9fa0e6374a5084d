"""
Rasa without TensorFlow, where the pipeline has no use for it.

Rasa imports TensorFlow at its start for DIET, TED and their kin, whether config.yml names them or
not: half of the start and half of the memory. Here every module of it is an empty one whose names
are empty classes, which is all that Rasa's modules need while they are imported.
"""

import importlib.abc
import importlib.machinery
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

NEEDING = (
    "DIETClassifier",
    "ResponseSelector",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
    "ConveRTFeaturizer",
    "LanguageModelFeaturizer",
)
"""Components that compute with it."""
_ABSENT = ("tensorflow", "tensorflow_addons", "tensorflow_text", "tensorflow_hub", "keras")


def leave_out_tensorflow(config: Path = Path("config.yml")) -> None:
    """Let Rasa find nothing behind `import tensorflow`, unless the configuration needs it."""
    text = config.read_text("utf-8") if config.is_file() else ""
    named = set(re.findall(r"^\s*-\s*name:\s*[\"']?([\w.]+)", text, re.MULTILINE))
    # A file without a pipeline gets Rasa's default one, which begins with DIET.
    if not named or any(name.rpartition(".")[2] in NEEDING for name in named):
        return
    sys.meta_path.insert(0, _Finder())


class _Nameless(type):
    """The type of stand-ins: each of their names is another one."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _to_stand_in(name)

    def __call__(cls, *arguments: Any, **_: Any) -> Any:
        # As a decorator it gives back what it decorates.
        return arguments[0] if arguments and callable(arguments[0]) else cls

    def __iter__(cls) -> Any:
        return iter(())

    def __or__(cls, _other: Any) -> Any:
        return cls

    def __getitem__(cls, _key: Any) -> Any:
        return cls


def _to_stand_in(name: str) -> Any:
    return _Nameless(name, (), {})


class _Module(ModuleType):
    """An empty module, and a package too; its version is the one that Rasa wants."""

    __version__ = "2.12.0"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _to_stand_in(name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, *_: Any) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname.partition(".")[0] in _ABSENT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""

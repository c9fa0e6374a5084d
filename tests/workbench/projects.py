"""Projects whose files the workbench may change: a small one, and a copy of ours."""

import shutil
from pathlib import Path

from bot.settings import ROOT
from bot.workbench.project.files import Project, find_ours, read_project

DOMAIN = """\
# What the dialogue side knows.
version: "3.1"

intents:
# orders
- order_status
- late_delivery
# service
- human_agent
- greet   # hello
- out_of_scope

entities:
- order_number:
    influence_conversation: false
- size

actions:
- action_run_playbook
"""
RULES = """\
# One rule a route.
version: "3.1"

rules:
- rule: playbooks
  steps:
  - or:
    - intent: order_status
    - intent: late_delivery
  - action: action_run_playbook

- rule: answers
  steps:
  - intent: greet
  - action: action_answer

- rule: a person takes over
  steps:
  - intent: human_agent
  - action: action_hand_off

- rule: what was not understood
  steps:
  - or:
    - intent: nlu_fallback
    - intent: out_of_scope
  - action: action_clarify
"""
ORDERS = """\
version: "3.1"
nlu:
# where it is
- intent: order_status
  examples: |
    - where is my order
    - where is [#1234](order_number)
    - Where's it? "now"

- intent: late_delivery   # too late
  examples: |
    - my parcel is late
    - late again: {why}
"""
DIALOGUE = """\
version: "3.1"

nlu:
- intent: human_agent
  examples: |
    - a person please
    - operator
- intent: greet
  examples: |
    - hello
    - hi | there
- intent: out_of_scope
  examples: |
    - tell me a joke
    - what is the capital of France
"""
RUSSIAN = """\
version: "3.1"

nlu:
- intent: order_status
  examples: |
    - где мой заказ
    - статус заказа
"""
FILES = {
    "domain.yml": DOMAIN,
    "data/rules.yml": RULES,
    "data/nlu/orders.yml": ORDERS,
    "data/nlu/dialogue.yml": DIALOGUE,
    "data/nlu/ru/orders.yml": RUSSIAN,
}


def a_project(**texts: str) -> Project:
    """A small project in memory."""
    return Project({**FILES, **texts})


def a_folder(place: Path) -> Path:
    """The small project in a folder."""
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode("utf-8"))
    for locale in ("en", "ru"):
        (place / "templates" / locale).mkdir(parents=True)

    return place


def our_project() -> Project:
    """The one that this house is built on."""
    return read_project(ROOT)


def our_folder(place: Path) -> Path:
    """A copy of our project's files in a folder."""
    for path in find_ours(ROOT):
        copy = place / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for locale in ("en", "ru"):
        (place / "templates" / locale).mkdir(parents=True, exist_ok=True)

    return place


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }

"""
Become a program that lets everybody else go first.

Run as a script, `aside.py PRIORITY PROGRAM ARGUMENT...`. Linux may share a processor out among
sessions before it looks at anybody's niceness (autogroups), and each of our processes is a session
of its own: so the session steps aside, too. And when memory runs out, this program is the one to
end. What a system does not know of this, it does without.

A script of its own, like leash.py, and not a `preexec_fn`.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

Priority = Literal["idle", "nice", "normal"]

SCRIPT: Final = Path(__file__)
NICEST: Final = 19
FIRST_TO_END: Final = 800
"""Of 1000: what else runs on the machine is hardly ever rated that high."""


def standing_aside(priority: Priority, command: tuple[str, ...]) -> tuple[str, ...]:
    """The command that runs a program like that."""
    if priority == "normal":
        return command

    return (sys.executable, "-I", "-S", str(SCRIPT), priority, *command)


def become(priority: str, command: list[str]) -> None:
    """Step aside, then turn into the command."""
    own = Path("/proc/self")
    with suppress(OSError):
        os.nice(NICEST)
    for name, value in (("autogroup", NICEST), ("oom_score_adj", FIRST_TO_END)):
        with suppress(OSError):
            (own / name).write_text(str(value))
    if priority == "idle" and sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell is wanted
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")


if __name__ == "__main__":
    become(sys.argv[1], sys.argv[2:])

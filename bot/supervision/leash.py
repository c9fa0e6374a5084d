"""
Become a program that does not outlive the one that started it.

Run as a script, `leash.py PARENT_PID PROGRAM ARGUMENT...`: on Linux it asks the kernel to
kill this process when its parent dies (prctl PR_SET_PDEATHSIG), then turns into the
program, which keeps that wish. So nothing is left behind even when the supervisor is killed
with -9 and cannot clean up. Other systems have no such wish; there a supervisor that is
killed with -9 leaves its children running.

A script of its own, and not a `preexec_fn`, because Python code between fork and exec may
deadlock when the parent has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(parent: int, command: list[str]) -> None:
    """Tie this process to that parent's life, then turn into the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the kernel knew our wish; then nobody would tell us.
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")

    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell is wanted
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])

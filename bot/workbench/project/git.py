"""
A change of the workbench as a commit of its own.

The commit is made beside the working tree and the index, from the texts as they were written: what
else somebody has changed or staged stays as it is, and no hook runs.
"""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Final

from bot.workbench.project.files import FileChange
from bot.workbench.project.wrong_edit import WrongEdit

SECONDS: Final = 60
FILE_MODE: Final = "100644"
_QUIET: Final = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")


def is_checkout(project: Path) -> bool:
    """Whether the project is a git checkout, whose changes can be committed."""
    return (project / ".git").exists()


def commit_files(
    project: Path, files: Sequence[FileChange], *, name: str, email: str, message: str
) -> str:
    """
    The hash of a commit with these files as they were written, on top of the present one.

    `WrongEdit` if a file there is not as it was before the change: then another change of it has
    to be committed first.
    """
    if not is_checkout(project):
        raise WrongEdit(
            "no_checkout", f"{project} is no git checkout, so nothing can be committed."
        )
    if not which("git"):
        raise WrongEdit("no_git", "git is not installed on this machine.")
    git = _Git(project, name, email)
    head = git.run("rev-parse", "--verify", "-q", "HEAD^{commit}", fails="There is no commit yet.")
    blobs: dict[str, tuple[str, str]] = {}
    for file in files:
        before, after = git.blob(file.path, file.before), git.blob(file.path, file.after)
        committed, staged = git.committed(file.path), git.staged(file.path)
        if committed == after:
            continue
        if committed != before or staged not in (before, after):
            raise WrongEdit(
                "other_edits",
                f"{file.path} has other changes that are not committed. Commit these first.",
            )
        blobs[file.path] = committed, after
    if not blobs:
        raise WrongEdit("nothing_to_commit", "The files are committed as they are already.")

    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git.run("read-tree", head, env=index)
        git.put_into_index(blobs, env=index)
        tree = git.run("write-tree", env=index)
    commit = git.run("commit-tree", tree, "-p", head, "-F", "-", given=message)
    # Only if nobody has committed meanwhile.
    git.run("update-ref", "-m", "commit: makegood workbench", "HEAD", commit, head)
    git.put_into_index(blobs)

    return commit


class _Git:
    """git in one folder, in one person's name."""

    def __init__(self, folder: Path, name: str, email: str) -> None:
        self._folder = folder
        inherited = {key: one for key, one in os.environ.items() if not key.startswith("GIT_")}
        self._env = inherited | {
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": email,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": email,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_LITERAL_PATHSPECS": "1",
            "LC_ALL": "C.UTF-8",
        }

    def run(
        self,
        *arguments: str,
        given: str = "",
        env: Mapping[str, str] | None = None,
        fails: str = "",
    ) -> str:
        """What git answers; `WrongEdit` with its own words where it refuses."""
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and every argument is one of ours
                ["git", *_QUIET, *arguments],  # noqa: S607 - whichever git this person has
                cwd=self._folder,
                env={**self._env, **(env or {})},
                input=given.encode("utf-8"),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WrongEdit("git_failed", f"git could not be run: {error}.") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = fails or (said[0] if said else f"git {arguments[0]} ended with an error.")
            raise WrongEdit("git_failed", f"git could not commit it: {why}")

        return done.stdout.decode("utf-8", "replace").strip()

    def blob(self, path: str, text: str | None) -> str:
        """The hash of a file's content as git would keep it; empty for a file that is not there."""
        if text is None:
            return ""

        return self.run("hash-object", "-w", "--path", path, "--stdin", given=text)

    def committed(self, path: str) -> str:
        """What the present commit has there."""
        _, _, rest = self.run("ls-tree", "HEAD", "--", path).partition(" blob ")

        return rest.partition("\t")[0]

    def staged(self, path: str) -> str:
        """What the index has there."""
        found = self.run("ls-files", "--stage", "--", path)

        return found.split()[1] if found else ""

    def put_into_index(
        self, blobs: Mapping[str, tuple[str, str]], env: Mapping[str, str] | None = None
    ) -> None:
        """These files as they are to be."""
        for path, (_, after) in blobs.items():
            if after:
                entry = f"{FILE_MODE},{after},{path}"
                self.run("update-index", "--add", "--cacheinfo", entry, env=env)
            else:
                self.run("update-index", "--force-remove", "--", path, env=env)

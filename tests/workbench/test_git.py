"""Changes as commits: only what was changed, in the name of whoever did it."""

import os
import subprocess

import pytest

from bot.workbench.project.files import FileChange
from bot.workbench.project.git import commit_files, is_checkout
from bot.workbench.project.wrong_edit import WrongEdit


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("domain.yml", "data/rules.yml", "other.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "begin")
    return tmp_path


def git(folder, *arguments):
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | {
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.example",
    }  # fmt: skip
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def a_change(checkout, path="domain.yml", more="more\n"):
    before = (checkout / path).read_text() if (checkout / path).exists() else None
    after = None if more is None else (before or "") + more
    if after is None:
        (checkout / path).unlink()
    else:
        (checkout / path).parent.mkdir(exist_ok=True, parents=True)
        (checkout / path).write_text(after)
    return FileChange(path, before, after)


def commit(checkout, *files, name="Kim Doe", message="More\n\nBecause.\n"):
    return commit_files(checkout, files, name=name, email="kim@shop.example", message=message)


def test_a_change_is_a_commit_of_its_own(checkout):
    (checkout / "other.txt").write_text("mine\n")
    git(checkout, "add", "other.txt")
    (checkout / "new.txt").write_text("mine, too\n")
    files = [a_change(checkout), a_change(checkout, "data/nlu/added.yml", "nlu:\n")]
    made = commit(checkout, *files)

    assert git(checkout, "rev-parse", "HEAD").strip() == made
    told = git(checkout, "show", "--format=%an <%ae>%n%B", "--name-status", "HEAD").split()
    assert " ".join(told) == (
        "Kim Doe <kim@shop.example> More Because. A data/nlu/added.yml M domain.yml"
    )
    assert git(checkout, "status", "--porcelain") == "M  other.txt\n?? new.txt\n"


def test_a_file_that_is_gone(checkout):
    commit(checkout, a_change(checkout, more=None))

    assert git(checkout, "status", "--porcelain") == ""
    assert "domain.yml" not in git(checkout, "ls-files")


def test_an_earlier_change_is_committed_as_it_was_written(checkout):
    first = a_change(checkout)
    second = a_change(checkout, more="even more\n")

    with pytest.raises(WrongEdit, match="other changes that are not committed"):
        commit(checkout, second)
    commit(checkout, first)
    assert git(checkout, "show", "HEAD:domain.yml") == first.after
    assert git(checkout, "status", "--porcelain") == " M domain.yml\n"
    commit(checkout, second)
    assert git(checkout, "status", "--porcelain") == ""


def test_what_is_staged_otherwise_is_not_lost(checkout):
    change = a_change(checkout)
    (checkout / "domain.yml").write_text("staged\n")
    git(checkout, "add", "domain.yml")

    with pytest.raises(WrongEdit, match=r"domain\.yml has other changes"):
        commit(checkout, change)
    assert git(checkout, "show", ":domain.yml") == "staged\n"


def test_nothing_is_committed_twice(checkout):
    change = a_change(checkout)
    commit(checkout, change)

    with pytest.raises(WrongEdit, match="already"):
        commit(checkout, change)


def test_no_hook_runs(checkout):
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        hook = checkout / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {checkout}/ran\nexit 1\n")
        hook.chmod(0o755)
    commit(checkout, a_change(checkout))

    assert not (checkout / "ran").exists()


def test_names_and_messages_are_only_text(checkout):
    message = "$(touch ran) `touch ran`; --amend\n\n-m x\n# y\n"
    commit(checkout, a_change(checkout), name='--author="x" <y>\n; rm', message=message)

    assert git(checkout, "log", "-1", "--format=%B").strip() == message.strip()
    assert not (checkout / "ran").exists()


def test_line_ends_as_git_keeps_them(checkout):
    (checkout / ".gitattributes").write_text("*.yml text eol=crlf\n")
    change = FileChange("domain.yml", "# domain.yml\r\n", "# domain.yml\r\nmore\r\n")
    (checkout / "domain.yml").write_bytes(b"# domain.yml\r\nmore\r\n")
    commit(checkout, change)

    assert git(checkout, "show", "HEAD:domain.yml") == "# domain.yml\nmore\n"


def test_where_there_is_no_checkout(tmp_path):
    assert not is_checkout(tmp_path)
    with pytest.raises(WrongEdit, match="no git checkout"):
        commit(tmp_path, FileChange("domain.yml", None, "x"))


def test_where_there_is_no_commit(tmp_path):
    git(tmp_path, "init", "-q")
    with pytest.raises(WrongEdit, match="no commit yet"):
        commit(tmp_path, FileChange("domain.yml", None, "x"))


def test_where_there_is_no_git(checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(checkout))
    with pytest.raises(WrongEdit, match="not installed"):
        commit(checkout, FileChange("domain.yml", None, "x"))

"""The command that looks at what the workbench writes."""

import click


@click.group()
def intents() -> None:
    """What buyers can mean, in the project's own files."""


@intents.command()
def check() -> None:
    """
    Check that domain, rules, examples and answers hold together.

    It is what the workbench checks before it writes anything. Exit code 1 names the first mistake.
    """
    from bot.settings import get_settings
    from bot.workbench.project.check import check_project
    from bot.workbench.project.files import read_project

    project = read_project(get_settings().project)
    check_project(project)
    tests = sum(one.is_test for one in project.examples)
    click.echo(
        f"{len(project.intents)} intents with {len(project.examples) - tests} examples hold "
        f"together; {tests} messages stand in the test set."
    )

"""
The command `makegood`.

A command is a thin function that imports what it needs when it is called, so that `makegood
--help` and a busy port do not wait for the whole house to be imported.
"""

import sys
from pathlib import Path

import click

from bot.commands.agents import agents
from bot.commands.buyers import buyers
from bot.commands.desk import approvals, grant, waiting
from bot.commands.evidence import evidence
from bot.commands.hints import hints
from bot.commands.inbox import inbox
from bot.commands.intents import intents
from bot.commands.ledger import ledger
from bot.commands.models import models
from bot.commands.orders import orders, products, stores
from bot.commands.remedies import remedies
from bot.commands.rulebook import rulebook
from bot.commands.templates import templates
from bot.commands.trainer import trainer
from bot.commands.understanding import evaluate, parse
from bot.obstacles import Obstacle, is_full_disk


@click.group()
@click.version_option(package_name="makegood")
def makegood() -> None:
    """An after-sales chatbot for people who sell in web shops and marketplaces."""


@makegood.command()
def up() -> None:
    """Start everything and stay until Ctrl-C."""
    from bot.supervision.stopping import stoppable

    with stoppable() as stop:
        from bot import startup
        from bot.settings import get_settings
        from bot.supervision.steps import Steps

        startup.up(get_settings(), Steps(), stop)
    click.echo("Makegood has stopped.")


@makegood.command()
@click.option(
    "--data",
    type=click.Path(exists=True, path_type=Path),
    help="Train only the NLU pipeline, on this folder of Rasa NLU files.",
)
@click.option(
    "--model",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the model goes; without it, among models/ and only if its inputs changed.",
)
def train(data: Path | None, model: Path | None) -> None:
    """
    Train the Rasa model.

    --data takes any folder of Rasa NLU YAML, with intents and entities of any name: nothing of
    ours but the pipeline of config.yml has a part in that model.
    """
    import asyncio

    from bot.project import rasa_project
    from bot.settings import get_settings
    from bot.supervision.steps import Steps
    from bot.workbench.nlu_check import check_nlu

    project = rasa_project(get_settings())
    if data:
        check_nlu(data)
    with Steps().step("Train the Rasa model"):
        if data:
            model = (model or project.models / "nlu.tar.gz").absolute()
            asyncio.run(project.train_nlu(data.absolute(), model))
        elif model:
            model = model.absolute()
            asyncio.run(project.train(model))
        else:
            model = asyncio.run(project.train_if_changed())
    click.echo(model)


@makegood.command()
def worker() -> None:
    """Send remedies out from a process of its own, until Ctrl-C (MAKEGOOD_WORKER=separate)."""
    from bot.logs import set_up_logs
    from bot.services.outbox import Worker
    from bot.settings import get_settings
    from bot.web.bus import make_crier
    from bot.wiring import build_gateway, build_house, build_watch, open_queue
    from bot.worker.consumer import work

    settings = get_settings()
    set_up_logs(settings.log_level)
    gateway = build_gateway(settings)
    house, crier = build_house(settings), make_crier(settings.bus_url)
    work(
        open_queue(settings),
        Worker(house=house, gateway=gateway, told=crier.tell),
        build_watch(settings, house, crier.ring),
    )
    house.units.close()


GROUPS = (
    agents,
    approvals,
    buyers,
    evaluate,
    evidence,
    hints,
    inbox,
    intents,
    grant,
    ledger,
    models,
    orders,
    parse,
    products,
    remedies,
    rulebook,
    stores,
    templates,
    trainer,
    waiting,
)
for group in GROUPS:
    makegood.add_command(group)


def main() -> None:
    """Run the command line; what a person can mend ends in one line, not in a traceback."""
    try:
        makegood()
    except Obstacle as obstacle:
        click.echo(obstacle, err=True)
        sys.exit(obstacle.exit_code)
    except Exception as error:
        if not is_full_disk(error):
            raise
        click.echo("The disk is full: free some space and start again.", err=True)
        sys.exit(Obstacle.exit_code)


if __name__ == "__main__":
    main()

"""
Trainings: asked for by people, worked off one after the other by the trainer.

A training takes the project's files as they are when it begins. So one that waits serves everybody
who asks meanwhile, and there is never a second one behind it.
"""

from datetime import datetime
from typing import Final

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.ports.units import UnitOfWork
from bot.casework.trainings import Result, Training, TrainingState
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

SHOWN: Final = 20
"""So many trainings of the past are listed."""
INTERRUPTED: Final = "The training was interrupted; press Train again."


def do_want_training(house: House, agent: Agent) -> Training:
    """A training that will begin, new or one that waits already."""
    with house.units() as unit:
        unit.trainings.hold()
        if waiting := unit.trainings.in_state(TrainingState.QUEUED):
            return waiting[0]
        now, training_id = house.clock(), house.new_id()
        unit.trainings.add(training_id, agent.id, now)
        _write_down(unit, agent, "training.want", training_id, now)

        return unit.trainings.get(training_id)


def do_cancel_training(house: House, training_id: str, agent: Agent) -> Training:
    """
    End a training; one that runs ends in a moment.

    Saying so twice does no harm.
    """
    with house.units() as unit:
        now = house.clock()
        training = unit.trainings.lock(training_id)
        if training.state is TrainingState.QUEUED:
            unit.trainings.end(training_id, Result(state=TrainingState.CANCELLED), now)
        elif training.state is TrainingState.RUNNING and not training.stop:
            unit.trainings.want_stop(training_id)
        elif training.state.is_over and training.state is not TrainingState.CANCELLED:
            raise NotAcceptable("training_over", "This training is over already.")
        else:
            return training
        _write_down(unit, agent, "training.cancel", training_id, now)

        return unit.trainings.get(training_id)


def list_trainings(house: House) -> tuple[Training, ...]:
    """The last trainings, the newest first."""
    with house.units.reading() as unit:
        return unit.trainings.latest(SHOWN)


def take_training(house: House) -> Training | None:
    """The training whose turn it is, running from now on; None without any."""
    with house.units.reading() as unit:
        if not any(one.state is TrainingState.QUEUED for one in unit.trainings.latest(SHOWN)):
            return None
    with house.units() as unit:
        unit.trainings.hold()
        waiting = unit.trainings.in_state(TrainingState.QUEUED)
        if not waiting or unit.trainings.in_state(TrainingState.RUNNING):
            return None
        unit.trainings.begin(waiting[0].id, house.clock())

        return unit.trainings.get(waiting[0].id)


def note_progress(house: House, training_id: str, step: str, progress: float) -> bool:
    """Write down how far a training has come; whether it is to stop."""
    with house.units() as unit:
        return unit.trainings.note(training_id, step, progress)


def do_end_training(house: House, training_id: str, result: Result) -> None:
    """Write down how a training has ended."""
    with house.units() as unit:
        unit.trainings.end(training_id, result, house.clock())


def do_end_interrupted(house: House) -> tuple[Training, ...]:
    """Whatever seems to run, though nobody works on it: it has failed, or was to be cancelled."""
    with house.units() as unit:
        left = unit.trainings.in_state(TrainingState.RUNNING)
        for training in left:
            unit.trainings.end(training.id, how_interrupted(training), house.clock())

    return left


def how_interrupted(training: Training) -> Result:
    """The end of a training that nobody works on any more."""
    if training.stop:
        return Result(state=TrainingState.CANCELLED)

    return Result(state=TrainingState.FAILED, error=INTERRUPTED)


def _write_down(
    unit: UnitOfWork, agent: Agent, action: str, training_id: str, now: datetime
) -> None:
    deed = Deed(agent=agent, action=action, subject="training", subject_id=training_id)
    unit.audit.add(deed, now)

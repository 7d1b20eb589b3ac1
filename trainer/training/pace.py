"""When a run takes its next step: at once, after a pause, or one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from trainer.base.events import Event, RunContinued, RunPaused
from trainer.training.setup import Training


class Pace(Protocol):
    """What a supervisor asks of a run that goes on."""

    @property
    def is_paused(self) -> bool:
        """Whether the next step needs a permission; also between the steps that are taken one at a time."""

    def wait(self) -> None:
        """Returns when the next step may be taken: allowed, the run goes on, or it is to end."""


class FullSpeed:
    """The pace of a run that cannot be paused."""

    is_paused = False

    def wait(self) -> None:
        """Never waits."""


FULL_SPEED = FullSpeed()


def pause(training: Training, pace: Pace) -> Iterator[Event]:
    """Waits for the permission to take the next step. The run's clock stands still meanwhile."""
    state, order = training.state, training.images.order
    epoch = state.epochs_done(len(order)) if order is not None else float(state.epoch)
    yield RunPaused(step=state.step, epoch=epoch)
    with training.clock.stopped():
        pace.wait()
    if not pace.is_paused:
        yield RunContinued(step=state.step)

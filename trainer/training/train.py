"""Training by name: what a run needs is fetched and checked, then it goes, telling what happens."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import torch

from trainer import datasets
from trainer.base.errors import RunError
from trainer.base.events import Event, Note, RunStoppedEarly
from trainer.base.labels import labels_alone
from trainer.base.messages import Message
from trainer.base.paths import runs_folder
from trainer.execution.devices import choose_device
from trainer.execution.distributed import Group
from trainer.models.weights import load_weights
from trainer.runs.config import TrainConfig
from trainer.runs.records import held
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import Checkpoint, read_checkpoint
from trainer.training.initial_weights import fetch_beginning
from trainer.training.loop import Run
from trainer.training.out_of_memory import is_full
from trainer.training.resume import restore

# Seconds after which the process that downloads tells the others, who give up on a silent one, to wait on.
_SIGN_EVERY = 30.0


def train(
    config: TrainConfig,
    *,
    data_folder: Path,
    runs: Path | None = None,
    compare_with: Path | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Trains a network, telling what happens; the last event is RunFinished (or RunStoppedEarly).

    Where `should_stop` turns true, the run is validated once more and finishes with the best weights so
    far. `compare_with` names weights that are read on the same validation pictures at the end. Raises
    DataError, ConfigError or WeightsError before a run's folder is made, RunError later, also for what
    torch makes of a device that is full or has gone; the best weights of the epochs before stay in the
    run's folder, and so does a checkpoint that `resume` goes on from.
    """
    yield from _train(
        config,
        data_folder=data_folder,
        compare_with=compare_with,
        should_stop=should_stop,
        place=runs or runs_folder(),
    )


def resume(
    folder: Path,
    *,
    data_folder: Path,
    compare_with: Path | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Goes on with a run that was stopped, killed, or failed, from the last checkpoint in its folder.

    On a processor, with a given number of threads, it ends with the figures that it would have had without
    the interruption. Raises InputError where there is no checkpoint, else as `train` does.
    """
    checkpoint = read_checkpoint(RunFolder(folder).checkpoint)
    yield from _train(
        TrainConfig.from_json(checkpoint.facts["config"]),
        data_folder=data_folder,
        compare_with=compare_with,
        should_stop=should_stop,
        place=folder,
        checkpoint=checkpoint,
    )


def _train(
    config: TrainConfig,
    *,
    data_folder: Path,
    compare_with: Path | None,
    should_stop: Callable[[], bool],
    place: Path,
    checkpoint: Checkpoint | None = None,
) -> Iterator[Event]:
    # What can be wrong with the input comes first: nothing is written for a run that cannot begin.
    group = Group.from_environment()
    device = group.device(choose_device(config.device))
    old = load_weights(compare_with) if compare_with else None
    with group.joined(device):
        fetched = yield from _fetch(config, data_folder, group, should_stop)
        if not fetched:
            yield RunStoppedEarly(run="", seconds=0.0)
            return
        data = datasets.load_training(
            config.dataset,
            data_folder,
            validation=config.validation,
            limit=config.limit,
            seed=config.seed,
        )
        for note in data.training.notes:
            yield Note(message=_as_message(note))
        if old and old[1].labels != labels_alone(data.training.labels):
            yield Note(
                message=Message.of(
                    "training.nothing-to-compare",
                    "The network to compare with reads other labels: there is no comparison.",
                )
            )
            old = None
        run = None
        try:
            run = Run(config, data, device, group, data_folder)
            for message in run.notes:
                yield Note(message=message)
            if checkpoint is None:
                run.begin_in(place)
                place = run.folder.path
            # Who lists runs sees that this one is going on; nobody goes on with it twice.
            with held(place) if group.leads else contextlib.nullcontext() as lock:
                if lock is not None and not lock.is_effective:
                    yield Note(
                        message=Message.of(
                            "runs.no-locks",
                            "{folder} cannot be locked on its file system: do not resume or delete the run "
                            "while it goes on.",
                            folder=place,
                        )
                    )
                if checkpoint is not None:
                    restore(run, place, checkpoint)
                yield from run.go(should_stop, old)
        except (RuntimeError, MemoryError) as error:
            raise RunError(f"{_reason(error, device)}{run.kept if run else ''}") from error


def _fetch(
    config: TrainConfig, data_folder: Path, group: Group, should_stop: Callable[[], bool]
) -> Generator[Event, None, bool]:
    """Downloads what a run needs, in one process of a group; False where it was stopped meanwhile."""
    if not group.leads:
        while (stopped := group.from_leader([None])[0]) is None:
            pass
        return not stopped
    stopped, told = False, time.monotonic()
    for event in itertools.chain(
        datasets.fetch(config.dataset, data_folder), fetch_beginning(config, data_folder)
    ):
        yield event
        stopped = should_stop()
        if stopped:
            break
        if time.monotonic() - told > _SIGN_EVERY:
            group.from_leader([None])
            told = time.monotonic()
    group.from_leader([stopped])
    return not stopped


def _as_message(note: str | Message) -> Message:
    return (
        note
        if isinstance(note, Message)
        else Message("", note.replace("{", "{{").replace("}", "}}"))
    )


def _reason(error: RuntimeError | MemoryError, device: torch.device) -> str:
    """What torch says, in a sentence."""
    if is_full(error):
        return f"The {device.type} device ran out of memory: try a smaller batch size."
    first_line = str(error).strip().partition("\n")[0]
    return f"Computing on {device.type} failed: {first_line or type(error).__name__}."

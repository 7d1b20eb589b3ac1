"""A training run: data and initial weights are fetched and checked, then it trains, and yields events."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import torch

from trainer import datasets
from trainer.base.errors import InputError, RunError
from trainer.base.events import Event, Note, RunFinished, RunStarted, RunStoppedEarly
from trainer.base.labels import labels_alone
from trainer.base.messages import Message
from trainer.base.paths import runs_folder
from trainer.execution.devices import choose_device
from trainer.execution.distributed import Group
from trainer.models.weights import load_weights
from trainer.runs.config import TrainConfig
from trainer.runs.lock import held
from trainer.runs.records import read_run
from trainer.runs.run_folder import RunFolder
from trainer.runs.snapshots import forget_after
from trainer.training import frozen_features, time_budget
from trainer.training.checkpoints.checkpoint import Checkpoint, read_checkpoint
from trainer.training.checkpoints.resume import Facts, restore
from trainer.training.checkpoints.state import planned_steps
from trainer.training.initial_weights import fetch_initial_weights, with_negatives
from trainer.training.loop import training_loop, try_step
from trainer.training.out_of_memory import is_out_of_memory
from trainer.training.pace import FULL_SPEED, Pace
from trainer.training.recorder import Recorder
from trainer.training.run_result import Loaded, finish
from trainer.training.setup import Training, parameter_count, prepare

# Seconds between two signs of life of the process that downloads, for those that wait for it.
_SIGN_EVERY = 30.0


def train(
    config: TrainConfig,
    *,
    data_folder: Path,
    runs: Path | None = None,
    compare_with: Path | None = None,
    name: str = "",
    should_stop: Callable[[], bool] = lambda: False,
    pace: Pace = FULL_SPEED,
) -> Iterator[Event]:
    """Trains a network. Yields the run's events, RunFinished or RunStoppedEarly as the last but for notes.

    Once `should_stop` returns true, the network is validated a last time, and the run finishes with its best
    weights so far. compare_with: weights that are evaluated on the same validation images at the end. runs:
    the folder of all runs. name: of the run's folder in it; empty for the date and the network's name.
    pace: asked before every step, except in a group of processes.

    Raises DataError, ConfigError or WeightsError before the run's folder is made; RunError later, also for
    torch's errors when a device is full or has gone. The best weights of earlier epochs then stay in the
    run's folder, and so does the checkpoint for `resume`.
    """
    yield from _train(
        config,
        data_folder=data_folder,
        compare_with=compare_with,
        should_stop=should_stop,
        pace=pace,
        new_in=runs or runs_folder(),
        name=name,
    )


def resume(
    folder: Path,
    *,
    data_folder: Path,
    compare_with: Path | None = None,
    epochs: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
    pace: Pace = FULL_SPEED,
) -> Iterator[Event]:
    """Continues a run that was stopped, killed, or failed, from its last checkpoint, or from the start where
    there is none yet.

    On a processor, with a given number of threads, it ends with the metrics that it would have had without
    the interruption. epochs: how many it is to have in all, 0 for as many as it was planned with. Raises
    InputError where the run is complete, else as `train` does.
    """
    path = RunFolder(folder).checkpoint
    checkpoint = facts = None
    if path.exists():
        checkpoint = read_checkpoint(path)
        facts = Facts.of(checkpoint, path)
        config = facts.config
    else:
        config = _unfinished_config(folder)
    if epochs:
        config = dataclasses.replace(config, epochs=epochs)
        if facts is not None:
            facts = facts.with_epochs(epochs)
    yield from _train(
        config,
        data_folder=data_folder,
        compare_with=compare_with,
        should_stop=should_stop,
        pace=pace,
        folder=folder,
        checkpoint=checkpoint,
        facts=facts,
    )


def _unfinished_config(folder: Path) -> TrainConfig:
    """The settings of a run without a checkpoint. Raises InputError where it is complete."""
    run = read_run(folder)
    if isinstance(run.end, RunFinished):
        raise InputError(
            "resume.complete",
            "the run {name} is complete: {epochs} of {planned} epochs. Start a new one with "
            "`handwrite-trainer train`, from its weights with --start {weights}.",
            name=run.name,
            epochs=run.epochs[-1].epoch if run.epochs else 0,
            planned=run.end.epochs,
            weights=run.end.weights,
        )
    return TrainConfig.from_json(run.settings)


def _train(
    config: TrainConfig,
    *,
    data_folder: Path,
    compare_with: Path | None,
    should_stop: Callable[[], bool],
    pace: Pace,
    new_in: Path | None = None,
    name: str = "",
    folder: Path | None = None,
    checkpoint: Checkpoint | None = None,
    facts: Facts | None = None,
) -> Iterator[Event]:
    """new_in: the folder of runs for a new one. folder: that of a run that goes on, from the checkpoint."""
    # Input is checked first: nothing is written for a run that cannot begin.
    group = Group.from_environment()
    device = group.device(choose_device(config.device))
    old = load_weights(compare_with) if compare_with else None
    if folder is None:  # a run that goes on keeps the data that it began with
        config, added = with_negatives(config)
        if added is not None:
            yield Note(message=added)
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
            yield Note(message=note)
        if old and old[1].labels != labels_alone(data.training.labels):
            yield Note(
                message=Message.of(
                    "training.nothing-to-compare",
                    "The network to compare with reads other labels: there is no comparison.",
                )
            )
            old = None
        best: Path | None = None
        try:
            training = prepare(config, data, device, group, data_folder, resumed=facts)
            for message in training.notes:
                yield Note(message=message)
            if folder is None:
                assert new_in is not None
                files = (
                    RunFolder.new(new_in, training.config, name)
                    if group.leads
                    else RunFolder(new_in)
                )
            else:
                files = RunFolder(folder, read_run(folder).begun)
            # The lock shows in lists that the run goes on, and keeps a second process from resuming it.
            lock_of = held(files.path) if group.leads else contextlib.nullcontext()
            with lock_of as lock, training.clock.running():
                if lock is not None and not lock.is_effective:
                    yield Note(
                        message=Message.of(
                            "runs.no-locks",
                            "{folder} cannot be locked on its file system: do not resume or delete the run "
                            "while it goes on.",
                            folder=files.path,
                        )
                    )
                if checkpoint is not None and facts is not None:
                    restore(
                        checkpoint,
                        facts,
                        training.learner,
                        training.images,
                        leads=group.leads,
                        path=files.checkpoint,
                    )
                if folder is not None and group.leads:
                    files.cut_log(0 if facts is None else facts.log_lines)
                    forget_after(files.path, 0 if facts is None else facts.state.step)
                best = files.best if training.validator.best else None
                for event in _run(
                    training,
                    Recorder(files, writes=group.leads),
                    should_stop=should_stop,
                    pace=pace,
                    compare_with=old,
                ):
                    best = files.best if training.validator.best else None
                    yield event
        except (RuntimeError, MemoryError) as error:
            raise _failure(error, device, best) from error


def _run(
    training: Training,
    recorder: Recorder,
    *,
    should_stop: Callable[[], bool],
    pace: Pace,
    compare_with: Loaded | None,
) -> Iterator[Event]:
    """A run from its first event to its result."""
    config, group, state = training.config, training.group, training.state
    learner = training.learner
    folder, resumed = recorder.folder, state.seen > 0
    if learner.frozen_children:
        yield from _cache_features(training, should_stop)
    if config.minutes and not resumed:
        yield from _plan(training)
    (state.elapsed,) = group.from_leader([training.clock.seconds])
    started = RunStarted(
        run=str(folder.path),
        network=config.network,
        parameters=parameter_count(learner.network),
        training_pictures=len(training.images),
        validation_pictures=len(training.validator.images),
        epochs=state.epochs,
        steps=planned_steps(state.total, training.images.images_per_epoch, config.batch_size),
        device=str(training.device),
        precision=str(learner.execution),
        threads=torch.get_num_threads(),
        begun=folder.begun.isoformat(timespec="seconds"),
    )
    yield started if resumed else recorder.log(started)
    try:
        yield from recorder.save_wall(training.validator.wall)
        reason = yield from training_loop(training, recorder, should_stop, pace)
        seconds = training.clock.seconds
        if training.validator.best is None:
            yield recorder.log(RunStoppedEarly(run=str(folder.path), seconds=seconds))
        elif group.leads:
            for event in finish(
                training.validator,
                folder,
                reason=reason,
                epochs=state.epochs,
                seconds=seconds,
                compare_with=compare_with,
            ):
                if isinstance(event, RunFinished) and reason != "stopped":
                    with contextlib.suppress(OSError):
                        folder.checkpoint.unlink(missing_ok=True)
                yield event
    finally:
        if group.leads:
            folder.write_log()


def _cache_features(training: Training, should_stop: Callable[[], bool]) -> Iterator[Note]:
    """Computes the frozen part's outputs once for all images, where memory suffices."""
    learner, images, validator = training.learner, training.images, training.validator
    begun = training.clock.seconds
    stopped = False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or should_stop()
        return stopped

    normalisation = {"mean": validator.initial.mean, "std": validator.initial.std}
    features = yield from frozen_features.cache_features(
        learner.frozen,
        validator.images,
        execution=validator.execution,
        should_stop=stop,
        **normalisation,
    )
    if features is not None:
        validator.use_features(features, learner.frozen_children)
    if stopped:
        return
    images.features = yield from frozen_features.cache_features(
        learner.frozen,
        images.images,
        execution=learner.execution,
        should_stop=stop,
        **normalisation,
    )
    if images.features is not None:
        seconds = training.clock.seconds - begun
        yield frozen_features.cached_note(seconds, augmented=images.augmentation is not None)
    elif not stopped:
        yield frozen_features.not_cached_note()


def _plan(training: Training) -> Iterator[Note]:
    """Plans as many epochs as the time budget holds at the speed measured now. The run then begins as if
    nothing had been measured."""
    state, images, clock = training.state, training.images, training.clock

    def step() -> int | Note:
        batch = torch.arange(min(state.batch_size, len(images)))
        made = try_step(training, batch, 0.0)
        return made if isinstance(made, Note) else len(batch)

    with time_budget.restored(training.learner.network, images.augmenting):
        seconds_per_image = yield from time_budget.seconds_per_image(
            step, now=lambda: clock.seconds, device=training.device, group=training.group
        )
        begun = clock.seconds
        training.validator.validate(training.learner.network)
        seconds_per_validation = clock.seconds - begun
    training.learner.reset_optimizer()
    plan = time_budget.plan(
        seconds=60 * training.config.minutes - clock.seconds,
        seconds_per_image=seconds_per_image,
        seconds_per_validation=seconds_per_validation,
        images_per_epoch=images.images_per_epoch,
        group=training.group,
    )
    state.epochs = plan.epochs
    state.total = max(plan.images, training.config.batch_size)


def _fetch(
    config: TrainConfig, data_folder: Path, group: Group, should_stop: Callable[[], bool]
) -> Generator[Event, None, bool]:
    """Downloads a run's data and initial weights, in one process of a group. Returns False where it was
    stopped meanwhile."""
    if not group.leads:
        while (stopped := group.from_leader([None])[0]) is None:
            pass
        return not stopped
    stopped, signalled = False, time.monotonic()
    for event in itertools.chain(
        datasets.fetch(config.dataset, data_folder), fetch_initial_weights(config, data_folder)
    ):
        yield event
        stopped = should_stop()
        if stopped:
            break
        if time.monotonic() - signalled > _SIGN_EVERY:
            group.from_leader([None])
            signalled = time.monotonic()
    group.from_leader([stopped])
    return not stopped


def _failure(
    error: RuntimeError | MemoryError, device: torch.device, best: Path | None
) -> RunError:
    """torch's error as a sentence, with the best weights so far, if any."""
    if is_out_of_memory(error):
        reason = RunError(
            "training.out-of-memory",
            "The {device} device ran out of memory: try a smaller batch size.",
            device=device.type,
        )
    else:
        reason = RunError(
            "training.device-failed",
            "Computing on {device} failed: {reason}.",
            device=device.type,
            reason=str(error).strip().partition("\n")[0] or type(error).__name__,
        )
    if best is None:
        return reason
    return RunError(
        "training.failed-later",
        "{reason} The best weights so far are in {path}.",
        reason=reason,
        path=str(best),
    )

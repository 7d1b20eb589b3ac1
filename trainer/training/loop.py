"""The training loop: optimizer steps, progress events, validation, checkpoints.

Only trainer.training.train imports this; the modules that it calls are handed values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator

import torch

from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    Note,
)
from trainer.execution.memory import used_memory
from trainer.runs.snapshots import is_early_step
from trainer.training.checkpoints.resume import checkpoint_of
from trainer.training.learner import RunningMetrics, StepSums, train_step
from trainer.training.optimizers import schedule_factor
from trainer.training.out_of_memory import halved_batch, halved_note
from trainer.training.pace import FULL_SPEED, Pace, pause
from trainer.training.recorder import Recorder
from trainer.training.setup import Training

_REPORT_EVERY = 0.1  # seconds between two BatchProgress events
_MEET_EVERY = 8  # steps after which the processes of a group agree on what depends on time


def training_loop(
    training: Training,
    recorder: Recorder,
    should_stop: Callable[[], bool],
    pace: Pace = FULL_SPEED,
) -> Generator[Event, None, str]:
    """Trains from the state on until the run ends; yields its events. Returns why it ended: "completed",
    "stopped" or "patience"."""
    state, images = training.state, training.images
    if not state.step:
        yield from _save_snapshot(training, recorder)
    while True:
        stopped = yield from _train_epoch(training, recorder, should_stop, pace)
        if not state.position:  # stopped before the epoch's first step
            return "stopped"
        finished = _validate(training, recorder)
        if stopped:  # before the epoch is logged: a resumed run finishes it and logs it then
            yield from _save(training, recorder)
        yield recorder.log(finished)
        yield from _save_snapshot(training, recorder)
        reason = _end(training, finished, stopped)
        save = bool(reason) or recorder.is_affordable
        if save:
            yield from recorder.save_last(
                lambda path: training.validator.save(path, training.learner.evaluated, finished)  # noqa: B023
            )
        if not stopped:
            state.begin_next_epoch()
            images.end_epoch()
            if save and not reason:
                yield from _save(training, recorder)
        yield from recorder.write_log()
        if reason:
            return reason


def _train_epoch(
    training: Training, recorder: Recorder, should_stop: Callable[[], bool], pace: Pace
) -> Generator[Event, None, bool]:
    """Optimizer steps to the end of the epoch, or of the run. Returns whether it was stopped."""
    config, group, state = training.config, training.group, training.state
    order = training.images.begin_epoch(state.epoch)
    running = RunningMetrics(training.device, lambda: training.clock.seconds)
    stopped, learning_rate = False, 0.0
    while state.position < len(order) and not stopped:
        if pace.is_paused and group.size == 1 and not running.images:
            yield from pause(training, pace)
            running.clear()
        wants_stop = should_stop()
        if wants_stop and group.size == 1:
            stopped = True
        else:
            batch = order[state.position : state.position + state.batch_size]
            done = state.fraction_done(len(order), config.minutes)
            factor = schedule_factor(config.schedule, done) * state.batch_size / config.batch_size
            learning_rate = training.learner.peak_learning_rate * factor
            sums = try_step(training, batch, learning_rate, wants_stop)
            if isinstance(sums, Note):
                yield sums
                continue
            running.add(sums, len(batch))
            state.count_step(len(batch))
            if state.epoch == 1 and is_early_step(state.step):
                yield from _save_snapshot(training, recorder)
        at_end = state.position >= len(order)
        if group.size > 1 and not at_end and state.step % _MEET_EVERY:
            continue  # what depends on time happens in all processes at the same step
        due = pace.is_paused or running.age >= _REPORT_EVERY
        state.elapsed, due = group.from_leader([training.clock.seconds, due])
        over = config.minutes > 0 and state.fraction_done(len(order), config.minutes) >= 1
        if running.images and (stopped or at_end or over or due):
            steps = running.read()
            if not math.isfinite(steps.loss):
                raise _diverged(training, recorder)
            state.loss += steps.loss
            state.right += steps.correct
            yield recorder.log(_progress(training, steps, learning_rate))
            yield from recorder.write_log_in_time()
            stopped = stopped or steps.stops > 0
            if training.thread_watch:
                change = training.thread_watch.saw(steps.images, steps.seconds)
                if change is not None:
                    yield Note(message=change)
            if recorder.is_checkpoint_due and not (stopped or at_end or over):
                yield from _save(training, recorder)
            running.clear()
        if over:
            break
    return stopped


def try_step(
    training: Training, batch: torch.Tensor, learning_rate: float, stop: bool = False
) -> torch.Tensor | Note:
    """The sums of `train_step`; out of memory, a Note, and the next batches are half as large."""
    learner, state = training.learner, training.state
    try:
        return train_step(
            learner,
            training.images,
            batch,
            learning_rate=learning_rate,
            group=training.group,
            stop=stop,
        )
    except (RuntimeError, MemoryError) as error:
        learner.optimizer.zero_grad(set_to_none=True)
        state.batch_size = halved_batch(
            error, state.batch_size, device=training.device, processes=training.group.size
        )
        return halved_note(state.batch_size, training.device)


def _progress(training: Training, steps: StepSums, learning_rate: float) -> BatchProgress:
    state, seconds = training.state, training.clock.seconds
    assert training.images.order is not None
    length = len(training.images.order)
    done = state.fraction_done(length, training.config.minutes)
    return BatchProgress(
        step=state.step,
        epoch=state.epochs_done(length),
        loss=steps.loss / steps.images,
        accuracy=steps.correct / steps.images,
        learning_rate=learning_rate,
        images_per_second=steps.images / steps.seconds,
        seconds=seconds,
        seconds_left=seconds * (1 - done) / done if done else 0.0,
        memory=used_memory(training.device),
    )


def _validate(training: Training, recorder: Recorder) -> EpochFinished:
    """Evaluates the network on the validation images; stores its weights if they are the best so far."""
    state, group, validator = training.state, training.group, training.validator
    group.same_buffers(training.learner.network)
    network = training.learner.evaluated
    validation, balanced, outputs = validator.validate(network)
    validation, balanced = group.from_leader([validation, balanced])
    if not math.isfinite(validation.loss):
        raise _diverged(training, recorder)
    finished = EpochFinished(
        epoch=state.epoch,
        step=state.step,
        training=Metrics(
            loss=state.loss / state.position,
            accuracy=state.right / state.position,
            count=state.position,
        ),
        validation=validation,
        is_best=validator.is_best(balanced or validation),
        seconds=training.clock.seconds,
        balanced=balanced,
    )
    validator.calibrate(outputs)
    if finished.is_best:
        recorder.save_best(lambda path: validator.save(path, network, finished))
        validator.best = finished
    return finished


def _end(training: Training, finished: EpochFinished, stopped: bool) -> str:
    """Why the run ends after this epoch; "" where it goes on."""
    config, state = training.config, training.state
    if stopped:
        return "stopped"
    state.note_loss(finished.selection_metrics.loss)
    assert training.images.order is not None
    if state.fraction_done(len(training.images.order), config.minutes) >= 1:
        return "completed"
    if config.patience and state.since_best_loss >= config.patience:
        return "patience"
    return ""


def _save(training: Training, recorder: Recorder) -> Iterator[Note]:
    yield from recorder.save_checkpoint(
        lambda: checkpoint_of(
            training.state,
            training.learner,
            training.images,
            best=training.validator.best,
            seconds=training.clock.seconds,
            log_lines=recorder.folder.lines,
        )
    )


def _save_snapshot(training: Training, recorder: Recorder) -> Iterator[Note]:
    state, learner, validator = training.state, training.learner, training.validator
    order = training.images.order
    epoch = 0.0 if order is None or not state.step else state.epochs_done(len(order))
    yield from recorder.save_snapshot(
        state.step,
        epoch,
        parameters=sum(p.numel() for p in learner.network.parameters()),
        save=lambda path: validator.save_state(
            path, learner.evaluated, {"epoch": epoch, "step": state.step}
        ),
    )


def _diverged(training: Training, recorder: Recorder) -> RunError:
    if training.validator.best is None:
        return RunError(
            "training.diverged",
            "The loss stopped being a number in epoch {epoch}: the optimizer's steps were too large. Try a "
            "smaller learning rate.",
            epoch=training.state.epoch,
        )
    return RunError(
        "training.diverged-later",
        "The loss stopped being a number in epoch {epoch}: the optimizer's steps were too large. The best "
        "weights so far are in {path}. Try a smaller learning rate.",
        epoch=training.state.epoch,
        path=str(recorder.folder.best),
    )

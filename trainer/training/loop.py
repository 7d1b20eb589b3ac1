"""One training run: the state that moves, and the loop that moves it."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
)
from trainer.base.messages import Message
from trainer.datasets import TrainingData
from trainer.datasets.augment import augmentation_of
from trainer.execution.distributed import Group
from trainer.execution.execution import Execution, as_tensor, to_network
from trainer.execution.thread_tuning import ThreadWatch
from trainer.execution.timing_cache import fastest_execution
from trainer.models.weights_card import WeightsCard
from trainer.networks import find_network
from trainer.runs.config import TrainConfig
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import write_checkpoint
from trainer.training.epoch_data import new_order, pictures_per_epoch, redraw
from trainer.training.frozen_features import features_once, set_apart
from trainer.training.initial_weights import begin, frozen_children
from trainer.training.optimizers import l1_norm, make_optimizer, plain_step, set_rate, share_of_rate
from trainer.training.out_of_memory import halve_batches
from trainer.training.resume import RunState, checkpoint_of
from trainer.training.running_metrics import StepSums
from trainer.training.time_budget import plan
from trainer.training.validation import Validator
from trainer.training.weight_averaging import Average

_REPORT_EVERY = 0.1  # seconds between two BatchProgress events
_CHECKPOINT_EVERY = 20.0  # seconds between two checkpoints within an epoch
_MEET_EVERY = 8  # steps after which the processes of a group agree on what the time is


class Run:
    """The state of one run: tensors on the device, network, optimizer, the best so far."""

    folder: RunFolder

    def __init__(
        self,
        config: TrainConfig,
        data: TrainingData,
        device: torch.device,
        group: Group,
        data_folder: Path,
    ) -> None:
        self.config = config
        self.group = group
        self.data = data
        self.labels = data.training.labels
        if config.threads:
            torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        self.beginning, self.notes = begin(config, self.labels, data_folder)
        if group.rank:  # all begin with the same weights and drop out others
            torch.manual_seed(config.seed + group.rank)
        network = self.beginning.network
        self.first = frozen_children(network, config.layers)
        precision, layout, threads = self._execution(network, device)
        self.way = Execution(device=device, precision=precision, layout=layout)
        most = torch.get_num_threads()
        if not config.threads and threads != most:
            torch.set_num_threads(threads)
        self.network = self.way.place(network).train()
        self.learning = set_apart(self.network, self.first)
        self.pictures = as_tensor(data.training.pictures).to(device)
        self.targets = torch.from_numpy(data.training.targets).to(device)
        self.features: Tensor | None = None
        self.judge = Validator(
            config,
            data.validation,
            self.beginning,
            self.way,
            training_pictures=len(self.pictures),
        )
        self.augmentation = augmentation_of(config.augmentation)
        # Of their own: every process of a group shuffles alike and augments differently.
        self.shuffling = torch.Generator().manual_seed(config.seed)
        self.generator = torch.Generator(device=device).manual_seed(config.seed + group.rank)
        self.rate = config.learning_rate or find_network(self.beginning.architecture).learning_rate
        self.begin_learning()
        self.per_epoch = pictures_per_epoch(data)
        self.order: Tensor | None = None
        self.at = RunState(batch_size=config.batch_size, total=self.per_epoch * config.epochs)
        self.epochs = config.epochs
        self.watch = None if config.threads or device.type != "cpu" else ThreadWatch(most)
        self.begun = time.monotonic()
        self.clock = 0.0  # seconds of the run when last looked at, which a time budget goes by
        self.saved, self.saving = self.begun, 0.0
        self.complained: set[str] = set()

    def _execution(self, network: nn.Module, device: torch.device) -> tuple[Any, ...]:
        found: tuple[Any, ...] = (None, None, None)
        if self.group.leads:  # all processes of a group compute alike
            way, threads = fastest_execution(
                network,
                device,
                name=f"{self.beginning.architecture} {self.beginning.arguments or ''}".strip(),
                precision=self.config.precision,
                batch_size=self.config.batch_size,
            )
            found = way.precision, way.layout, threads
        return tuple(self.group.from_leader(found))

    def begin_learning(self) -> None:
        """Makes an optimizer, and an average, that know of no step yet."""
        self.optimizer = make_optimizer(self.learning, self.config, self.rate)
        self.correct = plain_step(self.optimizer)
        decay = self.config.averaging
        self.average = Average(self.network, decay) if decay else None

    def begin_in(self, runs: Path) -> None:
        """Makes the run's folder."""
        self.folder = RunFolder.new(runs, self.config) if self.group.leads else RunFolder(runs)

    # --- the run

    def go(
        self, should_stop: Callable[[], bool], old: tuple[nn.Module, WeightsCard] | None
    ) -> Iterator[Event]:
        resumed = self.at.seen > 0
        if self.first:
            self.features = yield from features_once(self, should_stop)
        if self.config.minutes and not resumed:
            yield from plan(self)
        self.clock = self.group.from_leader([self.seconds])[0]
        started = RunStarted(
            run=str(self.folder.path),
            network=self.beginning.architecture,
            parameters=sum(p.numel() for p in self.network.parameters()),
            training_pictures=len(self.pictures),
            validation_pictures=len(self.judge.pictures),
            epochs=self.epochs,
            steps=self.steps,
            device=str(self.way.device),
            precision=str(self.way),
            threads=torch.get_num_threads(),
        )
        yield started if resumed else self.folder.log(started)
        try:
            reason = yield from self._epochs(should_stop)
            if self.judge.best is None:
                yield self.folder.log(
                    RunStoppedEarly(run=str(self.folder.path), seconds=self.seconds)
                )
            elif self.group.leads:
                for event in self.judge.result(
                    reason, self.folder, epochs=self.epochs, seconds=self.seconds, old=old
                ):
                    if isinstance(event, RunFinished) and reason != "stopped":
                        with contextlib.suppress(OSError):
                            self.folder.checkpoint.unlink(missing_ok=True)
                    yield event
        finally:
            if self.group.leads:
                self.folder.write_log()

    def _epochs(self, should_stop: Callable[[], bool]) -> Generator[Event, None, str]:
        """Every epoch's events; why there were no more of them."""
        while True:
            stopped = yield from self._epoch(should_stop)
            if not self.at.position:  # stopped before the epoch's first step
                return "stopped"
            finished = self._judge()
            if stopped:  # what was told of half an epoch is forgotten where the run goes on
                yield from self._save()
            yield self.folder.log(finished)
            reason = self._ends(finished, stopped)
            due = bool(reason) or self._is_due()
            if due:
                yield from self._save_last(finished)
            if not stopped:
                self.at.epoch += 1
                self.at.position, self.at.loss, self.at.right = 0, 0.0, 0.0
                self.order = None
                if due and not reason:
                    yield from self._save()
            yield from self._write_log()
            if reason:
                return reason

    def _ends(self, finished: EpochFinished, stopped: bool) -> str:
        """Why the run ends after this epoch; "" where it does not."""
        if stopped:
            return "stopped"
        loss = finished.selection_metrics.loss
        if loss < self.at.best_loss:
            self.at.best_loss, self.at.since_best_loss = loss, 0
        else:
            self.at.since_best_loss += 1
        if self._share() >= 1:
            return "completed"
        if self.config.patience and self.at.since_best_loss >= self.config.patience:
            return "patience"
        return ""

    def _epoch(self, should_stop: Callable[[], bool]) -> Generator[Event, None, bool]:
        """The rest of a pass through the pictures: at times a progress event; whether it was stopped."""
        at = self.at
        if self.augmentation and self.features is None:
            hands = self.augmentation.hands
            redraw(self.data, self.pictures, hands, seed=self.config.seed, epoch=at.epoch)
        if self.order is None:
            self.order = new_order(self.data, self.shuffling)
        sums = StepSums(self.way.device)
        stopped, rate = False, 0.0
        while at.position < len(self.order) and not stopped:
            stop_here = should_stop()
            if stop_here and self.group.size == 1:
                stopped = True
            else:
                batch = self.order[at.position : at.position + at.batch_size]
                rate = self.rate * share_of_rate(self.config.schedule, self._share())
                rate *= at.batch_size / self.config.batch_size
                made = self.try_step(batch, rate, stop_here)
                if isinstance(made, Note):
                    yield made
                    continue
                sums.add(made, len(batch))
                at.step += 1
                at.position += len(batch)
                at.seen += len(batch)
            at_end = at.position >= len(self.order)
            if self.group.size > 1 and not at_end and at.step % _MEET_EVERY:
                continue  # what depends on time all processes do at the same step
            due = time.monotonic() - sums.since >= _REPORT_EVERY
            self.clock, due = self.group.from_leader([self.seconds, due])
            over = stopped or at_end or self._is_over()
            if sums.count and (over or due):
                progress, others_stop = self._report(sums, rate)
                yield self.folder.log(progress)
                stopped = stopped or others_stop
                if self.watch:
                    change = self.watch.saw(sums.count, sums.count / progress.images_per_second)
                    if change is not None:
                        yield Note(message=change)
                if time.monotonic() - self.saved > _CHECKPOINT_EVERY and not over:
                    yield from self._save()
                sums.clear()
            if self._is_over():
                break
        return stopped

    def _report(self, sums: StepSums, rate: float) -> tuple[BatchProgress, bool]:
        at = self.at
        loss, right, stops, taken = sums.read()
        if not math.isfinite(loss):
            raise RunError(self._diverged())
        at.loss += loss
        at.right += right
        share = self._share()
        assert self.order is not None
        return (
            BatchProgress(
                step=at.step,
                epoch=((at.epoch - 1) * len(self.order) + at.position) / len(self.order),
                loss=loss / sums.count,
                accuracy=right / sums.count,
                learning_rate=rate,
                images_per_second=sums.count / taken,
                seconds=self.seconds,
                seconds_left=self.seconds * (1 - share) / share if share else 0.0,
            ),
            stops > 0,
        )

    def try_step(self, batch: Tensor, rate: float, stop: bool = False) -> Tensor | Note:
        """What `_step` makes; where the memory is full, a Note, and batches are half as large from now on."""
        try:
            return self._step(batch, rate, stop)
        except (RuntimeError, MemoryError) as error:
            return halve_batches(self, error)

    def _step(self, batch: Tensor, rate: float, stop: bool = False) -> Tensor:
        """One correction; float64 (3,): summed loss, number right, and how many processes want to stop."""
        mine = self.group.share(batch).to(self.way.device)
        targets = self.targets[mine]
        logits = self.way.run(self.learning, self._inputs(mine)).float()
        losses = F.cross_entropy(
            logits, targets, label_smoothing=self.config.label_smoothing, reduction="sum"
        )
        loss = losses / len(batch)
        if self.config.l1:
            loss = loss + self.config.l1 * l1_norm(self.learning) / self.group.size
        set_rate(self.optimizer, rate)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        right = (logits.detach().argmax(1) == targets).sum()
        sums = torch.stack(
            [losses.detach(), right.float(), torch.full_like(losses, float(stop)).detach()]
        )
        sums = self.group.sum_gradients(self.learning, sums)
        self.correct()
        if self.average:
            self.average.update(self.network)
        return sums

    @property
    def frozen(self) -> nn.Module:
        """The part of the network that stays as it is, where there is one."""
        assert isinstance(self.network, nn.Sequential)
        return self.network[: self.first]

    def _inputs(self, places: Tensor) -> Tensor:
        """What the layers that learn are given for these pictures: augmented ones, or a frozen part's
        outputs."""
        if self.features is not None:
            return self.features[places].float()
        pictures = to_network(self.pictures[places], 0.0, 1.0)
        if self.augmentation and len(pictures):  # of a last small batch a process may have none
            pictures = self.augmentation(pictures, self.generator)
        pictures = pictures.sub_(self.beginning.mean).div_(self.beginning.std)
        if self.first:
            with torch.no_grad():
                return self.way.run(self.frozen, pictures).float()
        return pictures

    # --- how far, how long

    @property
    def seconds(self) -> float:
        return self.at.elapsed + time.monotonic() - self.begun

    @property
    def steps(self) -> int:
        whole, rest = divmod(self.at.total, self.per_epoch)
        size = self.config.batch_size
        return int(whole) * math.ceil(self.per_epoch / size) + math.ceil(rest / size)

    def _share(self) -> float:
        """How much of the run is done, 0…1: by pictures, and where it has a time budget by that, too."""
        at = self.at
        if self.config.minutes:
            return min(1.0, max(at.seen / at.total, self.clock / (60 * self.config.minutes)))
        assert self.order is not None
        # Not by pictures: weighted epochs vary in length, and there are as many as were asked for.
        length = len(self.order)
        return ((at.epoch - 1) * length + at.position) / (length * self.epochs)

    def _is_over(self) -> bool:
        return bool(self.config.minutes) and self._share() >= 1

    # --- results

    def _judge(self) -> EpochFinished:
        """Reads the validation pictures; writes the weights where they are the best so far."""
        at = self.at
        self.group.same_buffers(self.network)
        network = self.average.network if self.average else self.network
        found, balanced, logits = self.judge.figures(network)
        found, balanced = self.group.from_leader([found, balanced])
        if not math.isfinite(found.loss):
            raise RunError(self._diverged())
        finished = EpochFinished(
            epoch=at.epoch,
            step=at.step,
            training=Metrics(
                loss=at.loss / at.position, accuracy=at.right / at.position, count=at.position
            ),
            validation=found,
            is_best=self.judge.is_best(balanced or found),
            seconds=self.seconds,
            balanced=balanced,
        )
        self.judge.fit(logits)
        if finished.is_best:
            if self.group.leads:
                self.judge.save(self.folder.best, network, finished)
            self.judge.best = finished
        return finished

    def _save_last(self, finished: EpochFinished) -> Iterator[Note]:
        """Writes the weights that were just judged; a Note, once, where they cannot be written."""
        if not self.group.leads:
            return
        try:
            network = self.average.network if self.average else self.network
            self.judge.save(self.folder.last, network, finished)
        except RunError as error:
            yield from self._complain(
                Message.of(
                    "training.last-weights-not-written",
                    "The run goes on, but its last weights are not kept: {reason}",
                    reason=error.message,
                )
            )

    @property
    def kept(self) -> str:
        """What an error adds where there are weights to go back to."""
        return f" The best weights so far are in {self.folder.best}." if self.judge.best else ""

    def _diverged(self) -> str:
        return (
            f"The loss stopped being a number in epoch {self.at.epoch}: the corrections were too large."
            f"{self.kept} Try a smaller learning rate."
        )

    def _is_due(self) -> bool:
        """Whether the run has gone on for so long that a tenth of it at most goes into checkpoints."""
        return time.monotonic() - self.saved >= 9 * self.saving

    def _save(self) -> Iterator[Note]:
        """Writes all that is needed to go on from here; a Note, once, where it cannot be written."""
        begun = time.monotonic()
        # Before the checkpoint, which counts the lines: who goes on from it has them all.
        yield from self._write_log()
        if self.group.leads:
            try:
                write_checkpoint(self.folder.checkpoint, checkpoint_of(self))
            except RunError as error:
                yield from self._complain(
                    Message.of(
                        "training.checkpoint-not-written",
                        "The run goes on, but it could not be resumed: {reason}",
                        reason=error.message,
                    )
                )
        self.saved = time.monotonic()
        self.saving = 2 * (self.saved - begun)  # the last weights are written with it

    def _write_log(self) -> Iterator[Note]:
        problem = self.folder.write_log() if self.group.leads else None
        if problem is not None:
            yield from self._complain(problem)

    def _complain(self, message: Message) -> Iterator[Note]:
        """Once of each matter."""
        if message.code not in self.complained:
            self.complained.add(message.code)
            yield Note(message=message)

"""The training loop: a generator of events that takes a stop flag and always hands back its best."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import json
import math
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer import datasets
from trainer.augment import AUGMENTATIONS
from trainer.calibration import fit_temperature
from trainer.config import TrainConfig
from trainer.devices import choose_device
from trainer.engine import (
    Execution,
    as_tensor,
    choose_execution,
    figures_of,
    logits_of,
    synchronize,
    to_network,
)
from trainer.errors import RunError
from trainer.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Figures,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_to_json,
)
from trainer.networks import build_network, find_network
from trainer.paths import runs_folder, written_whole
from trainer.weights import SUFFIX, load_weights, save_weights
from trainer.weights_card import WeightsCard

_REPORT_EVERY = 0.1  # seconds between two BatchProgress events


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
    run's folder.
    """
    # What can be wrong with the input comes first: nothing is written for a run that cannot begin.
    device = choose_device(config.device)
    old = load_weights(compare_with) if compare_with else None
    for progress in datasets.fetch(config.dataset, data_folder):
        yield progress
        if should_stop():
            yield RunStoppedEarly(run="", seconds=0.0)
            return
    data = datasets.load_training(
        config.dataset, data_folder, validation=config.validation, limit=config.limit
    )
    if old and old[1].labels != data.training.labels:
        yield Note(text="the network in use reads other labels: there is nothing to compare")
        old = None
    run = None
    try:
        run = _Run(config, data, device, runs or runs_folder())
        yield from run.go(should_stop, old)
    except (RuntimeError, MemoryError) as error:
        raise RunError(f"{_reason(error, device)}{run.kept if run else ''}") from error


class _Run:
    """The state of one run: tensors on the device, network, optimizer, the best so far."""

    def __init__(
        self, config: TrainConfig, data: datasets.TrainingData, device: torch.device, runs: Path
    ) -> None:
        self.config = config
        self.entry = find_network(config.network)
        self.labels = data.training.labels
        if config.threads:
            torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        network = build_network(config.network, classes=len(self.labels))
        self.way = choose_execution(
            network, device, precision=config.precision, batch_size=config.batch_size
        )
        self.network = self.way.place(network).train()
        self.pictures = as_tensor(data.training.pictures).to(device)
        self.targets = torch.from_numpy(data.training.targets).to(device)
        self.validation_pictures = as_tensor(data.validation.pictures).to(device)
        self.validation_targets = torch.from_numpy(data.validation.targets).to(device)
        self.augmentation = AUGMENTATIONS[config.augmentation]
        self.generator = torch.Generator(device=device).manual_seed(config.seed)
        self.optimizer = _optimizer(self.network, config)
        self.average = _Average(self.network, config.averaging) if config.averaging else None
        self.steps_per_epoch = math.ceil(len(self.pictures) / config.batch_size)
        self.steps = self.steps_per_epoch * config.epochs
        self.folder = _new_run_folder(runs, config)
        self.log: list[str] = []
        self.best: EpochFinished | None = None
        self.begun = time.monotonic()

    def go(
        self, should_stop: Callable[[], bool], old: tuple[nn.Module, WeightsCard] | None
    ) -> Iterator[Event]:
        started = RunStarted(
            run=str(self.folder),
            network=self.config.network,
            parameters=sum(p.numel() for p in self.network.parameters()),
            training_pictures=len(self.pictures),
            validation_pictures=len(self.validation_pictures),
            epochs=self.config.epochs,
            steps=self.steps,
            device=str(self.way.device),
            precision=str(self.way),
            threads=torch.get_num_threads(),
        )
        yield self._logged(started)
        try:
            reason = yield from self._epochs(should_stop)
            if self.best is None:
                last: Event = RunStoppedEarly(
                    run=str(self.folder), seconds=time.monotonic() - self.begun
                )
            else:
                last = self._result(reason, self.best, old)
            self._logged(last)
        finally:
            problem = self._write_log()
        if problem:
            yield Note(text=problem)
        yield last

    def _epochs(self, should_stop: Callable[[], bool]) -> Generator[Event, None, str]:
        """Every epoch's events; why there were no more of them."""
        step, since_best_loss, best_loss = 0, 0, math.inf
        for epoch in range(1, self.config.epochs + 1):
            training = None
            for progress, training in self._epoch(epoch, step, should_stop):  # noqa: B007
                step = progress.step
                yield self._logged(progress)
            stopped = should_stop()
            if training is None:  # stopped before the epoch's first step
                return "stopped"
            finished = self._judge(epoch, step, training)
            yield self._logged(finished)
            if stopped:
                return "stopped"
            if finished.validation.loss < best_loss:
                best_loss, since_best_loss = finished.validation.loss, 0
            else:
                since_best_loss += 1
            if self.config.patience and since_best_loss >= self.config.patience:
                return "patience"
        return "completed"

    def _epoch(
        self, epoch: int, step: int, should_stop: Callable[[], bool]
    ) -> Iterator[tuple[BatchProgress, Figures]]:
        """One pass through the pictures: at times a progress event, with the epoch's figures so far."""
        config, device = self.config, self.way.device
        order = torch.randperm(len(self.pictures), generator=self.generator, device=device)
        batches = torch.split(order, config.batch_size)
        # Sums stay on the device; reading one makes a GPU wait, so they are read at reports only.
        # In float64 they do not depend on when they are read. MPS has none, nor does it need to agree.
        exact = torch.float32 if device.type == "mps" else torch.float64
        sums = torch.zeros(2, dtype=exact, device=device)
        whole = torch.zeros(2, dtype=torch.float64)
        whole_count = count = 0
        reported = time.monotonic()
        for i, batch in enumerate(batches):
            if should_stop():
                batches = batches[:i]
            else:
                step += 1
                rate = config.learning_rate * _schedule(config.schedule, (step - 1) / self.steps)
                sums += self._step(batch, rate)
                count += len(batch)
            now = time.monotonic()
            last = i + 1 >= len(batches)
            if count and (last or now - reported >= _REPORT_EVERY):
                synchronize(device)
                now = time.monotonic()
                here = sums.cpu().double()
                if not bool(torch.isfinite(here).all()):
                    raise RunError(self._diverged(epoch))
                whole += here
                whole_count += count
                elapsed = now - self.begun
                yield (
                    BatchProgress(
                        step=step,
                        epoch=step / self.steps_per_epoch,
                        loss=float(here[0]) / count,
                        accuracy=float(here[1]) / count,
                        learning_rate=rate,
                        images_per_second=count / max(now - reported, 1e-9),
                        seconds=elapsed,
                        seconds_left=elapsed / step * (self.steps - step),
                    ),
                    Figures(
                        loss=float(whole[0]) / whole_count,
                        accuracy=float(whole[1]) / whole_count,
                        count=whole_count,
                    ),
                )
                sums.zero_()
                count, reported = 0, now
            if last:
                return

    def _step(self, batch: Tensor, rate: float) -> Tensor:
        """One correction; float32 (2,): summed loss and number right on the batch."""
        pictures = to_network(self.pictures[batch], 0.0, 1.0)
        targets = self.targets[batch]
        if self.augmentation:
            pictures = self.augmentation(pictures, self.generator)
        pictures = pictures.sub_(self.entry.mean).div_(self.entry.std)
        logits = self.way.run(self.network, pictures).float()
        loss = F.cross_entropy(logits, targets, label_smoothing=self.config.label_smoothing)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        if self.average:
            self.average.update(self.network)
        right = (logits.detach().argmax(1) == targets).sum()
        return torch.stack([loss.detach() * len(batch), right.float()])

    def _judge(self, epoch: int, step: int, training: Figures) -> EpochFinished:
        """Reads the validation pictures; writes the weights where they are the best so far."""
        network = self.average.network if self.average else self.network
        logits = self._validation_logits(network)
        validation = figures_of(logits, self.validation_targets)
        if not math.isfinite(validation.loss):
            raise RunError(self._diverged(epoch))
        best = self.best.validation if self.best else None
        is_best = best is None or (validation.accuracy, -validation.loss) > (
            best.accuracy,
            -best.loss,
        )
        finished = EpochFinished(
            epoch=epoch,
            step=step,
            training=training,
            validation=validation,
            is_best=is_best,
            seconds=time.monotonic() - self.begun,
        )
        if is_best:
            temperature = fit_temperature(logits.cpu(), self.validation_targets.cpu())
            save_weights(self.weights_path, network, self._card(finished, temperature))
            self.best = finished
        self._write_log()
        return finished

    def _result(
        self, reason: str, best: EpochFinished, old: tuple[nn.Module, WeightsCard] | None
    ) -> RunFinished:
        compared, fixed, broken = None, 0, 0
        if old:
            new_network, _ = load_weights(self.weights_path)
            targets = self.validation_targets
            new_right = self._validation_logits(self.way.place(new_network)).argmax(1) == targets
            old_logits = self._validation_logits(self.way.place(old[0]), old[1])
            old_right = old_logits.argmax(1) == targets
            compared = figures_of(old_logits, targets)
            fixed = int((new_right & ~old_right).sum())
            broken = int((old_right & ~new_right).sum())
        return RunFinished(
            reason=reason,
            run=str(self.folder),
            weights=str(self.weights_path),
            best_epoch=best.epoch,
            epochs=self.config.epochs,
            validation=best.validation,
            seconds=time.monotonic() - self.begun,
            compared=compared,
            fixed=fixed,
            broken=broken,
        )

    @property
    def weights_path(self) -> Path:
        return self.folder / f"best{SUFFIX}"

    def _validation_logits(self, network: nn.Module, card: WeightsCard | None = None) -> Tensor:
        mean, std = (card.mean, card.std) if card else (self.entry.mean, self.entry.std)
        # In float32: the figures are those of the network as the app and `evaluate` run it.
        way = Execution(device=self.way.device, precision="float32", layout=self.way.layout)
        return logits_of(network, self.validation_pictures, mean=mean, std=std, way=way)

    def _card(self, finished: EpochFinished, temperature: float) -> WeightsCard:
        return WeightsCard(
            architecture=self.config.network,
            labels=self.labels,
            mean=self.entry.mean,
            std=self.entry.std,
            temperature=temperature,
            title=f"{self.config.network} · {self.config.dataset}",
            data=f"{self.config.dataset}, {len(self.pictures):,} training pictures",
            recipe=self.config.to_json(),
            metrics={
                "epoch": finished.epoch,
                "validation_accuracy": finished.validation.accuracy,
                "validation_loss": finished.validation.loss,
                "validation_pictures": finished.validation.count,
            },
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )

    @property
    def kept(self) -> str:
        """What an error adds where there are weights to go back to."""
        return f" The best weights so far are in {self.weights_path}." if self.best else ""

    def _diverged(self, epoch: int) -> str:
        return (
            f"The loss stopped being a number in epoch {epoch}: the corrections were too large."
            f"{self.kept} Try a smaller learning rate."
        )

    def _logged(self, event: Event) -> Event:
        self.log.append(event_to_json(event))
        return event

    def _write_log(self) -> str:
        """Appends what is new to the run's metrics, one JSON object a line; why it could not be written.

        No error: a full disk that takes the weights but not their log must not take the result.
        """
        path = self.folder / "metrics.jsonl"
        try:
            with path.open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in self.log)
        except OSError as error:
            return f"{path} could not be written: {error.strerror or error}"
        self.log.clear()
        return ""


class _Average:
    """A running average of weights and of batch normalisation's statistics (Polyak averaging)."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        self.steps += 1
        # Early on, when weights change fast, an average over all steps would be stuck at the start.
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        mine, theirs = [], []
        for a, b in zip(self._tensors(self.network), self._tensors(network), strict=True):
            if a.is_floating_point():
                mine.append(a)
                theirs.append(b)
            else:
                a.copy_(b)
        torch._foreach_lerp_(mine, theirs, 1 - decay)

    @staticmethod
    def _tensors(network: nn.Module) -> Iterator[Tensor]:
        return itertools.chain(network.parameters(), network.buffers())


def _reason(error: RuntimeError | MemoryError, device: torch.device) -> str:
    """What torch says, in a sentence."""
    full = isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(
        error
    )
    if full:
        return f"The {device.type} device ran out of memory: try a smaller batch size."
    first_line = str(error).strip().partition("\n")[0]
    return f"Computing on {device.type} failed: {first_line or type(error).__name__}."


def _optimizer(network: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    # Norms and biases are not pulled towards zero: that would fight batch normalisation.
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    groups: list[dict[str, Any]] = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    rate = config.learning_rate
    match config.optimizer:
        case "adamw":
            return torch.optim.AdamW(groups, lr=rate, fused=True)
        case "adam":
            return torch.optim.Adam(groups, lr=rate, fused=True)
        case "sgd":
            return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr=rate)
    raise AssertionError(config.optimizer)


def _schedule(name: str, done: float) -> float:
    """Share of the peak learning rate when the share `done` (0…1) of the run is done."""
    match name:
        case "one-cycle":  # up over a fifth, then down to zero (Smith 2018, without the tail)
            return max(done / 0.2, 0.02) if done < 0.2 else (1 - done) / 0.8
        case "cosine":
            return 0.5 * (1 + math.cos(math.pi * done))
        case _:
            return 1.0


def _new_run_folder(runs: Path, config: TrainConfig) -> Path:
    """A folder of its own for the run, never one that is there. Raises RunError."""
    stamp = dt.datetime.now().strftime("%Y-%m-%d_%H%M%S")
    try:
        for attempt in itertools.count():
            name = f"{stamp}-{config.network}" + (f"-{attempt}" if attempt else "")
            folder = runs / name
            try:
                folder.mkdir(parents=True)
                break
            except FileExistsError:
                if not folder.is_dir():
                    raise
    except OSError as error:
        raise RunError(
            f"no folder for the run can be made in {runs} ({error.strerror or error}). "
            "Free the folder or name another with HANDWRITE_HOME."
        ) from error
    with written_whole(folder / "config.json") as temporary:
        temporary.write_text(json.dumps(config.to_json(), indent=2) + "\n", encoding="utf-8")
    return folder

"""What there is to say about a run while it goes on: how far it is, how fast, on what."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale

from trainer.base.events import BatchProgress, EpochFinished, RunStarted
from trainer.runs.config import TrainConfig


def translate(text: str) -> str:
    return QCoreApplication.translate("RunFacts", text)


class RunFacts:
    """Of one run, from its events. config: None where it is not known, as of a run of another program."""

    def __init__(self, config: TrainConfig | None = None) -> None:
        self._patience = config.patience if config is not None else 0
        self.started: RunStarted | None = None
        self.batch: BatchProgress | None = None
        self._best_loss = math.inf
        self._since_best = 0

    @property
    def epochs(self) -> int:
        return self.started.epochs if self.started is not None else 0

    @property
    def steps(self) -> int:
        return self.started.steps if self.started is not None else 0

    def note_epoch(self, event: EpochFinished) -> None:
        loss = event.selection_metrics.loss
        if loss < self._best_loss:
            self._best_loss, self._since_best = loss, 0
        else:
            self._since_best += 1

    def ends_epoch(self, step: int) -> bool:
        if not (self.steps and self.epochs):
            return False
        return step % max(1, self.steps // self.epochs) == 0 or step >= self.steps

    def end_of(self, event: EpochFinished) -> float:
        """In epochs: one that was stopped, or whose time was up, ends before its number."""
        end = float(event.epoch)
        if self.steps and self.epochs:
            end = min(end, event.step * self.epochs / self.steps)
        return end

    def progress(self) -> str:
        """Epoch, speed, and time."""
        batch = self.batch
        assert batch is not None
        return translate(
            "epoch {epoch} of {epochs} · {rate} images/s · {time} · {left} left"
        ).format(
            epoch=min(math.floor(batch.epoch - 1e-9) + 1, self.epochs),
            epochs=self.epochs,
            rate=QLocale().toString(round(batch.images_per_second)),
            time=clock(batch.seconds),
            left=clock(batch.seconds_left),
        )

    def at_step(self) -> str:
        """Where it waits."""
        batch = self.batch
        if batch is None:
            return translate("paused")
        return translate("paused after step {step} of {steps} · loss {loss}").format(
            step=QLocale().toString(batch.step),
            steps=QLocale().toString(self.steps),
            loss=QLocale().toString(batch.loss, "f", 4),
        )

    def details(self) -> str:
        """Learning rate, patience, device, threads, memory."""
        parts = []
        number = QLocale().toString
        if self.batch is not None:
            rate = number(self.batch.learning_rate, "g", 2)
            parts.append(translate("learning rate {rate}").format(rate=rate))
        if self._patience:
            words = translate("patience {count} of {most}")
            parts.append(words.format(count=self._since_best, most=self._patience))
        if self.started is not None:
            parts.append(self.started.device.upper())
            if self.started.device == "cpu":
                threads = self.started.threads
                words = translate("1 thread") if threads == 1 else translate("{count} threads")
                parts.append(words.format(count=number(threads)))
        if self.batch is not None and self.batch.memory:
            parts.append(QLocale().formattedDataSize(self.batch.memory, 0))
        return " · ".join(parts)


def clock(seconds: float) -> str:
    """1:05 or 2:03:09."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

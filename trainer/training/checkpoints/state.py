"""How far a run is: every number that changes during training, and the clock."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_LOOK_EVERY = 0.5  # seconds
_ASLEEP = 3.0  # seconds between two looks from which on the process stood still


@dataclass
class RunState:
    """Stored in checkpoints under these names."""

    epoch: int = 1  # the one in progress
    position: int = 0  # images of it that were trained on
    seen: int = 0  # images that were trained on in the whole run
    step: int = 0  # global step: optimizer steps in the whole run
    batch_size: int = 0
    epochs: int = 0  # planned
    total: float = 0.0  # images of the whole run, as planned
    loss: float = 0.0  # sums over the epoch's images
    right: float = 0.0
    elapsed: float = 0.0  # seconds of the run when all processes last agreed on them
    best_loss: float = math.inf
    since_best_loss: int = 0  # epochs

    def count_step(self, images: int) -> None:
        """After an optimizer step on so many images."""
        self.step += 1
        self.position += images
        self.seen += images

    def begin_next_epoch(self) -> None:
        self.epoch += 1
        self.position, self.loss, self.right = 0, 0.0, 0.0

    def note_loss(self, loss: float) -> None:
        """After an epoch with this validation loss."""
        if loss < self.best_loss:
            self.best_loss, self.since_best_loss = loss, 0
        else:
            self.since_best_loss += 1

    def fraction_done(self, epoch_length: int, minutes: float) -> float:
        """How much of the run is done, 0…1: by epochs, or under a time budget by time or images, whichever
        is more. epoch_length: images of the epoch in progress; minutes: the budget, 0 for none."""
        if minutes:
            return min(1.0, max(self.seen / self.total, self.elapsed / (60 * minutes)))
        # Not by images: weighted epochs vary in length, and there are as many as were asked for.
        return self.epochs_done(epoch_length) / self.epochs

    def epochs_done(self, epoch_length: int) -> float:
        """1.5: half of the second epoch is done."""
        return ((self.epoch - 1) * epoch_length + self.position) / epoch_length


class Clock:
    """Seconds of a run, over all the processes that worked on it. earlier: those before this process.

    While `running` is entered, time in which the whole process stood still does not count: the computer slept
    (Windows' monotonic clock goes on then, Linux's and macOS's do not), or the process was stopped. A thread
    that looks at the clock twice a second finds out; a process that only has to wait for its turn is not
    taken for one that stood still.
    """

    def __init__(self) -> None:
        self.earlier = 0.0
        self._begun = self._looked = time.monotonic()
        self._is_watched = False
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        return self.earlier + self._look() - self._begun

    @contextmanager
    def running(self) -> Iterator[None]:
        """Leaves out what the process sleeps in this block."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(_LOOK_EVERY):
                self._look()

        watcher = threading.Thread(target=watch, name="run clock", daemon=True)
        self._look()
        self._is_watched = True
        watcher.start()
        try:
            yield
        finally:
            self._is_watched = False
            over.set()
            watcher.join()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What happens meanwhile takes no time."""
        before = self.seconds
        try:
            yield
        finally:
            self._begun += self.seconds - before

    def _look(self) -> float:
        """The time now. Called in both threads: whichever is first to wake up leaves the sleep out."""
        with self._lock:
            now = time.monotonic()
            passed = now - self._looked
            if self._is_watched and passed > _ASLEEP:
                self._begun += passed
            self._looked = now
            return now


def planned_steps(images: float, images_per_epoch: float, batch_size: int) -> int:
    """Optimizer steps for so many images; the last batch of an epoch may be smaller."""
    whole, rest = divmod(images, images_per_epoch)
    return int(whole) * math.ceil(images_per_epoch / batch_size) + math.ceil(rest / batch_size)

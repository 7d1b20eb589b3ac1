"""The number of torch's threads, adjusted while other programs use the processor.

The threads of a step wait for the slowest of them. When another program takes one of two cores, two threads
are slower than one (docs/performance.md); when it has ended they are faster again.
"""

from __future__ import annotations

import torch

from trainer.base.messages import Message

_WINDOW = 2.0  # seconds of work over which a speed is measured
_COLLAPSE = 0.5  # of the best speed so far: below it one thread is tried
_BETTER = 1.15  # times as fast: from there on a change is kept
# Seconds before the next trial; doubled after each trial of more threads that was no faster, up to _LONGEST.
_PATIENCE, _LONGEST = 20.0, 640.0


class ThreadWatch:
    """Adjusts torch's thread count during a run from measured throughput."""

    def __init__(self, most: int) -> None:
        """most: the largest number of threads to use. It is tried from time to time also where one thread was
        measured to be fastest: the machine may have been busy then."""
        now = torch.get_num_threads()
        self._many = most if now == 1 else now
        self._best = 0.0
        self._pictures = self._seconds = 0.0
        self._patience = _PATIENCE
        self._since_trial = _PATIENCE if now > 1 else 0.0
        self._before: float | None = None  # the speed that the trial in progress is compared with

    def saw(self, pictures: float, seconds: float) -> Message | None:
        """After so many images in so many seconds. Returns a message where the number was changed to stay."""
        if self._many == 1:
            return None
        self._pictures += pictures
        self._seconds += seconds
        self._since_trial += seconds
        if self._seconds < _WINDOW:
            return None
        speed = self._pictures / self._seconds
        self._pictures = self._seconds = 0.0
        if self._before is not None:
            return self._end_trial(speed)
        self._best = max(self._best, speed)
        alone = torch.get_num_threads() == 1
        patience = self._patience if alone else _PATIENCE
        if self._since_trial >= patience and (alone or speed < _COLLAPSE * self._best):
            self._before, self._since_trial = speed, 0.0
            torch.set_num_threads(self._many if alone else 1)
        return None

    def _end_trial(self, speed: float) -> Message | None:
        before, self._before = self._before, None
        assert before is not None
        now = torch.get_num_threads()
        if speed < _BETTER * before:
            torch.set_num_threads(self._many if now == 1 else 1)
            if now > 1:
                self._patience = min(2 * self._patience, _LONGEST)
            return None
        self._patience = _PATIENCE
        self._best = max(self._best, speed) if now > 1 else self._best
        if now == 1:
            return Message.of(
                "training.fewer-threads",
                "The processor is busy with something else: going on with one thread.",
            )
        return Message.of(
            "training.more-threads",
            "The processor is free again: going on with {threads} threads.",
            threads=now,
        )

"""What a run writes while it goes on: log, checkpoints, last weights. A full disk does not end the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trainer.base.errors import RunError
from trainer.base.events import Event, Note
from trainer.base.messages import Message
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import Checkpoint, write_checkpoint

_CHECKPOINT_EVERY = 20.0  # seconds between two checkpoints within an epoch


class Recorder:
    """Writes into a run's folder; the processes of a group that do not lead (`writes` False) only count.

    What could not be written is reported in a Note, each kind of problem once.
    """

    def __init__(self, folder: RunFolder, *, writes: bool) -> None:
        self.folder = folder
        self._writes = writes
        self._saved, self._seconds_to_save = time.monotonic(), 0.0
        self._reported: set[str] = set()

    def log(self, event: Event) -> Event:
        return self.folder.log(event)

    def write_log(self) -> Iterator[Note]:
        problem = self.folder.write_log() if self._writes else None
        if problem is not None:
            yield from self._report(problem)

    @property
    def is_checkpoint_due(self) -> bool:
        """Within an epoch."""
        return time.monotonic() - self._saved > _CHECKPOINT_EVERY

    @property
    def is_affordable(self) -> bool:
        """Whether at most a tenth of the run's time goes into checkpoints if one is written now."""
        return time.monotonic() - self._saved >= 9 * self._seconds_to_save

    def save_checkpoint(self, checkpoint: Callable[[], Checkpoint]) -> Iterator[Note]:
        begun = time.monotonic()
        # Before the checkpoint, which counts the log's lines: a resumed run cuts the log there.
        yield from self.write_log()
        if self._writes:
            try:
                write_checkpoint(self.folder.checkpoint, checkpoint())
            except RunError as error:
                yield from self._report(
                    Message.of(
                        "training.checkpoint-not-written",
                        "The run goes on, but it could not be resumed: {reason}",
                        reason=error.message,
                    )
                )
        self._saved = time.monotonic()
        self._seconds_to_save = 2 * (self._saved - begun)  # the last weights are written with it

    def save_last(self, save: Callable[[Path], None]) -> Iterator[Note]:
        """Writes the weights of the epoch that has just been validated."""
        if not self._writes:
            return
        try:
            save(self.folder.last)
        except RunError as error:
            yield from self._report(
                Message.of(
                    "training.last-weights-not-written",
                    "The run goes on, but its last weights are not kept: {reason}",
                    reason=error.message,
                )
            )

    def save_best(self, save: Callable[[Path], None]) -> None:
        """Raises RunError: without them the run has no result."""
        if self._writes:
            save(self.folder.best)

    def _report(self, problem: Message) -> Iterator[Note]:
        if problem.code not in self._reported:
            self._reported.add(problem.code)
            yield Note(message=problem)

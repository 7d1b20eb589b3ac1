"""What a run writes while it goes on: log, checkpoints, last weights. A full disk does not end the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trainer.base.errors import RunError
from trainer.base.events import Event, Note
from trainer.base.messages import Message
from trainer.runs.run_folder import RunFolder
from trainer.runs.snapshots import list_snapshots, most_snapshots, snapshot_file, thin
from trainer.runs.wall import Wall, write_wall
from trainer.training.checkpoints.checkpoint import Checkpoint, write_checkpoint

_LOG_EVERY = 1.0  # seconds between two writes of the log, which others may be watching
_CHECKPOINT_EVERY = 20.0  # seconds between two checkpoints within an epoch
# Snapshots may take so many seconds in all, and so much of the run's time.
_SNAPSHOT_SECONDS, _SNAPSHOT_FRACTION = 1.0, 0.03


class Recorder:
    """Writes into a run's folder; the processes of a group that do not lead (`writes` False) only count.

    What could not be written is reported in a Note, each kind of problem once.
    """

    def __init__(self, folder: RunFolder, *, writes: bool) -> None:
        self.folder = folder
        self._writes = writes
        self._saved, self._seconds_to_save = time.monotonic(), 0.0
        self._logged = time.monotonic()
        self._reported: set[str] = set()
        self._begun, self._snapshot_seconds = self._saved, 0.0

    def log(self, event: Event) -> Event:
        return self.folder.log(event)

    def write_log_in_time(self) -> Iterator[Note]:
        """Writes the log where it was not written for a while."""
        if time.monotonic() - self._logged >= _LOG_EVERY:
            yield from self.write_log()

    def write_log(self) -> Iterator[Note]:
        self._logged = time.monotonic()
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

    def save_snapshot(
        self, step: int, epoch: float, *, parameters: int, save: Callable[[Path], None]
    ) -> Iterator[Note]:
        """Writes the weights after this step, where there is room and time for it."""
        begun = time.monotonic()
        most = most_snapshots(4 * parameters)
        allowed = _SNAPSHOT_SECONDS + _SNAPSHOT_FRACTION * (begun - self._begun)
        if not (self._writes and most) or self._snapshot_seconds > allowed:
            return
        try:
            for old in list_snapshots(self.folder.path):
                if old.step == step:
                    old.path.unlink()  # of the same step before the run was resumed
            save(snapshot_file(self.folder.path, step, epoch))
            thin(self.folder.path, most)
        except (RunError, OSError) as error:
            yield from self._not_watched(error)
        self._snapshot_seconds += time.monotonic() - begun

    def save_wall(self, wall: Wall) -> Iterator[Note]:
        """Writes the pictures by which the run is watched."""
        if self._writes:
            try:
                write_wall(self.folder.path, wall)
            except RunError as error:
                yield from self._not_watched(error)

    def _not_watched(self, error: RunError | OSError) -> Iterator[Note]:
        reason = error.message if isinstance(error, RunError) else error.strerror or str(error)
        yield from self._report(
            Message.of(
                "training.snapshot-not-written",
                "The run goes on, but watching it shows less: {reason}",
                reason=reason,
            )
        )

    def _report(self, problem: Message) -> Iterator[Note]:
        if problem.code not in self._reported:
            self._reported.add(problem.code)
            yield Note(message=problem)

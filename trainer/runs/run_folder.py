"""A training run's folder: config.json, metrics.jsonl, weights, and where the run is broken off."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

from trainer.base.errors import RunError
from trainer.base.events import Event, event_to_json
from trainer.base.files import atomic_write
from trainer.base.messages import Message
from trainer.models.weights import SUFFIX
from trainer.runs.config import TrainConfig


class RunFolder:
    """Paths of what a run writes, and its log: one event a line, in memory until it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[str] = []
        self._written = 0

    @classmethod
    def new(cls, runs: Path, config: TrainConfig) -> RunFolder:
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
        with atomic_write(folder / "config.json") as temporary:
            temporary.write_text(json.dumps(config.to_json(), indent=2) + "\n", encoding="utf-8")
        return cls(folder)

    @property
    def best(self) -> Path:
        return self.path / f"best{SUFFIX}"

    @property
    def last(self) -> Path:
        return self.path / f"last{SUFFIX}"

    @property
    def checkpoint(self) -> Path:
        return self.path / f"checkpoint{SUFFIX}"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def lines(self) -> int:
        """Events of the run so far, written or not."""
        return self._written + len(self._lines)

    def log(self, event: Event) -> Event:
        self._lines.append(event_to_json(event))
        return event

    def write_log(self) -> Message | None:
        """Appends what is new to the metrics; why that could not be done, else None.

        No error: a full disk that takes the weights but not their log must not take the result. What could
        not be written is kept for the next time.
        """
        try:
            _append(self.metrics, "".join(f"{line}\n" for line in self._lines).encode())
        except OSError as error:
            return Message.of(
                "run.log-not-written",
                "{path} could not be written: {reason}",
                path=str(self.metrics),
                reason=error.strerror or str(error),
            )
        self._written += len(self._lines)
        self._lines.clear()
        return None

    def cut_log(self, lines: int) -> None:
        """Keeps the first so many events of the metrics: what came later is done again."""
        try:
            kept = self.metrics.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]
        except FileNotFoundError:
            kept = []
        with atomic_write(self.metrics) as temporary:
            temporary.write_text("".join(kept), encoding="utf-8")
        self._written = len(kept)


def _append(path: Path, content: bytes) -> None:
    """Appends all of it, or on a full disk nothing."""
    with path.open("ab", buffering=0) as file:
        end = file.tell()
        try:
            while content:
                content = content[file.write(content) :]
        except OSError:
            file.truncate(end)
            raise

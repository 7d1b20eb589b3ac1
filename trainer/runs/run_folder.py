"""A training run's folder as the run writes it: settings, log, weights and checkpoint."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

from trainer.base.errors import InputError, RunError
from trainer.base.events import Event, event_to_json
from trainer.base.files import atomic_write
from trainer.base.messages import Message
from trainer.runs.config import TrainConfig
from trainer.runs.names import BEST, CHECKPOINT, CONFIG, LAST_WEIGHTS, METRICS, STAMP


class RunFolder:
    """Paths of a run's files, and its log: one event per line, in memory until it is written.

    begun: when the run began, local time with its zone.
    """

    def __init__(self, path: Path, begun: dt.datetime | None = None) -> None:
        self.path = path
        self.begun = begun or dt.datetime.now().astimezone()
        self._lines: list[str] = []
        self._written = 0

    @classmethod
    def new(cls, runs: Path, config: TrainConfig, given_name: str = "") -> RunFolder:
        """Makes a folder for the run, named as given or by time and network, never one that exists.

        Raises RunError where it cannot be made, InputError where the given name is taken.
        """
        begun = dt.datetime.now().astimezone()
        stamp = begun.strftime(STAMP)
        try:
            for attempt in itertools.count():
                if given_name and attempt:
                    raise InputError(
                        "runs.name-taken",
                        "there is a run {name} already: choose another --name",
                        name=given_name,
                    )
                name = given_name or f"{stamp}-{config.network}" + (
                    f"-{attempt}" if attempt else ""
                )
                folder = runs / name
                try:
                    folder.mkdir(parents=True)
                    break
                except FileExistsError:
                    if not folder.is_dir():
                        raise
        except OSError as error:
            raise RunError(
                "runs.no-folder",
                "no folder for the run can be made in {path} ({reason}). Free the folder or name another "
                "with HANDWRITE_HOME.",
                path=str(runs),
                reason=error.strerror or str(error),
            ) from error
        with atomic_write(folder / CONFIG) as temporary:
            temporary.write_text(json.dumps(config.to_json(), indent=2) + "\n", encoding="utf-8")
        return cls(folder, begun)

    @property
    def best(self) -> Path:
        return self.path / BEST

    @property
    def last(self) -> Path:
        return self.path / LAST_WEIGHTS

    @property
    def checkpoint(self) -> Path:
        return self.path / CHECKPOINT

    @property
    def metrics(self) -> Path:
        return self.path / METRICS

    @property
    def lines(self) -> int:
        """Events of the run so far, written or not."""
        return self._written + len(self._lines)

    def log(self, event: Event) -> Event:
        self._lines.append(event_to_json(event))
        return event

    def write_log(self) -> Message | None:
        """Appends the new events to the log's file. Returns why that could not be done, else None.

        No exception: a disk that is too full for the log must not cost the result. What could not be written
        is kept for the next time.
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
        """Keeps the first so many events of the log: what came later will be done again."""
        try:
            lines_kept = self.metrics.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]
        except FileNotFoundError:
            lines_kept = []
        with atomic_write(self.metrics) as temporary:
            temporary.write_text("".join(lines_kept), encoding="utf-8")
        self._written = len(lines_kept)


def _append(path: Path, content: bytes) -> None:
    """Appends the whole content, or nothing on a full disk."""
    with path.open("ab", buffering=0) as file:
        end = file.tell()
        try:
            while content:
                content = content[file.write(content) :]
        except OSError:
            file.truncate(end)
            raise

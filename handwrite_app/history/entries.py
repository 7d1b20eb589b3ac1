"""Runs as the table shows them, read in a thread. No Qt here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from trainer.base.errors import HandwriteError
from trainer.base.events import BatchProgress, EpochFinished
from trainer.runs.names import METRICS
from trainer.runs.notes import Notes, read_notes
from trainer.runs.records import Run, read_events_after, read_run, run_folders

#: Points of a curve that are drawn.
_POINTS = 400
_HEAD = 1024  # bytes of a file that tell it from another


@dataclass(frozen=True, kw_only=True)
class RunEntry:
    """A run and what a person has written about it."""

    run: Run
    notes: Notes

    @property
    def name(self) -> str:
        return self.run.name

    @property
    def can_resume(self) -> bool:
        return self.run.state in ("stopped", "broken off")


@dataclass(frozen=True, kw_only=True)
class RunCurves:
    """Points of a run: (epochs, loss, accuracy), of training, thinned, and of validation."""

    name: str
    training: tuple[tuple[float, float, float], ...]
    validation: tuple[tuple[float, float, float], ...]


class RunReader:
    """Reads runs again only where their files have changed. Used in one thread."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._known: dict[Path, tuple[object, RunEntry]] = {}
        self._curves: dict[Path, _Growing] = {}

    def entries(self) -> list[RunEntry]:
        """All runs, the last one first."""
        found: dict[Path, tuple[object, RunEntry]] = {}
        for folder in run_folders(self._runs):
            stamp = _stamp(folder)
            known = self._known.get(folder)
            if known is not None and known[0] == stamp and known[1].run.state != "running":
                found[folder] = known
                continue
            try:
                entry = RunEntry(run=read_run(folder), notes=read_notes(folder))
            except HandwriteError:
                continue  # it has just been deleted
            found[folder] = stamp, entry
        self._known = found
        return [entry for _, entry in reversed(found.values())]

    def curves(self, folder: Path) -> RunCurves:
        """Of a run that is still running only the new lines are read."""
        stamp = _identity(folder)
        known = self._curves.get(folder)
        if known is None or known.identity != stamp:
            known = self._curves[folder] = _Growing(identity=stamp)
        events, known.offset = read_events_after(folder, known.offset)
        for event in events:
            match event:
                case BatchProgress():
                    known.training.append((event.epoch, event.loss, event.accuracy))
                case EpochFinished():
                    metrics = event.validation
                    known.validation.append((float(event.epoch), metrics.loss, metrics.accuracy))
        step = max(1, len(known.training) // _POINTS)
        return RunCurves(
            name=folder.name,
            training=tuple(known.training[::step]),
            validation=tuple(known.validation),
        )


@dataclass(kw_only=True, eq=False)
class _Growing:
    """Curves as far as they were read. identity: of the file. offset: bytes of it."""

    identity: bytes
    offset: int = 0
    training: list[tuple[float, float, float]] = field(default_factory=list)
    validation: list[tuple[float, float, float]] = field(default_factory=list)


def _identity(folder: Path) -> bytes:
    """The beginning of the file, which says when its run began: another one where a run of the same name has
    taken the place of the one before."""
    try:
        with (folder / METRICS).open("rb") as file:
            return file.readline(_HEAD)
    except OSError:
        return b""


def _stamp(folder: Path) -> object:
    """Changes with the run's files."""
    try:
        with os.scandir(folder) as entries:
            return tuple(
                sorted(
                    (entry.name, entry.stat().st_mtime_ns, entry.stat().st_size)
                    for entry in entries
                    if entry.name in (METRICS, "config.json", "notes.json", ".lock")
                )
            )
    except OSError:
        return None

"""Runs as the table shows them, read in a thread. No Qt here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from trainer.base.errors import HandwriteError
from trainer.base.events import BatchProgress, EpochFinished
from trainer.runs.names import METRICS
from trainer.runs.notes import Notes, read_notes
from trainer.runs.records import Run, read_events, read_run, run_folders

#: Points of a curve that are drawn.
_POINTS = 400


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
        training: list[tuple[float, float, float]] = []
        validation: list[tuple[float, float, float]] = []
        for event in read_events(folder):
            match event:
                case BatchProgress():
                    training.append((event.epoch, event.loss, event.accuracy))
                case EpochFinished():
                    metrics = event.validation
                    validation.append((float(event.epoch), metrics.loss, metrics.accuracy))
        step = max(1, len(training) // _POINTS)
        return RunCurves(
            name=folder.name, training=tuple(training[::step]), validation=tuple(validation)
        )


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

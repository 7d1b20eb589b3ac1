"""A run's events as lines and a progress bar, or as JSON."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_to_json,
)
from trainer.cli.output import counted, error_console, percent, shown, shown_lines


class Display:
    """Events as JSON lines on standard output, or as a progress bar and a line for every epoch."""

    def __init__(
        self, *, as_json: bool, compared_with: str = "", wanted_validation: int = 0
    ) -> None:
        """compared_with: the name of the network that the run is compared with. wanted_validation: pictures
        that were to be kept apart for validation, 0 where nothing is to be said of that."""
        self._wanted_validation = wanted_validation
        self._as_json = as_json
        self._compared_with = compared_with or "the network before"
        self._since_best_loss, self._best_loss = 0, math.inf
        self._validation_pictures = 0
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_bar()

    def show(self, event: Event) -> None:
        if self._as_json:
            _say(event_to_json(event))
            return
        match event:
            case Downloading():
                if event.received == event.total:  # told once more when the file is in its place
                    self._close_bar()
                else:
                    self._open_bar(f"downloading {event.file}", event.total, DownloadColumn())
                    self._advance(event.received)
            case Note():
                _say(shown_lines(event.text))
            case RunStarted():
                self._validation_pictures = event.validation_pictures
                wanted = self._wanted_validation
                if wanted and abs(event.validation_pictures - wanted) > 0.2 * wanted:
                    _say(
                        f"{counted(event.validation_pictures, 'picture')} instead of {wanted:,} are kept "
                        "apart for validation: writers are kept whole, and of data of one's own at most a "
                        "fifth is."
                    )
                _say(
                    f"{event.network}, {counted(event.parameters, 'parameter')}, on {event.device} "
                    f"({event.precision}, {counted(event.threads, 'thread')})\n"
                    f"{counted(event.training_pictures, 'picture')} to learn from, "
                    f"{event.validation_pictures:,} for validation; run folder {shown(event.run)}\n"
                    "The training loss includes augmentation and label smoothing, the validation loss "
                    "does not."
                )
                self._open_bar(
                    "training",
                    event.steps,
                    TextColumn("{task.fields[metrics]}"),
                    TextColumn("left"),
                    TimeRemainingColumn(),
                )
            case BatchProgress():
                self._advance(
                    event.step,
                    f"epoch {event.epoch:.1f}  loss {event.loss:.3f}  {event.images_per_second:,.0f} img/s",
                )
            case EpochFinished():
                self._note_loss(event.selection_metrics.loss)
                balanced = event.balanced
                alike = f"  sources alike {percent(balanced.accuracy)}" if balanced else ""
                _say(
                    f"epoch {event.epoch:>3}  loss {event.training.loss:.4f}  "
                    f"validation loss {event.validation.loss:.4f}  "
                    f"accuracy {percent(event.validation.accuracy)}{alike}{'  best' if event.is_best else ''}"
                )
            case RunFinished():
                self._close_bar()
                _say(self._summary(event))
            case RunStoppedEarly():
                self._close_bar()

    def _note_loss(self, loss: float) -> None:
        self._since_best_loss += 1
        if loss < self._best_loss:
            self._best_loss, self._since_best_loss = loss, 0

    def _summary(self, event: RunFinished) -> str:
        match event.reason:
            case "completed":
                how = f"Done after {event.seconds:.0f} s."
            case "stopped":
                how = f"Stopped after {event.seconds:.0f} s."
            case _:
                how = (
                    "Stopped early: validation loss has not improved for "
                    f"{counted(self._since_best_loss, 'epoch')} ({event.seconds:.0f} s)."
                )
        count = event.validation.count
        text = (
            f"{how} Best epoch {event.best_epoch}: {percent(event.validation.accuracy)} on "
            f"{counted(count, 'validation picture')}"
        )
        if count < self._validation_pictures:
            rest = self._validation_pictures - count
            text += f" ({rest:,} more show none of the labels and are there to be rejected)"
        text += f".\n{shown(event.weights)}"
        if event.compared:
            text += (
                f"\nCompared with {shown(self._compared_with)} ({percent(event.compared.accuracy)}): "
                f"{event.fixed:,} fixed, {event.broken:,} broken."
            )
        if event.reason == "stopped":
            text += (
                f"\nContinue with `handwrite-trainer train --resume {shown(Path(event.run).name)}`."
            )
        return text

    def _open_bar(self, title: str, total: float, *columns: Any) -> None:
        if self._bar is None:
            bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                *columns,
                console=error_console(),
                # Where both are on one screen, lines go above the bar; lines for a file go into the file.
                redirect_stdout=sys.stdout.isatty(),
            )
            self._bar = bar
            bar.start()
            self._task = bar.add_task(title, total=total or None, metrics="")

    def _advance(self, done: float, metrics: str = "") -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, metrics=metrics)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None


def fetch_data(spec: str, folder: Path, *, test_only: bool = False) -> None:
    """Fetches data that are absent. Bars and notes are on standard error: what is printed is the result's.

    test_only: of published data the test split is enough.
    """
    from trainer.datasets import fetch

    with Display(as_json=False) as display:
        for event in fetch(spec, folder, test_only=test_only):
            if isinstance(event, Note):
                error_console().print(shown_lines(event.text), soft_wrap=True)
            else:
                display.show(event)


def _say(text: str) -> None:
    """A line on standard output, at once. Not through a console of rich's, which does not know of the bar."""
    print(text, flush=True)

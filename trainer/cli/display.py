"""What a person, or a machine, sees of a run's events."""

from __future__ import annotations

import sys
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
from trainer.cli.output import error_console, percent


class Display:
    """Events as JSON lines on standard output, or as a progress bar and a line for every epoch."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
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
                _say(event.text)
            case RunStarted():
                _say(
                    f"{event.network}, {event.parameters:,} parameters, on {event.device} "
                    f"({event.precision}, {event.threads} thread{'s' if event.threads != 1 else ''})\n"
                    f"{event.training_pictures:,} pictures to learn from, "
                    f"{event.validation_pictures:,} to judge by; run folder {event.run}"
                )
                self._open_bar(
                    "training",
                    event.steps,
                    TextColumn("{task.fields[figures]}"),
                    TextColumn("left"),
                    TimeRemainingColumn(),
                )
            case BatchProgress():
                self._advance(
                    event.step,
                    f"epoch {event.epoch:.1f}  loss {event.loss:.3f}  {event.images_per_second:,.0f} img/s",
                )
            case EpochFinished():
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

    @staticmethod
    def _summary(event: RunFinished) -> str:
        how = {
            "completed": "Done",
            "stopped": "Stopped",
            "patience": "No better for a while: ended",
        }
        text = (
            f"{how[event.reason]} after {event.seconds:.0f} s. Best epoch {event.best_epoch}: "
            f"{percent(event.validation.accuracy)} on {event.validation.count:,} validation pictures.\n"
            f"{event.weights}"
        )
        if event.compared:
            text += (
                f"\nBefore: {percent(event.compared.accuracy)}; {event.fixed} read rightly now that "
                f"were wrong, {event.broken} the other way."
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
            self._task = bar.add_task(title, total=total or None, figures="")

    def _advance(self, done: float, figures: str = "") -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, figures=figures)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None


def _say(text: str) -> None:
    """A line for standard output, at once. Not through a console of rich's: it would not know of the bar."""
    print(text, flush=True)

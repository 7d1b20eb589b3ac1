"""Training in a process beside this one: the window trains through this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trainer.base.events import (
    Event,
    RunCancelled,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
    event_to_json,
)
from trainer.base.messages import Message
from trainer.processes.commands import CANCEL, CONTINUE, PAUSE, STEP, Commands
from trainer.processes.job_process import JobProcess, carry_out
from trainer.runs.config import TrainConfig


class TrainingProcess(JobProcess[Event]):
    """A training run in a process of its own; asked to stop, it finishes with its best weights so far."""

    def __init__(
        self,
        config: TrainConfig,
        *,
        data_folder: Path,
        compare_with: Path | None = None,
        resume: Path | None = None,
    ) -> None:
        """resume: the folder of a run that goes on; `config` is then what it began with."""
        job = {
            "config": config.to_json(),
            "data_folder": str(data_folder),
            "compare_with": None if compare_with is None else str(compare_with),
            "resume": None if resume is None else str(resume),
        }
        super().__init__(
            "trainer.processes.train_process",
            job,
            name="training",
            decode=event_from_json,
            last=(RunFinished, RunStoppedEarly, RunCancelled),
            title=Message.of("job.training", "training"),
            left=Message.of(
                "job.training-left",
                "Nothing that was in use has changed, and the best weights of the epochs before are in the "
                "run's folder.",
            ),
        )

    def pause(self) -> None:
        """Has it wait after the step that it is at."""
        self.tell(PAUSE)

    def go_on(self) -> None:
        """Ends a pause."""
        self.tell(CONTINUE)

    def step(self) -> None:
        """One optimizer step, then a pause."""
        self.tell(STEP)

    def cancel(self) -> None:
        """Ends the run and deletes its folder."""
        self.tell(CANCEL)


class _Cancelled(Exception):  # noqa: N818  not an error
    """Ends a run where it asks whether to stop."""


def _events(job: Mapping[str, Any], commands: Commands) -> Iterator[Event]:
    from trainer.training import train as training

    def should_stop() -> bool:
        if commands.is_cancelled:
            raise _Cancelled
        return commands.should_stop()

    rest: dict[str, Any] = {
        "data_folder": Path(job["data_folder"]),
        "compare_with": None if job["compare_with"] is None else Path(job["compare_with"]),
        "should_stop": should_stop,
        "pace": commands,
    }
    if job.get("resume"):
        events = training.resume(Path(job["resume"]), **rest)
    else:
        events = training.train(TrainConfig.from_json(job["config"]), **rest)
    run = str(job.get("resume") or "")
    try:
        for event in events:
            if isinstance(event, RunStarted):
                run = event.run
            yield event
    except _Cancelled:
        yield _discarded(run)


def _discarded(run: str) -> RunCancelled:
    """Deletes what the program wrote of the run. Raises RunError where that cannot be done."""
    from trainer.runs.records import delete_run

    if not run or not Path(run).is_dir():
        return RunCancelled(run="")
    folder = Path(run)
    return RunCancelled(run=run, left=delete_run(folder, folder.parent))


if __name__ == "__main__":
    carry_out(_events, encode=event_to_json, name="Training")

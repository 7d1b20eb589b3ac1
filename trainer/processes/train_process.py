"""Training in a process beside this one: the window trains through this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from trainer.base.events import Event, RunFinished, RunStoppedEarly, event_from_json, event_to_json
from trainer.base.messages import Message
from trainer.processes.job_process import JobProcess, carry_out
from trainer.runs.config import TrainConfig


class TrainingProcess(JobProcess[Event]):
    """A training run in a process of its own; asked to stop, it finishes with its best weights so far."""

    def __init__(
        self, config: TrainConfig, *, data_folder: Path, compare_with: Path | None = None
    ) -> None:
        job = {
            "config": config.to_json(),
            "data_folder": str(data_folder),
            "compare_with": None if compare_with is None else str(compare_with),
        }
        super().__init__(
            "trainer.processes.train_process",
            job,
            name="training",
            decode=event_from_json,
            last=(RunFinished, RunStoppedEarly),
            title=Message.of("job.training", "training"),
            left=Message.of(
                "job.training-left",
                "Nothing that was in use has changed, and the best weights of the epochs before are in the "
                "run's folder.",
            ),
        )


def _events(job: Mapping[str, Any], should_stop: Callable[[], bool]) -> Iterator[Event]:
    from trainer.training.train import train

    compare_with = job["compare_with"]
    yield from train(
        TrainConfig.from_json(job["config"]),
        data_folder=Path(job["data_folder"]),
        compare_with=None if compare_with is None else Path(compare_with),
        should_stop=should_stop,
    )


if __name__ == "__main__":
    carry_out(_events, encode=event_to_json, name="Training")

"""A personalization in a process beside this one.

The process reads the drawings itself, so nothing large goes through the pipe. It writes the job's target,
whole or not at all, and rehearsal data into the cache (trainer.personalize.rehearsal).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainer.base.messages import Message
from trainer.personalize.events import (
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationRefused,
    PersonalizationStopped,
    personalization_from_json,
    personalization_to_json,
)
from trainer.personalize.job import PersonalizationJob, run_job
from trainer.processes.commands import Commands
from trainer.processes.job_process import JobProcess, carry_out


class PersonalizationProcess(JobProcess[PersonalizationEvent]):
    """A personalization in a process of its own. Stopped, it ends without having written anything."""

    def __init__(self, job: PersonalizationJob) -> None:
        super().__init__(
            "trainer.processes.personalize_process",
            job.to_json(),
            name="personalization",
            decode=personalization_from_json,
            last=(PersonalizationFinished, PersonalizationRefused, PersonalizationStopped),
            title=Message.of("job.personalization", "personalization"),
            left=Message.of(
                "job.personalization-left",
                "The active network stays as it is, and so do your drawings.",
            ),
        )


def _events(job: Mapping[str, Any], commands: Commands) -> Iterator[PersonalizationEvent]:
    yield from run_job(PersonalizationJob.from_json(job), should_stop=commands.should_stop)


if __name__ == "__main__":
    carry_out(_events, encode=personalization_to_json, name="Personalization")

"""The threads that supervise a training run and a personalization, each in a process of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from handwrite_app.workers.base import Worker, join, reason_text, started_thread
from trainer.base.errors import HandwriteError, RunError

if TYPE_CHECKING:
    from trainer.personalize.job import PersonalizationJob
    from trainer.processes.job_process import JobProcess
    from trainer.runs.config import TrainConfig

_log = logging.getLogger(__name__)


class JobWorker(Worker):
    """At most one job at a time, in a process of its own.

    A job is over with its result, when the process may still be writing a report: the thread waits for that,
    and JobProcess ends a process that takes too long.

    Signals:
        started(): a job begins. eventHappened(event): an event of the job. failed(HandwriteError): it ended
        without a result. ended(): it is over, after its last event or failure.
    """

    started = Signal()
    eventHappened = Signal(object)
    failed = Signal(object)
    ended = Signal()

    #: Seconds that a job gets to write what it has when the window closes.
    patience = 0.0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: JobProcess[Any] | None = None
        self._thread: Thread | None = None
        # Jobs that are over and whose process is still there.
        self._lingering: list[tuple[JobProcess[Any], Thread]] = []

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def _begin(self, launch: Callable[[], JobProcess[Any]], name: str) -> None:
        """Raises RuntimeError while another job is running, RunError where no process can be started."""
        if self.is_running:
            raise RuntimeError(f"{name} is running already")
        process = None
        try:
            process = launch()
            self._thread = started_thread(partial(self._run, process), name)
        except (OSError, MemoryError, RuntimeError) as error:
            if process is not None:
                process.kill()
                process.close()
            raise RunError(
                "job.no-process",
                "No process could be started: {reason}. Close other programs, or try again later.",
                reason=reason_text(error),
            ) from error
        _log.info("%s begins in process %s", name, process.pid)
        self._process = process
        self.started.emit()

    def stop(self) -> None:
        """Asks the job to come to its end; its last event says so."""
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        """Ends the job. No signal comes after."""
        self._closed = True
        jobs, self._lingering = self._lingering, []
        if self._thread is not None and self._process is not None:
            jobs.append((self._process, self._thread))
        for process, _ in jobs:
            process.stop()
        for process, thread in jobs:
            thread.join(timeout=self.patience)
            if thread.is_alive():
                process.kill()
                join(thread)
        self._thread = self._process = None

    def _on_over(self) -> None:
        if self._thread is not None and self._process is not None:
            self._lingering.append((self._process, self._thread))
        self._thread = self._process = None
        self.ended.emit()

    def _on_gone(self, process: JobProcess[Any]) -> None:
        for job in self._lingering:
            if job[0] is process:
                join(job[1])
                self._lingering.remove(job)
                return

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self, process: JobProcess[Any]) -> None:
        over = False
        try:
            for event in process.events():
                if over:  # a note on the report, say: another job may be running by now
                    _log.info("after its result: %s", event)
                    continue
                self._post(self.eventHappened.emit, event)
                if process.has_result:
                    over = True
                    self._post(self._on_over)
        except Exception as error:
            failure = error if isinstance(error, HandwriteError) else self._post_unforeseen(error)
            # Killed by `close` is no failure.
            _log.log(
                logging.INFO if self._closed else logging.WARNING, "the job failed: %s", failure
            )
            if not over:
                self._post(self.failed.emit, failure)
        if not over:
            self._post(self._on_over)
        self._post(self._on_gone, process)


class TrainingWorker(JobWorker):
    """A training run; its events are those of trainer.base.events. Asked to stop, it finishes with the best
    weights so far."""

    patience = 5.0

    def start(
        self,
        config: TrainConfig,
        *,
        data_folder: Path,
        compare_with: Path | None = None,
        resume: Path | None = None,
    ) -> None:
        """resume: the folder of a run that goes on.

        Raises RuntimeError while another run is running, RunError where no process can be started."""
        # The first paint does not wait for what only training needs (docs/performance.md).
        from trainer.processes.train_process import TrainingProcess

        self._begin(
            lambda: TrainingProcess(
                config, data_folder=data_folder, compare_with=compare_with, resume=resume
            ),
            "training",
        )

    def tell(self, command: str) -> None:
        """Sends the run a command of trainer.processes.commands."""
        if self._process is not None:
            self._process.tell(command)


class ExportWorker(JobWorker):
    """An export as ONNX; its event is trainer.processes.export_process.Exported."""

    def start(self, weights: Path, target: Path) -> None:
        """Raises RuntimeError while another export is running, RunError where no process can be started."""
        from trainer.processes.export_process import ExportProcess

        self._begin(lambda: ExportProcess(weights, target), "export")


class AdviceWorker(JobWorker):
    """Previews of a run that is to begin; its events are those of trainer.processes.advice_messages."""

    def start(self, *, data_folder: Path) -> None:
        """Raises RuntimeError while it is running, RunError where no process can be started."""
        from trainer.processes.advice_process import AdviceProcess

        self._begin(lambda: AdviceProcess(data_folder=data_folder), "advice")

    def ask(self, want: str, key: str, config: TrainConfig) -> None:
        """want: "batch", "layers" or "rate"; key comes back with the answer."""
        if self._process is not None:
            self._process.ask(want, key, config)  # type: ignore[attr-defined]


class PersonalizationWorker(JobWorker):
    """A personalization; its events are those of trainer.personalize.events. Stopped or ended, it leaves
    nothing."""

    def start(self, job: PersonalizationJob) -> None:
        """Raises RuntimeError while another one is running, RunError where no process can be started."""
        from trainer.processes.personalize_process import PersonalizationProcess

        self._begin(lambda: PersonalizationProcess(job), "personalization")

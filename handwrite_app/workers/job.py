"""The threads that supervise a training run and a personalization, each in a process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from handwrite_app.ui.error_text import sentence
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.personalize.job import PersonalizationJob
    from trainer.processes.job_process import JobProcess
    from trainer.runs.config import TrainConfig


class _Job(QObject):
    """At most one job at a time, in a process that this supervises.

    Signals:
        started(): a job begins. eventHappened(event): it tells something. failed(text): it ended without
        a result. ended(): it is over, after its last event or failure.
    """

    started = Signal()
    eventHappened = Signal(object)
    failed = Signal(str)
    ended = Signal()
    _called = Signal(object)

    #: Seconds that a job gets to write what it has when the window closes.
    patience = 0.0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: JobProcess[Any] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._called.connect(self._on_called)

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def _begin(self, launch: Callable[[], JobProcess[Any]], name: str) -> None:
        """Raises RuntimeError while another job goes on, OSError where no process can be started."""
        if self.is_running:
            raise RuntimeError(f"{name} is under way")
        self._process = launch()
        self._thread = threading.Thread(
            target=self._run, args=(self._process,), name=name, daemon=True
        )
        self.started.emit()
        self._thread.start()

    def stop(self) -> None:
        """Asks the job to come to its end; it says so with its last event."""
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        """Ends the job. No signal comes after."""
        self._closed = True
        if self._thread is None or self._process is None:
            return
        self._process.stop()
        self._thread.join(timeout=self.patience)
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join()
        self._thread = self._process = None

    def _on_called(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()

    def _on_over(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = self._process = None
        self.ended.emit()

    def _run(self, process: JobProcess[Any]) -> None:
        try:
            for event in process.events():
                self._called.emit(partial(self.eventHappened.emit, event))
        except HandwriteError as error:
            self._called.emit(partial(self.failed.emit, sentence(error)))
        self._called.emit(self._on_over)


class TrainingWorker(_Job):
    """A training run; its events are those of trainer.base.events. Asked to stop, it finishes with the best
    weights so far."""

    patience = 5.0

    def start(
        self, config: TrainConfig, *, data_folder: Path, compare_with: Path | None = None
    ) -> None:
        """Raises RuntimeError while another run goes on, OSError where no process can be started."""
        # The first paint does not wait for what only training needs (docs/performance.md).
        from trainer.processes.train_process import TrainingProcess

        self._begin(
            lambda: TrainingProcess(config, data_folder=data_folder, compare_with=compare_with),
            "training",
        )


class PersonalizationWorker(_Job):
    """A lesson; its events are those of trainer.personalize.events. Stopped or ended, it leaves nothing."""

    def start(self, job: PersonalizationJob) -> None:
        """Raises RuntimeError while another lesson goes on, OSError where no process can be started."""
        from trainer.processes.personalize_process import PersonalizationProcess

        self._begin(lambda: PersonalizationProcess(job), "teaching")

"""Personalizations one after the other, as the window gives them, for benchmarks that draw meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop

from handwrite_app.workers.job import PersonalizationWorker
from trainer.base.errors import RunError
from trainer.base.paths import data_folder, drawings_file
from trainer.drawings import open_store
from trainer.personalize.events import PersonalizationEvent, PersonalizationFinished
from trainer.personalize.job import PersonalizationJob
from trainer.synthetic.synthetic_digits import synthetic_digits

DRAWINGS = 30


class Personalizations:
    """Personalizes a network to 30 synthetic drawings again and again, until it is stopped.

    seconds: of every job that came to its end, from the start of its process. To be made in a process whose
    folders are its own: the drawings go into its store.
    """

    def __init__(self, network: Path) -> None:
        with open_store(daily=False) as store:
            for label, drawing in synthetic_digits(DRAWINGS, 3):
                store.add(drawing, label=label, writer=store.default_writer.id)
        self._folder = TemporaryDirectory(prefix="handwrite-personalizations-")
        self._job = PersonalizationJob(
            network=network,
            drawings=drawings_file(),
            writer="",
            target=Path(self._folder.name) / "personalized.safetensors",
            data_folder=data_folder(),
        )
        self.seconds: list[float] = []
        self._failure = ""
        self._going_on = False
        self._then: Callable[[], object] = lambda: None
        self._worker = PersonalizationWorker()
        self._worker.eventHappened.connect(self._on_event)
        self._worker.failed.connect(self._on_failed)
        self._worker.ended.connect(self._on_ended)

    def one(self) -> float:
        """The seconds of one personalization. Raises RunError where it came to none."""
        loop = QEventLoop()
        self._then = loop.quit
        self._start()
        loop.exec()
        self._check()
        return self.seconds[-1]

    def begin(self) -> None:
        """Personalizations without end from now on."""
        self._going_on = True
        self._start()

    def end(self) -> None:
        """Raises RunError where one of them failed."""
        self._going_on = False
        self._worker.close()
        self._folder.cleanup()
        self._check()

    def _start(self) -> None:
        self._begun = time.perf_counter()
        self._worker.start(self._job)

    def _check(self) -> None:
        if self._failure:
            raise RunError(f"a personalization failed: {self._failure}")

    def _on_event(self, event: PersonalizationEvent) -> None:
        if isinstance(event, PersonalizationFinished):
            self.seconds.append(time.perf_counter() - self._begun)

    def _on_failed(self, text: str) -> None:
        self._failure = text

    def _on_ended(self) -> None:
        if self._going_on and not self._failure:
            self._start()
        else:
            self._then()

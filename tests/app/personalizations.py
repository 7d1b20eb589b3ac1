"""A personalization without a process: the test says what it tells, and when."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.personalize.result_dialog import PersonalizationDialog
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from trainer.base.errors import HandwriteError
from trainer.base.paths import shipped_weights_folder
from trainer.personalize.events import (
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    PersonalizationStopped,
    Reread,
    RetentionMetrics,
    Verdict,
    WriterMetrics,
)
from trainer.personalize.job import PersonalizationJob

_LAST = (PersonalizationFinished, PersonalizationRefused, PersonalizationStopped)

SCRIBE = shipped_weights_folder() / "scribe.safetensors"


class FakePersonalization:
    """In the place of trainer.processes.personalize_process.PersonalizationProcess."""

    latest: FakePersonalization
    pid = 0
    has_result = False

    def __init__(self, job: PersonalizationJob) -> None:
        self.job = job
        self._told: queue.SimpleQueue[PersonalizationEvent | HandwriteError | None] = (
            queue.SimpleQueue()
        )
        FakePersonalization.latest = self

    def tell(self, *events: PersonalizationEvent | HandwriteError) -> None:
        for event in events:
            self._told.put(event)

    def end(self, event: PersonalizationEvent | HandwriteError) -> None:
        self.tell(event)
        self._told.put(None)

    def events(self) -> Iterator[PersonalizationEvent]:
        while (event := self._told.get()) is not None:
            if isinstance(event, HandwriteError):
                raise event
            self.has_result = isinstance(event, _LAST)
            yield event

    def stop(self) -> None:
        self.end(PersonalizationStopped())

    def kill(self) -> None:
        self._told.put(None)

    def close(self) -> None:
        """Nothing to free."""

    def finish(self, result: PersonalizationFinished) -> PersonalizationFinished:
        """As a real one does: progress, and a file."""
        self.tell(
            PersonalizationStarted(parent=result.parent, drawings=result.after.count, left_out={})
        )
        self.tell(PersonalizationProgress(fraction=1.0))
        self.job.target.write_bytes(SCRIBE.read_bytes())
        result = replace(result, weights=str(self.job.target))
        self.end(result)
        return result


def begin_personalization(window: MainWindow, qtbot: QtBot) -> FakePersonalization:
    """From the menu to the process; FakePersonalization is in its place."""
    before = getattr(FakePersonalization, "latest", None)
    window.actions_["Personalize"].trigger()
    qtbot.waitUntil(
        lambda: getattr(FakePersonalization, "latest", None) is not before, timeout=10_000
    )
    return FakePersonalization.latest


def result(
    before: int = 25,
    after: int = 28,
    *,
    kept: bool = True,
    verdict: Verdict | None = None,
    drawn: bool = False,
    others: tuple[float, float] = (0.99, 0.9895),
    fixed: tuple[Reread, ...] = (),
    broken: tuple[Reread, ...] = (),
    left_out: dict[str, int] | None = None,
) -> PersonalizationFinished:
    return PersonalizationFinished(
        weights="",
        parent=str(SCRIBE),
        verdict=verdict or _verdict(before, after, others, kept=kept),
        before=WriterMetrics(count=30, correct=before, loss=0.5),
        after=WriterMetrics(count=30, correct=after, loss=0.25),
        reference=RetentionMetrics(
            count=2000, before=round(2000 * others[0]), after=round(2000 * others[1])
        ),
        negatives=None,
        synthetic=drawn,
        fixed=fixed,
        broken=broken,
        left_out=left_out or {},
    )


def _verdict(before: int, after: int, others: tuple[float, float], *, kept: bool) -> Verdict:
    """What the gate would say of such figures."""
    if others[0] - others[1] > 0.001:
        return "forgets"
    if before != after:
        return "better" if after > before else "worse"
    return "surer" if kept else "no better"


def dialog_of(
    finished: PersonalizationFinished, *, writer: str = "", active_model: str = "", theme: Theme
) -> PersonalizationDialog:
    return PersonalizationDialog(
        finished,
        base="scribe",
        writer=writer,
        name="scribe Me",
        active_model=active_model,
        theme=theme,
    )


def press(within: QWidget, name: str) -> None:
    button = within.findChild(QPushButton, name)
    assert button is not None
    assert button.isEnabled()
    button.click()

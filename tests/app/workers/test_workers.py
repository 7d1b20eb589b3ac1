"""A closed worker emits nothing more, not even what was queued for the window's thread."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.drawings import DrawingsWorker
from handwrite_app.workers.job import PersonalizationWorker
from handwrite_app.workers.recognition import RecognitionWorker
from tests.app.correcting import load
from tests.app.personalizations import SCRIBE, FakePersonalization, begin_personalization, result
from trainer.base.errors import RunError
from trainer.base.paths import data_folder, drawings_file
from trainer.drawings import open_store
from trainer.personalize.events import PersonalizationStarted
from trainer.personalize.job import PersonalizationJob
from trainer.processes.recognition_messages import LoadRequest

_JOB = PersonalizationJob(
    network=SCRIBE,
    drawings=drawings_file(),
    writer="",
    target=SCRIBE,
    data_folder=data_folder(),
)


def _told(*signals: SignalInstance) -> list[object]:
    found: list[object] = []
    for signal in signals:
        signal.connect(lambda *what: found.append(what))
    return found


def _let_all_arrive() -> None:
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("last", [result(), RunError("ended by SIGKILL")])
@pytest.mark.parametrize("closed", [False, True])
def test_a_job(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, last: object, closed: bool
) -> None:
    monkeypatch.setattr(
        "trainer.processes.personalize_process.PersonalizationProcess", FakePersonalization
    )
    worker = PersonalizationWorker()
    told = _told(worker.eventHappened, worker.failed, worker.ended)
    worker.start(_JOB)
    FakePersonalization.latest.tell(
        PersonalizationStarted(parent=str(SCRIBE), drawings=30, left_out={})
    )
    FakePersonalization.latest.end(last)  # type: ignore[arg-type]
    assert worker._thread is not None
    worker._thread.join()
    if closed:
        worker.close()
    _let_all_arrive()
    assert len(told) == (0 if closed else 3)
    assert not worker.is_running


class _DeadProcess:
    """In the place of handwrite_app.workers.recognition_process.RecognitionProcess."""

    def ask(self, _: object) -> bytes:
        return b""

    def kill(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize("closed", [False, True])
def test_recognition(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    monkeypatch.setattr("handwrite_app.workers.recognition.RecognitionProcess", _DeadProcess)
    recognition = RecognitionWorker()
    told = _told(recognition.restarted, recognition.failed)
    gave_up = threading.Event()
    take = recognition._desk.take_load

    def take_load() -> LoadRequest | None:
        gave_up.set()
        return take()

    monkeypatch.setattr(recognition._desk, "take_load", take_load)
    recognition.start(None, "cpu")
    assert gave_up.wait(20)
    if closed:
        recognition.close()
    _let_all_arrive()
    assert len(told) == (0 if closed else 3)  # twice started again, then given up
    recognition.close()


@pytest.mark.parametrize("closed", [False, True])
def test_the_drawings(qtbot: QtBot, closed: bool) -> None:
    with open_store() as store:
        store.writers()
    path = drawings_file()
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    worker = DrawingsWorker()
    told = _told(worker.noted)
    worker.ask(lambda _: None)
    if not closed:
        qtbot.waitUntil(lambda: len(told) == 1, timeout=10_000)
    worker.close()  # waits until all is done, and posted
    _let_all_arrive()
    assert len(told) == (0 if closed else 1)


def test_a_window_that_closes_ends_personalizations_before_it_waits_for_the_disk(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their results would come when there is no window any more."""
    monkeypatch.setattr(
        "trainer.processes.personalize_process.PersonalizationProcess", FakePersonalization
    )
    load(quiet_window)
    personalization, running = begin_personalization(quiet_window, qtbot), list[bool]()
    close = quiet_window.drawings.close

    def slow() -> None:
        running.append(quiet_window.personalization.is_running)
        personalization.end(result())
        close()

    monkeypatch.setattr(quiet_window.drawings, "close", slow)
    quiet_window.close_at_once()  # as when the question whether to end it was answered
    assert not quiet_window.isVisible()
    _let_all_arrive()
    assert running == [False]
    assert quiet_window.personalization.dialog is None

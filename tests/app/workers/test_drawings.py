"""The thread that has the store of drawings: the window's thread never waits for it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError, InputError, RunError
from trainer.base.paths import drawings_file
from trainer.drawings import DrawingStore, open_store
from trainer.drawings.backups import backups_folder
from trainer.picture.strokes import Drawing, Stroke

LINE = Drawing((Stroke.make([(1, 2), (3, 4)]),))


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[DrawingsWorker]:
    worker = DrawingsWorker()
    yield worker
    worker.close()


def test_nothing_is_opened_before_it_is_needed(worker: DrawingsWorker) -> None:
    assert not drawings_file().exists()
    worker.close()
    assert not drawings_file().parent.exists()


def test_a_job_runs_in_the_thread_and_is_answered_in_ours(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    where: list[threading.Thread] = []
    got: list[int] = []

    def job(store: DrawingStore) -> int:
        where.append(threading.current_thread())
        return store.add(LINE, label="7")

    def then(number: int) -> None:
        where.append(threading.current_thread())
        got.append(number)

    worker.ask(job, then)
    qtbot.waitUntil(lambda: bool(got))
    assert where[0] is not where[1]
    assert where[1] is threading.current_thread()
    with open_store() as store:
        assert store.entry(got[0]).label == "7"


def test_to_prepare_opens_what_is_there_and_makes_nothing(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    got: list[object] = []
    worker.prepare()
    worker.close()
    assert not drawings_file().exists()
    with open_store(daily=False) as store:
        store.add(LINE, label="7")
    again = DrawingsWorker()
    again.prepare()
    again.ask(lambda store: store.counts().of(), got.append)
    qtbot.waitUntil(lambda: got == [1])
    again.close()


def test_what_goes_wrong_in_preparing_is_told_with_a_job(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    drawings_file().mkdir(parents=True)
    told: list[HandwriteError] = []
    worker.prepare()
    worker.ask(lambda store: store.writers(), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1


def test_the_windows_thread_goes_on_while_the_store_waits(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    began = time.monotonic()
    got: list[object] = []
    worker.ask(lambda _: time.sleep(0.3), got.append)
    assert time.monotonic() - began < 0.2
    assert got == []
    qtbot.waitUntil(lambda: bool(got))


def test_jobs_are_done_one_after_the_other(worker: DrawingsWorker, qtbot: QtBot) -> None:
    got: list[str] = []
    worker.ask(lambda _: time.sleep(0.1), lambda _: got.append("first"))
    worker.ask(lambda _: None, lambda _: got.append("second"))
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == ["first", "second"]


def test_what_was_asked_before_the_end_is_done(worker: DrawingsWorker) -> None:
    got: list[object] = []
    worker.ask(lambda _: time.sleep(0.2))
    worker.ask(lambda store: store.add(LINE, label="3"), got.append)
    worker.close()
    assert got == []  # nobody is called any more
    worker.ask(lambda store: store.add(LINE, label="4"), got.append)  # and nothing is done
    with open_store() as store:
        assert [entry.label for entry in store.entries()] == ["3"]


def test_an_error_is_told_and_the_next_job_opens_the_store_anew(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    told: list[HandwriteError] = []
    stores: list[DrawingStore] = []

    def fail(store: DrawingStore) -> None:
        stores.append(store)
        raise RunError("the disk is full")

    def refuse(store: DrawingStore) -> None:
        stores.append(store)
        raise InputError("no such label")

    for job in (refuse, fail, refuse):
        worker.ask(job, failed=told.append)
    qtbot.waitUntil(lambda: len(told) == 3)
    assert [str(error) for error in told] == [
        "no such label",
        "the disk is full",
        "no such label",
    ]
    assert stores[0] is stores[1]
    assert stores[2] is not stores[1]


def test_a_store_that_cannot_be_opened_is_told(worker: DrawingsWorker, qtbot: QtBot) -> None:
    drawings_file().mkdir(parents=True)
    told: list[HandwriteError] = []
    worker.ask(lambda store: store.writers(), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], RunError)
    drawings_file().rmdir()
    got: list[object] = []
    worker.ask(lambda store: store.writers(), got.append)
    qtbot.waitUntil(lambda: bool(got))


def test_an_error_of_ours_comes_out_in_the_windows_thread(
    worker: DrawingsWorker, qtbot: QtBot
) -> None:
    """And whoever has asked does not wait for good."""

    def broken(_: DrawingStore) -> None:
        raise ZeroDivisionError("by none")

    got: list[object] = []
    told: list[HandwriteError] = []
    with capture_exceptions() as caught:
        worker.ask(broken, got.append, told.append)
        worker.ask(lambda _: None, got.append)
        qtbot.waitUntil(lambda: bool(got))
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert got == [None]
    assert [str(error) for error in told] == ["An unexpected error: ZeroDivisionError: by none"]


def test_an_error_behind_a_job_ends_nothing(
    worker: DrawingsWorker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job is done, and the next one is, too."""

    def broken(_: DrawingStore) -> str:
        raise MemoryError

    monkeypatch.setattr("trainer.drawings.daily_copy", broken)
    got: list[object] = []
    with capture_exceptions() as caught:
        worker.ask(lambda store: store.add(LINE, label="7"), got.append)
        qtbot.waitUntil(lambda: bool(caught))
        monkeypatch.setattr(DrawingsWorker, "_reported_version", broken)
        worker.ask(lambda _: 2, got.append)
        worker.ask(lambda _: 3, got.append)
        qtbot.waitUntil(lambda: got[1:] == [2, 3] and len(caught) == 3)
    assert {kind for kind, *_ in caught} == {MemoryError, TypeError}


def test_what_the_opener_has_to_tell_is_told(worker: DrawingsWorker, qtbot: QtBot) -> None:
    with open_store() as store:
        store.add(LINE, label="7")
    path = drawings_file()
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    with qtbot.waitSignal(worker.noted) as told:
        worker.ask(lambda _: None)
    assert "damaged" in told.args[0]


def test_a_copy_a_day_is_made(worker: DrawingsWorker, qtbot: QtBot) -> None:
    got: list[object] = []
    worker.ask(lambda store: store.add(LINE, label="7"), got.append)
    qtbot.waitUntil(lambda: bool(got))
    worker.close()
    (copy,) = backups_folder(drawings_file()).iterdir()
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT label FROM drawings").fetchall() == [("7",)]
    connection.close()


def test_that_the_store_has_changed_is_told(worker: DrawingsWorker, qtbot: QtBot) -> None:
    told: list[None] = []
    got: list[object] = []
    worker.changed.connect(lambda: told.append(None))
    worker.ask(lambda store: store.counts(), got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    qtbot.wait(20)
    assert told == []
    with qtbot.waitSignal(worker.changed):
        worker.ask(lambda store: store.add(LINE, label="7"))
    with open_store(daily=False) as other:  # another window
        other.add(LINE, label="8")
    with qtbot.waitSignal(worker.changed):
        worker.ask(lambda _: None)
    assert len(told) == 2


def test_a_store_that_is_opened_anew_has_changed(worker: DrawingsWorker, qtbot: QtBot) -> None:
    """It may be another file, and count its changes from the same number on."""

    def fail(_: DrawingStore) -> None:
        raise RunError("the file was replaced")

    told: list[HandwriteError] = []
    worker.ask(lambda store: store.counts())
    worker.ask(fail, failed=told.append)
    with qtbot.waitSignal(worker.changed, timeout=20_000):
        worker.ask(lambda _: None)
    assert told

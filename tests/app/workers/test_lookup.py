"""Questions to the disk: each has an answer or a failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.workers import base
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError, RunError


@pytest.fixture
def lookup(qtbot: QtBot) -> Iterator[LookupWorker]:
    worker = LookupWorker()
    yield worker
    worker.close()


def _full() -> None:
    raise RunError("test.full", "the disk is full")


def _broken() -> None:
    raise MemoryError


def test_an_error_is_told(lookup: LookupWorker, qtbot: QtBot) -> None:
    told: list[HandwriteError] = []
    with capture_exceptions() as caught:
        lookup.ask(_full, lambda _: None, told.append)
        lookup.ask(_broken, lambda _: None, told.append)
        qtbot.waitUntil(lambda: lookup.is_idle)
    assert [error.code for error in told] == ["test.full", "app.unforeseen"]
    assert [kind for kind, *_ in caught] == [MemoryError]


def test_an_error_that_is_nobodys_is_raised_in_the_windows_thread(
    lookup: LookupWorker, qtbot: QtBot
) -> None:
    with capture_exceptions() as caught:
        lookup.ask(_full, lambda _: None)
        qtbot.waitUntil(lambda: lookup.is_idle)
    assert [kind for kind, *_ in caught] == [RunError]


def test_closing_does_not_wait_for_a_disk_that_hangs(
    lookup: LookupWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "JOIN_SECONDS", 0.01)
    begun, disk = threading.Event(), threading.Event()

    def look() -> None:
        begun.set()
        disk.wait(10)

    lookup.ask(look, lambda _: None)
    assert begun.wait(10)
    lookup.close()
    assert lookup._thread is not None
    assert lookup._thread.is_alive()
    disk.set()
    lookup._thread.join()

"""The window with the process that explains: everything once for real, and a process that is killed."""

from __future__ import annotations

import os
import signal

from pytestqt.qtbot import QtBot

from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.main_window import MainWindow
from tests.app.explaining.conftest import PATIENCE, digit
from trainer.base.paths import drawings_file
from trainer.drawings import open_store


def test_all_four_modes_and_a_killed_process(
    window: MainWindow, explaining: Explaining, qtbot: QtBot
) -> None:
    with open_store(drawings_file()) as store:
        writer = store.default_writer.id
        for lean in (0.0, 0.08, 0.16):
            store.add(digit("7", lean), label="7", writer=writer)
    window.actions_["Inside"].trigger()
    worker = explaining.worker
    qtbot.waitUntil(lambda: not worker.is_busy, timeout=PATIENCE)
    inside = explaining.inside.view
    assert inside.message.isHidden(), inside.message.text()
    assert inside.stages[2].image is not None
    assert inside.stages[2].image.shape == (28, 28)
    assert len(inside.grids) >= 5
    inside.grids[0].choose(1)
    assert explaining.desk.overlay.has_map

    window.actions_["Replay"].trigger()
    qtbot.waitUntil(lambda: not worker.is_busy, timeout=PATIENCE)
    assert explaining.replay.view.digit.text() == "4"
    assert explaining.replay.view.changes

    window.actions_["WriteInHand"].trigger()
    explaining.handwriting.write("77")
    qtbot.waitUntil(lambda: explaining.handwriting.written is not None, timeout=PATIENCE)
    written = explaining.handwriting.written
    assert written is not None
    assert [one.origin for one in written.characters] == ["own", "own"]

    pid = worker.pid
    assert pid is not None
    window.actions_["Why"].trigger()
    os.kill(pid, signal.SIGKILL)
    why = explaining.why.view
    qtbot.waitUntil(lambda: not worker.is_busy, timeout=PATIENCE)
    assert "has ended" in why.message.text()
    explaining.why.restart()
    qtbot.waitUntil(lambda: not worker.is_busy, timeout=PATIENCE)
    assert why.message.isHidden(), why.message.text()
    assert why.examples
    assert worker.pid != pid

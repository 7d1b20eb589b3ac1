"""The whole way in the real window: someone draws, the network answers, a key is pressed, and the drawing is in
the store as it was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import press_key, wait_for_toast
from tests.drawings import DIGITS
from tests.e2e.conftest import draw_with_mouse, draw_with_pen
from tests.recognition import SharedRecognition
from trainer.drawings import WeightsId, open_store

_PATIENCE = 60_000


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, shared_recognition: SharedRecognition
) -> Iterator[MainWindow]:
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings(), process=shared_recognition)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: window.loaded is not None, timeout=_PATIENCE)
    window.canvas.setFocus()
    yield window
    window.close()
    window.deleteLater()


def test_drawn_read_corrected_and_stored(qtbot: QtBot, window: MainWindow) -> None:
    got: list[int] = []
    window.recognition.readingReady.connect(lambda reading: got.append(reading.number))
    drawn = []
    for digit, key, draw in (("4", "9", draw_with_pen), ("2", "2", draw_with_mouse)):
        draw(window, DIGITS[digit])
        qtbot.waitUntil(lambda: bool(got) and got[-1] == window.asking.newest, timeout=_PATIENCE)
        drawn.append(window.canvas.current_drawing())
        assert window.reading.answer.text() == digit
        press_key(window, key)
        wait_for_toast(window, qtbot, key)
    assert window.loaded is not None
    path = Path(window.loaded.path)
    window.close()

    with open_store() as store:
        entries = list(store.entries())[::-1]
        stored = [store.drawing(entry.id) for entry in entries]
    assert [entry.label for entry in entries] == ["9", "2"]
    assert [entry.right for entry in entries] == [False, True]
    assert [entry.device for entry in entries] == ["pen", "mouse"]
    assert [entry.weights for entry in entries] == [WeightsId.of(path)] * 2
    assert [entry.said.label for entry in entries if entry.said] == ["4", "2"]
    for before, after in zip(drawn, stored, strict=True):
        assert len(before.strokes) == len(after.strokes)
        for one, other in zip(before.strokes, after.strokes, strict=True):
            assert np.array_equal(one.points, other.points)
            assert (one.pressure is None) == (other.pressure is None)
            if one.pressure is not None and other.pressure is not None:
                assert np.array_equal(one.pressure, other.pressure)
            assert (one.times is None) == (other.times is None)
            if one.times is not None and other.times is not None:
                assert np.array_equal(one.times, other.times)
            assert one.width == other.width
    assert len(stored[0].strokes) == len(DIGITS["4"])
    assert len(stored[1].strokes) == len(DIGITS["2"])  # and not the 4 before it

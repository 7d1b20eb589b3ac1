"""Letters in the real window with the network that ships: read, corrected, remembered; digits as before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.characters.controller import Written, WrittenController
from handwrite_app.labelling.label_palette import LabelPalette
from handwrite_app.window.main_window import MainWindow
from tests.drawings import DIGITS
from tests.e2e.conftest import Strokes, draw_with_mouse
from trainer.base.labels import CAPITALS
from trainer.base.paths import shipped_weights_folder
from trainer.synthetic.letter_shapes import LETTER_SHAPES

_PATIENCE = 60_000

pytestmark = pytest.mark.skipif(
    not (shipped_weights_folder() / "characters.safetensors").exists(),
    reason="no network of letters in this checkout",
)


def _choose(qtbot: QtBot, window: MainWindow, choice: Written) -> None:
    controller = window.feature(WrittenController)
    controller.choose(choice)
    qtbot.waitUntil(lambda: controller.choice == choice, timeout=_PATIENCE)


def _draw(qtbot: QtBot, window: MainWindow, strokes: Strokes) -> str:
    """On a clean paper; what is read."""
    window.canvas.clear()
    draw_with_mouse(window, strokes)
    qtbot.waitUntil(lambda: window.asking.answer is not None, timeout=_PATIENCE)
    return window.reading.answer.text()


def test_letters_are_read_corrected_and_remembered(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    assert _draw(qtbot, window, DIGITS["3"]) == "3"
    _choose(qtbot, window, "letters")
    assert window.asking.labels == CAPITALS
    for letter in "ARg":
        assert _draw(qtbot, window, LETTER_SHAPES[letter][0]) == letter.upper()
    answer = window.asking.answer
    assert answer is not None
    assert {"g", "G"} <= {label for label, _ in answer.reading.alike}

    # Corrected with the palette, the next one like it is read right.
    window.correction.ask_label()
    palette = window.findChild(LabelPalette)
    assert palette is not None
    QTest.keyClicks(palette.line, "y")
    with qtbot.waitSignal(window.correction.labelled, timeout=_PATIENCE):
        QTest.keyClick(palette, Qt.Key.Key_Return)
    assert _draw(qtbot, window, LETTER_SHAPES["g"][0]) == "Y"
    assert _draw(qtbot, window, LETTER_SHAPES["R"][0]) == "R"

    # The choice stays; among digits all is as before, whatever letters were kept.
    window.close()
    again = open_window()
    assert again.feature(WrittenController).choice == "letters"
    assert _draw(qtbot, again, LETTER_SHAPES["H"][0]) == "H"
    _choose(qtbot, again, "digits")
    assert again.loaded is not None
    assert again.loaded.name == "scribe"
    assert _draw(qtbot, again, DIGITS["3"]) == "3"
    assert again.reading.bars.labels == tuple(DIGITS)

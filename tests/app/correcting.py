"""What the tests of "Correct with one key" do to a window, and what they find in the store then."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.pointers import drag
from trainer.base.paths import drawings_file, shipped_weights_folder
from trainer.drawings import Entry, open_store
from trainer.processes.recognition_messages import Loaded, Reading
from trainer.segmentation.reading import Character, Line, Span

DIGITS = tuple(string.digits)
EMNIST = (*DIGITS, *string.ascii_uppercase, *"abdefghnqrt")

_PATIENCE = 10_000


def load(window: MainWindow, labels: tuple[str, ...] = DIGITS) -> None:
    """A network with these labels is in use."""
    window.recognition.loaded.emit(
        Loaded(
            path=str(shipped_weights_folder() / "scribe.safetensors"),
            name="scribe",
            architecture="scribe",
            labels=labels,
            device="cpu",
            wanted_device="auto",
            devices=(),
        )
    )


def draw(window: MainWindow, at: int = 100) -> None:
    """One stroke with the mouse, so far from the upper edge."""
    drag(window.canvas, (200, at), (260, at + 40), (300, at + 90))


def read(window: MainWindow, says: str, best: float = 0.9, *, refused: bool = False) -> None:
    """The answer to the newest question."""
    labels = window.correction.labels.labels
    rest = (1 - best) / (len(labels) - 1)
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest,
            labels=labels,
            picture=bytes(784),
            probabilities=tuple(best if label == says else rest for label in labels),
            refused=refused,
        )
    )


def answer_line(window: MainWindow, text: str, *, number: int | None = None) -> None:
    """Several characters, side by side, each with the strokes of one. number: of an earlier question."""
    characters = tuple(
        Character(
            label=label,
            probability=0.95,
            box=(40.0 + 40 * at, 40.0, 30.0, 90.0),
            spans=(Span(stroke=at, first=0, last=2),),
            probabilities=tuple(0.95 if one == label else 0.05 / 9 for one in DIGITS),
        )
        for at, label in enumerate(text)
    )
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest if number is None else number,
            labels=DIGITS,
            picture=bytes(784),
            probabilities=(0.1,) * 10,
            line=Line(text=text, probability=0.9, characters=characters),
        )
    )


def press_key(window: MainWindow, key: str | Qt.Key) -> None:
    code = Qt.Key(ord(key.upper())) if isinstance(key, str) else key
    QTest.keyClick(window.canvas, code)


def keep(window: MainWindow, qtbot: QtBot, key: str) -> None:
    """With the key; until the toast says so."""
    press_key(window, key)
    wait_for_toast(window, qtbot, key)


def wait_for_toast(window: MainWindow, qtbot: QtBot, label: str) -> None:
    def told() -> None:
        toast = window.correction.toast
        assert toast.isVisible()
        assert toast.text == f"Saved as {label}"

    qtbot.waitUntil(told, timeout=_PATIENCE)


def undo(window: MainWindow, qtbot: QtBot) -> None:
    with told(window, qtbot, "Removed from My drawings."):
        window.actions_["UndoKeep"].trigger()


def wait_for_undone(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_status(window, qtbot, "Removed from My drawings.")


def wait_for_status(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: window.status.text() == text, timeout=_PATIENCE)


@contextmanager
def told(window: MainWindow, qtbot: QtBot, text: str) -> Iterator[None]:
    """Until the sentence is told. In the status line another one may follow at once."""
    with qtbot.waitSignal(
        window.correction.said, timeout=_PATIENCE, check_params_cb=lambda said: said == text
    ):
        yield


def warning(window: MainWindow, qtbot: QtBot) -> QMessageBox:
    """The box that comes."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "warning") is not None, timeout=_PATIENCE)
    box = window.findChild(QMessageBox, "warning")
    assert box is not None
    return box


def accept(box: QMessageBox, window: MainWindow, qtbot: QtBot) -> None:
    """The window has the keys again then; without a window manager somebody has to say so."""
    box.accept()
    with qtbot.waitActive(window):
        window.activateWindow()


def marked(window: MainWindow) -> list[str]:
    """The labels that the row shows as kept."""
    return [b.text() for b in window.correction.row._buttons.values() if b.isChecked()]


def entries() -> list[Entry]:
    """What is in the store, the newest first."""
    if not drawings_file().exists():
        return []
    with open_store(daily=False) as store:
        return list(store.entries())


def labels_kept() -> list[str]:
    return [entry.label for entry in entries()]

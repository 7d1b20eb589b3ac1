"""In every dialog and box, in every language, with real keys and the application's own style: Enter does what
the highlighted button says, Escape changes nothing, and all of it is seen on a small screen.
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

import handwrite_app
from handwrite_app.demo.controller import DemoMode
from handwrite_app.ui import language
from handwrite_app.ui.dialogs import dialog as dialogs
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.dialogs.every_dialog import ROWS, Row
from tests.app.pointers import turn_wheel

pytestmark = pytest.mark.usefixtures("english_afterwards")

#: Boxes that no row opens, and why.
ELSEWHERE = {
    "Dialog": "the base of all",
    "MessageBox": "the base of all boxes",
    "NameDialog": "three functions make one, each with a row",
    "may": "the same box as ask, in a loop of its own",
    "_may_replace": "asks with it, behind a file dialog",
    **dict.fromkeys(("_dialog", "_choose_folder"), "the system's dialog for files"),
}

#: What a function makes a box or a dialog of.
BOXES = {"QMessageBox", "QInputDialog", "QDialog", "QFileDialog", "MessageBox", "Dialog"}
BOXES |= {"_closable", "_question_box", "Question", "NameDialog"}


@pytest.fixture
def window(quiet_window: MainWindow) -> Iterator[MainWindow]:
    load(quiet_window)
    yield quiet_window
    _clear(quiet_window)


@pytest.fixture(params=[row.name for row in ROWS])
def row(request: pytest.FixtureRequest) -> Row:
    return next(row for row in ROWS if row.name == request.param)


def _opened(row: Row, window: MainWindow) -> QDialog:
    dialog = row.open(window)
    assert QTest.qWaitForWindowExposed(dialog)
    dialog.activateWindow()
    if (handle := dialog.windowHandle()) is not None:
        handle.requestActivate()
    assert QTest.qWaitForWindowActive(dialog)
    return dialog


def _clear(window: MainWindow) -> None:
    """Whatever is open is closed, and gone."""
    window.feature(DemoMode).stop()  # one of the buttons begins it
    window.compare.close()
    window.feature(DemoMode).stop()
    for dialog in window.findChildren(QDialog):
        dialog.close()
        dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _each_language(window: MainWindow) -> Iterator[str]:
    """Everything is closed between two of them."""
    for name in language.LANGUAGES:
        language.install(name)
        QApplication.processEvents()
        yield name
        _clear(window)


def _buttons(dialog: QDialog) -> list[QPushButton]:
    """Those of the row at the bottom, that are there."""
    return [
        button
        for box in dialog.findChildren(QDialogButtonBox)
        for button in box.findChildren(QPushButton)
        if button.isVisible()
    ]


def _clicks(dialog: QDialog) -> list[QPushButton]:
    """Filled with the buttons that are pressed from now on."""
    pressed: list[QPushButton] = []
    for button in dialog.findChildren(QPushButton):
        button.clicked.connect(lambda _=False, button=button: pressed.append(button))
    return pressed


def test_enter_does_what_the_highlighted_button_says(window: MainWindow, row: Row) -> None:
    for _ in _each_language(window):
        _enter_presses_the_default(window, _opened(row, window), row)


def _enter_presses_the_default(window: MainWindow, dialog: QDialog, row: Row) -> None:
    buttons = _buttons(dialog)
    defaults = [button for button in dialog.findChildren(QPushButton) if button.isDefault()]
    assert len(defaults) == (1 if buttons else 0)
    assert all(not button.autoDefault() for button in dialog.findChildren(QPushButton))
    # The coloured one is the default, and no other is coloured.
    coloured = [b for b in dialog.findChildren(QPushButton) if b.property("primary")]
    assert coloured == defaults
    for button in buttons:
        if button.isEnabled():
            accent = QColor(window._theme.tokens.accent)
            corner = button.grab().toImage().pixelColor(6, button.height() // 2)
            assert (corner == accent) is button.isDefault(), button.text()
    focus = dialog.focusWidget()
    wanted = focus if isinstance(focus, QPushButton) else next(iter(defaults), None)
    if isinstance(focus, QPushButton) and focus in buttons:
        assert focus is defaults[0]  # two that are highlighted would be one too many
    pressed = _clicks(dialog)
    QTest.keyClick(focus or dialog, Qt.Key.Key_Return)
    if row.fields_take_enter and isinstance(focus, QLineEdit):
        assert pressed == []
        assert dialog.isVisible()
        return
    assert pressed == ([wanted] if wanted is not None and wanted.isEnabled() else [])


def test_each_button_is_reached_with_tab_and_pressed(window: MainWindow, row: Row) -> None:
    first = _opened(row, window)
    names = [button.objectName() for button in _buttons(first) if button.isEnabled()]
    _clear(window)
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
    for name, key in itertools.product(names, keys):
        dialog = _opened(row, window)
        button = dialog.findChild(QPushButton, name)
        assert button is not None
        pressed = _clicks(dialog)
        for _ in range(80):
            if dialog.focusWidget() is button:
                break
            QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
        assert dialog.focusWidget() is button
        QTest.keyClick(button, key)
        assert pressed == [button]
        _clear(window)


def test_the_wheel_and_escape_change_nothing(window: MainWindow, row: Row) -> None:
    for _ in _each_language(window):
        dialog = _opened(row, window)
        _the_wheel_passes_over_fields(dialog)
        _escape_changes_nothing(dialog)


def _the_wheel_passes_over_fields(dialog: QDialog) -> None:
    """Who scrolls with the pointer over a field that was not chosen wants to scroll."""
    kinds = (QAbstractSpinBox, QComboBox, QSlider)
    fields = [one for kind in kinds for one in dialog.findChildren(kind) if not one.hasFocus()]
    before = [_value(one) for one in fields]
    for field in fields:
        for notches in (1, -1, -1):
            turn_wheel(field, notches)
    assert [_value(one) for one in fields] == before


def _value(field: QWidget) -> object:
    if isinstance(field, QComboBox):
        return field.objectName(), field.currentIndex()
    if isinstance(field, QAbstractSpinBox):
        return field.objectName(), field.text()
    assert isinstance(field, QSlider)
    return field.objectName(), field.value()


def _escape_changes_nothing(dialog: QDialog) -> None:
    done: list[str] = []
    for signal in ("kept", "configured", "networkChosen", "wentBack"):
        if hasattr(dialog, signal):
            getattr(dialog, signal).connect(lambda *_, signal=signal: done.append(signal))
    accepted: list[bool] = []
    dialog.accepted.connect(lambda: accepted.append(True))
    pressed = _clicks(dialog)
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not done
    assert not accepted
    # A box says which button Escape has pressed.
    roles = QMessageBox.ButtonRole.RejectRole
    if isinstance(dialog, QMessageBox):
        assert all(dialog.buttonRole(button) == roles for button in pressed)


def test_all_of_it_is_seen_on_a_small_screen(
    window: MainWindow, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = QRect(0, 0, 1024, 640)
    room = small.adjusted(0, dialogs._FRAME.height(), -dialogs._FRAME.width(), 0)
    original = dialogs.room_for
    for module in [one for name, one in sys.modules.items() if name.startswith("handwrite_app")]:
        if getattr(module, "room_for", None) is original:
            monkeypatch.setattr(module, "room_for", lambda _: room)
    for _ in _each_language(window):
        _all_is_seen(_opened(row, window), room)


def _all_is_seen(dialog: QDialog, room: QRect) -> None:
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    inside = QRect(QPoint(0, 0), dialog.size())
    for button in _buttons(dialog):
        place = QRect(button.mapTo(dialog, QPoint(0, 0)), button.size())
        assert inside.contains(place), button.text()
        assert button.sizeHint().width() <= button.width(), button.text()
    scroll = dialog.findChild(QScrollArea, "dialogScroll")
    if scroll is not None:  # it scrolls down only
        assert scroll.widget().width() <= scroll.viewport().width()
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.text() and label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()


def test_every_dialog_has_a_row() -> None:
    found = set(_made_in_the_sources())
    assert found - set(ELSEWHERE) == {row.covers for row in ROWS}


def _made_in_the_sources() -> Iterator[str]:
    """Classes of dialogs, and functions that make a box of one of Qt's."""
    folder = Path(handwrite_app.__file__).parent
    for path in folder.glob("**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & {"Dialog", "QDialog", "QMessageBox", "MessageBox", "QInputDialog"}:
                    yield node.name
            elif isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                made = {
                    call.func.id
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                }
                if made & BOXES and node.name not in BOXES:
                    yield node.name


def test_nothing_opens_while_the_pen_is_down(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas

    def visible() -> list[QDialog]:
        return [one for one in window.findChildren(QDialog) if one.isVisible()]

    for action in ("Shortcuts", "About", "Train", "Lineage"):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
        QTest.mouseMove(canvas, QPoint(220, 240))
        assert canvas.is_drawing()
        window.actions_[action].trigger()
        assert visible() == []
        assert canvas.is_drawing()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(220, 240))
        qtbot.waitUntil(lambda: bool(visible()), timeout=60_000)  # some look something up first
        _clear(window)
        window.activateWindow()


def test_what_announces_itself_takes_no_keys(window: MainWindow) -> None:
    box = next(row for row in ROWS if row.covers == "announce").open(window)
    assert not box.isModal()
    assert box.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_a_button_in_the_training_panel_takes_no_keys_from_the_paper(window: MainWindow) -> None:
    window.training.show_panel(True)
    panel = window.training.panel
    assert panel is not None
    for button in panel.findChildren(QPushButton):
        assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus
    assert isinstance(window.focusWidget(), QWidget)
    assert window.focusWidget() is window.canvas

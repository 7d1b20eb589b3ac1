"""The settings' window through the real window: what is set holds at once, is kept, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from handwrite_app.preferences.controller import Preferences
from handwrite_app.preferences.inspector import Inspector, Rate
from handwrite_app.preferences.rows import EntryRow
from handwrite_app.preferences.shortcut_rows import ShortcutRow
from handwrite_app.preferences.stored import apply_stored
from handwrite_app.preferences.window import SettingsWindow
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets.numbers import RealBox
from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.main_window import MainWindow
from tests.app.pointers import move, pen_move, pen_press, pen_release, press, release

pytestmark = pytest.mark.usefixtures("english_afterwards")


@pytest.fixture
def settings(quiet_window: MainWindow) -> Iterator[SettingsWindow]:
    QTest.keyClick(quiet_window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    window = quiet_window.feature(Preferences).window
    assert window is not None
    yield window
    quiet_window.feature(Preferences).close()


def _control(window: SettingsWindow, kind: type, name: str) -> object:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def _row(window: SettingsWindow, key: str) -> EntryRow:
    return next(r for r in window.rows if isinstance(r, EntryRow) and r.entry.key == key)


def test_a_search_leaves_what_has_the_words(settings: SettingsWindow) -> None:
    settings.search.setText("hand layout")
    assert [row.title.text() for row in settings.rows if not row.isHidden()] == [
        "Left-handed layout"
    ]
    settings.search.setText("ctrl+t")
    assert [row.title.text() for row in settings.rows if not row.isHidden()] == ["Train a network"]
    settings.search.setText("no such thing")
    assert settings.nothing.isVisible()
    settings.search.clear()
    assert not any(row.isHidden() for row in settings.rows)


def test_pen_settings_hold_at_once_and_at_the_next_start(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    canvas = quiet_window.canvas
    slider = settings.findChild(QSlider, "set_firmness")
    assert slider is not None
    slider.setValue(40)
    for name in ("fixed_width", "pen_only", "rejects_palm"):
        box = settings.findChild(QCheckBox, f"set_{name}")
        assert box is not None
        box.click()
    now = canvas.pen_settings
    assert (now.firmness, now.fixed_width, now.pen_only, now.rejects_palm) == (
        40,
        True,
        True,
        False,
    )
    canvas.pen_settings = type(now)()
    apply_stored(quiet_window.feature(Preferences)._host)
    assert canvas.pen_settings == now


def test_each_row_goes_back_to_its_default(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    row = _row(settings, "pen_only")
    assert not row.reset.isVisible()
    box = settings.findChild(QCheckBox, "set_pen_only")
    assert box is not None
    box.click()
    assert row.reset.isVisible()
    row.reset.click()
    assert not quiet_window.canvas.pen_settings.pen_only
    assert not box.isChecked()


@pytest.mark.parametrize(("locale", "ambiguous"), [("en", "1,500"), ("de_DE", "1.500")])
def test_a_number_is_read_as_in_every_other_field(
    quiet_window: MainWindow, locale: str, ambiguous: str
) -> None:
    """Of what could be two numbers, 1.5 seconds or 25 minutes, neither is taken."""
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        QTest.keyClick(quiet_window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        window = quiet_window.feature(Preferences).window
        assert window is not None
        field = window.findChild(RealBox, "set_demo_clear")
        assert field is not None
        texts = {"2,5": 2500, "3.5": 3500, ambiguous: 3500, "12": 12_000, "a": 12_000}
        for typed, expected in texts.items():
            field.selectAll()
            QTest.keyClicks(field, typed)
            field.interpretText()  # as when the field is left
            assert quiet_window._settings.demo_clear_ms == expected, typed
    finally:
        quiet_window.feature(Preferences).close()
        QLocale.setDefault(before)


def test_reset_takes_all_back(quiet_window: MainWindow, settings: SettingsWindow) -> None:
    quiet_window.actions_.set_shortcuts("Train", [QKeySequence("F5")])
    slider = settings.findChild(QSlider, "set_pen_width")
    spin = settings.findChild(QSpinBox, "set_demo_idle")
    assert slider is not None
    assert spin is not None
    slider.setValue(50)
    spin.setValue(100)
    assert quiet_window.settings.demo_idle_seconds == 100
    settings.reset()
    assert quiet_window.canvas.pen_width == 24
    assert quiet_window.settings.demo_idle_seconds == 45
    assert quiet_window.actions_["Train"].shortcut() == QKeySequence("Ctrl+T")


def test_reading_and_labels_go_to_the_left(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    box = settings.findChild(QCheckBox, "set_left_handed")
    assert box is not None
    box.click()
    QApplication.sendPostedEvents()
    quiet_window.layout().activate()
    canvas, row, side = quiet_window.canvas, quiet_window.correction.row, quiet_window.side
    assert row.x() < canvas.x()
    assert side.mapTo(quiet_window, QPoint()).x() < canvas.mapTo(quiet_window, QPoint()).x()
    assert Settings().flag("layout/left_handed")
    action = quiet_window.actions_["ReadingLeft"]
    assert action.isChecked()
    action.trigger()  # the same in the View menu
    QApplication.sendPostedEvents()
    quiet_window.layout().activate()
    assert side.mapTo(quiet_window, QPoint()).x() > canvas.mapTo(quiet_window, QPoint()).x()
    assert not Settings().flag("layout/left_handed")


def test_language_and_theme_change_everything_and_the_window_stays(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    settings.search.setText("e")
    box = settings.findChild(QComboBox, "set_language")
    assert box is not None
    box.setCurrentIndex(box.findData("zh_CN"))
    box.activated.emit(box.currentIndex())
    QApplication.sendPostedEvents()
    now = quiet_window.feature(Preferences).window
    assert now is settings
    assert now.windowTitle() == "设置"
    assert now.isVisible()
    assert now.search.text() == "e"
    language.install("en")
    QApplication.sendPostedEvents()
    quiet_window.feature(Preferences).close()


def test_keys_are_ones_own_and_taken_ones_are_refused(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    edit = settings.findChild(QKeySequenceEdit, "keys_Train")
    assert edit is not None
    row = next(one for one in settings.rows if edit in one.findChildren(QKeySequenceEdit))
    edit.setKeySequence(QKeySequence("Ctrl+Z"))
    edit.editingFinished.emit()
    assert row.gloss.text() == "Ctrl+Z is taken by “Undo”."
    edit.setKeySequence(QKeySequence("7"))
    edit.editingFinished.emit()
    assert row.gloss.text() == "7 is taken by “the label 7”."
    assert quiet_window.actions_["Train"].shortcut() == QKeySequence("Ctrl+T")
    edit.setKeySequence(QKeySequence("Ctrl+Alt+T"))
    edit.editingFinished.emit()
    assert quiet_window.actions_["Train"].shortcut() == QKeySequence("Ctrl+Alt+T")
    assert not row.gloss.isVisible()
    assert "Ctrl+Alt+T" in dict(quiet_window.actions_.shortcuts(["Train"]))["Train a network"]
    row.reset.click()
    assert quiet_window.actions_["Train"].shortcut() == QKeySequence("Ctrl+T")


def test_no_two_commands_have_one_key_and_none_a_key_of_the_paper(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    actions, why = quiet_window.actions_, quiet_window.feature(Explaining).button

    def row(name: str) -> tuple[QKeySequenceEdit, ShortcutRow]:
        found = next(
            one
            for one in settings.rows
            if isinstance(one, ShortcutRow) and one.control.objectName() == f"keys_{name}"
        )
        return found.control, found

    for name, keys in (("Why", "Ctrl+Alt+K"), ("Train", "Ctrl+E")):
        edit, _ = row(name)
        edit.setKeySequence(QKeySequence(keys))
        edit.editingFinished.emit()
    assert why.toolTip().endswith("(Ctrl+Alt+K)")
    _, of_why = row("Why")
    of_why.reset.click()
    assert of_why.gloss.text() == "Ctrl+E is taken by “Train a network”."
    assert actions["Why"].shortcut() == QKeySequence("Ctrl+Alt+K")
    edit, of_train = row("Train")
    for keys in ("A", "Shift+Q", "Return", "Space", "Del", "Left"):
        edit.setKeySequence(QKeySequence(keys))
        edit.editingFinished.emit()
        assert "alone is for labels" in of_train.gloss.text()
        assert actions["Train"].shortcut() == QKeySequence("Ctrl+E")
    edit.setKeySequence(QKeySequence("F5"))
    edit.editingFinished.emit()
    assert actions["Train"].shortcut() == QKeySequence("F5")
    edit.clear()
    edit.editingFinished.emit()
    assert actions["Train"].shortcut().isEmpty()
    of_why.reset.click()
    assert actions["Why"].shortcut() == QKeySequence("Ctrl+E")
    assert why.toolTip().endswith("(Ctrl+E)")


def test_rows_follow_the_menus_and_enter_closes_no_field(
    quiet_window: MainWindow, settings: SettingsWindow
) -> None:
    quiet_window.theme.set_mode("dark")
    assert _row(settings, "theme").control.currentData() == "dark"  # type: ignore[attr-defined]
    quiet_window.canvas.set_pen_width(40)
    assert _row(settings, "pen_width").control.value() == 40  # type: ignore[attr-defined]
    line = settings.findChild(QLineEdit, "set_data_folder")
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "/no")
    quiet_window.theme.set_mode("light")
    assert line.text() == "/no"  # what is being typed stays
    for field in (line, settings.search):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert settings.isVisible()


def test_keys_that_are_nonsense_are_the_first_ones(quiet_window: MainWindow) -> None:
    shortcuts = quiet_window.feature(Preferences)._shortcuts
    for stored in ("nonsense", "[1]", '{"NoSuch": ["F5"], "Train": 7}'):
        quiet_window.settings.set_text("shortcuts", stored)
        shortcuts.apply()
        assert quiet_window.actions_["Train"].shortcut() == QKeySequence("Ctrl+T")


def test_a_folder_that_is_not_there_is_not_taken(
    quiet_window: MainWindow, settings: SettingsWindow, tmp_path: object
) -> None:
    line = settings.findChild(QLineEdit, "set_data_folder")
    assert line is not None
    line.setText("/no/such/folder")
    line.editingFinished.emit()
    assert _row(settings, "data_folder").gloss.text() == "There is no such folder."
    assert line.property("wrong")
    assert quiet_window.settings.text("data_folder") == ""
    line.setText(str(tmp_path))
    line.editingFinished.emit()
    assert quiet_window.settings.text("data_folder") == str(tmp_path)
    assert not line.property("wrong")


def test_contrast_and_motion(quiet_window: MainWindow, settings: SettingsWindow) -> None:
    theme = quiet_window.theme
    before = theme.tokens
    box = settings.findChild(QComboBox, "set_contrast")
    assert box is not None
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert theme.tokens != before
    assert theme.tokens.text == "#000000"
    _row(settings, "contrast").restore()
    assert theme.tokens == before


def test_the_inspector_shows_pen_and_mouse(quiet_window: MainWindow, qtbot: QtBot) -> None:
    quiet_window.actions_["Inspector"].trigger()
    inspector = quiet_window.feature(Preferences).inspector
    assert isinstance(inspector, Inspector)
    canvas = quiet_window.canvas
    pen_press(canvas, (100, 100), 0.25)
    pen_move(canvas, (120, 100), 0.75)
    pen_release(canvas, (120, 100))
    qtbot.waitUntil(lambda: inspector.values["kind"].text() == "pen")
    assert inspector.values["range"].text() == "0.000 … 0.750"
    assert inspector.values["device"].text() == "made for a test"
    assert inspector.values["ratio"].text() == "1"
    press(canvas, (100, 100))
    move(canvas, (130, 100))
    release(canvas, (130, 100))
    qtbot.waitUntil(lambda: inspector.values["pressure"].text() == "none measured")
    assert inspector.values["position"].text() == "130.0, 100.0"
    title = inspector.windowTitle()
    language.install("zh_CN")
    QApplication.sendPostedEvents()
    assert inspector.windowTitle() != title
    assert inspector.values["pressure"].text() != "none measured"
    inspector.reject()
    assert quiet_window.feature(Preferences).inspector is None


def test_a_rate_is_that_of_the_last_second() -> None:
    rate = Rate()
    assert rate.hertz == 0
    for ms in range(0, 3000, 5):
        rate.add(ms)
    assert rate.hertz == pytest.approx(200)
    rate.add(0)
    assert rate.hertz == 0


def test_no_english_is_left_in_the_chinese_windows(quiet_window: MainWindow) -> None:
    """Settings, inspector and the question before demo mode; names of keys and programs are the same."""
    language.install("zh_CN")
    QApplication.sendPostedEvents()
    names = re.compile(
        r"English|Ctrl|Shift|Backspace|speech-dispatcher|eSpeak NG|offscreen|Handwrite|PyTorch"
    )
    for name in ("Settings", "Inspector", "Demo"):
        quiet_window.actions_[name].trigger()
    dialogs = [one for one in quiet_window.findChildren(QDialog) if one.isVisible()]
    assert len(dialogs) == 3
    texts = [
        text
        for dialog in dialogs
        for kind in (QLabel, QPushButton, QCheckBox)
        for one in dialog.findChildren(kind)
        for text in (one.text(), one.toolTip(), one.accessibleName())
    ]
    left = {text for text in texts if re.search("[A-Za-z]{3}", names.sub("", text))}
    assert {text for text in left if not text.startswith("inspect_")} == set()
    for dialog in dialogs:
        dialog.reject()


def test_keys_are_no_trap_for_the_focus(quiet_window: MainWindow, settings: SettingsWindow) -> None:
    edit = settings.findChild(QKeySequenceEdit, "keys_Open")
    assert edit is not None
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert settings.focusWidget() is not edit
    assert edit.keySequence() == QKeySequence("Ctrl+O")
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not settings.isVisible()

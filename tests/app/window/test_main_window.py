"""The window's names, keys and memory, and what it leaves when it is closed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QSlider, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import DARK
from handwrite_app.window.main_window import MainWindow
from trainer.picture.images.image_file import image_suffixes
from trainer.picture.strokes_files import READABLE_SUFFIXES

WIDGETS = ["canvas", "prediction", "probabilities", "networkInput", "status"]
ACTIONS = ["Undo", "Redo", "Clear", "Train", "StopTraining", "Open", "Save"]
KEYS = {
    "Undo": ["Ctrl+Z"],
    "Redo": ["Ctrl+Shift+Z", "Ctrl+Y"],
    "Clear": ["Ctrl+L"],
    "Eraser": ["E"],
    "Thinner": ["["],
    "Thicker": ["]"],
    "Train": ["Ctrl+T"],
    "FullScreen": ["F11"],
    # On a Mac, Ctrl+H hides the program and Ctrl+M minimises it.
    "Personalize": ["Ctrl+Shift+T"],
    "Lineage": ["Ctrl+B"],
}


@pytest.fixture
def window(quiet_window: MainWindow) -> MainWindow:
    return quiet_window


@pytest.fixture
def reading_window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """One whose recognition process starts, and is ended before it answers."""
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings())
    window.show()
    qtbot.waitUntil(lambda: window.recognition._process is not None, timeout=5000)
    yield window
    window.close_at_once()
    window.deleteLater()


def test_widgets_and_actions_are_found_by_name_and_spoken(window: MainWindow) -> None:
    assert window.objectName() == "mainWindow"
    assert window.accessibleName()
    for name in WIDGETS:
        widget = window.findChild(QWidget, name)
        assert widget is not None, name
        assert widget.accessibleName(), name
    for name in ACTIONS:
        action = window.findChild(QAction, f"action{name}")
        assert action is not None, name
        assert action.text(), name
    names = [o.objectName() for o in window.findChildren(QObject) if o.objectName() in WIDGETS]
    assert sorted(names) == sorted(WIDGETS)  # each is given once


def test_the_training_panel_and_its_plot_have_their_names(window: MainWindow) -> None:
    window.training.show_panel(True)
    panel = window.training.panel
    assert panel is not None
    assert panel.empty.isVisible()  # before the first run there is nothing to plot
    panel.begin("cnn")
    assert not panel.empty.isVisible()
    for name in ("trainingPanel", "lossPlot", "accuracyPlot"):
        widget = window.findChild(QWidget, name)
        assert widget is not None
        if not widget.isVisible():  # where there is little room, one plot at a time
            panel.plots.switch.click()
        assert widget.isVisible()
        assert widget.accessibleName()
    assert window.actions_["ShowTraining"].isChecked()


def test_keys(window: MainWindow) -> None:
    for name, keys in KEYS.items():
        have = [
            k.toString(QKeySequence.SequenceFormat.PortableText)
            for k in window.actions_[name].shortcuts()
        ]
        assert have == keys, name


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keys = [
        k.toString()
        for action in window.findChildren(QAction)
        for k in action.shortcuts()
        if action.objectName().startswith("action")
    ]
    assert len(keys) == len(set(keys))


def test_every_control_of_the_tool_row_can_be_spoken(window: MainWindow) -> None:
    kinds = (QAbstractButton, QSlider)
    controls = [w for w in window.tools.findChildren(QWidget) if isinstance(w, kinds)]
    assert len(controls) >= 8
    assert [w.objectName() for w in controls if not w.accessibleName()] == []


def test_eraser_action_and_canvas_agree(window: MainWindow) -> None:
    window.actions_["Eraser"].trigger()
    assert window.canvas.tool == "eraser"
    window.canvas.set_tool("pen")
    assert not window.actions_["Eraser"].isChecked()


def test_the_slider_and_the_keys_set_one_width(window: MainWindow) -> None:
    before = window.canvas.pen_width
    window.actions_["Thicker"].trigger()
    assert window.canvas.pen_width > before
    assert window.tools.slider.value() == round(window.canvas.pen_width)
    window.tools.slider.setValue(12)
    assert window.canvas.pen_width == 12


def test_the_paper_is_the_largest_thing_at_the_smallest_size(window: MainWindow) -> None:
    window.resize(1024, 640)
    assert window.width() == 1024
    assert window.height() == 640
    assert window.canvas.height() > 400
    right = window.reading.geometry()
    assert right.bottom() <= window.centralWidget().height()
    for child in (window.reading.network_input, window.reading.bars, window.reading.answer):
        bottom = child.mapTo(window, child.rect().bottomLeft()).y()
        assert bottom < window.height()


def test_the_theme_changes_everything_at_once(window: MainWindow) -> None:
    window.theme.set_mode("dark")
    try:
        image = window.grab().toImage()
        assert image.pixelColor(4, window.height() // 2).name() == DARK.desk
        assert image.pixelColor(window.canvas.geometry().center()).name() == DARK.paper
    finally:
        window.theme.set_mode("light")


def test_what_was_chosen_is_remembered(window: MainWindow) -> None:
    window.canvas.set_pen_width(40)
    window.close()
    again = MainWindow(window.theme, Settings())
    try:
        assert again.canvas.pen_width == 40
    finally:
        again.close()
        again.deleteLater()


def test_a_closed_window_leaves_no_process(reading_window: MainWindow) -> None:
    process = reading_window.recognition._process
    assert process is not None
    reading_window.close()
    assert process._process.poll() is not None


def test_one_close_that_raises_skips_no_other(
    reading_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = reading_window

    def broken() -> None:
        raise ZeroDivisionError("while closing")

    for part in (window.sampler, window.drawings, window.lineage):
        monkeypatch.setattr(part, "close", broken)
    process = window.recognition._process
    assert process is not None
    assert window.close()
    assert not window.isVisible()
    assert process._process.poll() is not None
    monkeypatch.undo()
    window.lineage.close()


def test_nothing_up_to_the_painted_window_imports_what_is_slow() -> None:
    program = """
import sys
sys.argv = ["handwrite-app"]
import handwrite_app.application as a
from handwrite_app.window.features.registry import Features
from PySide6.QtWidgets import QApplication
imported = []
class Probe(Features):
    def _on_timer(self):
        imported.append(set(sys.modules))
        super()._on_timer()
import handwrite_app.window.main_window as m
m.Features = Probe
def end():
    for window in QApplication.topLevelWidgets():
        window.close()
a.run(sys.argv, None, end)
at_first_paint, when_built = imported[0], set(sys.modules)
slow = {"torch", "torchvision", "pyqtgraph", "scipy", "PIL.Image", "safetensors", "sqlite3"}
slow |= {"trainer.drawings"}
print(slow & when_built, {"numpy", "msgspec"} & at_first_paint, {"numpy", "msgspec"} - when_built)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "set() set() set()"


def test_settings_that_are_nonsense_are_defaults(qapp: QApplication) -> None:
    settings = Settings()
    for key in ("theme", "device", "pen_width", "training", "weights", "geometry"):
        settings.set_text(key, "nonsense")
    assert settings.theme == "system"
    assert settings.device == "auto"
    assert settings.pen_width is None
    assert settings.training is None
    assert settings.weights is None
    assert settings.bytes_of("geometry") is None


@pytest.mark.parametrize("command", ["Open", "ReadPage"])
def test_dialogs_that_open_a_file_list_all_that_can_be_read(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    asked: list[str] = []

    def ask(_parent: object, _title: str, _folder: str, filters: str) -> tuple[str, str]:
        asked.append(filters)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    window.actions_[command].trigger()
    (filters,) = asked
    listed = filters.split("(")[1].split(")")[0].split()
    wanted = set(image_suffixes()) | ({".svg", *READABLE_SUFFIXES} if command == "Open" else set())
    assert set(listed) == {f"*{suffix}" for suffix in wanted}

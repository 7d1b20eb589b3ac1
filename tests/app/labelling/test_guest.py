"""A guest writes: nothing is kept, and nothing of others is remembered."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_app.labelling.writers import Writers
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, entries, keep, labels_kept, load, press_key
from trainer.base.paths import runs_folder
from trainer.runs.config import TrainConfig


def _choose(writers: Writers, name: str) -> None:
    writers._fill()
    next(one for one in writers._menu.actions() if one.text().replace("&", "") == name).trigger()


def test_a_guests_drawing_is_not_kept(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    _choose(quiet_window.correction.writers, "Guest")
    assert quiet_window.tools.writer.text() == "Guest"
    draw(quiet_window)
    press_key(quiet_window, Qt.Key.Key_3)
    assert quiet_window.status.text() == "Nothing that a guest draws is kept."
    assert labels_kept() == ["7"]
    assert quiet_window._sheet().is_empty  # nor does the sheet survive closing


def test_a_guest_is_read_by_the_network_alone(quiet_window: MainWindow) -> None:
    assert quiet_window.asking.memory is not None
    _choose(quiet_window.correction.writers, "Guest")
    assert quiet_window.asking.memory is None
    assert not quiet_window.actions_["UseMemory"].isEnabled()
    assert not quiet_window.actions_["OwnSign"].isEnabled()
    _choose(quiet_window.correction.writers, "Me")
    assert quiet_window.asking.memory is not None
    assert quiet_window.actions_["UseMemory"].isChecked()


def test_a_guest_has_no_signs_of_another_writer(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    labels = quiet_window.correction.labels
    draw(quiet_window)
    quiet_window.correction.label("heart")
    qtbot.waitUntil(lambda: "heart" in labels.labels, timeout=10_000)
    _choose(quiet_window.correction.writers, "Guest")
    qtbot.waitUntil(lambda: "heart" not in labels.labels, timeout=10_000)
    _choose(quiet_window.correction.writers, "Me")
    qtbot.waitUntil(lambda: "heart" in labels.labels, timeout=10_000)


def test_a_guest_goes_with_the_window(quiet_window: MainWindow) -> None:
    _choose(quiet_window.correction.writers, "Guest")
    assert Settings().writer in ("", "Me")
    assert quiet_window.correction.writers.active in ("", "Me")


def test_a_guest_trains_nothing(quiet_window: MainWindow) -> None:
    """Neither from the menu nor by what begins a run otherwise; another writer may again."""
    load(quiet_window)
    actions = quiet_window.actions_
    _choose(quiet_window.correction.writers, "Guest")
    for name in ("Train", "Personalize", "Sampler"):
        assert not actions[name].isEnabled()
        assert "guest" in actions[name].toolTip()
    quiet_window.training.start(TrainConfig())
    quiet_window.training.resume(runs_folder() / "an earlier one")
    quiet_window.training.ask()
    quiet_window.personalization.begin()
    assert not quiet_window.training.is_running
    assert not quiet_window.personalization.is_running
    assert quiet_window.training.panel is None
    assert quiet_window.status.text() == "A guest writes: choose a writer to train a network."
    quiet_window.training.progressChanged.emit()  # nothing allows it by the way
    assert not actions["Train"].isEnabled()
    _choose(quiet_window.correction.writers, "Me")
    for name in ("Train", "Personalize", "Sampler"):
        assert actions[name].isEnabled()


def test_samples_end_where_a_guest_comes(quiet_window: MainWindow) -> None:
    load(quiet_window)
    quiet_window.actions_["Sampler"].trigger()
    quiet_window.sampler.begin()
    assert quiet_window.sampler.is_running
    _choose(quiet_window.correction.writers, "Guest")
    assert not quiet_window.sampler.is_running


def test_a_guest_leaves_nothing_behind(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """Neither in the store nor as a sheet, not even for a moment."""
    load(quiet_window)
    quiet_window.autosave.start()
    qtbot.waitUntil(lambda: quiet_window.autosave.is_open)
    _choose(quiet_window.correction.writers, "Guest")
    home = Path(os.environ["HANDWRITE_HOME"])

    def files() -> dict[Path, bytes]:
        """All but settings and logs; of the store what is in it counts."""
        kept = (".ini", ".log", ".sqlite", ".lock", ".write-lock", ".sqlite-wal", ".sqlite-shm")
        found = (one for one in home.rglob("*") if one.is_file() and one.suffix not in kept)
        return {one: one.read_bytes() for one in found}

    before = files()
    draw(quiet_window)
    press_key(quiet_window, Qt.Key.Key_3)
    draw(quiet_window, 200)
    quiet_window.autosave._save()
    assert files() == before
    quiet_window.close_at_once()
    assert all(before.get(one) == content for one, content in files().items() if content)
    assert not entries()

"""Watching a run through the window: pins, wall and slider, drawing with an old network, and what goes wrong."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets.picture_grid import PictureGrid
from handwrite_app.watching.controller import Watching
from handwrite_app.watching.page import WatchPage
from handwrite_app.watching.pin_file import pins_file, read_pins
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.probes import ProbeInProcess, digit_pictures, in_process, watched_run
from trainer.base.files import unwritable
from trainer.processes.recognition_messages import Reading

__all__ = ["in_process"]

_SECONDS = 20_000


@pytest.fixture
def run(tmp_path: Path, lenet_file: Path) -> Path:
    return watched_run(tmp_path / "a run", lenet_file)


@pytest.fixture
def watching(
    quiet_window: MainWindow, in_process: type[ProbeInProcess], run: Path, qtbot: QtBot
) -> Iterator[Watching]:
    """The page is open, and every snapshot has read the wall."""
    load(quiet_window)
    watching = quiet_window.feature(Watching)
    _begin(quiet_window)
    watching.watch(run)
    watching.open()
    qtbot.waitUntil(lambda: _is_read(watching), timeout=_SECONDS)
    yield watching
    quiet_window.side.show_mode(None)


def _begin(window: MainWindow) -> None:
    """As if a run had begun."""
    window.training.show_panel(True)
    panel = window.training.panel
    assert panel is not None
    panel.begin("lenet5")


def _is_read(watching: Watching) -> bool:
    record = watching.record
    assert record is not None
    return (
        record.has_wall
        and bool(record.snapshots)
        and record.wanted(watching.pins, None) is None
        and watching._asked is None
    )


def _page(watching: Watching) -> WatchPage:
    assert watching.page is not None
    return watching.page


def _draw(window: MainWindow, label: str, *, read: str = "") -> None:
    """As if it were on the paper and the network in use had read it, as `read` or rightly."""
    probabilities = tuple(0.91 if str(i) == (read or label) else 0.01 for i in range(10))
    window.asking.answered.emit(
        Reading(
            number=1,
            labels=tuple("0123456789"),
            picture=digit_pictures()[label][:-1] + b"\x01",  # not the wall's very picture
            probabilities=probabilities,
        )
    )


def _click(page: QWidget, kind: type, name: str) -> None:
    button = page.findChild(kind, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_wall_turns_right_along_the_slider(watching: Watching, qtbot: QtBot) -> None:
    page, record = _page(watching), watching.record
    assert record is not None
    assert [one.step for one in record.snapshots] == [0, 4, 16]
    assert len(page.wall.tiles) == 10
    assert all(
        tile.faded and not tile.badge for tile in page.wall.tiles
    )  # the newest knows them all
    assert "10" in page.score.full_text
    slider = page.findChild(QSlider, "watchSlider")
    assert slider is not None
    assert slider.value() == 2
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert watching.now == record.snapshots[0]
    wrong = [tile for tile in page.wall.tiles if tile.badge]
    assert len(wrong) == 10 - (record.right(record.snapshots[0]) or 0) > 0
    assert not any(tile.faded for tile in wrong)
    assert not page.newest_button.isChecked()
    _click(page, QPushButton, "watchNewest")
    assert watching.now == record.snapshots[-1]


def test_a_drawing_is_pinned_and_its_curve_drawn(
    watching: Watching, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    page = _page(watching)
    assert not page.pin_button.isEnabled()
    _draw(quiet_window, "3")
    _click(page, QPushButton, "pinDrawing")
    assert [pin.label for pin in watching.pins] == ["3"]
    qtbot.waitUntil(lambda: _is_read(watching), timeout=_SECONDS)
    x, y = page._lines[0].getData()
    assert x.tolist() == [0, 0.5, 2]
    assert y[-1] > 90 > y[0]
    assert page.pins.tiles[0].badge == "3"
    _click(page, QPushButton, "pinDrawing")  # the same again
    assert len(watching.pins) == 1
    QTest.mouseClick(page.pins, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert not watching.pins
    assert page._lines[0].getData()[0] is None or not len(page._lines[0].getData()[0])


def test_a_click_on_the_wall_pins_it_and_the_ninth_pushes_the_first_out(
    watching: Watching, qtbot: QtBot
) -> None:
    wall = _page(watching).wall
    for index in range(9):
        QTest.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.rect_of(index).center())
    assert [pin.label for pin in watching.pins] == list("12345678")
    assert {pin.number for pin in watching.pins} == set(range(8))
    qtbot.waitUntil(lambda: _is_read(watching), timeout=_SECONDS)


def test_pins_are_there_in_the_next_session(
    watching: Watching, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    page = _page(watching)
    for index in (3, 5):
        QTest.mouseClick(
            page.wall, Qt.MouseButton.LeftButton, pos=page.wall.rect_of(index).center()
        )
    QTest.mouseClick(page.pins, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    pins = watching.pins
    assert [(pin.label, pin.number) for pin in pins] == [("5", 1)]
    quiet_window.close_at_once()
    window = MainWindow(quiet_window.theme, Settings())
    qtbot.addWidget(window)
    window.show()
    again = window.feature(Watching)
    _begin(window)
    again.open()
    qtbot.waitUntil(lambda: again.pins == pins, timeout=_SECONDS)
    assert [tile.picture for tile in _page(again).pins.tiles] == [pins[0].picture]
    window.close_at_once()


def test_pins_that_cannot_be_read_or_kept_are_said(
    quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    damaged = pins_file()
    damaged.parent.mkdir(parents=True, exist_ok=True)
    damaged.write_bytes(b'{"kind": "Pin", "picture": "AAAA", "label": "7", "number": 0}\n')
    watching = quiet_window.feature(Watching)
    _begin(quiet_window)
    watching.open()
    qtbot.waitUntil(lambda: "put aside" in quiet_window.status.text(), timeout=_SECONDS)
    assert damaged.with_suffix(".damaged").is_file()
    assert not watching.pins
    full = OSError(errno.ENOSPC, "No space left on device")

    def write(path: Path, _: object) -> None:
        raise unwritable(path, full)

    with monkeypatch.context() as patched:
        patched.setattr("handwrite_app.watching.pins.write_pins", write)
        watching.pin(digit_pictures()["7"], "7")
        qtbot.waitUntil(lambda: "No space" in quiet_window.status.text(), timeout=_SECONDS)
    assert len(watching.pins) == 1
    quiet_window.close_at_once()  # there is room again
    assert read_pins(damaged) == watching.pins


def test_one_draws_with_the_network_of_the_beginning(
    watching: Watching, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    active = quiet_window.loaded
    _draw(quiet_window, "7")
    watching.choose(2)
    _click(_page(watching), QPushButton, "drawWith")
    panel = watching.then.panel
    assert panel is not None
    assert quiet_window.side.mode is panel
    qtbot.waitUntil(lambda: panel.answer.text() == "7", timeout=_SECONDS)
    assert "2" in panel.title.text()
    watching.choose(0)
    qtbot.waitUntil(lambda: max(panel.bars.probabilities or (1.0,)) < 0.9, timeout=_SECONDS)
    assert "7" in panel.now.text()
    _draw(quiet_window, "7", read="9")  # another network is in use now
    assert "9" in panel.now.text()
    QTest.mouseClick(panel.back_button, Qt.MouseButton.LeftButton)
    assert quiet_window.side.mode is None
    assert not _page(watching).draw_button.isChecked()
    _click(_page(watching), QPushButton, "drawWith")
    quiet_window.side.show_mode(QWidget())  # something else takes the column
    assert not _page(watching).draw_button.isChecked()
    _click(_page(watching), QPushButton, "drawWith")
    QTest.keyClick(quiet_window.canvas, Qt.Key.Key_Escape)
    assert quiet_window.side.mode is None
    assert not _page(watching).draw_button.isChecked()
    assert quiet_window.loaded is active  # the network in use is the same all the time


def test_the_wall_is_asked_for_once(
    quiet_window: MainWindow, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Silent:
        """The first answer takes long: torch is imported for it."""

        def ask(self, kind: str, *_: object) -> None:
            asked.append(kind)

        forget = close = lambda *_: None

    load(quiet_window)
    watching = quiet_window.feature(Watching)
    monkeypatch.setattr(watching, "_probe", Silent())
    _begin(quiet_window)
    watching.watch(run)
    watching.open()
    for _ in range(3):
        watching._look()
    assert asked == ["wall"]


def test_a_new_snapshot_is_read_when_the_run_says_so(
    watching: Watching, run: Path, qtbot: QtBot, lenet_file: Path
) -> None:
    record = watching.record
    assert record is not None
    shutil.copy(lenet_file, run / "snapshot-00000032-epoch-4.safetensors")
    watching._wake()
    qtbot.waitUntil(lambda: len(record.snapshots) == 4 and _is_read(watching), timeout=_SECONDS)
    assert watching.now == record.snapshots[-1]


def test_a_damaged_snapshot_is_passed_over(watching: Watching, run: Path, qtbot: QtBot) -> None:
    record = watching.record
    assert record is not None
    (run / "snapshot-00000064-epoch-8.safetensors").write_bytes(b"damaged")
    watching._wake()
    qtbot.waitUntil(lambda: bool(record._unreadable), timeout=_SECONDS)
    assert [one.step for one in record.snapshots] == [0, 4, 16]
    assert watching.now == record.snapshots[-1]
    assert "snapshot-00000064" in _page(watching).state.full_text
    assert "epoch 2 · step 16" in _page(watching).state.full_text


def test_the_folder_goes_while_it_is_watched(
    watching: Watching, quiet_window: MainWindow, run: Path, qtbot: QtBot
) -> None:
    page = _page(watching)
    shutil.rmtree(run)
    _draw(quiet_window, "5")
    _click(page, QPushButton, "pinDrawing")
    qtbot.waitUntil(lambda: "gone" in page.state.full_text, timeout=_SECONDS)
    assert "a run" in page.state.full_text


def test_the_process_dies_and_another_reads_on(
    watching: Watching,
    quiet_window: MainWindow,
    in_process: type[ProbeInProcess],
    qtbot: QtBot,
) -> None:
    started = in_process.started
    in_process.dying = 1
    _draw(quiet_window, "5")
    _click(_page(watching), QPushButton, "pinDrawing")
    qtbot.waitUntil(lambda: _is_read(watching), timeout=_SECONDS)
    assert in_process.started == started + 1
    assert _page(watching).pins.tiles[0].badge == "5"


def test_nothing_is_read_while_the_page_is_hidden(
    watching: Watching, quiet_window: MainWindow, run: Path, lenet_file: Path, qtbot: QtBot
) -> None:
    record = watching.record
    assert record is not None
    quiet_window.training.show_panel(False)
    shutil.copy(lenet_file, run / "snapshot-00000032-epoch-4.safetensors")
    watching._wake()
    qtbot.wait(50)
    assert len(record.snapshots) == 3
    watching.open()
    qtbot.waitUntil(lambda: len(record.snapshots) == 4 and _is_read(watching), timeout=_SECONDS)


def test_every_text_is_in_the_language(watching: Watching, quiet_window: MainWindow) -> None:
    grid = _page(watching).findChild(PictureGrid, "wall")
    assert grid is not None
    assert grid.accessibleName()
    assert grid.tiles[0].words.startswith("0, read as it is")

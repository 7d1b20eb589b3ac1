"""Break it through the window: sliders, bits, layers and channels, and that nothing else is touched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.breaking.break_window import BreakWindow
from handwrite_app.breaking.controller import Breaking
from handwrite_app.ui import language
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.probes import ProbeInProcess, digit_pictures, in_process, watched_run
from trainer.base.messages import Message
from trainer.base.paths import shipped_weights_folder, user_folder
from trainer.processes.probe_messages import ProbeFailed
from trainer.processes.recognition_messages import Reading

__all__ = ["in_process"]

_SECONDS = 20_000


def _files() -> dict[Path, str]:
    """Every file that a network could be stored in."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in (shipped_weights_folder(), user_folder())
        for path in folder.rglob("*.safetensors")
    }


@pytest.fixture
def broken(
    quiet_window: MainWindow,
    in_process: type[ProbeInProcess],
    tmp_path: Path,
    lenet_file: Path,
    qtbot: QtBot,
) -> Iterator[BreakWindow]:
    """The window, with a LeNet-5 that knows its wall of ten digits."""
    load(quiet_window)
    folder = watched_run(tmp_path / "a run", lenet_file, steps=(1,))
    breaking = quiet_window.feature(Breaking)
    breaking.open(next(folder.glob("snapshot-*")), "by heart")
    window = breaking.window
    assert window is not None
    qtbot.waitUntil(lambda: len(window.wall.tiles) == 10 and _layers(window) == 5, timeout=_SECONDS)
    _settled(window, qtbot)
    yield window
    breaking.close()


def _layers(window: BreakWindow) -> int:
    return window.controls.layer.count()


def _settled(window: BreakWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.answered, timeout=_SECONDS):
        window._ask_soon()


def _right(window: BreakWindow) -> int:
    return sum(tile.faded for tile in window.wall.tiles)


@pytest.mark.usefixtures("english_afterwards")
def test_another_language_damages_the_same_network(broken: BreakWindow) -> None:
    path = broken.path
    language.install("zh_CN")
    assert (broken.path, broken.networks.currentText()) == (path, "by heart")


def test_noise_breaks_it_and_back(broken: BreakWindow, qtbot: QtBot) -> None:
    assert _right(broken) == 10
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken.controls.noise.setValue(200)
    assert _right(broken) < 10
    assert "10" in broken.score.text()  # what it is undamaged
    button = next(b for b in broken.buttons.buttons() if b.objectName() == "breakReset")
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert _right(broken) == 10
    assert broken.controls.damage.is_none


def test_the_own_drawing_answers_live(
    broken: BreakWindow, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    before, active = _files(), quiet_window.loaded
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        quiet_window.asking.answered.emit(
            Reading(
                number=1,
                labels=tuple("0123456789"),
                picture=digit_pictures()["4"],
                probabilities=(0.1,) * 10,
            )
        )
    assert broken.answer.text() == "4"
    whole = broken.bars.probabilities
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken.controls.turn.setValue(90)
    assert broken.bars.probabilities != whole
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken.controls.bits.setCurrentIndex(4)
    assert broken.controls.damage.bits == 1
    # The network in use reads on, and no file is another one.
    assert quiet_window.loaded is active
    assert _files() == before


def test_a_channel_is_switched_off_by_a_click(broken: BreakWindow, qtbot: QtBot) -> None:
    channels = broken.controls.channels
    assert len(channels.tiles) == 6  # the first layer's, of the first picture of the wall
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        QTest.mouseClick(channels, Qt.MouseButton.LeftButton, pos=channels.rect_of(2).center())
    assert channels.tiles[2].badge == "✕"
    assert not any(channels.tiles[2].picture)  # its map is black
    assert [c.number for c in broken.controls.damage.channels] == [2]
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        QTest.mouseClick(channels, Qt.MouseButton.LeftButton, pos=channels.rect_of(2).center())
    assert broken.controls.damage.is_none


def test_a_whole_layer_is_switched_off(broken: BreakWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken.controls.layer.setCurrentIndex(4)  # the last: every answer is the same then
    assert not broken.controls.channels.tiles  # it has no maps
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        QTest.mouseClick(broken.controls.layer_off, Qt.MouseButton.LeftButton, pos=_box(broken))
    assert _right(broken) <= 1
    assert len({tile.badge for tile in broken.wall.tiles if tile.badge}) == 1


def _box(window: BreakWindow) -> QPoint:

    return QPoint(8, window.controls.layer_off.height() // 2)


def test_the_process_dies_twice_and_it_says_so(
    broken: BreakWindow, in_process: type[ProbeInProcess], qtbot: QtBot
) -> None:
    in_process.dying = 2
    broken.controls.noise.setValue(50)
    qtbot.waitUntil(lambda: "ended twice" in broken.problem.text(), timeout=_SECONDS)
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken.controls.noise.setValue(0)
    assert "ended" not in broken.problem.text()
    assert _right(broken) == 10


def test_without_a_wall_it_says_why_whatever_is_read_after(
    broken: BreakWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    why = Message.of("test.no-wall", "there is no wall")
    with qtbot.waitSignal(broken.answered, timeout=_SECONDS):
        broken._on_wall(ProbeFailed(number=0, message=why))
    assert "no wall" in broken.problem.text()


def test_the_network_is_gone(broken: BreakWindow, tmp_path: Path, qtbot: QtBot) -> None:
    broken.path.unlink()
    broken.controls.noise.setValue(50)
    qtbot.waitUntil(lambda: "cannot be opened" in broken.problem.text(), timeout=_SECONDS)

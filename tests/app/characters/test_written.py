"""What is written is chosen: the network, the mode, buttons, bars and hint follow, and the choice stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from handwrite_app.characters.controller import WrittenController, written_by
from handwrite_app.labelling.label_palette import LabelPalette, found
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import DIGITS, draw, entries, load, wait_for_toast
from trainer.base.labels import CAPITALS, CHARACTERS, NO_LABEL
from trainer.models import weights
from trainer.processes.recognition_messages import Loaded, Reading

_PATIENCE = 10_000


def _load_characters(window: MainWindow, path: Path) -> None:
    window.recognition.loaded.emit(
        Loaded(
            path=str(path),
            name="characters",
            architecture="scribe-2",
            labels=CHARACTERS,
            device="cpu",
            wanted_device="auto",
            devices=(),
        )
    )


def _read(window: MainWindow, **probabilities: float) -> None:
    """The answer to the newest request; the rest is shared by the others."""
    labels = window.asking.labels
    rest = (1 - sum(probabilities.values())) / (len(labels) - len(probabilities))
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest,
            labels=labels,
            picture=bytes(784),
            probabilities=tuple(probabilities.get(label, rest) for label in labels),
            mode=window.asking.mode,
            alike=(("O", 0.55), ("o", 0.4)),
        )
    )


@pytest.fixture
def wanted(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Networks that the window asked for; the one of all characters is a file of this name."""
    found: list[Path] = []
    path = tmp_path / "characters.safetensors"
    monkeypatch.setattr(weights, "find_weights", lambda *_, **__: path)
    monkeypatch.setattr(quiet_window.recognition, "load", lambda path, _device: found.append(path))
    return found


def _controller(window: MainWindow) -> WrittenController:
    return window.feature(WrittenController)


def test_letters_load_their_network_and_digits_the_one_before(
    quiet_window: MainWindow, wanted: list[Path], tmp_path: Path
) -> None:
    window = quiet_window
    load(window)
    written = _controller(window)
    assert (written.choice, window.asking.mode, window.asking.labels) == ("digits", "", DIGITS)
    assert window.tools.written.text() == "Digits"

    written.choose("letters")
    assert wanted == [tmp_path / "characters.safetensors"]
    assert written.choice == "digits"  # until it reads
    _load_characters(window, wanted[0])
    assert (written.choice, window.asking.mode) == ("letters", "letters")
    assert window.correction.labels.labels == CAPITALS
    assert window.reading.bars.labels == CAPITALS
    assert window.tools.written.text() == "Letters"

    written.choose("both")  # the network reads both
    assert len(wanted) == 1
    assert window.asking.mode == "all"
    assert window.correction.labels.labels == CHARACTERS

    before = Path(window.settings.text("network_of_digits"))
    written.choose("digits")
    assert wanted[1] == (before if before.is_file() else None)
    load(window)
    # Letters that were kept are no signs of the writer's own among digits.
    assert (written.choice, window.asking.mode, window.asking.labels) == (
        "digits",
        "digits",
        DIGITS,
    )


def test_a_changed_mind_while_it_loads(quiet_window: MainWindow, wanted: list[Path]) -> None:
    load(quiet_window)
    written = _controller(quiet_window)
    written.choose("letters")
    written.choose("digits")
    assert len(wanted) == 2
    load(quiet_window)  # the worker loads what was wanted last
    assert (written.choice, quiet_window.asking.labels) == ("digits", DIGITS)


def test_the_choice_is_remembered(quiet_window: MainWindow, wanted: list[Path]) -> None:
    load(quiet_window)
    _controller(quiet_window).choose("letters")
    _load_characters(quiet_window, wanted[0])
    assert quiet_window.settings.text("written") == "letters"
    # Its recognition starts again, as it does at the next start of the program.
    _load_characters(quiet_window, wanted[0])
    assert quiet_window.asking.mode == "letters"


def test_a_network_that_was_chosen_in_another_way_leads(quiet_window: MainWindow) -> None:
    load(quiet_window)
    _load_characters(quiet_window, Path("characters.safetensors"))
    assert (_controller(quiet_window).choice, quiet_window.asking.mode) == ("both", "all")
    load(quiet_window)
    assert _controller(quiet_window).choice == "digits"


def test_one_that_is_refused_changes_nothing(quiet_window: MainWindow, wanted: list[Path]) -> None:
    load(quiet_window)
    _controller(quiet_window).choose("letters")
    quiet_window.network.kept.emit()
    load(quiet_window)
    assert _controller(quiet_window).choice == "digits"


@pytest.mark.parametrize(
    ("labels", "written"),
    [(DIGITS, "digits"), (CAPITALS, "letters"), (CHARACTERS, "both"), (("heart",), "digits")],
)
def test_what_a_network_reads_says_its_labels(labels: tuple[str, ...], written: str) -> None:
    assert written_by(labels) == written


def test_pairs_that_look_alike_are_told(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    _load_characters(quiet_window, Path("characters.safetensors"))
    draw(quiet_window)
    _read(quiet_window, O=0.55, o=0.4)
    assert quiet_window.reading.words.full_text == "Not sure: O or o?"
    assert quiet_window.reading.bars._rows()[:2] == [CHARACTERS.index("O"), CHARACTERS.index("o")]
    _controller(quiet_window).choose("letters")
    _read(quiet_window, O=0.95)
    assert quiet_window.reading._notes[0] == "O 55 % · o 40 %"


def test_a_letter_is_corrected_with_the_palette(quiet_window: MainWindow, qtbot: QtBot) -> None:
    window = quiet_window
    load(window)
    _load_characters(window, Path("characters.safetensors"))
    draw(window)
    _read(window, Q=0.9, O=0.05)
    more = window.findChild(QToolButton, "correctMore")
    assert more is not None
    assert more.isVisible()
    more.click()
    palette = window.findChild(LabelPalette)
    assert palette is not None
    assert palette.shown[:2] == ["Q", "O"]  # what the network holds for probable
    QTest.keyClicks(palette.line, "g")
    assert palette.shown[:2] == ["g", "G"]
    QTest.keyClick(palette, Qt.Key.Key_Return)
    wait_for_toast(window, qtbot, "g")
    assert [entry.label for entry in entries()] == ["g"]


def test_the_palette_finds_by_case_and_by_look() -> None:
    assert found("o", CHARACTERS)[:2] == ["o", "O"]
    assert "0" in found("o", CHARACTERS)
    assert found("A", CAPITALS) == ["A"]
    assert found("heart", CHARACTERS) == []
    assert found(" ", DIGITS) == list(DIGITS)


def test_none_of_them_is_in_the_palette(qtbot: QtBot, quiet_window: MainWindow) -> None:
    chosen: list[str] = []
    palette = LabelPalette(quiet_window, CHARACTERS, chosen=chosen.append)
    palette.show()
    button = palette.findChild(QToolButton, f"palette_{NO_LABEL}")
    assert button is not None
    button.click()
    assert chosen == [NO_LABEL]
    palette.deleteLater()

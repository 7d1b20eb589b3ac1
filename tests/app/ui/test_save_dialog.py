"""Under which name something is saved, and what is asked before something else is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.ui.dialogs.message_boxes import Question
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where, completed
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw

_LINES, _PACKED = Kind("Strokes", ".jsonl"), Kind("Compressed", ".jsonl.gz")
_KINDS = (_LINES, _PACKED)


@pytest.mark.parametrize(
    ("typed", "kind", "was_chosen", "name"),
    [
        ("mine", _LINES, False, "mine.jsonl"),
        ("mine", _PACKED, True, "mine.jsonl.gz"),
        ("mine.v2", _LINES, False, "mine.v2.jsonl"),
        ("mine.JSONL", _LINES, False, "mine.JSONL"),
        # The dialog proposes an ending, and leaves it there when another kind is chosen.
        ("drawings.jsonl", _PACKED, True, "drawings.jsonl.gz"),
        ("drawings.jsonl.gz", _LINES, True, "drawings.jsonl"),
        # Nothing was chosen: the ending that was typed is what is meant.
        ("drawings.jsonl.gz", _LINES, False, "drawings.jsonl.gz"),
    ],
)
def test_the_name_is_completed(typed: str, kind: Kind, was_chosen: bool, name: str) -> None:
    path = completed(Path("folder", typed), kind, _KINDS, was_chosen=was_chosen)
    assert path == Path("folder", name)


class _Person:
    """Types these names, chooses these kinds, and gives these answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.typed: Iterator[tuple[str, str]] = iter(())
        self.answers: Iterator[bool] = iter(())
        self.asked: list[str] = []
        self.proposed: list[str] = []
        module = "handwrite_app.ui.dialogs.save_dialog"
        monkeypatch.setattr(f"{module}.QFileDialog.getSaveFileName", self._type)
        monkeypatch.setattr(f"{module}.may", self._answer)

    def _type(self, _window: QWidget, _title: str, start: str, *_: str) -> tuple[str, str]:
        self.proposed.append(Path(start).name)
        return next(self.typed)

    def _answer(self, _window: QWidget, question: Question) -> bool:
        self.asked.append(question.text)
        return next(self.answers)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> _Person:
    return _Person(monkeypatch)


def _ask(qtbot: QtBot, folder: Path) -> Path | None:
    window = QWidget()
    qtbot.addWidget(window)
    return ask_where(window, "Export", folder / "drawings.jsonl", _KINDS)


def test_a_completed_name_that_is_taken_is_asked_about(
    qtbot: QtBot, tmp_path: Path, person: _Person
) -> None:
    (tmp_path / "mine.jsonl").touch()
    mine = (str(tmp_path / "mine"), "Strokes (*.jsonl)")
    person.typed = iter([mine, mine, ("", "")])
    person.answers = iter([False, True])
    assert _ask(qtbot, tmp_path) == tmp_path / "mine.jsonl"
    assert person.asked == ["mine.jsonl already exists. Replace it?"] * 2
    assert person.proposed == ["drawings.jsonl", "mine.jsonl"]
    assert _ask(qtbot, tmp_path) is None  # given up


def test_what_the_dialog_has_asked_is_not_asked_again(
    qtbot: QtBot, tmp_path: Path, person: _Person
) -> None:
    file = tmp_path / "mine.jsonl"
    file.touch()
    person.typed = iter([(str(file), "Strokes (*.jsonl)"), (str(file), "Compressed (*.jsonl.gz)")])
    assert _ask(qtbot, tmp_path) == file
    assert _ask(qtbot, tmp_path) == tmp_path / "mine.jsonl.gz"
    assert person.asked == []


def test_a_drawing_is_saved_as_the_kind_that_was_chosen(
    quiet_window: MainWindow, tmp_path: Path, person: _Person
) -> None:
    draw(quiet_window)
    person.typed = iter([(str(tmp_path / "drawing.png"), "SVG drawing (*.svg)")])
    quiet_window.files.ask_save()
    assert (tmp_path / "drawing.svg").read_text().startswith("<svg")
    assert quiet_window.status.text() == "Saved drawing.svg"

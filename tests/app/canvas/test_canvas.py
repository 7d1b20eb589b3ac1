"""The paper as others use it: signals, history, strokes that are cut short, and what is dropped on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    QRect,
    Qt,
    QUrl,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from handwrite_app.canvas.document import PAPER
from tests.app.pointers import (
    LEFT,
    PLAIN,
    RIGHT,
    Type,
    drag,
    ink,
    move,
    on_paper,
    point_away,
    press,
    release,
    strokes,
)
from trainer.picture.strokes import Drawing, InkImage


class TestSignals:
    def test_every_point_is_a_change_and_the_lift_finishes(
        self, canvas: Canvas, qtbot: QtBot
    ) -> None:
        told: list[str] = []
        sizes: list[int] = []
        canvas.drawingChanged.connect(lambda: told.append("changed"))
        canvas.drawingChanged.connect(lambda: sizes.append(len(strokes(canvas)[-1].points)))
        canvas.strokeFinished.connect(lambda: told.append("finished"))
        drag(canvas, on_paper(20, 20), on_paper(40, 20), on_paper(60, 20))
        assert told == ["changed"] * 4 + ["finished"]
        assert sizes == [1, 2, 3, 3]

    def test_the_history_is_told_when_it_changes(self, canvas: Canvas) -> None:
        told: list[tuple[bool, bool]] = []
        canvas.historyChanged.connect(lambda *state: told.append(state))
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        drag(canvas, on_paper(20, 60), on_paper(40, 60))
        assert told == [(True, False)]
        canvas.undo()
        canvas.undo()
        assert told[1:] == [(True, True), (False, True)]
        canvas.redo()
        assert told[-1] == (True, True)

    def test_nothing_to_undo_nothing_told(self, canvas: Canvas, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(canvas.drawingChanged):
            canvas.undo()
            canvas.redo()
            canvas.clear()

    def test_tool_and_width_are_told(self, canvas: Canvas) -> None:
        told: list[object] = []
        canvas.toolChanged.connect(told.append)
        canvas.penWidthChanged.connect(told.append)
        canvas.set_tool("eraser")
        canvas.set_tool("eraser")
        canvas.set_pen_width(30)
        canvas.set_pen_width(30)
        assert told == ["eraser", 30.0]

    def test_an_unknown_tool_is_an_error(self, canvas: Canvas) -> None:
        with pytest.raises(ValueError):
            canvas.set_tool("spade")

    def test_the_width_stays_within_its_range(self, canvas: Canvas) -> None:
        for _ in range(30):
            canvas.widen()
        assert canvas.pen_width == MAX_PEN_WIDTH
        for _ in range(30):
            canvas.narrow()
        assert canvas.pen_width == MIN_PEN_WIDTH

    def test_a_new_width_holds_from_the_next_stroke_on(self, canvas: Canvas) -> None:
        press(canvas, on_paper(20, 20))
        canvas.set_pen_width(40)
        move(canvas, on_paper(60, 20))
        release(canvas, on_paper(60, 20))
        drag(canvas, on_paper(20, 100), on_paper(60, 100))
        assert [stroke.width for stroke in strokes(canvas)] == [24, 40]


class TestHistory:
    def test_undo_redo_and_clear(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        drag(canvas, on_paper(20, 60), on_paper(40, 60))
        both = canvas.current_drawing()
        point_away(canvas)
        looks = ink(canvas)
        canvas.undo()
        assert len(strokes(canvas)) == 1
        canvas.clear()
        assert canvas.is_empty()
        assert ink(canvas).max() == 0
        canvas.undo()
        canvas.redo()
        assert canvas.is_empty()
        canvas.undo()
        canvas.undo()
        canvas.redo()
        assert canvas.current_drawing() is not both
        assert looks.max() == 1

    def test_undone_and_redone_it_looks_the_same(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        for y in (60, 140, 220):
            drag(canvas, *(on_paper(30 + x, y + (x % 40)) for x in range(0, 220, 11)))
        looks = ink(canvas)
        for _ in range(3):
            canvas.undo()
        for _ in range(3):
            canvas.redo()
        assert np.array_equal(ink(canvas), looks)

    def test_undo_amid_a_stroke_ends_it_and_takes_it_back(self, canvas: Canvas) -> None:
        press(canvas, on_paper(20, 20))
        move(canvas, on_paper(60, 20))
        canvas.undo()
        move(canvas, on_paper(100, 20))
        release(canvas, on_paper(100, 20))
        assert canvas.is_empty()
        canvas.redo()
        assert strokes(canvas)[0].points[-1] == pytest.approx((60, 20), abs=1e-4)

    def test_redo_amid_a_stroke_does_nothing(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        canvas.undo()
        press(canvas, on_paper(20, 90))
        canvas.redo()
        release(canvas, on_paper(20, 90))
        assert len(strokes(canvas)) == 1

    def test_an_eraser_gesture_is_one_step(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        drag(canvas, *(on_paper(x, 100 + (x % 80)) for x in range(40, 240, 4)), button=RIGHT)
        erased = canvas.current_drawing()
        canvas.undo()
        assert canvas.current_drawing() is not erased
        assert strokes(canvas)[0].points[0] == pytest.approx((20, 140), abs=1e-4)
        canvas.redo()
        assert canvas.current_drawing() is erased

    def test_erasing_shows_while_it_happens(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        assert ink(canvas)[210, 210] == 1
        press(canvas, on_paper(140, 60), RIGHT)
        move(canvas, on_paper(140, 220), RIGHT)
        assert len(strokes(canvas)) == 2
        assert len(canvas.document.drawing.strokes) == 1
        assert ink(canvas)[210, 210] == 0
        during = ink(canvas)
        release(canvas, on_paper(140, 220), RIGHT)
        assert np.abs(ink(canvas) - during).max() < 0.02

    def test_another_drawing_can_be_put_on_the_paper_and_taken_off(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        picture = Drawing((), InkImage(np.full((10, 10), 255, np.uint8), 90, 90, 100, 100))
        canvas.set_drawing(picture)
        assert ink(canvas)[210, 210] == 1
        canvas.undo()
        assert ink(canvas)[210, 210] == 0
        assert len(strokes(canvas)) == 1

    def test_or_for_good(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        canvas.set_drawing(Drawing(), undoable=False)
        assert not canvas.document.can_undo
        assert canvas.is_empty()


class TestCutShort:
    @pytest.mark.parametrize("how", ["leave", "focus", "deactivate", "hide", "other drawing"])
    def test_a_stroke_that_is_cut_short_is_kept(
        self, canvas: Canvas, how: str, qtbot: QtBot
    ) -> None:
        press(canvas, on_paper(20, 20))
        move(canvas, on_paper(60, 20))
        with qtbot.waitSignal(canvas.strokeFinished, timeout=1000):
            if how == "leave":
                QCoreApplication.sendEvent(canvas, QEvent(Type.Leave))
            elif how == "focus":
                QCoreApplication.sendEvent(canvas, QFocusEvent(Type.FocusOut))
            elif how == "deactivate":
                QCoreApplication.sendEvent(canvas, QEvent(Type.WindowDeactivate))
            elif how == "hide":
                canvas.hide()
            else:
                canvas.set_drawing(Drawing())
        move(canvas, on_paper(200, 200))
        if how == "other drawing":
            canvas.undo()
        (stroke,) = canvas.document.drawing.strokes
        assert stroke.points[-1] == pytest.approx((60, 20), abs=1e-4)

    def test_ink_outside_of_the_paper_is_held_at_its_edge(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(270, 100), on_paper(500, 130), on_paper(270, 160))
        assert strokes(canvas)[0].points[:, 0].max() == PAPER

    def test_a_drag_from_beside_the_paper_draws_once_it_is_there(self, canvas: Canvas) -> None:
        drag(canvas, (3, 100), (8, 100), on_paper(20, 63), on_paper(40, 63))
        assert strokes(canvas)[0].points[:, 0] == pytest.approx([20, 40], abs=1e-4)


class TestDrop:
    def drop(self, canvas: Canvas, mime: QMimeData) -> bool:
        where, actions = QPoint(100, 100), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(where, actions, mime, LEFT, PLAIN)
        QCoreApplication.sendEvent(canvas, enter)
        if not enter.isAccepted():
            return False
        event = QDropEvent(QPointF(where), actions, mime, LEFT, PLAIN)
        QCoreApplication.sendEvent(canvas, event)
        return event.isAccepted()

    @pytest.mark.parametrize(
        "name",
        [
            "seven.png",
            "Photo.JPG",
            "digits.jsonl",
            "digits.jsonl.gz",
            "seven.svg",
            "mine.safetensors",
            "MINE.SAFETENSORS",
        ],
    )
    def test_files_that_can_be_opened_are_handed_on(
        self, canvas: Canvas, tmp_path: Path, name: str
    ) -> None:
        got: list[list[Path]] = []
        canvas.filesDropped.connect(got.append)
        mime = QMimeData()
        mime.setUrls([QUrl("https://example.org/x.png"), QUrl.fromLocalFile(str(tmp_path / name))])
        assert self.drop(canvas, mime)
        assert got == [[tmp_path / name]]

    def test_several_files_are_handed_on_together(self, canvas: Canvas, tmp_path: Path) -> None:
        got: list[list[Path]] = []
        canvas.filesDropped.connect(got.append)
        mime = QMimeData()
        paths = [tmp_path / name for name in ("a.png", "letter.pdf", "b.jsonl")]
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        assert self.drop(canvas, mime)
        assert got == [[paths[0], paths[2]]]

    def test_images_are_handed_on(self, canvas: Canvas) -> None:
        got: list[QImage] = []
        canvas.imageDropped.connect(got.append)
        image = QImage(7, 5, QImage.Format.Format_RGB32)
        image.fill(QColor("red"))
        mime = QMimeData()
        mime.setImageData(image)
        assert self.drop(canvas, mime)
        assert got[0].size() == image.size()

    def test_other_things_are_not_taken(self, canvas: Canvas, tmp_path: Path) -> None:
        mime = QMimeData()
        mime.setText("seven")
        assert not self.drop(canvas, mime)
        mime.setUrls(
            [QUrl.fromLocalFile(str(tmp_path / "letter.pdf")), QUrl("https://example.org/x.png")]
        )
        assert not self.drop(canvas, mime)


def test_no_point_of_a_stroke_is_merged_with_the_next(canvas: Canvas) -> None:
    def merges() -> bool:
        merged = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents
        return QCoreApplication.testAttribute(merged)

    assert merges()
    press(canvas, (100, 100))
    assert not merges()
    release(canvas, (120, 120))
    assert merges()
    press(canvas, (100, 100), button=RIGHT)
    assert not merges()
    canvas._input.drop()
    assert merges()


def test_the_first_point_repaints_the_hint_and_not_the_paper(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_hint("Draw a digit")
    QCoreApplication.processEvents()
    painted: list[QRect] = []

    class Paints(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.append(event.rect())
            return False

    watcher = Paints(canvas)
    canvas.installEventFilter(watcher)
    press(canvas, (60, 60))
    qtbot.waitUntil(lambda: bool(painted))
    canvas.removeEventFilter(watcher)
    assert max(rect.height() for rect in painted) < canvas.height() / 2 + 30
    release(canvas, (60, 60))
    hint = canvas._view.hint_rect(canvas.place(), canvas.font())
    image = canvas.grab(hint).toImage()
    colors = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colors) == 1  # the hint is gone


def test_a_drag_over_the_paper_can_be_seen(canvas: Canvas, tmp_path: Path) -> None:
    before = canvas.grab().toImage().pixelColor(100, 100)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "seven.png"))])
    enter = QDragEnterEvent(QPoint(200, 200), Qt.DropAction.CopyAction, mime, LEFT, PLAIN)
    QCoreApplication.sendEvent(canvas, enter)
    assert enter.isAccepted()
    assert canvas.grab().toImage().pixelColor(100, 100) != before
    QCoreApplication.sendEvent(canvas, QDragLeaveEvent())
    assert canvas.grab().toImage().pixelColor(100, 100) == before


def test_the_paper_needs_no_torch(qtbot: QtBot) -> None:
    code = "import sys, handwrite_app.canvas.canvas, handwrite_app.canvas.files.drawing_files; print(sorted({'torch', 'scipy', 'PIL', 'pyqtgraph'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_lives_in_a_window_beside_others(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    canvas = Canvas(window)
    canvas.setGeometry(33, 21, 300, 300)
    window.show()
    drag(canvas, (150, 150))
    assert strokes(canvas)[0].points[0] == pytest.approx((140, 140), abs=1)

"""The page "Watch": pinned drawings, what became of their probabilities, the wall, and a slider through time.

Imports pyqtgraph: made with the training panel and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.verdict import percent
from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_SMALL, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from handwrite_app.ui.widgets.picture_grid import PictureGrid, Tile
from handwrite_app.watching.record import MOST_PINS, Pin, Record
from trainer.runs.snapshots import Snapshot

#: Okabe & Ito's, which people with any colour vision tell apart, on light and on dark.
COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
    *("#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f"),
)
_WALL_CELL, _WALL_COLUMNS = 25, 15
_PIN_CELL, _PIN_COLUMNS = 40, 4


class WatchPage(QWidget):
    """Shows a record at one snapshot.

    Signals:
        shown(): it can be seen from now on. pinRequested(): pin what is on the paper. unpinned(int): this pin
        goes. wallChosen(int): this picture of the wall is to be pinned. snapshotChosen(int or None): by its
        place; None for the newest, whichever that is. drawRequested(bool): draw with this snapshot.
    """

    shown = Signal()
    pinRequested = Signal()
    unpinned = Signal(int)
    wallChosen = Signal(int)
    snapshotChosen = Signal(object)
    drawRequested = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watchPage")
        self._theme = theme
        self._say_state: Callable[[], str] = lambda: self._words_of(None)
        self._say_problem: Callable[[], str] = str
        self.pins = PictureGrid(theme, name="pins", cell=_PIN_CELL, columns=_PIN_COLUMNS)
        self.pins.chosen.connect(self.unpinned)
        self.wall = PictureGrid(theme, name="wall", cell=_WALL_CELL, columns=_WALL_COLUMNS)
        self.wall.chosen.connect(self.wallChosen)
        self.pin_button = self._button("pinDrawing")
        self.pin_button.clicked.connect(lambda: self.pinRequested.emit())
        self.score = self._label("wallScore")
        self.state = self._label("watchState")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("watchSlider")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setPageStep(1)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.newest_button = self._button("watchNewest")
        self.newest_button.setCheckable(True)
        self.newest_button.setChecked(True)
        self.newest_button.clicked.connect(lambda: self.snapshotChosen.emit(None))
        self.draw_button = self._button("drawWith")
        self.draw_button.setCheckable(True)
        self.draw_button.toggled.connect(self.drawRequested)
        self.plot = _plot()
        self._lines = [self.plot.plot() for _ in range(MOST_PINS)]
        self._now = pg.InfiniteLine(angle=90)
        self.plot.addItem(self._now)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def show_record(self, record: Record, pins: Sequence[Pin], now: Snapshot | None) -> None:
        """now: the snapshot on show; the newest that was read, say."""
        self._show_slider(record, now)
        self.pins.set_tiles([self._pin_tile(record, pin, now) for pin in pins])
        self.wall.set_tiles(
            [
                self._wall_tile(record, picture, target, now)
                for picture, target in zip(record.wall, record.targets, strict=True)
            ]
        )
        right = None if now is None else record.right(now)
        self.score.setText(
            ""
            if right is None
            else self.tr("{right} of {count} right").format(right=right, count=len(record.wall))
        )
        for line in self._lines:
            line.setData([], [])
        for pin in pins:
            points = np.array(record.curve(pin), float).reshape(-1, 2)
            self._lines[pin.number].setData(points[:, 0], 100 * points[:, 1])
        self._now.setVisible(now is not None)
        if now is not None:
            self._now.setValue(now.epoch)
        self._say_state = lambda: self._words_of(now)
        self.state.setText(self._say_state())
        self.draw_button.setEnabled(now is not None)

    def show_problem(self, say: Callable[[], str]) -> None:
        """Why there is less to see than there might be."""
        self._say_problem = say
        self.state.setText(self._say_state())

    def show_newest(self, on: bool) -> None:
        """Whether the newest snapshot is followed."""
        self.newest_button.setChecked(on)

    def set_pinnable(self, on: bool) -> None:
        self.pin_button.setEnabled(on)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Watch it learn"))
        self.pin_button.setText(self.tr("Pin my drawing"))
        self.pin_button.setToolTip(
            self.tr("What is on the paper is read by every snapshot of the network (eight at most)")
        )
        self.newest_button.setText(self.tr("Newest"))
        self.newest_button.setToolTip(self.tr("Follow the network as it learns"))
        self.draw_button.setText(self.tr("Draw with it"))
        self.draw_button.setToolTip(
            self.tr("What you draw is also read by the network as it was then")
        )
        self.pins.setAccessibleName(self.tr("Pinned drawings"))
        self.wall.setAccessibleName(self.tr("Wall of validation pictures"))
        self.slider.setAccessibleName(self.tr("Time of the training"))
        self.plot.setTitle(
            self.tr("how sure it is of the pins, %"),
            color=self._theme.tokens.text_muted,
            size="12px",
        )
        self.state.setText(self._say_state())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def _show_slider(self, record: Record, now: Snapshot | None) -> None:
        self.slider.blockSignals(True)
        self.slider.setEnabled(len(record.snapshots) > 1)
        self.slider.setRange(0, max(0, len(record.snapshots) - 1))
        if now in record.snapshots:
            self.slider.setValue(record.snapshots.index(now))
        self.slider.blockSignals(False)

    def _pin_tile(self, record: Record, pin: Pin, now: Snapshot | None) -> Tile:
        said = None if now is None else record.said(now, pin.picture)
        words = self.tr("Click to take it off")
        if said is not None:
            words = f"{said.answer}: {percent(max(said.probabilities))}. {words}"
        return Tile(
            picture=pin.picture,
            badge="" if said is None else said.answer,
            faded=said is not None and said.answer == pin.label,
            mark=COLOURS[pin.number],
            words=words,
        )

    def _wall_tile(self, record: Record, picture: bytes, target: str, now: Snapshot | None) -> Tile:
        said = None if now is None else record.said(now, picture)
        if said is None:
            return Tile(picture=picture, words=target)
        right = said.answer == target
        words = (
            self.tr("{label}, read as it is ({percent}). Click to pin it.")
            if right
            else self.tr("{label}, read as {answer} ({percent}). Click to pin it.")
        ).format(label=target, answer=said.answer, percent=percent(max(said.probabilities)))
        return Tile(picture=picture, badge="" if right else said.answer, faded=right, words=words)

    def _words_of(self, now: Snapshot | None) -> str:
        problem = self._say_problem()
        if now is None:
            return problem or self.tr("The first snapshot comes with the first step.")
        if now.step == 0:
            words = self.tr("before the first step")
        else:
            words = self.tr("epoch {epoch} · step {step}").format(
                epoch=epoch_words(now.epoch), step=QLocale().toString(now.step)
            )
        return f"{words} · {problem}" if problem else words

    def _on_slider_moved(self, place: int) -> None:
        self.newest_button.setChecked(False)
        self.snapshotChosen.emit(place)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE // 2)
        left.addWidget(self.pins, 0, Qt.AlignmentFlag.AlignTop)
        left.addStretch(1)
        left.addWidget(self.pin_button)
        self.pins.setMinimumHeight(2 * _PIN_CELL + 2)
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self.slider, 3)
        below.addWidget(self.state, 4)
        below.addWidget(self.score, 3)
        below.addWidget(self.newest_button)
        below.addWidget(self.draw_button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.addLayout(left, 0, 0, 2, 1)
        grid.addWidget(self.plot, 0, 1)
        grid.addWidget(self.wall, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(below, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)
        left_width = self.pins.sizeHint().width()
        self.pin_button.setMinimumWidth(left_width)

    def _dress(self) -> None:
        tokens = self._theme.tokens
        self.plot.setBackground(tokens.surface)
        for number, line in enumerate(self._lines):
            line.setPen(pg.mkPen(COLOURS[number], width=1))
            line.setSymbol("o")
            line.setSymbolSize(4)
            line.setSymbolBrush(COLOURS[number])
            line.setSymbolPen(None)
        self._now.setPen(pg.mkPen(tokens.outline, width=1))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(tokens.border)
            axis.setTextPen(tokens.text_muted)
            axis.setStyle(tickFont=figures_font(SIZE_SMALL), tickLength=0)
        self.retranslate()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        quiet_click(button)
        return button

    def _label(self, name: str) -> ElidedLabel:
        label = ElidedLabel()
        label.setObjectName(name)
        label.setFont(figures_font(SIZE_SMALL))
        label.setProperty("role", "small")
        return label


def epoch_words(epoch: float) -> str:
    """2 or 0.09: so many epochs."""
    return QLocale().toString(epoch, "f", 0 if epoch == int(epoch) else 2)


def _plot() -> pg.PlotWidget:
    plot = pg.PlotWidget(background=None)
    plot.setObjectName("pinPlot")
    item = plot.getPlotItem()
    item.setMenuEnabled(False)
    # It goes with this widget, and not when Python collects it.
    item.ctrlMenu.setParent(plot, item.ctrlMenu.windowFlags())
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.showGrid(x=False, y=True, alpha=0.15)
    left = item.getAxis("left")
    left.setWidth(32)
    # 50 goes first where there is little room.
    left.setTicks([[(0, "0"), (100, "100")], [(50, "50")]])
    plot.setYRange(0, 100, padding=0.14)  # room for the numbers at its ends
    plot.setMinimumWidth(160)
    return plot

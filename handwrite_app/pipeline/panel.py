"""The strip from the drawing to the probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.explaining.drawing_view import DrawingView
from handwrite_app.explaining.image_view import ImageView
from handwrite_app.explaining.mode_panel import INNER, ModePanel, heading, small
from handwrite_app.pipeline.map_grid import MapGrid
from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.verdict import State
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.layouts import empty
from trainer.explanation.results import Pipeline
from trainer.picture.strokes import Drawing

_STAGE = 58


class PipelinePanel(ModePanel):
    """Stages in a row, each layer under it, and the bars at the end.

    Signals:
        mapChosen(maps or None): a uint8 (H, W) map is to be shown on the paper, or none.
    """

    mapChosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("pipelinePanel")
        self._theme = theme
        self._shown: tuple[Pipeline, Drawing] | None = None
        self.drawing = DrawingView(theme, _STAGE)
        self.stages = tuple(ImageView(theme, _STAGE) for _ in range(3))
        self._captions = tuple(QLabel() for _ in range(4))
        self._stages_title = heading()
        self._stages_text = small()
        self.of_run = QCheckBox()
        self.of_run.setObjectName("insideOfRun")
        self.of_run.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.of_run.hide()
        self._filters_title = heading()
        self._filters_text = small()
        self._filters = QVBoxLayout()
        self._layers_title = heading()
        self._layers_text = small()
        self._layers = QVBoxLayout()
        self._layers.setSpacing(SPACE)
        self.grids: list[MapGrid] = []
        self._bars_title = heading()
        self.bars = ProbabilityBars(theme)
        self.bars.setObjectName("insideProbabilities")
        row = QGridLayout()
        row.setHorizontalSpacing((INNER - 4 * _STAGE) // 3)
        row.setVerticalSpacing(2)
        row.setColumnStretch(4, 1)  # in a wide column they stay together
        for column, (view, caption) in enumerate(
            zip((self.drawing, *self.stages), self._captions, strict=True)
        ):
            caption.setProperty("role", "small")
            caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row.addWidget(view, 0, column)
            row.addWidget(caption, 1, column)
        self.column.addWidget(self._stages_title)
        self.column.addLayout(row)
        self.column.addWidget(self._stages_text)
        self.column.addWidget(self._filters_title)
        self.column.addWidget(self._filters_text)
        self.column.addLayout(self._filters)
        self.column.addWidget(self._layers_title)
        self.column.addWidget(self._layers_text)
        self.column.addLayout(self._layers)
        self.column.addWidget(self._bars_title)
        self.column.addWidget(self.bars)
        self.column.addStretch(1)
        self._outer.insertWidget(1, self.of_run)
        self.set_fresh(False)

    def show_pipeline(self, found: Pipeline, drawing: Drawing) -> None:
        self._shown = (found, drawing)
        self.drawing.set_drawing(drawing, found.frame if found.frame[2] > 0 else None)
        crop, box, whole = self.stages
        crop.set_image(found.crop)
        box.set_image(found.box)
        whole.set_image(found.picture, box=(found.left, found.top, found.box.shape[0]))
        self._fill(found)
        answered = found.answered
        self.bars.set_labels(answered.labels)
        state = State.NOT_A_DIGIT if answered.refused else State.SURE
        self.bars.set_probabilities(answered.probabilities, state=state)
        self.set_message("")
        self.set_fresh(True)

    def set_run(self, on: bool) -> None:
        """Whether a run is watched, whose network can be looked into."""
        self.of_run.setVisible(on)
        if not on:
            self.of_run.setChecked(False)

    def retranslate(self) -> None:
        super().retranslate()
        self.of_run.setText(self.tr("of the run that is watched"))
        self.title.setText(self.tr("Inside"))
        self._stages_title.setText(self.tr("Your drawing, made ready"))
        for caption, text in zip(
            self._captions,
            (self.tr("paper"), self.tr("cropped"), "20 × 20", "28 × 28"),
            strict=True,
        ):
            caption.setText(text)
        self._stages_text.setText(
            self.tr(
                "Cut out, shrunk so that the longer side has 20 pixels, and placed so that the centre of its "
                "ink is the centre of 28 × 28."
            )
        )
        self._filters_title.setText(self.tr("What the first layer looks for"))
        self._filters_text.setText(
            self.tr(
                "Its filters: bright is ink, dark is paper. Click one to lay what it finds on the paper."
            )
        )
        self._layers_title.setText(self.tr("What the layers find"))
        self._layers_text.setText(
            self.tr(
                "Each square is one feature map: bright where it finds its pattern. Click one to lay it "
                "on the paper."
            )
        )
        self._bars_title.setText(self.tr("The answer"))
        if self._shown is not None and not self.body.isHidden():
            self.show_pipeline(*self._shown)

    def forget(self) -> None:
        """No map is chosen any more."""
        for grid in self.grids:
            grid.forget()

    def _fill(self, found: Pipeline) -> None:
        empty(self._filters)
        empty(self._layers)
        self.grids = []
        filters = found.filters
        for widget in (self._filters_title, self._filters_text):
            widget.setVisible(filters is not None)
        if filters is not None:
            first = found.layers[0].maps if found.layers else filters[:0]
            is_same = len(first) == len(filters)
            title = self.tr("{count} filters, {rows} × {columns}")
            self._filters.addWidget(self._grid(title, filters, first if is_same else None))
        numbers: dict[str, int] = {}
        names = {
            "convolution": self.tr("Convolution {number}"),
            "block": self.tr("Residual block {number}"),
            "pooling": self.tr("Pooling {number}"),
        }
        for layer in found.layers:
            number = numbers[layer.kind] = numbers.get(layer.kind, 0) + 1
            title = self.tr("{name}: {count} maps, {rows} × {columns}").replace(
                "{name}", names[layer.kind].format(number=number)
            )
            self._layers.addWidget(self._grid(title, layer.maps, layer.maps))

    def _grid(
        self, title: str, images: NDArray[np.uint8], maps: NDArray[np.uint8] | None
    ) -> QWidget:
        """images: shown under a title that is to be filled in. maps: laid on the paper, one for each."""
        count, rows, columns = images.shape
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        fold = QPushButton(title.format(count=count, rows=rows, columns=columns))
        fold.setProperty("line", True)
        fold.setCheckable(True)
        fold.setAutoDefault(False)
        fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        fold.setToolTip(self.tr("Show all of them"))
        grid = MapGrid(images, INNER, self._theme)
        grid.setAccessibleName(fold.text())
        fold.toggled.connect(grid.set_open)
        grid.chosen.connect(lambda index, grid=grid, maps=maps: self._on_chosen(grid, maps, index))
        self.grids.append(grid)
        column.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(grid)
        return box

    def _on_chosen(self, grid: MapGrid, maps: NDArray[np.uint8] | None, index: int) -> None:
        for other in self.grids:
            if other is not grid:
                other.forget()
        self.mapChosen.emit(maps[index] if index >= 0 and maps is not None else None)

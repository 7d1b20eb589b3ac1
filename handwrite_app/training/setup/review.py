"""The right half of the training dialog: what the run would be, before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from handwrite_app.training.run_facts import clock
from handwrite_app.training.setup.fields import translated
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_SMALL, SPACE
from trainer.networks import find_network
from trainer.runs.config import TrainConfig
from trainer.runs.estimate import estimated_seconds

if TYPE_CHECKING:
    from trainer.processes.advice_messages import AdviceRefused, BatchShown, LayersShown

_ZOOM, _COLUMNS = 2, 3  # of a picture, and pairs in a row
_WIDTH = 49 * SPACE
_RESERVED = 78 * SPACE  # its height with everything in it
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Review(QFrame):
    """Summary, time, a batch as the network gets it, and the network's layers."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trainingReview")
        self.setProperty("card", True)
        self._config: TrainConfig | None = None
        self._images: int | None = None
        self._speed: tuple[str, float, str] | None = None  # network, seconds per image, run
        heading = QLabel(self.tr("Review"))
        heading.setFont(text_font(14, bold=True))
        self.summary = _words("reviewSummary")
        self.time = _words("reviewTime")
        self.time.setFont(text_font(14, bold=True))
        self.batch = QLabel()
        self.batch.setObjectName("reviewBatch")
        self.batch.setAccessibleName(self.tr("A batch of training pictures"))
        self.batch.hide()
        self.batch_words = _words("reviewBatchWords", small=True)
        self.layers = QTreeWidget()
        self.layers.setObjectName("reviewLayers")
        self.layers.setRootIsDecorated(False)
        self.layers.setUniformRowHeights(True)
        self.layers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.layers.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.layers.setFont(figures_font(SIZE_SMALL))
        self.layers.setStyleSheet(
            f"QTreeView::item {{ min-height: {scaled(20)}px; padding: 0 4px; }}"
        )
        self.layers.header().setStyleSheet("QHeaderView::section { padding: 4px; }")
        self.layers.setHeaderLabels(
            [self.tr("layer"), self.tr("output"), self.tr("parameters"), self.tr("sees")]
        )
        self.layers.headerItem().setToolTip(
            3, self.tr("Side of the square of pixels that one place of its output depends on")
        )
        for place in (1, 2, 3):
            self.layers.headerItem().setTextAlignment(place, _RIGHT)
        self.layers.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.layers.header().setStretchLastSection(False)  # or it keeps 100 pixels, and is scrolled
        self.layers.setMinimumHeight(20 * SPACE)
        self.layers.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(heading)
        column.addWidget(self.summary)
        column.addWidget(self.time)
        column.addWidget(self.batch)
        column.addWidget(self.batch_words)
        column.addWidget(self.layers, 1)
        column.addStretch(0)

    def reserve(self) -> None:
        """Keeps room for the batch and the layers, which come later."""
        side = 28 * _ZOOM - 8
        self.batch.setFixedHeight(4 * side + 3 * SPACE // 2)
        self.setMinimumHeight(scaled(_RESERVED))
        self.batch.show()
        self.layers.show()

    def set_beside(self, beside: bool) -> None:
        """Whether it stands beside the settings, or below."""
        if beside:
            self.setFixedWidth(scaled(_WIDTH))
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)

    def show_config(self, config: TrainConfig) -> None:
        self._config = config
        entry = find_network(config.network)
        number = QLocale().toString
        what = self.tr("{network}: {about}; {count} parameters").format(
            network=config.start or config.network,
            about=QCoreApplication.translate("Presets", entry.summary),
            count=number(entry.parameters),
        )
        if config.minutes:
            length = self.tr("as many epochs as fit into {minutes} min").format(
                minutes=number(config.minutes, "g", 4)
            )
        elif config.epochs == 1:
            length = self.tr("1 epoch")
        else:
            length = self.tr("{count} epochs").format(count=number(config.epochs))
        how = self.tr("{data} · {length} · batches of {size} · {optimizer}").format(
            data=_short(config.dataset),
            length=length,
            size=number(config.batch_size),
            optimizer=translated(config.optimizer),
        )
        self.summary.setText(f"{what}\n{how}")
        self._say_time()

    def show_batch(self, shown: BatchShown) -> None:
        self._images = shown.training
        self.batch.setPixmap(_pairs(shown.originals, shown.changed))
        self.batch.show()
        self.batch_words.setText(
            self.tr(
                "{training} pictures to learn from, {validation} to validate with. Each pair: as it is, and "
                "as the network gets it."
            ).format(
                training=QLocale().toString(shown.training),
                validation=QLocale().toString(shown.validation),
            )
        )
        self._say_time()

    def show_layers(self, shown: LayersShown) -> None:
        self.layers.clear()
        for layer in shown.layers:
            number = QLocale().toString
            row = QTreeWidgetItem(
                [
                    layer.kind,
                    "×".join(map(str, layer.shape)),
                    number(layer.parameters) if layer.parameters else "",
                    f"{layer.receptive_field}²" if layer.receptive_field else "",
                ]
            )
            for place in (1, 2, 3):
                row.setTextAlignment(place, _RIGHT)
            self.layers.addTopLevelItem(row)
        self.layers.show()

    def show_speed(self, network: str, seconds_per_image: float, run: str) -> None:
        self._speed = (network, seconds_per_image, run)
        self._say_time()

    def show_refused(self, refused: AdviceRefused) -> None:
        if refused.want == "batch":
            self._images = None
            self.batch.clear()
            is_said = refused.reason.code != "advice.not-here"  # at the field of data
            self.batch_words.setText("" if is_said else sentence(refused.reason))
            self._say_time()

    def _say_time(self) -> None:
        config, speed = self._config, self._speed
        if config is None:
            return
        if config.minutes:
            self.time.setText(self.tr("Time: {time}").format(time=clock(60 * config.minutes)))
            return
        if speed is None or speed[0] != config.network or self._images is None:
            self.time.setText("")
            return
        seconds = estimated_seconds(config, training=self._images, seconds_per_image=speed[1])
        words = (
            self.tr("About {time}, as fast as the last run of it")
            if speed[2]
            else self.tr("About {time}, by a short measurement")
        )
        self.time.setText(words.format(time=clock(seconds)))


def _words(name: str, *, small: bool = False) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if small:
        label.setProperty("role", "small")
    return label


def _short(dataset: str) -> str:
    """Data without the folders that files lie in."""
    parts = []
    for term in dataset.split("+"):
        kind, colon, path = term.partition(":")
        parts.append(f"{kind}{colon}{path.replace(chr(92), '/').rpartition('/')[2]}")
    return " + ".join(part for part in parts if part)


def _pairs(originals: np.ndarray, changed: np.ndarray) -> QPixmap:
    """uint8 (N, 28, 28) each: pairs in rows, white on black as the network gets them."""
    side, gap = 28 * _ZOOM - 8, SPACE
    cell = 2 * side + 2
    rows = -(-len(originals) // _COLUMNS)
    picture = QPixmap(_COLUMNS * cell + (_COLUMNS - 1) * gap, rows * side + (rows - 1) * gap // 2)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    for i, pair in enumerate(zip(originals, changed, strict=True)):
        row, column = divmod(i, _COLUMNS)
        for place, image in enumerate(pair):
            data = np.ascontiguousarray(image)
            shown = QImage(data.data, 28, 28, 28, QImage.Format.Format_Grayscale8)
            painter.drawImage(
                column * (cell + gap) + place * (side + 2),
                row * (side + gap // 2),
                shown.scaled(side, side),
            )
    painter.end()
    return picture

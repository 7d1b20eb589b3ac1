"""One bar for every label, in a fixed order: how probable the network holds each. Of many labels, the most
probable."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from handwrite_app.reading.verdict import State, exact_percent, percent
from handwrite_app.ui.theme import Theme, figures_font, scaled
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

GLIDE_MS = 120
#: Up to this many labels have a row each with their percent; of more the most probable have, the first one
#: above, in rows that are higher.
MAX_ROWS = 12
TOP_ROWS = 5
#: Nothing is drawn below half a percent: ten times "0 %" would hide what matters. Hovering tells.
WORTH_A_NUMBER = 0.005
ROW_HEIGHT = 20
#: Opacity of bars that are no answer.
_FADED = 0.4


class ProbabilityBars(QWidget):
    """Bars that glide to their new lengths, and percents that are right at once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilities")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self._target: tuple[float, ...] | None = None
        self._from: list[float] = []
        self._shown: list[float] = []
        self._state = State.EMPTY
        self._row_height = 0  # ROW_HEIGHT, in the application's scale
        self._is_mirrored = False
        self._is_labelled = True
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide_value_changed)
        theme.changed.connect(self._on_theme_changed)
        self.set_labels([str(digit) for digit in range(10)])
        self._retranslate()

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    @property
    def probabilities(self) -> tuple[float, ...] | None:
        """What was last set, wherever the bars are on their way; None where nothing is read."""
        return self._target

    @property
    def winner(self) -> int | None:
        """Index of the most probable label, the first of equals."""
        if not self._target:
            return None
        return max(range(len(self._target)), key=self._target.__getitem__)

    def set_labels(self, labels: Sequence[str]) -> None:
        """Other labels; the bars are empty afterwards. The same labels change nothing."""
        if tuple(labels) == self._labels:
            return
        self._labels = tuple(labels)
        self._target = None
        self._shown = [0.0] * len(self._labels)
        self._state = State.EMPTY
        self._glide.stop()
        self._describe()
        self.updateGeometry()
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def set_probabilities(
        self, probabilities: Sequence[float] | None, *, state: State = State.SURE
    ) -> None:
        """One number in 0…1 for each label, or None to empty the bars.

        state: the winner is amber where UNSURE, else in the accent; where NOT_A_DIGIT all of it is faded.
        Raises ValueError where the count is not that of the labels or a number is not finite.
        """
        if probabilities is not None:
            target = tuple(float(p) for p in probabilities)
            if len(target) != len(self._labels):
                raise ValueError(f"{len(self._labels)} labels, but {len(target)} probabilities")
            if not all(math.isfinite(p) for p in target):
                raise ValueError("a probability is not finite")
            self._target = tuple(min(1.0, max(0.0, p)) for p in target)
        else:
            self._target = None
        self._state = state if self._target is not None else State.EMPTY
        self._describe()
        self._retarget()

    def set_row_height(self, height: int) -> None:
        """Height of one row in device-independent pixels, at least 16."""
        self._row_height = max(16, height)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def set_mirrored(self, on: bool) -> None:
        """Whether bars grow from the right to the left."""
        self._is_mirrored = on
        self.update()

    @property
    def row_height(self) -> int:
        """In device-independent pixels."""
        return self._row_height or scaled(ROW_HEIGHT)

    def set_labelled(self, on: bool) -> None:
        """Whether the labels stand beside their bars, or elsewhere."""
        self._is_labelled = on
        self.update()

    def sizeHint(self) -> QSize:
        if len(self._labels) <= MAX_ROWS:
            return QSize(256, self.row_height * max(1, len(self._labels)))
        return QSize(256, self._height_of_row() * TOP_ROWS)

    def minimumSizeHint(self) -> QSize:
        return QSize(160 if self._is_labelled else 96, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(QPointF(event.pos()))
            if index is None or self._target is None:
                QToolTip.hideText()
                event.ignore()
            else:
                text = f"{self._labels[index]}: {exact_percent(self._target[index])}"
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state is State.NOT_A_DIGIT:
            painter.setOpacity(_FADED)
        self._paint_rows(painter)
        painter.end()

    def _paint_rows(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        text, muted = QColor(tokens.text), QColor(tokens.text_muted)
        track, other = QColor(tokens.track), QColor(tokens.outline)
        winner, winner_colour = self.winner, self._winner_colour()
        font = figures_font(SIZE_TEXT)
        metrics = QFontMetricsF(font)
        rows = self._rows()
        names = self._labels if len(self._labels) <= MAX_ROWS else [self._labels[i] for i in rows]
        label_width = (
            max((metrics.horizontalAdvance(label) for label in names), default=0.0) + 1.5 * SPACE
            if self._is_labelled
            else 0.0
        )
        percent_width = metrics.horizontalAdvance(percent(1.0)) + 1.5 * SPACE
        length = max(0.0, self.width() - label_width - percent_width)
        height = self._height_of_row()
        thickness = max(6.0, height - 12.0)
        align = Qt.AlignmentFlag
        figures = align.AlignLeft if self._is_mirrored else align.AlignRight
        painter.setFont(font)
        for row, i in enumerate(rows):
            label, top = self._labels[i], row * height
            wins = i == winner
            painter.setPen(Qt.PenStyle.NoPen)
            track_rect = QRectF(label_width, top + (height - thickness) / 2, length, thickness)
            painter.setBrush(track)
            painter.drawRoundedRect(self._placed(track_rect), 2, 2)
            if self._shown[i] >= WORTH_A_NUMBER:
                track_rect.setWidth(max(2.0, self._shown[i] * length))
                painter.setBrush(winner_colour if wins else other)
                painter.drawRoundedRect(self._placed(track_rect), 2, 2)
            painter.setPen(text if wins else muted)
            if self._is_labelled:
                painter.drawText(
                    self._placed(QRectF(0, top, label_width - 1.5 * SPACE, height)),
                    align.AlignCenter,
                    label,
                )
            if self._target is not None and self._target[i] >= WORTH_A_NUMBER:
                rest = QRectF(label_width + length, top, percent_width, height)
                painter.drawText(
                    self._placed(rest), figures | align.AlignVCenter, percent(self._target[i])
                )

    def _placed(self, rect: QRectF) -> QRectF:
        """A rectangle measured from the side where the labels stand."""
        if not self._is_mirrored:
            return rect
        return QRectF(self.width() - rect.right(), rect.top(), rect.width(), rect.height())

    def _rows(self) -> list[int]:
        """Indices of the labels that have a row, from the top; none of many where nothing is read."""
        count = len(self._labels)
        if count <= MAX_ROWS:
            return list(range(count))
        target = self._target
        if target is None:
            return []
        return sorted(range(count), key=lambda i: -target[i])[:TOP_ROWS]

    def _height_of_row(self) -> int:
        few = len(self._labels) <= MAX_ROWS
        return self.row_height if few else self.row_height * 3 // 2

    def _index_at(self, position: QPointF) -> int | None:
        row = int(position.y() // self._height_of_row())
        rows = self._rows()
        return rows[row] if 0 <= row < len(rows) else None

    def _winner_colour(self) -> QColor:
        tokens = self._theme.tokens
        if self._state is State.UNSURE:
            return QColor(tokens.amber)
        if self._state is State.NOT_A_DIGIT:
            return QColor(tokens.text_muted)
        return QColor(tokens.accent)

    def _retarget(self) -> None:
        """Glide from wherever the bars are now. Nothing waits for the glide to end."""
        goal = list(self._target) if self._target is not None else [0.0] * len(self._labels)
        self._glide.stop()
        if self._theme.reduced_motion or not self.isVisible() or goal == self._shown:
            self._shown = goal
        else:
            self._from = self._shown
            self._glide.start()
        self.update()

    def _describe(self) -> None:
        """The five most probable in words: custom painting tells a screen reader nothing."""
        if self._target is None:
            self.setAccessibleDescription(self.tr("No reading"))
            return
        order = sorted(range(len(self._target)), key=lambda i: -self._target[i])  # type: ignore[index]
        words = [f"{self._labels[i]}: {percent(self._target[i])}" for i in order[:5]]
        self.setAccessibleDescription(", ".join(words))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Probabilities"))
        self._describe()
        self.update()  # the percents

    def _on_glide_value_changed(self, value: float) -> None:
        goal = self._target if self._target is not None else [0.0] * len(self._labels)
        self._shown = [a + (b - a) * value for a, b in zip(self._from, goal, strict=True)]
        self.update()

    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self.sizeHint().height())  # in another scale
        self.update()

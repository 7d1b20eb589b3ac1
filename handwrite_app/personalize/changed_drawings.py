"""Drawings that two networks read differently, as small pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QSizePolicy

from handwrite_app.canvas.ink.thumbnails import thumbnail
from handwrite_app.labelling.label_actions import in_words
from handwrite_app.ui.theme import Theme, figures_font, scaled
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE
from trainer.base.labels import NO_LABEL
from trainer.personalize.events import Reread
from trainer.picture.strokes import Drawing

_PICTURE = 48
_LINES = 2  # that are shown without scrolling


class ChangedDrawings(QListWidget):
    """Drawings that read differently now, each as a small picture with the answers before and after."""

    def __init__(
        self,
        changed: Sequence[Reread],
        labels: Sequence[str],
        theme: Theme,
        *,
        fixed: bool,
        width: int,
    ) -> None:
        """changed: see PersonalizationFinished; fixed: which of its lists. width: of a line, in pixels."""
        super().__init__()
        self._changed, self._labels, self._theme, self._fixed = changed, labels, theme, fixed
        self._drawings: Mapping[int, Drawing] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setUniformItemSizes(True)
        self._side = scaled(_PICTURE)
        cell = QSize(self._side + scaled(3 * SPACE), self._side + scaled(4 * SPACE))
        self.setIconSize(QSize(self._side, self._side))
        self.setGridSize(cell)
        self.setFont(figures_font(SIZE_TEXT))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        columns = max(1, (width - 2 * SPACE) // cell.width())
        lines = min(_LINES, -(-len(changed) // columns))
        self.setMinimumHeight(cell.height() + SPACE)
        self.setMaximumHeight(lines * cell.height() + SPACE)
        for one in changed:
            item = QListWidgetItem(self)
            item.setData(Qt.ItemDataRole.UserRole, one.drawing)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.repaint_drawings()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def show_drawings(self, drawings: Mapping[int, Drawing]) -> None:
        """By their ids; one may have been deleted meanwhile."""
        self._drawings = drawings
        self.repaint_drawings()

    def repaint_drawings(self) -> None:
        """In the theme's colours, on a piece of paper each."""
        tokens, ratio = self._theme.tokens, self.devicePixelRatioF()
        side = round(self._side * ratio)
        for row, one in enumerate(self._changed):
            picture = QPixmap(side, side)
            picture.fill(QColor(tokens.paper))
            drawing = self._drawings.get(one.drawing)
            if drawing is not None:
                with QPainter(picture) as painter:
                    painter.drawImage(0, 0, thumbnail(drawing, side, QColor(tokens.ink)))
            picture.setDevicePixelRatio(ratio)
            self.item(row).setIcon(QIcon(picture))

    def retranslate(self) -> None:
        for row, one in enumerate(self._changed):
            item = self.item(row)
            said, label = one.after or NO_LABEL, one.label  # a network that refuses says NO_LABEL
            # Measured before it learned from this drawing: the final network may answer otherwise.
            seen_otherwise = (said == label) is not self._fixed
            unknown = seen_otherwise and not self._fixed
            item.setText(f"{_short(one.before)} → {'?' if unknown else _short(one.after)}")
            words = self.tr("This is {label}. Before: {before}. Now: {after}.")
            if unknown:
                words = self.tr(
                    "This is {label}. Before: {before}. Now: wrong while it had not learned from this "
                    "drawing; after it did, {after}."
                )
            elif seen_otherwise:
                words = self.tr(
                    "This is {label}. Before: {before}. Now: right even while it had not learned from this "
                    "drawing; after it did, {after}."
                )
            text = words.format(
                label=in_words(label, self._labels),
                before=in_words(one.before or NO_LABEL, self._labels),
                after=in_words(said, self._labels),
            )
            item.setToolTip(text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)


def _short(said: str | None) -> str:
    """For the little room under a picture: the words are in its tooltip."""
    return "–" if said in (None, NO_LABEL) else str(said)

"""Paints one cell of the gallery and describes it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QCoreApplication,
    QDateTime,
    QLineF,
    QLocale,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from handwrite_app.gallery.model import Cell
from handwrite_app.labelling.label_actions import DIGITS, in_words
from handwrite_app.labelling.label_row import NONE_SIGN
from handwrite_app.labelling.writers import shown_writer
from handwrite_app.reading.verdict import percent
from handwrite_app.ui.theme import figures_font, text_font
from handwrite_app.ui.tokens import LIGHT, SIZE_SMALL, SIZE_TEXT, SPACE, Tokens
from trainer.base.labels import NO_LABEL

if TYPE_CHECKING:
    from trainer.drawings import Entry

#: Side of a picture, and what a cell takes at least, in device-independent pixels.
PICTURE = 72
CELL = QSize(PICTURE + 2 * SPACE, PICTURE + 4 * SPACE)
_LINE = 20  # height of the label's line
_MOST_FRAMES = 500  # of those that are remembered
_CROSS = 3.0  # from the middle of the cross to its end, across


def translate(text: str) -> str:
    return QCoreApplication.translate("Gallery", text)


class _Words(NamedTuple):
    """label: "" where it is not known yet. said: what the network said, where that was wrong."""

    label: str
    said: str | None


class CellPainter:
    """Paints cells in the theme's colours.

    Paper and words are the same for many drawings: they are painted once for each label and what was said,
    and the ink is put over them.
    """

    def __init__(self) -> None:
        self.labels: tuple[str, ...] = DIGITS
        self._frames: dict[_Words, QPixmap] = {}
        self.dress(LIGHT, 1.0)

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """Those that the network knows."""
        self.labels = labels
        self._frames.clear()

    def dress(self, tokens: Tokens, ratio: float) -> None:
        """ratio: device pixels to a pixel."""
        self._tokens, self._ratio = tokens, ratio
        self._frames.clear()
        self._label_font = figures_font(SIZE_TEXT, bold=True)
        self._said_font = text_font(SIZE_SMALL, bold=True)
        self._label_metrics = QFontMetrics(self._label_font)
        self._said_metrics = QFontMetrics(self._said_font)

    def paint(
        self, painter: QPainter, rect: QRect, cell: Cell | None, chosen: bool, current: bool
    ) -> None:
        """cell: None where it is not known yet. current: where the keys are."""
        if chosen or current:
            # Only what is selected has the accent: the place of the keys is a thin line.
            color = self._tokens.accent if chosen else self._tokens.outline
            ring = QPen(QColor(color), 2 if chosen else 1)
            if not current:
                ring = QPen(Qt.PenStyle.NoPen)
            painter.setPen(ring)
            painter.setBrush(
                QColor(self._tokens.accent_soft) if chosen else QColor(Qt.GlobalColor.transparent)
            )
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -2, -2), 6, 6)
        entry = None if cell is None else cell.entry
        left, top = rect.left() + (rect.width() - PICTURE) // 2, rect.top() + 6
        painter.drawPixmap(left, top, self._frame(entry))
        if entry is None or cell is None:
            return
        if cell.image is not None:
            painter.drawImage(QRect(left, top, PICTURE, PICTURE), cell.image)
        else:
            painter.setPen(QColor(self._tokens.text_muted))
            painter.setFont(self._label_font)
            paper = QRect(left, top, PICTURE, PICTURE)
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, "?")

    def _frame(self, entry: Entry | None) -> QPixmap:
        """The paper and, where the drawing is known, the words under it."""
        words = _Words("", None)
        if entry is not None:
            words = _Words(entry.label, self._said(entry) if entry.right is False else None)
        frame = self._frames.get(words)
        if frame is None:
            if len(self._frames) >= _MOST_FRAMES:
                self._frames.clear()
            frame = self._frames[words] = self._painted_frame(words)
        return frame

    def _painted_frame(self, words: _Words) -> QPixmap:
        tokens, wrong = self._tokens, words.said is not None
        frame = QPixmap(QSize(PICTURE, PICTURE + _LINE + 2) * self._ratio)
        frame.setDevicePixelRatio(self._ratio)
        frame.fill(Qt.GlobalColor.transparent)
        with QPainter(frame) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(
                QPen(QColor(tokens.amber), 2) if wrong else QPen(QColor(tokens.border), 1)
            )
            painter.setBrush(QColor(tokens.paper))
            edge = 1.0 if wrong else 0.5
            paper = QRectF(0, 0, PICTURE, PICTURE).adjusted(edge, edge, -edge, -edge)
            painter.drawRoundedRect(paper, 4, 4)
            if words.label:
                self._paint_words(painter, QRect(0, PICTURE + 1, PICTURE, _LINE), words)
        return frame

    def _paint_words(self, painter: QPainter, line: QRect, words: _Words) -> None:
        """The label; where the network was wrong, a cross and what it said at the other end."""
        label = NONE_SIGN if words.label == NO_LABEL else words.label
        wrong = words.said is not None
        room = line.width() // 2 if wrong else line.width()
        short = self._label_metrics.horizontalAdvance(label) <= room
        font, metrics = (
            (self._label_font, self._label_metrics)
            if short
            else (self._said_font, self._said_metrics)
        )
        painter.setPen(QColor(self._tokens.text))
        painter.setFont(font)
        shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
        side = Qt.AlignmentFlag.AlignLeft if wrong else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | side, shown)
        if words.said is None:
            return
        said = self._said_metrics.elidedText(
            words.said, Qt.TextElideMode.ElideRight, line.width() // 2 - 2 * SPACE
        )
        painter.setPen(QPen(QColor(self._tokens.amber), 2, c=Qt.PenCapStyle.RoundCap))
        width = self._said_metrics.horizontalAdvance(said)
        middle = QPointF(line.right() - width - _CROSS - SPACE / 2 - 1, line.center().y() + 0.5)
        for way in (_CROSS, -_CROSS):
            painter.drawLine(QLineF(middle - QPointF(_CROSS, way), middle + QPointF(_CROSS, way)))
        painter.setFont(self._said_font)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)

    def _said(self, entry: Entry) -> str:
        """What the network answered."""
        said = entry.said
        if said is None or (said.label is None and not said.refused):
            return ""
        return NONE_SIGN if said.refused else in_words(said.label or "", self.labels)

    def summary(self, entry: Entry) -> str:
        """In few words, for who hears it."""
        label = in_words(entry.label, self.labels)
        if entry.right is not False:
            return label
        if entry.said is not None and entry.said.refused:
            return translate("{label}, refused").format(label=label)
        return translate("{label}, read as {said}").format(label=label, said=self._said(entry))

    def details(self, entry: Entry) -> str:
        """All that is known, a line each."""
        locale = QLocale()
        moment = QDateTime.fromSecsSinceEpoch(int(entry.created.timestamp()))
        when = locale.toString(moment, QLocale.FormatType.ShortFormat)
        writer = shown_writer(entry.writer.name)
        lines = [
            translate("Label: {label}").format(label=in_words(entry.label, self.labels)),
            translate("Writer: {writer}").format(writer=writer),
            translate("Drawn: {when}").format(when=when),
        ]
        if (device := device_words(entry.device)) is not None:
            lines.append(translate("With: {device}").format(device=device))
        lines += self._reading(entry)
        return "\n".join(lines)

    def _reading(self, entry: Entry) -> list[str]:
        said = entry.said
        if said is None:
            return [translate("No network has read it.")]
        if said.refused:
            words = translate("Reading: not a digit")
        elif said.label is None:
            words = translate("Reading: no answer")
        elif said.probability is None:
            words = translate("Reading: {label}").format(label=in_words(said.label, self.labels))
        else:
            words = translate("Reading: {label}, certainty {percent}").format(
                label=in_words(said.label, self.labels),
                percent=percent(said.probability),
            )
        lines = [words]
        if entry.weights is not None:
            lines.append(translate("Network: {name}").format(name=entry.weights.name))
        return lines


def device_words(device: str) -> str | None:
    """None where it is not known what it was drawn with."""
    words = {
        "mouse": translate("mouse"),
        "pen": translate("pen"),
        "touch": translate("finger"),
    }
    return words.get(device)

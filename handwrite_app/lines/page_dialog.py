"""A photographed page with a frame around each character, and its text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QImageReader,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QToolTip, QWidget

from handwrite_app.lines.verdict import is_unsure
from handwrite_app.reading.verdict import percent
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import Theme, figures_font, scaled
from handwrite_app.ui.tokens import SIZE_SMALL, SIZE_TITLE, SPACE
from trainer.segmentation.reading import Character, Line

_MOST_PIXELS = 1600  # a side of the image that is shown


def decoded(path: Path, page: int = 0) -> QImage:
    """The image in a file, as large as it is shown; null where it cannot be read. Takes its time.

    page: of a file that has several, from 0.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.jumpToImage(page)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _MOST_PIXELS:
        size.scale(_MOST_PIXELS, _MOST_PIXELS, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size)
    return reader.read()


class PageView(QWidget):
    """The image once it is decoded, and what was read over it. A tooltip says how sure a character is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageView")
        self._theme = theme
        self._size = QSize()
        self._characters: tuple[Character, ...] = ()
        self._pixmap = QPixmap()
        self._is_waiting = True
        self.setMinimumSize(240, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage) -> None:
        """Null: it cannot be shown."""
        self._pixmap = QPixmap.fromImage(image)
        self._is_waiting = False
        self.update()

    def show_characters(self, lines: tuple[Line, ...], size: QSize) -> None:
        """size: of the image in which the boxes lie."""
        self._characters = tuple(one for line in lines for one in line.characters)
        self._size = size
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        place = self._place()
        with QPainter(self) as painter:
            if self._pixmap.isNull():
                self._paint_empty(painter)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for one in self._characters:
                frame = self._frame(one, place)
                colour = QColor(tokens.amber if is_unsure(one) else tokens.accent)
                painter.setPen(QPen(colour, 1.5))
                painter.drawRoundedRect(frame, 4, 4)
                painter.setFont(figures_font(SIZE_SMALL))
                painter.drawText(frame.topLeft() + QPoint(0, -2), "?" if one.refused else one.label)

    def _paint_empty(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.outline), 1.0))
        painter.setBrush(QColor(tokens.paper))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(QColor(tokens.text_muted))
        words = (
            self.tr("Opening the picture…")
            if self._is_waiting
            else self.tr("This picture cannot be shown here.")
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place()
            for one in self._characters:
                if self._frame(one, place).contains(event.pos().toPointF()):
                    text = self.tr("{label}, {percent}")
                    said = text.format(label=one.label, percent=percent(one.probability))
                    QToolTip.showText(event.globalPos(), said, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def _place(self) -> QRectF:
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def _frame(self, one: Character, place: QRectF) -> QRectF:
        scale = place.width() / max(self._size.width(), 1)
        x, y, width, height = one.box
        frame = QRectF(x * scale, y * scale, width * scale, height * scale)
        return frame.translated(place.topLeft()).adjusted(-3, -3, 3, 3)


class PageDialog(Dialog):
    """Opens at once and says that it reads; `view.show_image` and `show_lines` bring the rest."""

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="pageDialog", size=QSize(960, 560))
        self.setWindowTitle(self.tr("A page of writing"))
        self.view = PageView(theme)
        self.view.setAccessibleName(self.tr("The page, with a frame around each character"))
        self.text = QPlainTextEdit()
        self.text.setObjectName("pageText")
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("What was read"))
        self.text.setFont(figures_font(SIZE_TITLE))
        self.text.setFixedWidth(scaled(280))
        self.summary = QLabel(self.tr("Reading {name}…").format(name=path.name))
        self.summary.setObjectName("pageSummary")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self.view, 1)
        row.addWidget(self.text)
        self.column.addLayout(row, 1)
        self.column.addWidget(self.summary)
        self.copy = self.add_button(self.tr("Copy the text"), self._on_copy, name="copyPageText")
        self.copy.setEnabled(False)
        self.add_button(
            self.tr("Close"), self.reject, name="closePage", role=Role.RejectRole, default=True
        )

    def show_lines(self, lines: tuple[Line, ...], size: QSize) -> None:
        """size: of the image in which the characters' boxes lie."""
        characters = [one for line in lines for one in line.characters]
        unsure = sum(map(is_unsure, characters))
        self.view.show_characters(lines, size)
        self.text.setPlainText("\n".join(line.text + line.answer for line in lines))
        self.copy.setEnabled(bool(characters))
        if not characters:
            self.summary.setText(self.tr("No writing was found on this page."))
            return
        words = (
            self.tr("Characters: {count}, lines: {lines}, unsure characters: {unsure}")
            if unsure
            else self.tr("Characters: {count}, lines: {lines}")
        )
        number = QLocale().toString
        self.summary.setText(
            words.format(
                count=number(len(characters)), lines=number(len(lines)), unsure=number(unsure)
            )
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

"""Small widgets shared by several windows."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetricsF,
    QIcon,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from handwrite_app.ui.icons import ICON_SIZE, bind_icon
from handwrite_app.ui.theme import Theme, scaled
from handwrite_app.ui.tokens import SPACE, TARGET

_SMALL_ICON = 20
_CHEVRON = 7


class ElidedLabel(QLabel):
    """One line of text, elided with … where it does not fit, and then with all of it as tooltip.

    ``text()`` is the visible text, ``full_text`` the one that was set.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._full_text = text
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)  # names come from people and from files
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def full_text(self) -> str:
        return self._full_text

    def setText(self, text: str) -> None:
        if text != self._full_text:  # some are set with every answer
            self._full_text = text
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room = max(0, self.contentsRect().width())
        shown = self.fontMetrics().elidedText(self._full_text, self._elide, room)
        super().setText(shown)
        self.setToolTip(self._full_text if shown != self._full_text else "")
        self.setAccessibleName(self._full_text)


class Chip(QLabel):
    """A short remark on a pale background, such as "too thin"."""

    def __init__(self, text: str, parent: QWidget | None = None, *, gloss: str = "") -> None:
        super().__init__(text, parent)
        self.setProperty("chip", True)
        self.setToolTip(gloss)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class IconButton(QToolButton):
    """A button of the tool row: an icon, 40 px or more, with its name as tooltip."""

    def __init__(
        self,
        name: str,
        text: str,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        action: QAction | None = None,
    ) -> None:
        """name: the icon's. text: tooltip and accessible name; default: the action's."""
        super().__init__(parent)
        if action is not None:
            self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._fit()
        theme.changed.connect(self._fit)
        if text:
            self.setText(text)
            self.setToolTip(text)
            self.setAccessibleName(text)
        if action is None:
            bind_icon(self, name, theme)
        elif action.icon().isNull():  # another button or a menu may have bound it already
            bind_icon(action, name, theme)

    def _fit(self) -> None:
        self.setIconSize(QSize(scaled(ICON_SIZE), scaled(ICON_SIZE)))
        self.setFixedSize(scaled(TARGET), scaled(TARGET))


class MenuButton(QToolButton):
    """An icon, a short text and a chevron: opens a menu of choices (the network, the device)."""

    def __init__(
        self,
        name: str,
        text: str,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        menu: QMenu | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setText(text)
        if menu is not None:
            self.setMenu(menu)
        bind_icon(self, name, theme, size=_SMALL_ICON)

    def sizeHint(self) -> QSize:
        words = math.ceil(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 1
        width = 4 * SPACE + scaled(_SMALL_ICON) + words + scaled(_CHEVRON) + SPACE // 2
        return QSize(width, scaled(TARGET))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(scaled(12 * SPACE), self.sizeHint().width()), scaled(TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt puts icon and text closer together than the grid, and the chevron into a corner."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        enabled = self.isEnabled()
        self._paint_ground(painter)
        middle = self.height() // 2
        mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
        icon, chevron = scaled(_SMALL_ICON), scaled(_CHEVRON)
        self.icon().paint(painter, QRect(SPACE, middle - icon // 2, icon, icon), mode=mode)
        left = 2 * SPACE + icon
        room = self.width() - left - 2 * SPACE - chevron - SPACE // 2
        painter.setPen(QColor(tokens.text if enabled else tokens.disabled))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        pen = QPen(QColor(tokens.text_muted if enabled else tokens.disabled), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        x, y, arm = self.width() - SPACE - SPACE // 2 - chevron, middle + 0.5, chevron / 2
        painter.drawPolyline(
            [
                QPointF(x, y - arm / 2),
                QPointF(x + arm, y + arm / 2),
                QPointF(x + chevron, y - arm / 2),
            ]
        )
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        """As the style sheet paints other buttons; importing QStyle would cost 8 ms at start."""
        tokens = self._theme.tokens
        ground = QColor(0, 0, 0, 0)
        if self.isDown():
            ground = QColor(tokens.pressed)
        elif self.isEnabled() and self.underMouse():
            ground = QColor(tokens.hover)
        ring = QColor(tokens.accent) if self.hasFocus() else ground
        painter.setPen(QPen(ring, 2))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)

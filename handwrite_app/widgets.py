"""Small widgets that several windows share."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from handwrite_app.icons import ICON_SIZE, bind_icon
from handwrite_app.theme import SPACE, TARGET, Theme


class ElidedLabel(QLabel):
    """One line of text that ends in … where it does not fit, and then shows all of it on hover.

    ``text()`` is what is shown, ``full_text`` what was set.
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
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def full_text(self) -> str:
        return self._full_text

    def setText(self, text: str) -> None:
        self._full_text = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full_text, self._elide, max(0, self.width()))
        super().setText(shown)
        self.setToolTip(self._full_text if shown != self._full_text else "")
        self.setAccessibleName(self._full_text)


class Chip(QLabel):
    """A short remark on a pale ground, such as "too thin"."""

    def __init__(self, text: str, parent: QWidget | None = None, *, gloss: str = "") -> None:
        super().__init__(text, parent)
        self.setProperty("chip", True)
        self.setToolTip(gloss)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class IconButton(QToolButton):
    """A button of the tool row: one icon, 40 px or more, with its name on hover."""

    def __init__(
        self,
        name: str,
        text: str,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        action: QAction | None = None,
    ) -> None:
        """name: the icon's. text: spoken and shown on hover. action: what it triggers."""
        super().__init__(parent)
        if action is not None:
            self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.setMinimumSize(TARGET, TARGET)
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)
        bind_icon(action if action is not None else self, name, theme)


class MenuButton(QToolButton):
    """An icon, a few words and a chevron: opens a menu to choose from (the network, the device)."""

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
        self.setProperty("menuButton", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(20, 20))
        self.setMinimumHeight(TARGET)
        self.setText(text)
        if menu is not None:
            self.setMenu(menu)
        bind_icon(self, name, theme, size=20)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tokens.text_muted if self.isEnabled() else tokens.disabled
        painter.setPen(
            QPen(QColor(colour), 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        )
        centre = QPointF(self.width() - 2 * SPACE, self.height() / 2 + 0.5)
        arm = 3.5
        painter.drawPolyline(
            [
                centre + QPointF(-arm, -arm / 2),
                centre + QPointF(0, arm / 2),
                centre + QPointF(arm, -arm / 2),
            ]
        )
        painter.end()

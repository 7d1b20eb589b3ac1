"""Line icons in the colours of the theme, sharp on every connected screen."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPixmap

from handwrite_app.ui.resources import resource_path
from handwrite_app.ui.theme import scaled

if TYPE_CHECKING:
    from handwrite_app.ui.theme import Theme
    from handwrite_app.ui.tokens import Tokens

ICON_SIZE = 24
#: An action's icon is shown in menus too, where the style sheet sets this size.
MENU_ICON_SIZE = 20

#: The files of resources/icons that ``icon`` knows.
NAMES = (
    "characters",
    "check",
    "chip",
    "clear",
    "copy",
    "eraser",
    "info",
    "layers",
    "open",
    "pen",
    "play",
    "question",
    "redo",
    "save",
    "settings",
    "stop",
    "train",
    "undo",
    "warning",
)


class HasIcon(Protocol):
    """A QAction or a button."""

    def setIcon(self, icon: QIcon, /) -> None: ...


def icon(name: str, tokens: Tokens, *, size: int = ICON_SIZE, colour: str = "text") -> QIcon:
    """An icon of size × size device-independent pixels, paler where its owner is disabled.

    colour: which of the tokens it is drawn in. Raises ValueError on an unknown name.
    """
    if name not in NAMES:
        raise ValueError(f"unknown icon {name!r}: choose one of {', '.join(NAMES)}")
    result = QIcon()
    for side, ratio in product({size, min(size, MENU_ICON_SIZE)}, _ratios()):
        stencil = _stencil(name, round(side * ratio))
        for mode, token in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, "disabled")):
            pixmap = _tinted(stencil, getattr(tokens, token))
            pixmap.setDevicePixelRatio(ratio)
            result.addPixmap(pixmap, mode)
            if mode is QIcon.Mode.Normal:  # or Fusion would tint it where it is selected in a menu
                result.addPixmap(pixmap, QIcon.Mode.Selected)
    return result


def bind_icon(
    owner: QObject, name: str, theme: Theme, *, size: int = ICON_SIZE, colour: str = "text"
) -> None:
    """Give an action or a button its icon, now and whenever the theme changes, as long as it lives.

    Raises ValueError on an unknown name.
    """
    _Binding(owner, name, theme, size, colour)


def app_icon() -> QIcon:
    """The application's icon, an SVG that Qt draws at any size."""
    return QIcon(str(resource_path("icons", "app.svg")))


class _Binding(QObject):
    """A child of the owner, so that the connection to the theme ends with it."""

    def __init__(self, owner: QObject, name: str, theme: Theme, size: int, colour: str) -> None:
        super().__init__(owner)
        self._name = name
        self._theme = theme
        self._size = size
        self._colour = colour
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        owner: HasIcon = self.parent()  # type: ignore[assignment]
        size = scaled(self._size)
        owner.setIcon(icon(self._name, self._theme.tokens, size=size, colour=self._colour))


def _ratios() -> list[float]:
    """The scales of the screens, lowest first. The theme changes when a screen is added."""
    return sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()})


@cache
def _stencil(name: str, side: int) -> QImage:
    """The icon in black on nothing, side × side device pixels."""
    from PySide6.QtSvg import QSvgRenderer

    source = resource_path("icons", f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", b"#000000")))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


def _tinted(stencil: QImage, colour: str) -> QPixmap:
    image = QImage(stencil)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), QColor(colour))
    painter.end()
    return QPixmap.fromImage(image)

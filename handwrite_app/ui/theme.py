"""The theme: light, dark or the system's, applied to the application; and its fonts."""

from __future__ import annotations

import os
from typing import Literal

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from handwrite_app.ui.style import palette, style_sheet
from handwrite_app.ui.tokens import DARK, LIGHT, SIZE_TEXT, Tokens, contrasting

Mode = Literal["system", "light", "dark"]
MODES: tuple[Mode, ...] = ("system", "light", "dark")

#: Set to anything but 0 for no animations.
REDUCED_MOTION_VARIABLE = "HANDWRITE_REDUCED_MOTION"

#: The sizes of type and controls, in multiples of those in tokens: 1, and more on a large screen without a
#: scale of its own. One number for the application, as its style sheet is one.
_scale = 1.0
#: What the application is dressed in.
_current = LIGHT

_STYLE = "Fusion"
_STYLE_VARIABLE = "QT_STYLE_OVERRIDE"


class Theme(QObject):
    """The current tokens. Widgets that paint hold it and repaint on ``changed``.

    Signals:
        changed(): the tokens have changed (palette and style sheet are already in place), or a screen was
            added: repaint all that is painted in tokens.
    """

    changed = Signal()

    def __init__(
        self,
        mode: Mode = "system",
        *,
        reduced_motion: bool | None = None,
        parent: QObject | None = None,
    ) -> None:
        """reduced_motion: None takes it from the environment."""
        super().__init__(parent)
        _set_scale(1.0)
        self._mode = _checked(mode)
        if reduced_motion is None:
            reduced_motion = os.environ.get(REDUCED_MOTION_VARIABLE, "0") not in ("", "0")
        self.reduced_motion = reduced_motion
        self._has_contrast = False
        self._app: QApplication | None = None
        self._tokens = self._wanted_tokens()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark. Raises ValueError on any other word."""
        if _checked(mode) == self._mode:
            return
        self._mode = mode
        self._ask_system()
        self._refresh()

    @property
    def scale(self) -> float:
        """See `scaled`."""
        return _scale

    def set_scale(self, scale: float) -> None:
        """Type and controls in so many times their size, 1 … 3."""
        scale = min(max(scale, 1.0), 3.0)
        if scale == _scale:
            return
        _set_scale(scale)
        self._dress()
        self.changed.emit()

    def apply(self, app: QApplication) -> None:
        """Sets the application's style, font, palette and style sheet, now and whenever the tokens change.
        Best before any window."""
        if self._app is None:
            app.screenAdded.connect(self._on_screen_added)
        self._app = app
        if os.environ.get(_STYLE_VARIABLE) != _STYLE:
            app.setStyle(_STYLE)
        self._ask_system()
        self._tokens = self._wanted_tokens()
        self._dress()

    def set_contrast(self, more: bool) -> None:
        """more: stronger lines and text whatever the system wants; else as it wants."""
        self._has_contrast = more
        self._refresh()

    def _ask_system(self) -> None:
        """Sets the colour scheme of what the system draws: title bar, its own dialogs."""
        scheme = {
            "system": Qt.ColorScheme.Unknown,
            "light": Qt.ColorScheme.Light,
            "dark": Qt.ColorScheme.Dark,
        }[self._mode]
        if self._app is not None:
            QGuiApplication.styleHints().setColorScheme(scheme)

    def _wanted_tokens(self) -> Tokens:
        if self._mode == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._mode == "dark"
        tokens = DARK if dark else LIGHT
        return contrasting(tokens) if self._has_contrast or _wants_contrast() else tokens

    def _refresh(self) -> None:
        tokens = self._wanted_tokens()
        if tokens == self._tokens:
            return
        self._tokens = tokens
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        global _current
        if self._app is None:
            return
        _current = self._tokens
        self._app.setFont(text_font(SIZE_TEXT))
        self._app.setPalette(palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens, _scale))

    def _on_screen_added(self, _screen: QScreen) -> None:
        self.changed.emit()

    def _on_color_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        self._refresh()


def _wants_contrast() -> bool:
    """Whether the system asks for more contrast (Qt 6.10 and later tell)."""
    hints = QGuiApplication.styleHints()
    if not hasattr(hints, "accessibility"):
        return False
    return bool(hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def choose_style() -> None:
    """Makes Qt start in the style that the style sheet is made for. Call before creating the QApplication.

    ``Theme.apply`` does it too, but that takes 8 ms more, for importing QStyle.
    """
    os.environ[_STYLE_VARIABLE] = _STYLE


def _set_scale(scale: float) -> None:
    global _scale
    _scale = scale


def current_tokens() -> Tokens:
    """Of the application, for what is not handed a theme; its palette changes when they do."""
    return _current


def scaled(pixels: float) -> int:
    """A length of tokens in the application's scale, in device-independent pixels."""
    return round(pixels * _scale)


def scale_for(size: QSize) -> float:
    """The scale for a window of this size: 1 up to 2560 × 1440, 1.5 on 4K, in steps of a quarter. A screen
    that has a scale of its own is smaller in device-independent pixels."""
    fraction = min(size.width() / 2560, size.height() / 1400)
    return 1.0 if fraction < 1.25 else int(4 * fraction) / 4


def text_font(size: int, *, bold: bool = False) -> QFont:
    """The system's font at a size in pixels, in the application's scale."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(scaled(size))
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def figures_font(size: int, *, bold: bool = False) -> QFont:
    """The same with tabular figures, so that a changing number does not move."""
    font = text_font(size, bold=bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _checked(mode: Mode) -> Mode:
    if mode not in MODES:
        raise ValueError(f"unknown theme {mode!r}: choose one of {', '.join(MODES)}")
    return mode

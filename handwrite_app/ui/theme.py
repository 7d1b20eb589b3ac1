"""Colours, sizes and fonts of the application, in one place, for a light and a dark desk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

Mode = Literal["system", "light", "dark"]
MODES: tuple[Mode, ...] = ("system", "light", "dark")

#: The grid of every distance, and the sizes of type, in device-independent pixels.
SPACE = 8
SIZE_SMALL = 12
SIZE_TEXT = 14
SIZE_TITLE = 20
SIZE_ANSWER = 96
#: Smallest side of what a finger or a pen has to hit.
TARGET = 40

#: Set to anything but 0 to have nothing glide.
REDUCED_MOTION_VARIABLE = "HANDWRITE_REDUCED_MOTION"

_STYLE = "Fusion"
_STYLE_VARIABLE = "QT_STYLE_OVERRIDE"


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The colours of one theme, each ``#rrggbb``.

    desk, surface, field: grounds, from the back to the front: the window, a card or menu, an input.
    paper, ink: the sheet and what the pen leaves on it.
    text, text_muted, disabled: writing on any of the first three grounds.
    border parts grounds; outline bounds what can be operated (3:1 against its ground).
    accent, accent_text: the winner, the primary button, the training line, and writing on them.
    accent_hover, accent_pressed: the primary button under the pointer and held.
    accent_soft: the ground of what is switched on; writing on it is text.
    validation: the second line of a plot. amber: only "unsure". red: only loss of work.
    hover, pressed: grounds of a button under the pointer and held. track: the empty part of a bar.
    tooltip, tooltip_text, tooltip_accent: a ground as dark as the theme is light, and what is on it.
    network_ground, network_ink: the picture as the network sees it, in every theme white on black.
    """

    dark: bool
    desk: str
    surface: str
    field: str
    paper: str
    ink: str
    text: str
    text_muted: str
    disabled: str
    border: str
    outline: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_text: str
    accent_soft: str
    validation: str
    amber: str
    red: str
    hover: str
    pressed: str
    track: str
    tooltip: str
    tooltip_text: str
    tooltip_accent: str
    network_ground: str = "#000000"
    network_ink: str = "#ffffff"


LIGHT = Tokens(
    dark=False,
    desk="#e9e9e6",
    surface="#f8f8f6",
    field="#ffffff",
    paper="#fffefb",
    ink="#17191d",
    text="#1c1f23",
    text_muted="#575c63",
    disabled="#9b9ea2",
    border="#d6d6d2",
    outline="#85898e",
    accent="#2a56c6",
    accent_hover="#2049b0",
    accent_pressed="#183c97",
    accent_text="#ffffff",
    accent_soft="#d5dff6",
    validation="#1b7566",
    amber="#8a5500",
    red="#b3261e",
    hover="#dededa",
    pressed="#d0d0cb",
    track="#e8e8e4",
    tooltip="#1c1f23",
    tooltip_text="#f8f8f6",
    tooltip_accent="#8fb3ff",
)

DARK = Tokens(
    dark=True,
    desk="#16171a",
    surface="#1f2125",
    field="#17181b",
    paper="#2a2c30",
    ink="#f4f2ec",
    text="#e9e9e6",
    text_muted="#a6aab0",
    disabled="#6a6e75",
    border="#33363b",
    outline="#7b8087",
    accent="#8fb3ff",
    accent_hover="#a6c3ff",
    accent_pressed="#bcd2ff",
    accent_text="#0d1b3b",
    accent_soft="#2b3a5c",
    validation="#69c4b0",
    amber="#ecb554",
    red="#ff8f86",
    hover="#2b2e33",
    pressed="#383b41",
    track="#2d3035",
    tooltip="#e9e9e6",
    tooltip_text="#1c1f23",
    tooltip_accent="#2049b0",
)


class Theme(QObject):
    """Which tokens apply now. Widgets that paint hold it and repaint on ``changed``.

    Signals:
        changed: everything painted in tokens wants painting anew, for they are others than before
            (palette and style sheet are already in place) or a screen was added.
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
        self._mode = _checked(mode)
        if reduced_motion is None:
            reduced_motion = os.environ.get(REDUCED_MOTION_VARIABLE, "0") not in ("", "0")
        self.reduced_motion = reduced_motion
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

    def apply(self, app: QApplication) -> None:
        """Dress the application, now and whenever the tokens change. Best before any window."""
        if self._app is None:
            app.screenAdded.connect(self._on_screen_added)
        self._app = app
        if os.environ.get(_STYLE_VARIABLE) != _STYLE:
            app.setStyle(_STYLE)
        app.setFont(text_font(SIZE_TEXT))
        self._ask_system()
        self._tokens = self._wanted_tokens()
        self._dress()

    def _ask_system(self) -> None:
        """Have what the system draws (title bar, its own dialogs) go along, where it can."""
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
        return DARK if dark else LIGHT

    def _refresh(self) -> None:
        tokens = self._wanted_tokens()
        if tokens is self._tokens:
            return
        self._tokens = tokens
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is None:
            return
        from handwrite_app.ui.style import palette, style_sheet

        self._app.setPalette(palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens))

    def _on_screen_added(self, _screen: QScreen) -> None:
        self.changed.emit()

    def _on_color_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        self._refresh()


def choose_style() -> None:
    """Have Qt start in the style that the sheet is made for. Call before the QApplication is made.

    ``Theme.apply`` does it too, but then for 8 ms: Python has to learn all of QStyle first.
    """
    os.environ[_STYLE_VARIABLE] = _STYLE


def text_font(size: int, *, bold: bool = False) -> QFont:
    """The system's font at a size in pixels."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(size)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def figures_font(size: int, *, bold: bool = False) -> QFont:
    """The same with figures of one width, so that a changing number does not dance."""
    font = text_font(size, bold=bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _checked(mode: Mode) -> Mode:
    if mode not in MODES:
        raise ValueError(f"unknown theme {mode!r}: choose one of {', '.join(MODES)}")
    return mode

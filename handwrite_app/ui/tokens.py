"""Design tokens: colours of the light and the dark theme, and sizes. Plain data, without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: The grid of every distance, and the sizes of type, in device-independent pixels.
SPACE = 8
SIZE_SMALL = 12
SIZE_TEXT = 14
SIZE_TITLE = 20
SIZE_ANSWER = 96
#: Smallest side of a touch target.
TARGET = 40


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The colours of one theme, each ``#rrggbb``.

    desk, surface, field: backgrounds, from back to front: the window, a card or menu, an input field.
    paper, ink: the canvas and the strokes on it.
    text, text_muted, disabled: text on any of the first three backgrounds.
    border separates backgrounds; outline surrounds controls (3:1 against their background).
    accent, accent_text: the winning bar, the primary button, the training curve, and text on them.
    accent_hover, accent_pressed: the primary button under the pointer and pressed.
    accent_soft: the background of a control that is on; text on it is `text`.
    validation: the second curve of a plot. amber: only "unsure". red: only loss of work.
    hover, pressed: backgrounds of a button under the pointer and pressed. track: the empty part of a bar.
    tooltip, tooltip_text, tooltip_accent: an inverted background, and text on it.
    network_ground, network_ink: the 28×28 input image, white on black in every theme.
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


def contrasting(tokens: Tokens) -> Tokens:
    """The same with stronger lines and text, for those who ask for more contrast: 7:1 and more for text."""
    if tokens.dark:
        return replace(
            tokens,
            desk="#000000",
            surface="#0a0b0c",
            field="#000000",
            paper="#000000",
            ink="#ffffff",
            text="#ffffff",
            text_muted="#e0e0e0",
            border="#a6aab0",
            outline="#e0e0e0",
            accent="#a6c3ff",
        )
    return replace(
        tokens,
        desk="#ffffff",
        surface="#ffffff",
        paper="#ffffff",
        ink="#000000",
        text="#000000",
        text_muted="#33363a",
        border="#575c63",
        outline="#33363a",
        accent="#183c97",
        accent_hover="#122f78",
        accent_pressed="#0c2258",
        validation="#0d5246",
        amber="#6b4200",
        red="#8e1a14",
    )

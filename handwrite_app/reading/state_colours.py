"""The colours in which a reading is shown."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from handwrite_app.reading.verdict import State
from handwrite_app.ui.tokens import Tokens


def state_colours(state: State, tokens: Tokens) -> tuple[str, str]:
    """Of the answer, and of the words beneath it."""
    return {
        State.SURE: (tokens.text, tokens.text),
        State.DRAWING: (tokens.text, tokens.text_muted),
        State.UNSURE: (tokens.amber, tokens.amber),
        State.NOT_A_DIGIT: (tokens.amber, tokens.text),
        State.FAILED: (tokens.border, tokens.text),
    }.get(state, (tokens.border, tokens.text_muted))


def colour_text(widget: QWidget, colour: str) -> None:
    """Sets the colour of its text where that is another one."""
    palette = QPalette(widget.palette())
    if palette.color(QPalette.ColorRole.WindowText).name() != colour:
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        widget.setPalette(palette)

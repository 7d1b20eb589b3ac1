"""The states of a sampling session, and what was on the paper before it."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from handwrite_app.canvas.document import PAPER, bounds
from trainer.picture.strokes import Drawing

#: Ink that spans less than this, in drawing units, is a dot.
_DOT = PAPER / 14


class SessionState(Enum):
    OFF = auto()
    ASKING = auto()  # a label is asked for
    READING = auto()  # it is written, and the network's answer is waited for
    SAVING = auto()  # it is on its way to the disk


class Aside(NamedTuple):
    """What was on the paper before: it comes back. is_saved: the next stroke replaces it.
    device: what it was drawn with."""

    drawing: Drawing = Drawing()
    is_saved: bool = False
    device: str = ""


def is_dot(drawing: Drawing) -> bool:
    """Whether it is too small to be a digit, where no network says what it sees."""
    box = bounds(drawing)
    return box is None or max(box[2] - box[0], box[3] - box[1]) < _DOT

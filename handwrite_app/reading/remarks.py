"""What is unusual about a drawing, in plain words: chips beside the network's input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH, PAPER, WIDE
from handwrite_app.reading.ink_groups import has_two_groups
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    import numpy as np
else:
    from trainer.base.lazy import np

_BOX = 20.0  # pixels of the network's input that the longer side of the ink fills
_THIN, _THICK = (
    1.1,
    4.6,
)  # of these pixels; what is drawn beyond is brought into the networks' range
_SMALL = 0.12  # of the paper's side


def remarks(drawing: Drawing) -> tuple[str, ...]:
    """In the window's language, the most telling first. Of an opened picture nothing is said."""
    if not drawing.strokes or drawing.image is not None:
        return ()
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    # Not numpy.median, which imports numpy.ma: 16 ms before the first answer is shown.
    widths = sorted(stroke.width or DEFAULT_PEN_WIDTH for stroke in drawing.strokes)
    width = widths[len(widths) // 2]
    low, high = points.min(0), points.max(0)
    extent = float((high - low).max())
    pixels = _BOX * width / max(extent + width, 1e-6)
    found = []
    if has_two_groups(drawing):
        found.append(_tr("two drawings?"))
    right = PAPER if high[0] <= PAPER else WIDE * PAPER
    if min(low.min(), right - high[0], PAPER - high[1]) <= width / 2:
        found.append(_tr("touches the edge"))
    if extent < _SMALL * PAPER:
        found.append(_tr("very small"))
    elif pixels < _THIN:
        found.append(_tr("very thin"))
    elif pixels > _THICK:
        found.append(_tr("very thick"))
    return tuple(found)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Remarks", text)

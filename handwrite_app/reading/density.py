"""Sizes of the reading panel, in steps by its height."""

from __future__ import annotations

from typing import NamedTuple

from handwrite_app.reading.network_input import SIDE
from handwrite_app.ui.tokens import SIZE_ANSWER

#: Height of the line above the answer, in device-independent pixels.
REMARK = 16


#: From this width of the panel on the input has its largest size beside its words.
WIDE = 392


class Density(NamedTuple):
    """Sizes that go together from a height of the panel on, in device-independent pixels."""

    height: int
    answer: int
    row: int
    preview: int
    stacked: bool


DENSITIES = (
    Density(height=900, answer=240, row=28, preview=8 * SIDE, stacked=False),
    Density(height=872, answer=160, row=28, preview=8 * SIDE, stacked=True),
    Density(height=648, answer=160, row=24, preview=4 * SIDE, stacked=False),
    Density(height=600, answer=128, row=24, preview=4 * SIDE, stacked=False),
    Density(height=552, answer=SIZE_ANSWER, row=22, preview=4 * SIDE, stacked=False),
    Density(height=0, answer=SIZE_ANSWER, row=20, preview=4 * SIDE, stacked=False),
)


def density_of(width: int, height: int, scale: float = 1.0) -> Density:
    """The sizes for a panel of this size, times a scale."""
    options = DENSITIES if width >= WIDE * scale else DENSITIES[1:]
    fits = next(one for one in options if height >= one.height * scale)
    if scale == 1.0:
        return fits
    return Density(
        height=round(fits.height * scale),
        answer=round(fits.answer * scale),
        row=round(fits.row * scale),
        preview=round(fits.preview * scale / SIDE) * SIDE,
        stacked=fits.stacked,
    )

"""What was found in a file."""

from __future__ import annotations

from typing import NamedTuple

from trainer.picture.strokes import Drawing


class Opened(NamedTuple):
    """is_first: the file holds more drawings than this one."""

    drawing: Drawing
    is_first: bool = False

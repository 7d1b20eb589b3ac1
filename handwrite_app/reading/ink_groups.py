"""Whether ink stands in two groups beside each other, as two digits do. Knows no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    from trainer.base.lazy import np

#: Width of strokes that know none, in drawing units.
_USUAL_WIDTH = 24.0
#: Both groups are at least this high, as a fraction of the ink's height: a dot or a speck is no digit.
_HEIGHT = 0.4
#: The gap between them is at least this wide, as a fraction of the ink's height.
_GAP = 0.06
#: Ink of an opened picture: what is darker counts.
_DARK = 96


def has_two_groups(drawing: Drawing) -> bool:
    """Whether the ink falls into exactly two groups, side by side and clearly apart, both of a digit's
    height."""
    parts = _stroke_parts(drawing) + _image_parts(drawing)
    if len(parts) < 2:
        return False
    boxes = np.array(sorted(parts))  # left, top, right, bottom
    height = boxes[:, 3].max() - boxes[:, 1].min()
    groups: list[NDArray[np.float64]] = []
    for box in boxes:
        if groups and box[0] - groups[-1][2] < _GAP * height:
            last = groups[-1]
            last[1:] = min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])
        else:
            groups.append(box.astype(np.float64))
    tall = [group for group in groups if group[3] - group[1] >= _HEIGHT * height]
    return len(tall) == 2


def _stroke_parts(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """The box of each stroke's ink."""
    parts = []
    for stroke in drawing.strokes:
        radius = (stroke.width or _USUAL_WIDTH) / 2
        left, top = (stroke.points.min(axis=0) - radius).tolist()
        right, bottom = (stroke.points.max(axis=0) + radius).tolist()
        parts.append((left, top, right, bottom))
    return parts


def _image_parts(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """The boxes of an opened picture's runs of columns that have ink, in drawing units."""
    image = drawing.image
    if image is None:
        return []
    dark = image.ink > _DARK
    columns = np.concatenate([[False], dark.any(axis=0), [False]])
    edges = np.flatnonzero(np.diff(columns.astype(np.int8)))
    across, down = image.width / dark.shape[1], image.height / dark.shape[0]
    parts = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        rows = np.flatnonzero(dark[:, first:last].any(axis=1))
        parts.append(
            (
                image.left + first * across,
                image.top + float(rows[0]) * down,
                image.left + last * across,
                image.top + float(rows[-1] + 1) * down,
            )
        )
    return parts

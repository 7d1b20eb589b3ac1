"""The connected parts of what may be ink, and which of them are specks, frames or the table's edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import PictureError

_LEAST_SIDE = 0.03  # of the image's side: what is written in a photograph is longer

_LEAST_DRAWING = 6  # pixels a side: what is smaller is a speck
_MANY = 8  # drawings are on a sheet of them
_BAND = 0.055  # of the image's shorter side: the rest of a line is no thicker
_AWAY = 0.08  # of the same: farther than this from all else lies what does not belong to it
_LEAST_WITH_LINES = 24  # pixels a side: in smaller images nothing is surely the rest of a line

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The connected parts of a mask. labels: (H, W), 0 for none, 1…count; the rest (count,), in pixels."""

    labels: NDArray[np.int32]
    areas: NDArray[np.intp]
    tops: NDArray[np.intp]
    bottoms: NDArray[np.intp]
    lefts: NDArray[np.intp]
    rights: NDArray[np.intp]

    @classmethod
    def of(cls, mask: Mask) -> Parts | None:
        from scipy import ndimage

        labels, count = ndimage.label(mask, np.ones((3, 3)))
        if count == 0:
            return None
        boxes = [
            (p[0].start, p[0].stop, p[1].start, p[1].stop) for p in ndimage.find_objects(labels)
        ]
        areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        return cls(labels, areas, *np.array(boxes).T)

    @property
    def sides(self) -> NDArray[np.intp]:
        """The longer side of each part's box."""
        return np.asarray(np.maximum(self.bottoms - self.tops, self.rights - self.lefts), np.intp)

    @property
    def thickness(self) -> NDArray[np.float64]:
        """The width of each part's lines, roughly: four times the mean distance from their edge."""
        from scipy import ndimage

        inner = ndimage.distance_transform_edt(self.labels > 0) - 0.5
        means = ndimage.mean(inner, self.labels, np.arange(1, len(self.areas) + 1))
        return 4 * np.asarray(means, np.float64)

    @property
    def touching(self) -> Mask:
        """Whether a part reaches the image's border."""
        height, width = self.labels.shape
        inside = (
            (self.tops > 0) & (self.lefts > 0) & (self.bottoms < height) & (self.rights < width)
        )
        return np.asarray(~inside, np.bool_)

    def along_border(self) -> Mask:
        """Whether a part is the rest of a line that was cut off: it does not leave a narrow band along the
        image's border, and begins in a corner or lies away from everything else."""
        from scipy import ndimage

        height, width = self.labels.shape
        band = max(2, round(_BAND * min(height, width)))
        inner = np.zeros(self.labels.shape, np.bool_)
        inner[band : height - band, band : width - band] = True
        leaving = np.unique(self.labels[inner])
        found = self.touching.copy()
        found[leaving[leaving > 0] - 1] = False
        if not found.any() or found.all() or min(height, width) < _LEAST_WITH_LINES:
            return np.zeros(len(found), np.bool_)
        corner = ((self.tops < band) | (self.bottoms > height - band)) & (
            (self.lefts < band) | (self.rights > width - band)
        )
        writing = np.isin(self.labels, np.flatnonzero(~found) + 1)
        distance = ndimage.distance_transform_edt(~writing)
        near = ndimage.minimum(distance, self.labels, np.arange(1, len(found) + 1))
        away = np.asarray(near) > _AWAY * min(height, width)
        largest = self.sides[~found].max()
        return np.asarray(found & (corner | away) & (largest > 0.2 * min(height, width)), np.bool_)

    def are_scattered(self) -> bool:
        """Whether these are many small specks all over the image, up to its border: noise, or dirt.

        Of something written there is a large part, or it keeps some distance from the border.
        """
        mask = self.labels > 0
        if len(self.areas) < 8 or self.areas.max() > 0.25 * mask.sum():
            return False
        band = -(-min(mask.shape) // 10)
        inner = mask[band:-band, band:-band]
        rim = (mask.sum() - inner.sum()) / max(mask.size - inner.size, 1)
        return bool(rim > 0.5 * mask.mean())

    def are_many(self) -> bool:
        """Whether most of these are drawings of about one height, as on a sheet of exercises."""
        high = self.bottoms - self.tops
        large = self.sides >= max(_LEAST_DRAWING, _LEAST_SIDE * max(self.labels.shape))
        if large.sum() < _MANY:
            return False
        usual = float(np.median(high[large]))
        alike = large & (high > 0.6 * usual) & (high < 1.6 * usual)
        alike &= self.thickness < 0.35 * self.sides
        # Noise has parts of all sizes, and most of its ink is in the small ones.
        return bool(
            alike.sum() >= max(_MANY, 0.6 * large.sum())
            and self.areas[alike].sum() > 0.7 * self.areas.sum()
        )

    def is_frame(self, part: int) -> bool:
        """Whether a part is a rectangle around something: ink in all corners and none in the middle."""
        top, bottom, left, right = (
            int(side[part]) for side in (self.tops, self.bottoms, self.lefts, self.rights)
        )
        own = self.labels[top:bottom, left:right] == part + 1
        band = max(1, min(own.shape) // 8)
        if min(own.shape) < 8 or own[band:-band, band:-band].sum() > 0.05 * own.sum():
            return False
        corners = (
            own[y, x]
            for y in (slice(band), slice(-band, None))
            for x in (slice(band), slice(-band, None))
        )
        within = (
            (self.tops > top)
            & (self.bottoms < bottom)
            & (self.lefts > left)
            & (self.rights < right)
        )
        return all(corner.any() for corner in corners) and bool(
            (self.areas[within] > 0.02 * own.sum()).any()
        )


def several_drawings() -> PictureError:
    return PictureError(
        "image.several-drawings", "the image shows several drawings: crop it to one of them"
    )


def without_specks(core: Mask, faint: Mask, *, flat: bool) -> Mask | None:
    """The parts of ``faint`` that hold a core which is no speck, or None where there is no such core.

    Raises PictureError where the cores are those of a whole sheet of drawings.
    """
    parts = Parts.of(core)
    if parts is None:
        return None
    if parts.are_scattered():
        if parts.are_many():
            raise several_drawings()
        return None
    wanted = np.ones(len(parts.areas), np.bool_)
    if not flat and not parts.touching.all():
        # The table under the paper, or a shadow: it goes on beyond the image.
        inside = parts.areas[~parts.touching].max()
        if inside > 0.02 * parts.areas.max():
            wanted &= ~parts.touching
    wanted &= ~parts.along_border()
    for part in np.flatnonzero(wanted & (parts.sides >= 0.5 * parts.sides.max())):
        wanted[part] = not parts.is_frame(int(part))
    largest = int(np.where(wanted, parts.areas, 0).argmax())
    wanted &= (parts.areas >= 0.04 * parts.areas[largest]) | (
        parts.sides >= 0.15 * parts.sides[largest]
    )
    if not flat and parts.sides[largest] < _LEAST_SIDE * max(core.shape):
        return None  # of the noise some peaks are always left
    cores = np.concatenate([[False], wanted])[parts.labels]
    regions = Parts.of(faint | cores)
    assert regions is not None
    holding = np.zeros(len(regions.areas) + 1, np.bool_)
    holding[np.unique(regions.labels[cores])] = True
    kept: Mask = holding[regions.labels]
    return kept

"""The connected parts of what may be ink, and which of them are specks, frames or the table's edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST_SIDE = 0.03  # of the image's side: what is written in a photograph is longer

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
    def touching(self) -> Mask:
        """Whether a part reaches the image's border."""
        height, width = self.labels.shape
        inside = (
            (self.tops > 0) & (self.lefts > 0) & (self.bottoms < height) & (self.rights < width)
        )
        return np.asarray(~inside, np.bool_)

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


def without_specks(core: Mask, faint: Mask, *, flat: bool) -> Mask | None:
    """The parts of ``faint`` that hold a core which is no speck, or None where there is no such core."""
    parts = Parts.of(core)
    if parts is None or parts.are_scattered():
        return None
    wanted = np.ones(len(parts.areas), np.bool_)
    if not flat and not parts.touching.all():
        # The table under the paper, or a shadow: it goes on beyond the image.
        inside = parts.areas[~parts.touching].max()
        if inside > 0.02 * parts.areas.max():
            wanted &= ~parts.touching
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

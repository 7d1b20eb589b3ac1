"""From a plane of grey to ink: which pixels of a photograph, a scan or a screenshot were written.

Ink may be dark or light, the background flat, shaded or noisy. Nothing here knows about 28×28: the result
has the image's resolution, cropped to what was written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.image_background import Plane, flat_level, ink_is_dark, is_untouched, shaded

_LEAST_CONTRAST = 12  # of 255: fainter differences are the scanner's or JPEG's
_SMALL = 56  # pixels a side up to which an image is not much larger than the picture made of it
_CORE = 0.45  # of the ink's full strength: surely ink
_FAINT = 0.2  # of the ink's full strength: ink where it touches a core

Mask = NDArray[np.bool_]


def written(grey: Plane) -> NDArray[np.uint8] | None:
    """The ink in a plane of grey, cropped to its bounding box: uint8 (H, W), 255 where there is most.

    grey: float32 (H, W), 0…255, the ink darker or lighter than what it lies on. None where nothing stands
    out from the background, or nothing but noise does.
    """
    if float(np.ptp(grey)) < _LEAST_CONTRAST or _is_noise(grey):
        return None
    level = flat_level(grey)
    exact = level is not None and is_untouched(grey, level)
    noise = 0.0 if exact else _noise(grey)
    dark = ink_is_dark(grey, level, max(_LEAST_CONTRAST, 4 * noise))
    background = shaded(grey, dark_ink=dark) if level is None else np.float32(level)
    difference = background - grey if dark else grey - background
    if dark and level is None:
        # Paper in shadow reflects a share of the light: a share is what its ink differs by as well.
        difference *= np.float32(255) / np.maximum(background, np.float32(32))
    ink = _ink(difference, noise, flat=level is not None, exact=exact)
    return None if ink is None else _cropped(ink)


def _is_noise(grey: Plane) -> bool:
    """Whether neighbouring pixels have nothing to do with one another, however coarsely one looks.

    Von Neumann's ratio: the mean squared difference of neighbours is twice the variance in white noise,
    and far less where anything is drawn. Averaging 2×2 pixels leaves that as it is in noise alone.
    """
    plane = grey
    for _ in range(3):
        if min(plane.shape) < 8:
            break
        variance = float(plane.var())
        steps = np.square(np.diff(plane, axis=0)).mean() + np.square(np.diff(plane, axis=1)).mean()
        if float(steps) / 4 < 0.75 * variance:
            return False
        height, width = plane.shape[0] // 2 * 2, plane.shape[1] // 2 * 2
        plane = plane[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return bool(min(grey.shape) >= 8)


def _noise(grey: Plane) -> float:
    """Standard deviation of the noise from pixel to pixel, 0 where most of the image is smooth.

    By Immerkær's mask (Computer Vision and Image Understanding 64, 1996), which does not see edges and
    gradients, with the median, which does not see ink that covers less than half.
    """
    if min(grey.shape) < 3:
        return 0.0
    rows = grey[:-2] - 2 * grey[1:-1] + grey[2:]
    curved = rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:]
    return float(np.median(np.abs(curved))) / (0.6745 * 6)


def _ink(difference: Plane, noise: float, *, flat: bool, exact: bool) -> Plane | None:
    """The ink, 0…255, in a plane of differences from the background, or None where there is none."""
    from scipy import ndimage

    small = max(difference.shape) <= _SMALL
    # A blur of 1 pixel leaves 28 % of the noise, one of half a pixel 62 %.
    blur, left = (0.0, 1.0) if noise <= 2 else (0.5, 0.62) if small else (1.0, 0.28)
    seen = ndimage.gaussian_filter(difference, blur) if blur else difference
    floor = max(_LEAST_CONTRAST, 5 * left * noise, _other_side(seen))
    above = seen[seen > floor]
    if not above.size:
        return None
    full = float(np.percentile(above, 90))
    core = seen > max(_CORE * full, floor)
    low = max(_FAINT * full, 0.6 * floor)
    if exact:
        low = _ringing(difference, core) if small else 0.1 * full
    kept = _without_specks(core, seen > low, flat=flat)
    if kept is None:
        return None
    if exact:
        # Nearly full ink is full: an image that has the picture's size already stays as it is.
        strength = difference / (255 if full > 160 else full)
    elif small:
        strength = (difference - 0.5 * low) / (full - 0.5 * low)
    else:
        # Half of the ink's strength is its edge. The ramp is steep, as shrinking will blur it again.
        strength = (seen - _FAINT * full) / ((1 - 2 * _FAINT) * full)
    return np.where(kept, np.clip(strength, 0, 1) * 255, 0).astype(np.float32)


def _other_side(difference: Plane) -> float:
    """A floor from the differences of the other sign, which are noise, where they are no exceptions."""
    other = -difference[difference < 0]
    return 4 * 1.4826 * float(np.median(other)) if other.size > 0.2 * difference.size else 0.0


def _ringing(difference: Plane, core: Mask) -> float:
    """The strongest of the traces that JPEG left in a small image, away from the ink. 0 if it left none."""
    from scipy import ndimage

    away = ~ndimage.binary_dilation(core, iterations=2)
    traces = np.abs(difference[away])
    if np.count_nonzero(traces) <= 0.05 * traces.size:
        return 0.0  # a few faint pixels are the writer's
    return float(traces.max())


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The connected parts of a mask. labels: (H, W), 0 for none, 1…count; the rest (count,), in pixels."""

    labels: NDArray[np.int32]
    areas: NDArray[np.intp]
    tops: NDArray[np.intp]
    bottoms: NDArray[np.intp]
    lefts: NDArray[np.intp]
    rights: NDArray[np.intp]

    @classmethod
    def of(cls, mask: Mask) -> _Parts | None:
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


def _without_specks(core: Mask, faint: Mask, *, flat: bool) -> Mask | None:
    """The parts of ``faint`` that hold a core which is no speck, or None where there is no such core."""
    parts = _Parts.of(core)
    if parts is None:
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
    if len(parts.areas) > 40 and parts.areas[wanted].sum() < 0.4 * parts.areas.sum():
        return None  # all of it is specks
    cores = np.concatenate([[False], wanted])[parts.labels]
    regions = _Parts.of(faint | cores)
    assert regions is not None
    holding = np.zeros(len(regions.areas) + 1, np.bool_)
    holding[np.unique(regions.labels[cores])] = True
    kept: Mask = holding[regions.labels]
    return kept


def _cropped(ink: Plane) -> NDArray[np.uint8] | None:
    levels = np.rint(ink).astype(np.uint8)
    rows, columns = np.flatnonzero(levels.any(axis=1)), np.flatnonzero(levels.any(axis=0))
    if not rows.size:
        return None
    return levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

"""From a plane of grey to ink: which pixels of a photograph, a scan or a screenshot were written.

Ink may be dark or light, the background flat, shaded or noisy. Nothing here knows about 28×28: the result
has the image's resolution, cropped to what was written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST_CONTRAST = 12  # of 255: fainter differences are the scanner's or JPEG's
_FLAT = 3  # levels by which a flat background may vary
_FLAT_SHARE = 0.3  # of all pixels lie on a background that counts as flat
_THUMB = 96  # pixels a side at which a shaded background is estimated
_SMALL = 40  # pixels a side up to which an image is not much more than the picture
_CORE = 0.45  # of the ink's full strength: surely ink
_FAINT = 0.2  # of the ink's full strength: ink where it touches a core

Plane = NDArray[np.float32]  # (H, W), 0…255
Mask = NDArray[np.bool_]


def written(grey: Plane) -> NDArray[np.uint8] | None:
    """The ink in a plane of grey, cropped to its bounding box: uint8 (H, W), 255 where there is most.

    grey: float32 (H, W), 0…255, the ink darker or lighter than what it lies on. None where nothing stands
    out from the background, or nothing but noise does.
    """
    if float(np.ptp(grey)) < _LEAST_CONTRAST or _is_noise(grey):
        return None
    level = _flat_level(grey)
    exact = level is not None and _is_untouched(grey, level)
    noise = 0.0 if exact else _noise(grey)
    background = _background(grey) if level is None else np.full_like(grey, level)
    lighter = grey - background
    # Paper in shadow reflects a share of the light: a share is what its ink differs by as well.
    darker = (
        -lighter if level is not None else -lighter * (np.float32(255) / np.maximum(background, 32))
    )
    dark = _weight(darker, noise) >= _weight(lighter, noise)
    ink = _ink(darker if dark else lighter, noise, flat=level is not None, exact=exact)
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
        steps = float(
            np.square(np.diff(plane, axis=0)).mean() + np.square(np.diff(plane, axis=1)).mean()
        )
        if steps / 4 < 0.75 * variance:
            return False
        height, width = plane.shape[0] // 2 * 2, plane.shape[1] // 2 * 2
        plane = plane[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return min(grey.shape) >= 8


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


def _flat_level(grey: Plane) -> float | None:
    """The grey of a flat background, or None where the background is not flat.

    Of the greys that cover enough, it is the one with the most of the border and the area.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    counts = _near(grey) / grey.size
    edge = _near(border) / border.size
    score = np.where(counts >= _FLAT_SHARE, counts + edge, 0)
    best = int(score.argmax())
    if score[best] == 0:
        return None
    near = grey[np.abs(grey - best) <= _FLAT]
    level: float = np.median(near)
    return float(level)


def _is_untouched(grey: Plane, level: float) -> bool:
    """Whether the flat background is one grey exactly, so that whatever differs was drawn."""
    same = np.abs(grey - level) < 0.5
    for axis in (0, 1):
        same = same & np.roll(same, 1, axis)
    for axis in (0, 1):
        same = same & np.roll(same, -1, axis)
    return float(same.mean()) > 0.1


def _near(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """For each of the levels 0…255, how many values lie within _FLAT of it."""
    counts = np.bincount(np.rint(values).astype(np.intp).ravel(), minlength=256)
    total = np.concatenate([[0], np.cumsum(counts)])
    levels = np.arange(256)
    upper = total[np.minimum(levels + _FLAT + 1, 256)]
    return (upper - total[np.maximum(levels - _FLAT, 0)]).astype(np.int64)


def _background(grey: Plane) -> Plane:
    """What the image would be without ink: smooth, and near most of the pixels."""
    from scipy import ndimage

    factor = max(1, -(-max(grey.shape) // _THUMB))
    height, width = (max(1, n // factor) for n in grey.shape)
    tile_h, tile_w = grey.shape[0] // height, grey.shape[1] // width
    thumb = np.median(
        grey[: height * tile_h, : width * tile_w].reshape(height, tile_h, width, tile_w),
        axis=(1, 3),
    ).astype(np.float64)
    fitted = _surface(thumb)
    # What the surface leaves over: soft shadows, averaged over the neighbourhood without the ink.
    rest = thumb - fitted
    spread = 1.4826 * float(np.median(np.abs(rest))) + 1
    paper = (np.abs(rest) < 3 * spread).astype(np.float64)
    paper = ndimage.minimum_filter(paper, 3)
    radius = max(thumb.shape) / 12
    share = ndimage.gaussian_filter(paper, radius)
    local = ndimage.gaussian_filter(rest * paper, radius) / np.maximum(share, 1e-3)
    fitted += local * np.minimum(1, share * 4)
    rows = (np.arange(grey.shape[0]) + 0.5) / tile_h - 0.5
    columns = (np.arange(grey.shape[1]) + 0.5) / tile_w - 0.5
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    grid = np.meshgrid(rows, columns, indexing="ij")
    smooth: Plane = ndimage.map_coordinates(fitted, grid, order=1, mode="nearest").astype(
        np.float32
    )
    return np.clip(smooth, 0, 255)


def _surface(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubic surface that most of the plane lies near (least absolute differences, by reweighting)."""
    height, width = plane.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    powers = [(i, j) for i in range(4) for j in range(4 - i)]
    terms = np.stack([x.ravel() ** i * y.ravel() ** j for i, j in powers], axis=1)
    values = plane.ravel()
    weights = np.ones(len(values))
    fitted = values
    for _ in range(12):
        scaled = terms * weights[:, None]
        normal = scaled.T @ terms + 1e-6 * len(values) * np.eye(len(powers))
        fitted = terms @ np.linalg.solve(normal, scaled.T @ values)
        weights = 1 / np.maximum(np.abs(values - fitted), 1)
    return fitted.reshape(plane.shape)


def _weight(difference: Plane, noise: float) -> float:
    """How much stands out from the background to this side of it."""
    clear = difference > max(_LEAST_CONTRAST, 4 * noise)
    return float(np.square(difference[clear], dtype=np.float64).sum())


def _ink(difference: Plane, noise: float, *, flat: bool, exact: bool) -> Plane | None:
    """The ink, 0…255, in a plane of differences from the background, or None where there is none."""
    from scipy import ndimage

    # Blurring a noisy image by one pixel leaves 28 % of its noise.
    seen = ndimage.gaussian_filter(difference, 1) if noise > 2 else difference
    floor = max(_LEAST_CONTRAST, 5 * 0.28 * noise if noise > 2 else 5 * noise, _other_side(seen))
    above = seen[seen > floor]
    if not above.size:
        return None
    full = float(np.percentile(above, 90))
    core = seen > max(_CORE * full, floor)
    if exact:
        # Of a picture of the right size already, everything is kept; of a larger one not the ringing of JPEG.
        faint = difference > (0 if max(core.shape) <= _SMALL else 0.1 * full)
    else:
        faint = seen > max(_FAINT * full, 0.6 * floor)
    kept = _without_specks(core, faint, flat=flat)
    if kept is None:
        return None
    if exact:
        return np.where(kept, np.minimum(difference * (255 / _strength(full)), 255), 0)
    low = max(_FAINT * full, 0.5 * floor)
    strength = (seen - low) / (0.75 * full - low) if flat else (seen - low) / (0.7 * full - low)
    return np.where(kept, np.clip(strength, 0, 1) * 255, 0).astype(np.float32)


def _strength(full: float) -> float:
    """Full ink as it is in an image that nobody touched: nearly 255 counts as 255."""
    return 255.0 if full > 160 else full


def _other_side(difference: Plane) -> float:
    """A floor from the differences of the other sign, which are noise, where they are no exceptions."""
    other = -difference[difference < 0]
    return 4 * 1.4826 * float(np.median(other)) if other.size > 0.2 * difference.size else 0.0


def _without_specks(core: Mask, faint: Mask, *, flat: bool) -> Mask | None:
    """The parts of ``faint`` that hold a core which is no speck, or None where there is no such core."""
    from scipy import ndimage

    around = np.ones((3, 3))
    labels, count = ndimage.label(core, around)
    if count == 0:
        return None
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    slices = ndimage.find_objects(labels)
    sides = np.array([max(s.stop - s.start for s in part) for part in slices])
    wanted = np.ones(count, np.bool_)
    if not flat:
        # The table under the paper, or a shadow: dark, large, and going on beyond the image.
        height, width = core.shape
        touching = np.array(
            [
                p[0].start == 0 or p[1].start == 0 or p[0].stop == height or p[1].stop == width
                for p in slices
            ]
        )
        if not touching.all() and areas[~touching].max() > 0.02 * areas.max():
            wanted &= ~touching
    largest = int(np.where(wanted, areas, 0).argmax())
    wanted &= (areas >= 0.04 * areas[largest]) | (sides >= 0.15 * sides[largest])
    if areas[wanted].sum() < 0.4 * areas.sum() and count > 40:
        return None  # all of it is specks
    cores = np.concatenate([[False], wanted])[labels]
    regions, number = ndimage.label(faint | cores, around)
    holding = np.zeros(number + 1, np.bool_)
    holding[np.unique(regions[cores])] = True
    holding[0] = False
    kept: Mask = holding[regions]
    return kept


def _cropped(ink: Plane) -> NDArray[np.uint8] | None:
    levels = np.rint(ink).astype(np.uint8)
    rows, columns = np.flatnonzero(levels.any(axis=1)), np.flatnonzero(levels.any(axis=0))
    if not rows.size:
        return None
    return levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

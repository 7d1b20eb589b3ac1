"""From a plane of grey to ink: which pixels of a photograph, a scan or a screenshot were written.

Ink may be dark or light, the background flat, shaded or noisy. Nothing here knows about 28×28: the result
has the image's resolution, cropped to what was written.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import PictureError
from trainer.picture.images.background import (
    Plane,
    flat_level,
    in_even_light,
    ink_is_dark,
    is_untouched,
    shaded,
)
from trainer.picture.images.close_crops import TINY, paper_of
from trainer.picture.images.line_removal import RuledLine, covered_by, find_lines, without_lines
from trainer.picture.images.panels import panel_in
from trainer.picture.images.parts import Mask, several_drawings, without_specks
from trainer.picture.images.several_drawings import shows_several
from trainer.picture.resampling import enlarged, shrunk

_LEAST_CONTRAST = 12  # of 255: fainter differences are the scanner's or JPEG's
_SMALL = 56  # pixels a side up to which an image is not much larger than the picture made of it
_CORE = 0.45  # of the ink's full strength: surely ink
_CLEAR = 1.5  # times the floor that noise may reach: what ink has to be at least
_THUMB = 96  # pixels a side at which the ink's local strength is estimated
_PICTURE = 28  # a side: an image of that size is a picture already, and of one drawing
_MOST_PANELS = 2  # one in another
_ON_PANEL = 0.25  # of a panel's shorter side: what is written on it is longer
_NEAR = (
    0.05  # of the image's shorter side: what was painted over hides up to where a stroke touched it
)
_FRAME = 3  # lines may be sides of a frame, the fourth of which was not found
_NO_FLECK = 0.35  # of the image's shorter side: a digit in its cell is larger
_DEEP = 0.18  # of the image: farther inside than the lines of a cell that was cut a little off
_FAINTER = 0.6  # times as strong as the writing is a line that may be a stroke of it
_SHADE = 0.15  # of the contrast between a panel and its surroundings: no more has a shade on it
_FLECK = 0.1  # of the image's shorter side: what is written on a sheet is longer
_WINDOW = (
    0.2  # of the image's longer side: a stroke is narrower, for the paper around it to be seen
)
_BORDER = 0.03  # of the image's shorter side: what is written in even light is cut off within this
_OF_SHADOW = 0.65  # times as much of the image as the shadow has is under what is written, at most
_FAINT = 0.2  # of the ink's full strength: ink where it touches a core


def written(grey: Plane) -> NDArray[np.uint8] | None:
    """The ink in a plane of grey, cropped to its bounding box: uint8 (H, W), 255 where there is most.

    grey: float32 (H, W), 0…255, the ink darker or lighter than what it lies on. None where nothing stands
    out from the background, or nothing but noise does. Raises PictureError where there are several drawings.
    """
    ink = _on_paper(grey)
    if ink is None:
        return None
    if max(grey.shape) > _PICTURE and shows_several(ink):
        raise several_drawings()
    return _cropped(ink)


def _on_paper(grey: Plane) -> Plane | None:
    """The ink; where a shadow's edge runs across the image, that in even light.

    Across such an edge the paper's grey jumps. Then the shadow, or its edge, is taken for ink that is cut off
    by the image's border on several sides, or for noise above which nothing stands out; in even light the
    writing is there, smaller than the shadow and cut off on no more sides.
    """
    ink = _on_panels(grey)
    # Faint ink counts, too: it is the shadow, where the writing on it is the core.
    sides = 0 if ink is None else _sides_reached(ink > 0, 2)
    if max(grey.shape) <= _SMALL or (ink is not None and sides < 2):
        return ink
    if paper_of(grey) is not None:
        return ink  # a close crop: it is the writing that is cut off
    level = flat_level(grey)
    if level is not None and is_untouched(grey, level):
        return ink  # no photograph, and bold strokes may be wider than the window
    dark_ink = grey if ink_is_dark(grey, None, _LEAST_CONTRAST) else 255 - grey
    even = None
    with suppress(PictureError):
        even = _on_panels(in_even_light(dark_ink, round(_WINDOW * max(grey.shape))))
    if even is None or _sides_reached(even > 127, round(_BORDER * min(even.shape))) > sides:
        return ink
    if ink is None:  # noise leaves flecks
        return even if _extent(even > 127) > _NO_FLECK * min(even.shape) else None
    return even if (even > 0).mean() < _OF_SHADOW * (ink > 0).mean() else ink


def _sides_reached(mask: Mask, margin: int) -> int:
    """On how many sides something lies within so many pixels of the border."""
    margin = max(1, margin)
    sides = mask[:margin], mask[-margin:], mask[:, :margin], mask[:, -margin:]
    return sum(bool(side.any()) for side in sides)


def _on_panels(grey: Plane, depth: int = 0) -> Plane | None:
    """The ink on the innermost panel that has any."""
    if float(np.ptp(grey)) < _LEAST_CONTRAST:
        return None
    small = max(grey.shape) <= _PICTURE
    panel = panel_in(grey) if depth < _MOST_PANELS and not small else None
    if panel is not None:
        ink = _on_panels(grey[panel], depth + 1)
        if ink is not None and _is_on_panel(ink, grey, panel):
            return ink
    return _among_lines(grey, panel=depth > 0)


def _is_on_panel(ink: Plane, grey: Plane, panel: tuple[slice, slice]) -> bool:
    """Whether ink on a panel is no mere shade on a bar that is itself what was written."""
    core = ink > 127
    if ink.shape != grey[panel].shape:
        return True  # of a panel on this one, which was asked the same
    if _extent(core) < _ON_PANEL * min(ink.shape) or not (ink == 0).any():
        return False
    outside = np.ones(grey.shape, np.bool_)
    outside[panel] = False
    ground = float(np.median(grey[panel][ink == 0]))
    contrast = abs(float(np.median(grey[panel][core])) - ground)
    return contrast > _SHADE * abs(float(np.median(grey[outside])) - ground)


def _extent(mask: Mask) -> int:
    """The longer side of the box around what is in a mask, in pixels."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(max(rows[-1] - rows[0], columns[-1] - columns[0])) + 1 if rows.size else 0


def _among_lines(grey: Plane, *, panel: bool) -> Plane | None:
    """The ink without the ruled lines that cross it, where they are none of its strokes."""
    lines = find_lines(grey)
    if not lines:
        return _ink(grey, panel=panel)[0]
    whole: Plane | None = None
    if len(lines) <= _FRAME:
        # Of a frame that is told by its shape some sides may be like lines, and the rest would stay.
        with suppress(PictureError):  # without the lines there may be one drawing
            whole = _ink(grey, panel=panel)[0]
        if whole is not None and _is_clear_of(whole, lines):
            return whole
    # Between a stroke and the edge of a close crop a strip of the paper is like a line, too.
    close = paper_of(grey)
    wanted = lines[0].contrast > 0
    if close is None or close[1] == wanted:
        ink = None
        with suppress(PictureError):  # of a bar that was no line many bits are left
            ink, dark = _ink(without_lines(grey, lines), panel=panel)
        if ink is not None and dark == wanted and _is_apart(grey, ink, lines):
            return ink
    return whole if whole is not None else _ink(grey, panel=panel)[0]


def _is_clear_of(ink: Plane, lines: list[RuledLine]) -> bool:
    """Whether ink that is no fleck has nothing of the lines in it, so that these need not be removed."""
    if _extent(ink > 127) < _NO_FLECK * min(ink.shape):
        return False
    return not bool((covered_by(lines, ink.shape) & (ink > 0)).any())


def _is_apart(grey: Plane, ink: Plane, lines: list[RuledLine]) -> bool:
    """Whether what is left without the lines is written on its own: they are no strokes of it.

    A single bar from edge to edge leaves nothing but flecks. Of a digit that was cropped to its ink, a roof
    or a base is as long as the image is wide: what is left of it hangs on that line and fills the image. And
    strokes may cross in the middle of the image, as in a 4.
    """
    covered = covered_by(lines, ink.shape)
    core = (ink > 127) & ~covered
    rows, columns = np.flatnonzero(core.any(axis=1)), np.flatnonzero(core.any(axis=0))
    if not rows.size:
        return False
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if max(high, wide) < (_FLECK if len(lines) > 2 else 2 * _FLECK) * min(ink.shape):
        return False
    if len(lines) > 2:
        return True
    from scipy import ndimage

    near = 1 + round(_NEAR * min(ink.shape))
    touching = ndimage.binary_dilation(covered, np.ones((3, 3)), iterations=near) & core
    if not touching.any():
        return True
    if any(line.depth(ink.shape) > _DEEP for line in lines) and _is_as_strong(
        grey, core, ~covered & (ink == 0), lines
    ):
        return False
    margins = (
        (rows[0], columns[0]),
        (ink.shape[0] - 1 - rows[-1], ink.shape[1] - 1 - columns[-1]),
    )
    at_line = [
        [covered[0].mean() > 0.5, covered[:, 0].mean() > 0.5],
        [covered[-1].mean() > 0.5, covered[:, -1].mean() > 0.5],
    ]
    # Edges of the image that it reaches, without those that a line lies at.
    return not any(
        margin < max(2, 0.04 * max(ink.shape)) and not cover
        for pair, covers in zip(margins, at_line, strict=True)
        for margin, cover in zip(pair, covers, strict=True)
    )


def _is_as_strong(grey: Plane, core: Mask, paper: Mask, lines: list[RuledLine]) -> bool:
    """Whether lines differ from the paper as writing does."""
    if not paper.any():
        return True
    writing = abs(float(np.median(grey[core])) - float(np.median(grey[paper])))
    return max(abs(line.contrast) for line in lines) > _FAINTER * writing


def _ink(grey: Plane, *, panel: bool) -> tuple[Plane | None, bool]:
    """The ink, 0…255, in a plane of grey without lines, None where there is none; whether it is dark."""
    level = flat_level(grey)
    exact = level is not None and is_untouched(grey, level)
    noise = 0.0 if exact else _noise(grey)
    close = None if exact else paper_of(grey, panel=panel)
    if close is not None:
        background, dark = close
    else:
        dark = ink_is_dark(grey, level, max(_LEAST_CONTRAST, 4 * noise))
        if level is not None:
            background = np.full_like(grey, level)
        else:
            background = shaded(grey, dark_ink=dark)
    difference = background - grey if dark else grey - background
    if max(grey.shape) <= TINY and (exact or close is not None):
        return _ink_of_few_pixels(difference), dark
    if exact:
        return _untouched_ink(difference), dark
    # Paper in shadow reflects a share of the light: a share is what its ink differs by as well.
    gain = np.ones_like(grey)
    if dark and level is None:
        gain = (255 / np.maximum(background, 32)).astype(np.float32)
    flat = level is not None or close is not None
    return _found_ink(difference, gain, noise, flat=flat), dark


def _ink_of_few_pixels(difference: Plane) -> Plane | None:
    """The ink, 0…255, of an image in which every pixel counts."""
    above = difference[difference > _LEAST_CONTRAST]
    if not above.size:
        return None
    full = float(np.percentile(above, 90))
    strength = difference / full
    return np.where(strength > 0.06, np.clip(strength, 0, 1) * 255, 0).astype(np.float32)


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


def _untouched_ink(difference: Plane) -> Plane | None:
    """The ink, 0…255, where the background is one grey and whatever differs from it was drawn."""
    above = difference[difference > _LEAST_CONTRAST]
    if not above.size:
        return None
    full = float(np.percentile(above, 90))
    core = difference > _CORE * full
    small = max(difference.shape) <= _SMALL
    low = _ringing(difference, core) if small else 0.1 * full
    kept = without_specks(core, difference > low, flat=True)
    if kept is None:
        return None
    if low == 0:
        kept = difference > 0  # the least pixel of a picture belongs to it
    # Nearly full ink is full: an image that has the picture's size already stays as it is.
    strength = difference / (255 if small and full > 160 else full)
    return np.where(kept, np.clip(strength, 0, 1) * 255, 0).astype(np.float32)


def _found_ink(difference: Plane, gain: Plane, noise: float, *, flat: bool) -> Plane | None:
    """The ink, 0…255, in a plane of differences from the background, to be multiplied by ``gain``."""
    from scipy import ndimage

    small = max(difference.shape) <= _SMALL
    # A blur of 1 pixel leaves 28 % of the noise, one of half a pixel 62 %.
    blur, left = (0.0, 1.0) if noise <= 2 else (0.5, 0.62) if small else (1.0, 0.28)
    seen = ndimage.gaussian_filter(difference, blur) if blur else difference
    floor = np.maximum(_LEAST_CONTRAST, gain * max(5 * left * noise, _other_side(seen)))
    seen = seen * gain
    above = seen > floor
    if not above.any():
        return None
    full = float(np.percentile(seen[above], 90))
    core = seen > np.maximum(_CORE * full, floor)
    if full < _CLEAR * float(floor[above].mean()) or not core.any():
        return None
    kept = without_specks(core, seen > np.maximum(_FAINT * full, 0.6 * floor), flat=flat)
    if kept is None:
        return None
    if small:
        low = np.maximum(0.5 * _FAINT * full, 0.3 * floor)
        strength = (difference * gain - low) / (full - low)
    else:
        local = full if flat else _local(seen, core & kept, full)
        # Half of the ink's strength is its edge. The ramp is steep, as shrinking will blur it again.
        strength = (seen / local - _FAINT) / (1 - 2 * _FAINT)
    return np.where(kept, np.clip(strength, 0, 1) * 255, 0).astype(np.float32)


def _local(seen: Plane, core: Mask, full: float) -> Plane:
    """The ink's full strength around each pixel, which may change over a photograph as the light does."""
    from scipy import ndimage

    factor = -(-max(seen.shape) // _THUMB)
    radius = _THUMB / 10
    share = ndimage.gaussian_filter(shrunk(core, factor), radius)
    total = ndimage.gaussian_filter(shrunk(seen * core, factor), radius)
    mean = float(seen[core].mean())
    local = np.where(share > 1e-4, total / np.maximum(share, 1e-4), mean) * (full / mean)
    rows, columns = seen.shape
    return enlarged(np.clip(local, 0.4 * full, 1.6 * full), factor)[:rows, :columns].astype(
        np.float32
    )


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


def _cropped(ink: Plane) -> NDArray[np.uint8] | None:
    levels = np.rint(ink).astype(np.uint8)
    rows, columns = np.flatnonzero(levels.any(axis=1)), np.flatnonzero(levels.any(axis=0))
    if not rows.size:
        return None
    return levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

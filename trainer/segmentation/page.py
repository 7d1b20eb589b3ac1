"""Reads a photographed or scanned page: ink without lines and borders, rows, and the characters of each."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.picture.images.background import Plane, in_even_light, ink_is_dark
from trainer.picture.images.line_removal import RuledLine, find_lines, without_lines
from trainer.segmentation.divide import Division, GroupReader, Lattices
from trainer.segmentation.ink.image_ink import Part, PartInk
from trainer.segmentation.line import with_signs_of_sums
from trainer.segmentation.reading import PLAIN, UNREAD, Line, LineOptions

if TYPE_CHECKING:
    from PIL import Image

_ROUNDS = 3  # of looking for ruled lines: a page of squares has more than are found at once
_THICKEST_LINE = 0.011  # of the shorter side: what is thicker is a row of writing
_LEAST_CONTRAST = 14  # of 255
_CORE = 0.42  # of the ink's full strength: surely ink
_FAINT = 0.2  # of it: ink where it touches a core
_THICK = 0.03  # of the longer side: a stroke is narrower
_LEAST = 8  # pixels: a character is higher
_DARK = 0.8  # of the full strength has a dot that was written
_SPECK = 0.02  # of the square of a character's height: what has less ink is dirt
_HIGHEST = 3.2  # times a character's usual height
_WIDEST = 6.0  # times that: what is wider is no line of characters that touch
_LEVEL = (
    0.55  # of that height that characters of one row may lie higher or lower than their neighbour
)
_SPACE = 1.6  # heights between two words, at least, …
_SPACE_RATIO = 1.8  # … and times the row's usual gap
_WIDE = 1.15  # heights: a wider part may be several characters
_ENCLOSED = 0.6  # of its rectangle is within a box, or a row of boxes that touch
_LARGEST_BOX = 0.4  # of the image's width or height
_ALL = 4000  # parts of a page, at most


@dataclass(frozen=True, kw_only=True)
class Page:
    """lines: from top to bottom. width, height: of the image in which their boxes lie, in pixels. number: of
    the page in its file, from 0."""

    lines: tuple[Line, ...]
    width: int
    height: int
    number: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "width": self.width,
            "height": self.height,
            "lines": [line.to_json() for line in self.lines],
        }


def read_page(image: Image.Image, reader: GroupReader, options: LineOptions = PLAIN) -> Page:
    """The rows of characters on an image of any mode and size; no lines where nothing is written.

    Boxes are in pixels of the image turned upright (EXIF). Raises PictureError where it cannot be decoded,
    and RunError as `Recognizer.answers` does.
    """
    return read_first_page([image], reader, options)


def read_first_page(
    images: Iterable[Image.Image], reader: GroupReader, options: LineOptions = PLAIN
) -> Page:
    """The first of these pages that shows characters, else the first one. images: at least one.

    Raises as `read_page` does.
    """
    reading = reading_of_pages(images, reader, options)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            page: Page = end.value
            return page


def reading_of_pages(
    images: Iterable[Image.Image], reader: GroupReader, options: LineOptions = PLAIN
) -> Generator[None, None, Page]:
    """As `read_first_page`, in the manner of `reading_of_page`."""
    first: Page | None = None
    for number, image in enumerate(images):
        page = yield from reading_of_page(image, reader, options)
        if page.lines:
            return replace(page, number=number)
        first = first or page
        yield
    assert first is not None
    return first


def reading_of_page(
    image: Image.Image, reader: GroupReader, options: LineOptions = PLAIN
) -> Generator[None, None, Page]:
    """As `read_page`: yields between rows, where something else may be done, and returns the page."""
    from trainer.picture.images.image_file import grey_of

    grey = grey_of(image)
    if grey is None:
        return Page(lines=(), width=image.width, height=image.height)
    wide, high = image.size
    if (wide > high) != (grey.shape[1] > grey.shape[0]) and wide != high:
        wide, high = high, wide  # it was turned
    scale = max(wide, high) / max(grey.shape)
    parts = parts_of(grey, dots=options.signs)
    lines = []
    for row in rows_of(parts):
        yield
        lines.append(_read_row(row, reader, options, scale))
    return Page(lines=tuple(line for line in lines if line.characters), width=wide, height=high)


def parts_of(grey: Plane, *, dots: bool = False) -> list[Part]:
    """The connected parts of what was written on a page, float32 (H, W), 0…255.

    dots: what is as small as the pen's point counts as well.
    """
    from scipy import ndimage

    if float(np.ptp(grey)) < _LEAST_CONTRAST or min(grey.shape) < _LEAST:
        return []
    ink = _written_ink(grey)
    if ink is None:
        return []
    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    if not count:
        return []
    places = ndimage.find_objects(labels)
    inked = ndimage.sum_labels(ink > 0, labels, np.arange(1, count + 1))
    strongest = ndimage.maximum(ink, labels, np.arange(1, count + 1))
    sizes = np.array([[p[0].stop - p[0].start, p[1].stop - p[1].start] for p in places])
    sound = strongest >= 255 * _CORE
    sound &= ~_frames(labels, places, np.asarray(inked))
    inside = np.array([_is_inside(p, grey.shape) for p in places])
    usual = _usual_height(sizes[sound & inside], np.asarray(inked)[sound & inside])
    if usual is None:
        return []
    least = np.full(count, _SPECK * usual**2)
    if dots:
        point = 4 * float(np.mean(ndimage.distance_transform_edt(ink > 0)[ink > 127]))
        round_ones = (strongest >= 255 * _DARK) & (sizes.max(axis=1) <= 2.5 * point)
        least[round_ones] = min(_SPECK * usual**2, 0.5 * point**2)
    kept = sound & (np.asarray(inked) >= least)
    kept &= (sizes[:, 0] <= _HIGHEST * usual) & (sizes[:, 1] <= _WIDEST * usual)
    # The rest of a line, or of the page's edge: long, thin and level or upright.
    thin = np.asarray(inked) < 0.12 * usual * sizes.max(axis=1)
    kept &= ~(thin & (sizes.max(axis=1) > 1.8 * usual))
    kept &= inside | (sizes.min(axis=1) > 0.3 * usual)
    parts = []
    for number in np.flatnonzero(kept)[:_ALL].tolist():
        place = places[number]
        own = np.where(labels[place] == number + 1, ink[place], 0)
        parts.append(
            Part(
                left=place[1].start,
                top=place[0].start,
                ink=np.rint(own).astype(np.uint8),
            )
        )
    return parts


def _written_ink(grey: Plane) -> Plane | None:
    """The ink, 0…255, without ruled lines; None where nothing stands out."""
    from scipy import ndimage

    if not ink_is_dark(grey, None, _LEAST_CONTRAST):
        grey = 255 - grey
    # Under even light a line is one line on both sides of a shadow.
    even = in_even_light(grey, max(9, round(_THICK * max(grey.shape))))
    even = _without_boxes(even)
    for _ in range(_ROUNDS):
        lines = find_lines(even, thickest=_THICKEST_LINE)
        if not lines:
            break
        even = without_lines(even, [_in_full(line, even) for line in lines])
    found = _standing_out(even)
    if found is None or not (found > 127).any():
        return None
    # A wide window hides what is narrow beside a shadow's edge: one that fits the strokes does not.
    thickness = 4 * float(np.mean(ndimage.distance_transform_edt(found > 0)[found > 127]))
    return _standing_out(in_even_light(even, max(9, round(3 * thickness))))


def _in_full(line: RuledLine, plane: Plane) -> RuledLine:
    """The line with its contrast in the plane itself: it is fainter in a shrunk one, where it was found."""
    across = plane.T if line.upright else plane
    height, columns = across.shape[0], np.arange(across.shape[1])
    top = np.clip(np.floor(line.top).astype(int) - 1, 0, height - 1)
    bottom = np.clip(np.ceil(line.bottom).astype(int) + 1, 0, height - 1)
    middle = np.rint((line.top + line.bottom) / 2).astype(int)
    inside = np.stack([across[np.clip(middle + n, 0, height - 1), columns] for n in (-1, 0, 1)])
    beside = (across[top, columns] + across[bottom, columns]) / 2
    return replace(line, contrast=max(line.contrast, float(np.median(beside - inside.min(axis=0)))))


def _without_boxes(even: Plane) -> Plane:
    """The page without boxes around characters, which the search for ruled lines would tear."""
    from scipy import ndimage

    ink = _standing_out(even)
    if ink is None:
        return even
    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    places = ndimage.find_objects(labels)
    inked = ndimage.sum_labels(ink > 0, labels, np.arange(1, count + 1))
    boxes = _frames(labels, places, np.asarray(inked))
    for i in np.flatnonzero(boxes).tolist():
        sizes = [(p.stop - p.start) / n for p, n in zip(places[i], even.shape, strict=True)]
        boxes[i] = (
            min(sizes) < _LARGEST_BOX
        )  # else it is squared paper, with what was written on its lines
    if not boxes.any():
        return even
    found = np.concatenate([[False], boxes])[labels]
    return np.where(ndimage.binary_dilation(found, np.ones((3, 3)), 2), np.float32(255), even)


def _standing_out(even: Plane) -> Plane | None:
    """The ink, 0…255, on paper of 255."""
    from scipy import ndimage

    difference = 255 - even
    noise = float(np.percentile(difference, 75)) / 0.6745  # of paper: less than a quarter is ink
    floor = max(_LEAST_CONTRAST, 4 * noise)
    above = difference[difference > floor]
    if above.size < 12:
        return None
    full = float(np.percentile(above, 85))
    core = difference > max(_CORE * full, floor)
    faint = difference > max(_FAINT * full, 2.5 * noise)
    labels, count = ndimage.label(faint, np.ones((3, 3)))
    held = np.zeros(count + 1, np.bool_)
    held[np.unique(labels[core])] = True
    held[0] = False
    ink = np.where(held[labels], np.clip(difference / full, 0, 1) * 255, 0)
    return ink.astype(np.float32)


def _frames(
    labels: NDArray[np.int32], places: Sequence[tuple[slice, slice]], inked: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which parts are boxes around something: little ink, around all of a rectangle, and parts within."""
    from scipy import ndimage

    found = np.zeros(len(places), np.bool_)
    spans = np.array([[p[0].start, p[0].stop, p[1].start, p[1].stop] for p in places])
    sizes = spans[:, 1::2] - spans[:, ::2]
    areas = sizes.prod(axis=1)
    for i in np.flatnonzero((sizes.min(axis=1) > 2 * _LEAST) & (inked < 0.4 * areas)).tolist():
        top, bottom, left, right = spans[i].tolist()
        within = (spans[:, 0] > top) & (spans[:, 1] < bottom)
        within &= (spans[:, 2] > left) & (spans[:, 3] < right)
        if not (within & (sizes.max(axis=1) > 0.25 * sizes[i].min())).any():
            continue
        own = labels[places[i]] == i + 1
        found[i] = ndimage.binary_fill_holes(own).sum() > _ENCLOSED * areas[i]
    return found


def _is_inside(place: tuple[slice, slice], shape: tuple[int, ...]) -> bool:
    return all(p.start > 0 and p.stop < n for p, n in zip(place, shape, strict=True))


def _usual_height(sizes: NDArray[np.intp], inked: NDArray[np.float64]) -> float | None:
    """Height of a page's characters: the median of parts that are like some, weighed by their ink."""
    like = (sizes[:, 0] >= _LEAST) & (sizes[:, 1] <= 3 * sizes[:, 0])
    if not like.any():
        return None
    heights, weights = sizes[like, 0].astype(float), np.sqrt(inked[like])
    order = np.argsort(heights)
    total = np.cumsum(weights[order])
    return float(heights[order][int(np.searchsorted(total, total[-1] / 2))])


def rows_of(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts row by row from top to bottom, each from left to right. Rows may rise or fall."""
    if not parts:
        return []
    boxes = np.array([part.box for part in parts], np.float64)
    heights = boxes[:, 3] - boxes[:, 1]
    usual = float(np.median(heights[heights >= 0.5 * np.quantile(heights, 0.75)]))
    tall = np.flatnonzero(heights >= 0.5 * usual)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    slope = _slope(middles[tall], usual)
    level = middles[:, 1] - slope * middles[:, 0]
    order = tall[np.argsort(level[tall], kind="stable")]
    rows: list[list[int]] = []
    for i in order.tolist():
        if rows and level[i] - float(np.mean(level[rows[-1]])) < _LEVEL * usual:
            rows[-1].append(i)
        else:
            rows.append([i])
    heads = np.array([float(np.median(level[row])) for row in rows])
    for i in np.flatnonzero(heights < 0.5 * usual).tolist():
        nearest = int(np.abs(heads - level[i]).argmin()) if len(heads) else -1
        if nearest >= 0 and abs(heads[nearest] - level[i]) < 0.8 * usual:
            rows[nearest].append(i)
    return [
        sorted((parts[i] for i in row), key=lambda p: p.left + p.ink.shape[1] / 2) for row in rows
    ]


def _slope(middles: NDArray[np.float64], usual: float) -> float:
    """By how much rows fall for each step to the right: the median from part to part."""
    slopes = []
    for x, y in middles:
        right, down = middles[:, 0] - x, middles[:, 1] - y
        near = (right > 0.3 * usual) & (right < 4 * usual) & (np.abs(down) < 0.45 * right)
        if near.any():
            first = int(np.where(near, right, np.inf).argmin())
            slopes.append(down[first] / right[first])
    return float(np.median(slopes)) if len(slopes) >= 3 else 0.0


def _read_row(row: Sequence[Part], reader: GroupReader, options: LineOptions, scale: float) -> Line:
    divisions: list[Division] = []

    def divide(signs: bool) -> Division:
        divisions.append(_divided(row, reader, signs=signs))
        return divisions[-1]

    line = with_signs_of_sums(divide, reader, options)
    return _spaced(line, divisions[-1], scale)


def _divided(row: Sequence[Part], reader: GroupReader, *, signs: bool) -> Division:
    whole = Lattices.of(PartInk.of(row), reader)
    best = whole.best(signs=signs)
    poor = [
        i
        for i in whole.poor()
        if row[i].ink.shape[1] > _WIDE * whole.ink.height
        and row[i].ink.shape[0] > 0.4 * whole.ink.height
    ]
    if poor:
        cut = Lattices.of(PartInk.of(row, cut=poor), reader).best(signs=signs)
        best = cut if cut.score > best.score else best
    return best


def _spaced(line: Line, found: Division, scale: float) -> Line:
    """The line with its boxes in the image's pixels, and spaces in its text between words."""
    boxes = [one.box for one in line.characters]
    gaps = [b[0] - a[0] - a[2] for a, b in itertools.pairwise(boxes)]
    usual = float(np.median(gaps)) if gaps else 0.0
    text = ""
    for i, one in enumerate(line.characters):
        if i and gaps[i - 1] > max(_SPACE * found.ink.height, _SPACE_RATIO * usual):
            text += " "
        text += UNREAD if one.refused else one.label
    characters = tuple(
        replace(
            one,
            box=(one.box[0] * scale, one.box[1] * scale, one.box[2] * scale, one.box[3] * scale),
        )
        for one in line.characters
    )
    return replace(line, text=text, characters=characters)

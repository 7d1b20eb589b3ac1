"""What made images are put together of: a digit as ink, lines, light, and a photograph of all of it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from benchmarks.disturbances import Random, box_of
from trainer.picture.strokes import Drawing

Written = Drawing | NDArray[np.uint8]  # strokes, or an image of ink (H, W), 255 where there is most


@dataclass(frozen=True, eq=False)
class Unseen:
    """A subject that takes its room in an image and leaves no ink there."""

    subject: Written


Subject = Written | Unseen
Plane = NDArray[np.float32]  # (H, W): grey 0…255, or the fraction 0…1 of each pixel under ink
Color = NDArray[np.float32]  # (H, W, 3), 0…255

_FINE = 4  # pixels that everything is painted with to one of the image's


# --- the digit


def ink_of(subject: Subject, side: float, pen: float) -> Plane:
    """The subject's ink cropped to itself, with the longer side given. pen: width as a fraction of it."""
    if isinstance(subject, Unseen):
        return np.zeros_like(ink_of(subject.subject, side, pen))
    if isinstance(subject, Drawing):
        return _shrunk(_painted(subject, side * _FINE, pen))
    rows, columns = np.flatnonzero(subject.any(1)), np.flatnonzero(subject.any(0))
    ink = subject[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = side / max(ink.shape)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    found = Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(found, np.float32) / np.float32(255)


def _painted(drawing: Drawing, side: float, pen: float) -> Plane:
    """The drawing painted by Pillow, cropped to its ink."""
    low, high = box_of(drawing)
    width = max(1.0, pen * side)
    scale = (side - width) / (float((high - low).max()) or 1)
    extent = np.ceil((high - low) * scale + width).astype(int) + 1
    paper = Image.new("L", (int(extent[0]), int(extent[1])))
    brush = ImageDraw.Draw(paper)
    reach = (width - 1) / 2
    for stroke in drawing.strokes:
        points = [(float(x), float(y)) for x, y in (stroke.points - low) * scale + width / 2]
        brush.line(points, fill=255, width=round(width))
        for x, y in points:
            brush.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.asarray(paper, np.float32) / np.float32(255)


def _shrunk(fine: Plane) -> Plane:
    """The means of _FINE × _FINE pixels."""
    missing = [(0, -n % _FINE) for n in fine.shape]
    padded = np.pad(fine, missing)
    rows, columns = (n // _FINE for n in padded.shape)
    return np.asarray(padded.reshape(rows, _FINE, columns, _FINE).mean((1, 3)), np.float32)


def printed(label: str) -> NDArray[np.uint8]:
    """A digit in Pillow's own typeface, as ink."""
    page = Image.new("L", (160, 200))
    ImageDraw.Draw(page).text((30, 10), label, fill=255, font=ImageFont.load_default(150))
    return np.asarray(page)


def pen_width(random: Random) -> float:
    return float(random.uniform(0.06, 0.12))


def put(plane: Plane, ink: Plane, left: float, top: float) -> None:
    """Lays ink over a plane of ink; what lies outside of it is cut off."""
    x, y = round(left), round(top)
    rows = slice(max(y, 0), min(y + ink.shape[0], plane.shape[0]))
    columns = slice(max(x, 0), min(x + ink.shape[1], plane.shape[1]))
    part = ink[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
    plane[rows, columns] = np.maximum(plane[rows, columns], part)


def put_inside(plane: Plane, ink: Plane, random: Random, margin: float) -> None:
    """Lays ink somewhere so that it keeps the margin to all edges."""
    room = [max(n - m - 2 * margin, 0.0) for n, m in zip(plane.shape, ink.shape, strict=True)]
    top, left = (margin + random.uniform(0.2, 0.8) * r for r in room)
    put(plane, ink, left, top)


# --- lines and light


def line(
    shape: tuple[int, int], start: tuple[float, float], end: tuple[float, float], width: float
) -> Plane:
    """A straight line as ink, from (x, y) to (x, y)."""
    y, x = (np.arange(n, dtype=np.float32) + np.float32(0.5) for n in shape)
    along = np.array(end, np.float32) - np.array(start, np.float32)
    length = float(np.hypot(*along)) or 1.0
    right, down = (along / length).tolist()
    from_left, from_top = x - start[0], (y - start[1])[:, None]
    forward = from_left * right + from_top * down
    aside = np.abs(from_left * down - from_top * right)
    beyond = np.maximum(np.maximum(-forward, forward - length), 0)
    drawn: Plane = np.clip(width / 2 + 0.5 - np.maximum(aside, beyond), 0, 1).astype(np.float32)
    return drawn


def line_across(
    shape: tuple[int, int], at: float, width: float, turn: float, upright: bool
) -> Plane:
    """A line through the whole image. at: where it crosses the middle. turn: its slope."""
    height, wide = shape
    if upright:
        reach = turn * height
        return line(shape, (at - reach, -height / 2), (at + reach, 1.5 * height), width)
    reach = turn * wide
    return line(shape, (-wide / 2, at - reach), (1.5 * wide, at + reach), width)


def lit(shape: tuple[int, int], random: Random, level: float, falling: float) -> Plane:
    """Paper in light that falls off by a fraction to one side."""
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    across = np.cos(angle) * (x / shape[1] - 0.5) + np.sin(angle) * (y / shape[0] - 0.5)
    light: Plane = (level * (1 - falling * (across + 0.5))).astype(np.float32)
    return light


def image_of(plane: Plane | Color) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(plane, 0, 255)).astype(np.uint8))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


_PAPERS = ((232, 228, 220), (200, 200, 205), (225, 212, 190), (175, 180, 186), (190, 180, 165))
INKS = ((30, 30, 34), (40, 40, 140), (165, 40, 45), (60, 60, 70))
LINES = ((50, 50, 55), (90, 95, 100), (190, 60, 50), (70, 90, 150))


def photographed(
    layers: list[tuple[Plane, tuple[int, ...], float]], random: Random, *, blur: float, noise: float
) -> Image.Image:
    """Layers of (ink, colour, opacity) on lit paper, a little out of focus, noisy, as JPEG."""
    shape = layers[0][0].shape
    paper = np.array(_PAPERS[int(random.integers(len(_PAPERS)))], np.float32)
    light = lit(shape, random, 1.0, float(random.uniform(0.05, 0.3)))
    color = np.ones((*shape, 3), np.float32) * paper
    for ink, tone, opacity in layers:
        cover = (opacity * ink)[..., None]
        color = color * (1 - cover) + np.array(tone, np.float32) * cover
    color *= light[..., None]
    color = ndimage.gaussian_filter(color, (blur, blur, 0))
    color += random.normal(0, noise, shape)[..., None] + random.normal(0, noise / 2, color.shape)
    return jpeg(image_of(color), int(random.integers(70, 93)))


def choice(random: Random, choices: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return choices[int(random.integers(len(choices)))]

"""Photographs of drawings and of 28×28 pictures, good ones and bad: disturbances of what a camera sees."""

from __future__ import annotations

import dataclasses
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from benchmarks.disturbances import (
    ANGLES,
    ANGLES_BELOW,
    Disturbance,
    Kind,
    Random,
    box_of,
    lengths_along,
)
from trainer.picture.preprocess import Picture, picture_from_image
from trainer.picture.strokes import Drawing

Subject = Drawing | Picture
Plane = NDArray[np.float32]  # (side, side)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """How a photograph is taken; the defaults are those of a decent one.

    pixels: its side. pen: width of the pen that a drawing is written with, as a share of the drawing's size.
    turn: degrees clockwise. blur: standard deviation, as a share of the side. contrast: what the paper
    reflects less what the ink does, −1…1, the writing being light on dark where negative. light: the share
    that is lost from one side to the other; shadow: the share that is lost beyond an edge. noise: standard
    deviation of every pixel, in grey levels of 255. quality: JPEG's.
    """

    pixels: int = 160
    pen: float = 0.08
    turn: float = 0.0
    blur: float = 0.0
    contrast: float = 0.8
    light: float = 0.0
    shadow: float = 0.0
    noise: float = 2.0
    quality: int = 90


_FILLED = 0.6  # of a photograph's side is the size of the drawing on it
_EDGE = 0.04  # of the side: from light to shadow
_FINE = 800  # pixels a side, at least, on which a drawing is painted before it is made smaller


def photograph(subject: Subject, shot: Shot, random: Random) -> Image.Image:
    """A grey photograph. From one state of `random` all shots get light from the same side, and those of
    one size the same grain."""
    side = shot.pixels
    ink = _painted(subject, shot) if isinstance(subject, Drawing) else _enlarged(subject, side)
    if shot.turn:
        ink = ndimage.rotate(ink, -shot.turn, reshape=False, order=1)
    if shot.blur:
        ink = ndimage.gaussian_filter(ink, shot.blur * side)
    grey = 255 * (0.5 + shot.contrast * (0.5 - ink))
    angle, edge = random.uniform(0, 2 * np.pi), random.uniform(-0.2, 0.2)
    # From −½ where the light is to ½ on the other side, whatever the angle.
    across = (np.arange(side, dtype=np.float32) + 0.5) / side - 0.5
    depth = np.cos(angle) * across + np.sin(angle) * across[:, None]
    depth /= abs(np.cos(angle)) + abs(np.sin(angle))
    grey *= 1 - shot.light * (depth + 0.5)
    grey *= 1 - shot.shadow * np.clip((depth - edge) / _EDGE + 0.5, 0, 1)
    grey += shot.noise * random.standard_normal((side, side), np.float32)
    file = io.BytesIO()
    pixels = np.rint(np.clip(grey, 0, 255)).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=shot.quality)
    return Image.open(file)


def _painted(drawing: Drawing, shot: Shot) -> Plane:
    """How much of each pixel lies under ink, 0…1: by Pillow, and not by the raster that the program has."""
    finer = max(1, math.ceil(_FINE / shot.pixels))
    side = shot.pixels * finer
    low, high = box_of(drawing)
    size = _FILLED * side
    scale = size / (float((high - low).max()) or 1)
    paper = Image.new("L", (side, side))
    brush = ImageDraw.Draw(paper)
    width = max(1, round(shot.pen * size))
    for stroke in drawing.strokes:
        places = (stroke.points - (low + high) / 2) * scale + side / 2
        # Points nearer than a pixel of the photograph cost time and do not show.
        kept = np.diff(np.floor(lengths_along(places) / finer), prepend=-1) > 0
        kept[-1] = True
        points = [(float(x), float(y)) for x, y in places[kept]]
        brush.line(points, fill=255, width=width)
        if width > 2 or len(points) == 1:
            reach = (width - 1) / 2
            for x, y in points:
                brush.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.asarray(paper.reduce(finer), np.float32) / np.float32(255)


def _enlarged(picture: Picture, side: int) -> Plane:
    image = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32) / np.float32(255)


def _with(field: str, factor: float = 1.0) -> Callable[[Subject, float, Random], Picture | None]:
    """The pictures of photographs with one thing other than in a decent one: the strength times `factor`."""
    kind = type(getattr(Shot(), field))

    def picture(subject: Subject, strength: float, random: Random) -> Picture | None:
        changed: dict[str, Any] = {field: kind(strength * factor)}
        return picture_from_image(
            photograph(subject, dataclasses.replace(Shot(), **changed), random)
        )

    return picture


_PEN = Disturbance[Subject](
    name="pen",
    title="Width of the pen",
    about="from hairline to marker, as a share of the drawing's size",
    unit=" %",
    strengths=(0.5, 1, 2, 4, 8, 16, 24, 40),
    none=8,
    ticks=(0.5, 2, 8, 40),
    picture=_with("pen", 0.01),
    axis="log",
)
_TURN = Disturbance[Subject](
    name="rotation",
    title="Rotation",
    about="the paper turned, clockwise where positive",
    unit="°",
    strengths=ANGLES[::2],
    none=0,
    ticks=ANGLES_BELOW,
    picture=_with("turn"),
)
_CAMERA = (
    Disturbance[Subject](
        name="noise",
        title="Noise",
        about="standard deviation of every pixel, in grey levels of 255",
        unit="",
        strengths=(2, 10, 20, 40, 60, 80, 100),
        none=2,
        ticks=(2, 25, 50, 75, 100),
        picture=_with("noise"),
    ),
    Disturbance[Subject](
        name="blur",
        title="Blur",
        about="standard deviation, as a share of the photograph's side",
        unit=" %",
        strengths=(0, 1, 2, 3, 4, 6),
        none=0,
        ticks=(0, 2, 4, 6),
        picture=_with("blur", 0.01),
    ),
    Disturbance[Subject](
        name="contrast",
        title="Contrast; − is light on dark",
        about="what the paper reflects less what the ink does, as a share of the full range",
        unit=" %",
        strengths=(-80, -40, -20, -10, -5, 5, 10, 20, 40, 80),
        none=80,
        ticks=(-80, -10, 10, 80),
        axis="even",
        picture=_with("contrast", 0.01),
    ),
    Disturbance[Subject](
        name="light",
        title="Uneven light",
        about="light lost evenly from one side of the photograph to the other",
        unit=" %",
        strengths=(0, 40, 60, 80, 90, 95),
        none=0,
        ticks=(0, 25, 50, 75),
        picture=_with("light", 0.01),
    ),
    Disturbance[Subject](
        name="shadow",
        title="A shadow with an edge",
        about="light lost on one side of a line through the photograph",
        unit=" %",
        strengths=(0, 10, 20, 30, 40, 60, 80),
        none=0,
        ticks=(0, 20, 40, 60, 80),
        picture=_with("shadow", 0.01),
    ),
    Disturbance[Subject](
        name="quality",
        title="JPEG quality",
        about="as the programs that write JPEG count it",
        unit="",
        strengths=(1, 5, 10, 20, 40, 90),
        none=90,
        ticks=(90, 40, 20, 10, 5, 1),
        picture=_with("quality"),
        axis="log",
        falling=True,
    ),
    Disturbance[Subject](
        name="pixels",
        title="Size of the photograph",
        about="its side in pixels",
        unit=" px",
        strengths=(20, 28, 40, 56, 80, 160, 400),
        none=160,
        ticks=(400, 80, 20),
        picture=_with("pixels"),
        axis="log",
        falling=True,
    ),
)


def _plain(subject: Subject, random: Random) -> Picture | None:
    return picture_from_image(photograph(subject, Shot(), random))


#: Drawings can be written with another pen; …
OF_DRAWINGS = Kind[Subject](undisturbed=_plain, disturbances=(_PEN, *_CAMERA))
#: … pictures cannot, and are turned instead, as drawings are by their strokes.
OF_PICTURES = Kind[Subject](undisturbed=_plain, disturbances=(_TURN, *_CAMERA))

"""Lines of digits, letters and signs, written with the plainest forms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw

from tests.drawings import DIGITS, Strokes
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.letter_shapes import LETTER_SHAPES

#: Signs on the same paper of 280 units as the digits.
SIGNS: Mapping[str, Strokes] = {
    "+": [[(70, 140), (210, 140)], [(140, 70), (140, 210)]],
    "−": [[(70, 140), (210, 140)]],
    "×": [[(85, 85), (195, 195)], [(195, 85), (85, 195)]],
    "÷": [[(70, 140), (210, 140)], [(138, 80), (142, 82)], [(138, 200), (142, 202)]],
    "=": [[(70, 115), (210, 115)], [(70, 165), (210, 165)]],
    ".": [[(135, 240), (139, 244)]],
}


#: The plainest form of every character.
SHAPES: Mapping[str, Strokes] = {
    **{letter: shapes[0] for letter, shapes in LETTER_SHAPES.items()},
    **DIGITS,
    **SIGNS,
}


def written(text: str, *, step: float = 200, scale: float = 0.3, width: float = 8) -> Drawing:
    """The characters of a text one after the other, from left to right. step: from one to the next, before
    they are scaled."""
    strokes = []
    for place, character in enumerate(text):
        for points in SHAPES[character]:
            moved = [((x + place * step) * scale, y * scale) for x, y in points]
            strokes.append(Stroke.make(moved, width=width))
    return Drawing(tuple(strokes))


def photograph(rows: list[str], *, squares: bool = False, seed: int = 1) -> Image.Image:
    """Rows of characters on paper, 100 pixels from one to the next, with noise and, on squared paper, lines."""
    random = np.random.default_rng(seed)
    width = 80 + 100 * max(len(row) for row in rows)
    image = Image.new("L", (width, 60 + 120 * len(rows)), 225)
    pen = ImageDraw.Draw(image)
    if squares:
        for at in range(13, image.width, 40):
            pen.line([(at, 0), (at, image.height)], fill=180, width=2)
        for at in range(17, image.height, 40):
            pen.line([(0, at), (image.width, at)], fill=180, width=2)
    for number, row in enumerate(rows):
        for place, character in enumerate(row):
            for stroke in SHAPES[character]:
                points = [
                    (50 + 100 * place + x * 0.3, 30 + 120 * number + y * 0.3) for x, y in stroke
                ]
                pen.line(points, fill=40, width=6, joint="curve")
                for x, y in (points[0], points[-1]):
                    pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=40)
    noisy = np.asarray(image, float) + random.normal(0, 3, (image.height, image.width))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))

"""Characters read rightly on photographed pages: plain, ruled, squared, with boxes, an edge, a shadow.

The pages are made by the program: fifty digits of writers who were kept apart, in rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.composed import is_test, writers_of
from benchmarks.report import say
from benchmarks.scenes import INKS, LINES, choice, ink_of, line, line_across, photographed, put
from trainer.base.paths import data_folder
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.picture.strokes import Drawing
from trainer.segmentation.divide import GroupReader
from trainer.segmentation.page import Page, read_page

KINDS = ("plain", "ruled", "squared", "boxes", "edge", "shadow")
_ROWS, _COLUMNS = 5, 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """image: a photograph. written: label and middle (x, y), in pixels, of each character."""

    image: Image.Image
    written: tuple[tuple[str, float, float], ...]
    cell: float


def sheet(drawings: Sequence[tuple[str, Drawing]], kind: str, random: np.random.Generator) -> Sheet:
    """A page of _ROWS × _COLUMNS digits."""
    cell = float(random.uniform(70, 100))
    margin = 60.0
    shape = (round(_ROWS * cell * 1.25 + 2 * margin), round(_COLUMNS * cell + 2 * margin))
    ink = np.zeros(shape, np.float32)
    turn = float(random.uniform(-0.02, 0.02))
    written = []
    pen = float(random.uniform(0.07, 0.11))
    for place, (label, drawing) in enumerate(drawings):
        row, column = divmod(place, _COLUMNS)
        side = cell * float(random.uniform(0.52, 0.68))
        own = ink_of(drawing, side, pen)
        x = margin + (column + 0.5) * cell + float(random.normal(0, 0.04)) * cell
        y = margin + (row * 1.25 + 0.5) * cell + turn * x + float(random.normal(0, 0.03)) * cell
        put(ink, own, x - own.shape[1] / 2, y - own.shape[0] / 2)
        written.append((label, x, y))
    lines = np.zeros(shape, np.float32)
    thickness = float(random.uniform(1.2, 2.2))
    if kind in ("ruled", "squared", "shadow"):
        step = cell * 1.25 if kind == "ruled" else cell / 2
        for at in np.arange(float(random.uniform(5, step)), shape[0], step):
            np.maximum(lines, line_across(shape, at, thickness, turn / 2, False), out=lines)
    if kind in ("squared", "shadow"):
        for at in np.arange(float(random.uniform(5, cell / 2)), shape[1], cell / 2):
            np.maximum(lines, line_across(shape, at, thickness, -turn / 2, True), out=lines)
    if kind == "boxes":
        for _, x, y in written:
            half = 0.46 * cell
            corners = [
                (x - half, y - half),
                (x + half, y - half),
                (x + half, y + half),
                (x - half, y + half),
            ]
            for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
                np.maximum(lines, line(shape, a, b, thickness), out=lines)
    opacity = float(random.uniform(0.35, 0.7))
    image = photographed(
        [(lines, choice(random, LINES), opacity), (ink, choice(random, INKS), 0.95)],
        random,
        blur=float(random.uniform(0.4, 0.9)),
        noise=float(random.uniform(1, 4)),
    )
    if kind in ("shadow", "edge"):
        image = _shaded(image, kind, random)
    return Sheet(image=image, written=tuple(written), cell=cell)


def _shaded(image: Image.Image, kind: str, random: np.random.Generator) -> Image.Image:
    color = np.asarray(image.convert("RGB"), np.float32).copy()
    high, wide = color.shape[:2]
    if kind == "edge":  # the table beyond the page
        width = round(0.03 * wide)
        color[:, :width] *= 0.35
        color[-width:] *= 0.35
    else:
        y, x = np.mgrid[0:high, 0:wide]
        slope = float(random.uniform(-0.6, 0.6))
        dark = x > wide * float(random.uniform(0.3, 0.7)) + slope * (y - high / 2)
        color[dark] *= float(random.uniform(0.5, 0.7))
    return Image.fromarray(np.clip(color, 0, 255).astype(np.uint8))


def right(page: Page, truth: Sheet) -> tuple[int, int]:
    """How many of the written characters were read rightly where they stand, and how many were found more."""
    found = [one for row in page.lines for one in row.characters]
    middles = np.array(
        [(c.box[0] + c.box[2] / 2, c.box[1] + c.box[3] / 2) for c in found] or [(0, 0)]
    )
    hits = 0
    used: set[int] = set()
    for label, x, y in truth.written:
        apart = np.abs(middles - (x, y)).max(axis=1)
        nearest = int(apart.argmin())
        if found and apart[nearest] < 0.35 * truth.cell:
            used.add(nearest)
            hits += found[nearest].label == label
    return hits, len(found) - len(used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", default=None)
    parser.add_argument("--pages", type=int, default=10, help="of each kind")
    parser.add_argument("--development", action="store_true", help="other writers")
    given = parser.parse_args()
    reader = GroupReader(Recognizer(find_weights(given.weights), device="cpu"))
    share = (lambda n: 0.1 <= n < 0.19) if given.development else is_test
    path = data_folder() / "unipen/digits-dev.jsonl.gz"
    every = [
        pair for own in writers_of(path, share=share, labels=str.isdecimal).values() for pair in own
    ]
    say("| page | characters right, in their places | found where none is |")
    say("|---|--:|--:|")
    for number, kind in enumerate(KINDS):
        random = np.random.default_rng(500 + number)
        hits = more = total = 0
        for _ in range(given.pages):
            chosen = [every[int(i)] for i in random.integers(len(every), size=_ROWS * _COLUMNS)]
            made = sheet(chosen, kind, random)
            found = right(read_page(made.image, reader), made)
            hits, more, total = hits + found[0], more + found[1], total + len(made.written)
        say(f"| {kind} | {100 * hits / total:.2f} % | {more} of {total} |")


if __name__ == "__main__":
    main()

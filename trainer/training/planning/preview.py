"""A picture of a training batch: every image as it is, and beside it as the network gets it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from trainer.base.files import atomic_write
from trainer.datasets import TrainingData
from trainer.datasets.augmentation.images import Augmentation
from trainer.execution.execution import as_tensor, to_network

SCALE = 3  # pixels of the preview to one of a picture
COLUMNS = 8  # pairs in a row, at most
_SIDE = 28 * SCALE
_INNER, _OUTER = 4, 20  # pixels between the two of a pair, and between pairs
_LABEL = 24  # pixels below a pair
_TYPE = 14  # pixels
_GROUND, _TEXT = "#f8f8f6", "#1c1f23"


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """originals, changed: uint8 (N, 28, 28), the same images before and after augmentation."""

    originals: NDArray[np.uint8]
    changed: NDArray[np.uint8]
    labels: tuple[str, ...]


def sample_batch(
    data: TrainingData, augmentation: Augmentation | None, *, count: int, seed: int = 0
) -> Batch:
    """At most `count` training images, sampled as a run samples them: by the weights of their sources.

    Where strokes are known, an image is drawn again before it is augmented, as in training.
    """
    random = np.random.default_rng(seed)
    split = data.training
    chances = None if data.repeats is None else data.repeats / data.repeats.sum(dtype=np.float64)
    chosen = random.choice(len(split), size=min(count, len(split)), replace=False, p=chances)
    originals = split.pictures[chosen]
    pictures = originals.copy()
    if augmentation is not None and data.redraw is not None:
        positions, drawn = data.redraw(random, augmentation.strokes)
        drawn_again = {int(position): i for i, position in enumerate(positions)}
        for i, position in enumerate(chosen.tolist()):
            if position in drawn_again:
                pictures[i] = drawn[drawn_again[position]]
    if augmentation is not None:
        generator = torch.Generator().manual_seed(seed)
        images_nchw = augmentation(to_network(as_tensor(pictures), 0.0, 1.0), generator)
        pictures = images_nchw[:, 0].clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
    return Batch(
        originals=originals,
        changed=pictures,
        labels=tuple(split.labels[target] for target in split.targets[chosen]),
    )


def draw_batch(batch: Batch, *, title: str = "") -> Image.Image:
    """Pairs in rows with their labels below; pixels stay squares. RGB, about 1,550 pixels wide."""
    count = len(batch.labels)
    columns = max(min(COLUMNS, math.ceil(math.sqrt(count))), 1)
    rows = math.ceil(count / columns)
    width, height = 2 * _SIDE + _INNER + _OUTER, _SIDE + _LABEL + _OUTER
    top = _OUTER + (_LABEL if title else 0)
    font = ImageFont.load_default(_TYPE)
    across = max(columns * width, math.ceil(font.getlength(_printable(title))) + _OUTER) + _OUTER
    image = Image.new("RGB", (across, top + rows * height), _GROUND)
    pen = ImageDraw.Draw(image)
    if title:
        pen.text((_OUTER, _OUTER - 4), _printable(title), fill=_TEXT, font=font)
    for i, label in enumerate(batch.labels):
        left, upper = _OUTER + i % columns * width, top + i // columns * height
        for picture, x in ((batch.originals[i], left), (batch.changed[i], left + _SIDE + _INNER)):
            large = Image.fromarray(picture).resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
            image.paste(large, (x, upper))
        text = _printable(label)
        while len(text) > 1 and pen.textlength(text, font) > 2 * _SIDE + _INNER:
            text = text.removesuffix("...")[:-1] + "..."
        pen.text((left, upper + _SIDE + 4), text, fill=_TEXT, font=font)
    return image


def write_preview(image: Image.Image, path: Path) -> None:
    """Writes a PNG file. Raises RunError where it cannot be written."""
    with atomic_write(path) as temporary:
        image.save(temporary, "PNG", optimize=True)


def _printable(text: str) -> str:
    """Characters that Pillow's own font lacks as escapes, not as boxes."""
    return text.encode("latin-1", "backslashreplace").decode("latin-1")

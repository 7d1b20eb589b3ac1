"""A segmenter of a few kilobytes that learns from made images where one digit's ink is.

It sees a thumbnail of 64 × 64 pixels and says how likely each of them is ink; the ink itself is then taken
from the image's own pixels. benchmarks.learned_segmenter compares it with the rules of
trainer.picture.images.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch import nn
from torch.nn import functional

from benchmarks.disturbances import Random
from benchmarks.photographs import Shot, photograph
from benchmarks.picture_kinds import KINDS, by_hand, printed, several
from benchmarks.report import say
from benchmarks.scenes import Plane, Subject, Unseen, Written, lit
from trainer.picture.images.image_file import grey_of
from trainer.picture.resampling import averages
from trainer.synthetic.synthetic_digits import synthetic_digits

_SIDE = 64  # pixels a side that the segmenter sees
_WIDTHS = (12, 16, 24)  # channels at a side of 32, 16 and 8
_SEED = 1
_EMPTY = 0.08  # of the images that are learned from show no digit
_LEAST_INK = 12  # of 255, as in the rules
_LEAST_RANGE = 12  # of 255: what differs less is the scanner's or JPEG's
_LEAST_PIXELS = 3  # of the mask: fewer are nothing
_SMALL = 56  # pixels a side up to which an image is not much larger than the picture made of it
_NEAR = 3.0  # pixels of the mask within which the paper is estimated, …
_AROUND = 6.0  # … and the ink's strength
_FAINT = 0.2  # of the ink's full strength: the ramp from paper to ink begins

Maker = Callable[[Subject, Random], Image.Image]


# --- images with known ink


def pair(make: Maker, subject: Written, key: Sequence[int]) -> tuple[Plane, Plane]:
    """One image in grey with its digit and without it, otherwise the same to the last grain."""
    shown, empty = (
        grey_of(make(some, np.random.default_rng(key))) for some in (subject, Unseen(subject))
    )
    assert shown is not None
    assert empty is not None
    return shown, empty


def ink_between(shown: Plane, empty: Plane) -> Plane:
    """How much of each pixel is ink, 0…1."""
    apart = np.abs(shown - empty)
    strong = apart[apart > _LEAST_INK]
    if not strong.size:
        return np.zeros_like(apart)
    return np.clip((apart / np.percentile(strong, 90) - 0.15) / 0.5, 0, 1).astype(np.float32)


def shot_of(random: Random) -> Shot:
    """A photograph, good or bad."""
    return Shot(
        pixels=int(np.exp(random.uniform(np.log(40), np.log(260)))),
        pen=float(random.uniform(0.03, 0.16)),
        blur=float(random.uniform(0, 0.02)),
        contrast=float(random.choice([-1, 1]) * random.uniform(0.12, 0.9)),
        light=float(random.choice([0, random.uniform(0, 0.9)])),
        shadow=float(random.choice([0, random.uniform(0.05, 0.85)])),
        noise=float(random.uniform(1, 20)),
        quality=int(random.integers(20, 95)),
    )


def photographed(subject: Subject, random: Random, shot: Shot) -> Image.Image:
    blank = np.zeros((28, 28), np.uint8)
    return photograph(blank if isinstance(subject, Unseen) else subject, shot, random)


def _beside(others: Sequence[Written]) -> Maker:
    """Makes images of a digit and the others, which are not seen where it is not."""

    def make(subject: Subject, random: Random) -> Image.Image:
        blank = isinstance(subject, Unseen)
        more = [Unseen(s) if blank else s for s in others]
        subjects: list[Subject] = [subject, *more]
        return several(subjects, random)

    return make


def example(number: int, seed: int, subjects: Sequence[Written]) -> tuple[Plane, Plane]:
    """Grey and ink of one made image to learn from."""
    random = np.random.default_rng([seed, number])
    key = [seed, number, 1]
    subject = subjects[int(random.integers(len(subjects)))]
    chance = random.random()
    if chance < 0.25:
        shot = shot_of(random)
        clear = replace(shot, light=0, shadow=0, noise=0, quality=95)
        ink = ink_between(*pair(lambda s, r: photographed(s, r, clear), subject, key))
        shown, empty = pair(lambda s, r: photographed(s, r, shot), subject, key)
    else:
        make = KINDS[int(random.integers(len(KINDS)))].make
        if chance < 0.33:
            others = random.integers(len(subjects), size=int(random.integers(1, 4)))
            make = _beside([subjects[int(i)] for i in others])
        elif chance < 0.38:
            make = by_hand
        shown, empty = pair(make, subject, key)
        ink = ink_between(shown, empty)
        if min(shown.shape) > 40 and random.random() < 0.3:
            shade = _shadow(shown.shape, random)
            shown, empty = shown * shade, empty * shade
    if random.random() < _EMPTY:
        return empty, np.zeros_like(ink)
    return shown, ink


def _shadow(shape: tuple[int, ...], random: Random) -> Plane:
    """The share of light that is left beside an edge that is more or less sharp."""
    rows, columns = shape
    slope = lit((rows, columns), random, 1, 1) - 0.5  # −½…½ from one side to the other, about
    width = float(np.exp(random.uniform(np.log(0.015), np.log(0.3))))
    beyond = np.clip((slope - random.uniform(-0.3, 0.3)) / width + 0.5, 0, 1)
    return (1 - random.uniform(0.1, 0.7) * beyond).astype(np.float32)


def examples(count: int, seed: int = _SEED) -> tuple[torch.Tensor, torch.Tensor]:
    """float32 (N, 2, 64, 64) as seen, and (N, 64, 64) ink."""
    digits: list[Written] = [drawing for _, drawing in synthetic_digits(max(count, 100), seed=seed)]
    digits += [printed(str(i % 10)) for i in range(len(digits) // 10)]
    inputs = np.zeros((count, 2, _SIDE, _SIDE), np.float32)
    targets = np.zeros((count, _SIDE, _SIDE), np.float32)
    for i in range(count):
        grey, ink = example(i, seed, digits)
        inputs[i], place = seen(grey)
        target = targets[i][place]
        target[...] = resized(ink, target.shape)
        if i % 1000 == 999:
            say(f"{i + 1} images made")
    return torch.from_numpy(inputs), torch.from_numpy(targets)


# --- the segmenter


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False),
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class Segmenter(nn.Module):
    """Logits (N, 64, 64) of ink from (N, 2, 64, 64): a U-Net of depthwise separable convolutions.

    It works on squares of 2 × 2 pixels, and says four answers for each.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c = _WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(8, a, 3, 1, 1, bias=False), nn.BatchNorm2d(a), nn.ReLU()
        )
        self.down = nn.ModuleList([_block(a, b, 2), _block(b, c, 2)])
        self.middle = nn.ModuleList([_block(c, c), _block(c, c)])
        self.up = nn.ModuleList([_block(c + b, b), _block(b + a + 8, b)])
        self.head = nn.Conv2d(b, 4, 1)

    def forward(self, images_nchw: torch.Tensor) -> torch.Tensor:
        squares = functional.pixel_unshuffle(images_nchw, 2)
        stem = self.stem(squares)
        half = self.down[0](stem)
        found = self.down[1](half)
        for middle in self.middle:
            found = found + middle(found)
        for up, beside in zip(self.up, ([half], [stem, squares]), strict=True):
            larger = functional.interpolate(found, scale_factor=2.0, mode="nearest")
            found = up(torch.cat([larger, *beside], 1))
        logits: torch.Tensor = functional.pixel_shuffle(self.head(found), 2)[:, 0]
        return logits


def trained(
    inputs: torch.Tensor, targets: torch.Tensor, epochs: int, *, batch: int = 64
) -> Segmenter:
    """A segmenter that learned from the images, turned, mirrored and inverted."""
    torch.manual_seed(_SEED)
    model = Segmenter().to(memory_format=torch.channels_last)
    steps = epochs * (len(inputs) // batch)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        rows = torch.randperm(len(inputs))
        for at in range(0, len(rows) - batch + 1, batch):
            chosen = rows[at : at + batch]
            turns, mirrored, light = (int(n) for n in torch.randint(0, 4, (3,)))
            both = torch.cat([inputs[chosen], targets[chosen][:, None]], 1).rot90(turns, (2, 3))
            if mirrored % 2:
                both = both.flip(3)
            x = both[:, :2].contiguous(memory_format=torch.channels_last)
            wanted = both[:, 2]
            if light % 2:
                x[:, 0] *= -1
            logits = model(x)
            loss = functional.binary_cross_entropy_with_logits(logits, wanted)
            ink = logits.sigmoid()
            overlap = 2 * (ink * wanted).sum((1, 2)) + 1
            loss = loss + (1 - overlap / ((ink + wanted).sum((1, 2)) + 1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        say(f"epoch {epoch + 1}: loss {total / (len(rows) // batch):.4f}")
    return model.eval()


# --- from the mask to ink


def mask_of(model: Segmenter, grey: Plane) -> Plane:
    """How likely each pixel of the image's thumbnail (its longer side is _SIDE) is ink, 0…1."""
    field, place = seen(grey)
    with torch.inference_mode():
        ink = model(torch.from_numpy(field)[None]).sigmoid()[0].numpy()
    return np.asarray(ink[place], np.float32)


def sureness(mask: Plane) -> float:
    """0…1: how little the mask wavers between ink and paper where there may be ink."""
    return float(np.square(mask).sum() / max(float(mask.sum()), 1e-6))


def seen(grey: Plane) -> tuple[Plane, tuple[slice, slice]]:
    """float32 (2, _SIDE, _SIDE): the grey and where the image is; and the latter as slices."""
    small = resized(grey, tuple(max(1, round(_SIDE * n / max(grey.shape))) for n in grey.shape))
    low, high = np.percentile(small, (0.5, 99.5))
    small = (small - np.median(small)) / max(float(high - low), _LEAST_RANGE)
    top, left = ((_SIDE - n) // 2 for n in small.shape)
    place = slice(top, top + small.shape[0]), slice(left, left + small.shape[1])
    field = np.zeros((2, _SIDE, _SIDE), np.float32)
    field[0][place], field[1][place] = small, 1
    return field, place


def ink_by_mask(grey: Plane, mask: Plane) -> Plane | None:
    """The ink, 0…255, in a plane of grey, or None where the mask has none.

    Paper and ink are estimated around each pixel of the thumbnail; of the image's own pixels those are ink
    that the mask is near to and that differ from the paper as the ink does.
    """
    if np.count_nonzero(mask > 0.5) < _LEAST_PIXELS:
        return None
    paper, contrast = _levels(resized(grey, mask.shape), mask)
    near = _stretched(ndimage.maximum_filter(mask, 3), grey.shape)
    strength = (grey - _stretched(paper, grey.shape)) / _stretched(contrast, grey.shape)
    if max(grey.shape) > _SMALL:
        strength = (strength - _FAINT) / (1 - 2 * _FAINT)
    ink = np.clip(strength, 0, 1) * np.clip(2 * near, 0, 1)
    labels, _ = ndimage.label(ink > 0.1, np.ones((3, 3)))
    cores = np.unique(labels[(_stretched(mask, grey.shape) > 0.5) & (ink > 0.5)])
    kept = np.isin(labels, cores[cores > 0])
    return np.where(kept, 255 * ink, 0).astype(np.float32) if kept.any() else None


def _levels(small: Plane, mask: Plane) -> tuple[Plane, Plane]:
    """The paper around each pixel, and by how much ink differs from it there."""
    weight = np.square(1 - mask) + 1e-4
    for _ in range(2):
        paper = ndimage.gaussian_filter(small * weight, _NEAR)
        paper /= ndimage.gaussian_filter(weight, _NEAR) + 1e-9
        above = float((mask * (small - paper)).sum() / np.square(mask).sum())
        # Lines and edges beside the ink are no paper.
        apart = (small - paper) / (0.5 * max(abs(above), 1))
        weight = (np.square(1 - mask) + 1e-4) * np.exp(-np.square(apart)) + 1e-6
    local = ndimage.gaussian_filter(mask * (small - paper), _AROUND) + 1e-3 * above
    local /= ndimage.gaussian_filter(np.square(mask), _AROUND) + 1e-3
    low, high = sorted((0.4 * above, 1.6 * above))
    contrast = np.clip(local, low, high)
    steep = np.where(np.abs(contrast) < 1, np.copysign(1, above), contrast)
    return paper, steep.astype(np.float32)


def resized(plane: Plane, shape: tuple[int, ...]) -> Plane:
    """The plane's area averages at another size."""
    rows, columns = (averages(0, n / m, n, m) for n, m in zip(plane.shape, shape, strict=True))
    return np.asarray(rows @ plane @ columns.T, np.float32)


def _stretched(plane: Plane, shape: tuple[int, ...]) -> Plane:
    """The plane at another size, linearly between the middles of its pixels."""
    ways = []
    for old, new in zip(plane.shape, shape, strict=True):
        at = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        ways.append(np.maximum(0, 1 - np.abs(at[:, None] - np.arange(old))).astype(np.float32))
    return np.asarray(ways[0] @ plane @ ways[1].T, np.float32)

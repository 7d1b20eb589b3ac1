"""Augmentation of a whole batch on the device, within what handwriting does: no flips."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from trainer.datasets.augmentation.spec import (
    PRESETS,
    STROKE_AMOUNTS,
    StrokeAugmentation,
    parse_augmentation,
)

#: Pixels of the picture to one of the image where the digit's 20 were 16, and 8 (and a little fewer).
_FINEST = 1.25
_COARSEST = 2.75


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far each image may be changed; every amount is drawn independently for every image.

    degrees, shear: largest rotation and slant in degrees. scale: largest relative change of size, drawn
    for width and height apart. shift: largest move in pixels, by whole ones where nothing else moves
    the ink: a copy costs a tenth of an interpolation. elastic: spread in pixels of the smooth
    displacement (Simard, Steinkraus, Platt 2003), given on a coarse grid of `elastic_grid` points a side
    instead of by filtering noise. thickness: largest share of the way to the picture thickened (or
    thinned) by one pixel on each side. coarse: the probability of looking as the picture of an image of 8 to
    16 pixels a side does. noise: largest spread of what is added to every pixel, as grain does.
    strokes: how strokes are changed before, where they are known (trainer.datasets.augmentation.redrawing).
    """

    degrees: float = 0.0
    shear: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    elastic_grid: int = 5
    thickness: float = 0.0
    coarse: float = 0.0
    noise: float = 0.0
    strokes: StrokeAugmentation = field(default_factory=StrokeAugmentation)

    @property
    def only_shifts(self) -> bool:
        """Whether images are moved by whole pixels and not changed otherwise."""
        return bool(self.shift) and self == Augmentation(shift=self.shift, strokes=self.strokes)

    @property
    def _turns(self) -> bool:
        return bool(self.degrees or self.shear or self.scale or self.elastic)

    def __call__(self, pictures: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """float32 pictures (N, 1, S, S), square, in 0…1, changed; the same shape, device and range.

        uint8 ones, too, where it `only_shifts`.
        """
        if self.thickness:
            pictures = self._change_thickness(pictures, generator)
        if self.shift and not self._turns:
            pictures = self._shift_by_pixels(pictures, generator)
        elif self._turns:
            grid = F.affine_grid(
                self._matrices(pictures, generator), list(pictures.shape), align_corners=False
            )
            if self.elastic:
                grid = grid + self._displacement(pictures, generator)
            pictures = F.grid_sample(pictures, grid, align_corners=False)
        if self.coarse:
            pictures = self._make_some_coarse(pictures, generator)
        if self.noise:
            pictures = self._add_noise(pictures, generator)
        return pictures

    def _shift_by_pixels(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        count, _, height, width = pictures.shape
        most = int(self.shift)
        row = width + 2 * most
        # One row more, in which the lowest window ends.
        padded = F.pad(pictures, (most, most, most, most + 1))
        # A shifted picture is one stretch of memory: faster to copy than its lines one by one.
        stretches = padded.flatten(1).unfold(1, height * row, 1)  # (N, starts, H·row)
        drawn = torch.randint(2 * most + 1, (2, count), device=pictures.device, generator=generator)
        number = torch.arange(count, device=pictures.device)
        shifted = stretches[number, drawn[0] * row + drawn[1]].view(count, 1, height, row)
        return shifted[..., :width].contiguous()

    def _matrices(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        """(N, 2, 3): from output to input coordinates, which run from −1 to 1 across the picture."""
        count, device = len(pictures), pictures.device

        def uniform(limit: float) -> Tensor:
            drawn = torch.rand(count, device=device, generator=generator)
            return (2 * drawn - 1) * limit

        angle = uniform(math.radians(self.degrees))
        slant = torch.tan(uniform(math.radians(self.shear)))
        width, height = 1 + uniform(self.scale), 1 + uniform(self.scale)
        cos, sin = torch.cos(angle), torch.sin(angle)
        unit = 2 / pictures.shape[-1]
        rows = [
            torch.stack([cos * width, (cos * slant - sin) * height, uniform(self.shift * unit)], 1),
            torch.stack([sin * width, (sin * slant + cos) * height, uniform(self.shift * unit)], 1),
        ]
        return torch.stack(rows, 1)

    def _displacement(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        count, _, height, width = pictures.shape
        points = self.elastic_grid
        coarse = torch.randn(count, 2, points, points, device=pictures.device, generator=generator)
        fine = F.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
        return fine.permute(0, 2, 3, 1) * (self.elastic * 2 / width)

    def _change_thickness(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        amount = torch.rand(len(pictures), 1, 1, 1, device=pictures.device, generator=generator)
        amount = (2 * amount - 1) * self.thickness
        thicker = F.max_pool2d(pictures, 3, stride=1, padding=1)
        thinner = -F.max_pool2d(-pictures, 3, stride=1, padding=1)
        # lerp towards the thickened picture for positive amounts, towards the thinned for negative.
        target = torch.where(amount > 0, thicker, thinner)
        return torch.lerp(pictures, target, amount.abs())

    def _make_some_coarse(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        drawn = torch.rand(len(pictures), device=pictures.device, generator=generator)
        places = (drawn < self.coarse).nonzero()[:, 0]
        if not len(places):
            return pictures
        some = pictures[places, 0]
        amounts = torch.rand(3, len(places), device=pictures.device, generator=generator)
        step = _FINEST + (_COARSEST - _FINEST) * amounts[0]
        rows, columns = (_blurring(step, share * step, some.shape[-1]) for share in amounts[1:])
        seen = rows @ some @ columns.transpose(1, 2)
        seen = seen / seen.amax((1, 2), keepdim=True).clamp_min(1e-6)
        return pictures.index_put((places,), (2 * seen - 0.5).clamp(0, 1)[:, None])

    def _add_noise(self, pictures: Tensor, generator: torch.Generator | None) -> Tensor:
        amount = torch.rand(len(pictures), 1, 1, 1, device=pictures.device, generator=generator)
        grain = torch.randn(pictures.shape, device=pictures.device, generator=generator)
        return (pictures + self.noise * amount * grain).clamp_(0, 1)


def _blurring(step: Tensor, before: Tensor, side: int) -> Tensor:
    """(N, S, S): what averages a row of S pixels over cells of `step` pixels, the first of which begins
    `before` pixels before the row, and interpolates between their middles.

    As trainer.picture.resampling does it."""
    pixels = torch.arange(side, device=step.device)
    cells = torch.arange(int(side / _FINEST) + 2, device=step.device)
    low = step[:, None] * cells - before[:, None]
    overlap = torch.minimum((low + step[:, None])[..., None], pixels + 1.0)
    overlap = (overlap - torch.maximum(low[..., None], pixels)).clamp_min(0)
    at = (pixels + 0.5 + before[:, None]) / step[:, None] - 0.5
    between = (1 - (at[..., None] - cells).abs()).clamp_min(0)
    return between @ (overlap / step[:, None, None])


def augmentation_of(text: str) -> Augmentation | None:
    """The augmentation that a text of trainer.datasets.augmentation.spec means; None for no change.

    Raises ConfigError.
    """
    amounts = parse_augmentation(text)
    if not amounts:
        return None
    strokes: dict[str, Any] = {
        name: amounts.pop(name) for name in STROKE_AMOUNTS if name in amounts
    }
    fields: dict[str, Any] = {"degrees": amounts.pop("rotation", 0.0), **amounts}
    return Augmentation(**fields, strokes=StrokeAugmentation(**strokes))


#: Those that have a name.
AUGMENTATIONS: dict[str, Augmentation | None] = {name: augmentation_of(name) for name in PRESETS}

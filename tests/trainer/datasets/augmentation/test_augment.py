"""Augmentation does what hands do: a little, in range, and never a mirror's picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from tests.trainer.images import difference
from trainer.base.errors import ConfigError
from trainer.datasets.augmentation.images import AUGMENTATIONS, Augmentation, augmentation_of
from trainer.datasets.augmentation.spec import (
    AMOUNTS,
    PRESETS,
    STROKE_AMOUNTS,
    StrokeAugmentation,
    parse_augmentation,
)
from trainer.picture.preprocess import picture_from_drawing, picture_from_image
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")

ONE_BY_ONE = {
    "degrees": Augmentation(degrees=15),
    "shear": Augmentation(shear=15),
    "scale": Augmentation(scale=0.2),
    "shift": Augmentation(shift=3),
    "elastic": Augmentation(elastic=1),
    "thickness": Augmentation(thickness=1),
    "coarse": Augmentation(coarse=1),
    "noise": Augmentation(noise=0.2),
}
CHANGING = ONE_BY_ONE | {name: how for name, how in AUGMENTATIONS.items() if how is not None}


def _generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _letter_f(count: int = 1) -> Tensor:
    """A shape that no turn and no mirror maps onto itself. float32 (count, 1, 28, 28)."""
    picture = torch.zeros(28, 28)
    picture[5:23, 9:12] = 1
    picture[5:8, 9:20] = 1
    picture[12:15, 9:16] = 1
    return picture.expand(count, 1, 28, 28).clone()


def _centres(pictures: Tensor) -> Tensor:
    """(N, 2): row and column of each picture's centre of mass."""
    places = torch.arange(28.0)
    mass = pictures.sum((1, 2, 3))
    rows = (pictures.sum((1, 3)) * places).sum(1) / mass
    columns = (pictures.sum((1, 2)) * places).sum(1) / mass
    return torch.stack([rows, columns], 1)


@pytest.mark.parametrize("how", CHANGING.values(), ids=CHANGING)
def test_shape_range_and_kind_stay(how: Augmentation) -> None:
    pictures = torch.rand(50, 1, 28, 28, generator=_generator())
    before = pictures.clone()
    changed = how(pictures, _generator())
    assert changed.shape == pictures.shape
    assert changed.dtype == torch.float32
    assert changed.device == pictures.device
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert torch.equal(pictures, before)  # what was handed in is not touched
    assert not torch.equal(changed, before)


@pytest.mark.parametrize("how", CHANGING.values(), ids=CHANGING)
def test_the_seed_says_what_happens(how: Augmentation) -> None:
    pictures = _letter_f(8)
    once, again, other = (how(pictures, _generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)


@pytest.mark.parametrize("how", CHANGING.values(), ids=CHANGING)
def test_every_picture_has_its_own_luck(how: Augmentation) -> None:
    changed = how(_letter_f(8), _generator())
    # Of 49 whole shifts two may be drawn twice.
    assert len({picture.numpy().tobytes() for picture in changed}) >= 6


def test_none_is_none() -> None:
    assert AUGMENTATIONS["none"] is None
    pictures = torch.rand(3, 1, 28, 28)
    assert torch.equal(Augmentation()(pictures), pictures)


@pytest.mark.parametrize("how", CHANGING.values(), ids=CHANGING)
def test_nothing_is_mirrored_or_turned_over(how: Augmentation) -> None:
    """Each picture, and their mean, look more like what they were than like any mirror image of it."""
    pictures = _letter_f(200)
    changed = how(pictures, _generator())
    flips = [pictures.flip(3), pictures.flip(2), pictures.flip((2, 3)), pictures.transpose(2, 3)]

    def apart(a: Tensor, b: Tensor) -> Tensor:
        return (a - b).square().sum((1, 2, 3))

    for flipped in flips:
        closer = apart(changed, pictures) < apart(changed, flipped)
        assert closer.float().mean() > 0.9
        mean = changed.mean(0, keepdim=True)
        assert apart(mean, pictures[:1]) < 0.7 * apart(mean, flipped[:1])


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_shift_stays_within_its_limit_and_uses_it(limit: int) -> None:
    pictures = _letter_f(500)
    moved = _centres(Augmentation(shift=limit)(pictures, _generator())) - _centres(pictures)
    assert moved.abs().max() <= limit + 0.01
    for axis in (0, 1):
        assert moved[:, axis].max() > 0.9 * limit
        assert moved[:, axis].min() < -0.9 * limit
        assert moved[:, axis].mean().abs() < 0.2 * limit


@pytest.mark.parametrize("dtype", [torch.float32, torch.uint8])
def test_a_shifted_picture_is_a_crop_of_the_padded_one(dtype: torch.dtype) -> None:
    pictures = torch.randint(1, 256, (200, 1, 28, 28), generator=_generator()).to(dtype)
    moved = Augmentation(shift=2)(pictures, _generator())
    assert moved.dtype == dtype
    assert moved.is_contiguous()
    down, right = torch.randint(5, (2, 200), generator=_generator()).tolist()
    assert set(zip(down, right, strict=True)) >= {(0, 0), (0, 4), (4, 0), (4, 4)}
    for before, after, y, x in zip(pictures, moved, down, right, strict=True):
        padded = torch.nn.functional.pad(before, (2, 2, 2, 2))
        assert torch.equal(after, padded[:, y : y + 28, x : x + 28])


def test_whole_pixels_alone_can_be_moved_as_bytes() -> None:
    assert {name for name, how in CHANGING.items() if how.only_shifts} == {"shift"}


def test_a_turn_stays_within_its_limit() -> None:
    bar = torch.zeros(200, 1, 28, 28)
    bar[:, :, 4:24, 13:15] = 1
    turned = Augmentation(degrees=10)(bar, _generator()).squeeze(1)
    places = torch.arange(28.0) - 13.5
    mass = turned.sum((1, 2))
    uneven = (turned * places[:, None] * places[None, :]).sum((1, 2)) / mass
    along = (turned * places[:, None].square()).sum((1, 2)) / mass
    across = (turned * places[None, :].square()).sum((1, 2)) / mass
    degrees = torch.rad2deg(0.5 * torch.atan2(2 * uneven, along - across))
    assert 8 < degrees.abs().max() <= 10.5
    assert degrees.min() < 0 < degrees.max()


def test_a_scale_changes_width_and_height_apart() -> None:
    box = torch.zeros(300, 1, 28, 28)
    box[:, :, 9:19, 9:19] = 1
    scaled = Augmentation(scale=0.2)(box, _generator()).squeeze(1)
    high = scaled.sum(1).amax(1)
    wide = scaled.sum(2).amax(1)
    for side in (high, wide):
        assert 10 / 1.25 < side.min() < 9
        assert 11 < side.max() < 10 / 0.78
    assert torch.corrcoef(torch.stack([high, wide]))[0, 1].abs() < 0.2


def test_thickness_goes_both_ways_and_ink_stays_where_it_was() -> None:
    pictures = _letter_f(200)
    changed = Augmentation(thickness=1)(pictures, _generator())
    mass, before = changed.sum((1, 2, 3)), pictures.sum((1, 2, 3))
    assert mass.min() < 0.6 * before[0]
    assert mass.max() > 1.4 * before[0]
    near = torch.nn.functional.max_pool2d(pictures, 3, stride=1, padding=1)
    assert (changed <= near).all()


def test_an_elastic_change_is_smooth_and_small() -> None:
    slope = torch.arange(28.0).div(27).expand(200, 1, 28, 28).contiguous()
    changed = Augmentation(elastic=1)(slope, _generator())[..., 4:-4, 4:-4]
    moved = (changed - slope[..., 4:-4, 4:-4]) * 27  # in pixels, as the slope is one step a pixel
    assert 0.3 < moved.std() < 1.2
    assert moved.diff(dim=2).abs().max() < 1.0


def test_coarse_is_what_images_of_few_pixels_look_like() -> None:
    nearer = []
    for _, drawing in synthetic_digits(10, seed=5):
        fine = picture_from_drawing(drawing)
        assert fine is not None
        box = fine[np.ix_(fine.any(1), fine.any(0))]
        width = max(2, round(box.shape[1] / 2.5))
        small = Image.fromarray(box).resize((width, 8), Image.Resampling.BOX)
        seen = picture_from_image(small)
        assert seen is not None
        many = torch.from_numpy(fine).float().div(255).expand(100, 1, 28, 28)
        changed = Augmentation(coarse=1)(many, _generator())[:, 0]
        found = min(difference((255 * one).byte().numpy(), seen) for one in changed)
        nearer.append(found / difference(fine, seen))
    assert np.mean(nearer) < 0.7


# --- as a text


def test_a_name_amounts_or_both() -> None:
    assert augmentation_of("none") is None
    assert augmentation_of("strong") == AUGMENTATIONS["strong"]
    assert augmentation_of("rotation=20, scale=0.2") == Augmentation(degrees=20, scale=0.2)
    strong = AUGMENTATIONS["strong"]
    assert strong is not None
    changed = augmentation_of("strong,noise=0.1,shift=0")
    assert changed == dataclasses.replace(strong, noise=0.1, shift=0)


def test_amounts_for_strokes_stand_beside_those_for_pictures() -> None:
    assert augmentation_of("hooks=0.5,shift=1") == Augmentation(
        shift=1, strokes=StrokeAugmentation(hooks=0.5)
    )
    assert augmentation_of("strong,gaps=0") == AUGMENTATIONS["strong"]
    hands = AUGMENTATIONS["strokes"]
    assert hands is not None
    assert {name: getattr(hands.strokes, name) for name in STROKE_AMOUNTS} == {
        name: PRESETS["strokes"][name] for name in STROKE_AMOUNTS
    }
    assert augmentation_of("strokes,shapes=0") == dataclasses.replace(
        hands, strokes=dataclasses.replace(hands.strokes, shapes=0)
    )
    for name in ("shift", "strong"):  # as it was before there were such amounts
        preset = AUGMENTATIONS[name]
        assert preset is not None
        assert preset.strokes == StrokeAugmentation()


@pytest.mark.parametrize("name", [*AMOUNTS, *STROKE_AMOUNTS])
def test_every_amount_has_its_bounds(name: str) -> None:
    most = {**AMOUNTS, **STROKE_AMOUNTS}[name]
    assert parse_augmentation(f"{name}={most}") == {name: most}
    for amount in (most * 1.01, -0.1, float("nan"), float("inf")):
        with pytest.raises(ConfigError, match=f"{name} is from 0 to {most:g}"):
            parse_augmentation(f"{name}={amount}")


@pytest.mark.parametrize("text", ["", "weak", "flip=1", "noise", "shift,strong", "noise=much", ","])
def test_what_is_possible_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match=r"strong,noise=0\.1") as caught:
        parse_augmentation(text)
    assert all(name in str(caught.value) for name in [*AMOUNTS, *STROKE_AMOUNTS, *PRESETS])

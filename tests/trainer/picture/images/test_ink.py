"""Pictures of images: whatever shows the same digit makes (nearly) the same picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.drawings import DIGITS, PAPER, Strokes, painted
from tests.trainer.images import difference, image_of, jpeg, of_image, of_strokes, photographed
from trainer.picture.preprocess import finish, picture_from_image


def chalked(strokes: Strokes, size: int, width: float) -> Image.Image:
    """Chalk on a board in the same light."""
    paper = np.asarray(photographed(strokes, size, width), float)
    blank = np.asarray(photographed([], size, width), float)
    return image_of(blank * (1.15 - paper / blank))


def in_a_frame(strokes: Strokes, inset: int, line: int) -> Image.Image:
    image = painted(strokes)
    ImageDraw.Draw(image).rectangle(
        (inset, inset, PAPER - 1 - inset, PAPER - 1 - inset), outline=0, width=line
    )
    return image


def dusty(strokes: Strokes) -> Image.Image:
    specks = np.kron(np.random.default_rng(5).random((140, 140)) > 0.002, np.ones((2, 2)))
    return image_of(np.asarray(painted(strokes)) * specks)


def on_a_transparent_page(strokes: Strokes) -> Image.Image:
    page = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    page.paste(
        painted(strokes, ink=(0, 0, 0, 255), paper=(255, 255, 255, 255), mode="RGBA"), (50, 90)
    )
    return page


def salted(strokes: Strokes) -> Image.Image:
    chance = np.random.default_rng(6).random((PAPER, PAPER))
    return image_of(
        np.where(chance < 0.02, 0, np.where(chance > 0.98, 255, np.asarray(painted(strokes))))
    )


def grainy(strokes: Strokes, sigma: float) -> Image.Image:
    grain = np.random.default_rng(7).normal(0, sigma, (PAPER, PAPER))
    return image_of(40 + 0.7 * np.asarray(painted(strokes)) + grain)


#: What is done to the digit, and how far the picture may be from that of the strokes.
KINDS: dict[str, tuple[Callable[[Strokes], Image.Image], float]] = {
    "dark on light": (painted, 3),
    "light on dark": (lambda s: painted(s, ink=255, paper=0), 3),
    "grey on grey": (lambda s: painted(s, ink=170, paper=200), 3),
    "1 bit": (lambda s: painted(s, ink=0, paper=1, mode="1"), 3),
    "CMYK": (lambda s: painted(s, ink=(0, 0, 0, 255), paper=(0, 0, 0, 0), mode="CMYK"), 3),
    "blue on cream": (
        lambda s: painted(s, ink=(40, 60, 200), paper=(250, 248, 240), mode="RGB"),
        3,
    ),
    "yellow on white": (
        lambda s: painted(s, ink=(255, 240, 0), paper=(255, 255, 255), mode="RGB"),
        3,
    ),
    "red on as light a green": (
        lambda s: painted(s, ink=(200, 30, 30), paper=(30, 115, 30), mode="RGB"),
        3,
    ),
    "black on nothing": (
        lambda s: painted(s, ink=(0, 0, 0, 255), paper=(0, 0, 0, 0), mode="RGBA"),
        3,
    ),
    "white on nothing": (
        lambda s: painted(s, ink=(255,) * 4, paper=(255, 255, 255, 0), mode="RGBA"),
        3,
    ),
    "grey and alpha": (lambda s: painted(s, ink=(255, 255), paper=(0, 0), mode="LA"), 3),
    "paper on nothing": (on_a_transparent_page, 3),
    "cropped to the ink": (
        lambda s: (i := painted(s)).crop(i.point(lambda v: 255 - v).getbbox()),
        3,
    ),
    "in a corner": (lambda s: painted(s, size=700, at=(460, 20), scale=0.8, width=14.4), 4),
    "JPEG": (lambda s: jpeg(painted(s), 30), 4),
    "frame at the edge": (lambda s: in_a_frame(s, 0, 4), 3),
    "frame inside": (lambda s: in_a_frame(s, 12, 2), 3),
    "dust": (dusty, 3),
    "salt and pepper": (salted, 6),
    "noise": (lambda s: grainy(s, 12), 4),
    "much noise": (lambda s: grainy(s, 40), 7),
    "photo": (lambda s: photographed(s, 280, 18), 6),
    "large photo": (lambda s: photographed(s, 1200, 77), 6),
    "chalk": (lambda s: chalked(s, 500, 32), 6),
    "negative of a photo": (lambda s: image_of(255 - np.asarray(photographed(s, 500, 32))), 6),
}


SLOW = {"photo", "large photo", "chalk", "negative of a photo", "in a corner"}
#: Other colours of the same pixels: which digit it is makes no difference.
COLOURS = {
    *("light on dark", "grey on grey", "1 bit", "CMYK", "blue on cream", "yellow on white"),
    *("red on as light a green", "black on nothing", "white on nothing", "grey and alpha"),
}
SOME = {label: DIGITS[label] for label in ("1", "3", "8")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_image_makes_the_picture_of_the_strokes(kind: str) -> None:
    make, allowed = KINDS[kind]
    found = {}
    for label, strokes in (SOME if kind in SLOW | COLOURS else DIGITS).items():
        if kind == "cropped to the ink" and label == "1":
            continue  # which is the bar and which the background, nobody can say
        found[label] = difference(of_image(make(strokes)), of_strokes(strokes))
    worst = max(found, key=lambda label: found[label])
    assert found[worst] < allowed, f"worst is {worst}"


@pytest.mark.parametrize(("size", "width"), [(300, 1), (1000, 1), (4000, 1), (4000, 3)])
def test_hairlines_survive(size: int, width: int) -> None:
    for label, strokes in SOME.items():
        thin = painted(strokes, size=size, width=width)
        assert difference(of_image(thin), of_strokes(strokes, 0.01)) < 9, label


def test_hairlines_survive_in_photos() -> None:
    for label, strokes in SOME.items():
        assert (
            difference(of_image(photographed(strokes, 2000, 14)), of_strokes(strokes, 0.01)) < 9
        ), label


def test_a_line_one_pixel_wide_is_no_noise() -> None:
    cross: Strokes = [[(10, 10), (270, 270)], [(270, 10), (10, 270)]]
    for size in (28, 100, 280, 1500):
        assert (
            difference(of_image(painted(cross, size=size, width=1)), of_strokes(cross, 0.01)) < 12
        ), size
        grain = np.random.default_rng(size).normal(240, 4, (size, size))
        noisy = np.minimum(grain, np.asarray(painted(cross, size=size, width=1)))
        assert difference(of_image(image_of(noisy)), of_strokes(cross, 0.01)) < 12, size


def test_a_dotted_digit_is_no_dirt() -> None:
    for strokes in DIGITS.values():
        dots = painted([[point, point] for stroke in strokes for point in stroke], width=9)
        assert picture_from_image(dots) is not None


@pytest.mark.parametrize("width", [44, 60])
def test_markers_are_made_thinner_as_far_as_the_shape_allows(width: int) -> None:
    for strokes in DIGITS.values():
        thick = of_image(painted(strokes, width=width))
        assert difference(thick, of_strokes(strokes, width)) < 45
        bare = finish(255 - np.asarray(painted(strokes, width=width)))
        assert bare is not None
        assert thick.sum() <= bare.sum()


@pytest.mark.parametrize(
    ("side", "allowed"), [(8, 24), (10, 20), (14, 15), (16, 14), (20, 15), (40, 8)]
)
def test_tiny_images_are_read(side: int, allowed: float) -> None:
    """allowed: mean over the digits. Squares instead of smooth lines would be beyond it."""
    found = []
    for strokes in DIGITS.values():
        tiny = painted(strokes, width=22).resize((side, side), Image.Resampling.BOX)
        found.append(difference(of_image(tiny), of_strokes(strokes, 22)))
    assert np.mean(found) < allowed


@pytest.mark.parametrize("margin", [0, 1, 2])
@pytest.mark.parametrize("side", [8, 12])
def test_tiny_images_are_read_with_and_without_a_margin(side: int, margin: int) -> None:
    """Cropped to the ink, a digit is narrower than the image is high, and a 1 is two pixels wide."""
    found = []
    for strokes in DIGITS.values():
        ink = 255 - np.asarray(painted(strokes, width=22))
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        crop = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        width = max(2, round(side * crop.width / crop.height))
        small = np.asarray(crop.resize((width, side), Image.Resampling.BOX))
        for image in (np.pad(small, margin), 255 - np.pad(small, margin)):
            found.append(difference(of_image(image_of(image)), of_strokes(strokes, 22)))
    assert np.mean(found) < 30


def test_thin_lines_of_an_image_hardly_larger_than_the_picture_are_made_thicker() -> None:
    for width, grows in ((1, True), (3, False)):
        image = painted([[(2, 2), (26, 26)], [(26, 2), (2, 26)]], size=29, scale=1, width=width)
        bare = finish(255 - np.asarray(image))
        assert bare is not None
        assert (of_image(image).sum() > 1.3 * bare.sum()) == grows


@pytest.mark.parametrize("label", DIGITS)
def test_dark_and_light_ink_make_the_very_same_picture(label: str) -> None:
    dark = painted(DIGITS[label])
    light = image_of(255 - np.asarray(dark))
    assert (of_image(dark) == of_image(light)).all()


MODES = [
    "1",
    "L",
    "LA",
    "La",
    "P",
    "PA",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "CMYK",
    "YCbCr",
    "HSV",
    "LAB",
    "I",
    "F",
]


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_does_not_matter(mode: str) -> None:
    for strokes in SOME.values():
        image = painted(strokes)
        wanted = of_image(image)
        if mode in ("La", "RGBa"):
            image = image.convert({"La": "LA", "RGBa": "RGBA"}[mode])
        if mode == "LAB":
            flat = Image.new("L", image.size, 128)
            image = Image.merge("LAB", (image, flat, flat))
        assert (
            difference(of_image(image.convert(mode) if image.mode != mode else image), wanted) < 0.5
        )


@pytest.mark.parametrize("depth", [np.uint16, ">u2", np.int32, np.float32])
@pytest.mark.parametrize("top", [1.0, 255.0, 4095.0, 65535.0])
def test_the_depth_does_not_matter(depth: Any, top: float) -> None:
    plain = painted(DIGITS["4"])
    plane = np.asarray(plain) / 255 * top
    if top == 1 and depth is not np.float32:
        pytest.skip("0 and 1 are two levels of a deep grey, not black and white")
    image = Image.fromarray(plane.astype(depth))
    if top == 4095:
        # 12 bits in a file of 16 are faint, and no less clear for that.
        assert difference(of_image(image), of_image(plain)) < 3
    else:
        assert (of_image(image) == of_image(plain)).all()


def test_a_palette_with_a_transparent_colour() -> None:
    image = painted(DIGITS["2"]).convert("P")
    paper = image.getpixel((0, 0))
    file = io.BytesIO()
    image.save(file, "PNG", transparency=paper)
    again = Image.open(io.BytesIO(file.getvalue()))
    assert again.mode == "P"
    assert "transparency" in again.info
    assert difference(of_image(again), of_strokes(DIGITS["2"])) < 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_the_camera_may_be_held_in_any_way(orientation: int, form: str) -> None:
    upright = painted(DIGITS["4"])
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    stored.save(file, form, exif=exif)
    assert difference(of_image(Image.open(io.BytesIO(file.getvalue()))), of_image(upright)) < 2

"""Pictures of images: whatever shows the same digit makes (nearly) the same picture."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.drawings import DIGITS, PAPER, STYLES, Strokes, painted
from trainer.picture import (
    Picture,
    finish,
    ink_from_image,
    picture_from_drawing,
    picture_from_image,
)
from trainer.strokes import Drawing, InkImage, Stroke

Plane = NDArray[Any]


def of_strokes(strokes: Strokes, width: float = 18) -> Picture:
    result = picture_from_drawing(Drawing(tuple(Stroke.make(s, width=width) for s in strokes)))
    assert result is not None
    return result


def of_image(image: Image.Image) -> Picture:
    result = picture_from_image(image)
    assert result is not None
    return result


def difference(a: Picture, b: Picture) -> float:
    """Mean over the pixels, in grey levels. Two writers' digits of a class differ by some 40.

    Whole pixels of shift are not counted: a trace of ink decides to which side a centre of mass is rounded
    that lies between two pixels.
    """
    wide = np.pad(a.astype(float), 1)
    return min(
        float(np.abs(wide[y : y + 28, x : x + 28] - b).mean()) for y in range(3) for x in range(3)
    )


def image_of(plane: Plane) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(plane), 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


def photographed(strokes: Strokes, size: int, width: float, *, noise: float = 6) -> Image.Image:
    """Ink on paper in uneven light with the soft edge of a shadow, noisy, a little out of focus, as JPEG."""
    ink = painted(strokes, size=size, width=width).filter(ImageFilter.GaussianBlur(size / 300))
    y, x = np.mgrid[0:size, 0:size] / size
    light = 230 - 90 * x - 60 * y - 50 / (1 + np.exp(-40 * (x + y / 2 - 0.9)))
    grain = np.random.default_rng(size).normal(0, noise, (size, size))
    return jpeg(image_of(light * (0.25 + 0.75 * np.asarray(ink) / 255) + grain), 70)


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
SOME = {label: DIGITS[label] for label in ("1", "3", "8")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_image_makes_the_picture_of_the_strokes(kind: str) -> None:
    make, allowed = KINDS[kind]
    found = {}
    for label, strokes in (DIGITS if kind not in SLOW else SOME).items():
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
    cross = [[(10, 10), (270, 270)], [(270, 10), (10, 270)]]
    for size in (28, 100, 280, 1500):
        assert (
            difference(of_image(painted(cross, size=size, width=1)), of_strokes(cross, 0.01)) < 12
        ), size
        grain = np.random.default_rng(size).normal(240, 4, (size, size))
        noisy = np.minimum(grain, painted(cross, size=size, width=1))
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
    ("side", "allowed"), [(8, 22), (10, 20), (14, 14), (16, 12), (20, 15), (40, 8)]
)
def test_tiny_images_are_read(side: int, allowed: float) -> None:
    """allowed: mean over the digits. Squares instead of smooth lines would be beyond it."""
    found = []
    for strokes in DIGITS.values():
        tiny = painted(strokes, width=22).resize((side, side), Image.Resampling.BOX)
        found.append(difference(of_image(tiny), of_strokes(strokes, 22)))
    assert np.mean(found) < allowed


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
    for strokes in DIGITS.values():
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


# --------------------------------------------------------------------------------- nothing to see


@pytest.mark.parametrize("value", [0, 1, 127, 255])
@pytest.mark.parametrize("size", [(1, 1), (2, 5), (28, 28), (300, 200), (3000, 2000)])
def test_a_uniform_image_shows_nothing(value: int, size: tuple[int, int]) -> None:
    for mode in ("L", "F", "I"):
        assert picture_from_image(Image.new(mode, size, value)) is None
    assert picture_from_image(Image.new("RGB", size, (value, 20, 250))) is None
    assert picture_from_image(Image.new("RGBA", size, (value, 20, 250, 0))) is None
    assert picture_from_image(Image.new("RGBA", size, (value, 20, 250, 255))) is None
    assert picture_from_image(Image.new("LA", size, (value, 99))) is None


def test_hidden_colours_under_full_transparency_show_nothing() -> None:
    hidden = painted(DIGITS["8"], ink=(0, 0, 0, 0), paper=(255, 255, 255, 0), mode="RGBA")
    assert picture_from_image(hidden) is None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [28, 40, 64, 280, 600])
def test_noise_shows_nothing(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    planes = {
        "uniform": rng.integers(0, 256, (size, size)),
        "normal": 128 + rng.normal(0, 30, (size, size)),
        "faint": 240 + rng.normal(0, 4, (size, size)),
        "cut at white": 255 + rng.normal(0, 20, (size, size)),
        "bits": 255 * (rng.random((size, size)) > 0.5),
        "few specks": 255 * (rng.random((size, size)) > 0.03),
        "many specks": 255 * (rng.random((size, size)) > 0.1),
        "light specks": 255 * (rng.random((size, size)) < 0.05),
        "paper in the shade": 200
        - 100 * np.mgrid[0:size, 0:size][0] / size
        + rng.normal(0, 6, (size, size)),
    }
    seen = [
        name for name, plane in planes.items() if picture_from_image(image_of(plane)) is not None
    ]
    assert seen == []


@pytest.mark.parametrize("size", [60, 150, 280, 500, 1000])
@pytest.mark.parametrize("noise", [2, 6, 15])
def test_a_photo_of_blank_paper_shows_nothing(size: int, noise: float) -> None:
    blank = photographed([], size, 0, noise=noise)
    assert picture_from_image(blank) is None
    assert picture_from_image(blank.rotate(180)) is None


def test_the_table_under_the_paper_is_not_written() -> None:
    for label, strokes in DIGITS.items():
        plane = np.array(photographed(strokes, 500, 32), float)
        plane[:, :30] = 20
        plane[-25:] = 35
        table = image_of(plane + np.random.default_rng(2).normal(0, 3, plane.shape))
        assert difference(of_image(table), of_strokes(strokes)) < 6, label


@pytest.mark.parametrize(
    "plane", [np.full((30, 30), np.nan), np.full((30, 30), np.inf), np.full((30, 30), -1e30)]
)
def test_values_that_are_no_grey_show_nothing(plane: Plane) -> None:
    assert picture_from_image(Image.fromarray(plane.astype(np.float32))) is None


def test_greys_of_any_range_with_holes_in_them() -> None:
    plane = np.asarray(painted(DIGITS["3"]), np.float32) * 1e20 - 5e21
    plane[:3] = np.nan
    plane[-3:] = np.inf
    result = picture_from_image(Image.fromarray(plane))
    assert result is not None


@pytest.mark.parametrize("size", [(0, 0), (0, 9), (1, 1), (1, 50), (50, 1), (2, 2), (3, 400)])
def test_slivers_do_no_harm(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        image = image_of(rng.integers(0, 256, size)) if 0 not in size else Image.new("L", size)
        picture_from_image(image)


# ------------------------------------------------------------------------- pictures stay pictures


@pytest.mark.parametrize("inverted", [False, True])
def test_a_picture_saved_as_an_image_is_the_same_picture(inverted: bool) -> None:
    for styles in STYLES.values():
        for strokes in styles:
            for width in (5, 18, 40):
                image = of_strokes(strokes, width)
                assert (of_image(image_of(255.0 - image if inverted else image)) == image).all()


def _mnist_test_images(folder: Path, count: int) -> NDArray[np.uint8]:
    with (folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte").open("rb") as file:
        _, _, rows, columns = struct.unpack(">4i", file.read(16))
        return np.frombuffer(file.read(count * rows * columns), np.uint8).reshape(
            count, rows, columns
        )


def test_mnist_images_come_back_as_they_are(mnist_folder: Path) -> None:
    """9,994 of the 10,000 come back in every pixel; the other six are 19 pixels long and are enlarged."""
    for image in _mnist_test_images(mnist_folder, 300):
        for version in (image, 255 - image):
            assert (of_image(Image.fromarray(version)) == image).all()


def test_mnist_images_come_back_from_jpeg_and_from_larger_images(mnist_folder: Path) -> None:
    images = _mnist_test_images(mnist_folder, 100)
    large = Image.Resampling.BICUBIC
    made: dict[str, tuple[Callable[[NDArray[np.uint8]], Image.Image], float]] = {
        "JPEG, quality 95": (lambda p: jpeg(Image.fromarray(p), 95), 1.5),
        "JPEG, quality 75": (lambda p: jpeg(Image.fromarray(255 - p), 75), 5),
        "10 times as large": (lambda p: Image.fromarray(255 - p).resize((280, 280), large), 9),
        "on a larger page": (lambda p: Image.fromarray(np.pad(p, ((30, 3), (50, 9)))), 1),
        "in grey": (lambda p: image_of(200 - 0.4 * p), 1),
        "with noise": (
            lambda p: image_of(230 - 0.7 * p + np.random.default_rng(0).normal(0, 5, p.shape)),
            4,
        ),
    }
    found = {
        k: np.mean([difference(of_image(f(p)), p) for p in images]) for k, (f, _) in made.items()
    }
    assert all(found[name] < allowed for name, (_, allowed) in made.items()), found


# ------------------------------------------------------------------------ images lying on the paper


def test_the_ink_is_cropped_and_of_a_size_to_work_with() -> None:
    ink = ink_from_image(painted(DIGITS["5"], size=3000, width=150))
    assert ink is not None
    assert ink.ink.dtype == np.uint8
    assert max(ink.ink.shape) <= 512
    assert ink.ink.any(axis=1)[[0, -1]].all()
    assert ink.ink.any(axis=0)[[0, -1]].all()
    assert (ink.height, ink.width) == ink.ink.shape
    hairline = ink_from_image(painted(DIGITS["5"], size=1000, width=1))
    assert hairline is not None
    assert max(hairline.ink.shape) <= 512
    assert np.median(hairline.ink[hairline.ink > 0]) > 200


@pytest.mark.parametrize(("left", "top", "factor"), [(0, 0, 1), (-50, 33.3, 0.25), (1e4, 7, 31.7)])
def test_an_image_on_the_paper_makes_the_picture_of_the_image(
    left: float, top: float, factor: float
) -> None:
    for strokes in DIGITS.values():
        image = painted(strokes)
        ink = ink_from_image(image)
        assert ink is not None
        placed = InkImage(ink.ink, left, top, ink.width * factor, ink.height * factor)
        result = picture_from_drawing(Drawing((), placed))
        assert result is not None
        assert (result == of_image(image)).all()


def test_an_image_stretched_on_the_paper_is_a_stretched_picture() -> None:
    ink = ink_from_image(
        painted([[(20, 20), (20, 120), (120, 120), (120, 20), (20, 20)]], width=12)
    )
    assert ink is not None
    result = picture_from_drawing(Drawing((), InkImage(ink.ink, 0, 0, 2 * ink.width, ink.height)))
    assert result is not None
    assert np.count_nonzero(result.max(axis=0) > 100) == 20
    assert np.count_nonzero(result.max(axis=1) > 100) == 10


@pytest.mark.parametrize("label", ["4", "5", "7"])
@pytest.mark.parametrize(("offset", "factor"), [((0, 0), 1.0), ((900, -40), 3.7), ((-5, -5), 0.01)])
def test_strokes_over_an_image_are_one_drawing(
    label: str, offset: tuple[float, float], factor: float
) -> None:
    """The first stroke opened as an image, the others drawn over it: the picture of all strokes."""
    strokes = next(s for s in STYLES[label] if len(s) > 1)
    image = painted(strokes[:1], size=560, width=36)
    ink = ink_from_image(image)
    assert ink is not None
    left, top, right, bottom = image.point(lambda v: 255 - v).getbbox() or (0, 0, 0, 0)
    place = [v / 2 * factor for v in (left, top, right - left, bottom - top)]
    opened = InkImage(ink.ink, place[0] + offset[0], place[1] + offset[1], place[2], place[3])
    drawn = tuple(
        Stroke.make(np.array(s) * factor + np.array(offset), width=18 * factor) for s in strokes[1:]
    )
    result = picture_from_drawing(Drawing(drawn, opened))
    assert result is not None
    assert difference(result, of_strokes(strokes)) < 3


def test_a_blank_image_under_strokes_changes_nothing() -> None:
    blank = InkImage(np.zeros((40, 60), np.uint8), 0, 0, 600, 400)
    strokes = tuple(Stroke.make(s, width=18) for s in DIGITS["3"])
    with_blank = picture_from_drawing(Drawing(strokes, blank))
    assert with_blank is not None
    assert (with_blank == of_strokes(DIGITS["3"])).all()
    assert picture_from_drawing(Drawing((), blank)) is None
    assert (
        picture_from_drawing(Drawing((), InkImage(np.full((5, 5), 255, np.uint8), 0, 0, 0, 0)))
        is None
    )

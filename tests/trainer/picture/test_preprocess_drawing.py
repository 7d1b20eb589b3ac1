"""Pictures of strokes: MNIST's recipe, and that nothing but the shape can matter."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drawings import DIGITS, STYLES, Strokes
from trainer.picture.preprocess import BOX, SIZE, Picture, finish, picture_from_drawing
from trainer.picture.raster import coverage, ink_of, scale_strokes
from trainer.picture.strokes import Drawing, Stroke

EVERY = [(label, number) for label, styles in STYLES.items() for number in range(len(styles))]
WIDTHS = [None, 4.0, 18.0, 60.0]

#: Grey levels that rounding may make of a change that should change nothing.
ROUNDING = 2


def drawing(
    strokes: Strokes | list[NDArray[Any]], width: float | None = 18.0, **more: Any
) -> Drawing:
    return Drawing(tuple(Stroke.make(points, width=width, **more) for points in strokes))


def picture(
    strokes: Strokes | list[NDArray[Any]], width: float | None = 18.0, **more: Any
) -> Picture:
    result = picture_from_drawing(drawing(strokes, width, **more))
    assert result is not None
    return result


def furthest(a: Picture, b: Picture) -> int:
    """The largest difference of two pictures at any pixel, in grey levels."""
    return int(np.abs(a.astype(int) - b.astype(int)).max())


def box_of(image: Picture) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


# ----------------------------------------------------------------------------------- MNIST's recipe


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("label", "number"), EVERY)
def test_the_recipe(label: str, number: int, width: float | None) -> None:
    image = picture(STYLES[label][number], width)
    assert image.shape == (SIZE, SIZE)
    assert image.dtype == np.uint8
    top, bottom, left, right = box_of(image)
    assert max(bottom - top, right - left) + 1 == BOX
    mass = image.astype(float)
    row = (mass.sum(axis=1) @ np.arange(SIZE)) / mass.sum()
    column = (mass.sum(axis=0) @ np.arange(SIZE)) / mass.sum()
    # As in MNIST the whole pixel nearest to 14; rounding to bytes may move the mean by a hundredth.
    assert abs(row - 14) <= 0.51
    assert abs(column - 14) <= 0.51
    assert image.max() > 200


@pytest.mark.parametrize("width", [None, 18.0])
@pytest.mark.parametrize("label", DIGITS)
def test_no_ink_is_lost(label: str, width: float | None) -> None:
    """The picture holds as much ink as the same strokes in a raster eight times as fine and twice as wide."""
    strokes = drawing(DIGITS[label], width).strokes
    scaled = scale_strokes(strokes, BOX)
    assert scaled is not None
    fine = ink_of(scaled, 2 * BOX, 8).sum() / 64
    assert picture(DIGITS[label], width).sum() / 255 == pytest.approx(fine, rel=0.01)


def test_a_raster_of_the_right_size_stays_as_it_is() -> None:
    """And any whole picture is made of itself again, wherever in a larger raster it lies."""
    for styles in STYLES.values():
        for strokes in styles:
            image = picture(strokes)
            again = finish(np.pad(image, ((3, 11), (7, 2))))
            assert again is not None
            assert (again == image).all()


def test_the_long_side_is_crisp_and_a_straight_edge_is_at_most_one_grey_pixel_wide() -> None:
    # A cross whose lines are 2 final pixels wide, along the rows and columns.
    image = picture([[(0, 100), (200, 100)], [(100, 0), (100, 200)]], width=200 / 9)
    top, bottom, left, right = box_of(image)
    assert (bottom - top, right - left) == (19, 19)
    for line in (image[top + 4, left : right + 1], image[top : bottom + 1, left + 4]):
        assert sorted(line.tolist())[-2:] == [255, 255]
        assert np.count_nonzero(line) == 2


def test_coverage_is_near_the_true_area() -> None:
    """Against counting sub-pixels. Only where edges meet in a pixel is it far off; the whole is not."""
    rng = np.random.default_rng(3)
    for _ in range(5):
        ends = rng.uniform(8, 32, (2, 4, 2))
        radii = rng.uniform(1.2, 4, (2, 4))
        got = coverage(ends[0], ends[1], radii[0], radii[1], (40, 40))
        fine = 16
        at = (np.arange(40 * fine) + 0.5) / fine
        x, y = np.meshgrid(at, at)
        inked = np.zeros(x.shape, bool)
        for a, b, ra, rb in zip(ends[0], ends[1], radii[0], radii[1], strict=True):
            along = b - a
            t = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / (along @ along), 0, 1)
            distance = np.hypot(x - a[0] - t * along[0], y - a[1] - t * along[1])
            inked |= distance <= ra + t * (rb - ra)
        wanted = inked.reshape(40, fine, 40, fine).mean(axis=(1, 3))
        assert np.abs(got - wanted).max() < 0.5
        assert np.percentile(np.abs(got - wanted), 99) < 0.1
        assert got.sum() == pytest.approx(wanted.sum(), rel=0.01)


def test_ink_beyond_the_raster_is_left_out_without_harm() -> None:
    ends = np.array([[-500.0, 20.0], [20.0, 9e5]])
    got = coverage(ends[:1], ends[1:], np.array([2.0]), np.array([2.0]), (40, 40))
    assert got.shape == (40, 40)
    assert np.isfinite(got).all()


# -------------------------------------------------------------------------- what must not matter


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("label", DIGITS)
def test_the_place_on_the_paper_does_not_matter(label: str, width: float | None) -> None:
    there = [np.array(s) + np.array((1234, -567)) for s in DIGITS[label]]
    assert furthest(picture(DIGITS[label], width), picture(there, width)) <= ROUNDING


@pytest.mark.parametrize("shift", [0.1, 0.37, 3.3, 12345.6])
def test_nor_does_it_for_a_shape_that_lies_just_between_two_pixels(shift: float) -> None:
    for line in ([(0, 0), (0, 100)], [(0, 0), (100, 0)], [(0, 0), (80, 100)]):
        there = np.array(line) + shift
        for width in (None, 20 / 7):
            assert furthest(picture([line], width), picture([there], width)) <= ROUNDING


@pytest.mark.parametrize("factor", [1e-6, 0.01, 3.0, 1e6, 1e25])
@pytest.mark.parametrize("label", DIGITS)
def test_the_scale_of_the_whole_does_not_matter(label: str, factor: float) -> None:
    for width in (None, 18.0):
        larger = [np.array(s) * factor for s in DIGITS[label]]
        pen = None if width is None else width * factor
        assert furthest(picture(DIGITS[label], width), picture(larger, pen)) <= ROUNDING


@pytest.mark.parametrize("label", DIGITS)
def test_the_order_and_direction_of_the_strokes_do_not_matter(label: str) -> None:
    strokes = STYLES[label][-1]
    backwards = [list(reversed(s)) for s in reversed(strokes)]
    assert furthest(picture(strokes), picture(backwards)) <= ROUNDING


@pytest.mark.parametrize("label", DIGITS)
def test_how_often_the_pen_reports_does_not_matter(label: str) -> None:
    dense = []
    for stroke in DIGITS[label]:
        points = np.array(stroke)
        parts = [np.linspace(a, b, 7, endpoint=False) for a, b in itertools.pairwise(points)]
        dense.append(np.concatenate([*parts, points[-1:]]))
    assert furthest(picture(DIGITS[label]), picture(dense)) <= ROUNDING
    # A pen that stands still reports the same point again.
    halting = [np.repeat(np.array(s), 4, axis=0) for s in DIGITS[label]]
    assert furthest(picture(DIGITS[label]), picture(halting)) <= ROUNDING


@pytest.mark.parametrize("label", DIGITS)
def test_a_stroke_cut_in_two_is_the_same_ink(label: str) -> None:
    cut = [part for s in DIGITS[label] for part in (s[: len(s) // 2 + 1], s[len(s) // 2 :])]
    assert furthest(picture(DIGITS[label]), picture(cut)) <= ROUNDING


def test_thousands_of_points_are_thinned_without_a_trace() -> None:
    for label, strokes in DIGITS.items():
        dense = []
        for stroke in strokes:
            points = np.array(stroke)
            at = np.linspace(0, len(points) - 1, 5000)
            dense.append(
                np.stack([np.interp(at, range(len(points)), axis) for axis in points.T], axis=1)
            )
        difference = np.abs(picture(strokes).astype(int) - picture(dense)).mean()
        assert difference < 0.5, label


# ------------------------------------------------------------------------------------ thickness


def thickness(image: Picture) -> float:
    """Of a straight vertical line: its mean ink per row."""
    rows = np.flatnonzero(image.any(axis=1))[4:-4]
    return float(image[rows].sum(axis=1).mean()) / 255


@pytest.mark.parametrize(
    ("width", "wanted"),
    [
        (None, 2.4),  # MNIST's own
        (0.01, 1.6),  # a hairline
        (5, 1.6),
        (2.5 / 17.5 * 200, 2.5),  # as drawn
        (3 / 17 * 200, 3.0),
        (100, 3.7),  # a marker
    ],
)
def test_lines_are_as_thick_as_drawn_within_the_range_of_mnist(
    width: float | None, wanted: float
) -> None:
    assert thickness(picture([[(50, 0), (50, 200)]], width)) == pytest.approx(wanted, abs=0.03)


def test_pressure_makes_lines_thicker_and_thinner() -> None:
    line = [[(50.0, float(y)) for y in range(0, 201, 10)]]
    light = picture(line, 30.0, pressure=np.full(21, 0.2))
    firm = picture(line, 30.0, pressure=np.full(21, 0.8))
    assert thickness(light) < thickness(picture(line, 30.0)) < thickness(firm)
    swelling = picture(line, 28.0, pressure=np.linspace(0, 1, 21)).astype(int)
    assert swelling[20].sum() > 1.5 * swelling[8].sum()


def test_strokes_of_known_and_unknown_width_go_together() -> None:
    known = Stroke.make([(20, 0), (20, 200)], width=25)
    unknown = Stroke.make([(120, 0), (120, 200)])
    image = picture_from_drawing(Drawing((known, unknown)))
    assert image is not None
    left, right = image[:, :14].astype(int).sum(), image[:, 14:].astype(int).sum()
    assert left == pytest.approx(right, rel=0.15)


def test_a_pen_that_grows_thicker_at_one_end_still_fills_the_box() -> None:
    line = [[(0.0, 0.0), (0.0, 100.0), (0.0, 200.0)]]
    image = picture(line, 24.0, pressure=np.array([0, 0.2, 1]))
    top, bottom, _, _ = box_of(image)
    assert bottom - top + 1 == BOX


# --------------------------------------------------------------------------------- nothing drawn


@pytest.mark.parametrize(
    ("strokes", "width"),
    [
        ([], 10),
        ([[(5, 5)]], 10),
        ([[(5, 5)]], None),
        ([[(5, 5), (5, 5), (5, 5)]], None),
        ([[(5, 5), (9, 8)]], 10),  # a tick
        ([[(5, 5)], [(8, 5)], [(6, 9)]], 10),
        ([[(1e30, 1e30)]], None),
    ],
)
def test_a_dot_or_a_tick_is_nothing(strokes: Strokes, width: float | None) -> None:
    assert picture_from_drawing(drawing(strokes, width)) is None


def test_a_short_line_is_something() -> None:
    assert picture_from_drawing(drawing([[(5, 5), (5, 25)]], 10)) is not None
    assert picture_from_drawing(drawing([[(5, 5), (5, 5.1)]], None)) is not None
    assert picture_from_drawing(drawing([[(0, 0)], [(40, 0)]], 10)) is not None


# -------------------------------------------------------------------------------------- extremes


@pytest.mark.parametrize(
    "points",
    [
        [(-3e38, -3e38), (3e38, 3e38)],
        [(1e-42, 0), (0, 1e-42)],
        [(1e30, 0), (1e30, 5), (0, 0)],
        [(0, 0), (1e-30, 0), (1e30, 1)],
        [(16777216, 0), (16777218, 2)],
    ],
)
@pytest.mark.parametrize("width", [None, 1e-40, 1.0, 1e30])
def test_extreme_coordinates_make_a_picture_or_nothing(points: Any, width: float | None) -> None:
    image = picture_from_drawing(drawing([points], width))
    if image is not None:
        top, bottom, left, right = box_of(image)
        assert max(bottom - top, right - left) + 1 == BOX


@pytest.mark.parametrize("kind", ["scribble", "spiral", "one line"])
@pytest.mark.parametrize("width", [None, 0.01])
def test_a_million_points_take_about_a_second(kind: str, width: float | None) -> None:
    count = 1_000_000
    angle = np.linspace(0, 500, count)
    points = {
        "scribble": lambda: np.random.default_rng(0).random((count, 2)),
        "spiral": lambda: np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=1),
        "one line": lambda: np.stack([angle, 2 * angle], axis=1),
    }[kind]()
    many = drawing([points], width)
    begin = time.process_time()
    assert picture_from_drawing(many) is not None
    assert time.process_time() - begin < 3  # 0.4 s on an idle core of a server


def test_a_single_point_far_out_is_not_lost_among_a_million() -> None:
    points = np.random.default_rng(0).random((1_000_000, 2))
    for place in (123_457, 700_001):
        points[place] = (2.9, 0.5)
        image = picture([points], None)
        top, bottom, left, right = box_of(image)
        assert right - left == 19
        assert bottom - top < 10
        points[place] = (0.5, 0.5)


def test_thousands_of_strokes_of_one_point() -> None:
    points = np.random.default_rng(0).random((20_000, 1, 2)).astype(np.float32)
    assert picture_from_drawing(Drawing(tuple(Stroke(p) for p in points))) is not None


def test_making_a_picture_imports_neither_torch_nor_qt_nor_what_only_images_need() -> None:
    code = (
        "import sys; from trainer.picture.preprocess import picture_from_drawing; import trainer.picture.input_files\n"
        "from trainer.picture.strokes import Drawing, Stroke\n"
        "picture_from_drawing(Drawing((Stroke.make([[0, 0], [1, 9]]),)))\n"
        "print([m for m in ('torch', 'PySide6', 'scipy', 'PIL') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"

"""benchmarks/disturbances and photographs: they do what they say, in the amounts that they say."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from benchmarks.disturbances import (
    box_of,
    elsewhere,
    lengths_along,
    sampled,
    size_of,
    slanted,
    stretched,
    torn,
    trembling,
    turned,
    with_pen,
)
from benchmarks.photographs import Shot, photograph
from benchmarks.robustness import KINDS
from benchmarks.robustness_document import place
from tests.drawings import DIGITS
from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.synthetic_digits import synthetic_digits

PLAIN = [Drawing(tuple(Stroke.make(points) for points in strokes)) for strokes in DIGITS.values()]
UPRIGHT = Drawing((Stroke.make([(50, 0), (50, 25), (50, 50), (50, 100)]),))
LONG = Drawing((Stroke.make([(x, 0.0) for x in range(101)]),))


def _random() -> np.random.Generator:
    return np.random.default_rng(0)


def _ends(drawing: Drawing) -> tuple[np.ndarray, np.ndarray]:
    return drawing.strokes[0].points[0], drawing.strokes[-1].points[-1]


def _picture(drawing: Drawing) -> Picture:
    picture = picture_from_drawing(drawing)
    assert picture is not None
    return picture


# --- strokes


def test_paper_turns_clockwise() -> None:
    top, bottom = _ends(turned(UPRIGHT, 30))
    # y is downward: the top has gone to the right, and the line is as long as before.
    assert top[0] > bottom[0]
    assert top[1] < bottom[1]
    assert np.hypot(*(top - bottom)) == pytest.approx(100, rel=1e-5)


def test_a_slant_keeps_the_height() -> None:
    top, bottom = _ends(slanted(UPRIGHT, 30))
    assert bottom[1] - top[1] == pytest.approx(100)
    assert top[0] - bottom[0] == pytest.approx(100 * np.tan(np.radians(30)), rel=1e-5)


def test_only_the_width_is_stretched() -> None:
    before, after = (np.subtract(*reversed(box_of(d))) for d in (PLAIN[3], stretched(PLAIN[3], 2)))
    assert after == pytest.approx([2 * before[0], before[1]], rel=1e-5)


def test_neither_size_nor_place_matters() -> None:
    for _, drawing in synthetic_digits(20):
        before, moved = _picture(drawing), elsewhere(drawing, 0.03, _random())
        assert size_of(moved) == pytest.approx(0.03 * size_of(drawing), rel=1e-2)
        assert np.abs(np.subtract(box_of(moved), box_of(drawing))).max() > size_of(drawing)
        assert np.abs(_picture(moved).astype(int) - before).max() <= 1


def test_a_pen_is_as_wide_as_it_is_said_to_be() -> None:
    assert with_pen(UPRIGHT, 0.1).strokes[0].width == pytest.approx(10)
    thin, thick = (_picture(with_pen(PLAIN[8], share)) for share in (0.002, 0.3))
    assert thick.sum(dtype=int) > 1.5 * thin.sum(dtype=int)
    dot = Drawing((Stroke.make([(1, 1)], width=3),))
    assert with_pen(dot, 0.1).strokes[0].width is None


def test_tremor_moves_points_by_its_deviation() -> None:
    many = Drawing((Stroke.make(np.stack([np.linspace(0, 100, 4000), np.zeros(4000)], 1)),))
    moved = trembling(many, 0.04, _random()).strokes[0].points - many.strokes[0].points
    assert moved.std(axis=0) == pytest.approx([4, 4], rel=0.05)


def test_a_slow_pen_has_few_points_and_all_ends() -> None:
    assert sampled(LONG, 0) is LONG
    two = Drawing((LONG.strokes[0], UPRIGHT.strokes[0]))
    slow = sampled(two, 0.3)
    assert slow.strokes[0].points[:, 0].tolist() == [0, 30, 60, 90, 100]
    assert slow.strokes[1].points[:, 1].tolist() == [0, 50, 100]


@pytest.mark.parametrize("seed", range(5))
def test_a_gap_takes_a_piece_of_the_line_and_nothing_else(seed: int) -> None:
    two = Drawing((LONG.strokes[0], Stroke.make([(0, 50), (0, 90)])))
    rest = torn(two, 0.2, np.random.default_rng(seed))
    length = sum(float(lengths_along(stroke.points)[-1]) for stroke in rest.strokes)
    middle = np.random.default_rng(seed).uniform(0, 140)
    assert length == pytest.approx(140 - (min(140, middle + 10) - max(0, middle - 10)), rel=1e-5)
    points = np.concatenate([stroke.points for stroke in rest.strokes])
    assert np.all((points[:, 1] == 0) | (points[:, 0] == 0))


def test_a_gap_leaves_a_tick_as_it_is() -> None:
    tick = Drawing((Stroke.make([(0, 0), (1, 0)]),))
    assert torn(tick, 2.5, _random()) is tick
    assert torn(LONG, 0, _random()) is LONG


def test_pressure_stays_with_its_points() -> None:
    pressed = Drawing((Stroke.make([(0, 0), (9, 9), (18, 0)], pressure=[0.1, 0.5, 0.9], width=2),))
    turned_stroke = turned(pressed, 10).strokes[0]
    assert turned_stroke.pressure == pytest.approx([0.1, 0.5, 0.9])
    assert turned_stroke.width == 2
    assert sampled(pressed, 0.9).strokes[0].pressure is None


# --- photographs


def _grey(shot: Shot, subject: Drawing | Picture = PLAIN[8]) -> np.ndarray:
    return np.asarray(photograph(subject, shot, _random()), np.float32)


def test_photographs_are_light_on_dark_or_dark_on_light() -> None:
    for contrast, paper in ((0.8, 229.5), (-0.8, 25.5), (0.2, 153)):
        grey = _grey(Shot(contrast=contrast))
        assert np.median(grey) == pytest.approx(paper, abs=2)
        away = (grey - paper).ravel()
        assert away[np.abs(away).argmax()] * contrast < 0  # the ink


def test_photographs_have_the_noise_that_they_are_asked_for() -> None:
    flat = _grey(Shot(contrast=0.4, noise=20, quality=100))[:20]
    assert flat.std() == pytest.approx(20, rel=0.1)


def test_light_falls_off_and_shadows_have_an_edge() -> None:
    clean = Shot(noise=0, quality=100)
    corners = [_grey(dataclasses.replace(clean, light=0.8))[y, x] for y in (0, -1) for x in (0, -1)]
    assert max(corners) / min(corners) > 3
    shadow = _grey(dataclasses.replace(clean, shadow=0.5))
    levels = np.median(shadow[shadow < 130]), np.median(shadow[shadow > 210])
    assert levels == pytest.approx((0.5 * 229.5, 229.5), abs=3)
    assert 0.1 < (shadow < 130).mean() < 0.9


def test_photographs_turn_as_drawings_do() -> None:
    """A stroke to the right goes down when the paper turns clockwise, be it drawn or photographed."""
    picture = np.zeros((28, 28), np.uint8)
    picture[13:15, 14:26] = 255
    rows, columns = np.nonzero(_grey(Shot(turn=30), picture) < 100)
    assert rows[columns.argmax()] > 80 + 20
    by_strokes = turned(Drawing((Stroke.make([(0, 0), (12, 0)]),)), 30)
    assert by_strokes.strokes[0].points[1, 1] > by_strokes.strokes[0].points[0, 1]


def test_a_pen_and_a_size_and_a_blur_show_in_a_photograph() -> None:
    inked = [float((_grey(Shot(pen=pen)) < 120).mean()) for pen in (0.01, 0.08, 0.4)]
    assert inked == sorted(inked)
    assert inked[0] > 0
    assert inked[2] > 3 * inked[1]
    assert _grey(Shot(pixels=28)).shape == (28, 28)
    sharp, blurred = (np.abs(np.diff(_grey(Shot(blur=b)))).max() for b in (0, 0.04))
    assert sharp > 3 * blurred


def test_coarse_jpeg_loses_what_fine_jpeg_keeps() -> None:
    wanted = _grey(Shot(quality=100))
    fine, coarse = (np.abs(_grey(Shot(quality=q)) - wanted).mean() for q in (90, 5))
    assert coarse > 2 * fine


# --- all of them


@pytest.mark.parametrize("name", KINDS)
def test_every_disturbance_has_strengths_that_a_plot_can_show(name: str) -> None:
    kind = KINDS[name]
    assert len({one.name for one in kind.disturbances}) == len(kind.disturbances)
    for one in kind.disturbances:
        assert list(one.strengths) == sorted(set(one.strengths))
        assert one.none is None or one.none in one.strengths
        places = [place(one, strength) for strength in (*one.strengths, *one.ticks)]
        assert 0 <= min(places) < max(places) <= 1
        assert one.title


def _subject(name: str) -> Any:
    return _picture(PLAIN[5]) if name == "pictures" else PLAIN[5]


@pytest.mark.parametrize("name", KINDS)
def test_undisturbed_is_what_strength_none_makes(name: str) -> None:
    """`measure` takes the one for the other."""
    wanted = KINDS[name].undisturbed(_subject(name), _random())
    assert wanted is not None
    for one in KINDS[name].disturbances:
        if one.none is not None:
            found = one.picture(_subject(name), one.none, _random())
            assert found is not None
            assert np.abs(found.astype(int) - wanted).max() <= (1 if name == "strokes" else 0)


@pytest.mark.parametrize("name", KINDS)
def test_the_ends_of_every_scale_still_show_something(name: str) -> None:
    for one in KINDS[name].disturbances:
        for strength in (one.strengths[0], one.strengths[-1]):
            picture = one.picture(_subject(name), strength, _random())
            assert picture is not None
            assert picture.shape == (28, 28)

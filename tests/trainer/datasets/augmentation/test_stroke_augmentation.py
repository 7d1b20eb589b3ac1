"""Strokes changed as other tablets and hands would: each amount for itself, at its most, and not at all."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drawings import STYLES, curve
from tests.trainer.strokes_files import drawings_of, lines
from trainer.base.labels import NO_LABEL
from trainer.datasets.augmentation.redrawing import Redrawing
from trainer.datasets.augmentation.spec import STROKE_AMOUNTS, StrokeAugmentation
from trainer.datasets.augmentation.strokes import Lines, Segments, augmented, segments_of

Strokes = list[list[tuple[float, float]]]


def _only(amounts: Mapping[str, Any]) -> StrokeAugmentation:
    return StrokeAugmentation(**amounts)


#: All amounts at their most.
EVERYTHING = _only(STROKE_AMOUNTS)

#: A line of 20 pixels across and then one down, a point at every quarter.
CORNER: Strokes = [
    [(x / 4 - 10, -10) for x in range(81)] + [(10, y / 4 - 10) for y in range(1, 81)]
]


def _random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def _lines(*drawings: Strokes) -> Lines:
    """The drawings, in pixels."""
    strokes = [(i, stroke) for i, drawing in enumerate(drawings) for stroke in drawing]
    counts = [len(stroke) for _, stroke in strokes]
    return Lines(
        np.array([point for _, stroke in strokes for point in stroke], np.float32),
        np.repeat(np.arange(len(strokes)), counts),
        np.repeat([i for i, _ in strokes], counts),
    )


def _digit(strokes: Strokes) -> Strokes:
    """A form of a digit in pixels, its long side 20."""
    points = np.array([point for stroke in strokes for point in stroke])
    middle, side = (points.max(0) + points.min(0)) / 2, np.ptp(points, axis=0).max()
    return [[((x - middle[0]) * 20 / side, (y - middle[1]) * 20 / side) for x, y in s] for s in strokes]  # fmt: skip


def _anew(
    drawing: Strokes,
    hands: StrokeAugmentation,
    *,
    count: int = 200,
    label: str = "?",
    seed: int = 0,
) -> list[Segments]:
    """So many times the same drawing, each changed for itself."""
    labels = np.array([label] * count)
    found = augmented(_lines(*[drawing] * count), labels, hands, _random(seed))
    assert np.array_equal(found.drawing, np.sort(found.drawing))
    places = np.searchsorted(found.drawing, np.arange(count + 1))
    return [
        Segments(found.starts[start:end], found.ends[start:end], found.drawing[start:end])
        for start, end in itertools.pairwise(places)
    ]


def _length(segments: Segments) -> float:
    return float(np.hypot(*(segments.ends - segments.starts).T).sum())


def _is_joined(segments: Segments) -> bool:
    """Whether every segment begins where the one before ended, as in a single stroke."""
    return np.array_equal(segments.starts[1:], segments.ends[:-1])


def _points(segments: Segments) -> NDArray[np.float32]:
    """The points of a single stroke."""
    assert _is_joined(segments)
    return np.concatenate([segments.starts, segments.ends[-1:]])


def _original(drawing: Strokes) -> NDArray[np.float32]:
    return _lines(drawing).points


# --- nothing


def test_without_amounts_nothing_is_changed() -> None:
    whole = _lines(*(_digit(STYLES[label][-1]) for label in STYLES))
    plain = segments_of(whole)
    found = augmented(whole, np.array(list(STYLES)), StrokeAugmentation(), _random())
    for name in Segments._fields:
        column, expected = getattr(found, name), getattr(plain, name)
        assert np.array_equal(column, expected)
        assert column.dtype == expected.dtype


def test_without_amounts_the_pictures_are_those_of_width_slant_and_turn(tmp_path: Path) -> None:
    drawings = drawings_of(tmp_path / "x.jsonl", lines(100))
    redrawing = Redrawing(drawings, np.arange(100))
    places, pictures = redrawing(_random(5), StrokeAugmentation(width=(0.8, 1.2), slant=5, turn=3))
    assert places.tolist() == list(range(100))
    random = _random(5)
    width = random.uniform(0.8, 1.2, 100)
    slant = np.tan(np.radians(random.uniform(-5, 5, 100)))
    turn = np.radians(random.uniform(-3, 3, 100))
    assert np.array_equal(pictures, redrawing.drawn(width=width, slant=slant, turn=turn))
    # And where these are nothing, too, they are the pictures themselves.
    _, same = redrawing(_random(5), StrokeAugmentation(width=(1, 1), slant=0, turn=0))
    difference = np.abs(same.astype(int) - drawings.pictures)
    assert np.mean(difference.max(axis=(1, 2)) <= 40) > 0.95


@pytest.mark.parametrize("name", STROKE_AMOUNTS)
def test_every_amount_changes_something(name: str) -> None:
    label = "1" if name == "shapes" else "?"
    drawing = _digit(STYLES["1"][0]) if name == "shapes" else CORNER
    plain = segments_of(_lines(drawing))
    found = _anew(drawing, _only({name: STROKE_AMOUNTS[name]}), count=20, label=label)
    changed = [
        len(one.starts) != len(plain.starts)
        or not (np.array_equal(one.starts, plain.starts) and np.array_equal(one.ends, plain.ends))
        for one in found
    ]
    assert sum(changed) >= (10 if name == "hooks" else 20)  # an end gets a hook every other time


@pytest.mark.parametrize("name", ["sampling", "smoothing", "gaps", "hooks", "shapes"])
def test_a_chance_is_how_many_are_changed(name: str) -> None:
    label = "1" if name == "shapes" else "?"
    drawing = _digit(STYLES["1"][0]) if name == "shapes" else CORNER
    plain = segments_of(_lines(drawing))
    found = _anew(drawing, _only({name: 0.25}), count=2000, label=label)
    same = [
        np.array_equal(one.starts, plain.starts) and np.array_equal(one.ends, plain.ends)
        for one in found
    ]
    share = 0.25 * 0.75 if name == "hooks" else 0.25
    assert 1 - np.mean(same) == pytest.approx(share, abs=0.04)


# --- each amount


def test_an_aspect_stretches_one_side_and_shrinks_the_other() -> None:
    found = _anew(CORNER, StrokeAugmentation(aspect=0.4), count=1000)
    sides = np.array([np.ptp(_points(one), axis=0) for one in found])
    assert np.allclose(sides.prod(axis=1), 400, rtol=1e-3)
    ratio = np.log(sides[:, 0] / sides[:, 1])
    assert np.abs(ratio).max() <= 0.4 + 1e-4
    assert ratio.min() < -0.35
    assert ratio.max() > 0.35
    assert abs(ratio.mean()) < 0.05


def test_a_proportion_makes_one_half_larger_and_the_other_smaller() -> None:
    drawing: Strokes = [[(-10, -10), (0, 0), (10, 10)]]
    found = np.array(
        [_points(one) for one in _anew(drawing, StrokeAugmentation(proportion=0.5), count=1000)]
    )
    assert np.array_equal(found[:, [0, 2]], np.broadcast_to([[-10, -10], [10, 10]], (1000, 2, 2)))
    middle = found[:, 1]
    assert np.abs(middle).max() <= 20 * 0.5 / 4
    assert middle.min() < -2.3
    assert middle.max() > 2.3
    assert abs(np.corrcoef(middle.T)[0, 1]) < 0.1  # across and along for themselves


def test_a_wave_moves_smoothly_by_so_much() -> None:
    found = _anew(CORNER, StrokeAugmentation(wave=0.8), count=1000)
    moved = np.array([_points(one) for one in found]) - _original(CORNER)
    assert moved.std() == pytest.approx(0.8, rel=0.1)
    steps = np.hypot(*np.diff(moved, axis=1).transpose(2, 0, 1))  # over a quarter of a pixel
    assert np.quantile(steps, 0.99) < 0.5
    assert np.hypot(*(moved[:, 0] - moved[:, -1]).T).mean() > 0.8


def test_jitter_moves_every_point_for_itself() -> None:
    found = _anew(CORNER, StrokeAugmentation(jitter=0.5), count=500)
    moved = np.array([_points(one) for one in found]) - _original(CORNER)
    spread = moved.std(axis=(1, 2))
    assert spread.max() < 0.6
    assert spread.max() > 0.4
    assert spread.min() < 0.05  # a steady hand
    # What a point does says nothing of the next.
    assert abs(np.corrcoef(moved[:, :-1].ravel(), moved[:, 1:].ravel())[0, 1]) < 0.05


def test_sampling_leaves_few_of_the_points() -> None:
    original = _original(CORNER)
    known = {tuple(point) for point in original.tolist()}
    for one in _anew(CORNER, StrokeAugmentation(sampling=1)):
        points = _points(one)
        assert {tuple(point) for point in points.tolist()} <= known
        assert np.array_equal(points[[0, -1]], original[[0, -1]])
        apart = np.hypot(*np.diff(points, axis=0).T)
        assert apart.max() <= 3.5 + 0.25
        # 40 pixels of line at one to three and a half each.
        assert 11 <= len(points) <= 43


def test_sampling_keeps_both_ends_of_every_stroke() -> None:
    drawing: Strokes = [[(i / 10, 0.0) for i in range(11)], [(0.0, 10.0)], [(0, 11), (0.1, 11)]]
    for one in _anew(drawing, StrokeAugmentation(sampling=1), count=50):
        points = {tuple(point) for point in np.concatenate([one.starts, one.ends]).tolist()}
        ends = {(0.0, 0.0), (1.0, 0.0), (0.0, 10.0), (0.0, 11.0)}
        assert ends <= points
        assert len(one.starts) <= 4


def test_smoothing_rounds_corners_and_nothing_else() -> None:
    original = _original(CORNER)
    corner = 80
    for one in _anew(CORNER, StrokeAugmentation(smoothing=1), count=5):
        moved = np.hypot(*(_points(one) - original).T)
        assert moved[corner] > 0.1
        assert moved[: corner - 3].max() < 1e-5
        assert moved[corner + 4 :].max() < 1e-5
        # Towards the inside of the corner, which is at the upper right.
        assert (_points(one)[corner] - original[corner]) @ np.array([-1, 1]) > 0


def test_smoothing_does_not_join_strokes() -> None:
    drawing: Strokes = [[(0, 0), (0, 5), (0, 10)], [(8, 0), (8, 5), (8, 10)]]
    (one,) = _anew(drawing, StrokeAugmentation(smoothing=1), count=1)
    assert np.array_equal(one.starts, segments_of(_lines(drawing)).starts)


@pytest.mark.parametrize(
    "drawing",
    [CORNER, [[(-10, -10), (10, -10), (10, 10)]], [[(-10, 0), (0, 0)], [(0, 10), (10, 10)]]],
    ids=["many points", "few points", "two strokes"],
)
def test_a_gap_is_short_however_few_points_there_are(drawing: Strokes) -> None:
    whole = _length(segments_of(_lines(drawing)))
    missing = whole - np.array([_length(one) for one in _anew(drawing, StrokeAugmentation(gaps=1))])
    assert missing.max() <= 2.2 + 1e-3
    assert missing.min() >= 0.4 - 1e-3  # at an end of the line half of it lies beyond
    assert np.median(missing) == pytest.approx(1.5, abs=0.25)


def test_a_gap_is_anywhere_and_the_rest_is_where_it_was() -> None:
    straight: Strokes = [[(0, -10), (0, 10)]]
    gaps = []
    for one in _anew(straight, StrokeAugmentation(gaps=1)):
        assert 1 <= len(one.starts) <= 2
        assert (one.ends[:, 1] > one.starts[:, 1]).all()
        assert np.array_equal(np.concatenate([one.starts, one.ends])[:, 0], [0] * 2 * len(one.ends))
        if len(one.starts) == 2:
            assert one.starts[0, 1] == -10
            assert one.ends[1, 1] == 10
            gaps.append((one.ends[0, 1] + one.starts[1, 1]) / 2)
    assert min(gaps) < -7
    assert max(gaps) > 7


def test_what_would_be_all_gap_stays_whole() -> None:
    dots: Strokes = [[(0, -10)], [(0, 10)]]
    tick: Strokes = [[(0, 0), (0.3, 0.3)]]
    for drawing in (dots, tick):
        plain = segments_of(_lines(drawing))
        for one in _anew(drawing, StrokeAugmentation(gaps=1), count=50):
            assert len(one.starts) >= 1
            assert np.isin(one.starts, plain.starts).all()


def test_hooks_are_short_lines_at_the_ends_of_strokes() -> None:
    drawing: Strokes = [[(-5, -10), (-5, 10)], [(5, -10), (5, 10)]]
    ends = {tuple(map(float, point)) for stroke in drawing for point in stroke}
    hooks, ways, lengths, turned = [], [], [], []
    for one in _anew(drawing, StrokeAugmentation(hooks=1)):
        way = one.ends - one.starts
        length = np.hypot(*way.T)
        is_hook = length < 10
        assert (~is_hook).sum() == 2
        hooks.append(int(is_hook.sum()))
        assert {tuple(point) for point in one.starts[is_hook].tolist()} <= ends
        assert ((length[is_hook] >= 0.79) & (length[is_hook] <= 5.01)).all()
        lengths += length[is_hook].tolist()
        back = -np.sign(one.starts[is_hook, 1])  # towards the stroke's middle
        turned += (way[is_hook, 1] * back / length[is_hook]).tolist()
        ways += np.arctan2(*way[is_hook].T).tolist()
    assert np.mean(hooks) == pytest.approx(2, abs=0.25)  # half of four
    assert set(hooks) == {0, 1, 2, 3, 4}
    assert np.histogram(ways, 4, (-np.pi, np.pi))[0].min() > len(ways) / 12
    # Half of them turn back along the line, and by chance 100 of 360 degrees of the others do.
    assert np.mean(np.array(turned) > np.cos(np.radians(50))) == pytest.approx(0.64, abs=0.06)
    assert np.median(lengths) < 2.6  # half-way would be 2.9: short ones are the usual


# --- forms


def _added(label: str, strokes: Strokes, *, count: int = 60) -> list[NDArray[np.float32]]:
    """What is added to a digit, (M, 2, 2) starts and ends; of a drawing that gets nothing M is 0."""
    drawing = _digit(strokes)
    plain = segments_of(_lines(drawing))
    known = {
        (*start, *end)
        for start, end in zip(plain.starts.tolist(), plain.ends.tolist(), strict=True)
    }
    found = []
    for one in _anew(drawing, StrokeAugmentation(shapes=1), count=count, label=label):
        every = zip(one.starts.tolist(), one.ends.tolist(), strict=True)
        new = [(start, end) for start, end in every if (*start, *end) not in known]
        assert len(one.starts) == len(plain.starts) + len(new)
        found.append(np.array(new, np.float32).reshape(-1, 2, 2))
    return found


@pytest.mark.parametrize("label", [*"2345681", *"loIOqgz+", "10", "07", "", NO_LABEL])
def test_other_drawings_get_no_form(label: str) -> None:
    strokes = STYLES["1"][3] if label == "1" else STYLES["9"][0]
    assert all(len(new) == 0 for new in _added(label, strokes, count=20))


PLAIN = {
    "0": STYLES["0"][:2],
    "1": [STYLES["1"][0], STYLES["1"][4], [curve((140, 50), (146, 140), (138, 230))]],
    "7": [STYLES["7"][0], [curve((84, 66), (194, 60), (150, 150), (124, 230))]],
    "9": [STYLES["9"][0], STYLES["9"][2]],
}
#: Those that have their other form already.
COMPLETE = {
    "0": [STYLES["0"][2]],
    "1": [STYLES["1"][3]],
    "7": [STYLES["7"][1]],
    "9": [STYLES["9"][1]],
}


def _each(forms: dict[str, list[Strokes]]) -> list[tuple[str, Strokes]]:
    return [(label, strokes) for label, styles in forms.items() for strokes in styles]


@pytest.mark.parametrize(("label", "strokes"), _each(PLAIN))
def test_a_plain_digit_gets_its_form(label: str, strokes: Strokes) -> None:
    added = _added(label, strokes)
    assert {len(new) for new in added} == {"9": {6}, "1": {1, 2}}.get(label, {1})
    assert len({new.tobytes() for new in added}) == len(added)
    # Not far from the digit, which reaches from -10 to 10.
    assert max(np.abs(new).max() for new in added) < 18


@pytest.mark.parametrize(("label", "strokes"), _each(COMPLETE))
def test_a_digit_that_has_its_form_gets_no_other(label: str, strokes: Strokes) -> None:
    assert all(len(new) == 0 for new in _added(label, strokes))
    # Nor where it was written with many points.
    dense = [
        [
            (float(x), float(y))
            for start, end in itertools.pairwise(stroke)
            for x, y in np.linspace(start, end, 30)
        ]
        for stroke in strokes
    ]
    assert all(len(new) == 0 for new in _added(label, dense))


def test_a_bare_1_gets_a_flag_or_a_foot_or_both() -> None:
    found = []
    for new in _added("1", STYLES["1"][0], count=300):
        parts = ""
        for start, end in new:
            if start[1] < -9:  # from the top
                parts += "flag "
                assert end[0] < start[0]  # to the left …
                assert end[1] > start[1]  # … and down
                assert 2.9 < np.hypot(*(end - start)) < 12.1
            else:
                parts += "foot"
                assert start[0] < 0 < end[0]
                assert 8.9 < start[1] < 11.1
        found.append(parts)
    assert {found.count(parts) > 40 for parts in ("flag ", "foot", "flag foot")} == {True}
    assert set(found) == {"flag ", "foot", "flag foot"}


@pytest.mark.parametrize("number", [1, 2])
def test_a_1_with_a_flag_gets_only_a_foot(number: int) -> None:
    added = _added("1", STYLES["1"][number], count=200)
    assert {len(new) for new in added} == {0, 1}
    for new in added:
        for start, end in new:
            assert start[0] < end[0]
            assert min(start[1], end[1]) > 8.5


def test_a_7_gets_a_bar_where_it_belongs() -> None:
    for new in _added("7", STYLES["7"][0]):
        ((left, right),) = new
        assert left[0] < right[0]
        assert abs(left[1] - right[1]) < 5
        assert -3 < left[1:].mean() < 5


def test_a_0_gets_a_slash_through_its_middle() -> None:
    up = 0
    for new in _added("0", STYLES["0"][0], count=300):
        ((start, end),) = new
        way = end - start
        assert abs(way[0] * start[1] - way[1] * start[0]) / np.hypot(*way) < 2.5
        assert 8 < np.hypot(*way) < 30
        up += way[0] * way[1] < 0
    assert 200 < up < 285


# --- whatever is drawn


STRANGE: list[dict[str, Any]] = [
    {"label": "1", "strokes": [[[0, 0]], [[0, 50]]]},  # two dots
    {"label": "7", "strokes": [[[0, 0]], [[30, 0], [30, 40]], [[5, 5]]]},
    {"label": "9", "strokes": [[[0, 0], [60, 0]]]},  # lying
    {"label": "1", "strokes": [[[0, 0], [0, 60]]]},
    {"label": "0", "strokes": [[[0, 0], [60, 0], [0, 0]]]},
    {"label": "7", "strokes": [[[0, 0], [0, 0], [30, 1], [30, 1]]]},  # the pen rests
    {"label": "1", "strokes": [[[1e6, 1e6], [1e6, 1e6 + 100]]]},
    {"label": "9", "strokes": [[[0, 0], [1e-3, 1e-3]]]},
    {"label": "0", "strokes": [[[i % 7, i] for i in range(1000)]]},
    {"label": "7", "strokes": [[[i, 0]] for i in range(40)]},
    {"label": "0", "strokes": [[[0, 0], [0.01, 0]], [[50, 0]]]},
]


@pytest.mark.parametrize("name", [*STROKE_AMOUNTS, "everything"])
def test_strange_drawings_survive_the_most_of_it(tmp_path: Path, name: str) -> None:
    hands = EVERYTHING if name == "everything" else _only({name: STROKE_AMOUNTS[name]})
    drawings = drawings_of(tmp_path / "x.jsonl", STRANGE)
    assert len(drawings) == len(STRANGE)
    random = _random()
    redrawing = Redrawing(drawings, np.arange(len(STRANGE)))
    alone = [Redrawing(drawings, np.array([i])) for i in range(len(STRANGE))]
    for _ in range(10):
        pictures = redrawing(random, hands)[1]
        assert pictures.dtype == np.uint8
        assert (pictures.max(axis=(1, 2)) > 100).all()
        for one in alone:
            places, picture = one(random, hands)
            assert places.tolist() == [0]
            assert picture.shape == (1, 28, 28)
            assert picture.max() > 100


def test_one_dot_is_a_segment_of_no_length() -> None:
    for count in (1, 3):
        found = segments_of(_lines(*[[[(3.0, 4.0)]]] * count))
        assert np.array_equal(found.starts, [[3, 4]] * count)
        assert np.array_equal(found.ends, found.starts)
        assert found.drawing.tolist() == list(range(count))
    for one in _anew([[(3.0, 4.0)]], EVERYTHING, count=20, label="1"):
        assert len(one.starts) >= 1
        assert np.isfinite(one.starts).all()
        assert np.isfinite(one.ends).all()


def test_digits_stay_what_they_were_like(tmp_path: Path) -> None:
    """Of the amounts that the preset has: nearer to their own picture than to another digit's."""
    from trainer.datasets.augmentation.images import AUGMENTATIONS

    preset = AUGMENTATIONS["strokes"]
    assert preset is not None
    drawings = drawings_of(tmp_path / "x.jsonl", lines(200))
    _, pictures = Redrawing(drawings, np.arange(200))(_random(), preset.strokes)
    old = drawings.pictures.reshape(200, -1).astype(np.float64)
    likeness = np.corrcoef(old, pictures.reshape(200, -1).astype(np.float64))[:200, 200:]
    own = np.diag(likeness)
    assert np.median(own) > 0.55
    assert np.mean(own > np.quantile(likeness, 0.9, axis=1)) > 0.65


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    drawings = drawings_of(tmp_path / "x.jsonl", lines(40))
    redrawing = Redrawing(drawings, np.arange(40))
    once, again = (redrawing(_random(3), EVERYTHING)[1] for _ in range(2))
    assert np.array_equal(once, again)
    random = _random(3)
    redrawing(random, EVERYTHING)
    assert not np.array_equal(redrawing(random, EVERYTHING)[1], once)


def test_where_no_strokes_are_known_nothing_is_drawn(tmp_path: Path) -> None:
    drawings = drawings_of(tmp_path / "x.jsonl", lines(10))
    places, pictures = Redrawing(drawings, np.arange(0))(_random(), EVERYTHING)
    assert places.tolist() == []
    assert pictures.shape == (0, 28, 28)


@pytest.mark.parametrize("change", [segments_of, lambda lines: lines], ids=["segments", "lines"])
def test_what_is_handed_in_is_not_touched(change: Callable[[Lines], Any]) -> None:
    whole = _lines(*(_digit(STYLES[label][0]) for label in STYLES))
    before = [column.copy() for column in change(whole)]
    augmented(whole, np.array(list(STYLES)), EVERYTHING, _random())
    for column, expected in zip(change(whole), before, strict=True):
        assert np.array_equal(column, expected)

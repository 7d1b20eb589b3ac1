"""The history of a drawing, and what the eraser takes away. No window, no Qt."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from handwrite_app.canvas.document import HISTORY_LIMIT, Document, bounds, erase
from trainer.picture.strokes import Drawing, InkImage, Stroke


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    count: int = 2,
    *,
    width: float | None = 20.0,
    **channels: object,
) -> Stroke:
    points = np.linspace(start, end, count)
    return Stroke.make(points, width=width, **channels)  # type: ignore[arg-type]


def drawing(*strokes: Stroke) -> Drawing:
    return Drawing(strokes)


def solid(left: float = 40, top: float = 40, size: float = 200) -> InkImage:
    return InkImage(np.full((100, 100), 255, np.uint8), left, top, size, size)


class TestHistory:
    def test_begins_empty(self) -> None:
        document = Document()
        assert document.drawing.is_empty
        assert (document.can_undo, document.can_redo) == (False, False)

    def test_undo_and_redo_go_back_and_forth_over_the_very_same_drawings(self) -> None:
        document = Document()
        seen = [document.drawing]
        for i in range(3):
            document.add_stroke(line((0, i), (9, i)))
            seen.append(document.drawing)
        for expected in reversed(seen[:-1]):
            assert document.undo()
            assert document.drawing is expected
        assert not document.undo()
        for expected in seen[1:]:
            assert document.redo()
            assert document.drawing is expected
        assert not document.redo()

    def test_a_new_stroke_ends_what_could_be_redone(self) -> None:
        document = Document()
        document.add_stroke(line((0, 0), (9, 0)))
        document.undo()
        document.add_stroke(line((0, 5), (9, 5)))
        assert not document.can_redo

    def test_strokes_lie_over_an_opened_picture(self) -> None:
        document = Document()
        image = solid()
        document.replace(Drawing((), image))
        document.add_stroke(line((0, 0), (9, 0)))
        assert document.drawing.image is image
        assert len(document.drawing.strokes) == 1

    def test_clear_is_one_step_and_none_on_an_empty_paper(self) -> None:
        document = Document()
        assert not document.clear()
        assert not document.can_undo
        document.add_stroke(line((0, 0), (9, 0)))
        full = document.drawing
        assert document.clear()
        assert document.drawing.is_empty
        document.undo()
        assert document.drawing is full

    def test_an_erasing_that_touches_nothing_is_no_step(self) -> None:
        document = Document(drawing(line((0, 0), (9, 0))))
        assert not document.erase([(200, 200), (210, 210)], 10)
        assert not document.can_undo

    def test_a_whole_gesture_of_the_eraser_is_one_step(self) -> None:
        document = Document(drawing(line((20, 140), (260, 140), 50)))
        assert document.erase([(60, 100), (60, 180), (200, 180), (200, 100)], 12)
        assert len(document.drawing.strokes) == 3
        document.undo()
        assert len(document.drawing.strokes) == 1

    def test_replacing_without_undo_begins_a_new_history(self) -> None:
        document = Document()
        document.add_stroke(line((0, 0), (9, 0)))
        document.undo()
        document.replace(drawing(line((0, 5), (9, 5))), undoable=False)
        assert (document.can_undo, document.can_redo) == (False, False)

    def test_the_sheet_of_an_earlier_session_is_where_the_history_begins(self) -> None:
        document, earlier = Document(), drawing(line((0, 5), (9, 5)))
        assert document.restore(earlier)
        assert document.drawing is earlier
        assert not document.can_undo

    def test_under_what_is_drawn_already_it_is_the_oldest_step(self) -> None:
        document, earlier = Document(), drawing(line((0, 5), (9, 5)))
        document.add_stroke(line((0, 0), (9, 0)))
        drawn = document.drawing
        assert not document.restore(earlier)
        assert document.drawing is drawn
        document.undo()
        document.undo()
        assert document.drawing is earlier
        assert not document.can_undo

    def test_old_steps_are_given_up_beyond_the_limit(self) -> None:
        document = Document()
        for i in range(HISTORY_LIMIT + 10):
            document.add_stroke(line((0, i), (9, i)))
        steps = 0
        while document.undo():
            steps += 1
        assert steps == HISTORY_LIMIT
        assert len(document.drawing.strokes) == 10


class TestErasing:
    def test_crossing_a_line_splits_it_where_the_eraser_was(self) -> None:
        before = drawing(line((20, 140), (260, 140), width=20))
        after = erase(before, [(140, 100), (140, 180)], 15)
        left, right = after.strokes
        # The round ends, 10 wide to each side, touch the eraser's edge.
        assert left.points[-1] == pytest.approx((140 - 15 - 10, 140), abs=0.01)
        assert right.points[0] == pytest.approx((140 + 15 + 10, 140), abs=0.01)
        assert tuple(left.points[0]) == (20, 140)
        assert tuple(right.points[-1]) == (260, 140)
        assert (left.width, right.width) == (20, 20)

    def test_the_cut_does_not_depend_on_how_densely_the_line_was_drawn(self) -> None:
        cuts = []
        for count in (2, 3, 7, 200):
            after = erase(drawing(line((20, 140), (260, 140), count)), [(140, 100), (140, 180)], 15)
            cuts.append(float(after.strokes[0].points[-1, 0]))
        assert np.ptp(cuts) < 0.1

    def test_points_that_stay_are_not_moved_and_none_are_added_but_the_cuts(self) -> None:
        stroke = line((20, 140), (260, 140), 25)
        left, right = erase(drawing(stroke), [(140, 140)], 15).strokes
        kept = np.concatenate([left.points[:-1], right.points[1:]])
        assert len(kept) < len(stroke.points)
        assert all((stroke.points == point).all(axis=1).any() for point in kept)

    def test_pressure_and_times_of_the_cut_are_interpolated(self) -> None:
        stroke = line((0, 140), (280, 140), pressure=[0.2, 0.8], times=[0.0, 2.8])
        left, right = erase(drawing(stroke), [(140, 140)], 15).strokes
        for piece in (left, right):
            assert piece.pressure is not None
            assert piece.times is not None
            share = piece.points[:, 0] / 280
            assert piece.pressure == pytest.approx(0.2 + 0.6 * share, abs=1e-4)
            assert piece.times == pytest.approx(2.8 * share, abs=1e-3)
        # The line is thicker to the right, so its round end there is farther from the eraser.
        assert right.points[0, 0] - 140 > 140 - left.points[-1, 0]

    def test_ink_whose_middle_is_not_reached_stays_whole(self) -> None:
        before = drawing(line((20, 140), (260, 140), width=40))
        assert erase(before, [(140, 105)], 30) is before
        assert len(erase(before, [(140, 115)], 30).strokes) == 2

    def test_ends_are_eaten_up_smoothly(self) -> None:
        now = drawing(line((20, 140), (260, 140), width=24))
        ends = []
        for x in range(300, 200, -2):
            now = erase(now, [(x, 140)], 18)
            ends.append(float(now.strokes[0].points[-1, 0]))
        steps = -np.diff(ends)
        assert steps.max() <= 2.01
        assert ends[-1] == pytest.approx(202 - 18 - 12, abs=0.05)

    def test_a_dot_goes_when_it_is_touched(self) -> None:
        before = drawing(line((100, 100), (100, 100), 1))
        assert erase(before, [(100, 130)], 15) is before
        assert erase(before, [(100, 115)], 15).is_empty

    def test_one_end_goes_without_leaving_a_crumb(self) -> None:
        after = erase(drawing(line((20, 140), (260, 140))), [(20, 140)], 15)
        (rest,) = after.strokes
        assert rest.points[0] == pytest.approx((45, 140), abs=0.01)

    def test_a_long_movement_erases_between_its_points(self) -> None:
        before = drawing(*(line((x, 20), (x, 260)) for x in range(40, 260, 20)))
        after = erase(before, [(0, 140), (280, 140)], 5)
        assert len(after.strokes) == 2 * len(before.strokes)

    def test_along_a_path_is_along_its_segments_in_turn(self) -> None:
        rng = np.random.default_rng(1)
        before = drawing(
            *(Stroke.make(rng.uniform(20, 260, (12, 2)), width=16.0) for _ in range(3))
        )
        path = rng.uniform(0, 280, (6, 2))
        at_once = erase(before, path, 14)
        in_turn = before
        for i in range(len(path) - 1):
            in_turn = erase(in_turn, path[i : i + 2], 14)
        assert len(at_once.strokes) == len(in_turn.strokes) > 3
        for a, b in zip(at_once.strokes, in_turn.strokes, strict=True):
            assert np.array_equal(a.points, b.points)

    def test_nothing_visible_is_left_where_a_line_was_crossed(self) -> None:
        rng = np.random.default_rng(2)
        before = drawing(
            Stroke.make(rng.uniform(20, 260, (30, 2)), pressure=rng.uniform(0, 1, 30), width=12.0)
        )
        centre = np.array([140.0, 140.0])
        after = erase(before, [centre, centre], 25)
        for piece in after.strokes:
            widths = piece.widths()
            assert widths is not None
            fine = np.linspace(0, len(piece.points) - 1, 4000)
            index = np.arange(len(piece.points))
            x, y, w = (np.interp(fine, index, c) for c in (*piece.points.T, widths))
            inside = 25 - (np.hypot(x - 140, y - 140) - w / 2)
            # What was only grazed may reach in by half its width, and no more.
            assert (inside <= w / 2 + 0.1).all()

    def test_strokes_without_a_width_can_be_erased(self) -> None:
        assert (
            len(erase(drawing(line((20, 140), (260, 140), width=None)), [(140, 140)], 15).strokes)
            == 2
        )

    def test_other_strokes_are_the_same_objects(self) -> None:
        far = line((20, 20), (260, 20))
        after = erase(drawing(far, line((20, 200), (260, 200))), [(140, 200)], 15)
        assert after.strokes[0] is far

    @pytest.mark.parametrize("path", [[], [(np.nan, 140.0)], [(np.inf, 140.0), (140.0, -np.inf)]])
    def test_paths_without_a_place_do_nothing(self, path: list[tuple[float, float]]) -> None:
        before = drawing(line((20, 140), (260, 140)))
        assert erase(before, path, 15) is before

    def test_a_broken_point_in_a_path_is_left_out(self) -> None:
        after = erase(
            drawing(line((20, 140), (260, 140))), [(140, 100), (np.nan, 0), (140, 180)], 15
        )
        assert len(after.strokes) == 2

    def test_no_radius_no_erasing(self) -> None:
        before = drawing(line((20, 140), (260, 140)))
        assert erase(before, [(140, 140)], 0) is before


class TestErasingAPicture:
    def test_pixels_under_the_eraser_are_cleared_in_a_copy(self) -> None:
        image = solid()
        after = erase(Drawing((), image), [(140, 140)], 20).image
        assert after is not None
        assert image.ink.min() == 255
        x = 40 + (np.arange(100) + 0.5) * 2
        distance = np.hypot(x[None, :] - 140, x[:, None] - 140)
        assert (after.ink[distance < 18] == 0).all()
        assert (after.ink[distance > 22] == 255).all()
        assert (after.left, after.top, after.width, after.height) == (40, 40, 200, 200)

    def test_going_over_it_again_changes_nothing(self) -> None:
        once = erase(Drawing((), solid()), [(140, 140), (180, 140)], 20)
        assert erase(once, [(140, 140), (180, 140)], 20) is once

    def test_beside_the_picture_nothing_changes(self) -> None:
        before = Drawing((), solid())
        assert erase(before, [(10, 10)], 20) is before

    def test_a_picture_without_ink_is_gone(self) -> None:
        image = solid(100, 100, 20)
        assert erase(Drawing((), image), [(110, 110)], 60).is_empty


def test_bounds_are_those_of_points_and_picture() -> None:
    assert bounds(Drawing()) is None
    assert bounds(drawing(line((10, 20), (30, 5)))) == (10, 5, 30, 20)
    assert bounds(Drawing((Stroke.make([(10, 260)]),), solid())) == (10, 40, 240, 260)


def test_it_needs_neither_qt_nor_torch() -> None:
    code = "import sys, handwrite_app.canvas.document, handwrite_app.canvas.input.gesture, handwrite_app.canvas.ink.outline; print(sorted(m for m in sys.modules if m in ('PySide6', 'torch', 'PIL', 'scipy')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

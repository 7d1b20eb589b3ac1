"""A drawing read again as it was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.base.paths import shipped_weights_folder
from trainer.explanation.moments import dense, partial_drawing, place_at, timeline
from trainer.explanation.reader import Reader
from trainer.explanation.replay import MOMENTS, replay
from trainer.explanation.results import Replay
from trainer.models.recognizer import Recognizer
from trainer.picture.strokes import Drawing, Stroke


def _seven(times: bool) -> Drawing:
    points = np.array(DIGITS["7"][0], float)
    seconds = np.linspace(5, 6, len(points)) if times else None
    return Drawing((Stroke.make(points, width=20, times=seconds),))


def test_times_of_the_pen_begin_at_nought_and_long_pauses_are_shortened() -> None:
    first = Stroke.make([[0, 0], [10, 0]], times=[3.0, 3.5])
    second = Stroke.make([[0, 5], [10, 5]], times=[13.5, 14.0])
    seconds, is_timed = timeline(Drawing((first, second)))
    assert is_timed
    assert seconds[0].tolist() == [0.0, 0.5]
    assert seconds[1].tolist() == [1.0, 1.5]


def test_without_times_the_pen_moves_evenly() -> None:
    drawing = Drawing((Stroke.make([[0, 0], [30, 0]]), Stroke.make([[0, 5], [10, 5]])))
    seconds, is_timed = timeline(drawing)
    assert not is_timed
    long, short = (float(of[-1] - of[0]) for of in seconds)
    assert abs(long - 3 * short) < 1e-9


def test_times_that_make_no_sense_are_not_believed() -> None:
    backwards = Stroke.make([[0, 0], [5, 5], [9, 9]], times=[0.0, 2.0, 1.0])
    assert not timeline(Drawing((backwards,)))[1]


def test_a_straight_line_of_two_points_grows() -> None:
    drawing = dense(Drawing((Stroke.make([[0, 0], [100, 0]]),)))
    half = partial_drawing(drawing, 0, 0.5)
    assert abs(float(half.strokes[0].points[-1, 0]) - 48) < 6
    assert partial_drawing(drawing, 1, 0.0).strokes[0] is drawing.strokes[0]


def test_what_grows_keeps_its_corners_and_the_pens_times() -> None:
    pen = Stroke.make([[0, 0], [1, 0], [100, 0], [100, 7]], times=[0.0, 1.0, 2.0, 3.0])
    (stroke,) = dense(Drawing((pen,))).strokes
    assert {tuple(point) for point in pen.points.tolist()} <= set(
        map(tuple, stroke.points.tolist())
    )
    assert stroke.times is not None
    at = float(np.interp(50.5, stroke.points[:-3, 0], stroke.times[:-3]))
    assert at == pytest.approx(1.5, abs=0.05)


def test_the_end_is_the_whole_drawing() -> None:
    drawing = dense(_seven(times=True))
    seconds, _ = timeline(drawing)
    assert place_at(seconds, 0.0)[0] == 0
    assert place_at(seconds, float(seconds[-1][-1])) == (1.0, 0.0)


def test_the_last_reading_is_that_of_the_drawing_and_changes_are_told() -> None:
    recognizer = Recognizer(shipped_weights_folder() / "scribe-tiny.safetensors", device="cpu")
    reader = Reader(recognizer)
    drawing = dense(_seven(times=True))
    (found,) = [one for one in replay(reader, drawing) if isinstance(one, Replay)]
    (whole,) = reader.read([drawing])
    assert whole is not None
    assert found.is_timed
    assert found.times[-1] == 1.0
    assert found.probabilities.shape == (MOMENTS, len(reader.labels))
    assert np.allclose(found.probabilities[-1], whole.probabilities)
    assert found.changes
    assert found.changes[-1].after == "7"
    # The beginning of a 7 is a bar: it says something else, or nothing, first.
    assert found.changes[-1].at > 0.2

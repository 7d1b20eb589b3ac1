"""What the program draws that is no digit: every kind, always something, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing
from trainer.synthetic.scribbles import KINDS, scribbles
from trainer.synthetic.synthetic_digits import PAPER

#: Each kind some times.
DRAWINGS = scribbles(12 * len(KINDS), seed=1)


def _of(kind: str) -> list[Drawing]:
    return DRAWINGS[list(KINDS).index(kind) :: len(KINDS)]


def _content(drawings: list[Drawing]) -> list[bytes]:
    return [b"".join(stroke.points.tobytes() for stroke in d.strokes) for d in drawings]


def test_the_seed_says_what_is_drawn() -> None:
    first = _content(scribbles(40, seed=5))
    assert _content(scribbles(40, seed=5)) == first
    assert _content(scribbles(20, seed=5)) == first[:20]
    assert set(first).isdisjoint(_content(scribbles(40, seed=6)))
    assert len(set(first)) == 40
    assert scribbles(0) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_drawn_and_seen(kind: str) -> None:
    drawings = _of(kind)
    assert len(drawings) == 12
    pictures = [picture_from_drawing(drawing) for drawing in drawings]
    shown = [picture for picture in pictures if picture is not None]
    # A blot that was gone over may be as small as a dot, which counts as nothing drawn.
    assert len(shown) >= (6 if kind == "blob" else 12)
    assert all(picture.max() > 100 for picture in shown)
    assert len({picture.tobytes() for picture in shown}) == len(shown)


@pytest.mark.parametrize("kind", KINDS)
def test_its_strokes_are_as_a_drawings_are(kind: str) -> None:
    for drawing in _of(kind):
        assert drawing.image is None
        assert drawing.strokes
        widths = {stroke.width for stroke in drawing.strokes}
        assert len(widths) == 1  # one pen
        (width,) = widths
        assert width is not None
        assert 9 <= width <= 28
        for stroke in drawing.strokes:
            assert stroke.points.shape[1] == 2
            assert len(stroke.points) >= 1
            assert np.isfinite(stroke.points).all()
            assert np.abs(stroke.points - PAPER / 2).max() < 2 * PAPER


def test_one_of_a_kind_is_not_like_the_next() -> None:
    """In more than the turn and the stretch: how much is drawn differs, too."""
    for kind in ("tangle", "zigzag", "spiral", "dots", "lines", "hatching", "crossed out"):
        counts = {sum(len(stroke.points) for stroke in d.strokes) for d in _of(kind)}
        assert len(counts) >= 3, kind

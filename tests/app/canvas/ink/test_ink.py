"""The shape of ink: smooth, without gaps and holes, and the same while it is drawn and afterwards."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from scipy import ndimage

from handwrite_app.canvas.document import PAPER, erase
from handwrite_app.canvas.ink.ink_layer import PaperLayer, PaperPlace
from handwrite_app.canvas.ink.ink_painter import InkPainter, InkShape
from handwrite_app.canvas.ink.outline import NEAR, Smoother, middle_line
from tests.drawings import DIGITS
from trainer.picture.strokes import Drawing, InkImage, Stroke

WHITE, BLACK = QColor("white"), QColor("black")


def ink_of(image: QImage) -> NDArray[np.float64]:
    """(H, W) 0 paper … 1 ink."""
    grey = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.width(), 4)
    return 1 - pixels[..., 0] / 255


def painted(drawing: Drawing, side: int = 560) -> NDArray[np.float64]:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(WHITE)
    with QPainter(image) as painter:
        painter.scale(side / PAPER, side / PAPER)
        InkPainter().paint(painter, drawing, BLACK)
    return ink_of(image)


def exact(stroke: Stroke, side: int = 560) -> NDArray[np.float64]:
    """The ink of a stroke by another way: the distance of every pixel to every piece of the middle line."""
    scale = side / PAPER
    depth = np.full((side, side), -np.inf)
    line = np.array(middle_line(stroke, 24.0))
    for a, b in pairwise(line):
        for x, y, radius in np.linspace(a, b, 2 + int(np.hypot(*(b - a)[:2]) * 2)) * scale:
            top, left = max(0, int(y - radius - 2)), max(0, int(x - radius - 2))
            part = depth[top : int(y + radius + 3), left : int(x + radius + 3)]
            rows, columns = np.indices(part.shape)
            distance = np.hypot(columns + left + 0.5 - x, rows + top + 0.5 - y)
            np.maximum(part, radius - distance, out=part)
    return np.clip(depth + 0.5, 0, 1)


def scrawl(seed: int, count: int = 40, width: float = 14.0) -> Stroke:
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 1, (count, 2)) * rng.uniform(0, 25, (count, 1))
    points = np.clip(140 + np.cumsum(steps, axis=0), 20, 260)
    return Stroke.make(points, pressure=rng.uniform(0, 1, count), width=width)


class TestShape:
    @pytest.mark.parametrize("seed", range(6))
    def test_a_scrawl_covers_what_its_discs_cover(self, seed: int) -> None:
        stroke = scrawl(seed)
        difference = np.abs(painted(Drawing((stroke,))) - exact(stroke))
        # Not a hole, not a spike: nothing but the grey of edges may differ.
        assert difference.max() < 0.75
        assert difference.mean() < 0.004

    @pytest.mark.parametrize("digit", sorted(DIGITS))
    def test_a_digit_is_what_its_discs_cover(self, digit: str) -> None:
        for points in DIGITS[digit]:
            stroke = Stroke.make(points, width=24.0)
            assert np.abs(painted(Drawing((stroke,))) - exact(stroke)).max() < 0.6

    def test_a_fast_stroke_has_no_gaps(self) -> None:
        points = [(20, 30), (250, 60), (30, 140), (255, 200), (40, 255)]
        ink = painted(Drawing((Stroke.make(points, width=6.0),))) > 0.9
        assert ndimage.label(ink)[1] == 1

    def test_and_no_polygon(self) -> None:
        angles = np.linspace(0, 1.5 * math.pi, 8)  # 34° from point to point
        points = np.stack([140 + 90 * np.cos(angles), 140 + 90 * np.sin(angles)], axis=1)
        line = np.array(middle_line(Stroke.make(points, width=10.0), 24.0))[:, :2]
        direction = np.unwrap(np.arctan2(*np.diff(line, axis=0).T[::-1]))
        assert np.abs(np.diff(direction)).max() < math.radians(10)

    def test_a_slow_mouse_does_not_show_its_grid(self) -> None:
        x = np.arange(0, 200, 1.0)
        true = 100 + x / 7
        stroke = Stroke.make(np.stack([40 + x, np.round(true)], axis=1), width=12.0)
        line = np.array(middle_line(stroke, 24.0))[3:-3]
        error = line[:, 1] - (100 + (line[:, 0] - 40) / 7)
        assert error.std() < 0.6 * (np.round(true) - true).std()

    def test_ends_stay_where_they_are(self) -> None:
        line = middle_line(scrawl(3), 24.0)
        points = scrawl(3).points
        assert line[0][:2] == tuple(points[0].tolist())
        assert line[-1][:2] == tuple(points[-1].tolist())

    def test_every_point_lies_under_the_ink(self) -> None:
        stroke = Stroke.make(DIGITS["8"][0], width=24.0)
        ink = painted(Drawing((stroke,)))
        for x, y in stroke.points:
            assert ink[int(y * 2), int(x * 2)] == 1

    def test_a_dot_is_round_and_of_the_pens_width(self) -> None:
        ink = painted(Drawing((Stroke.make([(140, 140)], width=24.0),)))
        assert ink.sum() == pytest.approx(math.pi * 24**2, rel=0.01)  # 2 pixels a unit
        assert ink[280, 280 + 22] == 1
        assert ink[280, 280 + 25] == 0

    def test_a_dot_grows_when_it_is_pressed_harder_and_does_not_shrink_again(self) -> None:
        stroke = Stroke.make([(140, 140)] * 3, pressure=[0.1, 0.9, 0.3], width=24.0)
        ink = painted(Drawing((stroke,)))
        assert ink.sum() == pytest.approx(math.pi * (24 * 1.4) ** 2, rel=0.01)

    def test_pressure_makes_it_wider(self) -> None:
        points = [(40 + i * 20.0, 140.0) for i in range(11)]
        ink = painted(Drawing((Stroke.make(points, pressure=np.linspace(0, 1, 11), width=20.0),)))
        thickness = ink.sum(axis=0) / 2
        assert thickness[2 * 60] == pytest.approx(20 * 0.6, abs=0.5)
        assert thickness[2 * 220] == pytest.approx(20 * 1.4, abs=0.5)

    def test_width_unknown_is_drawn_with_the_usual_pen(self) -> None:
        ink = painted(Drawing((Stroke.make([(40, 140), (240, 140)]),)))
        assert ink[:, 280].sum() / 2 == pytest.approx(24, abs=0.1)

    def test_edges_are_soft(self) -> None:
        ink = painted(Drawing((Stroke.make([(30, 40), (250, 200)], width=20.0),)))
        edge = (ink > 0.02) & (ink < 0.98)
        assert 0.3 < ink[edge].mean() < 0.7

    def test_many_points_make_the_edge_no_rougher(self) -> None:
        few = painted(Drawing((Stroke.make([(30, 40), (250, 200)], width=20.0),)))
        dense = np.linspace((30, 40), (250, 200), 900)
        many = painted(Drawing((Stroke.make(dense, width=20.0),)))
        assert np.abs(few - many).mean() < 0.002
        assert many.sum() == pytest.approx(few.sum(), rel=0.003)

    def test_near_points_are_averaged_and_far_ones_are_not(self) -> None:
        smoother = Smoother()
        for x in (0.0, 0.4, 0.8, 1.2):
            smoother.add((x, 0.0, 5.0))
        assert smoother.last == (0.0, 0.0, 5.0)
        smoother.add((40.0, 0.0, 5.0))
        assert smoother.last == (40.0, 0.0, 5.0)
        assert NEAR < 40


class TestGrowing:
    @pytest.mark.parametrize("seed", range(4))
    def test_what_was_drawn_looks_the_same_painted_anew(self, seed: int) -> None:
        stroke = scrawl(seed, count=150)
        layer, drawing = PaperLayer(), Drawing()
        layer.build(drawing, 560, WHITE, BLACK)
        shape = InkShape()
        widths = stroke.widths()
        assert widths is not None
        for (x, y), width in zip(stroke.points.tolist(), widths.tolist(), strict=True):
            shape.add(x, y, width / 2)
            layer.add(shape)
        layer.add(shape, stroke)
        grown = ink_of(layer.image())
        assert np.array_equal(grown, painted(Drawing((stroke,))))

    def test_nothing_changes_outside_of_what_is_loose(self) -> None:
        stroke = scrawl(5, count=120)
        shape = InkShape()
        before = np.zeros((560, 560))
        loose = QRectF()
        for i, (x, y) in enumerate(stroke.points.tolist()):
            shape.add(x, y, 3 + i % 5)
            image = QImage(560, 560, QImage.Format.Format_RGB32)
            image.fill(WHITE)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(2, 2)
                for path in [*shape.lengths, shape.rest()]:
                    painter.fillPath(path, BLACK)
            after = ink_of(image)
            part = loose.united(shape.loose()).adjusted(-0.5, -0.5, 0.5, 0.5)
            loose = shape.loose()
            rows, columns = np.nonzero(np.abs(after - before) > 0.02)
            if len(rows):
                assert part.contains(QPointF(columns.min() / 2, rows.min() / 2))
                assert part.contains(QPointF(columns.max() / 2, rows.max() / 2))
            before = after

    def test_a_long_stroke_comes_in_lengths(self) -> None:
        shape = InkShape()
        for i in range(2000):
            shape.add(20 + (i * 1.7) % 240, 20 + i / 10, 5)
        assert len(shape.lengths) > 20
        assert shape.rest().elementCount() < 600


class TestLayer:
    def test_repainting_a_part_gives_what_painting_all_gives(self) -> None:
        whole = Drawing(
            (scrawl(1), scrawl(2)), InkImage(np.full((9, 9), 200, np.uint8), 60, 60, 90, 90)
        )
        layer = PaperLayer()
        layer.build(whole, 500, WHITE, BLACK)
        cut = erase(whole, [(100, 100), (180, 150)], 20)
        assert cut is not whole
        layer.repaint(cut, QRectF(0, 0, PAPER, PAPER / 2))
        layer.repaint(cut, QRectF(0, PAPER / 2, PAPER, PAPER / 2))
        assert np.abs(ink_of(layer.image()) - painted(cut, 500)).max() < 0.02

    def test_the_image_is_not_grey(self) -> None:
        layer = PaperLayer()
        layer.build(Drawing(), 100, WHITE, BLACK)
        assert layer.image().format() == QImage.Format.Format_RGB32

    def test_it_is_ready_for_its_size_and_colours_only(self) -> None:
        layer = PaperLayer()
        assert not layer.is_ready(100, WHITE, BLACK)
        layer.build(Drawing(), 100, WHITE, BLACK)
        assert layer.is_ready(100, WHITE, BLACK)
        assert not layer.is_ready(101, WHITE, BLACK)
        assert not layer.is_ready(100, BLACK, WHITE)
        layer.forget()
        assert not layer.is_ready(100, WHITE, BLACK)


class TestPlace:
    @pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
    @pytest.mark.parametrize("size", [(240, 240), (701, 533), (333, 1000)])
    def test_the_paper_is_square_central_and_on_whole_pixels(
        self, ratio: float, size: tuple[int, int]
    ) -> None:
        place = PaperPlace(QSizeF(*size), ratio)
        rect = place.rect
        assert rect.width() == pytest.approx(rect.height())
        for edge in (rect.left(), rect.top(), rect.right(), rect.bottom()):
            assert edge * ratio == pytest.approx(round(edge * ratio), abs=1e-6)
        assert rect.center().x() == pytest.approx(size[0] / 2, abs=1)
        assert rect.center().y() == pytest.approx(size[1] / 2, abs=1)
        assert QRectF(0, 0, *size).contains(rect)

    def test_there_and_back(self) -> None:
        place = PaperPlace(QSizeF(701, 533), 1.5)
        x, y = place.to_paper(QPointF(123.25, 321.75))
        back = place.to_widget(QRectF(x, y, 0, 0)).topLeft()
        assert (back.x(), back.y()) == pytest.approx((123.25, 321.75))
        assert place.to_paper(place.rect.topLeft()) == pytest.approx((0, 0))
        assert place.to_paper(place.rect.bottomRight()) == pytest.approx((PAPER, PAPER))

"""Drawings in files and on the clipboard: what goes out comes back, and a failure loses nothing."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.document import PAPER, bounds
from handwrite_app.canvas.files.drawing_files import (
    Pasted,
    drawing_from_qimage,
    drawing_image,
    drawing_svg,
    kept_on_paper,
    mime_for,
    open_drawing,
    save_drawing,
)
from tests.drawings import DIGITS, painted
from trainer.base.errors import InputError, PictureError
from trainer.picture.strokes import Drawing, InkImage, Stroke


def digit(name: str = "5", width: float | None = 20.0) -> Drawing:
    return Drawing(tuple(Stroke.make(points, width=width) for points in DIGITS[name]))


def pressed() -> Drawing:
    """Strokes of a pen, a dot, and a picture below."""
    x = np.linspace(30, 250, 60)
    points = np.stack([x, 140 + 60 * np.sin(x / 30)], axis=1)
    wave = Stroke.make(
        points,
        pressure=0.5 + 0.5 * np.sin(x / 15),
        times=np.linspace(0, 1, 60),
        width=24.0,
    )
    ramp = np.tile(np.linspace(0, 255, 16).astype(np.uint8), (16, 1))
    return Drawing(
        (wave, Stroke.make([(60, 60)], width=30.0), *digit("2").strokes),
        InkImage(ramp, 150, 30, 100, 100),
    )


def ink(image: QImage) -> NDArray[np.float64]:
    grey = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.width(), 4)
    return 1 - pixels[..., 0] / 255


def rendered(svg: str, side: int = 560) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    assert renderer.isValid()
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    with QPainter(image) as painter:
        renderer.render(painter)
    return image


class TestImages:
    def test_an_image_shows_the_whole_paper(self) -> None:
        image = drawing_image(digit(), 300, paper="#102030", ink=QColor("yellow"))
        assert (image.width(), image.height()) == (300, 300)
        assert image.pixelColor(0, 0) == QColor("#102030")
        x, y = DIGITS["5"][0][5]
        assert image.pixelColor(int(x * 300 / PAPER), int(y * 300 / PAPER)) == QColor("yellow")

    def test_the_svg_looks_like_the_image(self) -> None:
        for drawing in (digit(), digit(width=None), pressed(), Drawing()):
            difference = np.abs(ink(rendered(drawing_svg(drawing))) - ink(drawing_image(drawing)))
            assert difference.mean() < 0.002
            assert (difference > 0.5).sum() < 30

    def test_its_lines_are_lines(self) -> None:
        svg = drawing_svg(digit("1"))
        assert svg.count("<polyline") == 1
        assert 'stroke-width="20.00"' in svg

    def test_its_colours_can_be_chosen(self) -> None:
        image = rendered(drawing_svg(Drawing(), paper="#102030"))
        assert image.pixelColor(9, 9) == QColor("#102030")


class TestSaving:
    @pytest.mark.parametrize("name", ["seven.png", "seven.PNG"])
    def test_png(self, tmp_path: Path, name: str) -> None:
        save_drawing(digit(), tmp_path / name)
        saved = QImage(str(tmp_path / name))
        assert np.array_equal(ink(saved), ink(drawing_image(digit())))

    def test_svg(self, tmp_path: Path) -> None:
        save_drawing(digit(), tmp_path / "seven.svg")
        assert (tmp_path / "seven.svg").read_text() == drawing_svg(digit())

    def test_strokes_come_back_as_they_were(self, tmp_path: Path) -> None:
        drawing = Drawing(pressed().strokes)
        save_drawing(drawing, tmp_path / "seven.jsonl")
        back = open_drawing(tmp_path / "seven.jsonl")
        assert back.image is None
        for old, new in zip(drawing.strokes, back.strokes, strict=True):
            assert new.points == pytest.approx(old.points, abs=1e-3)
            assert new.width == old.width
            assert (new.pressure is None) == (old.pressure is None)
            if old.pressure is not None and new.pressure is not None:
                assert new.pressure == pytest.approx(old.pressure, abs=1e-3)
            if old.times is not None and new.times is not None:
                assert new.times == pytest.approx(old.times, abs=1e-4)

    def test_a_strokes_file_is_one_line(self, tmp_path: Path) -> None:
        save_drawing(digit(), tmp_path / "seven.jsonl")
        text = (tmp_path / "seven.jsonl").read_text()
        assert text.endswith("\n")
        assert len(text.splitlines()) == 1
        assert "strokes" in json.loads(text)

    def test_a_strokes_file_does_not_silently_lose_the_picture(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="picture"):
            save_drawing(pressed(), tmp_path / "seven.jsonl")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", ["seven.pdf", "seven", "seven.jsonl.gz"])
    def test_other_endings_are_named_as_the_fault(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError, match=r"\.png, \.svg or \.jsonl"):
            save_drawing(digit(), tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_cannot_be_written_to_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("not a folder")
        place = tmp_path / "file" / "seven.png"
        with pytest.raises(InputError, match="another folder") as caught:
            save_drawing(digit(), place)
        assert "seven.png" in str(caught.value)
        assert str(place.parent) in str(caught.value)

    @pytest.mark.parametrize("step", ["replace", "open", "fsync"])
    def test_a_failure_leaves_the_old_file_and_no_rubbish(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        place = tmp_path / "seven.png"
        place.write_bytes(b"old")

        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path if step == "open" else os, step, fail)
        with pytest.raises(InputError, match="No space left"):
            save_drawing(digit(), place)
        monkeypatch.undo()
        assert place.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [place]

    def test_an_older_file_is_replaced(self, tmp_path: Path) -> None:
        place = tmp_path / "seven.png"
        place.write_bytes(b"old")
        save_drawing(digit(), place)
        assert not QImage(str(place)).isNull()
        assert list(tmp_path.iterdir()) == [place]

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "real.png").write_bytes(b"old")
        (tmp_path / "link.png").symlink_to("real.png")
        save_drawing(digit(), tmp_path / "link.png")
        assert (tmp_path / "link.png").is_symlink()
        assert not QImage(str(tmp_path / "real.png")).isNull()

    def test_the_file_can_be_read_by_whom_the_system_lets(self, tmp_path: Path) -> None:
        (tmp_path / "plain").write_text("")
        save_drawing(digit(), tmp_path / "seven.png")
        assert (tmp_path / "seven.png").stat().st_mode == (tmp_path / "plain").stat().st_mode


def write_lines(path: Path, *documents: object) -> Path:
    path.write_text("".join(json.dumps(d) + "\n" for d in documents))
    return path


class TestOpeningStrokes:
    def test_the_first_drawing_of_many_is_opened(self, tmp_path: Path) -> None:
        path = write_lines(
            tmp_path / "a.jsonl",
            {"label": "5", "strokes": [[[50, 60], [200, 210]]]},
            {"strokes": [[[0, 0], [1, 1]]]},
        )
        assert open_drawing(path).strokes[0].points.tolist() == [[50, 60], [200, 210]]

    def test_packed_ones_too(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl.gz"
        path.write_bytes(gzip.compress(b'{"strokes": [[[50, 60], [200, 210]]]}\n'))
        assert len(open_drawing(path).strokes) == 1

    @pytest.mark.parametrize(
        "points",
        [
            [[0, 0], [1, 2]],
            [[-5000, 80], [9000, 900]],
            [[300, 300], [310, 340]],
            [[1e30, 0], [0, 1e30]],
        ],
    )
    def test_strokes_of_another_scale_are_brought_onto_the_paper(
        self, tmp_path: Path, points: list[list[float]]
    ) -> None:
        drawing = open_drawing(write_lines(tmp_path / "a.jsonl", {"strokes": [points]}))
        box = bounds(drawing)
        assert box is not None
        left, top, right, bottom = box
        assert max(right - left, bottom - top) == pytest.approx(0.72 * PAPER, rel=1e-4)
        assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((140, 140), abs=0.01)
        old, new = np.ptp(np.array(points), axis=0), np.array([right - left, bottom - top])
        assert new / new.max() == pytest.approx(old / old.max(), abs=1e-4)
        assert drawing.strokes[0].width == 24

    def test_widths_are_scaled_with_them(self, tmp_path: Path) -> None:
        line = {"strokes": [[[0, 0], [2016, 0]]], "widths": [100]}
        assert open_drawing(write_lines(tmp_path / "a.jsonl", line)).strokes[0].width == 10

    def test_a_small_drawing_of_ours_stays_small(self, tmp_path: Path) -> None:
        line = {"strokes": [[[100, 100], [105, 105]]], "widths": [6]}
        drawing = open_drawing(write_lines(tmp_path / "a.jsonl", line))
        assert drawing.strokes[0].points.tolist() == [[100, 100], [105, 105]]

    def test_of_more_points_than_a_hand_draws_some_are_taken(self, tmp_path: Path) -> None:
        t = np.linspace(0, 200, 120_001)
        points = np.stack([140 + 0.6 * t * np.cos(t), 140 + 0.6 * t * np.sin(t)], axis=1).round(3)
        line = {"strokes": [points.tolist(), [[1, 1]]], "times": [t.tolist(), [0]]}
        long, dot = open_drawing(write_lines(tmp_path / "a.jsonl", line)).strokes
        assert len(long.points) == 9232
        assert long.times is not None
        assert (long.times[0], long.times[-1]) == (0, 200)
        assert long.points[-1] == pytest.approx(points[-1])
        assert len(dot.points) == 1

    def test_widths_that_no_pen_has_are_brought_to_the_nearest(self, tmp_path: Path) -> None:
        line = {"strokes": [[[10, 10], [200, 200]], [[20, 10], [200, 200]]], "widths": [1e9, 1e-9]}
        drawing = open_drawing(write_lines(tmp_path / "a.jsonl", line))
        assert [stroke.width for stroke in drawing.strokes] == [280, 0.5]

    def test_a_lone_dot_lies_in_the_middle(self, tmp_path: Path) -> None:
        drawing = open_drawing(write_lines(tmp_path / "a.jsonl", {"strokes": [[[9000, 9000]]]}))
        assert drawing.strokes[0].points.tolist() == [[140, 140]]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "holds no drawing"),
            ("\n\n", "holds no drawing"),
            ("{", "first drawing"),
            ('{"strokes": []}', "no strokes"),
            ('{"strokes": [[["a", 1]]]}', "first drawing"),
        ],
    )
    def test_what_is_wrong_is_said(self, tmp_path: Path, content: str, words: str) -> None:
        path = tmp_path / "a.jsonl"
        path.write_text(content)
        with pytest.raises(PictureError, match=words) as caught:
            open_drawing(path)
        assert "a.jsonl" in str(caught.value)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        for name in ("a.jsonl", "a.png", "a.svg"):
            with pytest.raises(PictureError, match=name):
                open_drawing(tmp_path / name)


class TestOpeningImages:
    def check(self, drawing: Drawing) -> None:
        """A 1 × 2 block of ink in the middle of the paper."""
        image = drawing.image
        assert image is not None
        assert not drawing.strokes
        assert image.height == pytest.approx(0.72 * PAPER)
        assert image.width == pytest.approx(0.36 * PAPER, rel=0.1)
        assert image.left + image.width / 2 == pytest.approx(140)
        assert image.top + image.height / 2 == pytest.approx(140)
        assert image.ink.mean() > 200

    def block(self, side: int = 200) -> QImage:
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        with QPainter(image) as painter:
            painter.fillRect(side // 10, side // 5, side // 4, side // 2, QColor("#203040"))
        return image

    @pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.jpg"])
    def test_the_ink_lies_in_the_middle_at_its_aspect(self, tmp_path: Path, name: str) -> None:
        assert self.block().save(str(tmp_path / name))
        self.check(open_drawing(tmp_path / name))

    def test_an_svg_is_an_image_like_others(self, tmp_path: Path) -> None:
        (tmp_path / "a.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="30">'
            '<rect x="3" y="4" width="5" height="10" fill="blue"/></svg>'
        )
        self.check(open_drawing(tmp_path / "a.svg"))

    def test_pasted_images_too(self) -> None:
        self.check(drawing_from_qimage(self.block()))
        self.check(
            drawing_from_qimage(self.block(201).convertToFormat(QImage.Format.Format_RGB888))
        )

    def test_and_transparent_ones(self) -> None:
        image = QImage(120, 120, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(0, 0, 0, 0))
        with QPainter(image) as painter:
            painter.fillRect(30, 30, 30, 60, QColor("black"))
        self.check(drawing_from_qimage(image))

    def test_an_image_of_nothing_says_so(self, tmp_path: Path) -> None:
        image = QImage(50, 50, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        with pytest.raises(PictureError, match="nothing"):
            drawing_from_qimage(image)
        image.save(str(tmp_path / "blank.png"))
        with pytest.raises(PictureError, match="blank"):
            open_drawing(tmp_path / "blank.png")

    @pytest.mark.parametrize("name", ["a.png", "a.jpg"])
    def test_what_is_no_image_says_so(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"not an image")
        with pytest.raises(PictureError, match=name):
            open_drawing(tmp_path / name)

    @pytest.mark.parametrize("content", ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
    @pytest.mark.qt_log_ignore(".*")
    def test_nor_is_a_broken_svg(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "a.svg").write_text(content)
        with pytest.raises(PictureError, match=r"a\.svg"):
            open_drawing(tmp_path / "a.svg")

    def test_a_saved_png_shows_the_same_digit_when_opened(self, tmp_path: Path) -> None:
        save_drawing(digit("3"), tmp_path / "three.png")
        opened = open_drawing(tmp_path / "three.png")
        assert opened.image is not None
        old, new = ink(drawing_image(digit("3"))), ink(drawing_image(opened))

        def crop(a: NDArray[np.float64]) -> NDArray[np.float64]:
            rows, columns = np.nonzero(a > 0.5)
            return a[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]

        old, new = crop(old), crop(new)
        assert old.shape[0] / old.shape[1] == pytest.approx(new.shape[0] / new.shape[1], rel=0.02)
        assert old.mean() == pytest.approx(new.mean(), abs=0.02)


class TestClipboard:
    def test_a_copy_is_image_svg_and_strokes(self, qtbot: QtBot) -> None:
        mime = mime_for(digit())
        assert mime.hasImage()
        assert mime.hasFormat("image/svg+xml")
        assert json.loads(mime.text())["strokes"]

    def test_strokes_come_back_as_they_were(self, qtbot: QtBot) -> None:
        back = Pasted.of(mime_for(digit())).drawing()
        assert back is not None
        assert [s.points.tolist() for s in back.strokes] == [
            pytest.approx(s.points, abs=1e-3) for s in digit().strokes
        ]

    def test_a_picture_comes_back_as_an_image(self, qtbot: QtBot) -> None:
        mime = mime_for(pressed())
        assert not mime.hasText()
        back = Pasted.of(mime).drawing()
        assert back is not None
        assert back.image is not None

    def test_words_are_no_drawing(self) -> None:
        mime = QMimeData()
        mime.setText("seven")
        assert Pasted.of(mime).drawing() is None
        mime.setText('{"strokes": []}')
        assert Pasted.of(mime).drawing() is None
        assert Pasted.of(QMimeData()).drawing() is None


@pytest.mark.parametrize("name", ["x.tif", "x.gif"])
def test_the_first_page_that_shows_something_is_opened(tmp_path: Path, name: str) -> None:
    blank = Image.new("L", (280, 280), 255)
    blank.save(tmp_path / name, save_all=True, append_images=[blank, painted(DIGITS["6"])])
    assert open_drawing(tmp_path / name).image is not None


def test_what_was_kept_comes_to_the_paper_as_it_lay() -> None:
    beyond = Drawing((Stroke.make([(-20, 100), (300, 120)], width=24),))  # the hand slipped
    for kept in (digit(), pressed(), beyond):
        assert kept_on_paper(kept) is kept


@pytest.mark.parametrize("scale", [0.001, 50.0])
def test_what_was_imported_is_brought_to_the_paper(scale: float) -> None:
    strokes = tuple(Stroke.make(np.array(points) * scale) for points in DIGITS["5"])
    box = bounds(kept_on_paper(Drawing(strokes)))
    assert box is not None
    assert 0 <= min(box) < max(box) <= PAPER
    assert max(box) - min(box) > PAPER / 2

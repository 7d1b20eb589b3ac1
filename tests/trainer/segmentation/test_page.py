"""Photographs of pages: rows of characters, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.lines import photograph
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.segmentation.divide import GroupReader
from trainer.segmentation.page import read_page
from trainer.segmentation.reading import LineOptions


@pytest.fixture(scope="module")
def reader() -> GroupReader:
    return GroupReader(Recognizer(find_weights(None), device="cpu"))


def _plain(text: str) -> str:
    return text.replace(" ", "")


@pytest.mark.parametrize("squares", [False, True])
def test_rows_are_read_with_their_places(reader: GroupReader, squares: bool) -> None:
    page = read_page(photograph(["20264", "71359"], squares=squares), reader)
    assert _plain(page.text) == "20264\n71359"
    assert (page.width, page.height) == (580, 300)
    first, second = page.lines
    for place, one in enumerate(first.characters):
        assert abs(one.box[0] + one.box[2] / 2 - (92 + 100 * place)) < 25
    assert second.characters[0].box[1] > first.characters[0].box[1] + 60


def test_a_page_that_is_turned_a_little(reader: GroupReader) -> None:
    image = photograph(["2026", "4713", "9580"]).rotate(3, fillcolor=225, expand=True)
    assert _plain(read_page(image, reader).text) == "2026\n4713\n9580"


def test_a_hard_shadow(reader: GroupReader) -> None:
    plane = np.asarray(photograph(["2026", "4713"], squares=True), float).copy()
    plane[:, 230:] *= 0.55
    page = read_page(Image.fromarray(plane.astype(np.uint8)), reader)
    assert _plain(page.text) == "2026\n4713"


def test_boxes_around_the_digits(reader: GroupReader) -> None:
    image = photograph(["2026"])
    pen = ImageDraw.Draw(image)
    for place in range(4):
        pen.rectangle((46 + 100 * place, 18, 138 + 100 * place, 130), outline=90, width=2)
    assert _plain(read_page(image, reader).text) == "2026"


@pytest.mark.parametrize("squares", [False, True])
def test_sums_on_a_photograph(reader: GroupReader, squares: bool) -> None:
    image = photograph(["12+30=", "7−9=", "8×4=", "9÷2="], squares=squares)
    page = read_page(image, reader, LineOptions(signs=True))
    assert _plain(page.text) == "12+30=\n7−9=\n8×4=\n9÷2="
    assert [line.answer for line in page.lines] == ["42", "−2", "32", "4.5"]
    plain = read_page(image, reader)
    assert not set(plain.text) & set("+−×÷=")


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (300, 200), 255),
        Image.new("L", (300, 200), 0),
        Image.new("L", (3, 3), 90),
        Image.new("RGBA", (50, 50)),
        Image.fromarray(np.random.default_rng(3).normal(128, 6, (200, 300)).astype(np.uint8)),
    ],
)
def test_a_page_without_writing_has_no_lines(reader: GroupReader, image: Image.Image) -> None:
    assert read_page(image, reader).lines == ()


def test_print_is_read_or_refused_without_harm(reader: GroupReader) -> None:
    image = Image.new("L", (500, 200), 250)
    font = ImageFont.load_default(24)
    for row in range(4):
        ImageDraw.Draw(image).text((20, 20 + 40 * row), "Printed words, and more", 20, font=font)
    page = read_page(image, reader)
    assert len(page.lines) >= 3
    assert any(one.refused for line in page.lines for one in line.characters)

"""The manual: every chapter in both languages, with numbers that are those of the drawing."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_app.help.chapters import Subject, chapters
from handwrite_app.help.controller import Help
from handwrite_app.help.formulas import (
    VERTICAL,
    convolve,
    cross_entropy,
    parameters,
    pixels,
    pooled,
    reach,
    strongest,
)
from handwrite_app.ui import language
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, load, read

pytestmark = pytest.mark.usefixtures("english_afterwards")

IMAGE = np.zeros((28, 28))
IMAGE[5:20, 10:12] = 1.0


def test_a_convolution_is_the_sum_of_nine_products() -> None:
    output = convolve(IMAGE, VERTICAL)
    assert output.shape == (26, 26)
    row, column = 8, 8
    by_hand = sum(VERTICAL[a, b] * IMAGE[row + a, column + b] for a in range(3) for b in range(3))
    assert output[row, column] == by_hand == 4.0
    step = strongest(IMAGE, VERTICAL)
    assert abs(step.value) == 4.0
    assert float((step.patch * VERTICAL).sum()) == step.value


def test_a_dilated_one_skips_pixels() -> None:
    output = convolve(IMAGE, VERTICAL, 2)
    assert output.shape == (24, 24)
    assert output[8, 7] == sum(
        VERTICAL[a, b] * IMAGE[8 + 2 * a, 7 + 2 * b] for a in range(3) for b in range(3)
    )
    assert reach(3, 2) == 5


def test_pooling_loss_and_weights() -> None:
    image = IMAGE.copy()
    image[5, 10] = 0.25
    step = pooled(image)
    assert step.value == step.patch.max() == 1.0
    assert cross_entropy(0.5) == pytest.approx(math.log(2))
    assert math.isfinite(cross_entropy(0.0))
    assert parameters(3, 32, 64) == (18432, 2336)
    with pytest.raises(ValueError, match="784"):
        pixels(bytes(7))


@pytest.mark.parametrize("name", ["en", "zh_CN"])
def test_every_chapter_is_there_in_each_language(qapp: object, name: str) -> None:
    language.install(name)
    subject = Subject(IMAGE, tuple("0123456789"), tuple([0.91] + 9 * [0.01]), True)
    made = chapters(subject)
    assert len(made) == 9
    for chapter in made:
        text = re.sub(r"<[^>]*>|&nbsp;", " ", chapter.html)
        assert "{" not in text.replace("{0, 1}", "").replace("∈ {", "")
        if name == "zh_CN":
            plain = re.sub(r"Softmax|max|label|http\S*", "", text)
            assert re.findall(r"[A-Za-z]{4,}", plain) == [], chapter.title


def test_it_is_computed_on_what_is_on_the_paper(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    quiet_window.actions_["Manual"].trigger()
    manual = quiet_window.feature(Help).manual
    assert manual is not None
    manual.list.setCurrentRow(6)
    assert "computed on a sample" in manual.text.toPlainText()
    draw(quiet_window)
    read(quiet_window, "7", 0.9)
    text = manual.text.toPlainText()
    assert "computed on a sample" not in text
    assert "0.9000" in text
    assert "0.11" in text  # -ln 0.9
    language.install("zh_CN")
    qtbot.waitUntil(lambda: _title(quiet_window) == "使用手册")
    quiet_window.feature(Help).close()


def _title(window: MainWindow) -> str:
    manual = window.feature(Help).manual
    return manual.windowTitle() if manual is not None else ""

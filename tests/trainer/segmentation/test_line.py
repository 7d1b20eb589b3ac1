"""Lines of strokes are divided into characters, and each is read."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest

from tests.drawings import DIGITS
from tests.lines import written
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.picture.strokes import Drawing, Stroke
from trainer.segmentation import divide, overwritten
from trainer.segmentation.divide import GroupReader
from trainer.segmentation.ink import pieces
from trainer.segmentation.ink.cuts import cuts_of
from trainer.segmentation.ink.pieces import StrokeInk
from trainer.segmentation.line import LineOptions, may_be_several, read_line, turned
from trainer.segmentation.sums import may_be_sum


@pytest.fixture(scope="module")
def reader() -> GroupReader:
    return GroupReader(Recognizer(find_weights(None), device="cpu"))


def test_a_number_is_read_with_its_places(reader: GroupReader) -> None:
    drawing = written("2026")
    line = read_line(drawing, reader)
    assert line.text == "2026"
    assert line.probability > 0.8
    lefts = [c.box[0] for c in line.characters]
    assert lefts == sorted(lefts)
    strokes = [span.stroke for c in line.characters for span in c.spans]
    assert sorted(strokes) == list(range(len(drawing.strokes)))
    assert all(len(c.probabilities) == 10 for c in line.characters)


@pytest.mark.parametrize("step", [300, 190, 160])
def test_gaps_may_be_wide_or_narrow(reader: GroupReader, step: float) -> None:
    assert read_line(written("4735", step=step), reader).text == "4735"


def test_strokes_may_come_later(reader: GroupReader) -> None:
    # The bar of the 5 after the last digit.
    strokes = written("357").strokes
    number = next(
        i for i in range(3, 0, -1) if strokes[i].points[0, 0] < strokes[-1].points[0, 0] - 30
    )
    late = (*strokes[:number], *strokes[number + 1 :], strokes[number])
    assert read_line(Drawing(late), reader).text == "357"


def test_two_digits_in_one_stroke_are_cut(reader: GroupReader) -> None:
    first, second = written("02", step=170).strokes
    joined = Stroke.make(np.concatenate([first.points, second.points]), width=8)
    line = read_line(Drawing((joined,)), reader)
    assert line.text == "02"
    assert [c.spans[0].stroke for c in line.characters] == [0, 0]
    assert line.characters[0].spans[0].last == line.characters[1].spans[0].first


def test_the_way_between_two_digits_is_no_part_of_them(reader: GroupReader) -> None:
    first, second = (
        written("35", step=260, scale=0.4).strokes[0],
        written("02", step=260).strokes[1],
    )
    second = Stroke.make(second.points * np.float32(0.4 / 0.3), width=8)
    way = np.linspace(first.points[-1], second.points[0], 12)[1:-1]
    joined = Stroke.make(np.concatenate([first.points, way, second.points]), width=8)
    line = read_line(Drawing((joined,)), reader)
    assert line.text == "32"
    assert line.characters[0].spans[0].last < line.characters[1].spans[0].first


def test_an_unfinished_stroke_is_read_as_it_is(reader: GroupReader) -> None:
    strokes = written("2026").strokes
    half = Stroke.make(strokes[-1].points[:8], width=8)
    line = read_line(Drawing((*strokes[:-1], half)), reader, unfinished=True)
    assert line.text.startswith("202")
    assert [s.stroke for c in line.characters for s in c.spans] == [0, 1, 2, 3]


@pytest.mark.parametrize("digit", list(DIGITS))
def test_a_single_digit_is_one_character(reader: GroupReader, digit: str) -> None:
    drawing = written(digit)
    assert not may_be_several(drawing.strokes) or len(read_line(drawing, reader).characters) == 1


def test_a_line_that_rises_is_read(reader: GroupReader) -> None:
    strokes = turned(written("20264").strokes, 30)
    line = read_line(Drawing(strokes), reader)
    assert line.text == "20264"
    assert line.characters[0].box[1] > line.characters[-1].box[1]


def test_signs_are_read_where_they_are_wanted(reader: GroupReader) -> None:
    drawing = written("12+30=")
    line = read_line(drawing, reader, LineOptions(signs=True))
    assert (line.text, line.answer) == ("12+30=", "42")
    assert read_line(drawing, reader).answer == ""


@pytest.mark.parametrize(
    ("text", "answer"), [("7−9=", "−2"), ("8×4=", "32"), ("9÷2=", "4.5"), ("1.5+2=", "3.5")]
)
def test_every_sign(reader: GroupReader, text: str, answer: str) -> None:
    line = read_line(written(text), reader, LineOptions(signs=True))
    assert (line.text, line.answer) == (text, answer)


@pytest.fixture(scope="module")
def letters() -> GroupReader:
    return GroupReader(Recognizer(find_weights(None, "all"), device="cpu"), mode="all")


def test_a_dot_far_above_belongs_to_its_letter(letters: GroupReader) -> None:
    stem = Stroke.make([(100 + y / 20, 30.0 + y) for y in range(0, 40, 4)], width=6)
    dot = Stroke.make([(106.0, -12.0), (107.0, -10.0)], width=6)
    line = read_line(Drawing((*written("H").strokes, stem, dot)), letters)
    assert [[s.stroke for s in c.spans] for c in line.characters][-1] == [3, 4]


def test_signs_are_signs_only_where_numbers_are_read(letters: GroupReader) -> None:
    options = LineOptions(signs=True)
    assert read_line(written("12+30="), letters, options).answer == "42"
    # T and X are strokes that cross, as + and × are.
    word = read_line(written("TAXI"), letters, options)
    assert word.text.upper().replace("L", "I") == "TAXI"
    alone = GroupReader(letters.recognizer, mode="letters")
    assert set(read_line(written("1+"), alone, options).text) <= set("?" + "".join(alone.labels))


@pytest.mark.parametrize(
    ("text", "may"),
    [("12", True), ("12+", True), ("−3.5×2=", True), ("+", False), ("A+B", False), ("1+×2", False)],
)
def test_what_may_be_a_sum(text: str, may: bool) -> None:
    assert may_be_sum(text) == may


def test_a_scribble_beside_digits_is_said_and_the_rest_is_read(reader: GroupReader) -> None:
    random = np.random.default_rng(5)
    scribble = Stroke.make(random.uniform(0, 60, (60, 2)) + np.array((280, 10)), width=8)
    line = read_line(Drawing((*written("472").strokes, scribble)), reader)
    assert line.text.startswith("472")
    assert any(c.refused for c in line.characters[3:])


def test_a_crossed_out_digit_is_said_and_the_rest_is_read(reader: GroupReader) -> None:
    strokes = written("4726").strokes
    random = np.random.default_rng(7)
    across = [(128 + 44 * (i % 2), 16 + 6 * i + float(random.uniform(-4, 4))) for i in range(12)]
    line = read_line(Drawing((*strokes, Stroke.make(across, width=8))), reader)
    assert line.text.startswith("47")
    assert line.text.endswith("6")
    third = [c for c in line.characters if 110 < c.box[0] + c.box[2] / 2 < 190]
    assert third
    assert all(c.refused or c.probability < 0.9 for c in third)


def test_one_digit_drawn_in_two_places(reader: GroupReader) -> None:
    # The bow of the 5 here, its bar far to the right of it.
    bow, bar = written("5").strokes
    moved = Stroke.make(bar.points + np.float32((90, 0)), width=8)
    line = read_line(Drawing((*written("47", step=-200).strokes, bow, moved)), reader)
    assert len(line.characters) >= 3
    assert any(c.refused or c.probability < 0.9 for c in line.characters)
    assert {"4", "7"} <= {c.label for c in line.characters}


def test_writing_over_writing(reader: GroupReader) -> None:
    twice = (*written("47").strokes, *written("20").strokes, *written("20").strokes)
    line = read_line(Drawing(twice), reader)
    assert line.characters
    assert any(c.refused or c.probability < 0.9 for c in line.characters)


def test_two_hundred_characters(reader: GroupReader) -> None:
    text = "1234567890" * 20
    assert read_line(written(text), reader).text == text


def test_dots_alone_are_no_characters_that_are_read(reader: GroupReader) -> None:
    dots = tuple(Stroke.make([(x, 5), (x, 5)], width=8) for x in (0.0, 100.0, 200.0))
    line = read_line(Drawing(dots), reader)
    assert all(c.refused for c in line.characters)
    assert read_line(Drawing(), reader).characters == ()


def test_what_was_read_before_is_remembered(
    reader: GroupReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(divide, "_REMEMBERED", 3)  # fewer than the groups of this line

    class Counting:
        labels = reader.labels
        count = 0

        def answers(self, pictures: np.ndarray) -> object:
            self.count += len(pictures)
            return reader.recognizer.answers(pictures)

        threshold = reader.recognizer.threshold

    counting = Counting()
    own = GroupReader(counting)  # type: ignore[arg-type]
    read_line(written("47264"), own)
    before, counting.count = counting.count, 0
    read_line(written("472641"), own)
    assert counting.count < before / 2


def test_shading_is_cut_in_few_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.linspace(0, 60, 40)
    shading = [
        Stroke.make(np.stack([x, y + 15 * np.sin(x / 4)], axis=1), width=8)
        for y in range(0, 480, 12)
    ]
    uncut = StrokeInk.of(shading)
    cut = StrokeInk.of(shading, cut=range(len(shading)))
    assert len(shading) < len(cut.boxes) <= len(shading) + pieces.MOST_CUTS
    monkeypatch.setattr(pieces, "MOST_CUTS", 10)
    few = StrokeInk.of(shading, cut=range(len(shading)))
    assert len(few.boxes) <= len(shading) + 10
    assert np.array_equal(few.boxes[-20:], uncut.boxes[-20:])  # the ones written last stay whole
    long = Stroke.make(np.stack([20 * x, 15 * np.sin(x)], axis=1), width=8)
    assert cuts_of(long.points, 30.0) == []


def test_only_boxes_over_each_other_are_compared(
    reader: GroupReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = Mock(wraps=overwritten._over_each_other)
    monkeypatch.setattr(overwritten, "_over_each_other", near)
    assert len(read_line(written("1234567890" * 2), reader).characters) == 20
    assert near.call_count < 10  # of 190 pairs


def test_what_is_left_out_of_a_line_makes_it_unsure(
    reader: GroupReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.segmentation.line.MOST_STROKES", 2)
    line = read_line(written("2026"), reader)
    assert line.text == "20"
    assert line.probability == line.divided == 0.0

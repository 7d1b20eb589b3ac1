"""Strokes files: what is written comes back, whatever else is in them is told by line, and memory is bounded."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.base.errors import PictureError, RunError
from trainer.picture import strokes_files
from trainer.picture.strokes import Drawing, Stroke, drawing_to_json
from trainer.picture.strokes_files import (
    StrokesLine,
    is_strokes_file,
    read_strokes_file,
    write_strokes_file,
)


def _recorded(scale: float = 1.0) -> Drawing:
    strokes = []
    for number, points in enumerate(DIGITS["5"]):
        count = len(points)
        strokes.append(
            Stroke.make(
                np.array(points) * scale,
                pressure=np.linspace(0.1, 0.9, count) if number == 0 else None,
                times=1.7e9 + np.linspace(0, 0.7, count),
                width=7.25 * scale,
            )
        )
    return Drawing(tuple(strokes))


def test_a_bad_line_is_reported_and_reading_goes_on(tmp_path: Path) -> None:
    good = '{"label": "1", "strokes": [[[1, 2], [3, 4]]]}'
    lines = [
        good,
        "",
        "   ",
        "{",
        '{"strokes": 5}',
        "\xff\xfe",
        "[" * 100_000,
        good.replace('"1"', '"2"'),
    ]
    path = tmp_path / "mixed.jsonl"
    path.write_bytes("\n".join(lines).encode("latin-1"))
    read = list(read_strokes_file(path))
    assert [line.number for line in read] == [1, 4, 5, 6, 7, 8]
    assert [line.label for line in read] == ["1", None, None, None, None, "2"]
    assert [line.drawing is None for line in read] == [False, True, True, True, True, False]
    assert [line.error is None for line in read] == [True, False, False, False, False, True]


@pytest.mark.parametrize("name", ["drawings.jsonl", "drawings.jsonl.gz", "DRAWINGS.JSONL.GZ"])
def test_a_file_is_written_and_read_again(tmp_path: Path, name: str) -> None:
    drawings = [(Drawing(tuple(Stroke.make(s) for s in DIGITS[k])), k) for k in DIGITS]
    path = tmp_path / name
    assert write_strokes_file(path, drawings) == 10
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.lower().endswith(".gz")
    read = list(read_strokes_file(path))
    assert [line.label for line in read] == list(DIGITS)
    for line, (drawing, _) in zip(read, drawings, strict=True):
        assert line.drawing is not None
        assert all(
            (a.points == b.points).all()
            for a, b in zip(line.drawing.strokes, drawing.strokes, strict=True)
        )
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_drawings_make_the_same_compressed_file(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_strokes_file(tmp_path / name, [(_recorded(), "5")])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "drawings.jsonl"
    write_strokes_file(path, [(_recorded(), "5")])
    before = path.read_bytes()

    def failing() -> Iterator[tuple[Drawing, str | None]]:
        yield _recorded(), "6"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_strokes_file(path, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_a_run_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="could not be written"):
        write_strokes_file(tmp_path / "file" / "drawings.jsonl", [])


def test_files_that_cannot_be_read_are_picture_errors(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"strokes": [[[1, 2], [3, 4]]]}\n' * 1000, mtime=0)
    (tmp_path / "torn.jsonl.gz").write_bytes(whole[:-20])
    (tmp_path / "spoilt.jsonl.gz").write_bytes(whole[:30] + b"\0\0\0\0\0\0" + whole[36:])
    (tmp_path / "plain.jsonl.gz").write_bytes(b'{"strokes": []}\n')
    (tmp_path / "folder.jsonl").mkdir()
    for name in (
        "torn.jsonl.gz",
        "spoilt.jsonl.gz",
        "plain.jsonl.gz",
        "folder.jsonl",
        "absent.jsonl",
    ):
        with pytest.raises(PictureError, match=name.split(".")[0]):
            list(read_strokes_file(tmp_path / name))


def test_ten_thousand_lines_are_read_in_about_a_second(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    line = json.dumps(drawing_to_json(Drawing(tuple(Stroke.make(s) for s in DIGITS["5"]))))
    path.write_text((line + "\n") * 10_000)
    begin = time.process_time()
    assert sum(1 for _ in read_strokes_file(path)) == 10_000
    assert time.process_time() - begin < 4  # 0.5 s on an idle core of a server


# --- bounds


def _errors(path: Path) -> list[tuple[int, str]]:
    return [(line.number, str(line.error)) for line in read_strokes_file(path) if line.error]


@pytest.mark.parametrize("piece", [b"[0,0],", b" " * 10])
def test_memory_is_bounded_whatever_a_line_holds(tmp_path: Path, piece: bytes) -> None:
    """A megabyte of one long line used to take six hundred."""
    line = b'{"strokes": [[' + piece * (2**25 // len(piece) + 9)
    good = b'\n{"label": "1", "strokes": [[[1, 2], [3, 4]]]}\n'
    path = tmp_path / "long.jsonl.gz"
    # Beside it some strokes that do not shrink so far, so that the whole is no bomb.
    path.write_bytes(gzip.compress(line + good, 1) + gzip.compress(_noise(3_000_000)))
    assert path.stat().st_size < 4_000_000
    del line
    tracemalloc.start()
    try:
        read = [line for line in read_strokes_file(path) if line.number < 3]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 120e6
    assert [line.label for line in read] == [None, "1"]
    assert "the line is longer than 33,554,432 bytes" in str(read[0].error)


def _noise(count: int) -> bytes:
    values = np.random.default_rng(0).integers(33, 126, count, np.uint8)
    values[500::500] = ord("\n")
    return b"\n" + values.tobytes()


def test_a_line_of_very_many_numbers_is_refused_before_it_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strokes_files, "MOST_VALUES", 20)
    short, long = ([[n, n] for n in range(count)] for count in (10, 11))
    path = tmp_path / "numbers.jsonl"
    path.write_text("".join(json.dumps({"strokes": [points]}) + "\n" for points in (short, long)))
    assert _errors(path) == [(2, "the line holds more than 20 numbers")]


def test_a_line_of_the_longest_length_is_read_and_a_longer_one_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strokes_files, "_CHUNK", 7)
    line = b'{"strokes": [[[1, 2], [3, 4], [5, 6], [7, 8]]]}\n'
    monkeypatch.setattr(strokes_files, "LONGEST_LINE", len(line))
    path = tmp_path / "lengths.jsonl"
    path.write_bytes(line + b" " + line + line + b" " * 100)
    assert _errors(path) == [
        (2, f"the line is longer than {len(line)} bytes"),
        (4, f"the line is longer than {len(line)} bytes"),
    ]
    assert sum(1 for found in read_strokes_file(path) if found.drawing) == 2


@pytest.mark.parametrize("one_line", [False, True])
def test_a_compressed_file_that_unpacks_to_far_more_than_strokes_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_line: bool
) -> None:
    monkeypatch.setattr(strokes_files, "_MOST_UNPACKED", 10_000)
    line = b'{"strokes": [[[1, 2], [3, 4], [5, 6], [7, 8]]]}' + (b"" if one_line else b"\n")
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(line * 6_000))
    with pytest.raises(PictureError, match=r"unpacks to more than [\d,]+ bytes: unpack it first"):
        list(read_strokes_file(path))
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(line * 6_000)
    list(read_strokes_file(plain))


# --- documents of other forms


@pytest.mark.parametrize("line", ["{", '{"strokes": [[[1, 2],'])
def test_a_torn_line_alone_is_no_document_of_several(tmp_path: Path, line: str) -> None:
    path = tmp_path / "torn.jsonl"
    path.write_text(f"\n{line}\n\n")
    assert _errors(path) == [(2, "the line is not valid JSON")]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_array_of_drawings_in_one_document_is_one_error(
    tmp_path: Path, indent: int | None, wrapped: bool
) -> None:
    drawings = [{"label": key, "strokes": DIGITS[key]} for key in "123"]
    path = tmp_path / "array.jsonl"
    document: Any = {"drawings": drawings} if wrapped and indent else drawings
    path.write_text("\n" + json.dumps(document, indent=indent) + "\n")
    with pytest.raises(PictureError, match="one drawing per line is expected") as caught:
        list(read_strokes_file(path))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_text_of_powershell_is_one_error(tmp_path: Path, name: str) -> None:
    """Half of its lines would be read, as every one of them is another's continuation."""
    text = "\r\n".join(json.dumps({"label": key, "strokes": DIGITS[key]}) for key in "123")
    content = text.encode("utf-16")
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(PictureError, match="UTF-16 text: save it as UTF-8"):
        list(read_strokes_file(tmp_path / name))


def test_one_drawing_over_several_lines_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"strokes": DIGITS["1"]}, indent=2))
    with pytest.raises(PictureError, match="one drawing per line is expected"):
        list(read_strokes_file(path))


def _as_lists(key: str, *more: Any) -> list[Any]:
    """The digit's strokes as [[x, …], [y, …], …]."""
    return [
        [[x for x, _ in stroke], [y for _, y in stroke], *(list(m(stroke)) for m in more)]
        for stroke in DIGITS[key]
    ]


def _points(line: StrokesLine) -> list[Any]:
    assert line.drawing is not None, line.error
    return [stroke.points.tolist() for stroke in line.drawing.strokes]


def _wanted(key: str) -> list[Any]:
    return [np.array(stroke, np.float32).tolist() for stroke in DIGITS[key]]


@pytest.mark.parametrize("more", [(), (lambda stroke: range(0, 16 * len(stroke), 16),)])
def test_lists_of_x_and_of_y_are_read_as_what_they_are(tmp_path: Path, more: Any) -> None:
    """Also those that could be points: of two to five points a stroke, before any that tells."""
    path = tmp_path / "lists.jsonl"
    short = [[[10, 20], [30, 40], *([[0, 16]] if more else [])]]
    documents = [{"label": "1", "strokes": short}]
    documents += [{"label": key, "strokes": _as_lists(key, *more)} for key in DIGITS]
    documents += [{"label": "1", "strokes": short}]
    path.write_text("\n".join(map(json.dumps, documents)))
    read = list(read_strokes_file(path))
    assert [line.number for line in read] == list(range(1, 13))
    assert [line.label for line in read] == ["1", *DIGITS, "1"]
    assert [_points(line) for line in read[1:-1]] == [_wanted(key) for key in DIGITS]
    assert _points(read[0]) == _points(read[-1]) == [[[10, 30], [20, 40]]]


def test_short_strokes_are_points_where_nothing_tells(tmp_path: Path) -> None:
    path = tmp_path / "short.jsonl"
    line = json.dumps({"strokes": [[[10, 20], [30, 40]]]}) + "\n"
    path.write_text(line * 600 + "{}\n")
    read = list(read_strokes_file(path))
    assert all(_points(line) == [[[10, 20], [30, 40]]] for line in read[:-1])
    assert [line.number for line in read] == list(range(1, 602))
    assert read[-1].error is not None


def test_what_waits_comes_before_the_end_of_a_torn_file(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl.gz"
    line = json.dumps({"strokes": [[[10, 20], [30, 40]]]}).encode() + b"\n"
    path.write_bytes(gzip.compress(line * 50)[:-6])
    lines = read_strokes_file(path)
    assert [next(lines).number for _ in range(50)] == list(range(1, 51))
    with pytest.raises(PictureError, match="to its end"):
        next(lines)


def test_points_with_pressure_beside_them_stay_points(tmp_path: Path) -> None:
    path = tmp_path / "pressed.jsonl"
    strokes = [[[x, y, 0.5] for x, y in stroke] for stroke in DIGITS["5"]]
    ambiguous = [[[1, 2, 0.5], [3, 4, 0.5]]]
    path.write_text("\n".join(json.dumps({"strokes": s}) for s in (ambiguous, strokes, ambiguous)))
    first, second, third = read_strokes_file(path)
    assert _points(first) == _points(third) == [[[1, 2], [3, 4]]]
    assert _points(second) == _wanted("5")


def test_lines_of_quick_draw(tmp_path: Path) -> None:
    path = tmp_path / "some.ndjson"
    assert is_strokes_file(path)
    lines = [
        {"word": "seven", "recognized": True, "drawing": [[[10, 20], [30, 40]]]},
        {"word": "five", "drawing": _as_lists("5")},
        {"word": "five", "drawing": _as_lists("5", lambda s: range(0, 10 * len(s), 10))},
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    first, second, third = read_strokes_file(path)
    assert (first.label, second.label) == ("seven", "five")
    assert _points(first) == [[[10, 30], [20, 40]]]
    assert _points(second) == _points(third) == _wanted("5")
    assert third.drawing is not None
    times = third.drawing.strokes[0].times
    assert times is not None
    assert times[:3].tolist() == [0, 0.01, 0.02]  # seconds


# --- labels


@pytest.mark.parametrize("label", ["  ", "\t", "\n", "\x00", "1\x1b[31m", "\u202e7"])
def test_labels_that_nobody_sees_are_refused(tmp_path: Path, label: str) -> None:
    """A network that learned one could not be read again: its card would name no labels."""
    path = tmp_path / "labels.jsonl"
    good = {"label": "1", "strokes": DIGITS["1"]}
    path.write_text("\n".join(map(json.dumps, [good, {**good, "label": label}])))
    ((number, reason),) = _errors(path)
    assert (number, reason[:18]) == (2, "the label is blank")


def test_space_around_a_label_is_left_out_and_an_empty_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    some = [{"label": label, "strokes": DIGITS["1"]} for label in (" 7", "7\n", 7, 7.0, "", None)]
    path.write_text("\n".join(map(json.dumps, some)))
    assert [line.label for line in read_strokes_file(path)] == ["7", "7", "7", "7", None, None]

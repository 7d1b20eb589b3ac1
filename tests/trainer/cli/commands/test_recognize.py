"""recognize: what it reads, where it says what, and its exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.drawings import DIGITS
from trainer.cli import run

pytestmark = pytest.mark.usefixtures("one_thread")


def _image(digit: str) -> Image.Image:
    image = Image.new("L", (280, 280), 255)
    for stroke in DIGITS[digit]:
        ImageDraw.Draw(image).line(stroke, fill=0, width=18, joint="curve")
    return image


def _line(digit: str) -> str:
    return json.dumps({"strokes": DIGITS[digit]}) + "\n"


@pytest.fixture
def flags(lenet_file: Path) -> list[str]:
    return ["--weights", str(lenet_file), "--device", "cpu"]


class Input(io.TextIOWrapper):
    """Standard input with these bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["strokes", "packed", "image"])
@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    kind: str,
    name: str,
) -> None:
    png = io.BytesIO()
    _image("7").save(png, "PNG")
    strokes = (_line("7") + _line("3")).encode()
    content = {"strokes": strokes, "packed": gzip.compress(strokes), "image": png.getvalue()}[kind]
    monkeypatch.setattr(sys, "stdin", Input(content))
    assert run(["recognize", name, "--json", *flags]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["source"] for line in found] == ["-"] * len(found)
    assert [line["label"] for line in found] == (["7"] if kind == "image" else ["7", "3"])


def test_standard_input_with_nothing_in_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Input(b""))
    assert run(["recognize", "-", *flags]) == 2
    assert "there is nothing on standard input" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", Input(_line("1").encode()))
    assert run(["recognize", "-", "-", *flags]) == 2
    assert "- can be read only once" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
def test_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]) -> None:
    """As `<(…)` gives one: its name says nothing."""
    pipe = tmp_path / "63"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[_line("4").encode()])
    writer.start()
    try:
        assert run(["recognize", str(pipe), *flags]) == 0
    finally:
        writer.join()
    assert capsys.readouterr().out.split("\t")[1] == "4"


def test_the_most_probable_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(_line("3"))
    assert run(["recognize", str(path), "--top-k", "3", *flags]) == 0
    cells = capsys.readouterr().out.strip().split("\t")
    assert (cells[1], len(cells)) == ("3", 7)
    assert all(cell.endswith(" %") for cell in cells[2::2])


def test_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]) -> None:
    path = tmp_path / "x, y.jsonl"
    path.write_text(_line("3") + "nonsense\n")
    assert run(["recognize", str(path), "--csv", *flags]) == 1
    good, bad = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (good["source"], good["label"], good["error"]) == (str(path), "3", "")
    assert float(good["p_3"]) == float(good["probability"]) > 0.5
    assert (bad["label"], bad["error"]) == ("", "the line is not valid JSON")
    assert run(["recognize", str(path), "--csv", "--json", *flags]) == 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("cut.png", b"\x89PNG\r\n\x1a\nxx", "cut.png"),
        ("x.psd", b"xx", "/x.psd: unknown file type; can read: .png"),
        ("x.avif", b"xx", "x.avif is not a readable image: save it as PNG or JPEG"),
        ("x.npz", b"PK", "is a data set"),
        ("x.h5", b"xx", "/x.h5: HDF5 is not read"),
        ("without-ending", b"xx", "unknown file type"),
    ],
)
def test_what_cannot_be_read_is_on_standard_error(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    name: str,
    content: bytes,
    told: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run(["recognize", str(tmp_path / name), *flags]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert told in output.err


def test_nothing_to_read_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.docx").write_bytes(b"x")
    for path in ("", str(tmp_path / "empty")):
        assert run(["recognize", path, *flags]) == 2
    told = capsys.readouterr().err
    assert "PATH is empty" in told
    assert f"no images or strokes in {tmp_path / 'empty'}" in told
    assert "1 of 1 files are of kinds that cannot be read: .docx" in told


def test_nor_is_it_obeyed_in_errors_and_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names in a folder from elsewhere: in a note, in the error of one of its files, in an error at the end."""
    folder = tmp_path / "b\x1b]0;title\x07"
    folder.mkdir()
    (folder / "a.x\x1b[2J").write_text("of no known kind")
    (folder / "c\x1b[31m.png").write_text("no picture")
    assert run(["recognize", str(folder), "--weights", "scribe-tiny"]) == 1
    assert run(["recognize", str(folder / "absent\x9b.png")]) == 2
    text = capsys.readouterr().err
    assert not set("\x1b\x07\x9b") & set(text)
    assert text.count(r"\x1b]0;title") >= 3
    assert r"absent\x9b.png" in text


def test_what_a_terminal_would_obey_is_printed_as_an_escape(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    path = tmp_path / "a\x1b[31m\tb\u202e.jsonl"
    path.write_text(_line("3"))
    assert run(["recognize", str(path), *flags]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("\t") == 2
    assert r"a\x1b[31m\tb\u202e.jsonl[1]" in text


def test_phone_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    folder = tmp_path / "phone" / "3"
    folder.mkdir(parents=True)
    _image("3").save(folder / "a.png")
    _image("3").save(folder / "b.jfif", format="JPEG")
    (folder / "IMG_1.HEIC").write_bytes(b"x")
    (folder / "notes.txt").write_text("no picture, and nobody takes it for one")
    assert run(["recognize", str(tmp_path / "phone"), "--json", *flags]) == 0
    output = capsys.readouterr()
    assert [json.loads(line)["label"] for line in output.out.splitlines()] == ["3", "3"]
    assert "1 of 3 files are of kinds that cannot be read: .HEIC" in output.err


def test_the_first_page_that_shows_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    """Pages of a scan, frames of a picture that moves; read as one drawing, and as a page of rows."""
    blank = Image.new("L", (280, 280), 255)
    for name in ("x.tif", "x.gif"):
        blank.save(tmp_path / name, save_all=True, append_images=[blank, _image("6")])
        for more in ([], ["--page"]):
            assert run(["recognize", str(tmp_path / name), *more, *flags]) == 0
            assert capsys.readouterr().out.split("\t")[1].strip() == "6"


def test_what_holds_nothing_is_named_beside_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    _image("3").save(tmp_path / "a.png")
    (tmp_path / "none.jsonl").write_text("")
    (tmp_path / "empty").mkdir()
    paths = [str(tmp_path / name) for name in ("none.jsonl", "a.png", "empty")]
    assert run(["recognize", *paths, *flags]) == 0
    told = capsys.readouterr().err
    for path in (paths[0], paths[2]):
        assert f"{path}: no images or strokes" in told

"""Outputs of the commands: nothing that exists is replaced unasked, and the suffix decides the format."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.drawings import DIGITS
from tests.trainer.strokes_files import write
from trainer.base.errors import InputError, RunError
from trainer.base.events import Metrics, RunFinished
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.cli.commands.training import _followed
from trainer.cli.display import Display
from trainer.cli.files import given_path, output_file, write_output
from trainer.cli.stopping import StopRequest

pytestmark = pytest.mark.usefixtures("one_thread")

TRAIN = ["train", "--network", "lenet5", "--epochs", "1", "--limit", "64", "--validation", "100"]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own drawings, in the current folder."""
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path / "mine.jsonl", [{"label": d, "strokes": strokes} for d, strokes in DIGITS.items()]
    )


def _refused(capsys: pytest.CaptureFixture[str], *line: object) -> str:
    assert run([str(part) for part in line]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err


def _commands(weights: Path, data: Path, output: str) -> list[list[object]]:
    evaluate: list[object] = ["evaluate", "--data", data, "--weights", weights]
    return [
        [*TRAIN, "--output", output],
        ["export", weights, "--output", output],
        [*evaluate, "--report", output],
        [*evaluate, "--predictions", output],
        [*evaluate, "--confusion", output],
        ["preview", "--output", output],
    ]


def test_two_outputs_are_not_one_file(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mine.parent / "link").symlink_to(mine.parent)
    both = ["--predictions", "a.csv", "--confusion", "link/a.csv"]
    text = _refused(capsys, "evaluate", "--data", mine, "--weights", lenet_file, *both)
    assert "--predictions and --confusion both name a.csv" in text
    assert not (mine.parent / "a.csv").exists()


@pytest.mark.parametrize("number", range(6))
def test_a_file_of_another_kind_is_never_an_output(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    """A slip must not cost drawings: neither with --overwrite."""
    kept = mine.read_bytes()
    other = mine.rename(mine.with_name("mine.jsonl.gz"))  # --predictions writes .jsonl
    data = write(mine.with_name("data.jsonl"), [{"label": "1", "strokes": DIGITS["1"]}])
    line = _commands(lenet_file, data, other.name)[number]
    for more in ([], ["--overwrite"]):
        told = _refused(capsys, *line, *more)
        assert "name one that ends in" in told or "name a file that ends in" in told
    assert other.read_bytes() == kept
    assert not runs_folder().exists()


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "x.safetensors"),
        (1, "x.onnx"),
        (2, "x.html"),
        (3, "x.csv"),
        (3, "x.jsonl"),
        (4, "x.csv"),
        (5, "x.png"),
    ],
)
def test_what_exists_is_kept(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str], number: int, name: str
) -> None:
    Path(name).write_text("mine")
    line = _commands(lenet_file, mine, name)[number]
    assert "already exists; name another, or add --overwrite" in _refused(capsys, *line)
    assert Path(name).read_text() == "mine"
    assert not runs_folder().exists()


@pytest.mark.parametrize("number", range(6))
def test_an_empty_name_is_no_name(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    told = _refused(capsys, *_commands(lenet_file, mine, "")[number])
    assert " is empty: name a" in told


def test_the_json_beside_a_report_is_kept(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("page.json").write_text('{"my": "config"}')
    line = ["evaluate", "--data", mine, "--weights", lenet_file, "--report", "page.html"]
    assert "page.json: already exists" in _refused(capsys, *line)
    assert Path("page.json").read_text() == '{"my": "config"}'
    assert run([*map(str, line), "--overwrite"]) == 0
    assert "accuracy" in Path("page.json").read_text()


def test_the_file_that_standard_output_goes_to_is_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    path.touch()
    monkeypatch.setattr(os, "fstat", lambda number: path.stat())
    with pytest.raises(InputError, match="standard output goes to the same file"):
        output_file(path, "--report", (".json",), overwrite=True, what="a report")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
def test_what_is_no_regular_file_is_no_output(tmp_path: Path) -> None:
    """A pipe made for the purpose; a device is refused by the same code."""
    pipe = tmp_path / "x.html"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is a pipe, not a file"):
        output_file(pipe, "--report", (".html",), overwrite=True, what="a report")
    assert pipe.is_fifo()


def test_a_report_is_not_written_into_a_file(
    mine: Path, lenet_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor into a pipe or a device, and this is told before the evaluation."""
    (mine.parent / "notes").write_text("mine")
    os.mkfifo(mine.parent / "pipe")
    for name in ("notes", "pipe", os.devnull):
        line = ["evaluate", "--data", mine, "--weights", lenet_file, "--report", name]
        assert "a report is a page" in _refused(capsys, *line)


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target.onnx"
    link = tmp_path / "link.onnx"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_output(link, b"new", overwrite=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = output_file(tmp_path / "x.onnx", "--output", (".onnx",), overwrite=False, what="ONNX")
    path.write_bytes(b"another's")
    with pytest.raises(RunError, match=r"made by another program meanwhile.*It is in y"):
        write_output(path, b"mine", overwrite=False, instead="It is in y.")
    assert path.read_bytes() == b"another's"


def test_the_home_folder_is_spelled_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert given_path("~/x.png", "PATH") == tmp_path / "x.png"


def test_weights_are_written_where_they_are_wanted(
    bars: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --overwrite over a network, which may be the one that the run starts from."""
    output = Path("net.safetensors")
    line = [*TRAIN, "--data", str(bars), "--output", str(output), "--device", "cpu"]
    assert run(line) == 0
    first = output.read_bytes()
    again = [*line, "--start", str(output), "--seed", "1"]
    again = [part for part in again if part not in ("--network", "lenet5")]
    assert run(again) == 2
    assert output.read_bytes() == first
    assert run([*again, "--overwrite"]) == 0
    assert output.read_bytes() != first
    capsys.readouterr()


def test_the_output_is_there_before_the_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told of the end may end the program: the report comes later, and may take seconds."""
    weights, target = tmp_path / "best.safetensors", tmp_path / "mine.safetensors"
    weights.write_bytes(b"weights")
    finished = RunFinished(
        reason="completed",
        run=str(tmp_path),
        weights=str(weights),
        best_epoch=1,
        epochs=1,
        validation=Metrics(loss=0.1, accuracy=0.9, count=10),
        seconds=1,
    )
    seen: list[bytes] = []
    display = Display(as_json=True)
    monkeypatch.setattr(display, "show", lambda _: seen.append(target.read_bytes()))
    _followed(iter([finished]), display, StopRequest(), target, overwrite=False)
    assert seen == [b"weights"]

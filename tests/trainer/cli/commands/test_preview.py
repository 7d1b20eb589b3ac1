"""handwrite-trainer preview."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from trainer.base.events import Note
from trainer.base.messages import Message
from trainer.cli import run

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        assert image.format == "PNG"
        return image.size


def test_a_file_in_the_current_folder_and_never_over_another(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("preview-shift.png", "preview-shift-2.png", "preview-shift-3.png"):
        assert run(["preview", "--data", str(bars), "--count", "4"]) == 0
        assert capsys.readouterr().out == f"{name}\n"
        assert _size(tmp_path / name)[0] > 300
    first, second = (tmp_path / f"preview-shift{n}.png" for n in ("", "-2"))
    assert first.read_bytes() == second.read_bytes()  # the same seed
    assert run(["preview", "--data", str(bars), "--count", "4", "--seed", "1", "--overwrite"]) == 0
    assert first.read_bytes() != second.read_bytes()
    assert len(list(tmp_path.glob("preview-*.png"))) == 3


def test_data_by_name_and_how_many(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(bars))
    sizes = []
    for count in ("8", "80"):
        line = ["preview", "--augmentation", "strong", "--data", "mnist", "--count", count]
        assert run([*line, "--output", f"new/{count}.png"]) == 0
        sizes.append(_size(tmp_path / "new" / f"{count}.png")[1])
    assert sizes[1] > 3 * sizes[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--output", "there.png"],
            "there.png: already exists; name another, or add --overwrite",
        ),
        (["--output", "folder"], "a folder; name a file in it"),
        (["--output", "p.jpg"], "name one that ends in .png"),
        (["--augmentation", "wild"], "--augmentation: 'wild' is not one of none, shift"),
        (["--data", "strokes:nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_wrong_input(
    tmp_path: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.png").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    assert run(["preview", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert told in output.err.replace("\n", " ")
    assert (tmp_path / "there.png").read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_prepared_first_is_told_beside_the_result(
    bars: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note = Note(message=Message.verbatim("sketches: preparing pictures"))
    monkeypatch.setenv("HANDWRITE_DATA", str(bars))
    monkeypatch.setattr("trainer.datasets.fetch", lambda *_, **_how: iter([note]))
    assert run(["preview", "--data", "mnist", "--count", "4", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["pictures"] == 4
    assert "preparing pictures" in output.err


def test_wrong_input_is_told_without_torch() -> None:
    program = (
        "import sys; from trainer.cli import run\n"
        "assert run(['preview', '--augmentation', 'wild']) == 2\n"
        "assert 'torch' not in sys.modules"
    )
    root = Path(__file__).resolve().parents[4]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""handwrite-trainer export."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.models import export as module
from trainer.models.export import FORMATS
from trainer.models.export_formats import ExportedNetwork
from trainer.models.recognizer import Recognizer
from trainer.picture.strokes_files import write_strokes_file
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return module.sample_pictures()


@pytest.fixture
def here(
    lenet_file: Path,
    pictures: NDArray[np.uint8],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """The current folder, with a network named `mine` and forms whose files take no time to make."""
    monkeypatch.setattr(module, "sample_pictures", lambda: pictures)  # once is long enough
    models_folder().mkdir(parents=True)
    (models_folder() / "mine.safetensors").write_bytes(lenet_file.read_bytes())
    recognizer = Recognizer(lenet_file, device="cpu")
    opened = ExportedNetwork(
        labels=recognizer.labels,
        card=recognizer.card.to_json(),
        answer=lambda batch: (recognizer.probabilities(batch), recognizer.logits(batch).numpy()),
    )
    for name, form in FORMATS.items():
        fake = dataclasses.replace(form, make=lambda *_: b"exported", open=lambda _: opened)
        monkeypatch.setitem(FORMATS, name, fake)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_file_lies_here_under_the_networks_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", "mine"]) == 0
    assert (here / "mine.onnx").read_bytes() == b"exported"
    output = capsys.readouterr()
    assert output.err == ""
    first, second = output.out.splitlines()
    assert first.startswith("mine.onnx: 0.00 MB, made in 0.0 s")
    assert second.startswith("answers 120 drawings as this program does, one, seven and many")
    assert run(["export", "mine", "--format", "torch"]) == 0
    assert sorted(path.name for path in here.iterdir()) == ["mine.onnx", "mine.pt2"]


def test_an_existing_file_is_replaced_only_with_overwrite(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.onnx").write_bytes(b"old")
    assert run(["export", "mine"]) == 2
    assert "mine.onnx: already exists; name another, or add --overwrite" in capsys.readouterr().err
    assert run(["export", "mine", "--output", "mine.onnx"]) == 2
    assert (here / "mine.onnx").read_bytes() == b"old"
    assert run(["export", "mine", "--overwrite"]) == 0
    assert (here / "mine.onnx").read_bytes() == b"exported"


def test_one_object_for_machines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "mine", "--json", "--output", "new/deep.onnx"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    document = json.loads(output.out)
    assert document["file"] == str(Path("new/deep.onnx"))
    assert document["format"] == "onnx"
    assert document["bytes"] == 8
    assert document["labels"] == list("0123456789")
    assert document["drawings"] == 120
    assert 0 <= document["largest_probability_difference"] < 1e-5
    assert 0 <= document["largest_logit_difference"] < 1e-5
    assert document["check_seconds"] > 0


def test_on_drawings_of_ones_own(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "own.jsonl"
    write_strokes_file(path, [(drawing, label) for label, drawing in synthetic_digits(105, seed=9)])
    assert run(["export", "mine", "--drawings", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["drawings"] == 105
    path.write_text("")
    assert run(["export", "mine", "--drawings", str(path), "--output", "x.onnx"]) == 2
    assert "only 0 can be read" in capsys.readouterr().err
    assert not (here / "x.onnx").exists()


def test_an_export_that_answers_otherwise_is_not_put_in_its_place(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = FORMATS["onnx"].open(b"")
    wrong = dataclasses.replace(
        right, answer=lambda batch: (right.answer(batch)[0][:, ::-1], right.answer(batch)[1])
    )
    form = dataclasses.replace(FORMATS["onnx"], open=lambda _: wrong)
    monkeypatch.setitem(FORMATS, "onnx", form)
    assert run(["export", "mine"]) == 1
    assert "drawings otherwise than this program" in capsys.readouterr().err
    assert not list(here.iterdir())


def test_wrong_input_is_told_with_what_to_do(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert run(["export", *arguments]) == 2
        return capsys.readouterr().err

    assert "--format tflite: not one of onnx, torch" in told("mine", "--format", "tflite")
    assert "there is no network named 'nobody'" in told("nobody")
    assert "a folder; name a file in it" in told("mine", "--output", str(here))
    own = models_folder() / "mine.safetensors"
    before = own.read_bytes()
    assert "these are the weights themselves" in told("mine", "--output", str(own))
    assert own.read_bytes() == before
    (here / "broken.safetensors").write_bytes(b"no")
    assert "too short" in told(str(here / "broken.safetensors"))
    assert "does not exist" in told("mine", "--drawings", "nowhere.jsonl")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "-m pip install onnxruntime" in told("mine")
    assert [path.name for path in here.iterdir()] == ["broken.safetensors"]


def test_wrong_input_is_told_before_torch_loads() -> None:
    program = (
        "import sys; from trainer.cli import run; code = run(['export', '--output', '.']); "
        "assert 'torch' not in sys.modules; assert 'onnx' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "a folder; name a file in it" in done.stderr
    assert done.returncode == 2

"""handwrite-trainer recognize and evaluate."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.drawings import DIGITS
from tests.trainer.local_mirror import mirror
from tests.trainer.strokes_files import lines, write
from tests.trainer.weights_files import put_together, take_apart, with_card
from trainer.base.errors import RunError
from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.datasets import load_test
from trainer.models.recognizer import Recognizer

pytestmark = pytest.mark.usefixtures("one_thread")


def _line(digit: str | None, **rest: Any) -> str:
    strokes = [] if digit is None else DIGITS[digit]
    return json.dumps({"strokes": strokes, **rest})


def _image(path: Path, digit: str) -> Path:
    image = Image.new("L", (280, 280), 255)
    for stroke in DIGITS[digit]:
        ImageDraw.Draw(image).line(stroke, fill=0, width=18, joint="curve")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


class Command:
    """Runs a command with the network that knows DIGITS by heart."""

    def __init__(self, capsys: pytest.CaptureFixture[str], weights: Path) -> None:
        self._capsys = capsys
        self._weights = ["--weights", str(weights), "--device", "cpu"]

    def lines(self, *arguments: object, code: int = 0) -> list[Any]:
        return [
            json.loads(line) for line in self.text(*arguments, "--json", code=code).splitlines()
        ]

    def text(self, *arguments: object, code: int = 0) -> str:
        assert run([*map(str, arguments), *self._weights]) == code
        output = self._capsys.readouterr()
        assert output.err == ""
        return output.out


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], lenet_file: Path) -> Command:
    return Command(capsys, lenet_file)


def _complaint(capsys: pytest.CaptureFixture[str], *arguments: object, code: int) -> str:
    assert run([str(argument) for argument in arguments]) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("error: ")
    assert "Traceback" not in output.err
    return output.err


# --- recognize


def test_one_line_a_drawing_in_order(command: Command, tmp_path: Path) -> None:
    strokes = tmp_path / "many.jsonl"
    strokes.write_text("".join(_line(digit) + "\n" for digit in DIGITS))
    lines = command.lines("recognize", strokes)
    assert [line["label"] for line in lines] == list(DIGITS)
    for i, line in enumerate(lines):
        assert set(line) == {
            *("source", "index", "label", "probability", "probabilities", "labels"),
        }
        assert (line["source"], line["index"]) == (str(strokes), i + 1)
        assert line["labels"] == list(DIGITS)
        assert len(line["probabilities"]) == 10
        assert sum(line["probabilities"]) == pytest.approx(1, abs=1e-4)
        assert line["probability"] == line["probabilities"][i] == max(line["probabilities"])


def test_packed_strokes_do_as_well(command: Command, tmp_path: Path) -> None:
    strokes = tmp_path / "many.jsonl.gz"
    strokes.write_bytes(gzip.compress(f"{_line('4')}\n{_line('7')}\n".encode()))
    assert [line["label"] for line in command.lines("recognize", strokes)] == ["4", "7"]


def test_bad_items_keep_their_place_and_the_rest_goes_on(command: Command, tmp_path: Path) -> None:
    strokes = tmp_path / "mixed.jsonl"
    strokes.write_text(
        "\n".join(
            [
                _line("0"),
                "this is no JSON",
                _line(None),
                "",
                '{"strokes": [[[0, NaN], [1, 1]]]}',
                '{"strokes": [[[0, null], [1, 1]]]}',
                '{"points": []}',
                '{"strokes": [[[5, 5]]]}',
                _line("9", key="other keys are ignored"),
            ]
        )
    )
    folder = tmp_path / "folder"
    _image(folder / "a.png", "3")
    (folder / "b.png").write_bytes(b"no picture at all")
    (folder / "c.txt").write_text("passed over")
    _image(folder / "d" / "e.png", "7")
    Image.new("L", (50, 50), 255).save(folder / "d" / "f.png")
    other = tmp_path / "notes.txt"
    other.write_text("of no known kind")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(f"{_line('1')}\n".encode() * 2000)[:-50])
    last = _image(tmp_path / "last.png", "1")
    lines = command.lines("recognize", strokes, other, folder, last, code=1)

    def told(line: dict[str, Any]) -> str | None:
        return "error" if "error" in line else line["label"]

    found = [(Path(line["source"]).name, line["index"], told(line)) for line in lines]
    assert [where[:2] for where in found] == [
        *(("mixed.jsonl", line) for line in (1, 2, 3, 5, 6, 7, 8, 9)),
        *(("notes.txt", 0), ("a.png", 0), ("b.png", 0), ("e.png", 0), ("f.png", 0)),
        ("last.png", 0),
    ]
    assert [where[2] for where in found[:8]] == [
        *("0", "error", None, "error", "error", "error", None, "9")
    ]
    kinds = ["error" if where[2] == "error" else where[2] is not None for where in found[8:]]
    assert kinds == ["error", True, "error", True, False, True]
    for line in lines:
        if "error" in line:
            assert set(line) == {"source", "index", "error"}
            assert line["error"]
        elif line["label"] is None:
            assert line["probability"] is None
            assert line["probabilities"] is None
    damaged = command.lines("recognize", cut, last, code=1)
    assert "error" in damaged[-2]
    assert "error" not in damaged[-1]


def test_for_people_a_drawing_is_a_line_too(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path
) -> None:
    """With its line in the file as editors count them; what cannot be read is on standard error."""
    strokes = tmp_path / "few.jsonl"
    strokes.write_text(f"{_line('0')}\n\n{_line(None)}\nnonsense\n{_line('9')}\n")
    assert run(["recognize", str(strokes), "--weights", str(lenet_file)]) == 1
    output = capsys.readouterr()
    first, empty, last = output.out.splitlines()
    assert first.split("\t")[:2] == [f"{strokes}[1]", "0"]
    assert first.endswith(" %")
    assert empty == f"{strokes}[3]\tnothing drawn"
    assert last.split("\t")[:2] == [f"{strokes}[5]", "9"]
    bad, count = output.err.splitlines()
    assert bad == f"{strokes}[4]: the line is not valid JSON"
    assert count == "note: 1 drawing of 4 could not be read"


def test_many_drawings_are_read_by_batches(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    answers = Recognizer.answers

    def counted(self: Recognizer, pictures: Any) -> Any:
        sizes.append(len(pictures))
        return answers(self, pictures)

    monkeypatch.setattr(Recognizer, "answers", counted)
    strokes = tmp_path / "many.jsonl"
    strokes.write_text("".join(_line(digit) + "\n" for digit in DIGITS) * 130)
    lines = command.lines("recognize", strokes)
    assert [line["label"] for line in lines] == list(DIGITS) * 130
    assert sizes == [1, 1000, 300]  # one to warm up


def test_a_path_that_is_not_there_is_wrong_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    there = _image(tmp_path / "a.png", "3")
    for line in (["recognize", there, tmp_path / "none.png"], ["recognize", tmp_path / "none"]):
        message = _complaint(capsys, *line, "--weights", lenet_file, code=2)
        assert "does not exist" in message


def test_an_unknown_network_is_told_with_the_names(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "mine.safetensors").write_bytes(lenet_file.read_bytes())
    picture = _image(tmp_path / "a.png", "3")
    for line in (["recognize", picture], ["evaluate"]):
        message = _complaint(capsys, *line, "--weights", "nobody", code=2)
        assert "no network named 'nobody'" in message
        assert "mine" in message
    assert run(["recognize", str(picture), "--weights", "mine", "--json"]) == 0


def test_a_bad_file_and_a_bad_device_are_wrong_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    picture = _image(tmp_path / "a.png", "3")
    bad = tmp_path / "[x].safetensors"
    bad.write_bytes(b"\x80\x04nothing")
    message = _complaint(capsys, "recognize", picture, "--weights", bad, code=2)
    assert "[x].safetensors cannot be used as a network" in message
    line = ["recognize", picture, "--weights", lenet_file, "--device", "abacus"]
    assert "not one of auto, cuda, mps, cpu" in _complaint(capsys, *line, code=2)


def test_a_network_that_answers_nonsense_failed_while_running(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
) -> None:
    header, payload = take_apart(file)
    begin, end = header["2.running_var"]["data_offsets"]
    values = np.full((end - begin) // 4, -1, "<f4").tobytes()
    file.write_bytes(put_together(header, payload[:begin] + values + payload[end:]))
    picture = _image(tmp_path / "a.png", "3")
    message = _complaint(capsys, "recognize", picture, "--weights", file, code=1)
    assert "not numbers" in message


# --- evaluate


def _counted(figures: dict[str, Any]) -> dict[str, Any]:
    """Without those that differ in the last digit with the memory layout, which every process measures."""
    return {k: v for k, v in figures.items() if k not in ("loss", "calibration_error")}


def _labelled(path: Path) -> Path:
    """Six drawings that count: 0 and 1 read rightly, 2 labelled 3, 7 labelled 1, an empty 4, a spoilt 5."""
    path.write_text(
        "\n".join(
            [
                _line("0", label="0"),
                _line("1", label="1"),
                _line("2", label="3"),
                _line("7", label="1"),
                _line(None, label="4"),
                _line("5"),  # says nothing
                _line("6", label="six"),
                _line("1", label=1),
            ]
        )
    )
    return path


def test_figures_by_hand(command: Command, tmp_path: Path) -> None:
    data = _labelled(tmp_path / "labelled.jsonl")
    (figures,) = command.lines("evaluate", "--data", data)
    assert figures["data"] == str(data)
    assert figures["weights"].endswith("by heart.safetensors")
    assert figures["labels"] == list(DIGITS)
    # Read: 0 as 0, twice 1 as 1, 3 as 2, 1 as 7; the 4 was empty.
    assert (figures["count"], figures["right"]) == (6, 3)
    assert figures["accuracy"] == pytest.approx(3 / 6)
    assert (figures["unanswered"], figures["errors"]) == (1, 0)
    assert (figures["unlabelled"], figures["unknown"]) == (1, 1)
    confusion = np.zeros((10, 10), int)
    confusion[0, 0], confusion[1, 1], confusion[3, 2], confusion[1, 7] = 1, 2, 1, 1
    assert figures["confusion"] == confusion.tolist()
    # True were 0, 1, 3 and 4: precision 1, 1, 0, 0; recall 1, 2/3, 0, 0; F1 1, 0.8, 0, 0.
    assert figures["precision"] == pytest.approx(2 / 4)
    assert figures["recall"] == pytest.approx((1 + 2 / 3) / 4)
    assert figures["f1"] == pytest.approx((1 + 0.8) / 4)
    assert figures["answered"] == 5
    assert figures["loss"] > 0.1
    assert 0 < figures["calibration_error"] < 1
    one = figures["classes"][1]
    assert (one["label"], one["count"]) == ("1", 3)
    assert one["recall"] == pytest.approx(2 / 3)
    empty, absent = figures["classes"][4], figures["classes"][9]
    assert (empty["count"], empty["recall"]) == (1, 0)
    assert (absent["count"], absent["recall"], absent["f1"]) == (0, None, None)


def test_figures_for_people(command: Command, tmp_path: Path) -> None:
    data = _labelled(tmp_path / "[labelled].jsonl")
    text = command.text("evaluate", "--data", data)
    assert f"by heart on {data}: accuracy 50.00 % (3 of 6)" in text
    assert "1 got no answer" in text
    assert "1 without a label" in text
    assert "1 with a label that the network does not have" in text
    assert "could not be read" not in text
    assert "Confusion matrix" in text


def test_class_named_folders(command: Command, tmp_path: Path) -> None:
    for digit in "137":
        _image(tmp_path / "set" / digit / "a.png", digit)
    (tmp_path / "set" / "3" / "b.png").write_bytes(b"no picture")
    (figures,) = command.lines("evaluate", "--data", tmp_path / "set")
    assert (figures["count"], figures["errors"], figures["unanswered"]) == (4, 1, 1)
    assert np.sum(figures["confusion"], axis=1).tolist() == [0, 1, 0, 1, 0, 0, 0, 1, 0, 0]


def test_mnist_by_name_and_by_folder(
    command: Command, bars: Path, lenet_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.datasets.load_test", lambda *a: load_test(*a)[:1500])
    monkeypatch.setenv("HANDWRITE_DATA", str(bars))
    (by_default,) = command.lines("evaluate")
    (by_name,) = command.lines("evaluate", "--data", "mnist")
    monkeypatch.delenv("HANDWRITE_DATA")
    (by_folder,) = command.lines("evaluate", "--data", bars)
    assert _counted(by_name) == _counted(by_default) == _counted({**by_folder, "data": "mnist"})
    assert by_name["loss"] == pytest.approx(by_folder["loss"], rel=1e-4)
    part = load_test("mnist", bars)[:1500]
    answers = Recognizer(lenet_file, device="cpu").probabilities(part.pictures).argmax(1)
    assert by_name["count"] == 1500
    assert by_name["right"] == int((answers == part.targets).sum())


def test_data_as_training_takes_them_are_their_test_part(
    command: Command, tmp_path: Path, bars: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "mine.jsonl", lines(300))
    count = len(load_test(f"strokes:{path}", tmp_path))
    (figures,) = command.lines("evaluate", "--data", f"strokes:{path}")
    assert figures["count"] == count < 60
    assert figures["accuracy"] > 0.5
    (all_of_it,) = command.lines("evaluate", "--data", path)
    assert all_of_it["count"] == 300
    monkeypatch.setenv("HANDWRITE_DATA", str(bars))
    (both,) = command.lines("evaluate", "--data", f"mnist+strokes:{path}")
    assert both["count"] == 10_000 + count


def test_labels_that_the_network_does_not_have(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    named = [{**line, "label": "0ab"[i % 3]} for i, line in enumerate(lines(300))]
    path = write(tmp_path / "some.jsonl", named)
    (figures,) = command.lines("evaluate", "--data", f"strokes:{path}")
    assert 0 < figures["count"] < figures["count"] + figures["unknown"] < 100
    other = write(tmp_path / "none.jsonl", named[1::3] + named[2::3])
    line = ["evaluate", "--data", f"strokes:{other}", "--weights", lenet_file]
    message = _complaint(capsys, *line, code=2)
    assert "by heart reads 0 1 2 3 4 5 6 7 8 9, but strokes:" in message
    assert "has a b: choose a network that has learned these" in message


@pytest.mark.parametrize("data", ["mnist+bogus", "mnist*2", "strokes:", "3*mnist+", "npz:nowhere"])
def test_data_that_cannot_be_had_are_told(
    capsys: pytest.CaptureFixture[str], lenet_file: Path, data: str
) -> None:
    message = _complaint(capsys, "evaluate", "--data", data, "--weights", lenet_file, code=2)
    assert "nowhere does not exist" in message or "mnist+2*strokes:mine.jsonl" in message


def test_nothing_to_evaluate_is_wrong_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    (tmp_path / "unlabelled.jsonl").write_text(_line("3"))
    weights = ["--weights", lenet_file]
    line = ["evaluate", "--data", tmp_path / "unlabelled.jsonl", *weights]
    assert "nothing to evaluate" in _complaint(capsys, *line, code=2)
    (tmp_path / "empty").mkdir()
    line = ["evaluate", "--data", tmp_path / "empty", *weights]
    assert "nothing to evaluate" in _complaint(capsys, *line, code=2)
    message = _complaint(capsys, "evaluate", "--data", "nowhere", *weights, code=2)
    assert "neither a path nor data by name (mnist, emnist-digits" in message


def test_mnist_that_cannot_be_had_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    lenet_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torchvision.datasets

    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "nothing here"))
    message = _complaint(capsys, "evaluate", "--weights", lenet_file, code=1)
    for part in ("could not be downloaded", "Connect to the internet", "--data or HANDWRITE_DATA"):
        assert part in message.replace("\n", " ")


def test_evaluate_downloads_the_test_split_alone(
    lenet_file: Path,
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import torchvision.datasets

    raw = Path("MNIST", "raw")
    files = {
        f"{path.name}.gz": gzip.compress(path.read_bytes(), compresslevel=1)
        for path in (bars / raw).glob("t10k-*")
    }
    sums = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    training = [("train-images-idx3-ubyte.gz", ""), ("train-labels-idx1-ubyte.gz", "")]
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("trainer.datasets.load_test", lambda *a: load_test(*a)[:50])
    with mirror(files) as running:
        monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [running.url("")])
        monkeypatch.setattr(torchvision.datasets.MNIST, "resources", [*training, *sums])
        assert run(["evaluate", "--weights", str(lenet_file), "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 50
    assert sorted(running.asked) == sorted(f"/{name}" for name in files)
    assert {path.name for path in (tmp_path / "data" / raw).iterdir()} == set(files)


def test_a_truncated_mnist_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path, bars: Path
) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for source in (bars / "MNIST" / "raw").iterdir():
        (raw / source.name).write_bytes(source.read_bytes()[:100_000])
    line = ["evaluate", "--data", tmp_path, "--weights", lenet_file]
    assert "Delete it and download it again" in _complaint(capsys, *line, code=2)


def test_a_network_of_other_letters(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    header, payload = take_apart(lenet_file)
    letters = tmp_path / "letters.safetensors"
    letters.write_bytes(put_together(with_card(header, labels=list("abcdefghij")), payload))
    (tmp_path / "x.jsonl").write_text(_line("2", label="c"))
    line = ["evaluate", "--data", str(tmp_path / "x.jsonl"), "--weights", str(letters), "--json"]
    assert run(line) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1


def test_a_report_beside_the_figures(command: Command, tmp_path: Path) -> None:
    strokes = tmp_path / "mine.jsonl"
    labelled = [_line(digit, label=digit) for digit in DIGITS]
    others = [_line("5", label="3"), _line(None, label="4"), _line("5"), _line("5", label="x")]
    strokes.write_text("".join(f"{line}\n" for line in labelled + others))
    page = tmp_path / "new" / "how it was.html"
    text = command.text("evaluate", "--data", strokes, "--report", page)
    assert f"Report: {page}" in text
    document = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    (line,) = command.lines("evaluate", "--data", strokes)
    counted = _counted({k: v for k, v in line.items() if k not in ("weights", "data")})
    assert {key: document[key] for key in counted} == counted
    for name in ("loss", "calibration_error"):
        assert document[name] == pytest.approx(line[name], rel=1e-4)
    assert (document["unanswered"], document["unlabelled"], document["unknown"]) == (1, 1, 1)
    worst = document["worst"]
    assert len(worst) == len(labelled) + 1
    assert (worst[0]["target"], worst[0]["answer"], worst[0]["place"]) == ("3", "5", 11)
    assert worst[0]["source"] == str(strokes)
    assert document["title"] == "by heart on " + str(strokes)


def test_a_report_on_a_data_set(
    command: Command, bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.evaluation.report.SHOWN", 3)
    (line,) = command.lines("evaluate", "--data", bars, "--report", tmp_path / "r.html")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert document["accuracy"] == line["accuracy"]
    part = load_test("mnist", bars)
    for picture in document["worst"]:
        assert picture["target"] == part.labels[part.targets[picture["place"]]]


def test_a_report_of_another_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path
) -> None:
    told = _complaint(
        capsys,
        *("evaluate", "--data", tmp_path, "--weights", lenet_file),
        *("--report", tmp_path / "report.pdf"),
        code=2,
    )
    assert "name a file that ends in .html" in told


def test_a_report_where_nothing_was_answered(command: Command, tmp_path: Path) -> None:
    strokes = tmp_path / "empty.jsonl"
    strokes.write_text(_line(None, label="4") + "\n")
    text = command.text("evaluate", "--data", strokes, "--report", tmp_path / "r.html")
    assert "accuracy 0.00 % (0 of 1)" in text
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (document["accuracy"], document["loss"], document["worst"]) == (0, None, [])


def test_drawings_of_other_labels_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, refusing_file: Path
) -> None:
    """A network that refuses all of them is worth a figure, and a report."""
    strokes = tmp_path / "signs.jsonl"
    strokes.write_text("".join(_line("5", label="plus") + "\n" for _ in range(3)))
    line = [
        "evaluate",
        "--data",
        strokes,
        "--weights",
        refusing_file,
        "--report",
        tmp_path / "r.html",
    ]
    assert run([str(word) for word in line]) == 0
    told = capsys.readouterr().out
    assert "Refused: 0.00 % of 3 drawings with other labels" in told
    assert "accuracy" not in told
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["accuracy"] is None
    assert "of 3 drawings with other labels" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_figures_come_before_the_report(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    lenet_file: Path,
) -> None:
    def full(*_: object) -> None:
        raise RunError("the disk is full")

    monkeypatch.setattr("trainer.evaluation.report.write_report", full)
    data = _labelled(tmp_path / "labelled.jsonl")
    line = ["evaluate", "--data", data, "--weights", lenet_file, "--report", tmp_path / "r.html"]
    assert run([str(word) for word in line]) == 1
    told = capsys.readouterr()
    assert "accuracy 50.00 % (3 of 6)" in told.out
    assert "the disk is full" in told.err

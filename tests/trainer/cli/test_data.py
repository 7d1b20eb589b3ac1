"""What --data means, and that nothing is made, filled or downloaded by a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.drawings import DIGITS
from tests.trainer.strokes_files import lines, write
from trainer.base.errors import ConfigError, DataError, InputError
from trainer.cli import run
from trainer.cli.data import chosen_data
from trainer.datasets.arrays import read_csv, read_npz

pytestmark = pytest.mark.usefixtures("one_thread")


def _image(path: Path, digit: str, shift: int = 0) -> Path:
    image = Image.new("L", (280, 280), 255)
    for stroke in DIGITS[digit]:
        points = [(x + shift, y) for x, y in stroke]
        ImageDraw.Draw(image).line(points, fill=0, width=18, joint="curve")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, format="JPEG" if path.suffix == ".jfif" else None)
    return path


def _folders(folder: Path, labels: str = "137", count: int = 12) -> Path:
    for label in labels:
        for number in range(count):
            _image(folder / label / f"{number}.png", label, shift=number)
    return folder


def _csv(path: Path, count: int = 40, *, header: bool = True) -> Path:
    rows = ["label," + ",".join(f"pixel{i}" for i in range(784))] if header else []
    for number in range(count):
        picture = np.zeros((28, 28), int)
        picture[4:24, 4 + number % 10 : 8 + number % 10] = 255 - number
        rows.append(",".join(map(str, [number % 2, *picture.ravel()])))
    path.write_text("\n".join(rows))
    return path


def test_a_folder_of_class_folders_is_these_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was taken for the place where MNIST is, downloaded to, and learned instead."""
    folder = _folders(tmp_path / "my-digits")
    assert chosen_data(str(folder)).spec == f"folder:{folder}"
    line = ["train", "--data", str(folder), "--network", "lenet5", "--epochs", "1"]
    assert run([*line, "--device", "cpu", "--batch-size", "8", "--json"]) == 0
    output = capsys.readouterr()
    assert f"--data {folder}: folder:{folder}" in output.err
    events = [json.loads(text) for text in output.out.splitlines()]
    (started,) = [event for event in events if event["event"] == "RunStarted"]
    assert started["training_pictures"] + started["validation_pictures"] < 36
    assert sorted(path.name for path in folder.iterdir()) == ["1", "3", "7"]


@pytest.mark.parametrize("command", ["train", "evaluate", "preview"])
@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("no-such-folder", "neither a path nor data by name"),
        ("csv2:x.csv", "there is no kind of data 'csv2': kinds are strokes, folder, npz, csv"),
        ("hdf5:x.h5", "there is no kind of data 'hdf5'"),
        ("", "--data is empty"),
        ("  ", "--data is empty"),
    ],
)
def test_a_mistyped_name_makes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    data: str,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([command, "--data", data]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_data_by_its_name(tmp_path: Path) -> None:
    for name, kind in (("a.jsonl", "strokes"), ("a.csv", "csv"), ("a.npz", "npz")):
        (tmp_path / name).write_text("")
        assert chosen_data(str(tmp_path / name)).spec == f"{kind}:{tmp_path / name}"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.h5", "HDF5 is not read"),
        ("a.npy", "a single array has no labels"),
        ("a.png", "an image has no label"),
        ("a.parquet", "unknown file type; can read: "),
    ],
)
def test_another_file_is_told_with_its_reason(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(DataError, match=told):
        chosen_data(str(tmp_path / name))


def test_images_without_class_folders_are_told(tmp_path: Path) -> None:
    _image(tmp_path / "a.png", "3")
    with pytest.raises(DataError, match="one folder for each label"):
        chosen_data(str(tmp_path))


def test_folders_of_published_data_and_empty_ones_are_theirs(tmp_path: Path, bars: Path) -> None:
    for folder in (bars, tmp_path):
        found = chosen_data(str(folder))
        assert (found.spec, found.folder) == ("", folder)


def test_data_named_twice_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--data", "mnist", "--dataset", "sketches"]) == 2
    assert "both name data" in capsys.readouterr().err


def test_errors_are_of_wrong_input() -> None:
    for text, kind in (("csv2:x", ConfigError), ("nowhere", DataError), ("", InputError)):
        with pytest.raises(kind):
            chosen_data(text)


@pytest.mark.parametrize("header", [True, False])
def test_csv_with_and_without_a_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path, header: bool
) -> None:
    path = _csv(tmp_path / "train.csv", header=header)
    for data in (f"csv:{path}", str(path)):
        assert run(["evaluate", "--data", data, "--weights", str(lenet_file), "--json"]) == 0
        count = json.loads(capsys.readouterr().out)["count"]
        assert count == 40 if data == str(path) else 0 < count < 40


def test_a_whole_npz_file_and_its_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path
) -> None:
    pictures = np.zeros((20, 16, 16))
    pictures[:, 2:14, 7:9] = 16
    np.savez(tmp_path / "x.npz", images=pictures, labels=np.arange(20) % 10)
    line = ["evaluate", "--data", str(tmp_path / "x.npz"), "--weights", str(lenet_file)]
    assert run([*line, "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["count"] == 20
    assert "values from 0 to 16, scaled to 0…255" in output.err
    _csv(tmp_path / "train.csv")
    assert run(["evaluate", "--data", f"npz:{tmp_path / 'train.csv'}"]) == 2
    assert "is no .npz file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("highest", "dtype"),
    [(1 / 255, "float32"), (0.4, "float64"), (3, "int64"), (100, "float32"), (300, "uint16")],
)
def test_values_far_below_any_usual_range_are_refused(
    tmp_path: Path, highest: float, dtype: str
) -> None:
    """Pictures that were divided by 255 twice are nearly blank, and a network would learn nothing of them."""
    pictures = np.zeros((20, 16, 16), dtype)
    pictures[:, 2:14, 7:9] = highest
    np.savez(tmp_path / "x.npz", images=pictures, labels=np.arange(20) % 10)
    with pytest.raises(DataError, match="the values run from 0 to"):
        read_npz(tmp_path / "x.npz")


@pytest.mark.parametrize("mark", [",", ";"])
def test_labels_at_the_end_of_each_line(tmp_path: Path, mark: str) -> None:
    """As in the files of the UCI repository: the corner of a picture is no label."""
    rows = [[0] * 30 + [16] * 4 + [0] * 30 + [n % 10] for n in range(20)]
    path = tmp_path / "optdigits.csv"
    path.write_text("\r\n".join(mark.join(map(str, row)) for row in rows))
    found = read_csv(path)
    assert found.labels.tolist() == [str(n % 10) for n in range(20)]
    assert found.pictures.shape == (20, 8, 8)
    assert found.pictures.reshape(20, -1)[:, 30:34].min() == 255
    assert "the last value of each line is its label" in str(found.notes[0])


@pytest.mark.parametrize(("name", "mark"), [("x.csv", ";"), ("x.tsv", "\t")])
def test_values_with_a_decimal_comma(tmp_path: Path, name: str, mark: str) -> None:
    rows = [[n % 10, *["0,0"] * 40, *["0,75"] * 8, *["1"] * 8, *["0"] * 8] for n in range(4)]
    path = tmp_path / name
    path.write_text("\n".join(mark.join(map(str, row)) for row in rows))
    assert chosen_data(str(path)).spec == f"csv:{path}"
    assert sorted(set(read_csv(path).pictures.ravel().tolist())) == [0, 191, 255]


@pytest.mark.parametrize(
    "labels", [np.arange(20) % 10.0, np.array([b"%d" % (n % 10) for n in range(20)])]
)
def test_labels_as_other_programs_write_them(tmp_path: Path, labels: np.ndarray) -> None:
    pictures = np.full((20, 16, 16), 0, np.uint8)
    pictures[:, 2:14, 7:9] = 255
    np.savez(tmp_path / "x.npz", images=pictures, labels=labels)
    assert [str(label) for label in read_npz(tmp_path / "x.npz").labels] == [
        str(n % 10) for n in range(20)
    ]


def test_one_label_in_all_lines_stays_the_label(tmp_path: Path) -> None:
    path = tmp_path / "sevens.csv"
    path.write_text(
        "\n".join(",".join(["7", *["0"] * 40, *["255"] * 8, *["0"] * 16]) for _ in "ab")
    )
    assert read_csv(path).labels.tolist() == ["7", "7"]


def test_labels_that_the_network_does_not_have_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path
) -> None:
    path = write(
        tmp_path / "x.jsonl",
        [{**line, "label": f"digit_{line['label']}"} for line in lines(6)] + lines(1),
    )
    line = ["evaluate", "--data", str(path), "--weights", str(lenet_file)]
    assert run(line) == 0
    assert "(not counted): 'digit_0', 'digit_1', 'digit_2'" in capsys.readouterr().out
    only = write(tmp_path / "y.jsonl", [{**line, "label": "seven"} for line in lines(6)])
    assert run(["evaluate", "--data", str(only), "--weights", str(lenet_file)]) == 2
    assert "Its labels are 'seven'; the network reads 0 1 2" in capsys.readouterr().err


def test_a_network_measured_on_what_it_learned_from_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "mine.jsonl", lines(120))
    line = ["train", "--data", f"strokes:{path}", "--network", "lenet5", "--epochs", "1"]
    assert run([*line, "--device", "cpu", "--batch-size", "16"]) == 0
    capsys.readouterr()
    for data, warned in ((str(path), True), (f"strokes:{path}", False)):
        assert run(["evaluate", "--data", data, "--weights", "last", "--device", "cpu"]) == 0
        assert ("has learned from drawings in mine.jsonl" in capsys.readouterr().err) == warned

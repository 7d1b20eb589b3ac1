"""Errors of the trainer in a Chinese window: no English sentence, wherever they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.files.drawing_files import open_drawing
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui import language
from handwrite_app.ui.error_text import sentence
from handwrite_app.window.main_window import MainWindow
from trainer.base.errors import HandwriteError
from trainer.datasets.arrays import read_csv
from trainer.datasets.load import load_training
from trainer.datasets.spec import parse_spec
from trainer.drawings import open_store
from trainer.models.weights import checked_network_name, read_card
from trainer.runs.config import TrainConfig

pytestmark = pytest.mark.usefixtures("english_afterwards")

#: What is the same in every language: names of formats, of data, of settings, and code.
_NAMES = re.compile(
    r"[\w/.-]*\.(?:png|jsonl|safetensors|npz|csv|json)|[\w-]*:(?:PATH|FILE)|--[\w-]+|\b(?:PNG|JPEG|SVG|JSON|HDF5|"
    r"MNIST|mnist|usps|qmnist|emnist[\w-]*|sketches|scribbles|strokes[\w-]*|folder|npz|csv|jsonl|nosuch|nofield|"
    r"A|B|Anna|adamw[\w-]*|adam|sgd|rmsprop|safetensors|dropout|lenet|cnn)\b|a/b"
)


def _english(text: str) -> str:
    """The longest run of English words that is left in a text."""
    left = _NAMES.sub("·", text)
    runs = re.findall(r"[A-Za-z]{2,}(?:[ '’-][A-Za-z]{2,})+", left)
    return max(runs, key=len, default="")


def _image(folder: Path) -> object:
    path = folder / "text.png"
    path.write_text("no picture")
    return open_drawing(path)


def _strokes(folder: Path) -> object:
    path = folder / "bad.jsonl"
    path.write_text('{"label": "7", "strokes": [5]}\n')
    return open_drawing(path)


def _network(folder: Path) -> object:
    path = folder / "bad.safetensors"
    path.write_bytes(b"no")
    return read_card(path)


def _damaged_network(folder: Path) -> object:
    path = folder / "bad.safetensors"
    path.write_bytes((16).to_bytes(8, "little") + b'{"a": [1, 2, 3] ')
    return read_card(path)


def _writer(_: Path) -> object:
    with open_store(daily=False) as store:
        store.add_writer("Anna")
        return store.add_writer("anna")


def _csv(folder: Path) -> object:
    path = folder / "bad.csv"
    path.write_text("7,1,2\n")
    return read_csv(path)


def _nothing_usable(folder: Path) -> object:
    path = folder / "none.jsonl"
    path.write_text('{"label": "7", "strokes": [5]}\n' * 30 + '{"strokes": [[[1, 2]]]}\n' * 30)
    return load_training(f"strokes:{path}", folder, validation=5)


CASES: dict[str, Callable[[Path], object]] = {
    "image": _image,
    "absent image": lambda folder: open_drawing(folder / "absent.png"),
    "strokes": _strokes,
    "network": _network,
    "damaged network": _damaged_network,
    "csv": _csv,
    "nothing usable": _nothing_usable,
    "absent network": lambda folder: read_card(folder / "absent.safetensors"),
    "name of a network": lambda _: checked_network_name("a/b"),
    "data set": lambda _: parse_spec("nosuch"),
    "data set twice": lambda _: parse_spec("mnist+mnist"),
    "weight of data": lambda _: parse_spec("0*mnist"),
    "setting": lambda _: TrainConfig(epochs=0),
    "choice": lambda _: TrainConfig(optimizer="nosuch"),
    "augmentation": lambda _: TrainConfig(augmentation="nosuch"),
    "dropout": lambda _: TrainConfig(network="lenet5", dropout=0.3),
    "unknown setting": lambda _: TrainConfig.from_json({"nofield": 1}),
    "writer": _writer,
}


@pytest.mark.parametrize("case", CASES)
def test_no_english_sentence_is_left(qapp: object, case: str, tmp_path: Path) -> None:
    with pytest.raises(HandwriteError) as caught:
        CASES[case](tmp_path)
    language.install("zh_CN")
    text = sentence(caught.value)
    assert re.search(r"[\u4e00-\u9fff]", text), text
    assert not _english(text), text


def _box(window: MainWindow, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "warning") is not None, timeout=10_000)
    box = window.findChild(QMessageBox, "warning")
    assert box is not None
    return box


def test_nor_in_the_boxes_and_the_dialog(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    language.install("zh_CN")
    path = tmp_path / "text.png"
    path.write_text("no picture")
    quiet_window.open_file(path)
    box = _box(quiet_window, qtbot)
    assert not _english(box.text()), box.text()
    assert not _english(box.windowTitle())
    box.reject()
    box.setObjectName("seen")
    quiet_window.correction.writers.add("me")
    box = _box(quiet_window, qtbot)
    assert not _english(box.text()), box.text()
    box.reject()
    dialog = TrainingDialog(parent=quiet_window)
    dialog.open()
    data = dialog.field("dataset")
    assert isinstance(data, QComboBox)
    data.setEditText("nosuch")
    dialog.start_button.click()
    assert dialog.note("dataset")
    assert not _english(dialog.note("dataset")), dialog.note("dataset")
    dialog.reject()

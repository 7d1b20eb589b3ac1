"""What shipped networks see, and files of the first release: a change of either fails here.

Where one is meant, see tests/golden/make.py.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden import make
from trainer.base.events import BatchProgress, EpochFinished, RunFinished, RunStarted
from trainer.base.paths import models_folder, runs_folder
from trainer.drawings import DrawingStore, open_store
from trainer.drawings.exchange import labelled_lines
from trainer.drawings.schema import MIGRATIONS, version_of
from trainer.picture import preprocess, raster, thickness
from trainer.picture.preprocess import PREPROCESSING, Picture
from trainer.picture.spec import SPEC
from trainer.picture.strokes_files import read_strokes_file, write_lines
from trainer.runs.records import read_run

# --- what a network sees

_LEVELS = 1  # of 255: what another processor's arithmetic may change, …
_PIXELS = 2  # … in so many pixels of a picture


def _differing(pictures: Iterator[tuple[str, Picture]]) -> list[str]:
    """The names of pictures that are not what they were."""
    found = []
    for name, picture in pictures:
        expected = np.asarray(Image.open(make.PICTURES / f"{name}.png"))
        apart = np.abs(picture.astype(int) - expected)
        assert expected.shape == picture.shape == (28, 28)
        if apart.max() > _LEVELS or np.count_nonzero(apart) > _PIXELS:
            found.append(name)
    return found


def test_there_is_a_picture_for_every_drawing_and_image() -> None:
    names = [name for name, _ in (*make.pictures_of_drawings(), *make.pictures_of_images())]
    assert sorted(path.stem for path in make.PICTURES.iterdir()) == sorted(names)
    assert len(names) == 20 + 10


@pytest.mark.parametrize("pictures", [make.pictures_of_drawings, make.pictures_of_images])
def test_pictures_are_what_shipped_networks_learned_from(
    pictures: Callable[[], Iterator[tuple[str, Picture]]],
) -> None:
    assert PREPROCESSING == "mnist-1"
    assert _differing(pictures()) == []


@pytest.mark.parametrize(
    ("constant", "value", "least"),
    [
        ("samples", 3, 15),
        ("fine_samples", 6, 1),
        ("tie", 0.45, 1),
        ("usual", 2.5, 3),
        ("thinnest", 1.8, 1),
        ("thickest", 3.5, 1),
        ("largest_image", 200, 2),
        ("most_eroded", 0.2, 1),
        ("enlarged_below", 40, 1),
    ],
)
def test_a_change_of_the_preprocessing_is_seen(
    monkeypatch: pytest.MonkeyPatch, constant: str, value: float, least: int
) -> None:
    """Of three samples a pixel instead of two, say."""
    changed = replace(SPEC, **{constant: value})
    for module in (preprocess, raster, thickness):
        monkeypatch.setattr(module, "SPEC", changed)
    differing = _differing(make.pictures_of_drawings()) + _differing(make.pictures_of_images())
    assert len(differing) >= least


# --- strokes files


def test_the_strokes_file_is_read_and_written_as_ever(tmp_path: Path) -> None:
    lines = list(read_strokes_file(make.DRAWINGS))
    assert [line.number for line in lines] == list(range(1, 21))
    assert [line.label for line in lines[:10]] == list("0123456789")
    assert all(line.drawing is not None for line in lines)
    seven = lines[18].drawing
    assert seven is not None
    assert seven.strokes == ()  # its image is the import's matter
    assert write_lines(tmp_path / "again.jsonl", (line.document for line in lines)) == 20
    assert (tmp_path / "again.jsonl").read_bytes() == make.DRAWINGS.read_bytes()


# --- weights


def test_the_weights_file_is_read_and_answers_as_ever(tmp_path: Path) -> None:
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import load_weights, read_card, save_weights

    card = read_card(make.WEIGHTS)
    first_release = {
        "format": 1,
        "architecture": "scribe",
        "arguments": make.ARGUMENTS,
        "labels": list("0123456789"),
        "mean": 0.1307,
        "std": 0.3081,
        "temperature": 1.25,
        "preprocessing": "mnist-1",
        "threshold": 0.5,
        "title": "golden",
        "data": "nothing",
        "recipe": {"epochs": 0},
        "metrics": {"validation_accuracy": 0.125},
        "parent": "nobody",
        "parent_hash": "ab" * 32,
        "writer": "Mina",
        "created": "2026-03-01T12:00:00+00:00",
    }
    document = card.to_json()
    assert {key: document[key] for key in first_release} == first_release
    assert not any(document[key] for key in document.keys() - first_release)  # came later
    pictures = np.stack([picture for _, picture in make.pictures_of_drawings()])
    answers = Recognizer(make.WEIGHTS, device="cpu").probabilities(pictures)
    np.testing.assert_allclose(answers, json.loads(make.PROBABILITIES.read_text()), atol=1e-4)
    network, _ = load_weights(make.WEIGHTS)
    save_weights(tmp_path / "again.safetensors", network, card)
    again, same_card = load_weights(tmp_path / "again.safetensors")
    assert same_card == card
    tensors = again.state_dict()
    assert tensors.keys() == network.state_dict().keys()
    assert all(tensors[name].equal(tensor) for name, tensor in network.state_dict().items())


# --- the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DrawingStore]:
    shutil.copyfile(make.STORE, tmp_path / "drawings.sqlite")
    with closing(sqlite3.connect(tmp_path / "drawings.sqlite")) as connection:
        assert version_of(connection) == 1
    with open_store(tmp_path / "drawings.sqlite", daily=False, clock=lambda: make.NOON) as opened:
        yield opened


def test_the_store_of_schema_1_is_read(store: DrawingStore) -> None:
    assert store.notes == ()
    assert [writer.name for writer in store.writers()] == ["Me", "Mina"]
    assert store.ids() == [10, 9, 8, 7, 6, 5, 4, 3, 1]  # 2 was deleted
    lines, _ = labelled_lines(make.DRAWINGS)
    for number, line in enumerate(lines[10:], start=1):
        if number == 2:
            store.restore([2])
        entry, drawing = store.get(number)
        assert entry.label == line.label
        # JSON keeps what float32 holds, and so does the store.
        for ours, theirs in zip(drawing.strokes, line.drawing.strokes, strict=True):
            assert ours.points.tobytes() == theirs.points.tobytes()
            assert ours.width == theirs.width
        assert (drawing.image is None) == (line.drawing.image is None)
    assert store.entry(3).to_json() == {
        "label": "1",
        "writer": "Me",
        "said": "7",
        "probability": 0.75,
        "refused": False,
        "weights": {"name": "golden", "hash": "cd" * 32},
        "device": "touch",
        "created": "2026-03-01T12:00:02+00:00",
    }
    assert store.entry(4).to_json()["refused"] is True
    assert store.entry(1).said is None


def test_a_new_store_has_the_golden_ones_tables(store: DrawingStore, tmp_path: Path) -> None:
    """Unless there is a migration, and with it another golden store."""
    assert len(MIGRATIONS) == 1
    with open_store(tmp_path / "new" / "drawings.sqlite", daily=False):
        pass
    tables = [_schema(path) for path in (tmp_path / "new" / "drawings.sqlite", make.STORE)]
    assert tables[0] == tables[1]


def _schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


# --- a run


def test_the_run_is_listed() -> None:
    run = read_run(make.RUN)
    assert run.state == "stopped"
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]  # of the second, a part
    settings = json.loads((make.RUN / "config.json").read_text())
    assert run.settings == settings
    assert (settings["network"], settings["start"], settings["epochs"]) == ("scribe", "start", 2)


@pytest.mark.usefixtures("one_thread")
def test_the_run_is_gone_on_with(bars: Path) -> None:
    from trainer.runs.records import read_events
    from trainer.training.train import resume

    make.install_start(models_folder())
    folder = runs_folder() / "golden"
    shutil.copytree(make.RUN, folder)
    events = list(resume(folder, data_folder=bars))
    result = events[-1]
    assert isinstance(result, RunFinished)
    assert (result.reason, result.epochs) == ("completed", 2)
    logged = list(read_events(folder))
    assert sum(isinstance(event, RunStarted) for event in logged) == 1
    assert [event.epoch for event in logged if isinstance(event, EpochFinished)] == [1, 2]
    steps = [event.step for event in logged if isinstance(event, BatchProgress)]
    assert steps == sorted(set(steps))

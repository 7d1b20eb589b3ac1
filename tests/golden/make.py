"""Writes the golden files: what shipped networks see, and files as the first release writes them.

    python -m tests.golden.make inputs     drawings and images (new ones: their expected pictures change, too)
    python -m tests.golden.make pictures   their 28×28 pictures: after a new version of the preprocessing
    python -m tests.golden.make files      weights, store and run: after a new form, beside the old ones

Run by hand, never by a test. A golden file that has to change means that files or networks of people out
there change their meaning: raise the format's version, and keep the old file with a test that reads it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from tests.drawings import DIGITS, STYLES, painted
from trainer.drawings import DrawingStore, Said, WeightsId, open_store
from trainer.drawings.exchange import labelled_lines, line_of
from trainer.picture.images.image_file import open_image
from trainer.picture.preprocess import Picture, picture_from_drawing, picture_from_image
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.picture.strokes_files import write_lines
from trainer.synthetic.scribbles import scribbles
from trainer.synthetic.synthetic_digits import synthetic_digits

HERE = Path(__file__).parent
DRAWINGS = HERE / "drawings.jsonl"
IMAGES = HERE / "images"
PICTURES = HERE / "pictures"
WEIGHTS = HERE / "tiny.safetensors"
PROBABILITIES = HERE / "probabilities.json"
STORE = HERE / "store-1.sqlite"
RUN = HERE / "run"
START = HERE / "start.safetensors"

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
#: The smallest house network.
ARGUMENTS = {"stem": 2, "middle": 2, "deep": 3, "blocks": 1}


def golden_drawings() -> list[tuple[str, Drawing]]:
    """Name → drawing, in the order of the file."""
    lines, problems = labelled_lines(DRAWINGS)
    assert not problems
    return [(f"{line.number:02}-{line.label}", line.drawing) for line in lines]


def golden_images() -> list[Path]:
    return sorted(IMAGES.iterdir())


def pictures_of_drawings() -> Iterator[tuple[str, Picture]]:
    for name, drawing in golden_drawings():
        picture = picture_from_drawing(drawing)
        assert picture is not None, name
        yield f"drawing-{name}", picture


def pictures_of_images() -> Iterator[tuple[str, Picture]]:
    for path in golden_images():
        picture = picture_from_image(open_image(path))
        assert picture is not None, path
        yield f"image-{path.stem}", picture


def _drawings() -> Iterator[tuple[str, Drawing]]:
    yield from synthetic_digits(10, seed=20260301)
    for label, scale in (("2", 1e-3), ("5", 1e4)):  # of unknown width, from other tablets
        strokes = [np.array(stroke) * scale for stroke in DIGITS[label]]
        yield label, Drawing(tuple(Stroke.make(stroke) for stroke in strokes))
    yield "1", Drawing((Stroke.make([(10, 10), (12, 250)], width=9),))
    turn = np.linspace(0, 2 * np.pi, 1500)  # more points than can matter
    circle = np.stack([140 + 60 * np.cos(turn), 140 + 95 * np.sin(turn)], 1)
    yield "0", Drawing((Stroke.make(circle, width=20),))
    pressure = [np.linspace(0.1, 1, len(stroke)) for stroke in DIGITS["4"]]
    pressed = zip(DIGITS["4"], pressure, strict=True)
    yield (
        "4",
        Drawing(tuple(Stroke.make(s, pressure=p, times=p / 3, width=24) for s, p in pressed)),
    )
    yield (
        "none",
        Drawing((Stroke.make([(40, 140), (240, 140)], width=14), Stroke.make([(140, 40)]))),
    )
    thin, thick = STYLES["8"][1]
    yield "8", Drawing((Stroke.make(thin, width=4), Stroke.make(thick, width=40)))
    yield "none", scribbles(1, seed=5)[0]
    ink = np.asarray(painted(DIGITS["7"], size=90, width=7, ink=255, paper=0))
    image = InkImage(ink.copy(), 30.0, 20.0, 200.0, 220.0)
    yield "7", Drawing(image=image)
    yield "7", Drawing((Stroke.make([(90, 140), (190, 132)], width=16),), image)


def _images() -> Iterator[tuple[str, Image.Image]]:
    yield "black-on-white", painted(DIGITS["3"])
    yield "white-on-black", painted(DIGITS["5"], ink=255, paper=0, size=200)
    yield "hairline", painted(DIGITS["2"], size=400, width=2)
    yield "broad", painted(DIGITS["6"], size=300, width=60)
    yield "colours", painted(DIGITS["9"], mode="RGB", ink=(20, 40, 160), paper=(250, 240, 200))
    yield "transparent", painted(DIGITS["4"], mode="RGBA", ink=(0, 0, 0, 255), paper=(0, 0, 0, 0))
    yield "one-bit", painted(DIGITS["8"], size=140, width=12).convert("1")
    yield "small", painted(DIGITS["0"], size=28, width=3)
    yield "corner", painted(DIGITS["7"], size=240, width=8, at=(150, 130), scale=0.3)
    ink = painted(DIGITS["1"], size=140, width=10).filter(ImageFilter.GaussianBlur(0.6))
    y, x = np.mgrid[0:140, 0:140] / 140
    grain = np.random.default_rng(1).normal(0, 3, (140, 140))
    plane = (230 - 70 * x - 40 * y) * (0.3 + 0.7 * np.asarray(ink) / 255) + grain
    yield "photograph", Image.fromarray(np.clip(np.rint(plane), 0, 255).astype(np.uint8))


def make_inputs() -> None:
    with tempfile.TemporaryDirectory() as folder, _store(Path(folder) / "store") as store:
        documents = []
        for label, drawing in _drawings():
            number = store.add(drawing, label=label)
            line = line_of(*store.get(number))
            documents.append({key: line[key] for key in line if key in _KEYS})
    write_lines(DRAWINGS, documents)
    shutil.rmtree(IMAGES, ignore_errors=True)
    IMAGES.mkdir()
    for name, image in _images():
        image.save(IMAGES / f"{name}.png", optimize=True)


_KEYS = ("label", "strokes", "pressure", "times", "widths", "image")


def make_pictures() -> None:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    for name, picture in (*pictures_of_drawings(), *pictures_of_images()):
        Image.fromarray(picture).save(PICTURES / f"{name}.png", optimize=True)


def make_files() -> None:
    _make_weights()
    _make_store()
    _make_run()


def _make_weights() -> None:
    import torch

    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import save_weights
    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network

    torch.manual_seed(0)
    card = WeightsCard(
        architecture="scribe",
        arguments=dict(ARGUMENTS),
        labels=tuple("0123456789"),
        mean=0.1307,
        std=0.3081,
        temperature=1.25,
        threshold=0.5,
        title="golden",
        data="nothing",
        recipe={"epochs": 0},
        metrics={"validation_accuracy": 0.125},
        parent="nobody",
        parent_hash="ab" * 32,
        writer="Mina",
        created="2026-03-01T12:00:00+00:00",
    )
    network = build_network("scribe", **ARGUMENTS, classes=len(card.outputs))
    save_weights(WEIGHTS, network, card)
    pictures = np.stack([picture for _, picture in pictures_of_drawings()])
    found = Recognizer(WEIGHTS, device="cpu").probabilities(pictures)
    PROBABILITIES.write_text(json.dumps(np.round(found.astype(float), 6).tolist()) + "\n")


def _store(path: Path) -> DrawingStore:
    return open_store(path / "drawings.sqlite", daily=False, clock=lambda: NOON)


def _make_store() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawings.sqlite"
        with _store(Path(folder)) as store:
            mina = store.add_writer("Mina").id
            drawings = golden_drawings()
            for number, (name, drawing) in enumerate(drawings[10:]):
                store.add(
                    drawing,
                    label=name.partition("-")[2],
                    writer=mina if number % 2 else None,
                    said=Said(label="7", probability=0.75, refused=number % 3 == 0)
                    if number % 4
                    else None,
                    weights=WeightsId(name="golden", hash="cd" * 32) if number % 4 else None,
                    device=("mouse", "pen", "touch", "")[number % 4],
                    created=NOON + dt.timedelta(seconds=number),
                )
            store.delete([2])
            store._connection.execute("PRAGMA journal_mode = DELETE")  # one file, as a copy is
        shutil.copyfile(path, STORE)


def _make_run() -> None:
    """A run that was stopped in its second epoch, and can be gone on with."""
    import torch

    from tests.made_up import write_mnist
    from trainer.base.events import BatchProgress, Event
    from trainer.models.weights import save_weights
    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    torch.manual_seed(1)
    card = WeightsCard(
        architecture="scribe",
        arguments=dict(ARGUMENTS),
        labels=tuple("0123456789"),
        mean=0.1307,
        std=0.3081,
        title="start",
        created="2026-03-01T12:00:00+00:00",
    )
    save_weights(START, build_network("scribe", **ARGUMENTS), card)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["HANDWRITE_HOME"] = folder
        write_mnist(home / "data")
        install_start(home / "models")
        config = TrainConfig(
            network="scribe",
            start="start",
            epochs=2,
            batch_size=32,
            learning_rate=3e-3,
            augmentation="none",
            device="cpu",
            precision="float32",
            validation=200,
            limit=320,
            threads=1,
        )
        seen: list[Event] = []
        is_late = lambda: any(isinstance(e, BatchProgress) and e.step > 14 for e in seen)  # noqa: E731
        for event in train(config, data_folder=home / "data", should_stop=is_late):
            seen.append(event)
        (run,) = (home / "runs").iterdir()
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir()
        for path in run.iterdir():
            if path.suffix in (".json", ".jsonl", ".safetensors") and not path.stem.startswith(
                "report"
            ):
                shutil.copyfile(path, RUN / path.name)
        log = RUN / "metrics.jsonl"
        log.write_text(log.read_text().replace(str(run), "runs/golden"))


def install_start(models: Path) -> None:
    """Puts the network that the run starts from among the user's."""
    models.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(START, models / "start.safetensors")


if __name__ == "__main__":
    {"inputs": make_inputs, "pictures": make_pictures, "files": make_files}[sys.argv[1]]()

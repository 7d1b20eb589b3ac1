"""From the drawing to the probabilities."""

from __future__ import annotations

from tests.drawings import DIGITS
from trainer.base.paths import shipped_weights_folder
from trainer.execution.fusing import fused
from trainer.explanation.pipeline import pipeline
from trainer.explanation.reader import Reader
from trainer.explanation.results import NothingDrawn, Pipeline
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke


def test_the_picture_is_the_one_that_is_read_and_the_layers_follow() -> None:
    path = shipped_weights_folder() / "scribe-tiny.safetensors"
    reader, network = Reader(Recognizer(path, device="cpu")), fused(load_weights(path)[0])
    drawing = Drawing(tuple(Stroke.make(points, width=20) for points in DIGITS["5"]))
    found = pipeline(reader, network, drawing)
    assert isinstance(found, Pipeline)
    picture = picture_from_drawing(drawing)
    assert picture is not None
    assert (found.picture == picture).all()
    assert found.answered.label == "5"
    assert abs(sum(found.answered.probabilities) - 1) < 1e-5
    assert found.filters is not None
    assert found.filters.shape[0] == found.layers[0].maps.shape[0]
    assert found.filters.reshape(len(found.filters), -1).max() == 255
    assert found.layers[0].maps.shape[1:] == (28, 28)
    assert found.layers[-1].maps.shape[1:] == (7, 7)
    assert isinstance(pipeline(reader, network, Drawing()), NothingDrawn)

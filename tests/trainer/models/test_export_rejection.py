"""An export of a network that refuses has a third output, which is checked like the others."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from tests.trainer.strokes_files import REFUSED
from trainer.base.errors import RunError
from trainer.models import export_formats, rejection
from trainer.models.export import (
    FORMATS,
    ExportFormat,
    check_parity,
    export_weights,
    sample_pictures,
)
from trainer.models.export_formats import Answers, ExportedNetwork
from trainer.models.recognizer import Recognizer
from trainer.picture.preprocess import picture_from_drawing

pytestmark = pytest.mark.usefixtures("one_thread")

Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def recognizer(refusing_file: Path) -> Recognizer:
    return Recognizer(refusing_file, device="cpu")


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Digits, and what is none."""
    others = [picture_from_drawing(drawing) for drawing in REFUSED]
    return np.concatenate([sample_pictures(), [p for p in others if p is not None]])


@pytest.fixture(scope="module")
def files(
    refusing_file: Path, pictures: Pictures, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """One export in each form, by its name."""
    folder = tmp_path_factory.mktemp("exports")
    found = {}
    for form in FORMATS.values():
        target = folder / f"refusing{form.suffix}"
        done = export_weights(refusing_file, target, form=form, pictures=pictures)
        assert done.labels == tuple("0123456789")
        assert done.parity.drawings == len(pictures)
        assert 0 < done.parity.probability < 1e-5
        found[form.name] = target.read_bytes()
    return found


def test_onnxruntime_alone_tells_what_is_a_digit(
    files: dict[str, bytes], recognizer: Recognizer, pictures: Pictures
) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(files["onnx"])
    names = [output.name for output in session.get_outputs()]
    assert names == ["probabilities", "logits", "is_digit"]
    card = json.loads(session.get_modelmeta().custom_metadata_map["card"])
    assert card["threshold"] == 0.5
    for count in (1, 2, 130):
        wanted = _true(recognizer, pictures[-count:])
        probabilities, logits, is_digit = session.run(None, {"pictures": pictures[-count:]})
        assert is_digit.shape == (count,)
        assert is_digit.dtype == np.float32
        assert logits.shape == (count, 10)
        assert np.allclose(is_digit, wanted[2], atol=1e-5)
        assert np.allclose(probabilities, wanted[0], atol=1e-5)


def test_torch_alone_tells_what_is_a_digit(
    files: dict[str, bytes], recognizer: Recognizer, pictures: Pictures, tmp_path: Path
) -> None:
    path = tmp_path / "x.pt2"
    path.write_bytes(files["torch"])
    texts = {"card": ""}
    network = torch.export.load(path, extra_files=texts).module()
    assert json.loads(texts["card"])["threshold"] == 0.5
    for count in (1, 2, 130):
        _, _, is_digit = network(torch.from_numpy(pictures[-count:].copy()))
        assert is_digit.shape == (count,)
        assert np.allclose(is_digit, _true(recognizer, pictures[-count:])[2], atol=1e-5)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_in_which_only_that_is_wrong_fails_the_export(
    name: str,
    refusing_file: Path,
    pictures: Pictures,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def off(outputs: Tensor, labels: int) -> tuple[Tensor, Tensor | None]:
        logits, is_digit = rejection.split(outputs, labels)
        assert is_digit is not None
        return logits, is_digit * 0.999

    monkeypatch.setattr(export_formats, "split", off)
    with pytest.raises(RunError, match=r"drawings otherwise than this program"):
        export_weights(refusing_file, tmp_path / "out", form=FORMATS[name], pictures=pictures)
    assert not list(tmp_path.iterdir())


def _form(recognizer: Recognizer, answer: Callable[[Pictures], Answers]) -> ExportFormat:
    """A form whose files are empty and answer what the test says."""
    opened = ExportedNetwork(
        labels=recognizer.labels, card=recognizer.card.to_json(), answer=answer
    )
    return ExportFormat(
        name="fake", suffix="", summary="", modules=(), make=lambda *_: b"", open=lambda _: opened
    )


def _true(recognizer: Recognizer, batch: Pictures) -> tuple[NDArray[np.float32], ...]:
    found = recognizer.answers(batch)
    assert found.is_digit is not None
    return found.probabilities, found.logits, found.is_digit


@pytest.mark.parametrize("wrong", [1e-3, -1e-3, np.nan])
@pytest.mark.parametrize(("size", "told"), [(1, "1 at a time"), (7, "7 at"), (15, "15 at")])
def test_one_wrong_number_is_enough(
    recognizer: Recognizer, pictures: Pictures, wrong: float, size: int, told: str
) -> None:
    pictures = pictures[-15:]

    def answer(batch: Pictures) -> Answers:
        probabilities, logits, is_digit = _true(recognizer, batch)
        if len(batch) == size and batch[0].tobytes() == pictures[0].tobytes():
            is_digit = is_digit.copy()
            is_digit[0] += wrong
        return probabilities, logits, is_digit

    with pytest.raises(RunError, match=rf"answers 1 of 15 drawings otherwise .*{told}"):
        check_parity(_form(recognizer, answer), b"", recognizer, pictures)
    right = _form(recognizer, lambda batch: _true(recognizer, batch))
    assert check_parity(right, b"", recognizer, pictures).probability < 1e-5


def test_a_file_without_that_output_fails(recognizer: Recognizer, pictures: Pictures) -> None:
    form = _form(recognizer, lambda batch: _true(recognizer, batch)[:2])
    with pytest.raises(RunError, match="does not answer 1 images at a time"):
        check_parity(form, b"", recognizer, pictures)


def test_a_file_of_another_threshold_fails(
    files: dict[str, bytes], recognizer: Recognizer, pictures: Pictures
) -> None:
    card = dataclasses.replace(recognizer.card, threshold=0.4)
    opened = ExportedNetwork(
        labels=card.labels,
        card=card.to_json(),
        answer=lambda batch: _true(recognizer, batch),
    )
    form = dataclasses.replace(FORMATS["onnx"], open=lambda _: opened)
    with pytest.raises(RunError, match="does not carry the labels and the card"):
        check_parity(form, files["onnx"], recognizer, pictures)

"""A loaded network answers with probabilities, or says why it cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.drawings import DIGITS
from trainer.base.errors import ConfigError, RunError, WeightsError
from trainer.models import recognizer as module
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke

pytestmark = pytest.mark.usefixtures("one_thread")


def _digit(label: str) -> np.ndarray:
    picture = picture_from_drawing(Drawing(tuple(Stroke.make(s) for s in DIGITS[label])))
    assert picture is not None
    return picture


def test_it_reads_what_it_has_learned(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    assert recognizer.labels == tuple(DIGITS)
    assert recognizer.path == lenet_file
    assert recognizer.device == torch.device("cpu")
    rows = recognizer.probabilities([_digit(label) for label in DIGITS])
    assert rows.shape == (10, 10)
    assert rows.dtype == np.float32
    assert np.allclose(rows.sum(1), 1, atol=1e-5)
    assert [recognizer.labels[i] for i in rows.argmax(1)] == list(DIGITS)
    logits = recognizer.logits(np.stack([_digit("3")]))
    assert torch.allclose(logits.softmax(1)[0], torch.from_numpy(rows[3]), atol=1e-5)


def test_one_picture_or_many_gives_the_same_answer(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    pictures = np.random.default_rng(0).integers(0, 256, (1100, 28, 28), dtype=np.uint8)
    rows = recognizer.probabilities(pictures)
    for i in (0, 499, 500, 1099):
        assert np.allclose(recognizer.probabilities(pictures[i : i + 1])[0], rows[i], atol=1e-5)


def test_the_cards_normalisation_is_used(
    tiny: tuple[nn.Module, WeightsCard], file: Path, tmp_path: Path
) -> None:
    import dataclasses

    other = tmp_path / "other.safetensors"
    save_weights(other, tiny[0], dataclasses.replace(tiny[1], mean=0.9, std=2.0))
    picture = _digit("8")[None]
    assert not torch.allclose(Recognizer(file).logits(picture), Recognizer(other).logits(picture))


def test_the_cards_temperature_says_how_sure_it_sounds(
    tiny: tuple[nn.Module, WeightsCard], file: Path, tmp_path: Path
) -> None:
    import dataclasses

    cold = tmp_path / "cold.safetensors"
    save_weights(cold, tiny[0], dataclasses.replace(tiny[1], temperature=0.25))
    picture = _digit("8")[None]
    plain, sharp = Recognizer(file, device="cpu"), Recognizer(cold, device="cpu")
    assert torch.allclose(sharp.logits(picture), plain.logits(picture), atol=1e-5)
    wanted = (plain.logits(picture) / 0.25).softmax(1).numpy()
    assert np.allclose(sharp.probabilities(picture), wanted, atol=1e-5)
    assert sharp.probabilities(picture).max() > plain.probabilities(picture).max()


def test_the_file_may_go_once_it_is_loaded(file: Path) -> None:
    recognizer = Recognizer(file, device="cpu")
    before = recognizer.probabilities(_digit("5")[None])
    file.write_bytes(b"")
    file.unlink()
    assert np.array_equal(recognizer.probabilities(_digit("5")[None]), before)


def test_a_bad_file_and_a_bad_device_are_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="--device tpu"):
        Recognizer(file, device="tpu")
    file.write_bytes(b"no")
    with pytest.raises(WeightsError):
        Recognizer(file)


def test_a_network_whose_answers_are_no_numbers_is_refused(
    tiny: tuple[nn.Module, WeightsCard], file: Path
) -> None:
    """Finite weights are not enough: a negative variance has no root."""
    network, card = load_weights(file)
    network.state_dict()["2.running_var"].fill_(-1)
    save_weights(file, network, card)
    with pytest.raises(RunError, match="answers with values that are not numbers"):
        Recognizer(file, device="cpu")


def test_a_device_that_gives_out_is_a_run_error(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = Recognizer(file, device="cpu")

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(module, "inferred", fails)
    with pytest.raises(RunError, match="failed on cpu: CUDA error"):
        recognizer.probabilities(_digit("5")[None])
    monkeypatch.setattr(module, "fastest_layout", fails)
    with pytest.raises(RunError, match="failed on cpu: CUDA error"):
        Recognizer(file, device="cpu")

"""Previews before a run: a batch, layers and speed, from a process of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.networks.layers import layers_of
from trainer.processes.advice_messages import (
    AdviceRefused,
    BatchShown,
    LayersShown,
    RateMeasured,
)
from trainer.processes.advice_process import AdviceProcess
from trainer.runs.config import TrainConfig


def test_a_batch_layers_and_a_speed(bars: Path) -> None:
    process = AdviceProcess(data_folder=bars)
    answers = process.events()
    try:
        config = TrainConfig(network="lenet5", validation=200, limit=320, augmentation="shift")
        process.ask("layers", "a", config)
        layers = next(answers)
        assert isinstance(layers, LayersShown)
        assert sum(layer.parameters for layer in layers.layers) == 61_706
        process.ask("batch", "b", config)
        batch = next(answers)
        assert isinstance(batch, BatchShown)
        assert batch.key == "b"
        assert batch.originals.shape == batch.changed.shape == (12, 28, 28)
        assert (batch.originals != batch.changed).any()
        assert (batch.training, batch.validation) == (320, 200)
        process.ask("rate", "c", config)
        rate = next(answers)
        assert isinstance(rate, RateMeasured)
        assert rate.training > 0
        assert rate.validation > rate.training
        process.ask("batch", "d", TrainConfig(dataset="usps"))
        refused = next(answers)
        assert isinstance(refused, AdviceRefused)
        assert refused.want == "batch"
    finally:
        process.kill()
        process.close()


def test_layers_say_what_they_see() -> None:
    cnn = layers_of("cnn")
    assert [layer.kind for layer in cnn if "Conv" in layer.kind] == ["Conv2d 3×3"] * 2
    assert cnn[0].shape == (32, 28, 28)
    assert max(layer.receptive_field for layer in cnn) == 10
    assert sum(layer.parameters for layer in layers_of("resnet18")) == pytest.approx(11_181_642)

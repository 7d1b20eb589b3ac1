"""Every network of the table can be exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from trainer.execution.execution import as_tensor, to_network
from trainer.models.export import FORMATS, export_weights, sample_pictures
from trainer.models.export_formats import make_onnx, open_onnx
from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import NETWORKS, build_network
from trainer.networks.transfer import ImageNetInput

pytestmark = pytest.mark.usefixtures("one_thread")

#: Parameters from which a network is left to whoever changes it, and to the check that every export makes.
_LARGE = 4_000_000
_SMALL = [name for name, entry in NETWORKS.items() if entry.parameters < _LARGE]


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return sample_pictures()


@pytest.mark.parametrize("name", _SMALL)
def test_it_answers_as_it_did(name: str, pictures: NDArray[np.uint8], tmp_path: Path) -> None:
    """As a torch.export program, with which an ONNX export begins."""
    entry = NETWORKS[name]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network(name, classes=12).eval()
        for module in network.modules():  # as training leaves it, and not as it began
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.uniform_(-0.5, 0.5)  # type: ignore[union-attr]
                module.running_var.uniform_(0.5, 2)  # type: ignore[union-attr]
    weights = tmp_path / "fresh.safetensors"
    card = WeightsCard(
        architecture=name,
        labels=tuple("abcdefghijkl"),
        mean=entry.mean,
        std=entry.std,
    )
    save_weights(weights, network, card)
    target = tmp_path / "fresh.pt2"
    done = export_weights(weights, target, form=FORMATS["torch"], pictures=pictures)
    assert done.parity.drawings >= 100
    assert done.labels == card.labels
    assert target.is_file()


def test_operations_that_runtimes_have_in_more_ways_than_one(pictures: NDArray[np.uint8]) -> None:
    """Enlarging, dilated convolutions by channel, means of maps: in one ONNX model, as each takes seconds."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = torch.nn.Sequential(
            ImageNetInput(64),
            torch.nn.Conv2d(3, 6, 3, padding=2, dilation=2, groups=3),
            torch.nn.AdaptiveAvgPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(24, 2),
        ).eval()
    card = WeightsCard(architecture="resnet18", labels=("a", "b"))
    probabilities, logits = open_onnx(make_onnx(network, card)).answer(pictures)
    with torch.inference_mode():
        wanted = network(to_network(as_tensor(pictures), 0.0, 1.0))
    assert np.allclose(logits, wanted.numpy(), atol=1e-5)
    assert np.allclose(probabilities, wanted.softmax(1).numpy(), atol=1e-5)

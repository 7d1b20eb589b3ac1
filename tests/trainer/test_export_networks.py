"""Every network of the table can be exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.trainer.conftest import TINY
from trainer.engine import as_tensor, to_network
from trainer.export import FORMATS, export_weights, sample_pictures
from trainer.export_files import make_onnx, open_onnx
from trainer.networks import NETWORKS, build_network
from trainer.networks.transfer import ImageNetInput
from trainer.weights import save_weights
from trainer.weights_card import WeightsCard

pytestmark = pytest.mark.usefixtures("one_thread")

# ONNX takes seconds each: those with operations of their own (residual and averaged, dilated by channel);
# it begins with a torch.export program as well.
_ONNX = {"scribe": TINY, "dsdcnn": {}}
#: Parameters from which a network is left to whoever changes it, and to the check that every export makes.
_LARGE = 4_000_000
_SMALL = [name for name, entry in NETWORKS.items() if entry.parameters < _LARGE]


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return sample_pictures()


@pytest.mark.parametrize(
    ("name", "form"),
    [(name, "onnx" if name in _ONNX else "torch") for name in _SMALL],
)
def test_it_answers_as_it_did(
    name: str, form: str, pictures: NDArray[np.uint8], tmp_path: Path
) -> None:
    arguments = _ONNX.get(name, {})
    entry = NETWORKS[name]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network(name, **arguments, classes=12).eval()
        for module in network.modules():  # as training leaves it, and not as it began
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.uniform_(-0.5, 0.5)  # type: ignore[union-attr]
                module.running_var.uniform_(0.5, 2)  # type: ignore[union-attr]
    weights = tmp_path / "fresh.safetensors"
    card = WeightsCard(
        architecture=name,
        arguments=arguments,
        labels=tuple("abcdefghijkl"),
        mean=entry.mean,
        std=entry.std,
    )
    save_weights(weights, network, card)
    chosen = FORMATS[form]
    target = tmp_path / f"fresh{chosen.suffix}"
    done = export_weights(weights, target, form=chosen, pictures=pictures)
    assert done.parity.drawings >= 100
    assert done.labels == card.labels
    assert target.is_file()


def test_what_stands_before_the_networks_of_imagenet(pictures: NDArray[np.uint8]) -> None:
    """They enlarge the pictures, which runtimes do in more ways than one."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        parts = (ImageNetInput(64), torch.nn.Flatten(), torch.nn.Linear(3 * 64 * 64, 2))
        network = torch.nn.Sequential(*parts).eval()
    card = WeightsCard(architecture="resnet18", labels=("a", "b"))
    probabilities, logits = open_onnx(make_onnx(network, card)).answer(pictures)
    with torch.inference_mode():
        wanted = network(to_network(as_tensor(pictures), 0.0, 1.0))
    assert np.allclose(logits, wanted.numpy(), atol=1e-5)
    assert np.allclose(probabilities, wanted.softmax(1).numpy(), atol=1e-5)

"""Data and weights that the trainer's tests share. They are made once and never changed by a test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """The same arithmetic on every machine, and room for whatever else runs."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like `made_up_mnist`, written once."""
    from tests.made_up import write_mnist

    folder = tmp_path_factory.mktemp("bars")
    write_mnist(folder)
    return folder


@pytest.fixture(scope="session")
def lenet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LeNet-5 that knows the plainest form of every digit by heart."""
    import torch
    import torch.nn.functional as F

    from tests.drawings import DIGITS
    from trainer.engine import as_tensor, to_network
    from trainer.networks import build_network
    from trainer.picture import picture_from_drawing
    from trainer.strokes import Drawing, Stroke
    from trainer.weights import save_weights
    from trainer.weights_card import WeightsCard

    pictures = []
    for strokes in DIGITS.values():
        picture = picture_from_drawing(Drawing(tuple(Stroke.make(points) for points in strokes)))
        assert picture is not None
        pictures.append(picture)
    state = torch.get_rng_state()
    torch.manual_seed(0)
    network = build_network("lenet5")
    torch.set_rng_state(state)
    images = to_network(as_tensor(pictures), 0.1307, 0.3081)
    targets = torch.arange(10)
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(80):
        loss = F.cross_entropy(network(images), targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    path = tmp_path_factory.mktemp("weights") / "by heart.safetensors"
    card = WeightsCard(
        architecture="lenet5",
        labels=tuple(DIGITS),
        mean=0.1307,
        std=0.3081,
        title="by heart",
        data="ten drawings",
        metrics={"validation_accuracy": 0.5},
    )
    save_weights(path, network, card)
    return path

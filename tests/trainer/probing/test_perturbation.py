"""Damage is done to a copy: what it does to weights, layers and inputs, and that the network stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from trainer.base.errors import InputError, WeightsError
from trainer.models.weights import load_weights
from trainer.probing.damage import BITS, NONE, Channel, Damage
from trainer.probing.feature_maps import feature_maps
from trainer.probing.perturbation import damaged, layers_of, moved, quantised
from trainer.probing.watching import Probe


@pytest.fixture
def probe(lenet_file: Path) -> Probe:
    return Probe(lenet_file)


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (5, 28, 28), np.uint8)


@pytest.mark.parametrize(
    "damage",
    [
        Damage(noise=0.5),
        Damage(bits=2),
        Damage(layers=("0",)),
        Damage(channels=(Channel(layer="0", number=1),)),
        Damage(turn=30),
        Damage(right=3, down=-2),
    ],
    ids=str,
)
def test_it_answers_otherwise_and_then_as_before(
    probe: Probe, pictures: np.ndarray, damage: Damage, lenet_file: Path
) -> None:
    content = lenet_file.read_bytes()
    before, _ = probe.read(pictures)
    state = {k: v.clone() for k, v in probe._network.state_dict().items()}
    other, _ = probe.read(pictures, damage)
    again, _ = probe.read(pictures, damage)
    assert not np.allclose(before, other)
    assert np.array_equal(other, again)  # the same seed is the same noise
    assert np.array_equal(probe.read(pictures)[0], before)
    assert all(torch.equal(v, state[k]) for k, v in probe._network.state_dict().items())
    assert lenet_file.read_bytes() == content


def test_more_noise_of_the_same_seed_lies_in_the_same_direction(lenet_file: Path) -> None:
    network, _ = load_weights(lenet_file)
    weights = [
        layers_of(damaged(network, Damage(noise=noise, seed=3)))["0"].weight
        for noise in (0.0, 0.1, 0.2)
    ]
    assert torch.allclose(weights[2] - weights[0], 2 * (weights[1] - weights[0]), atol=1e-6)


@pytest.mark.parametrize("bits", [8, 4, 2, 1])
def test_quantised_weights_have_so_many_levels(bits: int) -> None:
    weight = torch.randn(3, 4, 5, 5, generator=torch.Generator().manual_seed(1))
    found = quantised(weight, bits)
    assert found.shape == weight.shape
    for row in found.flatten(1):
        assert len(row.unique()) <= 2**bits
    if bits == 8:
        assert (found - weight).abs().max() <= weight.abs().max() / 127


def test_zero_weights_stay_numbers() -> None:
    for bits in BITS[1:]:
        assert bool(quantised(torch.zeros(2, 3), bits).isfinite().all())


def test_a_channel_that_is_off_is_black(lenet_file: Path) -> None:
    network, _ = load_weights(lenet_file)
    image = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    off = damaged(network, Damage(channels=(Channel(layer="0", number=2),)))
    values = feature_maps(off, image)[0].values
    assert values[2].max() == 0
    assert values[[0, 1, 3]].max() > 0
    whole = damaged(network, Damage(layers=("0",)))
    assert feature_maps(whole, image)[0].values.max() == 0


def test_maps_of_every_convolution(lenet_file: Path) -> None:
    network, _ = load_weights(lenet_file)
    maps = feature_maps(network, torch.zeros(1, 1, 28, 28))
    assert [(one.layer, one.count) for one in maps] == [("0", 6), ("3", 16)]
    assert not network._forward_hooks


def test_inputs_are_turned_and_shifted() -> None:
    images = torch.zeros(1, 28, 28, dtype=torch.uint8)
    images[0, 4, 14] = 200
    shifted = moved(images, Damage(right=3, down=5))
    assert shifted[0].nonzero().tolist() == [[9, 17]]
    assert shifted.shape == images.shape
    images[0, 4, 13] = 200  # the top's middle lies between two pixels
    left = moved(images, Damage(turn=90))[0].nonzero()
    assert left[:, 1].tolist() == [4, 4]  # counter-clockwise: from the top to the left
    assert left[:, 0].tolist() == [13, 14]
    assert moved(images, NONE) is images


@pytest.mark.parametrize(
    "wrong",
    [{"bits": 3}, {"noise": -0.1}, {"noise": float("nan")}, {"turn": 200}, {"right": 15}],
)
def test_damage_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Damage(**wrong)  # type: ignore[arg-type]


def test_layers_and_channels_that_are_not_there_are_refused(
    probe: Probe, pictures: np.ndarray
) -> None:
    with pytest.raises(InputError, match="no layer 'conv9'"):
        probe.read(pictures, Damage(layers=("conv9",)))
    with pytest.raises(InputError, match="channels 0 to 5, not 6"):
        probe.read(pictures, Damage(channels=(Channel(layer="0", number=6),)))


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"\x08" + b"\0" * 40)
    with pytest.raises(WeightsError):
        Probe(tmp_path / "broken.safetensors")

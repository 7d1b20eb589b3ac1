"""One table of networks; each builds what the table says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import nn

from trainer.base.errors import ConfigError
from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import NETWORKS, build_network, find_network

#: The rows of the issue's table, and the small and the fast ones.
WANTED = (
    *("lenet5", "cnn", "cnn-dropout", "cnn-valid", "vgg-small", "alexnet-small"),
    *("vgg16", "resnet18", "dsdcnn", "scribe", "scribe-2", "scribe-tiny"),
    *("sprint", "sprint-2", "sprint-deep"),
)


@cache
def _built(name: str, classes: int) -> nn.Module:
    torch.manual_seed(0)
    return build_network(name, classes=classes).eval()


def test_every_network_wanted_is_there() -> None:
    assert sorted(NETWORKS) == sorted(WANTED)


def test_the_table_comes_without_torch() -> None:
    program = (
        "import sys, trainer.networks, trainer.networks.imagenet\n"
        "print(sorted({'torch', 'torchvision'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("classes", [10, 47])
def test_pictures_go_in_and_a_row_of_logits_comes_out(name: str, classes: int) -> None:
    with torch.inference_mode():
        logits = _built(name, classes)(torch.rand(3, 1, 28, 28))
    assert logits.shape == (3, classes)
    assert logits.dtype == torch.float32
    assert not torch.equal(logits[0], logits[1])


@pytest.mark.parametrize("name", NETWORKS)
def test_no_softmax_stands_at_the_end(name: str) -> None:
    """Cross-entropy takes logits: rows add up to anything, and are negative as well."""
    network = _built(name, 10)
    with torch.inference_mode():
        logits = network(torch.rand(8, 1, 28, 28))
    assert bool((logits < 0).any())
    assert bool(((logits.sum(1) - 1).abs() > 1e-3).any())
    assert bool((logits.exp().sum(1).log().abs() > 1e-3).any())
    assert isinstance(network, nn.Sequential)
    assert isinstance(network[-1], nn.Linear)
    assert not any(isinstance(m, nn.Softmax | nn.LogSoftmax) for m in network.modules())


@pytest.mark.parametrize("name", NETWORKS)
def test_children_are_layers_and_their_places_are_the_names_of_the_state(name: str) -> None:
    network = _built(name, 10)
    assert isinstance(network, nn.Sequential)
    assert len(network) >= 8
    whole = sum(p.numel() for p in network.parameters())
    per_layer = [sum(p.numel() for p in layer.parameters()) for layer in network]
    assert sum(per_layer) == whole
    assert sum(count > 0 for count in per_layer) >= 3
    assert {key.partition(".")[0] for key in network.state_dict()} == {
        str(place) for place, layer in enumerate(network) if layer.state_dict()
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_the_table_knows_who_has_dropout(name: str) -> None:
    entry = find_network(name)
    with torch.device("meta"):
        network = build_network(name)
        found = {layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)}
        assert found == ({entry.dropout} if entry.dropout is not None else set())
        if entry.dropout is not None:
            network = build_network(name, dropout=0.25)
            found = {layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)}
            assert found == {0.25}
        else:
            with pytest.raises(ConfigError, match="dropout"):
                build_network(name, dropout=0.25)


def test_the_tables_figures_are_those_of_the_tutorials() -> None:
    """cnn-dropout: 3136 inputs and not the 4096 that are printed. cnn-valid: what Keras prints."""
    assert find_network("cnn-dropout").parameters == 320 + 18_496 + 3137 * 512 + 513 * 10
    assert find_network("cnn-valid").parameters == 34_826
    state = {key: tuple(t.shape) for key, t in _built("vgg-small", 10).state_dict().items()}
    convolutions = [shape for shape in state.values() if len(shape) == 4]
    assert [shape[0] for shape in convolutions] == [64, 128, 256, 512, 512]
    assert {shape[2:] for shape in convolutions} == {(3, 3)}
    assert (4096, 512) in state.values()


def test_the_tiny_network_is_tiny(tmp_path: Path) -> None:
    for classes in (10, 47):
        card = WeightsCard(architecture="scribe-tiny", labels=tuple(str(i) for i in range(classes)))
        path = tmp_path / "tiny.safetensors"
        save_weights(path, _built("scribe-tiny", classes), card)
        assert path.stat().st_size <= 150_000


def test_the_table_says_what_a_person_wants_to_know() -> None:
    for name, entry in NETWORKS.items():
        assert entry.name == name
        assert entry.summary
        assert entry.after
        assert entry.std > 0


def test_the_tutorials_network_is_the_tutorials() -> None:
    assert sum(p.numel() for p in build_network("cnn").parameters()) == 421_642


def test_lenet5_is_lecuns() -> None:
    """61,706 weights: with every map of C3 joined to every map of S2, as everyone builds it now."""
    assert sum(p.numel() for p in build_network("lenet5").parameters()) == 61_706


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("scribe", "{:.1f} M parameters"),
        ("resnet18", "{:.0f} M parameters"),
        ("vgg16", "{:.0f} M parameters"),
    ],
)
def test_a_network_is_as_large_as_its_line_says(name: str, told: str) -> None:
    entry = find_network(name)
    assert told.format(entry.parameters / 1e6) in entry.summary


@pytest.mark.parametrize("name", ["", "CNN", "resnet50", "os:system", "scribe "])
def test_an_unknown_name_is_told_with_the_choices(name: str) -> None:
    for attempt in (find_network, build_network):
        with pytest.raises(ConfigError, match="choose one of: scribe, cnn, lenet5"):
            attempt(name)


def test_an_unknown_argument_is_told() -> None:
    with pytest.raises(ConfigError, match=r"'cnn' does not take these arguments: .*depth"):
        build_network("cnn", depth=3)

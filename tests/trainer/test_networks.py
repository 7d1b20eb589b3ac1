"""One table of networks; each builds what the table says."""

from __future__ import annotations

import pytest
import torch

from trainer.errors import ConfigError
from trainer.networks import NETWORKS, build_network, find_network


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("classes", [2, 10, 47])
def test_pictures_go_in_and_a_row_of_logits_comes_out(name: str, classes: int) -> None:
    network = build_network(name, classes=classes).eval()
    with torch.inference_mode():
        logits = network(torch.zeros(3, 1, 28, 28))
    assert logits.shape == (3, classes)
    assert logits.dtype == torch.float32


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


def test_the_shipped_network_is_as_large_as_its_line_says() -> None:
    count = sum(p.numel() for p in build_network("scribe").parameters())
    assert f"{count / 1e6:.1f} M parameters" in find_network("scribe").summary


@pytest.mark.parametrize("name", ["", "CNN", "resnet50", "os:system", "scribe "])
def test_an_unknown_name_is_told_with_the_choices(name: str) -> None:
    for attempt in (find_network, build_network):
        with pytest.raises(ConfigError, match="choose one of: scribe, cnn, lenet5"):
            attempt(name)


def test_an_unknown_argument_is_told() -> None:
    with pytest.raises(ConfigError, match=r"'cnn' does not take these arguments: .*depth"):
        build_network("cnn", depth=3)

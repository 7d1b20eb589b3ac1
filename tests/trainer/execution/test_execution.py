"""How a network is run: layout, precision, batches, figures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from trainer.execution import execution
from trainer.execution.execution import (
    Execution,
    Layout,
    as_tensor,
    choose_execution,
    choose_threads,
    fastest_layout,
    fixed_execution,
    logits_of,
    metrics_of,
    outputs_of,
    synchronize,
    to_network,
)
from trainer.networks import build_network

pytestmark = pytest.mark.usefixtures("one_thread")
CPU = torch.device("cpu")
PLAIN = Execution(device=CPU, precision="float32", layout="channels first")


def test_a_fixed_execution_is_the_same_everywhere() -> None:
    assert str(fixed_execution(CPU, "bfloat16")) == "bfloat16, channels last"
    assert str(fixed_execution(torch.device("mps"), "float32")) == "float32, channels first"


def test_the_fastest_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {
        ("float32", "channels first"): 3.0,
        ("float32", "channels last"): 2.0,
        ("float32", "blocked"): 2.5,
        ("bfloat16", "channels first"): float("inf"),
        ("bfloat16", "channels last"): 1.0,
        ("bfloat16", "blocked"): 0.5,
    }
    monkeypatch.setattr(
        execution, "_step_seconds", lambda _, way, __: seconds[way.precision, way.layout]
    )
    network = build_network("lenet5")
    assert str(choose_execution(network, CPU)) == "bfloat16, blocked"
    assert str(choose_execution(network, CPU, precision="float32")) == "float32, channels last"
    # A network that does not begin with a convolution cannot be run in oneDNN's layout.
    assert str(choose_execution(nn.Linear(2, 2), CPU)) == "bfloat16, channels last"
    # MPS has no bfloat16 worth the name, and oneDNN is for processors.
    assert str(choose_execution(network, torch.device("mps"))) == "float32, channels last"


def test_choosing_leaves_the_network_and_the_random_numbers_alone() -> None:
    network = build_network("scribe", stem=2, middle=2, deep=2, blocks=1).eval()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    choose_execution(network, CPU, batch_size=8)
    assert torch.equal(torch.rand(3), wanted)
    assert not network.training
    assert all(p.grad is None for p in network.parameters())
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_reading_is_in_the_faster_layout_and_always_in_float32(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same drawing gets the same answer everywhere; how fast is each machine's affair."""
    network = build_network("lenet5")
    for faster in ("channels last", "channels first"):
        monkeypatch.setattr(
            execution, "_reading_seconds", lambda _, way, f=faster: 1 if way.layout == f else 2
        )
        assert fastest_layout(network, CPU) == Execution(
            device=CPU, precision="float32", layout=faster
        )


def test_a_reading_is_timed() -> None:
    assert 0 < execution._reading_seconds(build_network("lenet5").eval(), PLAIN) < 10


def test_a_way_that_the_device_cannot_go_takes_forever() -> None:
    class Broken(nn.Module):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("not implemented for this device")

    assert execution._step_seconds(Broken(), PLAIN, 8) == float("inf")


def test_pictures_are_normalised() -> None:
    pictures = torch.tensor([[[0, 255], [51, 102]]], dtype=torch.uint8)
    out = to_network(pictures, 0.5, 0.25)
    assert out.shape == (1, 1, 2, 2)
    assert out.dtype == torch.float32
    assert torch.allclose(out.flatten(), torch.tensor([-2.0, 2.0, -1.2, -0.4]))
    assert pictures.flatten().tolist() == [0, 255, 51, 102]


@pytest.mark.parametrize("count", [1, 499, 500, 501, 1203])
def test_batches_do_not_show(count: int) -> None:
    network = build_network("lenet5")
    pictures = torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8)
    logits = logits_of(network, pictures, mean=0.1, std=0.3, execution=PLAIN)
    assert logits.shape == (count, 10)
    for i in {0, count // 2, count - 1}:
        alone = logits_of(network, pictures[i : i + 1], mean=0.1, std=0.3, execution=PLAIN)
        assert torch.allclose(logits[i], alone[0], atol=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_reading_leaves_the_mode_as_it_was(training: bool) -> None:
    network = build_network("scribe", stem=2, middle=2, deep=2, blocks=1).train(training)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    pictures = torch.randint(0, 256, (3, 28, 28), dtype=torch.uint8)
    logits = logits_of(network, pictures, mean=0.0, std=1.0, execution=PLAIN)
    assert network.training == training
    assert not logits.requires_grad
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("layout", ["channels first", "channels last", "blocked"])
@pytest.mark.parametrize("name", ["cnn", "scribe"])
def test_every_way_gives_about_the_same_logits(precision: str, layout: Layout, name: str) -> None:
    torch.manual_seed(0)
    network = build_network(name)
    pictures = torch.randint(0, 256, (4, 28, 28), dtype=torch.uint8)
    wanted = logits_of(network, pictures, mean=0.0, std=1.0, execution=PLAIN)
    way = Execution(device=CPU, precision=precision, layout=layout)
    logits = logits_of(way.place(network), pictures, mean=0.0, std=1.0, execution=way)
    assert logits.dtype == torch.float32
    assert torch.allclose(logits, wanted, atol=1e-5 if precision == "float32" else 0.05)
    assert all(p.dtype == torch.float32 for p in network.parameters())


def test_figures_by_hand() -> None:
    logits = torch.tensor([[2.0, 0.0], [0.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
    figures = metrics_of(logits, torch.tensor([0, 1, 1, 1]))
    rows = [np.log(1 + np.exp(-2)), np.log(2), np.log(1 + np.exp(-1)), np.log(1 + np.exp(3))]
    assert figures.loss == pytest.approx(np.mean(rows), rel=1e-6)
    assert figures.accuracy == 0.5
    assert figures.count == 4


def test_read_only_pictures_are_copied() -> None:
    pictures = np.frombuffer(bytes(2 * 784), np.uint8).reshape(2, 28, 28)
    tensor = as_tensor(pictures)
    tensor[0, 0, 0] = 7
    assert pictures[0, 0, 0] == 0
    assert as_tensor([pictures[0], pictures[1], pictures[0]]).shape == (3, 28, 28)


def test_waiting_for_the_processor_is_no_wait() -> None:
    synchronize(CPU)


def test_idle_threads_do_not_spin_for_long() -> None:
    """Set when trainer.execution.execution is imported; libgomp reads it when torch loads."""
    assert os.environ["GOMP_SPINCOUNT"] == "1000"
    source = Path(execution.__file__).read_text(encoding="utf-8")
    assert source.index("GOMP_SPINCOUNT") < source.index("import torch")


def test_reading_leaves_every_part_as_it_was() -> None:
    """Also where the parts are not alike: a frozen one, and a slice, which torch takes for training."""
    network = nn.Sequential(nn.Dropout(), nn.Dropout()).eval()
    network[1].train()
    for read in (network, network[:1]):
        outputs_of(read, torch.zeros(2, 3), execution=PLAIN)
        assert [part.training for part in network] == [False, True]
        assert not network.training


def test_threads_are_not_chosen_by_batches_that_may_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = []

    def seconds(_network: nn.Module, _way: Execution, batch_size: int) -> float:
        sizes.append(batch_size)
        return 1.0

    monkeypatch.setattr(execution, "_wall_seconds", seconds)
    monkeypatch.setattr("torch.get_num_threads", lambda: 2)
    monkeypatch.setattr("torch.set_num_threads", lambda _: None)
    for size in (32, 8192):
        choose_threads(build_network("lenet5"), PLAIN, size)
    assert sizes == [32, 32, 256, 256]

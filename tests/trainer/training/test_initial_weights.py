"""Training further: from weights, of some layers, with what a frozen part says kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from tests.trainer.made_runs import of_kind, result_of, run_all, small
from trainer import datasets
from trainer.base.errors import ConfigError, WeightsError
from trainer.base.events import EpochFinished, Note
from trainer.base.paths import file_hash
from trainer.execution.execution import as_tensor, to_network
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import MNIST_MEAN, MNIST_STD, build_network
from trainer.networks.sprint import WhiteningConv
from trainer.runs.records import read_run
from trainer.training import frozen_features, initial_weights
from trainer.training.initial_weights import frozen_children, full_layers, layers_of, tail

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def parent(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    events = run_all(bars, small(), runs=tmp_path_factory.mktemp("parent"))
    return Path(result_of(events).weights)


def changed_parts(before: Path, after: Path) -> set[str]:
    old, new = load_weights(before)[0].state_dict(), load_weights(after)[0].state_dict()
    return {name.partition(".")[0] for name in old if not torch.equal(old[name], new[name])}


def test_layers_are_counted_from_the_head() -> None:
    network = build_network("cnn")
    assert layers_of(network) == [0, 3, 7, 9]
    assert frozen_children(network, 0) == 0
    assert frozen_children(network, 1) == 9
    assert frozen_children(network, 4) == 0
    assert len(list(tail(network, 7).children())) == 3
    with pytest.raises(ConfigError, match="has 4 layers"):
        frozen_children(network, 5)
    # Where the first child is not a layer there is nothing to freeze, either.
    network = nn.Sequential(nn.ReLU(), nn.Linear(2, 2), nn.Linear(2, 2))
    assert [frozen_children(network, layers) for layers in (0, 1, 2)] == [0, 2, 0]


def test_a_whitening_layer_is_computed_from_the_training_pictures_and_never_learned(
    bars: Path, tmp_path: Path
) -> None:
    weights = Path(result_of(run_all(bars, small(network="sprint-2"), runs=tmp_path)).weights)
    first = load_weights(weights)[0].get_submodule("0")
    assert isinstance(first, WhiteningConv)
    assert not list(first.parameters())
    assert torch.equal(first.weight[:8], -first.weight[8:])
    images = datasets.load_training("mnist", bars, validation=200, limit=640).training.pictures
    normalised = to_network(as_tensor(images), MNIST_MEAN, MNIST_STD)
    answers = first(normalised)[:, :8].transpose(0, 1).flatten(1)
    products = answers @ answers.T / answers.shape[1]
    assert torch.allclose(
        products, torch.diag(products.diag()), atol=0.1
    )  # whitened: unlike each other
    assert bool(((products.diag() > 0.2) & (products.diag() < 1.1)).all())
    # A network that goes on learning keeps them, whatever its data are.
    further = small(start=str(weights), learning_rate=1e-3, limit=320)
    later = load_weights(Path(result_of(run_all(bars, further, runs=tmp_path)).weights))[0]
    assert torch.equal(later.get_submodule("0").weight, first.weight)


@pytest.mark.parametrize(("layers", "learned"), [(1, {"10"}), (2, {"8", "10"}), (0, None)])
def test_only_the_last_layers_learn(
    bars: Path, tmp_path: Path, parent: Path, layers: int, learned: set[str] | None
) -> None:
    events = run_all(bars, small(start=str(parent), layers=layers), runs=tmp_path)
    weights = Path(result_of(events).weights)
    changed = changed_parts(parent, weights)
    whole = {str(i) for i in layers_of(build_network("lenet5"))}
    if learned is None:
        assert changed == whole
    else:
        assert changed == {str(i) for i in sorted(map(int, whole))[-layers:]}
    card = load_weights(weights)[1]
    assert (card.parent, card.parent_hash) == (parent.parent.name, file_hash(parent))
    assert result_of(events).validation.accuracy > 0.9


def test_a_frozen_part_is_computed_once(
    bars: Path, tmp_path: Path, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the figures are those of a frozen part that is computed at every step."""
    settings = small(start=str(parent), layers=2, epochs=2)
    kept = run_all(bars, settings, runs=tmp_path / "kept")
    assert any("were computed once" in note.text for note in of_kind(kept, Note))
    monkeypatch.setattr(frozen_features, "_LIMIT", 10)
    anew = run_all(bars, settings, runs=tmp_path / "anew")
    assert any("too large to cache" in note.text for note in of_kind(anew, Note))
    for one, other in zip(of_kind(kept, EpochFinished), of_kind(anew, EpochFinished), strict=True):
        assert one.validation.loss == pytest.approx(other.validation.loss, rel=1e-4)
        assert one.training.loss == pytest.approx(other.training.loss, rel=1e-4)


@pytest.mark.parametrize("limit", [10, 10**9], ids=["anew", "kept"])
def test_statistics_of_a_frozen_part_are_frozen(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(frozen_features, "_LIMIT", limit)
    network = build_network("dsdcnn")
    start = tmp_path / "start.safetensors"
    save_weights(start, network, WeightsCard(architecture="dsdcnn", labels=tuple("0123456789")))
    config = small(start=str(start), layers=2, limit=64, epochs=2)
    events = run_all(bars, config, runs=tmp_path / "runs")
    learned = {str(i) for i in layers_of(network)[-2:]}
    weights = Path(result_of(events).run) / "last.safetensors"
    assert changed_parts(start, weights) == learned
    # Those of what learns went on being counted after the first reading of the validation pictures.
    counts = [v for k, v in load_weights(weights)[0].state_dict().items() if k.endswith("tracked")]
    assert int(counts[-1]) == 2 * 2


def test_the_files_network_counts_not_the_settings(
    bars: Path, tmp_path: Path, parent: Path
) -> None:
    events = run_all(bars, small(network="cnn", start=str(parent), limit=64), runs=tmp_path)
    assert load_weights(Path(result_of(events).weights))[1].architecture == "lenet5"


def test_other_labels_get_a_new_head(bars: Path, tmp_path: Path) -> None:
    network = build_network("lenet5", classes=3)
    start = tmp_path / "letters.safetensors"
    save_weights(start, network, WeightsCard(architecture="lenet5", labels=("a", "b", "c")))
    events = run_all(bars, small(start=str(start), layers=1), runs=tmp_path / "runs")
    assert "new head for 10" in of_kind(events, Note)[0].text
    trained, card = load_weights(Path(result_of(events).weights))
    assert card.labels == tuple("0123456789")
    assert torch.equal(trained.state_dict()["0.weight"], network.state_dict()["0.weight"])


def test_weights_that_are_not_there(bars: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="none such"):
        run_all(bars, small(start="none such"), runs=tmp_path)
    assert not list(tmp_path.iterdir())


def test_more_layers_than_there_are(bars: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--layers 9"):
        run_all(bars, small(layers=9), runs=tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_imagenet_weights_it_starts_all_the_same(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.base.errors import DataError

    def offline(*_: object) -> None:
        raise DataError("ImageNet weights for resnet18 could not be downloaded. Connect.")

    monkeypatch.setattr(initial_weights, "imagenet_weights", offline)
    events = run_all(bars, small(network="resnet18", limit=16, batch_size=8), runs=tmp_path)
    notes = [note.text for note in of_kind(events, Note)]
    assert [text for text in notes if "weights" in text] == [
        "ImageNet weights for resnet18 could not be downloaded. Connect. Training starts from random weights."
    ]
    assert result_of(events)


def test_a_run_from_weights_is_filed_under_their_architecture(
    bars: Path, tmp_path: Path, lenet_file: Path
) -> None:
    config = small(start=str(lenet_file), network="vgg16", limit=64)
    folder = Path(result_of(run_all(bars, config, runs=tmp_path)).run)
    assert folder.name.endswith("-lenet5")
    assert read_run(folder).settings["network"] == "lenet5"
    card = read_card(folder / "best.safetensors")
    assert (card.architecture, card.recipe["network"]) == ("lenet5", "lenet5")


@pytest.mark.parametrize(("name", "count"), [("cnn", 2), ("scribe", 1), ("lenet5", 3)])
def test_full_layers_at_the_end(name: str, count: int) -> None:
    assert full_layers(build_network(name)) == count

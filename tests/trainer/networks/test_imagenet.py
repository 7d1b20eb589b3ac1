"""The published weights: fetched from a server here, checked, and put where they belong."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.trainer.local_mirror import Mirror, mirror
from trainer.base.errors import ConfigError, DataError
from trainer.networks import build_network
from trainer.networks.imagenet import imagenet_weights, load_imagenet
from trainer.networks.transfer import PUBLISHED_NAMES

Publish = Callable[..., tuple[Mirror, str]]


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between us and this machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a checkpoint on a server here and lets torchvision announce it; the server and the file's name."""
    from torchvision.models import get_model_weights

    with ExitStack() as stack:

        def put(name: str, content: bytes, *, way: str = "") -> tuple[Mirror, str]:
            file = f"{name}-{hashlib.sha256(content).hexdigest()[:8]}.pth"
            server = stack.enter_context(mirror({file: content}))
            weights = get_model_weights(name).IMAGENET1K_V1.value
            monkeypatch.setattr(weights, "url", server.url(way + file))
            return server, file

        yield put


def _saved(state: Any, *, zipped: bool = True) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer, _use_new_zipfile_serialization=zipped)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def resnet() -> nn.Module:
    """torchvision's, with weights and statistics of no meaning."""
    from torchvision.models import resnet18

    torch.manual_seed(0)
    network: nn.Module = resnet18(weights=None).eval()
    for name, buffer in network.named_buffers():
        if not name.endswith("num_batches_tracked"):
            buffer.uniform_(0.5, 1.5)
    return network


@pytest.mark.parametrize("zipped", [True, False])
def test_resnet18_becomes_the_published_network_with_a_new_head(
    publish: Publish, resnet: nn.Module, tmp_path: Path, zipped: bool
) -> None:
    """Files of both of torch's forms: the older cannot be mapped into memory."""
    server, file = publish("resnet18", _saved(resnet.state_dict(), zipped=zipped))
    events = list(imagenet_weights("resnet18", tmp_path))
    assert events[-1].received == events[-1].total == len(server.files[file])
    assert (tmp_path / "ImageNet" / file).read_bytes() == server.files[file]
    assert list(imagenet_weights("resnet18", tmp_path)) == []
    assert server.asked == [f"/{file}"]

    network = build_network("resnet18", classes=47).eval()
    assert isinstance(network, nn.Sequential)
    head = network[-1].weight.clone()
    load_imagenet(network, "resnet18", tmp_path)
    assert torch.equal(network[-1].weight, head)
    pictures = torch.rand(2, 1, 28, 28)
    theirs = nn.Sequential(*list(resnet.children())[:-1], nn.Flatten())
    with torch.inference_mode():
        torch.testing.assert_close(network[:-1](pictures), theirs(network[0](pictures)))


def _constant_vgg16(*, places: int = 49) -> dict[str, Tensor]:
    """A checkpoint of the published names and shapes in which every tensor holds a number of its own.

    Each is one number repeated, and stored as one.
    """
    network = build_network("vgg16")
    state: dict[str, Tensor] = {}
    for number, (place, name) in enumerate(PUBLISHED_NAMES["vgg16"].items()):
        for kind, part in (("weight", 0.0), ("bias", 0.5)):
            shape = list(network.get_parameter(f"{place}.{kind}").shape)
            if (place, kind) == (33, "weight"):
                shape[1] *= places
            state[f"{name}.{kind}"] = torch.full((1,), number + part).expand(shape)
    state["classifier.6.weight"] = torch.zeros(1).expand(1000, 4096)
    state["classifier.6.bias"] = torch.zeros(1000)
    return state


def test_vgg16_becomes_the_published_network(publish: Publish, tmp_path: Path) -> None:
    publish("vgg16", _saved(_constant_vgg16()))
    list(imagenet_weights("vgg16", tmp_path))
    network = build_network("vgg16")
    load_imagenet(network, "vgg16", tmp_path)
    for number, place in enumerate(PUBLISHED_NAMES["vgg16"]):
        weight, bias = (network.get_parameter(f"{place}.{kind}") for kind in ("weight", "bias"))
        assert bool((weight == number * (49 if place == 33 else 1)).all()), place
        assert bool((bias == number + 0.5).all()), place


def test_the_folded_layer_is_the_same_function() -> None:
    """What torchvision computes of a map of one place: repeated 49 times, then multiplied."""
    from trainer.networks.imagenet import _folded

    torch.manual_seed(0)
    full = nn.Linear(512 * 49, 8, bias=False).double()
    maps = torch.rand(3, 512, 1, 1).double()
    repeated = nn.AdaptiveAvgPool2d(7)(maps).flatten(1)
    folded = maps.flatten(1) @ _folded(full.weight).T
    torch.testing.assert_close(folded, full(repeated))


def test_offline_it_says_what_to_do(publish: Publish, tmp_path: Path) -> None:
    server, file = publish("vgg16", b"not there", way="missing/")
    with pytest.raises(DataError) as caught:
        list(imagenet_weights("vgg16", tmp_path))
    message = str(caught.value)
    assert f"ImageNet weights for vgg16 are not in {tmp_path / 'ImageNet'}" in message
    assert "Not Found" in message
    assert f"fetch {server.url('missing/' + file)} elsewhere" in message
    assert "Connect to the internet" in message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_other_bytes_than_announced_are_not_kept(publish: Publish, tmp_path: Path) -> None:
    server, file = publish("resnet18", b"what was announced")
    server.files[file] = b"something else"
    with pytest.raises(DataError, match="not the ones announced"):
        list(imagenet_weights("resnet18", tmp_path))
    assert not (tmp_path / "ImageNet" / file).exists()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda state: state.pop("layer3.1.bn2.running_mean"), "layer3.1.bn2.running_mean"),
        (lambda state: state.update({"conv1.weight": torch.zeros(64, 1, 7, 7)}), "conv1.weight"),
        (lambda state: state.update({"bn1.bias": 3.0}), "bn1.bias"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(
    publish: Publish, resnet: nn.Module, tmp_path: Path, spoil: Callable[[Any], Any], told: str
) -> None:
    state = dict(resnet.state_dict())
    spoil(state)
    publish("resnet18", _saved(state))
    list(imagenet_weights("resnet18", tmp_path))
    network = build_network("resnet18")
    before = {key: tensor.clone() for key, tensor in network.state_dict().items()}
    with pytest.raises(DataError, match=told):
        load_imagenet(network, "resnet18", tmp_path)
    for key, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[key])


def test_checkpoints_of_old_without_counts_do(
    publish: Publish, resnet: nn.Module, tmp_path: Path
) -> None:
    state = {k: v for k, v in resnet.state_dict().items() if "num_batches" not in k}
    publish("resnet18", _saved(state))
    list(imagenet_weights("resnet18", tmp_path))
    network = build_network("resnet18")
    load_imagenet(network, "resnet18", tmp_path)
    assert torch.equal(network.get_parameter("1.weight"), state["conv1.weight"])


class _Trap:
    """Writes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_a_file_is_data_and_is_checked_before_it_is_read(publish: Publish, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    content = _saved({"conv1.weight": _Trap(sprung)})
    for announced in (content, b"another"):  # the very file, and one that was put in its place
        _, file = publish("resnet18", announced)
        path = tmp_path / "ImageNet" / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        network = build_network("resnet18")
        with pytest.raises(DataError, match="not the file that torchvision publishes") as caught:
            load_imagenet(network, "resnet18", tmp_path)
        assert ("SHA-256" in str(caught.value)) == (announced != content)
        assert not sprung.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no checkpoint", _saved([1, 2])])
def test_what_is_no_checkpoint_is_told(publish: Publish, tmp_path: Path, content: bytes) -> None:
    publish("resnet18", content)
    list(imagenet_weights("resnet18", tmp_path))
    with pytest.raises(DataError, match="not the file that torchvision publishes"):
        load_imagenet(build_network("resnet18"), "resnet18", tmp_path)


def test_without_the_file_it_says_so(publish: Publish, tmp_path: Path) -> None:
    publish("resnet18", b"x")
    with pytest.raises(DataError, match="is not there: fetch it first"):
        load_imagenet(build_network("resnet18"), "resnet18", tmp_path)


def test_a_network_without_published_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="no ImageNet weights for 'cnn', only for: resnet18, vgg16"
    ):
        list(imagenet_weights("cnn", tmp_path))
    with pytest.raises(ConfigError, match="no ImageNet weights"):
        load_imagenet(build_network("cnn"), "cnn", tmp_path)


@pytest.mark.parametrize("name", PUBLISHED_NAMES)
def test_torchvision_announces_what_is_fetched(name: str, tmp_path: Path) -> None:
    """The real address, of which its sum is part."""
    from trainer.networks.imagenet import _published

    url, path, digest = _published(name, tmp_path)
    assert url.startswith("https://download.pytorch.org/")
    assert path.name == f"{name}-{digest}.pth"
    assert len(digest) == 8

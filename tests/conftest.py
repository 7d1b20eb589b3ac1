"""For every test: no display, folders of its own, and a failure where it leaves a thread, timer or window behind.

A test that hangs ends the run and shows every thread's stack: `timeout` in pyproject.toml (pytest-timeout), and
`faulthandler_timeout` where no other thread runs any more.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Bars that glide would make a test wait for them.
os.environ.setdefault("HANDWRITE_REDUCED_MOTION", "1")
# Beside programs that keep every core busy, a process of niceness 19 gets next to nothing.
os.environ.setdefault("HANDWRITE_NICE", "0")

import pytest

from tests import leaks

if TYPE_CHECKING:
    from torch import nn

    from tests.recognition import SharedRecognition
    from trainer.models.weights_card import WeightsCard
    from trainer.picture.strokes import Drawing


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from or written to the folders of the person who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HANDWRITE_HOME", str(home / "data"))
    monkeypatch.setenv("HANDWRITE_CACHE", str(home / "cache"))
    monkeypatch.delenv("HANDWRITE_LOG", raising=False)  # the log is in HANDWRITE_HOME then


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Set up first, and so torn down last: after qtbot and the test's own fixtures."""
    leaks.watch_timers()
    threads, windows = set(threading.enumerate()), leaks.windows()
    yield
    left = [*leaks.threads_left_behind(threads), *leaks.left_behind(windows)]
    if left:
        pytest.fail("left behind:\n" + "\n".join(left), pytrace=False)


@pytest.fixture
def mnist_folder() -> Path:
    """A folder that has MNIST, or the test is skipped."""
    folder = os.environ.get("HANDWRITE_DATA")
    if not folder or not (Path(folder) / "MNIST" / "raw").is_dir():
        pytest.skip("wants MNIST: set HANDWRITE_DATA to a folder that holds MNIST/raw")
    return Path(folder)


@pytest.fixture
def made_up_mnist(tmp_path: Path) -> Path:
    """A folder with files of MNIST's form and size whose pictures are simple: a bar at one of ten places.

    Quick to learn, so that a training run of seconds has something to show anywhere.
    """
    from tests.made_up import write_mnist

    write_mnist(tmp_path / "made-up")
    return tmp_path / "made-up"


# --- weights and data that many tests share: made once, and never changed by a test ---

#: Arguments of the house network for the smallest one that there is.
TINY = {"stem": 2, "middle": 2, "deep": 3, "blocks": 1}


@pytest.fixture(scope="session")
def one_thread() -> None:
    """The same arithmetic on every machine, and room for whatever else runs."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def _shared_recognition() -> Iterator[list[SharedRecognition]]:
    held: list[SharedRecognition] = []
    yield held
    for process in held:
        process.end()


@pytest.fixture
def shared_recognition(_shared_recognition: list[SharedRecognition]) -> SharedRecognition:
    """A recognition process that goes from window to window."""
    from tests.recognition import SharedRecognition

    if not _shared_recognition or _shared_recognition[-1].has_ended:
        _shared_recognition.append(SharedRecognition())
    return _shared_recognition[-1]


@pytest.fixture(scope="session")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like `made_up_mnist`, written once."""
    from tests.made_up import write_mnist

    folder = tmp_path_factory.mktemp("bars")
    write_mnist(folder)
    return folder


@pytest.fixture(scope="session")
def lenet_file(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LeNet-5 that knows the plainest form of every digit by heart."""
    return _by_heart(tmp_path_factory.mktemp("weights") / "by heart.safetensors", [])


@pytest.fixture(scope="session")
def refusing_file(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The like that also knows by heart what it is to refuse: REFUSED of strokes_files."""
    from tests.trainer.strokes_files import REFUSED

    return _by_heart(tmp_path_factory.mktemp("weights") / "refusing.safetensors", REFUSED)


def _by_heart(path: Path, refused: Sequence[Drawing]) -> Path:
    import torch
    import torch.nn.functional as F

    from tests.drawings import DIGITS
    from trainer.execution.execution import as_tensor, to_network
    from trainer.models.weights import save_weights
    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network
    from trainer.picture.preprocess import picture_from_drawing
    from trainer.picture.strokes import Drawing, Stroke

    pictures = []
    digits = [Drawing(tuple(Stroke.make(s) for s in strokes)) for strokes in DIGITS.values()]
    for drawing in [*digits, *refused]:
        picture = picture_from_drawing(drawing)
        assert picture is not None
        pictures.append(picture)
    card = WeightsCard(
        architecture="lenet5",
        labels=tuple(DIGITS),
        threshold=0.5 if refused else None,
        mean=0.1307,
        std=0.3081,
        title="by heart",
        data=f"{len(pictures)} drawings" if refused else "ten drawings",
        metrics={"validation_accuracy": 0.5},
    )
    state = torch.get_rng_state()
    torch.manual_seed(0)
    network = build_network("lenet5", classes=len(card.outputs))
    torch.set_rng_state(state)
    images = to_network(as_tensor(pictures), 0.1307, 0.3081)
    targets = torch.arange(len(pictures)).clamp(max=10)
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(80):
        loss = F.cross_entropy(network(images), targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    save_weights(path, network, card)
    return path


@pytest.fixture(scope="session")
def tiny(one_thread: None) -> tuple[nn.Module, WeightsCard]:
    """The house network in a size that takes no time, and its card."""
    import torch

    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network

    torch.manual_seed(0)
    network = build_network("scribe", **TINY).eval()
    card = WeightsCard(
        architecture="scribe",
        arguments=dict(TINY),
        labels=tuple("0123456789"),
        mean=0.1307,
        std=0.3081,
        title="tiny",
        data="nothing",
        recipe={"epochs": 0},
        metrics={"validation_accuracy": 0.1},
        parent="nobody",
        created="2026-01-01T00:00:00+00:00",
    )
    return network, card


@pytest.fixture
def file(tmp_path: Path, tiny: tuple[nn.Module, WeightsCard]) -> Path:
    """Its weights file, to be spoiled at will."""
    from trainer.models.weights import save_weights

    path = tmp_path / "tiny.safetensors"
    save_weights(path, *tiny)
    return path

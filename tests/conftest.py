"""What every test gets: no display, folders of its own, and no thread or timer left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Bars that glide would make a test wait for them.
os.environ.setdefault("HANDWRITE_REDUCED_MOTION", "1")

import pytest


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from or written to the folders of the person who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HANDWRITE_HOME", str(home / "data"))
    monkeypatch.setenv("HANDWRITE_CACHE", str(home / "cache"))


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2
    while leaked := [t for t in threading.enumerate() if t not in before and t.is_alive()]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {[t.name for t in leaked]}")
        time.sleep(0.01)


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
    import numpy as np

    raw = tmp_path / "made-up" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, count in (("train", 60_000), ("t10k", 10_000)):
        targets = np.random.default_rng(0).integers(0, 10, count, dtype=np.uint8)
        bars = np.zeros((10, 28, 28), np.uint8)
        for place in range(10):
            bars[place, 4:24, 3 + 2 * place : 6 + 2 * place] = 255
        head = np.array([0x803, count, 28, 28], ">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + bars[targets].tobytes())
        head = np.array([0x801, count], ">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + targets.tobytes())
    return tmp_path / "made-up"

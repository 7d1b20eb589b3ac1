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
    from tests.made_up import write_mnist

    write_mnist(tmp_path / "made-up")
    return tmp_path / "made-up"

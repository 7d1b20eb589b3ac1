"""Data that is made up: quick to write and quick to learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def write_mnist(folder: Path) -> None:
    """Files of MNIST's form and size in MNIST/raw, whose pictures are simple: a bar at one of ten places."""
    raw = folder / "MNIST" / "raw"
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

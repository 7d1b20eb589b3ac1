"""What watching a run costs: CPU time of writing a snapshot, and of reading one with the wall and eight pins.

    python -m benchmarks.watching [NETWORK …]

CPU time of one thread, the median of several: a busy machine does not change it much. Reading happens at most
once a second, in a process that everything else goes before.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.processes.probe_messages import ProbeRequest, decode_answer, encode_request
from trainer.processes.probe_service import ProbeService, encode_answer

NETWORKS = ("sprint", "cnn", "scribe-2", "vgg-small")
_PICTURES = 68
_REPEATS = 5


def main(names: list[str]) -> None:
    torch.set_num_threads(1)
    print(f"{'network':12}{'file, MB':>10}{'write, ms':>12}{'read, ms':>12}{'answer, ms':>12}")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            print(_row(name, Path(folder)), flush=True)


def _row(name: str, folder: Path) -> str:
    network = build_network(name).eval()
    card = WeightsCard(architecture=name, labels=tuple("0123456789"), mean=0.13, std=0.31)
    path = folder / "snapshot.safetensors"
    write = _cpu(lambda: save_weights(path, network, card))
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (_PICTURES, 28 * 28), np.uint8)
    request = encode_request(
        ProbeRequest(number=1, weights=path, pictures=tuple(p.tobytes() for p in pictures))
    )
    read = _cpu(
        lambda: ProbeService().answer(request)
    )  # another service: the file is read each time
    answer = encode_answer(ProbeService().answer(request))
    window = _cpu(lambda: decode_answer(answer))
    megabytes = path.stat().st_size / 1e6
    return f"{name:12}{megabytes:10.1f}{write:12.1f}{read:12.1f}{window:12.2f}"


def _cpu(call: Callable[[], object]) -> float:
    """Milliseconds of this process's CPU time."""
    call()
    times = []
    for _ in range(_REPEATS):
        begun = time.process_time()
        call()
        times.append(1000 * (time.process_time() - begun))
    return statistics.median(times)


if __name__ == "__main__":
    main(sys.argv[1:] or list(NETWORKS))

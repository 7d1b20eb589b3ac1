"""The probe's service in the window's own process: no second torch to wait for; and runs to watch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainer.processes.probe_messages import encode_answer
from trainer.runs.snapshots import snapshot_file
from trainer.runs.wall import Wall, write_wall


class ProbeInProcess:
    """In the place of handwrite_app.workers.recognition_process.RecognitionProcess."""

    pid = 0
    #: How many of them were started, and of how many a request is not answered.
    started = 0
    dying = 0

    def __init__(self, program: str) -> None:
        from trainer.processes.probe_service import ProbeService

        assert program == "trainer.processes.probe_service"
        type(self).started += 1
        self._service = ProbeService()

    def ask(self, line: bytes) -> bytes:
        if type(self).dying:
            type(self).dying -= 1
            return b""
        return encode_answer(self._service.answer(line))

    def kill(self) -> None:
        pass

    def close(self) -> int:
        return 0


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> type[ProbeInProcess]:
    """Every probe answers in this process."""
    monkeypatch.setattr("handwrite_app.workers.probe.RecognitionProcess", ProbeInProcess)
    monkeypatch.setattr(ProbeInProcess, "started", 0)
    monkeypatch.setattr(ProbeInProcess, "dying", 0)
    return ProbeInProcess


def digit_pictures() -> dict[str, bytes]:
    """The plainest form of every digit, as the network sees it."""
    from tests.drawings import DIGITS
    from trainer.picture.preprocess import picture_from_drawing
    from trainer.picture.strokes import Drawing, Stroke

    pictures = {}
    for label, strokes in DIGITS.items():
        picture = picture_from_drawing(Drawing(tuple(Stroke.make(s) for s in strokes)))
        assert picture is not None
        pictures[label] = picture.tobytes()
    return pictures


def watched_run(folder: Path, lenet_file: Path, steps: tuple[int, ...] = (0, 4, 16)) -> Path:
    """A run's folder with a wall of ten digits and snapshots of LeNet-5 that know more and more: the last one
    knows them all, the first none."""
    import torch

    from trainer.models.weights import load_weights, save_weights
    from trainer.networks import build_network

    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    pictures = digit_pictures()
    write_wall(
        folder,
        Wall(
            pictures=np.frombuffer(b"".join(pictures.values()), np.uint8).reshape(-1, 28, 28),
            targets=tuple(pictures),
        ),
    )
    network, card = load_weights(lenet_file)
    torch.manual_seed(1)
    fresh = build_network("lenet5", classes=10)
    for step in steps:
        share = step / steps[-1]
        mixed = {
            name: (1 - share) * fresh.state_dict()[name] + share * weights
            for name, weights in network.state_dict().items()
        }
        made = build_network("lenet5", classes=10)
        made.load_state_dict(mixed)
        save_weights(snapshot_file(folder, step, step / 8), made, card)
    return folder

"""The probe process: reads pictures with snapshots and with damaged copies, until its input ends.

A process of its own beside the one that recognizes: what a person sees of a network in training must never
delay an answer to what they draw. It is niced, and uses one thread: training and recognition go first.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trainer.base import logs
from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
from trainer.processes.job_process import niceness
from trainer.processes.probe_messages import (
    PIXELS,
    SIDE,
    ChannelImages,
    ProbeAnswer,
    Probed,
    ProbeFailed,
    ProbeRequest,
    WallFound,
    WallRequest,
    decode_request,
    encode_answer,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trainer.probing.feature_maps import ChannelMaps
    from trainer.probing.watching import Probe

_log = logging.getLogger(__name__)

_NICE = 15  # HANDWRITE_NICE may say less
_MOST_PROBES = 4  # networks that stay loaded


class ProbeService:
    """Keeps the networks that were asked last, and answers one request after the other."""

    def __init__(self) -> None:
        self._probes: dict[tuple[Path, int, int], Probe] = {}

    def answer(self, line: bytes) -> ProbeAnswer:
        """Never raises: an unexpected error must not end the process."""
        try:
            request = decode_request(line)
        except HandwriteError as error:
            return ProbeFailed(number=0, message=error.message)
        try:
            if isinstance(request, WallRequest):
                return self._wall(request)
            return self._read(request)
        except HandwriteError as error:
            return ProbeFailed(number=request.number, message=error.message)
        except Exception as error:
            traceback.print_exc()
            _log.exception("unexpected error")
            message = Message.of(
                "recognition.unexpected-error",
                "an unexpected error ({kind}: {reason})",
                kind=type(error).__name__,
                reason=str(error),
            )
            return ProbeFailed(number=request.number, message=message)

    def _wall(self, request: WallRequest) -> WallFound:
        from trainer.models.weights import read_card
        from trainer.probing.walls import wall_for

        labels = read_card(request.weights).labels
        wall = wall_for(request.weights, labels, request.data_folder)
        if wall is None:
            return WallFound(number=request.number)
        return WallFound(
            number=request.number,
            pictures=tuple(picture.tobytes() for picture in wall.pictures),
            targets=wall.targets,
        )

    def _read(self, request: ProbeRequest) -> Probed:
        probe = self._probe(request.weights)
        rows: tuple[tuple[float, ...], ...] = ()
        refused: tuple[bool, ...] = ()
        if request.pictures:
            probabilities, rejected = probe.read(_images(request.pictures), request.damage)
            rows = tuple(map(tuple, probabilities.tolist()))
            refused = tuple(rejected.tolist())
        maps: tuple[ChannelImages, ...] = ()
        if request.maps_of is not None:
            picture = _images((request.maps_of,))[0]
            every = probe.feature_maps(picture, request.damage)
            maps = tuple(_as_bytes(one) for one in every if request.layer in ("", one.layer))
        return Probed(
            number=request.number,
            labels=probe.labels,
            layers=probe.layers,
            probabilities=rows,
            refused=refused,
            maps=maps,
        )

    def _probe(self, path: Path) -> Probe:
        """A file that was replaced is read again. Raises WeightsError where it is gone or damaged."""
        from trainer.probing.watching import Probe

        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_size)
        except OSError:
            key = (path, 0, 0)
        probe = self._probes.pop(key, None) or Probe(path)
        self._probes[key] = probe  # the newest is last
        while len(self._probes) > _MOST_PROBES:
            del self._probes[next(iter(self._probes))]
        return probe


def _images(pictures: tuple[bytes, ...]) -> NDArray[np.uint8]:
    import numpy as np

    for picture in pictures:
        if len(picture) != PIXELS:
            raise ValueError(f"a picture has {len(picture)} bytes, not {PIXELS}")
    return np.frombuffer(b"".join(pictures), np.uint8).reshape(-1, SIDE, SIDE)


def _as_bytes(maps: ChannelMaps) -> ChannelImages:
    _, height, width = maps.values.shape
    return ChannelImages(
        layer=maps.layer,
        count=maps.count,
        height=height,
        width=width,
        channels=tuple(channel.tobytes() for channel in maps.values),
    )


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers every line of `requests` until it ends."""
    service = ProbeService()
    for line in requests:
        answers.write(encode_answer(service.answer(line)))
        answers.flush()


def main() -> None:
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ["OMP_NUM_THREADS"] = "1"
    if sys.platform != "win32":
        os.nice(min(_NICE, niceness()))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window ends it by closing its input
    logs.set_up("probe")
    logs.log_unhandled()
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()

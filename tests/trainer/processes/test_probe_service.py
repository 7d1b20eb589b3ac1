"""The probe process's service: answers to snapshots, maps and walls, and to what is wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from trainer.probing.damage import Damage
from trainer.processes.probe_messages import (
    PIXELS,
    ProbeAnswer,
    Probed,
    ProbeFailed,
    ProbeMessage,
    ProbeRequest,
    WallFound,
    WallRequest,
    decode_answer,
    encode_request,
)
from trainer.processes.probe_service import ProbeService, serve

_PICTURE = bytes(range(28)) * 28


def _asked(*requests: ProbeMessage) -> list[ProbeAnswer]:
    answers = io.BytesIO()
    serve(io.BytesIO(b"".join(map(encode_request, requests))), answers)
    return [decode_answer(line) for line in answers.getvalue().splitlines()]


def test_it_reads_pictures_and_shows_maps(lenet_file: Path) -> None:
    plain, damaged = _asked(
        ProbeRequest(number=1, weights=lenet_file, pictures=(_PICTURE, bytes(PIXELS))),
        ProbeRequest(
            number=2,
            weights=lenet_file,
            pictures=(_PICTURE,),
            maps_of=_PICTURE,
            damage=Damage(noise=1.0),
        ),
    )
    assert isinstance(plain, Probed)
    assert plain.number == 1
    assert [sum(row) for row in plain.probabilities] == pytest.approx([1, 1])
    assert plain.refused == (False, False)
    assert [(layer.name, layer.channels) for layer in plain.layers][:2] == [("0", 6), ("3", 16)]
    assert not plain.maps
    assert isinstance(damaged, Probed)
    assert damaged.probabilities[0] != plain.probabilities[0]
    assert [(m.layer, m.count, len(m.channels)) for m in damaged.maps] == [
        ("0", 6, 6),
        ("3", 16, 16),
    ]
    assert len(damaged.maps[0].channels[0]) == damaged.maps[0].height * damaged.maps[0].width


def test_a_file_that_is_gone_or_damaged_is_said_and_the_next_is_read(
    lenet_file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing")
    gone, damaged, good = _asked(
        ProbeRequest(number=1, weights=tmp_path / "gone.safetensors", pictures=(_PICTURE,)),
        ProbeRequest(number=2, weights=broken, pictures=(_PICTURE,)),
        ProbeRequest(number=3, weights=lenet_file, pictures=(_PICTURE,)),
    )
    assert isinstance(gone, ProbeFailed)
    assert gone.number == 1
    assert isinstance(damaged, ProbeFailed)
    assert isinstance(good, Probed)


def test_nonsense_ends_nothing(lenet_file: Path) -> None:
    service = ProbeService()
    assert isinstance(service.answer(b"{nonsense\n"), ProbeFailed)
    short = ProbeRequest(number=5, weights=lenet_file, pictures=(b"short",))
    answer = service.answer(encode_request(short))
    assert isinstance(answer, ProbeFailed)
    assert answer.number == 5


def test_a_network_without_a_run_has_a_wall_of_what_is_there(
    lenet_file: Path, bars: Path, tmp_path: Path
) -> None:
    of_mnist, drawn = _asked(
        WallRequest(number=1, weights=lenet_file, data_folder=bars),
        WallRequest(number=2, weights=lenet_file, data_folder=tmp_path / "no data"),
    )
    for wall in (of_mnist, drawn):
        assert isinstance(wall, WallFound)
        assert len(wall.pictures) == len(wall.targets) == 60
        assert set(wall.targets) == set("0123456789")

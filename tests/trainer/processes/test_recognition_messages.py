"""What the window and the recognition process say to each other comes out as it went in."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import RunError
from trainer.base.messages import Message
from trainer.execution.devices import DeviceState
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    Reading,
    ReadRequest,
    RecognitionAnswer,
    Refused,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
)


def _there_and_back(drawing: Drawing) -> Drawing:
    line = encode_request(ReadRequest(number=17, drawing=drawing))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    request = decode_request(line)
    assert isinstance(request, ReadRequest)
    assert request.number == 17
    return request.drawing


def _same(a: Drawing, b: Drawing) -> bool:
    assert len(a.strokes) == len(b.strokes)
    for one, other in zip(a.strokes, b.strokes, strict=True):
        assert other.points.dtype == np.float32
        assert np.array_equal(one.points, other.points)
        assert (one.pressure is None) == (other.pressure is None)
        if one.pressure is not None and other.pressure is not None:
            assert other.pressure.dtype == np.float32
            assert np.array_equal(one.pressure, other.pressure)
        assert one.width == other.width
    assert (a.image is None) == (b.image is None)
    if a.image is not None and b.image is not None:
        assert b.image.ink.dtype == np.uint8
        assert np.array_equal(a.image.ink, b.image.ink)
        places = [(i.left, i.top, i.width, i.height) for i in (a.image, b.image)]
        assert places[0] == places[1]
    return True


@pytest.mark.parametrize("device", ["auto", "cuda", "mps", "cpu"])
@pytest.mark.parametrize("weights", [None, Path("/a folder/grün.safetensors"), Path("x")])
def test_a_request_to_load(weights: Path | None, device: str) -> None:
    request = LoadRequest(weights=weights, device=device)
    assert decode_request(encode_request(request)) == request


def test_an_empty_drawing() -> None:
    assert _same(_there_and_back(Drawing()), Drawing())


def test_strokes_with_and_without_pressure_and_width() -> None:
    drawing = Drawing(
        (
            Stroke.make([(0, 0)]),
            Stroke.make([(0.1, -1e-30), (1e30, 3.14159265)], pressure=[0, 1]),
            Stroke.make([(1, 2), (3, 4), (5, 6)], pressure=[0.1, 0.2, 0.3], width=12.5),
            Stroke.make([(1, 2)], width=0.1),
        )
    )
    assert _same(_there_and_back(drawing), drawing)


def test_times_stay_at_home() -> None:
    """The network reads shapes; what was written when is nobody's business there."""
    stroke = Stroke.make([(0, 0), (1, 1)], times=[0.0, 0.5])
    assert _there_and_back(Drawing((stroke,))).strokes[0].times is None


def test_an_opened_picture_with_strokes_over_it() -> None:
    ink = np.random.default_rng(0).integers(0, 256, (37, 91), dtype=np.uint8)
    image = InkImage(ink, left=-3.5, top=1e-3, width=280.0, height=113.25)
    drawing = Drawing((Stroke.make([(1, 2), (3, 4)], width=9),), image)
    assert _same(_there_and_back(drawing), drawing)
    # A part of a larger picture does not lie in one piece.
    drawing = Drawing((), InkImage(ink[::2, 5:40], 0, 0, 1, 1))
    assert _same(_there_and_back(drawing), drawing)


def test_a_hundred_thousand_points() -> None:
    random = np.random.default_rng(0)
    stroke = Stroke.make(
        random.normal(size=(100_000, 2)) * 100, pressure=random.random(100_000), width=3
    )
    drawing = Drawing((stroke,))
    start = time.perf_counter()
    assert _same(_there_and_back(drawing), drawing)
    assert time.perf_counter() - start < 3


LOADED = Loaded(
    path="/weights/scribe.safetensors",
    name="scribe",
    architecture="scribe",
    labels=tuple("0123456789"),
    device="cpu",
    wanted_device="auto",
    devices=(
        DeviceState(name="cuda", available=False, detail=Message.of("device.x", "no card")),
        DeviceState(
            name="cpu",
            available=True,
            detail=Message.of("device.y", "{name}, 1 thread", name="x86"),
        ),
    ),
)


@pytest.mark.parametrize(
    "answer",
    [
        LOADED,
        Refused(
            message=Message.of("x.y", "{file}", file='broken "file"\nsecond line'),
            weights="/x.safetensors",
            device="cpu",
        ),
        Refused(message=Message.verbatim("no {braces}"), weights=None, device="auto"),
        Reading(number=0),
        Reading(number=3, error=Message.of("x.z", "no network is loaded"), picture=bytes(784)),
        Reading(
            number=2**40,
            labels=("0", "é", "\u2028", "手"),
            picture=bytes(range(256)) * 3 + bytes(16),
            probabilities=(0.1, 0.2, 1e-30, 0.7),
        ),
        Reading(number=5, labels=("a", "b"), probabilities=(0.5, 0.5), refused=True),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_an_answer(answer: RecognitionAnswer) -> None:
    line = encode_answer(answer)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_answer(line) == answer


_POINT = b'{"shape": [1, 2], "data": "AAAAAAAAAAA="}'
_BAD_STROKES = [
    b"[]",
    b"{}",
    b'{"points": null}',
    b'{"points": "AAAAAAAAAAA="}',
    b'{"points": {"shape": [1, 2]}}',
    b'{"points": {"shape": [1, 2], "data": "!"}}',
    b'{"points": {"shape": [1, 2], "data": "AAAA"}}',
    b'{"points": {"shape": [2], "data": "AAAAAAAAAAA="}}',
    b'{"points": {"shape": [2, 1], "data": "AAAAAAAAAAA="}}',
    b'{"points": {"shape": [-1, 2], "data": "AAAAAAAAAAA="}}',
    b'{"points": {"shape": 2, "data": "AAAAAAAAAAA="}}',
    b'{"points": ' + _POINT + b', "pressure": ' + _POINT + b"}",
    b'{"points": ' + _POINT + b', "width": "1"}',
]


def _read(stroke: bytes) -> bytes:
    return b'{"kind": "ReadRequest", "number": 1, "drawing": {"strokes": [' + stroke + b"]}}"


def test_a_stroke_of_one_point_is_a_request() -> None:
    """What the refused lines below differ from."""
    request = decode_request(_read(b'{"points": ' + _POINT + b', "width": 1}'))
    assert isinstance(request, ReadRequest)
    assert request.drawing.strokes[0].points.tolist() == [[0, 0]]


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\n", b"null", b"3", b'"LoadRequest"', b"[]", b'["kind"]', b"{}", b"\xff"),
        *(b'{"kind": null}', b'{"kind": "Load"}', b'{"kind": "Reading", "number": 1}'),
        *(b'{"kind": "LoadRequest", "weights": 3}', b'{"kind": "LoadRequest", "device": null}'),
        *(b'{"kind": "LoadRequest", "more": 1}', b'{"kind": "ReadRequest", "number": 1}'),
        b'{"kind": "ReadRequest", "number": "1", "drawing": {}}',
        b'{"kind": "ReadRequest", "number": 1, "drawing": null}',
        *(_read(stroke) for stroke in _BAD_STROKES),
        _read(b'{"points": {"shape": [0, 2], "data": ""}}'),
        b'{"kind": "ReadRequest", "number": 1, "drawing": {"image": {}}}',
        b'{"kind": "ReadRequest", "number": 1, "drawing": {"image": {"ink": {"shape": [2, 2], '
        b'"data": "AAAA"}, "left": 0, "top": 0, "width": 1, "height": 1}}}',
        b'{"kind": "ReadRequest", "number": 1, "drawing": {"image": {"ink": {"shape": [3], '
        b'"data": "AAAA"}, "left": 0, "top": 0, "width": 1, "height": 1}}}',
        b'{"kind": "ReadRequest", "number": 1, "drawing": {"image": {"ink": {"shape": [3, 1], '
        b'"data": "AAAA"}, "left": 0, "top": 0, "width": 1}}}',
        b"[" * 100_000,
    ],
    ids=lambda line: line[:40].decode(errors="replace"),
)
def test_what_is_no_request_is_told(line: bytes) -> None:
    with pytest.raises(RunError, match="not a request"):
        decode_request(line)


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"\n", b"null", b"3", b'"Reading"', b"[]", b"{}", b"\xff", b'{"kind": null}'),
        *(b'{"kind": "Rumour"}', b'{"kind": []}', b'{"kind": "Reading"}', b'{"kind": "Loaded"}'),
        b'{"kind": "Refused", "message": "x"}',
        b'{"kind": "Refused", "message": "x", "weights": null, "device": "cpu", "more": 1}',
        b'{"kind": "Reading", "number": 1, "labels": 3, "picture": null, "probabilities": null}',
        b'{"kind": "Reading", "number": 1, "labels": [], "picture": "!", "probabilities": null}',
        encode_answer(LOADED).replace(b'"available": false', b'"gone": 1'),
        encode_answer(LOADED)[:-20],
        b"Traceback (most recent call last):",
        b"[" * 100_000,
    ],
    ids=lambda line: line[:40].decode(errors="replace"),
)
def test_what_is_no_answer_is_told(line: bytes) -> None:
    with pytest.raises(RunError, match="not an answer"):
        decode_answer(line)


def test_a_message_is_plain_json() -> None:
    line = encode_request(ReadRequest(number=1, drawing=Drawing((Stroke.make([(1, 2)]),))))
    assert json.loads(line)["number"] == 1
    answer = json.loads(encode_answer(Reading(number=4, probabilities=(1.0, math.pi))))
    assert answer["kind"] == "Reading"
    assert answer["probabilities"] == [1.0, math.pi]

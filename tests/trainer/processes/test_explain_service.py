"""The explanation process's side: requests by number, the newest only, and errors as events."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from tests.drawings import DIGITS
from trainer.base.errors import RunError
from trainer.base.paths import shipped_weights_folder
from trainer.explanation.results import Answered, NothingDrawn, Pipeline
from trainer.handwriting.results import WrittenText
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.explain_messages import (
    ExplainEvent,
    ExplainRequest,
    Failed,
    Finished,
    NoRequest,
    PipelineRequest,
    WhyRequest,
    WriteRequest,
    decode_event,
    decode_request,
    encode_request,
)
from trainer.processes.explain_service import ExplainService, serve
from trainer.processes.recognition_messages import MemorySource

WEIGHTS = shipped_weights_folder() / "scribe-tiny.safetensors"
FOUR = Drawing(tuple(Stroke.make(points, width=20, times=None) for points in DIGITS["4"]))


def _events(request: ExplainRequest) -> list[ExplainEvent]:
    return [event for event in ExplainService().events(request) if event is not None]


def test_a_request_travels_with_its_number_and_times() -> None:
    timed = Drawing((Stroke.make([[0, 0], [5, 5]], times=[0.0, 0.5], width=8),))
    number, request = decode_request(encode_request(7, WhyRequest(weights=WEIGHTS, drawing=timed)))
    assert number == 7
    assert isinstance(request, WhyRequest)
    times = request.drawing.strokes[0].times
    assert times is not None
    assert times.tolist() == [0.0, 0.5]
    with pytest.raises(RunError):
        decode_request(b"not a line\n")


def test_the_last_event_is_finished_or_failed(tmp_path: Path) -> None:
    assert [type(e) for e in _events(PipelineRequest(weights=WEIGHTS, drawing=FOUR))] == [
        Pipeline,
        Finished,
    ]
    assert [type(e) for e in _events(PipelineRequest(weights=WEIGHTS, drawing=Drawing()))] == [
        NothingDrawn,
        Finished,
    ]
    (gone,) = _events(PipelineRequest(weights=tmp_path / "gone.safetensors", drawing=FOUR))
    assert isinstance(gone, Failed)
    assert gone.message.code == "explain.no-network"
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing")
    (failed,) = _events(PipelineRequest(weights=broken, drawing=FOUR))
    assert isinstance(failed, Failed)


def test_writing_without_anything_kept_uses_a_neutral_hand(tmp_path: Path) -> None:
    kept = MemorySource(drawings=tmp_path / "none.sqlite", writer="")
    *_, text, last = _events(WriteRequest(weights=WEIGHTS, text="1", kept=kept))
    assert isinstance(text, WrittenText)
    assert text.missing == ("1",)
    assert isinstance(last, Finished)
    (failed,) = _events(WriteRequest(weights=WEIGHTS, text="%", kept=kept))
    assert isinstance(failed, Failed)
    assert failed.message.code == "write.no-example"


def test_a_newer_request_ends_the_one_before() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as requests, os.fdopen(reading, "rb") as source:
        requests.write(encode_request(1, WhyRequest(weights=WEIGHTS, drawing=FOUR)))
        requests.flush()

        class Events(io.BytesIO):
            """Cancels after the first event that comes."""

            def flush(self) -> None:
                if not requests.closed:
                    requests.write(encode_request(2, NoRequest()))
                    requests.close()

        events = Events()
        serve(source, events)
    found = [decode_event(line) for line in events.getvalue().splitlines()]
    assert found[0][0] == 1
    assert isinstance(found[0][1], Answered)
    assert not any(number == 1 and isinstance(event, Finished) for number, event in found)

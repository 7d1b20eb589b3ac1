"""Events travel between processes as lines of JSON and come out the same."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunCancelled,
    RunContinued,
    RunFailed,
    RunFinished,
    RunPaused,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
    event_to_json,
)
from trainer.base.messages import Message

GOOD = Metrics(loss=0.25, accuracy=0.75, count=400)
EVERY_KIND: tuple[Event, ...] = (
    Downloading(file="t10k-labels-idx1-ubyte.gz", received=10, total=0),
    Note(message=Message.of("x.y", "{what} {n}", what='ä "quoted"\nsecond line \u2028 end', n=3)),
    Note(message=Message.of("a.b", "outer {reason}", reason=Message.of("c.d", "inner {x}", x=0.5))),
    RunStarted(
        run="/runs/1",
        network="cnn",
        parameters=421_642,
        training_pictures=55_000,
        validation_pictures=5_000,
        epochs=3,
        steps=1290,
        device="cpu",
        precision="float32, channels last",
        threads=2,
    ),
    BatchProgress(
        step=5,
        epoch=0.5,
        loss=2.302585092994046,
        accuracy=0.1,
        learning_rate=1e-07,
        images_per_second=12345.678,
        seconds=0.1,
        seconds_left=99.9,
    ),
    EpochFinished(epoch=1, step=10, training=GOOD, validation=GOOD, is_best=True, seconds=1.5),
    EpochFinished(
        epoch=1, step=9, training=GOOD, validation=GOOD, is_best=True, seconds=1, balanced=GOOD
    ),
    RunFinished(
        reason="completed",
        run="/runs/1",
        weights="/runs/1/best.safetensors",
        best_epoch=2,
        epochs=3,
        validation=GOOD,
        seconds=9.0,
        compared=GOOD,
        fixed=7,
        broken=2,
    ),
    RunFinished(
        reason="stopped",
        run="r",
        weights="w",
        best_epoch=1,
        epochs=3,
        validation=GOOD,
        seconds=9.0,
    ),
    RunStoppedEarly(run="", seconds=0.0),
    RunPaused(step=7, epoch=0.25),
    RunContinued(step=7),
    RunCancelled(run="/runs/1", left=("notes.txt",)),
    RunFailed(message=Message.of("x.no", "no {what}", what="way"), wrong_input=True),
)


def test_every_kind_of_event_is_tried_here() -> None:
    assert {type(event) for event in EVERY_KIND} == set(Event.__args__)


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: type(event).__name__)
def test_one_line_of_json_and_back(event: Event) -> None:
    line = event_to_json(event)
    assert "\n" not in line
    assert json.loads(line)["event"] == type(event).__name__
    assert event_from_json(line) == event
    assert event_from_json(line.encode() + b"\n") == event


def test_events_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVERY_KIND[0].received = 3  # type: ignore[misc,union-attr]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "null",
        "3",
        "[]",
        '"Note"',
        "{}",
        '{"text": "x"}',
        '{"event": "Rumour", "text": "x"}',
        '{"event": ["Note"], "text": "x"}',
        '{"event": "Note"}',
        '{"event": "Note", "message": "x"}',
        '{"event": "Note", "message": {"code": "x"}}',
        '{"event": "Note", "message": {"code": "x", "text": "x", "parameters": {"y": []}}}',
        '{"event": "Note", "message": {"code": "x", "text": "x", "parameters": {}}',
        '{"event": "EpochFinished", "training": {"loss": 1}}',
        b"\xff\xfe",
        "Traceback (most recent call last):",
        "[" * 100_000,
    ],
)
def test_another_line_is_refused(line: str | bytes) -> None:
    with pytest.raises(RunError, match="not an event"):
        event_from_json(line)


def test_a_line_of_another_version_is_read() -> None:
    """Fields that it lacks have their defaults, fields that it has more are ignored, also within others."""
    epoch = next(event for event in EVERY_KIND if isinstance(event, EpochFinished))
    document = json.loads(event_to_json(epoch))
    del document["balanced"]
    document["later"] = [1]
    document["training"]["f1"] = 0.5
    assert event_from_json(json.dumps(document)) == epoch


def test_a_note_of_an_earlier_version_is_a_sentence() -> None:
    event = event_from_json('{"event": "Note", "text": "not {what} it was"}')
    assert isinstance(event, Note)
    assert event.text == "not {what} it was"


def test_numbers_that_are_not_finite_are_read() -> None:
    """Python's JSON writes them, and the loss of a run that diverges is one."""
    failed = Metrics(loss=math.inf, accuracy=0.1, count=10)
    epoch = EpochFinished(
        epoch=1, step=1, training=failed, validation=failed, is_best=False, seconds=1.0
    )
    assert event_from_json(event_to_json(epoch)) == epoch
    line = event_to_json(epoch).replace("Infinity", "NaN", 1)
    event = event_from_json(line)
    assert isinstance(event, EpochFinished)
    assert math.isnan(event.training.loss)

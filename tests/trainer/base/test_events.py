"""Events travel between processes as lines of JSON and come out the same."""

from __future__ import annotations

import dataclasses
import json

import pytest

from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunFailed,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
    event_to_json,
)

GOOD = Metrics(loss=0.25, accuracy=0.75, count=400)
EVERY_KIND: tuple[Event, ...] = (
    Downloading(file="t10k-labels-idx1-ubyte.gz", received=10, total=0),
    Note(text='ä "quoted"\nsecond line \u2028 end'),
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
    RunFailed(message="no", wrong_input=True),
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
        '{"event": "Note", "text": "x", "more": 1}',
        '{"event": "Note", "text": "x"',
        '{"event": "EpochFinished", "training": {"loss": 1}}',
        b"\xff\xfe",
        "Traceback (most recent call last):",
        "[" * 100_000,
    ],
)
def test_another_line_is_refused(line: str | bytes) -> None:
    with pytest.raises(RunError, match="not an event"):
        event_from_json(line)

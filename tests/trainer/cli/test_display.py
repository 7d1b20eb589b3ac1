"""What is seen of a run: on a screen, in a file, and both at once."""

from __future__ import annotations

import io
import json
import re
import sys

import pytest

from tests.trainer.run_folders import note
from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Metrics,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
)
from trainer.cli.display import Display

FIGURES = Metrics(loss=0.5, accuracy=0.875, count=1000)
RUN: list[Event] = [
    note("a note with [brackets]"),
    RunStarted(
        run="/runs/[1]",
        network="cnn",
        parameters=421_642,
        training_pictures=55_000,
        validation_pictures=5_000,
        epochs=2,
        steps=860,
        device="cpu",
        precision="float32, channels last",
        threads=2,
    ),
    BatchProgress(
        step=430,
        epoch=1.0,
        loss=0.25,
        accuracy=0.9,
        learning_rate=0.001,
        images_per_second=7000.4,
        seconds=8.0,
        seconds_left=8.0,
    ),
    EpochFinished(epoch=1, step=430, training=FIGURES, validation=FIGURES, is_best=True, seconds=9),
    EpochFinished(epoch=2, step=860, training=FIGURES, validation=FIGURES, is_best=False, seconds=19),
    RunFinished(
        reason="completed",
        run="/runs/[1]",
        weights="/runs/[1]/best.safetensors",
        best_epoch=1,
        epochs=2,
        validation=FIGURES,
        seconds=19.4,
        compared=FIGURES,
        fixed=12,
        broken=3,
    ),
]  # fmt: skip
EPOCH = "epoch   1  loss 0.5000  validation loss 0.5000  accuracy 87.50 %  best"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def _show(
    monkeypatch: pytest.MonkeyPatch, out: io.StringIO, err: io.StringIO, events: list[Event]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with Display(as_json=False) as display:
        for event in events:
            display.show(event)
    assert sys.stdout is out


def test_lines_in_a_file_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    _show(monkeypatch, out, err, RUN)
    assert out.getvalue().splitlines() == [
        "a note with [brackets]",
        "cnn, 421,642 parameters, on cpu (float32, channels last, 2 threads)",
        "55,000 pictures to learn from, 5,000 for validation; run folder /runs/[1]",
        "The training loss includes augmentation and label smoothing, the validation loss does not.",
        EPOCH,
        "epoch   2  loss 0.5000  validation loss 0.5000  accuracy 87.50 %",
        "Done after 19 s. Best epoch 1: 87.50 % on 1,000 validation pictures (4,000 more show none of the "
        "labels and are there to be rejected).",
        "/runs/[1]/best.safetensors",
        "Compared with the network before (87.50 %): 12 fixed, 3 broken.",
    ]
    assert "training" in err.getvalue()


def test_another_number_of_validation_pictures_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = next(event for event in RUN if isinstance(event, RunStarted))
    for wanted, told in ((500, True), (5000, False), (0, False)):
        with Display(as_json=False, wanted_validation=wanted) as display:
            display.show(started)
        output = capsys.readouterr().out
        assert (f"5,000 pictures instead of {wanted:,} are kept apart" in output) == told


def test_on_one_screen_lines_stand_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    _show(monkeypatch, screen, screen, RUN)
    text = screen.getvalue()
    before, found, after = text.partition(EPOCH)
    assert found
    # The bar's line was wiped before, and is painted anew below.
    assert re.search(r"(\x1b\[2K|\r|\n)(\x1b\[[0-9;?]*[a-zA-Z])*$", before)
    assert before.rfind("\x1b[2K") > before.rfind("training")
    assert after.startswith(("\n", "\r\n")) or after.lstrip(" ").startswith("\n")
    assert "epoch 1.0  loss 0.250  7,000 img/s" in text


def test_the_bar_is_on_the_screen_and_the_lines_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, err = io.StringIO(), Screen()
    _show(monkeypatch, out, err, RUN)
    assert EPOCH in out.getvalue().splitlines()
    assert "\x1b" not in out.getvalue()
    assert "training" in err.getvalue()
    assert EPOCH not in err.getvalue()


def test_a_download_has_one_bar_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    events: list[Event] = []
    for name in ("a.gz", "b.gz"):
        events += [Downloading(file=name, received=n, total=3000) for n in (1000, 2000, 3000, 3000)]
    events.append(Downloading(file="tiny.gz", received=5, total=5))
    events += [Downloading(file="silent.gz", received=n, total=0) for n in (1000, 2000)]
    events.append(Downloading(file="silent.gz", received=2000, total=2000))
    _show(monkeypatch, out, err, events)
    assert out.getvalue() == ""
    lines = [line for line in err.getvalue().splitlines() if line.strip()]
    assert [line.split()[1] for line in lines] == ["a.gz", "b.gz", "silent.gz"]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("completed", "Done"),
        ("stopped", "Stopped"),
        ("patience", "Stopped early: validation loss has not improved for "),
    ],
)
def test_how_it_ended(monkeypatch: pytest.MonkeyPatch, reason: str, words: str) -> None:
    finished = RunFinished(
        reason=reason,
        run="r",
        weights="w",
        best_epoch=1,
        epochs=2,
        validation=FIGURES,
        seconds=1,
    )
    out = io.StringIO()
    _show(monkeypatch, out, io.StringIO(), [finished])
    assert out.getvalue().startswith(words)
    assert "Compared" not in out.getvalue()
    assert ("train --resume r`" in out.getvalue()) == (reason == "stopped")


def test_nothing_is_said_of_a_run_without_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    _show(monkeypatch, out, io.StringIO(), [RunStoppedEarly(run="r", seconds=1)])
    assert out.getvalue() == ""


def test_for_machines_every_event_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Display(as_json=True) as display:
        for event in RUN:
            display.show(event)
    output = capsys.readouterr()
    assert output.err == ""
    assert [json.loads(line)["event"] for line in output.out.splitlines()] == [
        type(event).__name__ for event in RUN
    ]

"""What a run leaves by which it can be watched: snapshots, the wall, and every validation picture's answer."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.made_runs import of_kind, result_of, run_all, small, stop_after
from trainer.base.events import EpochFinished, Event, Note
from trainer.evaluation.answers_file import read_answers
from trainer.models.weights import load_weights
from trainer.runs.config import SOFTMAX_TWICE
from trainer.runs.snapshots import list_snapshots
from trainer.runs.wall import read_wall
from trainer.training import recorder
from trainer.training.train import resume

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def watched(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    return run_all(bars, small(epochs=2), runs=tmp_path_factory.mktemp("runs"))


def test_snapshots_of_the_first_steps_and_of_every_epoch(watched: list[Event]) -> None:
    folder = Path(result_of(watched).run)
    found = list_snapshots(folder)
    steps = [epoch.step for epoch in of_kind(watched, EpochFinished)]
    early = [step for step in (1, 2, 4, 8, 16, 32, 64) if step < steps[0]]
    assert [one.step for one in found] == [0, *early, *steps]
    assert [one.epoch for one in found if one.step in (0, *steps)] == [0, 1, 2]
    for one in found:
        _, card = load_weights(one.path)
        assert card.metrics["step"] == one.step
    last, _ = load_weights(folder / "last.safetensors")
    newest, _ = load_weights(found[-1].path)
    for name, weights in last.state_dict().items():
        assert np.array_equal(weights, newest.state_dict()[name])


def test_the_wall_is_of_validation_pictures(watched: list[Event]) -> None:
    folder = Path(result_of(watched).run)
    wall, answers = read_wall(folder), read_answers(folder / "answers.npz")
    assert wall is not None
    assert len(wall.targets) == 60
    stored = {picture.tobytes() for picture in answers.pictures}
    assert all(picture.tobytes() in stored for picture in wall.pictures)


def test_every_answer_is_stored(watched: list[Event]) -> None:
    result = result_of(watched)
    answers = read_answers(Path(result.run) / "answers.npz")
    assert len(answers) == result.validation.count
    right = float((answers.answers == answers.targets).mean())
    assert right == pytest.approx(result.validation.accuracy)


def test_a_resumed_run_has_each_snapshot_once(bars: Path, tmp_path: Path) -> None:
    stopped = run_all(bars, small(epochs=3), runs=tmp_path, should_stop=stop_after(12))
    folder = Path(result_of(stopped).run)
    (folder / "snapshot-00999999-epoch-2.5.safetensors").write_bytes(b"of a time that is undone")
    events = list(resume(folder, data_folder=bars))
    steps = [one.step for one in list_snapshots(folder)]
    assert len(steps) == len(set(steps))
    assert steps[-1] == of_kind(events, EpochFinished)[-1].step
    assert 999_999 not in steps


def test_a_run_goes_on_where_no_snapshot_can_be_written(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recorder, "thin", full)
    events = run_all(bars, small(epochs=1), runs=tmp_path)
    assert result_of(events)
    notes = [n for n in of_kind(events, Note) if n.message.code == "training.snapshot-not-written"]
    assert len(notes) == 1


def test_softmax_twice_is_a_loss_that_never_becomes_small(
    bars: Path, tmp_path: Path, watched: list[Event]
) -> None:
    events = run_all(bars, small(epochs=2, loss=SOFTMAX_TWICE), runs=tmp_path)
    least = math.log(math.e + 9) - 1  # of ten classes: softmax's outputs lie between 0 and 1
    assert of_kind(events, EpochFinished)[-1].training.loss > least
    assert of_kind(watched, EpochFinished)[-1].training.loss < least

"""A run that was broken off goes on, and ends as if it had not been."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from tests.trainer.made_runs import of_kind, result_of, run_all, small, stop_after
from tests.trainer.programs import Command, wait_for
from tests.trainer.strokes_files import lines, write
from trainer.base.errors import InputError, RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
)
from trainer.cli import run
from trainer.datasets import generated
from trainer.execution import execution
from trainer.execution.execution import Execution
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.runs.config import TrainConfig
from trainer.runs.records import read_run
from trainer.runs.run_folder import RunFolder
from trainer.training import loop, recorder, setup
from trainer.training import train as train_module
from trainer.training.checkpoints.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from trainer.training.train import resume, train
from trainer.training.validation import Validator

pytestmark = pytest.mark.usefixtures("one_thread")

#: All that has a state of its own: augmentation, dropout, averages, an optimizer with moments.
CHANGED: dict[str, Any] = {
    "network": "cnn-valid",
    "epochs": 3,
    "limit": 320,
    "augmentation": "strong",
    "averaging": 0.9,
    "patience": 5,
}


def figures(events: list[Event]) -> list[tuple[Any, ...]]:
    return [
        (e.epoch, e.step, e.training, e.validation, e.balanced, e.is_best)
        for e in of_kind(events, EpochFinished)
    ]


def logged(folder: Path) -> list[Event]:
    return [event_from_json(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def whole(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """A run that nothing interrupts."""
    return run_all(bars, small(**CHANGED), runs=tmp_path_factory.mktemp("whole"))


def same_weights(here: Path, there: Path) -> bool:
    one, other = load_weights(here)[0].state_dict(), load_weights(there)[0].state_dict()
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports and checkpoints at every step."""
    monkeypatch.setattr(loop, "_REPORT_EVERY", 0.0)
    monkeypatch.setattr(recorder, "_CHECKPOINT_EVERY", 0.0)


def broken_off(bars: Path, runs: Path, config: TrainConfig, when: Callable[[Event], bool]) -> Path:
    """The folder of a run that writes nothing from such an event on, as if it had been killed then."""
    events = train(config, data_folder=bars, runs=runs)
    next(event for event in events if when(event))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunFolder, "write_log", lambda _: None)
        events.close()  # type: ignore[attr-defined]
    (folder,) = runs.iterdir()
    return folder


def after(steps: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, BatchProgress) and event.step == steps + 1


@pytest.mark.parametrize("steps", [1, 10, 25])
@pytest.mark.usefixtures("often")
def test_broken_off_anywhere_it_ends_the_same(
    bars: Path, tmp_path: Path, whole: list[Event], steps: int
) -> None:
    """After so many steps of thirty; ten are an epoch."""
    folder = broken_off(bars, tmp_path, small(**CHANGED), after(steps))
    rest = list(resume(folder, data_folder=bars))
    assert figures(logged(folder)) == figures(whole)
    assert result_of(rest).validation == result_of(whole).validation
    assert same_weights(folder / "best.safetensors", Path(result_of(whole).weights))
    steps_told = [e.step for e in of_kind(logged(folder), BatchProgress)]
    assert steps_told == list(range(1, 31))
    assert not (folder / "checkpoint.safetensors").exists()


@pytest.mark.parametrize(
    "changed",
    [
        # Strokes are drawn anew, and pictures drawn from, in every epoch.
        {"dataset": "2.5*strokes:{folder}/a.jsonl+0.5*strokes:{folder}/b.jsonl", "batch_size": 8},
        # A threshold is fitted in every epoch.
        {"dataset": "strokes:{folder}/a.jsonl+scribbles", "network": "lenet5", "batch_size": 8},
        {"network": "dsdcnn", "layers": 2},  # a part that is computed once
        {"optimizer": "sgd", "precision": "bfloat16"},
        {"optimizer": "rmsprop", "averaging": 0.0, "network": "cnn"},
    ],
    ids=["mixture", "refusing", "frozen", "bfloat16", "rmsprop"],
)
@pytest.mark.usefixtures("often")
def test_with_these_settings_too(
    bars: Path, tmp_path: Path, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "_COUNT", 170)
    for seed, name in enumerate("ab"):
        write(tmp_path / f"{name}.jsonl", lines(60, seed=seed))
    settings = {**CHANGED, "epochs": 2, "limit": 160, "dataset": "mnist", **changed}
    settings["dataset"] = settings["dataset"].format(folder=tmp_path)
    config = small(**settings)
    alone = run_all(bars, config, runs=tmp_path / "alone")
    folder = broken_off(bars, tmp_path / "runs", config, after(7))
    list(resume(folder, data_folder=bars))
    assert figures(logged(folder)) == figures(alone)
    last, there = folder / "last.safetensors", Path(result_of(alone).run) / "last.safetensors"
    assert same_weights(last, there)
    assert read_card(last).threshold == read_card(there).threshold
    assert (read_card(last).threshold is not None) == ("scribbles" in settings["dataset"])


@pytest.mark.usefixtures("often")
def test_a_mixtures_best_epoch_stays_the_one_to_beat(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed, name in enumerate("ab"):
        write(tmp_path / f"{name}.jsonl", lines(60, seed=seed))
    mixture = f"2*strokes:{tmp_path / 'a.jsonl'}+strokes:{tmp_path / 'b.jsonl'}"
    config = small(**{**CHANGED, "epochs": 2, "limit": 160, "dataset": mixture, "batch_size": 8})
    alone = run_all(bars, config, runs=tmp_path / "alone")
    first, second = of_kind(alone, EpochFinished)
    assert first.balanced not in (None, first.validation)
    folder = broken_off(bars, tmp_path / "runs", config, after(first.step + 2))
    beaten = []
    is_best = Validator.is_best

    def noted(self: Validator, found: Metrics) -> bool:
        beaten.append(self.best and self.best.selection_metrics)
        return is_best(self, found)

    monkeypatch.setattr(Validator, "is_best", noted)
    list(resume(folder, data_folder=bars))
    assert beaten == [first.balanced]
    assert figures(logged(folder)) == figures([first, second])


@pytest.mark.usefixtures("often")
def test_the_way_it_was_computed_stays(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another one would be measured to be the fastest now; and for the judging, too."""
    layouts = iter(("channels first", "channels last"))
    judged = []
    validate = Validator.validate

    def measured(*_: Any, **__: Any) -> tuple[Execution, int]:
        device = torch.device("cpu")
        return Execution(device=device, precision="float32", layout=next(layouts)), 1  # type: ignore[arg-type]

    def noted(self: Validator, network: torch.nn.Module) -> Any:
        (weights,) = (p for p in network.parameters() if p.shape == (64, 32, 3, 3))
        judged.append((self.execution.layout, weights.is_contiguous()))
        return validate(self, network)

    monkeypatch.setattr(setup, "fastest_execution", measured)
    monkeypatch.setattr(Validator, "validate", noted)
    config = small(**{**CHANGED, "precision": "auto"})
    folder = broken_off(bars, tmp_path, config, after(12))
    list(resume(folder, data_folder=bars))
    assert judged == [("channels first", True)] * 3


@pytest.mark.usefixtures("often")
def test_killed_while_the_end_is_told_it_can_be_told_again(
    bars: Path, tmp_path: Path, whole: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train_module, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            run_all(bars, small(**CHANGED), runs=tmp_path)
    (folder,) = tmp_path.iterdir()
    rest = list(resume(folder, data_folder=bars))
    assert result_of(rest).validation == result_of(whole).validation
    assert figures(logged(folder)) == figures(whole)


def test_what_a_stopped_run_keeps_is_what_it_goes_on_with(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best weights may be those of the half epoch after which it was stopped."""
    accuracies = iter([0.5, 0.9, 0.6, 0.7])

    def made_up(*tensors: torch.Tensor) -> Any:
        return dataclasses.replace(execution.metrics_of(*tensors), accuracy=next(accuracies))

    monkeypatch.setattr("trainer.training.validation.metrics_of", made_up)
    config = small(epochs=3, limit=64, batch_size=16)
    events = run_all(bars, config, runs=tmp_path, should_stop=stop_after(6))
    folder = Path(result_of(events).run)
    result = result_of(list(resume(folder, data_folder=bars)))
    assert (result.reason, result.validation.accuracy) == ("completed", 0.9)
    cards = [read_card(folder / f"{name}.safetensors") for name in ("best", "last")]
    assert [card.metrics["validation_accuracy"] for card in cards] == [0.9, 0.7]


def test_stopped_it_can_go_on(bars: Path, tmp_path: Path, whole: list[Event]) -> None:
    events = run_all(bars, small(**CHANGED), runs=tmp_path, should_stop=stop_after(15))
    assert result_of(events).reason == "stopped"
    folder = Path(result_of(events).run)
    rest = list(resume(folder, data_folder=bars))
    assert result_of(rest).reason == "completed"
    assert figures(rest)[-1][1:4] == figures(whole)[-1][1:4]


def test_a_complete_run_has_nowhere_to_go(whole: list[Event], bars: Path) -> None:
    with pytest.raises(InputError, match="is complete: 3 of 3 epochs"):
        list(resume(Path(result_of(whole).run), data_folder=bars))


def test_killed_before_its_first_checkpoint_it_begins_again(
    bars: Path, tmp_path: Path, whole: list[Event]
) -> None:
    """In its folder, and ends as if it had not been killed."""
    folder = broken_off(
        bars, tmp_path, small(**CHANGED), lambda event: isinstance(event, BatchProgress)
    )
    assert not (folder / "checkpoint.safetensors").exists()
    begun = read_run(folder).begun
    rest = list(resume(folder, data_folder=bars))
    assert list(tmp_path.iterdir()) == [folder]
    assert figures(rest) == figures(logged(folder)) == figures(whole)
    assert same_weights(folder / "best.safetensors", Path(result_of(whole).weights))
    assert len(of_kind(logged(folder), RunStarted)) == 1
    assert read_run(folder).begun == begun.replace(microsecond=0)


def test_stopped_before_anything_was_learned_it_begins_again(bars: Path, tmp_path: Path) -> None:
    config = small(limit=64)
    early = run_all(bars, config, runs=tmp_path, should_stop=lambda: True)
    assert isinstance(early[-1], RunStoppedEarly)
    rest = list(resume(Path(early[-1].run), data_folder=bars))
    assert result_of(rest).reason == "completed"
    assert read_run(Path(early[-1].run)).state == "finished"


@pytest.fixture
def stopped(bars: Path, tmp_path: Path) -> Path:
    events = run_all(bars, small(epochs=2), runs=tmp_path, should_stop=stop_after(25))
    return Path(result_of(events).run)


def test_a_damaged_checkpoint_is_refused(stopped: Path, bars: Path) -> None:
    path = stopped / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match="damaged"):
        list(resume(stopped, data_folder=bars))


@pytest.mark.parametrize("header", ["[]", "3", "null", '"x"', "[" * 100_000, "{}"])
def test_a_checkpoint_with_a_foreign_header_is_refused(tmp_path: Path, header: str) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(save({"x": torch.zeros(1)}, metadata={"handwrite-checkpoint": header}))
    with pytest.raises(InputError, match=r"damaged|another version"):
        read_checkpoint(path)


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_checkpoint_that_is_not_finite_is_refused_before_an_epoch(
    tmp_path: Path, value: str
) -> None:
    """Its weights could not be read again after hours."""
    path = tmp_path / "checkpoint.safetensors"
    tensors = {"network.0.bias": torch.tensor([0.0, float(value)]), "order": torch.arange(3)}
    write_checkpoint(path, Checkpoint(tensors=tensors, facts={}))
    with pytest.raises(InputError, match=r"network\.0\.bias holds values that are not finite"):
        read_checkpoint(path)


def test_other_data_is_refused(stopped: Path, bars: Path) -> None:
    path = stopped / "checkpoint.safetensors"
    content = path.read_bytes()
    assert b'pictures\\": 640' in content
    path.write_bytes(content.replace(b'pictures\\": 640', b'pictures\\": 641'))
    with pytest.raises(InputError, match="641 pictures, here are 640"):
        list(resume(stopped, data_folder=bars))
    # As many, of other digits.
    at = content.index(b'labels\\": \\"') + len(b'labels\\": \\"')
    path.write_bytes(content[:at] + b"0123456789abcdef" + content[at + 16 :])
    with pytest.raises(InputError, match="other pictures than"):
        list(resume(stopped, data_folder=bars))


def test_a_full_disk_is_told_once_and_the_run_goes_on(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RunError("the disk is full")

    monkeypatch.setattr(recorder, "write_checkpoint", full)
    monkeypatch.setattr(
        "trainer.training.validation.save_weights",
        lambda path, *rest: (full if path.stem == "last" else save_weights)(path, *rest),
    )
    events = run_all(bars, small(epochs=3), runs=tmp_path)
    assert [note.text for note in of_kind(events, Note)] == [
        "The run goes on, but its last weights are not kept: the disk is full",
        "The run goes on, but it could not be resumed: the disk is full",
    ]
    assert result_of(events).reason == "completed"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_the_process_goes_on(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real process, a real SIGKILL, and --resume, against the same run left alone."""
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path))
    config = small(epochs=15, augmentation="shift")
    settings = [f"--{k.replace('_', '-')}={v}" for k, v in config.to_json().items() if v != ""]
    process = Command(
        ["train", "--data", bars, "--json", *settings],
        folder=tmp_path / "told",
        environment={"HANDWRITE_HOME": str(tmp_path)},
    )
    # The checkpoint of the first epoch is there when the second one has ended.
    wait_for(lambda: sum('"EpochFinished"' in line for line in process.out) >= 2)
    process.send(signal.SIGKILL)
    assert process.code() == -signal.SIGKILL
    (killed,) = (tmp_path / "runs").iterdir()
    before = read_checkpoint(killed / "checkpoint.safetensors").facts["place"]["seen"]
    assert 0 < before < 15 * 640
    assert run(["train", "--data", str(bars), "--json", "--resume", killed.name]) == 0
    alone = run_all(bars, config, runs=tmp_path / "alone")
    assert figures(logged(killed)) == figures(alone)

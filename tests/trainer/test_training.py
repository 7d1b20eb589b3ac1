"""A training run: what it tells, what it writes, and that it always hands back its best."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch

from trainer import training
from trainer.config import OPTIMIZERS, SCHEDULES, TrainConfig
from trainer.datasets import load_training
from trainer.errors import ConfigError, DataError, RunError, WeightsError
from trainer.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
)
from trainer.paths import runs_folder
from trainer.recognizer import Recognizer
from trainer.training import train
from trainer.weights import load_weights, read_card, save_weights
from trainer.weights_card import WeightsCard

pytestmark = pytest.mark.usefixtures("one_thread")

T = TypeVar("T")
SMALL: dict[str, Any] = {
    "network": "lenet5",
    "epochs": 1,
    "batch_size": 32,
    "learning_rate": 3e-3,
    "augmentation": "none",
    "device": "cpu",
    "precision": "float32",
    "validation": 200,
    "limit": 640,
    "threads": 1,
}


def _small(**changed: Any) -> TrainConfig:
    return TrainConfig(**{**SMALL, **changed})


def _run(data: Path, config: TrainConfig, **rest: Any) -> list[Event]:
    return list(train(config, data_folder=data, **rest))


def _of_kind(events: list[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def _result(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


def _after(count: int) -> Callable[[], bool]:
    """A stop flag that is set once it has been asked so often."""
    asked = iter(range(count))
    return lambda: next(asked, None) is None


@pytest.fixture(scope="module")
def learned(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """The events of one good run of two epochs."""
    runs = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_REPORT_EVERY", 0.0)
        return _run(bars, _small(epochs=2), runs=runs)


# --- what it tells


def test_it_learns(learned: list[Event], bars: Path) -> None:
    result = _result(learned)
    assert result.reason == "completed"
    assert result.validation.accuracy > 0.9
    assert result.validation.count == 200
    recognizer = Recognizer(Path(result.weights), device="cpu")
    part = load_training("mnist", bars, validation=200).validation
    answers = recognizer.logits(part.pictures).argmax(1).numpy()
    assert (answers == part.targets).mean() == pytest.approx(result.validation.accuracy)


def test_events_come_in_order(learned: list[Event]) -> None:
    steps = 640 // 32
    kinds = [type(event) for event in learned]
    assert kinds == (
        [RunStarted]
        + ([BatchProgress] * steps + [EpochFinished]) * 2
        + [RunFinished]
    )  # fmt: skip
    progress = _of_kind(learned, BatchProgress)
    assert [event.step for event in progress] == list(range(1, 2 * steps + 1))
    assert [event.epoch for event in progress] == [(i + 1) / steps for i in range(2 * steps)]
    assert [event.epoch for event in _of_kind(learned, EpochFinished)] == [1, 2]
    assert [event.step for event in _of_kind(learned, EpochFinished)] == [steps, 2 * steps]
    clock = [event.seconds for event in learned if not isinstance(event, RunStarted | Note)]  # type: ignore[union-attr]
    assert clock == sorted(clock)
    assert progress[-1].seconds_left == 0
    assert all(event.images_per_second > 0 for event in progress)


def test_it_says_what_begins(learned: list[Event]) -> None:
    started = learned[0]
    assert isinstance(started, RunStarted)
    assert started == RunStarted(
        run=started.run,
        network="lenet5",
        parameters=61_706,
        training_pictures=640,
        validation_pictures=200,
        epochs=2,
        steps=40,
        device="cpu",
        precision="float32, channels last",
        threads=1,
    )
    assert Path(started.run).is_dir()


def test_an_epochs_figures_are_those_of_its_batches(learned: list[Event]) -> None:
    first = _of_kind(learned, EpochFinished)[0]
    batches = _of_kind(learned, BatchProgress)[:20]
    assert first.training.count == 640
    assert first.training.loss == pytest.approx(sum(b.loss for b in batches) / 20, rel=1e-5)
    assert first.training.accuracy == pytest.approx(sum(b.accuracy for b in batches) / 20)


def test_the_rate_goes_up_and_down(learned: list[Event]) -> None:
    rates = [event.learning_rate for event in _of_kind(learned, BatchProgress)]
    peak = rates.index(max(rates))
    assert rates[peak] == pytest.approx(3e-3)
    assert peak == 8  # a fifth of forty
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert 0 < rates[-1] < 2e-4


def test_nothing_is_a_tensor(learned: list[Event]) -> None:
    def leaves(value: object) -> Iterator[object]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from leaves(inner)
        else:
            yield value

    for event in learned:
        for leaf in leaves(dataclasses.asdict(event)):
            assert leaf is None or type(leaf) in (int, float, str, bool)


def test_reports_are_a_tenth_of_a_second_apart(bars: Path, tmp_path: Path) -> None:
    events = _run(bars, _small(limit=1000, batch_size=8), runs=tmp_path)
    progress = _of_kind(events, BatchProgress)
    apart = [b.seconds - a.seconds for a, b in itertools.pairwise(progress[:-1])]
    assert min(apart, default=0.1) >= 0.099
    assert len(progress) < 125
    assert _of_kind(events, EpochFinished)[0].training.count == 1000


# --- what it writes


def test_a_runs_folder(learned: list[Event]) -> None:
    result = _result(learned)
    folder = Path(result.run)
    assert sorted(path.name for path in folder.iterdir()) == [
        "best.safetensors",
        "config.json",
        "metrics.jsonl",
    ]
    assert result.weights == str(folder / "best.safetensors")
    config = json.loads((folder / "config.json").read_text())
    assert TrainConfig.from_json(config) == _small(epochs=2)
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert [event_from_json(line) for line in lines] == learned


def test_the_card_says_where_the_network_comes_from(learned: list[Event]) -> None:
    result = _result(learned)
    card = read_card(Path(result.weights))
    assert card.architecture == "lenet5"
    assert card.labels == tuple("0123456789")
    assert (card.mean, card.std) == (0.1307, 0.3081)
    assert card.data == "mnist, 640 training pictures"
    assert TrainConfig.from_json(card.recipe) == _small(epochs=2)
    best = _of_kind(learned, EpochFinished)[result.best_epoch - 1]
    assert card.metrics == {
        "epoch": result.best_epoch,
        "validation_accuracy": best.validation.accuracy,
        "validation_loss": best.validation.loss,
        "validation_pictures": 200,
    }
    assert card.created.endswith("+00:00")


def test_every_run_has_its_own_folder(bars: Path) -> None:
    config = _small(limit=32)
    folders = {_result(_run(bars, config)).run for _ in range(3)}
    assert len(folders) == 3
    assert {Path(folder).parent for folder in folders} == {runs_folder()}


def test_the_best_epoch_is_kept_not_the_last(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By accuracy, and by loss where that is the same."""
    figures = training.figures_of
    told = iter([(0.5, 0.9), (0.6, 0.9), (0.4, 0.9), (0.1, 0.8), (0.4, 0.9)])

    def made_up(logits: torch.Tensor, targets: torch.Tensor) -> training.Figures:
        loss, accuracy = next(told)
        return dataclasses.replace(figures(logits, targets), loss=loss, accuracy=accuracy)

    monkeypatch.setattr(training, "figures_of", made_up)
    events = _run(bars, _small(epochs=5, limit=32), runs=tmp_path)
    assert [event.is_best for event in _of_kind(events, EpochFinished)] == [
        True, False, True, False, False,
    ]  # fmt: skip
    result = _result(events)
    assert result.best_epoch == 3
    assert (result.validation.loss, result.validation.accuracy) == (0.4, 0.9)
    assert read_card(Path(result.weights)).metrics["epoch"] == 3


# --- the same again


@pytest.mark.parametrize("augmentation", ["none", "strong"])
def test_the_same_seed_is_the_same_run(bars: Path, tmp_path: Path, augmentation: str) -> None:
    def figures(seed: int) -> tuple[list[tuple[float, float]], dict[str, torch.Tensor]]:
        config = _small(limit=320, seed=seed, augmentation=augmentation)
        events = _run(bars, config, runs=tmp_path)
        told = [(e.training.loss, e.validation.loss) for e in _of_kind(events, EpochFinished)]
        return told, load_weights(Path(_result(events).weights))[0].state_dict()

    (once, weights), (again, same), (other, _) = figures(7), figures(7), figures(8)
    assert once == again
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert once != other


# --- stopping


def test_stopped_before_the_first_step_there_is_nothing_to_keep(bars: Path, tmp_path: Path) -> None:
    events = _run(bars, _small(), runs=tmp_path, should_stop=lambda: True)
    assert [type(event) for event in events] == [RunStarted, RunStoppedEarly]
    folder = Path(events[0].run)  # type: ignore[union-attr]
    assert events[-1].run == str(folder)  # type: ignore[union-attr]
    assert not (folder / "best.safetensors").exists()


@pytest.mark.parametrize("asked", [1, 3, 19])
def test_stopped_within_the_first_epoch_there_is_a_result(
    bars: Path, tmp_path: Path, asked: int
) -> None:
    events = _run(bars, _small(epochs=5), runs=tmp_path, should_stop=_after(asked))
    result = _result(events)
    assert result.reason == "stopped"
    assert (result.best_epoch, result.epochs) == (1, 5)
    (epoch,) = _of_kind(events, EpochFinished)
    assert epoch.step == asked
    assert epoch.training.count == asked * 32
    assert read_card(Path(result.weights)).metrics["epoch"] == 1


def test_stopped_later_the_best_so_far_comes_back(bars: Path, tmp_path: Path) -> None:
    # Twenty-one questions an epoch: one a batch and one at its end.
    events = _run(bars, _small(epochs=9), runs=tmp_path, should_stop=_after(21 + 5))
    result = _result(events)
    assert result.reason == "stopped"
    assert [event.step for event in _of_kind(events, EpochFinished)] == [20, 25]
    best = max(
        _of_kind(events, EpochFinished), key=lambda e: (e.validation.accuracy, -e.validation.loss)
    )
    assert result.best_epoch == best.epoch
    assert result.validation == best.validation


def test_stopped_between_two_epochs(bars: Path, tmp_path: Path) -> None:
    for asked in (20, 21):  # at the end of the first epoch, and before the first step of the second
        events = _run(bars, _small(epochs=9), runs=tmp_path, should_stop=_after(asked))
        assert _result(events).reason == "stopped"
        assert [event.step for event in _of_kind(events, EpochFinished)] == [20]


def test_a_listener_that_leaves_takes_nothing_along(bars: Path, tmp_path: Path) -> None:
    """The window may be gone at any event: what is on the disk is whole."""
    run = train(_small(epochs=5, limit=64), data_folder=bars, runs=tmp_path)
    for event in run:
        if isinstance(event, EpochFinished) and event.epoch == 2:
            break
    run.close()  # type: ignore[attr-defined]
    (folder,) = tmp_path.iterdir()
    load_weights(folder / "best.safetensors")
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert event_from_json(lines[-1]) == event
    assert not list(folder.glob("*.part"))


def test_patience(bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([1.0, 0.9, 0.95, 0.91, 0.1])
    figures = training.figures_of
    monkeypatch.setattr(
        training,
        "figures_of",
        lambda *tensors: dataclasses.replace(figures(*tensors), loss=next(losses)),
    )
    events = _run(bars, _small(epochs=50, limit=32, patience=2), runs=tmp_path)
    assert len(_of_kind(events, EpochFinished)) == 4
    assert _result(events).reason == "patience"


# --- what goes wrong


def test_a_loss_that_is_no_number_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second epoch's corrections are made a billion times too large."""
    monkeypatch.setattr(training, "_schedule", lambda _, done: 1.0 if done < 0.5 else 1e9)
    run = train(
        _small(epochs=2, optimizer="sgd", learning_rate=0.05), data_folder=bars, runs=tmp_path
    )
    events = []
    with pytest.raises(RunError, match="stopped being a number in epoch 2") as caught:
        events.extend(run)
    (folder,) = tmp_path.iterdir()
    assert str(folder / "best.safetensors") in str(caught.value)
    assert "smaller learning rate" in str(caught.value)
    _, card = load_weights(folder / "best.safetensors")
    assert card.metrics["epoch"] == 1
    # The log tells how it went up to there.
    last = event_from_json((folder / "metrics.jsonl").read_text().splitlines()[-1])
    assert isinstance(last, EpochFinished | BatchProgress)


def test_a_loss_that_is_no_number_from_the_start(bars: Path, tmp_path: Path) -> None:
    config = _small(optimizer="sgd", learning_rate=10.0, schedule="constant", epochs=3)
    with pytest.raises(RunError, match="stopped being a number in epoch 1") as caught:
        _run(bars, config, runs=tmp_path)
    assert "best weights" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("CUDA error: unknown error\nCompile with ..."), "failed: CUDA error: unknown error."),
        (RuntimeError("[enforce fail] can't allocate memory: 9 bytes"), "ran out of memory: try a smaller"),
        (torch.OutOfMemoryError("CUDA out of memory."), "ran out of memory: try a smaller"),
        (MemoryError(), "ran out of memory: try a smaller"),
    ],
)  # fmt: skip
def test_a_device_that_gives_out_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    calls = iter(range(25))
    step = training._Run._step

    def fails_late(self: Any, *rest: Any) -> torch.Tensor:
        if next(calls, None) is None:
            raise error
        return step(self, *rest)

    monkeypatch.setattr(training._Run, "_step", fails_late)
    with pytest.raises(RunError) as caught:
        _run(bars, _small(epochs=3), runs=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert message in str(caught.value)
    assert f"best weights so far are in {folder / 'best.safetensors'}" in str(caught.value)
    load_weights(folder / "best.safetensors")


def test_a_full_disk_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    save = training.save_weights

    def full_later(path: Path, *rest: Any) -> None:
        if path.exists():
            monkeypatch.setattr(os, "replace", fails)
        save(path, *rest)

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(training, "save_weights", full_later)
    with pytest.raises(RunError, match="No space left on device"):
        _run(bars, _small(epochs=9), runs=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert load_weights(folder / "best.safetensors")[1].metrics["epoch"] == 1
    assert not list(folder.glob("*.part"))


def test_a_log_that_cannot_be_written_is_told_and_the_result_stays(
    bars: Path, tmp_path: Path
) -> None:
    events = []
    for event in train(_small(), data_folder=bars, runs=tmp_path):
        events.append(event)
        if isinstance(event, RunStarted):
            (Path(event.run) / "metrics.jsonl").mkdir()
    assert "metrics.jsonl could not be written" in _of_kind(events, Note)[0].text
    assert _result(events).validation.count == 200


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"device": "mps"}, ConfigError),
        ({"data": "empty"}, DataError),
        ({"data": "cut"}, DataError),
        ({"compare_with": "absent.safetensors"}, WeightsError),
        ({"compare_with": "broken.safetensors"}, WeightsError),
    ],
    ids=str,
)
def test_wrong_input_writes_nothing(
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    error: type[Exception],
) -> None:
    if changed.get("device") == "mps" and torch.backends.mps.is_available():
        pytest.skip("there is an MPS device here")
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [])
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    for name in ("empty", "cut"):
        raw = tmp_path / name / "MNIST" / "raw"
        raw.mkdir(parents=True)
        if name == "cut":
            for source in (bars / "MNIST" / "raw").iterdir():
                (raw / source.name).write_bytes(source.read_bytes()[:5000])
    before = sorted(tmp_path.rglob("*"))
    data = tmp_path / changed["data"] if "data" in changed else bars
    compare = tmp_path / changed["compare_with"] if "compare_with" in changed else None
    config = _small(device=changed.get("device", "cpu"))
    with pytest.raises(error):
        _run(data, config, runs=tmp_path / "runs", compare_with=compare)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_for_runs_that_is_a_file(bars: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(RunError, match="no folder for the run can be made") as caught:
        _run(bars, _small(), runs=tmp_path / "runs")
    assert "HANDWRITE_HOME" in str(caught.value)


# --- settings


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_learns(bars: Path, tmp_path: Path, optimizer: str) -> None:
    rate = {"sgd": 0.05, "rmsprop": 1e-3}.get(optimizer, 3e-3)
    events = _run(bars, _small(optimizer=optimizer, learning_rate=rate), runs=tmp_path)
    assert _result(events).validation.accuracy > 0.5
    (epoch,) = _of_kind(events, EpochFinished)
    assert epoch.training.loss < math.log(10)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_runs(bars: Path, tmp_path: Path, schedule: str) -> None:
    events = _run(bars, _small(schedule=schedule, limit=320), runs=tmp_path)
    assert _result(events).reason == "completed"


def test_schedules_by_hand() -> None:
    one_cycle = [training._schedule("one-cycle", done) for done in (0, 0.1, 0.2, 0.6, 1)]
    assert one_cycle == pytest.approx([0.02, 0.5, 1, 0.5, 0])
    cosine = [training._schedule("cosine", done) for done in (0, 0.5, 1)]
    assert cosine == pytest.approx([1, 0.5, 0])
    assert [training._schedule("constant", done) for done in (0, 0.5, 1)] == [1, 1, 1]


def test_weight_decay_pulls_weights_and_leaves_biases() -> None:
    network = training.build_network("scribe", stem=2, middle=2, deep=2, blocks=1)
    optimizer = training._optimizer(network, _small(weight_decay=0.5))
    decayed, others = optimizer.param_groups
    assert (decayed["weight_decay"], others["weight_decay"]) == (0.5, 0.0)
    assert all(p.ndim > 1 for p in decayed["params"])
    assert all(p.ndim == 1 for p in others["params"])
    both = len(decayed["params"]) + len(others["params"])
    assert both == len(list(network.parameters()))


@pytest.mark.parametrize("network", ["lenet5", "cnn"])
def test_bfloat16(bars: Path, tmp_path: Path, network: str) -> None:
    config = _small(network=network, precision="bfloat16", augmentation="shift", limit=320)
    events = _run(bars, config, runs=tmp_path)
    assert events[0].precision == "bfloat16, channels last"  # type: ignore[union-attr]
    loaded, _ = load_weights(Path(_result(events).weights))
    assert all(p.dtype == torch.float32 for p in loaded.parameters())


def test_averaged_weights_are_the_ones_that_are_judged_and_kept(bars: Path, tmp_path: Path) -> None:
    plain = _run(bars, _small(), runs=tmp_path)
    averaged = _run(bars, _small(averaging=0.9), runs=tmp_path)
    # The same steps were made …
    assert (
        _of_kind(plain, EpochFinished)[0].training == _of_kind(averaged, EpochFinished)[0].training
    )
    # … and other weights came of them, that were judged.
    ours, theirs = (load_weights(Path(_result(e).weights))[0] for e in (plain, averaged))
    assert not torch.equal(next(ours.parameters()), next(theirs.parameters()))
    part = load_training("mnist", bars, validation=200).validation
    logits = Recognizer(Path(_result(averaged).weights), device="cpu").logits(part.pictures)
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(part.targets))
    assert float(loss) == pytest.approx(_result(averaged).validation.loss, rel=1e-4)


def test_an_average_by_hand() -> None:
    network = torch.nn.BatchNorm1d(1)
    average = training._Average(network, 0.5)
    wanted = 1.0
    for step, value in enumerate((3.0, 7.0, -2.0), start=1):
        with torch.no_grad():
            network.weight.fill_(value)
        network.num_batches_tracked.fill_(step)  # type: ignore[union-attr,operator]
        average.update(network)
        decay = min(0.5, (1 + step) / (10 + step))
        wanted = decay * wanted + (1 - decay) * value
    assert average.network.weight.item() == pytest.approx(wanted)
    assert average.network.num_batches_tracked.item() == 3  # type: ignore[union-attr,operator]


def test_the_last_batch_may_hold_one_picture(bars: Path, tmp_path: Path) -> None:
    events = _run(bars, _small(limit=33, batch_size=32), runs=tmp_path)
    assert _of_kind(events, EpochFinished)[0].training.count == 33
    assert events[0].steps == 2  # type: ignore[union-attr]
    assert _result(_run(bars, _small(limit=3, batch_size=8192), runs=tmp_path)).best_epoch == 1


# --- comparing


def test_a_comparison_counts_what_changed(bars: Path, tmp_path: Path, lenet_file: Path) -> None:
    result = _result(_run(bars, _small(), runs=tmp_path, compare_with=lenet_file))
    part = load_training("mnist", bars, validation=200).validation
    new, old = (
        Recognizer(path, device="cpu").logits(part.pictures).argmax(1).numpy() == part.targets
        for path in (Path(result.weights), lenet_file)
    )
    assert result.compared is not None
    assert result.compared.count == result.validation.count == 200
    assert result.compared.accuracy == pytest.approx(old.mean())
    assert result.validation.accuracy == pytest.approx(new.mean())
    assert result.fixed == int((new & ~old).sum())
    assert result.broken == int((old & ~new).sum())
    assert result.fixed - result.broken == int(new.sum()) - int(old.sum())
    assert result.fixed > 50


def test_a_network_compared_with_itself_changes_nothing(
    bars: Path, tmp_path: Path, learned: list[Event]
) -> None:
    before = Path(_result(learned).weights)
    result = _result(_run(bars, _small(epochs=2), runs=tmp_path, compare_with=before))
    assert (result.fixed, result.broken) == (0, 0)
    assert result.compared == result.validation


def test_networks_of_other_labels_are_not_compared(bars: Path, tmp_path: Path) -> None:
    card = WeightsCard(architecture="lenet5", labels=tuple("abcdefghij"))
    save_weights(tmp_path / "letters.safetensors", training.build_network("lenet5"), card)
    events = _run(
        bars,
        _small(limit=32),
        runs=tmp_path / "runs",
        compare_with=tmp_path / "letters.safetensors",
    )
    assert isinstance(events[0], Note)
    assert "other labels" in events[0].text
    assert _result(events).compared is None

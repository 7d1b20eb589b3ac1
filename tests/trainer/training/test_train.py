"""A training run: what it tells, what it writes, what its settings do."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import itertools
import json
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.made_runs import of_kind, result_of, run_all, small
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunFinished,
    RunStarted,
    event_from_json,
)
from trainer.base.paths import runs_folder
from trainer.datasets import load_training
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.runs.config import OPTIMIZERS, TrainConfig
from trainer.training import loop, validation
from trainer.training.optimizers import Average, make_optimizer, schedule_factor

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def learned(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """The events of one good run of two epochs."""
    runs = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "_REPORT_EVERY", 0.0)
        return run_all(bars, small(epochs=2), runs=runs)


# --- what it tells


def test_it_learns(learned: list[Event], bars: Path) -> None:
    result = result_of(learned)
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
    progress = of_kind(learned, BatchProgress)
    assert [event.step for event in progress] == list(range(1, 2 * steps + 1))
    assert [event.epoch for event in progress] == [(i + 1) / steps for i in range(2 * steps)]
    assert [event.epoch for event in of_kind(learned, EpochFinished)] == [1, 2]
    assert [event.step for event in of_kind(learned, EpochFinished)] == [steps, 2 * steps]
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
        begun=started.begun,
    )
    assert Path(started.run).is_dir()
    begun = dt.datetime.fromisoformat(started.begun)
    assert Path(started.run).name == begun.strftime("%Y-%m-%d_%H%M%S-lenet5")
    assert begun.tzinfo is not None


def test_an_epochs_figures_are_those_of_its_batches(learned: list[Event]) -> None:
    first = of_kind(learned, EpochFinished)[0]
    batches = of_kind(learned, BatchProgress)[:20]
    assert first.training.count == 640
    assert first.training.loss == pytest.approx(sum(b.loss for b in batches) / 20, rel=1e-5)
    assert first.training.accuracy == pytest.approx(sum(b.accuracy for b in batches) / 20)


def test_the_rate_goes_up_and_down(learned: list[Event]) -> None:
    rates = [event.learning_rate for event in of_kind(learned, BatchProgress)]
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
    events = run_all(bars, small(limit=1000, batch_size=8), runs=tmp_path)
    progress = of_kind(events, BatchProgress)
    apart = [b.seconds - a.seconds for a, b in itertools.pairwise(progress[:-1])]
    assert min(apart, default=0.1) >= 0.099
    assert len(progress) < 125
    assert of_kind(events, EpochFinished)[0].training.count == 1000


# --- what it writes


def test_a_runs_folder(learned: list[Event]) -> None:
    result = result_of(learned)
    folder = Path(result.run)
    names = sorted(path.name for path in folder.iterdir())
    assert [name for name in names if not name.startswith("snapshot-")] == [
        "answers.npz",
        "best.safetensors",
        "config.json",
        "last.safetensors",
        "metrics.jsonl",
        "report.html",
        "report.json",
        "wall.safetensors",
    ]
    assert result.weights == str(folder / "best.safetensors")
    config = json.loads((folder / "config.json").read_text())
    assert TrainConfig.from_json(config) == small(epochs=2)
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert [event_from_json(line) for line in lines] == learned


def test_the_card_says_where_the_network_comes_from(learned: list[Event]) -> None:
    result = result_of(learned)
    card = read_card(Path(result.weights))
    assert card.architecture == "lenet5"
    assert card.labels == tuple("0123456789")
    assert (card.mean, card.std) == (0.1307, 0.3081)
    assert card.data == "mnist, 640 training pictures"
    assert [(source.name, source.kind, source.count) for source in card.sources] == [
        ("mnist", "published", 640)
    ]
    assert card.program.startswith("handwrite ")
    assert TrainConfig.from_json(card.recipe) == small(epochs=2)
    best = of_kind(learned, EpochFinished)[result.best_epoch - 1]
    assert card.metrics == {
        "epoch": result.best_epoch,
        "validation_accuracy": best.validation.accuracy,
        "validation_loss": best.validation.loss,
        "validation_pictures": 200,
    }
    assert card.created.endswith("+00:00")


def test_the_kept_temperature_is_the_best_on_the_validation_pictures(
    learned: list[Event], bars: Path
) -> None:
    path = Path(result_of(learned).weights)
    part = load_training("mnist", bars, validation=200).validation
    logits, targets = Recognizer(path, device="cpu").logits(part.pictures), part.targets

    def loss(temperature: float) -> float:
        rows = logits.double().div(temperature).log_softmax(1)
        return -float(rows[torch.arange(200), torch.from_numpy(targets)].mean())

    kept = read_card(path).temperature
    assert loss(kept) <= min(loss(0.9 * kept), loss(1.1 * kept), loss(1.0)) + 1e-9


def test_every_run_has_its_own_folder(bars: Path) -> None:
    config = small(limit=32)
    folders = {result_of(run_all(bars, config)).run for _ in range(3)}
    assert len(folders) == 3
    assert {Path(folder).parent for folder in folders} == {runs_folder()}


def test_the_best_epoch_is_kept_not_the_last(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By accuracy, and by loss where that is the same."""
    figures = validation.metrics_of
    told = iter([(0.5, 0.9), (0.6, 0.9), (0.4, 0.9), (0.1, 0.8), (0.4, 0.9)])

    def made_up(logits: torch.Tensor, targets: torch.Tensor) -> Metrics:
        loss, accuracy = next(told)
        return dataclasses.replace(figures(logits, targets), loss=loss, accuracy=accuracy)

    monkeypatch.setattr(validation, "metrics_of", made_up)
    events = run_all(bars, small(epochs=5, limit=32), runs=tmp_path)
    assert [event.is_best for event in of_kind(events, EpochFinished)] == [
        True, False, True, False, False,
    ]  # fmt: skip
    result = result_of(events)
    assert result.best_epoch == 3
    assert (result.validation.loss, result.validation.accuracy) == (0.4, 0.9)
    assert read_card(Path(result.weights)).metrics["epoch"] == 3


# --- the same again


@pytest.mark.parametrize("augmentation", ["none", "strong"])
def test_the_same_seed_is_the_same_run(bars: Path, tmp_path: Path, augmentation: str) -> None:
    def figures(seed: int) -> tuple[list[tuple[float, float]], dict[str, torch.Tensor]]:
        config = small(limit=320, seed=seed, augmentation=augmentation)
        events = run_all(bars, config, runs=tmp_path)
        told = [(e.training.loss, e.validation.loss) for e in of_kind(events, EpochFinished)]
        return told, load_weights(Path(result_of(events).weights))[0].state_dict()

    (once, weights), (again, same), (other, _) = figures(7), figures(7), figures(8)
    assert once == again
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert once != other


# --- settings


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_learns(bars: Path, tmp_path: Path, optimizer: str) -> None:
    rate = {"sgd": 0.05, "rmsprop": 1e-3}.get(optimizer, 3e-3)
    events = run_all(bars, small(optimizer=optimizer, learning_rate=rate), runs=tmp_path)
    assert result_of(events).validation.accuracy > 0.5
    (epoch,) = of_kind(events, EpochFinished)
    assert epoch.training.loss < math.log(10)


def test_a_run_follows_its_schedule(bars: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "_REPORT_EVERY", 0.0)
        events = run_all(bars, small(schedule="cosine", limit=320), runs=tmp_path)
    rates = [event.learning_rate for event in of_kind(events, BatchProgress)]
    wanted = [3e-3 * schedule_factor("cosine", step / 10) for step in range(10)]
    assert rates == pytest.approx(wanted)


def test_schedules_by_hand() -> None:
    one_cycle = [schedule_factor("one-cycle", done) for done in (0, 0.1, 0.2, 0.6, 1)]
    assert one_cycle == pytest.approx([0.02, 0.5, 1, 0.5, 0])
    cosine = [schedule_factor("cosine", done) for done in (0, 0.5, 1)]
    assert cosine == pytest.approx([1, 0.5, 0])
    assert [schedule_factor("constant", done) for done in (0, 0.5, 1)] == [1, 1, 1]
    assert [schedule_factor("step", done) for done in (0, 0.49, 0.5, 0.75, 1)] == [
        1,
        1,
        0.1,
        0.01,
        0.01,
    ]


def test_weight_decay_pulls_weights_and_leaves_biases() -> None:
    network = build_network("scribe", stem=2, middle=2, deep=2, blocks=1)
    optimizer = make_optimizer(network, small(weight_decay=0.5), 1e-3)
    decayed, others = optimizer.param_groups
    assert (decayed["weight_decay"], others["weight_decay"]) == (0.5, 0.0)
    assert all(p.ndim > 1 for p in decayed["params"])
    assert all(p.ndim == 1 for p in others["params"])
    both = len(decayed["params"]) + len(others["params"])
    assert both == len(list(network.parameters()))


def test_bfloat16(bars: Path, tmp_path: Path) -> None:
    config = small(precision="bfloat16", augmentation="shift", limit=320)
    events = run_all(bars, config, runs=tmp_path)
    assert events[0].precision == "bfloat16, channels last"  # type: ignore[union-attr]
    loaded, _ = load_weights(Path(result_of(events).weights))
    assert all(p.dtype == torch.float32 for p in loaded.parameters())


def test_the_precision_may_be_left_to_the_clock(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(precision="auto", limit=64), runs=tmp_path)
    kind, _, layout = events[0].precision.partition(", ")  # type: ignore[union-attr]
    assert kind in ("float32", "bfloat16")
    assert layout in ("channels first", "channels last", "blocked")
    assert result_of(events).reason == "completed"


def test_averaged_weights_are_the_ones_that_are_judged_and_kept(bars: Path, tmp_path: Path) -> None:
    plain = run_all(bars, small(), runs=tmp_path)
    averaged = run_all(bars, small(averaging=0.9), runs=tmp_path)
    # The same steps were made …
    assert of_kind(plain, EpochFinished)[0].training == of_kind(averaged, EpochFinished)[0].training
    # … and other weights came of them, that were judged.
    ours, theirs = (load_weights(Path(result_of(e).weights))[0] for e in (plain, averaged))
    assert not torch.equal(next(ours.parameters()), next(theirs.parameters()))
    part = load_training("mnist", bars, validation=200).validation
    logits = Recognizer(Path(result_of(averaged).weights), device="cpu").logits(part.pictures)
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(part.targets))
    assert float(loss) == pytest.approx(result_of(averaged).validation.loss, rel=1e-4)


def test_an_average_by_hand() -> None:
    network: Any = torch.nn.BatchNorm1d(1)
    average: Any = Average(network, 0.5)
    wanted = 1.0
    for step, value in enumerate((3.0, 7.0, -2.0), start=1):
        with torch.no_grad():
            network.weight.fill_(value)
        network.num_batches_tracked.fill_(step)
        average.update(network)
        decay = min(0.5, (1 + step) / (10 + step))
        wanted = decay * wanted + (1 - decay) * value
    assert average.network.weight.item() == pytest.approx(wanted)
    assert average.network.num_batches_tracked.item() == 3


def test_the_last_batch_may_hold_one_picture(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(limit=33, batch_size=32), runs=tmp_path)
    assert of_kind(events, EpochFinished)[0].training.count == 33
    assert events[0].steps == 2  # type: ignore[union-attr]
    assert result_of(run_all(bars, small(limit=3, batch_size=8192), runs=tmp_path)).best_epoch == 1


# --- comparing


def test_a_comparison_counts_what_changed(bars: Path, tmp_path: Path, lenet_file: Path) -> None:
    result = result_of(run_all(bars, small(), runs=tmp_path, compare_with=lenet_file))
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
    before = Path(result_of(learned).weights)
    result = result_of(run_all(bars, small(epochs=2), runs=tmp_path, compare_with=before))
    assert (result.fixed, result.broken) == (0, 0)
    assert result.compared == result.validation


def test_networks_of_other_labels_are_not_compared(bars: Path, tmp_path: Path) -> None:
    card = WeightsCard(architecture="lenet5", labels=tuple("abcdefghij"))
    save_weights(tmp_path / "letters.safetensors", build_network("lenet5"), card)
    events = run_all(
        bars,
        small(limit=32),
        runs=tmp_path / "runs",
        compare_with=tmp_path / "letters.safetensors",
    )
    assert isinstance(events[0], Note)
    assert "other labels" in events[0].text
    assert result_of(events).compared is None


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_a_file_system_without_locks_is_told(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse)
    events = run_all(bars, small(limit=32), runs=tmp_path / "runs")
    codes = [event.message.code for event in events if isinstance(event, Note)]
    assert "runs.no-locks" in codes
    assert result_of(events).reason == "completed"

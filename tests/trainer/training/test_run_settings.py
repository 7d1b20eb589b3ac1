"""A time budget, penalties, a full memory, and the number of threads."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from tests.trainer.made_runs import of_kind, result_of, run_all, small
from trainer.base.errors import RunError
from trainer.base.events import BatchProgress, EpochFinished, Note, RunFinished, RunStarted
from trainer.execution import thread_tuning as threads_module
from trainer.execution import timing_cache
from trainer.execution.execution import Execution
from trainer.execution.thread_tuning import ThreadWatch
from trainer.models.weights import load_weights
from trainer.networks import build_network
from trainer.training import loop
from trainer.training.checkpoints import state
from trainer.training.learner import Learner, train_step
from trainer.training.optimizers import l1_norm
from trainer.training.out_of_memory import halved_batch, is_out_of_memory
from trainer.training.train import train
from trainer.training.training_set import TrainingSet

pytestmark = pytest.mark.usefixtures("one_thread")


# --- a time budget


def test_a_time_budget_plans_the_run(bars: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    events = run_all(bars, small(minutes=0.05, epochs=1), runs=tmp_path)
    taken = time.monotonic() - begun
    result = result_of(events)
    assert result.reason == "completed"
    started = of_kind(events, RunStarted)[0]
    assert result.epochs == started.epochs > 1  # `epochs` does not count then
    assert started.steps > 20
    assert 1.0 < result.seconds < 7
    assert taken < 20
    # The schedule has come to its end.
    assert of_kind(events, BatchProgress)[-1].learning_rate < 0.2 * 3e-3


def test_a_computer_that_sleeps_takes_nothing_of_the_budget(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour passes between two steps, by both clocks; the process hears nothing of it."""
    asleep = 0.0
    monotonic, wall = time.monotonic, time.time
    clocks = SimpleNamespace(monotonic=lambda: monotonic() + asleep)
    monkeypatch.setattr(state, "time", clocks)
    monkeypatch.setattr(time, "time", lambda: wall() + asleep)
    before: list[BatchProgress] = []
    after: list[BatchProgress] = []
    for event in train(
        small(minutes=2.0),
        data_folder=bars,
        runs=tmp_path,
        should_stop=lambda: len(after) == 3,
    ):
        if isinstance(event, BatchProgress):
            (after if asleep else before).append(event)
            asleep = 3600.0
    assert isinstance(event, RunFinished)
    assert event.reason == "stopped"  # the budget was not over by then
    assert event.seconds < 120
    assert all(batch.seconds_left < 150 for batch in after)
    # An hour would make it a hundredth at most.
    assert after[0].images_per_second > before[0].images_per_second / 30


def test_a_budget_shorter_than_an_epoch_has_a_result(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(minutes=1e-6), runs=tmp_path)
    assert result_of(events).reason == "completed"
    assert of_kind(events, EpochFinished)[0].training.count < 640


def test_a_frozen_part_is_computed_before_the_plan(
    bars: Path, tmp_path: Path, lenet_file: Path
) -> None:
    """What is planned by is the speed of the steps that will be made."""
    seen = []

    def noted(learner: Learner, images: TrainingSet, *rest: Any, **named: Any) -> torch.Tensor:
        seen.append(images.features is not None)
        return train_step(learner, images, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "train_step", noted)
        run_all(bars, small(minutes=0.02, start=str(lenet_file), layers=1), runs=tmp_path)
    assert all(seen)


def test_planning_leaves_the_run_as_it_was(bars: Path, tmp_path: Path) -> None:
    """The first steps of a planned run are those of one that was not."""
    losses = []
    for name, minutes in (("planned", 5.0), ("not", 0.0)):
        seen: list[float] = []

        def noted(*rest: Any, learning_rate: float, **named: Any) -> torch.Tensor:
            sums = train_step(*rest, learning_rate=learning_rate, **named)
            if learning_rate:
                seen.append(float(sums[0]))  # noqa: B023
            return sums

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "train_step", noted)
            asked = iter(range(4))
            run_all(
                bars,
                small(minutes=minutes, augmentation="strong", schedule="constant"),
                runs=tmp_path / name,
                should_stop=lambda asked=asked: next(asked, None) is None,
            )
        losses.append(seen)
    assert len(losses[0]) == 4
    assert losses[0] == losses[1]


# --- penalties


def test_l1_leaves_norms_and_biases_out() -> None:
    network = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[3.0, -4.0]]))
        network[0].bias.fill_(100.0)
    assert l1_norm(network).item() == 7.0


def test_l1_makes_weights_small(bars: Path, tmp_path: Path) -> None:
    sizes = []
    for l1 in (0.0, 0.01):
        events = run_all(bars, small(l1=l1, epochs=2), runs=tmp_path / str(l1))
        trained = load_weights(Path(result_of(events).weights))[0]
        sizes.append(l1_norm(trained.requires_grad_()).item())
    assert sizes[1] < 0.5 * sizes[0]


def test_dropout_is_kept_with_the_weights(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(network="cnn-dropout", dropout=0.7, limit=64), runs=tmp_path)
    network, card = load_weights(Path(result_of(events).weights))
    assert card.arguments == {"dropout": 0.7}
    assert [m.p for m in network.modules() if isinstance(m, nn.Dropout)] == [0.7]


# --- weighted epochs


def test_weighted_epochs_are_as_many_as_were_asked_for(bars: Path, tmp_path: Path) -> None:
    """Though they vary in length, and with them the pictures of a run."""
    for seed in range(3):
        config = small(dataset="0.5*mnist", epochs=2, seed=seed, limit=64, schedule="cosine")
        events = run_all(bars, config, runs=tmp_path)
        lengths = [e.training.count for e in of_kind(events, EpochFinished)]
        assert len(lengths) == 2
        assert lengths != [32, 32]
        progress = of_kind(events, BatchProgress)[-1]
        assert (progress.epoch, progress.seconds_left) == (2.0, 0.0)


def test_an_epoch_of_hardly_any_weight_has_a_picture(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(dataset="0.0001*mnist", limit=64), runs=tmp_path)
    assert result_of(events).reason == "completed"
    assert of_kind(events, EpochFinished)[0].training.count == 1


# --- a full memory


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (
            RuntimeError(
                "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
            ),
            True,
        ),
        (RuntimeError("[enforce fail] can't allocate memory: 9 bytes"), True),
        (RuntimeError("CUDA error: unknown error"), False),
    ],
)
def test_out_of_memory_is_told_from_other_failures(error: RuntimeError, is_full: bool) -> None:
    assert is_out_of_memory(error) == is_full
    cpu = torch.device("cpu")
    for batch_size, processes in ((1, 1), (8, 2)):  # no smaller batch, or not by one process alone
        with pytest.raises(type(error)):
            halved_batch(error, batch_size, device=cpu, processes=processes)
    if is_full:
        assert halved_batch(error, 9, device=cpu, processes=1) == 4


def test_a_full_memory_halves_the_batch(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def small_memory(
        learner: Learner, images: TrainingSet, batch: torch.Tensor, **named: Any
    ) -> torch.Tensor:
        if len(batch) > 10:
            raise torch.OutOfMemoryError("CUDA out of memory")
        sizes.append(len(batch))
        return train_step(learner, images, batch, **named)

    monkeypatch.setattr(loop, "train_step", small_memory)
    events = run_all(bars, small(), runs=tmp_path)
    notes = [note.text for note in of_kind(events, Note)]
    assert len(notes) == 2
    assert "batches of 16" in notes[0]
    assert "batches of 8" in notes[1]
    assert set(sizes) == {8}
    assert sum(sizes) == 640  # not a picture is lost
    assert result_of(events).validation.accuracy > 0.8


def test_a_memory_that_is_full_while_planning_halves_the_batch_too(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_memory(
        learner: Learner, images: TrainingSet, batch: torch.Tensor, **named: Any
    ) -> torch.Tensor:
        if len(batch) > 20:
            raise MemoryError
        return train_step(learner, images, batch, **named)

    monkeypatch.setattr(loop, "train_step", small_memory)
    events = run_all(bars, small(minutes=0.02), runs=tmp_path)
    halved = [note.text for note in of_kind(events, Note) if "ran out of memory" in note.text]
    assert ["batches of 16" in text for text in halved] == [True]
    assert result_of(events).reason == "completed"


def test_another_error_ends_the_run(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> torch.Tensor:
        raise RuntimeError("the device has gone")

    monkeypatch.setattr(loop, "train_step", fails)
    with pytest.raises(RunError, match="the device has gone"):
        run_all(bars, small(), runs=tmp_path)


# --- threads


@pytest.fixture
def three_threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """torch's number of threads as a list's last entry."""
    numbers = [3]
    monkeypatch.setattr(threads_module.torch, "get_num_threads", lambda: numbers[-1])
    monkeypatch.setattr(threads_module.torch, "set_num_threads", numbers.append)
    return numbers


def test_threads_that_collapse_give_way_to_one(three_threads: list[int]) -> None:
    watch = ThreadWatch(3)
    assert watch.saw(8000, 2.0) is None  # 4,000 a second
    assert watch.saw(1000, 2.0) is None  # 500: one thread is tried
    assert three_threads == [3, 1]
    assert "one thread" in str(watch.saw(3000, 2.0))  # 1,500: kept
    for _ in range(8):
        assert watch.saw(3000, 2.0) is None
    assert three_threads == [3, 1]
    watch.saw(3000, 2.0)  # 20 seconds later all are tried again
    assert three_threads == [3, 1, 3]
    assert "3 threads" in str(watch.saw(8000, 2.0))


def test_one_thread_that_is_no_better_is_not_kept(three_threads: list[int]) -> None:
    watch = ThreadWatch(3)
    watch.saw(8000, 2.0)
    watch.saw(1000, 2.0)
    assert watch.saw(1000, 2.0) is None
    assert three_threads == [3, 1, 3]
    watch.saw(1000, 2.0)  # not again at once
    assert three_threads == [3, 1, 3]


def test_a_slow_moment_changes_nothing(three_threads: list[int]) -> None:
    watch = ThreadWatch(3)
    watch.saw(8000, 2.0)
    for _ in range(15):
        watch.saw(0, 0.1)
    watch.saw(8000, 0.6)
    assert three_threads == [3]


def test_one_thread_that_was_measured_in_a_busy_moment_need_not_stay(
    three_threads: list[int],
) -> None:
    three_threads.append(1)
    watch = ThreadWatch(3)
    for _ in range(9):
        assert watch.saw(3000, 2.0) is None
    assert three_threads == [3, 1]
    watch.saw(3000, 2.0)  # 20 seconds
    assert three_threads == [3, 1, 3]
    assert "3 threads" in str(watch.saw(8000, 2.0))
    watch.saw(1000, 2.0)  # from now on as with any other
    assert three_threads[-1] == 3
    for _ in range(8):
        watch.saw(1000, 2.0)
    assert three_threads[-1] == 1  # is tried


def test_where_one_thread_is_best_more_are_tried_ever_more_rarely(three_threads: list[int]) -> None:
    three_threads.append(1)
    watch = ThreadWatch(3)
    tried = []
    for step in range(1, 701):
        busy = three_threads[-1] == 3
        assert watch.saw(2000 if busy else 3000, 2.0) is None
        if three_threads[-1] == 3:
            tried.append(2 * step)
    gaps = [after - before for before, after in itertools.pairwise([0, *tried])]
    assert gaps[:4] == pytest.approx([20, 40, 80, 160], abs=6)
    assert len(tried) == 6
    watch = ThreadWatch(1)
    for _ in range(50):
        assert watch.saw(3000, 2.0) is None


# --- what was measured is remembered


def test_the_fastest_way_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    way = Execution(device=torch.device("cpu"), precision="bfloat16", layout="blocked")
    measurements = []

    def choose(*_: Any, **__: Any) -> Execution:
        measurements.append(1)
        return way

    monkeypatch.setattr(timing_cache, "choose_execution", choose)
    network = build_network("lenet5")

    def found(name: str, *, precision: str = "auto", threads: int = 0) -> tuple[Execution, int]:
        return timing_cache.fastest_execution(
            network, way.device, name=name, precision=precision, batch_size=32, threads=threads
        )

    assert found("lenet5") == found("lenet5") == (way, 1)
    assert len(measurements) == 1
    found("another")
    assert len(measurements) == 2
    # With a named precision the layout is measured, too; and with a named number of threads.
    assert (
        found("lenet5", precision="bfloat16") == found("lenet5", precision="bfloat16") == (way, 1)
    )
    assert found("third", threads=1) == (way, 1)
    assert len(measurements) == 4
    # With both nothing is: a seed determines the run.
    fixed, threads = found("lenet5", precision="bfloat16", threads=3)
    assert (str(fixed), threads) == ("bfloat16, channels last", 3)
    assert len(measurements) == 4
    # What another program wrote there is measured again.
    path = timing_cache._path()
    entries = json.loads(path.read_text())
    path.write_text(json.dumps({key: {"layout": "sideways"} for key in entries}))
    found("lenet5")
    path.write_text("not JSON")
    found("lenet5")
    assert len(measurements) == 6

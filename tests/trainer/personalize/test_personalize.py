"""Fine-tuning to a writer: what is learned, what is not forgotten, and when the old network stays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from trainer.base.errors import ConfigError, InputError
from trainer.base.paths import file_hash
from trainer.datasets import generated
from trainer.datasets.pictures import collected, without_notes
from trainer.models.lineage import personalization_of
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.personalize import finetuner, gate, rehearsal
from trainer.personalize import personalize as module
from trainer.personalize.cached_features import CachedFeatures
from trainer.personalize.drawing_selection import selection_of
from trainer.personalize.events import (
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationStopped,
    RetentionMetrics,
    WriterMetrics,
)
from trainer.personalize.finetuner import FineTuneConfig, FineTuner, WriterData, _in_case
from trainer.personalize.gate import reason, verdict_of
from trainer.personalize.personalize import personalize
from trainer.personalize.recalibration import threshold_of
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")

_DIGITS = tuple("0123456789")
_QUICK = FineTuneConfig(steps=12, copies=3, rehearsal=120, batch_size=32)


@pytest.fixture(autouse=True)
def _few_references(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "_SYNTHETIC_REFERENCE", 300)
    monkeypatch.setattr(rehearsal, "_NEGATIVES", 100)


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory, bars: Path) -> Path:
    """lenet5, trained for a moment on a few synthetic digits."""
    from trainer.base.events import RunFinished
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    folder = tmp_path_factory.mktemp("parent")
    config = TrainConfig(
        network="lenet5", dataset="sketches", epochs=10, validation=200, device="cpu", threads=1,
        precision="float32", batch_size=64,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "_COUNT", 3000)
        for event in train(config, data_folder=bars, runs=folder):
            if isinstance(event, RunFinished):
                return Path(event.weights)
    raise AssertionError


def _personalized(
    parent: Path, drawings: list[tuple[Drawing, str]], target: Path, **rest: object
) -> tuple[PersonalizationFinished, list[float]]:
    """The result, and the fractions of progress."""
    fractions, last = [], None
    given = {"data_folder": target.parent, "config": _QUICK, **rest}
    selection = selection_of(drawings, read_card(parent).outputs)
    for event in personalize(parent, selection, target, **given):  # type: ignore[arg-type]
        if isinstance(event, PersonalizationProgress):
            fractions.append(event.fraction)
        else:
            last = event
    assert isinstance(last, PersonalizationFinished)
    return last, fractions


def _swapped(count: int, seed: int = 5) -> list[tuple[Drawing, str]]:
    """A writer whose 8 looks like a 3."""
    return [(d, "8" if label == "3" else label) for label, d in synthetic_digits(count, seed)]


def test_a_new_network_is_written_and_the_parent_stays(parent: Path, tmp_path: Path) -> None:
    before = parent.read_bytes()
    target = tmp_path / "new.safetensors"
    finished, fractions = _personalized(
        parent,
        [(d, label) for label, d in synthetic_digits(20, 3)],
        target,
        title="Ada",
        writer="Ada",
    )
    assert parent.read_bytes() == before
    assert finished.weights == str(target)
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    card = read_card(target)
    assert (card.title, card.parent, card.labels) == ("Ada", parent.parent.name, _DIGITS)
    assert card.data.endswith("; then 20 drawings by Ada")
    assert (card.writer, card.parent_hash) == ("Ada", file_hash(parent))
    learned = personalization_of(card)
    assert learned is not None
    assert learned.drawings == 20
    assert learned.writer_accuracy == (finished.before.correct / 20, finished.after.correct / 20)
    assert learned.retention == (
        finished.reference.accuracy_before,
        finished.reference.accuracy_after,
    )
    assert finished.before.count == finished.after.count == 20
    assert finished.reference.count > 100


def test_the_first_layers_stay_as_they_are(parent: Path, tmp_path: Path) -> None:

    target = tmp_path / "new.safetensors"
    _personalized(parent, _swapped(20), target)
    old, new = (load_weights(path)[0].state_dict() for path in (parent, target))
    changed = {name for name in old if not torch.equal(old[name], new[name])}
    # The full layers of lenet5, three with a bias each.
    assert changed == set(list(old)[-6:])


def test_it_learns_a_writers_own_way(parent: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.safetensors"
    config = FineTuneConfig(
        steps=60, batch_size=32, copies=6, rehearsal=0, learning_rate=3e-3, layers=0
    )
    mine = _swapped(60)
    finished, _ = _personalized(parent, mine, target, config=config)
    assert finished.after.correct > finished.before.correct
    assert (
        len(finished.fixed) - len(finished.broken)
        == finished.after.correct - finished.before.correct
    )


def test_with_the_memory_it_has_to_help_beside_it(parent: Path, tmp_path: Path) -> None:
    mine = _swapped(60)
    alone, beside = (
        _personalized(parent, mine, tmp_path / f"{on}.safetensors", with_memory=on)[0]
        for on in (False, True)
    )
    assert (alone.with_memory, beside.with_memory) == (False, True)
    # The memory of the others reads what the network alone does not: there is less left to learn.
    assert alone.before.correct < beside.before.correct
    assert beside.before.loss < alone.before.loss


def test_what_would_be_forgotten_keeps_the_old_one(parent: Path, tmp_path: Path) -> None:
    """Only eights, without rehearsal: it would call everything one."""
    drawings = [(d, "8") for label, d in synthetic_digits(60, 3) if label == "8"]
    config = FineTuneConfig(
        steps=80, batch_size=32, copies=2, rehearsal=0, learning_rate=0.02, layers=0
    )
    finished, _ = _personalized(parent, drawings, tmp_path / "new.safetensors", config=config)
    assert not finished.passed
    assert str(reason(finished)).startswith("It would read other writers' drawings worse: ")
    assert finished.reference.after < finished.reference.before


def test_rehearsal_is_against_forgetting(parent: Path, tmp_path: Path) -> None:
    drawings = [(d, "8") for label, d in synthetic_digits(60, 3) if label == "8"]
    lost = []
    for size in (0, 300):
        config = FineTuneConfig(
            steps=60, batch_size=32, copies=2, rehearsal=size, learning_rate=0.01, layers=0
        )
        finished, _ = _personalized(parent, drawings, tmp_path / "new.safetensors", config=config)
        lost.append(finished.reference.lost)
    assert lost[1] < lost[0] / 2


def test_stopped_nothing_is_written(parent: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.safetensors"
    events = list(
        personalize(
            parent,
            _swapped(20),
            target,
            data_folder=tmp_path,
            config=_QUICK,
            should_stop=lambda: True,
        )
    )
    assert [type(event) for event in events] == [PersonalizationProgress, PersonalizationStopped]
    assert not target.exists()


def test_more_layers_than_there_are(parent: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="5 layers that can be trained"):
        _personalized(
            parent, _swapped(10), tmp_path / "x.safetensors", config=FineTuneConfig(layers=6)
        )


def test_one_label_only_and_few_drawings(parent: Path, tmp_path: Path) -> None:
    drawings = [(d, "8") for label, d in synthetic_digits(30, 3) if label == "8"]
    finished, _ = _personalized(parent, drawings, tmp_path / "new.safetensors")
    assert finished.before.count == 3


def test_a_network_that_refuses_goes_on_refusing(tmp_path: Path) -> None:
    torch.manual_seed(0)
    parent = tmp_path / "parent.safetensors"
    card = WeightsCard(architecture="lenet5", labels=_DIGITS, threshold=0.3)
    save_weights(parent, build_network("lenet5", classes=11), card)
    drawings = [(d, label) for label, d in synthetic_digits(10, 3)]
    _personalized(parent, drawings, tmp_path / "new.safetensors")
    threshold = read_card(tmp_path / "new.safetensors").threshold
    assert threshold is not None
    assert 0 < threshold < 1
    answers = Recognizer(tmp_path / "new.safetensors", device="cpu").answers(
        np.zeros((1, 28, 28), np.uint8)
    )
    assert answers.is_digit is not None


def _hand(right: int, loss: float, count: int = 30) -> WriterMetrics:
    return WriterMetrics(count=count, correct=right, loss=loss)


@pytest.mark.parametrize(
    ("before", "after", "lost", "lost_none", "verdict"),
    [
        ((25, 0.5), (28, 0.2), 4, 0, "better"),
        ((25, 0.5), (28, 0.2), 5, 0, "forgets"),
        ((25, 0.5), (28, 0.2), -9, 12, "better"),
        ((25, 0.5), (28, 0.2), 0, 13, "answers more"),
        ((25, 0.5), (24, 0.1), 0, 0, "worse"),
        ((25, 0.5), (25, 0.4), 0, 0, "surer"),
        ((25, 0.5), (25, 0.46), 0, 0, "no better"),
    ],
)
def test_the_gate(
    before: tuple[int, float], after: tuple[int, float], lost: int, lost_none: int, verdict: str
) -> None:
    digits = RetentionMetrics(count=4000, before=3970, after=3970 - lost)
    none = RetentionMetrics(count=400, before=380, after=380 - lost_none)
    hands = _hand(*before), _hand(*after)
    assert verdict_of(*hands, digits, none) == verdict
    if not lost_none:
        assert verdict_of(*hands, digits, None) == verdict
    finished = PersonalizationFinished(
        weights="",
        parent="",
        verdict=verdict_of(*hands, digits, none),
        before=hands[0],
        after=hands[1],
        reference=digits,
        negatives=none,
        synthetic=False,
        fixed=(),
        broken=(),
        left_out={},
    )
    assert finished.passed == (verdict in ("better", "surer"))
    assert "{" not in str(reason(finished))


def test_of_few_reference_pictures_one_may_be_lost() -> None:
    hands = _hand(25, 0.5), _hand(28, 0.2)
    assert verdict_of(*hands, RetentionMetrics(count=300, before=299, after=298), None) == "better"
    assert verdict_of(*hands, RetentionMetrics(count=300, before=299, after=297), None) == "forgets"


def test_no_step_sees_a_drawing_that_is_held_out(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []
    learn, run = WriterData.train, WriterData._run
    folds: list[set[int]] = []

    def watched(self: WriterData, candidate: torch.nn.Module, shown: torch.Tensor) -> Iterator[int]:
        seen.append(set())
        folds.append(set((~shown).nonzero()[:, 0].tolist()))
        return learn(self, candidate, shown)

    def recorded(
        self: WriterData, candidate: torch.nn.Module, batch: CachedFeatures
    ) -> torch.Tensor:
        seen[-1] |= set(batch.of.tolist())
        return run(self, candidate, batch)

    monkeypatch.setattr(WriterData, "train", watched)
    monkeypatch.setattr(WriterData, "_run", recorded)
    _personalized(parent, _swapped(20), tmp_path / "new.safetensors")
    assert len(seen) == 4
    for held_out, shown in zip(folds, seen, strict=True):
        assert shown == {-1, *range(20)} - held_out


def test_places_are_those_of_what_was_given(parent: Path, tmp_path: Path) -> None:
    drawings = _swapped(12)
    dot = (Drawing((Stroke.make([(5, 5)]),)), "1")
    finished, _ = _personalized(parent, [dot, *drawings, *drawings], tmp_path / "new.safetensors")
    assert finished.before.count == 12
    assert {*(one.drawing for one in (*finished.fixed, *finished.broken))} <= set(range(1, 13))


def test_an_opened_picture_is_changed_as_a_picture(parent: Path, tmp_path: Path) -> None:
    """The strokes that were added to it are a part of it only, and are not drawn without it."""
    image = np.zeros((60, 60), np.uint8)
    image[10:50, 28:34] = 255
    mixed = Drawing(
        (Stroke.make([(20, 50), (42, 50)], width=6),), image=InkImage(image, 0, 0, 60, 60)
    )
    drawings = [(mixed, "1"), *_swapped(8)]
    config = FineTuneConfig(steps=2, copies=3, rehearsal=20, batch_size=8)
    selection = selection_of(drawings, _DIGITS)
    data = WriterData(FineTuner(parent, config), selection)
    assert data.copies.of.tolist() == [*range(9)] * 4
    found = without_notes(collected(map(finetuner._found, selection.drawings), ""))
    pictures, _ = data._copies(found, np.random.default_rng(0))
    copies = pictures[0::9]
    assert copies.shape == (4, 28, 28)
    assert len({copy.tobytes() for copy in copies}) == 4
    assert (copies[:, 4:24].max(axis=2) > 100).sum(
        axis=1
    ).min() > 12  # the upright is in all of them


def test_to_be_louder_is_not_to_be_surer(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A candidate that only multiplies its outputs says the same, by its new temperature."""

    def louder(self: WriterData, candidate: torch.nn.Module, shown: torch.Tensor) -> Iterator[int]:
        head = list(candidate.children())[-1]
        assert isinstance(head, torch.nn.Linear)
        with torch.no_grad():
            head.weight.mul_(3)
            head.bias.mul_(3)
        yield 0

    monkeypatch.setattr(WriterData, "train", louder)
    target = tmp_path / "new.safetensors"
    finished, _ = _personalized(
        parent, [(d, label) for label, d in synthetic_digits(20, 3)], target
    )
    assert finished.verdict == "no better"
    assert finished.after.loss == pytest.approx(finished.before.loss, rel=1e-3)
    assert read_card(target).temperature == pytest.approx(
        3 * read_card(parent).temperature, rel=1e-2
    )
    assert "validation_accuracy" not in read_card(target).metrics


def test_to_be_right_is_to_be_answered(tmp_path: Path) -> None:
    torch.manual_seed(0)
    parent = tmp_path / "parent.safetensors"
    card = WeightsCard(architecture="lenet5", labels=_DIGITS, threshold=0.5)
    save_weights(parent, build_network("lenet5", classes=11), card)
    config = FineTuneConfig(rehearsal=40, copies=0)
    one = FineTuner(parent, config)
    sure, refused = torch.full((11,), -9.0), torch.full((11,), -9.0)
    sure[3], refused[3], refused[10] = 9, 5, 9
    outputs = torch.stack([sure, refused])
    assert one.correct(outputs, torch.tensor([3, 3])).tolist() == [True, False]
    assert one.correct(outputs, torch.tensor([10, 10])).tolist() == [False, True]
    losses = one.losses(outputs, torch.tensor([3, 10]), 1.0)
    assert losses.max() < 0.1
    assert one.losses(outputs, torch.tensor([10, 3]), 1.0).min() > 3


def test_it_can_be_stopped_while_rehearsal_data_is_computed(parent: Path, tmp_path: Path) -> None:
    target, fractions = tmp_path / "new.safetensors", list[float]()
    for event in personalize(
        parent,
        selection_of(_swapped(20), _DIGITS),
        target,
        data_folder=tmp_path,
        config=_QUICK,
        should_stop=lambda: len(fractions) > 1,
    ):
        if isinstance(event, PersonalizationProgress):
            fractions.append(event.fraction)
    assert isinstance(event, PersonalizationStopped)
    assert len(fractions) == 2
    assert fractions[0] == 0
    assert fractions[1] < 0.6
    assert not target.exists()


def test_a_stop_at_the_very_end_is_one(parent: Path, tmp_path: Path) -> None:
    target, fractions = tmp_path / "new.safetensors", list[float]()
    selection = selection_of(_swapped(20), _DIGITS)
    for event in personalize(
        parent,
        selection,
        target,
        data_folder=tmp_path,
        config=_QUICK,
        should_stop=lambda: fractions[-1:] == [1.0],
    ):
        if isinstance(event, PersonalizationProgress):
            fractions.append(round(event.fraction, 6))
    assert isinstance(event, PersonalizationStopped)
    assert fractions[-1] == 1
    assert not target.exists()


def test_a_network_does_not_learn_the_same_writer_again(parent: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.safetensors"
    _personalized(parent, _swapped(12), first, writer="Ada")
    with pytest.raises(InputError, match="first has learned Ada's drawings already"):
        _personalized(first, _swapped(12), tmp_path / "second.safetensors", writer="Ada")
    _personalized(first, _swapped(12), tmp_path / "second.safetensors", writer="Bo")


def test_a_network_that_has_learned_nothing_refuses_as_before(tmp_path: Path) -> None:
    """Where the threshold lies between two images' probabilities must not move it."""
    torch.manual_seed(0)
    parent = tmp_path / "parent.safetensors"
    network = build_network("lenet5", classes=11)
    for threshold in (0.0, 0.5, 0.9, 0.91, 0.9999, 1.0):
        card = WeightsCard(architecture="lenet5", labels=_DIGITS, threshold=threshold)
        save_weights(parent, network, card)
        one = FineTuner(parent, FineTuneConfig(rehearsal=40, copies=0))
        deque(one.prepare(tmp_path), maxlen=0)
        data = WriterData(one, selection_of(_swapped(12), _DIGITS))
        assert threshold_of(data, one.tail) == pytest.approx(threshold, abs=1e-3)


@pytest.mark.parametrize(
    ("layers", "expected"), [(1, (1e-2, 1.0)), (2, (1e-3, 4.0)), (0, (1e-3, 4.0))]
)
def test_what_is_left_to_the_network(layers: int, expected: tuple[float, float]) -> None:
    network = build_network("scribe-tiny")
    found = finetuner.suited(FineTuneConfig(layers=layers), network)
    assert (found.layers, found.learning_rate, found.rehearsal_weight) == (layers, *expected)
    chosen = FineTuneConfig(layers=layers, learning_rate=0.5, rehearsal_weight=0.0)
    found = finetuner.suited(chosen, network)
    assert (found.learning_rate, found.rehearsal_weight) == (0.5, 0.0)
    assert finetuner.suited(FineTuneConfig(), network).layers == 1
    assert finetuner.suited(FineTuneConfig(), build_network("cnn")).layers == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"folds": 1},
        {"steps": 0},
        {"copies": -1},
        {"rehearsal": -1},
        {"layers": -1},
        {"distillation": 1.1},
        {"learning_rate": 0.0},
        {"rehearsal_weight": -1.0},
    ],
)
def test_a_configuration_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        FineTuneConfig(**wrong)


def test_part_of_the_way_where_the_whole_would_cost_others(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []
    interpolated = module._interpolated

    def recorded(old: torch.nn.Module, new: torch.nn.Module, fraction: float) -> torch.nn.Module:
        tried.append(fraction)
        return interpolated(old, new, fraction)

    verdicts = iter(["forgets", "worse", "surer"])
    monkeypatch.setattr(module, "_interpolated", recorded)
    monkeypatch.setattr(gate, "verdict_of", lambda *_: next(verdicts))
    target = tmp_path / "new.safetensors"
    finished, _ = _personalized(parent, _swapped(20), target)
    assert finished.verdict == "surer"
    assert [*dict.fromkeys(tried)] == [1.0, 0.6, 0.3]
    old, new = (list(load_weights(path)[0].state_dict().values())[-1] for path in (parent, target))
    # What is written went 0.3 of the way, as the whole of it shows.
    verdicts = iter(["better"])
    _personalized(parent, _swapped(20), tmp_path / "whole.safetensors")
    whole = list(load_weights(tmp_path / "whole.safetensors")[0].state_dict().values())[-1]
    assert torch.allclose(new - old, 0.3 * (whole - old), atol=1e-5)
    assert (whole - old).abs().max() > 1e-4


def test_where_none_passes_the_whole_way_is_told_of(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = iter(["forgets", "worse", "no better"])
    monkeypatch.setattr(gate, "verdict_of", lambda *_: next(verdicts))
    finished, _ = _personalized(parent, _swapped(20), tmp_path / "new.safetensors")
    assert finished.verdict == "forgets"


def test_a_drawing_kept_as_a_capital_may_be_the_small_letter() -> None:
    outputs = ("0", "A", "a", "B", "none")
    parent = torch.tensor([[0, 1, 2, 0, 0], [0, 2, 1, 0, 0], [0, 2, 1, 0, 0], [0, 0, 0, 0, 9.0]])
    targets = torch.tensor([1, 1, 2, 3])
    assert _in_case(targets, parent, outputs).tolist() == [2, 1, 2, 3]


def test_either_case_of_a_letter_is_read_correctly(tmp_path: Path) -> None:
    path = tmp_path / "letters.safetensors"
    card = WeightsCard(architecture="lenet5", labels=("0", "A", "a", "B"))
    save_weights(path, build_network("lenet5", classes=4), card)
    finetuner = FineTuner(path, _QUICK)
    # Both cases together are more probable than B.
    logits = torch.tensor([[0.0, 2.0, 2.0, 2.3], [3.0, 0.0, 0.0, 0.0]])
    targets = torch.tensor([1, 2])
    assert finetuner.correct(logits, targets).tolist() == [True, False]
    losses = finetuner.losses(logits, targets, 1.0)
    assert torch.equal(losses, finetuner.losses(logits, torch.tensor([2, 1]), 1.0))

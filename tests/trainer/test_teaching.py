"""Teaching a hand: what is learned, what is not forgotten, and when the old network stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from trainer import teaching
from trainer.errors import ConfigError, InputError
from trainer.lineage import file_hash, lesson_of
from trainer.networks import build_network
from trainer.recognizer import Recognizer
from trainer.sample_drawings import sample_drawings
from trainer.strokes import Drawing, Stroke
from trainer.teaching import HandFigures, Taught, TeachConfig, TeachProgress, teach
from trainer.weights import read_card, save_weights
from trainer.weights_card import WeightsCard

pytestmark = pytest.mark.usefixtures("one_thread")

_DIGITS = tuple("0123456789")
_QUICK = TeachConfig(steps=12, copies=3, rehearsal=120, batch_size=32)


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory, bars: Path) -> Path:
    """lenet5, taught for a moment by the program's own digits."""
    from trainer.config import TrainConfig
    from trainer.events import RunFinished
    from trainer.training import train

    folder = tmp_path_factory.mktemp("parent")
    config = TrainConfig(
        network="lenet5", dataset="sketches", epochs=4, validation=200, device="cpu", threads=1,
        precision="float32", batch_size=64,
    )  # fmt: skip
    for event in train(config, data_folder=bars, runs=folder):
        if isinstance(event, RunFinished):
            return Path(event.weights)
    raise AssertionError


def _taught(
    parent: Path, drawings: list[tuple[Drawing, str]], target: Path, **rest: object
) -> tuple[Taught, list[float]]:
    shares, last = [], None
    given = {"data_folder": target.parent, "config": _QUICK, **rest}
    for event in teach(parent, drawings, target, **given):  # type: ignore[arg-type]
        if isinstance(event, TeachProgress):
            shares.append(event.share)
        else:
            last = event
    assert last is not None
    return last, shares


def _swapped(count: int, seed: int = 5) -> list[tuple[Drawing, str]]:
    """A hand that writes what everybody calls 3 and means an 8."""
    return [(d, "8" if label == "3" else label) for label, d in sample_drawings(count, seed)]


def test_a_new_network_is_written_and_the_parent_stays(parent: Path, tmp_path: Path) -> None:
    before = parent.read_bytes()
    target = tmp_path / "new.safetensors"
    taught, shares = _taught(
        parent,
        [(d, label) for label, d in sample_drawings(20, 3)],
        target,
        title="Ada",
        writer="Ada",
    )
    assert parent.read_bytes() == before
    assert taught.weights == str(target)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    card = read_card(target)
    assert (card.title, card.parent, card.labels) == ("Ada", "best", _DIGITS)
    assert card.data.endswith("; then 20 drawings by Ada")
    assert (card.writer, card.parent_hash) == ("Ada", file_hash(parent))
    lesson = lesson_of(card)
    assert lesson is not None
    assert lesson.drawings == 20
    assert lesson.hand == (taught.before.right / 20, taught.after.right / 20)
    assert lesson.others == (taught.reference_before, taught.reference_after)
    assert taught.before.count == taught.after.count == 20
    assert taught.reference_count > 100


def test_the_first_layers_stay_as_they_are(parent: Path, tmp_path: Path) -> None:
    from trainer.weights import load_weights

    target = tmp_path / "new.safetensors"
    _taught(parent, _swapped(20), target)
    old, new = (load_weights(path)[0].state_dict() for path in (parent, target))
    changed = {name for name in old if not torch.equal(old[name], new[name])}
    # The full layers of lenet5, three with a bias each.
    assert changed == set(list(old)[-6:])


def test_it_learns_a_hand_of_its_own(parent: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.safetensors"
    config = TeachConfig(steps=60, copies=6, rehearsal=0, learning_rate=3e-3, layers=0)
    mine = _swapped(60)
    taught, _ = _taught(parent, mine, target, config=config)
    assert taught.after.right > taught.before.right
    assert len(taught.fixed) - len(taught.broken) == taught.after.right - taught.before.right


def test_what_would_be_forgotten_keeps_the_old_one(parent: Path, tmp_path: Path) -> None:
    """Only eights, shown without others: it would call everything one."""
    drawings = [(d, "8") for label, d in sample_drawings(60, 3) if label == "8"]
    config = TeachConfig(steps=80, copies=2, rehearsal=0, learning_rate=0.02, layers=0)
    taught, _ = _taught(parent, drawings, tmp_path / "new.safetensors", config=config)
    assert not taught.kept
    assert taught.reason.startswith("It would read others' digits worse: ")
    assert taught.reference_after < taught.reference_before


def test_rehearsal_is_against_forgetting(parent: Path, tmp_path: Path) -> None:
    drawings = [(d, "8") for label, d in sample_drawings(60, 3) if label == "8"]
    lost = []
    for rehearsal in (0, 300):
        config = TeachConfig(steps=60, copies=2, rehearsal=rehearsal, learning_rate=0.01, layers=0)
        taught, _ = _taught(parent, drawings, tmp_path / "new.safetensors", config=config)
        lost.append(taught.reference_before - taught.reference_after)
    assert lost[1] < lost[0] / 2


def test_held_out_drawings_were_not_seen(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[torch.Tensor] = []
    learn = teaching.Lesson.learn

    def watched(self: teaching.Lesson, pupil: torch.nn.Module, which: torch.Tensor) -> object:
        shown.append(which)
        return learn(self, pupil, which)

    monkeypatch.setattr(teaching.Lesson, "learn", watched)
    _taught(parent, _swapped(20), tmp_path / "new.safetensors")
    *folds, last = shown
    assert last.all()
    # Every drawing is left out once.
    assert torch.stack([~fold for fold in folds]).sum(0).tolist() == [1] * 20


def test_stopped_nothing_is_written(parent: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.safetensors"
    events = list(
        teach(
            parent,
            _swapped(20),
            target,
            data_folder=tmp_path,
            config=_QUICK,
            should_stop=lambda: True,
        )
    )
    assert [type(event) for event in events] == [TeachProgress]
    assert not target.exists()


@pytest.mark.parametrize(
    ("drawings", "why"),
    [
        ([], r"^0 drawings to learn from: at least 3"),
        (_swapped(1), r"^1 drawing to learn from"),
        ([(d, "none") for _, d in sample_drawings(5)], r"labelled 'none', which the network"),
        (
            [(d, "x") for _, d in sample_drawings(5)],
            r"labelled 'x', which the network has no output",
        ),
        (
            [(sample_drawings(1)[0][1], label) for label in "001"],
            r"the same drawing is labelled '0' and '1': correct one",
        ),
        ([(Drawing((Stroke.make([(5, 5)]),)), "1")] * 5, r"^0 drawings to learn from"),
    ],
)
def test_what_cannot_be_learned_from_is_told(
    parent: Path, tmp_path: Path, drawings: list[tuple[Drawing, str]], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        _taught(parent, drawings, tmp_path / "new.safetensors")
    assert not (tmp_path / "new.safetensors").exists()


def test_more_layers_than_there_are(parent: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="5 layers that can learn"):
        _taught(parent, _swapped(10), tmp_path / "x.safetensors", config=TeachConfig(layers=6))


def test_one_label_only_and_few_drawings(parent: Path, tmp_path: Path) -> None:
    drawings = [(d, "8") for label, d in sample_drawings(30, 3) if label == "8"]
    taught, _ = _taught(parent, drawings, tmp_path / "new.safetensors")
    assert taught.before.count == 3


def test_a_network_that_refuses_goes_on_refusing(tmp_path: Path) -> None:
    torch.manual_seed(0)
    parent = tmp_path / "parent.safetensors"
    card = WeightsCard(architecture="lenet5", labels=_DIGITS, threshold=0.3)
    save_weights(parent, build_network("lenet5", classes=11), card)
    drawings = [(d, label) for label, d in sample_drawings(10, 3)]
    _taught(parent, drawings, tmp_path / "new.safetensors")
    assert read_card(tmp_path / "new.safetensors").threshold == 0.3
    answers = Recognizer(tmp_path / "new.safetensors", device="cpu").answers(
        np.zeros((1, 28, 28), np.uint8)
    )
    assert answers.is_digit is not None


def _hand(right: int, loss: float, count: int = 30) -> HandFigures:
    return HandFigures(count=count, right=right, loss=loss)


@pytest.mark.parametrize(
    ("before", "after", "reference", "kept", "reason"),
    [
        ((25, 0.5), (28, 0.2), (0.99, 0.9895), True, "reads 28 rightly without"),
        ((25, 0.5), (28, 0.2), (0.99, 0.9885), False, "worse: 98.85% instead of 99.00%"),
        ((25, 0.5), (24, 0.1), (0.99, 0.99), False, "this hand worse: 24 of 30"),
        ((25, 0.5), (25, 0.4), (0.99, 0.99), True, "surer of them"),
        ((25, 0.5), (25, 0.46), (0.99, 0.99), False, "no better: 25 of 30"),
    ],
)
def test_the_gate(
    before: tuple[int, float],
    after: tuple[int, float],
    reference: tuple[float, float],
    kept: bool,
    reason: str,
) -> None:
    found = teaching._gate(_hand(*before), _hand(*after), *reference)
    assert found[0] is kept
    assert reason in found[1]

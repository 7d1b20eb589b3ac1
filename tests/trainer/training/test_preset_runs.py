"""Every preset's network trains with its own settings, on little data; what a preset requires is an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trainer.made_runs import result_of, run_all
from trainer.base.errors import DataError
from trainer.base.events import Event
from trainer.runs.config import TrainConfig
from trainer.runs.presets import PRESETS

pytestmark = pytest.mark.usefixtures("one_thread")

#: Little enough for a test, whatever the preset says.
_LITTLE = {
    "dataset": "mnist",
    "epochs": 1,
    "batch_size": 32,
    "limit": 64,
    "validation": 100,
    "device": "cpu",
    "precision": "float32",
    "threads": 1,
}


@pytest.mark.parametrize(
    "name", [p.name for p in PRESETS.values() if p.group in ("first", "networks") and not p.recipe]
)
def test_a_preset_trains(bars: Path, name: str) -> None:
    config = TrainConfig(**{**PRESETS[name].settings, **_LITTLE})
    result = result_of(run_all(bars, config))
    assert result.reason == "completed"
    assert Path(result.weights).is_file()


def test_required_weights_that_cannot_be_had_are_an_error(
    bars: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(name: str, folder: Path) -> Iterator[Event]:
        raise DataError("imagenet.not-downloaded", "the weights of {name} are not here", name=name)

    monkeypatch.setattr("trainer.training.initial_weights.imagenet_weights", offline)
    config = TrainConfig(**{**PRESETS["transfer-resnet18"].settings, **_LITTLE})
    with pytest.raises(DataError, match="the weights of resnet18 are not here"):
        run_all(bars, config)

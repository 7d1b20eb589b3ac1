"""Every preset is a run that can be configured; what it needs and has not is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.base.errors import ConfigError, InputError
from trainer.datasets.spec import parse_spec
from trainer.networks import NETWORKS
from trainer.runs.config import TrainConfig
from trainer.runs.presets import (
    PRESETS,
    find_preset,
    own_drawings_file,
    preset_settings,
    write_own_drawings,
)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_run(name: str, tmp_path: Path) -> None:
    config = TrainConfig(**preset_settings(find_preset(name), tmp_path).settings)
    assert config.network in NETWORKS


def test_best_accuracy_names_the_data_that_are_missing(tmp_path: Path) -> None:
    found = preset_settings(find_preset("best-accuracy"), tmp_path)
    assert any("unipen" in missing for missing in found.missing)
    assert "1.5*mnist" in found.settings["dataset"]


def test_an_unknown_preset_lists_the_choices() -> None:
    with pytest.raises(ConfigError, match="quick-look"):
        find_preset("fast")


def test_own_drawings_are_written_for_the_run(tmp_path: Path) -> None:
    found = preset_settings(find_preset("my-drawings"), tmp_path)
    terms = parse_spec(found.settings["dataset"])
    assert own_drawings_file() in [term.path for term in terms]
    with pytest.raises(InputError, match="no drawings of yours"):
        write_own_drawings()

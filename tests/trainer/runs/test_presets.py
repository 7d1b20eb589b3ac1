"""Every preset is a run that can be configured; what it needs and has not is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.base.errors import ConfigError, InputError
from trainer.base.paths import runs_folder
from trainer.datasets.spec import parse_spec
from trainer.drawings import open_store
from trainer.networks import NETWORKS
from trainer.picture.strokes_files import read_strokes_file
from trainer.runs import presets
from trainer.runs.config import TrainConfig
from trainer.runs.presets import (
    PRESETS,
    find_preset,
    is_own_drawings,
    names_own_drawings,
    own_drawings_file,
    preset_settings,
    with_own_drawings,
    write_own_drawings,
)
from trainer.synthetic.synthetic_digits import synthetic_digits


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


def test_a_run_keeps_the_drawings_that_it_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets, "_KEPT", 0)
    monkeypatch.setattr(presets, "_KEPT_SECONDS", -60.0)
    drawn = [drawing for _, drawing in synthetic_digits(3, 1)]
    named = f"mnist+4*strokes-digits:{str(own_drawings_file().absolute()).replace('+', '++')}"
    files = []
    dataset = named
    for drawing in drawn:
        with open_store() as store:
            store.add(drawing, label="3")
        dataset = with_own_drawings(dataset)  # that of the run before, when it is begun once more
        assert names_own_drawings(dataset)
        path = parse_spec(dataset)[1].path
        assert path is not None
        assert is_own_drawings(path)
        files.append(path)
        if len(files) == 1:
            (runs_folder() / "first").mkdir(parents=True)
            (runs_folder() / "first" / "config.json").write_text(json.dumps({"dataset": dataset}))
    assert [len(list(read_strokes_file(path))) for path in (files[0], files[2])] == [1, 3]
    assert not files[1].exists()  # no run names it
    assert with_own_drawings(named) == dataset  # the same drawings

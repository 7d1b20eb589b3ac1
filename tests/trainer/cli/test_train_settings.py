"""Sets of settings for train: files, earlier runs, names of runs, and going on beyond the planned epochs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trainer.base.events import Event, RunFinished, event_from_json
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.runs import tensorboard
from trainer.runs.config import TrainConfig
from trainer.runs.records import find_run, read_run

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL = [
    *("--network", "lenet5", "--epochs", "1", "--batch-size", "32", "--augmentation", "none"),
    *("--device", "cpu", "--precision", "float32", "--threads", "1", "--validation", "200"),
    *("--limit", "320"),
]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[TrainConfig]:
    """Settings of the runs that would have begun; none does."""
    found: list[TrainConfig] = []

    def train(config: TrainConfig, **_: Any) -> Iterator[Event]:
        found.append(config)
        return iter(())

    monkeypatch.setattr("trainer.training.train.train", train)
    return found


def _refused(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    assert run(["train", *line]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.toml", 'network = "lenet5"\nbatch-size = 64\nlearning_rate = 1\n'),
        ("x.json", '{"network": "lenet5", "batch_size": 64, "learning-rate": 1}'),
    ],
)
def test_a_file_of_settings(
    begun: list[TrainConfig], tmp_path: Path, name: str, content: str
) -> None:
    # Windows' editor begins a file with a byte order mark.
    encoding = "utf-8-sig" if name.endswith(".json") else "utf-8"
    (tmp_path / name).write_text(content, encoding=encoding)
    assert run(["train", "--config", str(tmp_path / name), "--batch-size", "16"]) == 130
    assert begun == [TrainConfig(network="lenet5", batch_size=16, learning_rate=1.0)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.toml", "networks = 1", "unknown training settings: networks; there are: network, "),
        ("x.toml", "epochs = 0", "--epochs must be a whole number from 1 to 1,000, not 0"),
        ("x.toml", "epochs", "is neither TOML nor"),
        ("x.json", "[1]", "holds no settings"),
        ("x.json", "{", "is neither TOML nor"),
    ],
)
def test_a_bad_file_of_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, told: str
) -> None:
    (tmp_path / name).write_text(content)
    assert told in _refused(capsys, "--config", str(tmp_path / name))
    assert "cannot be read" in _refused(capsys, "--config", str(tmp_path / "absent.toml"))
    assert "--config is empty" in _refused(capsys, "--config", "")


def test_settings_by_name(
    begun: list[TrainConfig], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.toml").write_text("epochs = 7\nseed = 1\n")
    line = ["--config", str(tmp_path / "x.toml"), "--set", "epochs=3", "--set", "batch-size = 16"]
    assert run(["train", *line, "--epochs", "3"]) == 130
    assert begun == [TrainConfig(epochs=3, batch_size=16, seed=1)]
    capsys.readouterr()
    for text, told in (
        ("epochs", "write KEY=VALUE, as in epochs=3"),
        ("epoch=3", "there is no setting 'epoch'; there are: network, "),
        ("epochs=many", "--epochs must be a whole number, not 'many'"),
        ("epochs=0", "--epochs must be a whole number from 1 to 1,000, not 0"),
    ):
        assert told in _refused(capsys, "--set", text)
    told = _refused(capsys, "--set", "epochs=3", "--epochs", "4")
    assert "--set epochs=3 and --epochs 4 contradict each other" in told


def test_a_dry_run_trains_nothing(
    bars: Path,
    tmp_path: Path,
    begun: list[TrainConfig],
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["train", *SMALL, "--data", str(bars), "--dry-run"]
    assert run(line) == 0
    text = capsys.readouterr().out
    assert "320 pictures to learn from, 200 for validation" in text
    assert "10 labels: 0: " in text
    assert "1 epoch, 10 steps, batches of 32" in text
    assert run([*line, "--layers", "1", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert 0 < plan["learning"] < plan["parameters"]
    assert (plan["training_images"], sum(plan["labels"].values())) == (320, 320)
    assert run([*line, "--minutes", "2", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["epochs"], plan["steps"]) == (None, None)
    # What a run would refuse is refused, and nothing is downloaded.
    (tmp_path / "empty").mkdir()
    assert "is not in" in _refused(capsys, "--dry-run", "--data", str(tmp_path / "empty"))
    assert "has 5 layers" in _refused(capsys, *line[1:], "--layers", "9")
    assert "leave out --dry-run" in _refused(capsys, "--dry-run", "--resume", "last")
    assert begun == []
    assert not runs_folder().exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_tensorboard_that_cannot_be_imported(
    bars: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told before the run's folder is made."""
    monkeypatch.setattr(tensorboard.importlib.util, "find_spec", lambda _: object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    assert run(["train", "--tensorboard", "--data", str(bars)]) == 2
    told = capsys.readouterr().err.replace("\n", " ")
    assert "the installed TensorBoard cannot be imported" in told
    assert "--force-reinstall tensorboard`, or leave out --tensorboard" in told
    assert not runs_folder().exists()


def test_like_an_earlier_run_under_a_name(
    bars: Path, capsys: pytest.CaptureFixture[str], begun: list[TrainConfig]
) -> None:
    config = TrainConfig(network="lenet5", batch_size=32, seed=4)
    (runs_folder() / "first").mkdir(parents=True)
    (runs_folder() / "first" / "config.json").write_text(
        json.dumps({**config.to_json(), "gone": 1})
    )
    assert run(["train", "--like", "first", "--seed", "5"]) == 130
    assert begun == [TrainConfig(network="lenet5", batch_size=32, seed=5)]
    assert "exclude each other" in _refused(capsys, "--like", "first", "--recipe", "digits")
    assert "there is a run of this name already" in _refused(capsys, "--name", "first")
    for bad in ("last", "a/b", "", ".x", "x."):
        assert "cannot be the name of a run" in _refused(capsys, "--name", bad)


def test_a_run_that_goes_on_beyond_its_epochs(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["train", *SMALL, "--data", str(bars), "--name", "mine", "--json"]
    assert run(line) == 0
    assert str(runs_folder() / "mine" / "best.safetensors") in capsys.readouterr().out
    assert "has done 1 already" in _refused(capsys, "--resume", "mine", "--epochs", "1")
    assert "leave out --seed" in _refused(capsys, "--resume", "mine", "--seed", "1")
    assert run(["train", "--resume", "mine", "--epochs", "3", "--data", str(bars), "--json"]) == 0
    output = capsys.readouterr()
    assert "a new run goes on from its last weights for 2 more epochs" in output.err
    events = [event_from_json(text) for text in output.out.splitlines()]
    (last,) = [event for event in events if isinstance(event, RunFinished)]
    assert last.epochs == 2
    settings = read_run(Path(last.run)).settings
    assert settings["start"] == str(runs_folder() / "mine" / "last.safetensors")


def test_a_start_of_another_architecture_is_told(
    lenet_file: Path, capsys: pytest.CaptureFixture[str], begun: list[TrainConfig]
) -> None:
    line = ["--start", str(lenet_file)]
    told = _refused(capsys, *line, "--network", "vgg16")
    assert "is a network of the architecture lenet5, not --network vgg16" in told
    assert run(["train", *line]) == 130
    assert begun[0].network == "lenet5"
    assert "'lenet5' has none" in _refused(capsys, *line, "--dropout", "0.3")
    assert "--start is empty" in _refused(capsys, "--start", "")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--layers", "1"], "--layers 1 without --start: the other layers keep random weights"),
        (["--imagenet", "auto"], "--imagenet has no effect"),
        (["--augmentation", "hands"], "change strokes, and mnist has none"),
        (
            ["--augmentation", "wave=2"],
            "wave changes strokes, and mnist has none; it has no effect",
        ),
    ],
)
def test_a_setting_without_effect_is_told(
    begun: list[TrainConfig], capsys: pytest.CaptureFixture[str], flags: list[str], told: str
) -> None:
    assert run(["train", *flags]) == 130
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--epochs", "--learning-rate"])
def test_a_text_is_no_number(capsys: pytest.CaptureFixture[str], flag: str) -> None:
    assert f"{flag} must be a" in (told := _refused(capsys, flag, "abc"))
    assert "not 'abc'" in told


def test_a_network_that_rejects_goes_on_learning_to(
    refusing_file: Path,
    capsys: pytest.CaptureFixture[str],
    bars: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without examples it forgets within an epoch."""
    from trainer.datasets import generated

    monkeypatch.setattr(generated, "_COUNT", 400)
    line = ["train", *SMALL[2:], "--start", str(refusing_file), "--data", str(bars), "--json"]
    assert run(line) == 0
    output = capsys.readouterr().out
    assert '"code": "training.negatives-added"' in output
    settings = read_run(find_run("last", runs_folder())).settings
    assert settings["dataset"] == "mnist+scribbles"
    assert run([*line, "--dataset", "mnist+2*scribbles"]) == 0
    assert read_run(find_run("last", runs_folder())).settings["dataset"] == "mnist+2*scribbles"

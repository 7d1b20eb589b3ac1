"""handwrite-trainer finetune: from a file or the store, kept or not, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
import torch

from tests.trainer.family import network, personalized
from trainer.base.errors import InputError
from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.models.active_model import activate, activate_best
from trainer.models.data_sources import sources_of
from trainer.models.weights import find_weights, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.personalize import personalize, rehearsal
from trainer.personalize.events import PersonalizationFinished, Reread, Verdict
from trainer.personalize.finetuner import FineTuneConfig, WriterData
from trainer.picture.strokes_files import write_strokes_file
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")


class Command:
    """Runs a command line: its exit code and what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        written = self._capsys.readouterr()
        return code, written.out, written.err

    def lines(self, *arguments: object) -> list[Any]:
        code, out, error = self(*arguments, "--json")
        assert code == 0, error
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "parent.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple("0123456789"))
    save_weights(path, build_network("lenet5"), card)
    return path


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    write_strokes_file(path, ((drawing, label) for label, drawing in synthetic_digits(12)))
    return path


def _gate(
    monkeypatch: pytest.MonkeyPatch,
    *,
    passes: bool,
    changes: Callable[[WriterData], dict[str, Any]] = lambda _: {},
) -> None:
    """The personalization as it is, but short, and with this verdict. changes: to the result."""
    monkeypatch.setattr(FineTuneConfig, "__init__", _short(FineTuneConfig.__init__))
    monkeypatch.setattr(rehearsal, "_SYNTHETIC_REFERENCE", 60)
    plain = personalize.evaluate

    def evaluate(data: WriterData, *arguments: Any, **rest: Any) -> PersonalizationFinished:
        finished = plain(data, *arguments, **rest)
        verdict: Verdict = "better" if passes else "no better"
        return replace(finished, verdict=verdict, **changes(data))

    monkeypatch.setattr(personalize, "evaluate", evaluate)


def _reread(drawing: int) -> Reread:
    return Reread(drawing=drawing, label="1", before=None, after="1")


def _short(init: Any) -> Any:
    def shorter(self: FineTuneConfig, **rest: Any) -> None:
        init(self, **{"steps": 3, "copies": 1, "rehearsal": 40, **rest})

    return shorter


def test_a_network_that_got_better_is_kept_under_a_name(
    command: Command, parent: Path, drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gate(monkeypatch, passes=True)
    line = [
        "finetune",
        "--drawings",
        drawn,
        "--weights",
        parent,
        "--name",
        "Ada",
        "--data",
        tmp_path,
    ]
    (found,) = command.lines(*line)
    assert found["kept"] is True
    assert found["weights"] == str(models_folder() / "Ada.safetensors")
    assert Path(found["weights"]).is_file()
    _, out, _ = command(*line)
    assert "There was a network Ada already: this one is Ada 2." in out
    assert found["before"]["count"] == found["after"]["count"] == 12
    assert json.dumps(found)


def test_one_that_did_not_is_thrown_away_and_says_why(
    command: Command, parent: Path, drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gate(monkeypatch, passes=False)
    line = ["finetune", "--drawings", drawn, "--weights", parent, "--data", tmp_path]
    code, out, error = command(*line)
    assert (code, error) == (0, "")  # no empty line of a progress bar, either
    assert out.startswith("It reads this writer no better: ")
    assert "\nThis writer: " in out
    assert out.rstrip().endswith("Not kept: parent stays as it is.")
    assert not list(models_folder().glob("*.safetensors"))


def test_ones_own_drawings_are_those_of_the_store(
    command: Command, parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.drawings import open_store

    with open_store() as store:
        ada = store.add_writer("Ada")
        for label, drawing in synthetic_digits(10, 4):
            store.add(drawing, label=label, writer=ada.id)
        store.add(synthetic_digits(1, 9)[0][1], label="0")  # by another
    _gate(monkeypatch, passes=True)
    line = ["finetune", "--writer", "ada", "--weights", parent, "--data", tmp_path]
    (found,) = command.lines(*line)
    assert found["before"]["count"] == 10
    assert Path(found["weights"]).stem == "parent Ada"


def test_by_default_it_starts_from_the_base_of_the_active_network(
    command: Command, drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def begun(parent: Path, *_: object, **__: object) -> NoReturn:
        asked.append(parent)
        raise InputError("It is not about what it learns.")

    monkeypatch.setattr(personalize, "personalize", begun)
    base = network("base")
    for path in (personalized("first", base), personalized("second", base), base):
        activate(path)
        assert command("finetune", "--drawings", drawn)[0] == 2
    activate_best()
    assert command("finetune", "--drawings", drawn)[0] == 2
    assert asked == [base, base, base, find_weights()]
    activate(base)
    base.unlink()
    code, _, error = command("finetune", "--drawings", drawn)
    assert code == 2
    assert f"The active network {base} is missing: scribe is used instead" in error
    assert asked[-1] == find_weights()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "0 drawings to learn from"),
        (("--writer", "Nobody"), "there is no writer 'Nobody'"),
        (("--drawings", "absent.jsonl"), "does not exist"),
        (("--weights", "absent"), "no network named 'absent'"),
        (("--drawings", "."), ". is a folder: fine-tuning takes strokes"),
        (("--data", "absent"), "--data absent: there is no such folder"),
    ],
)
def test_wrong_input_is_told(
    command: Command, parent: Path, arguments: tuple[str, ...], why: str
) -> None:
    weights = () if "--weights" in arguments else ("--weights", parent)
    code, _, error = command("finetune", *weights, *arguments)
    assert code == 2
    assert why in " ".join(error.split())


def test_drawings_are_named_by_their_lines(
    command: Command, parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changes(data: WriterData) -> dict[str, Any]:
        return {
            "fixed": tuple(map(_reread, data.ids[:2])),
            "broken": tuple(map(_reread, data.ids[-1:])),
        }

    _gate(monkeypatch, passes=False, changes=changes)
    path = tmp_path / "mine.jsonl"
    write_strokes_file(path, ((drawing, label) for label, drawing in synthetic_digits(6)))
    good = path.read_text().splitlines()
    path.write_text("\n".join(["{}", good[0], "", good[0], *good[1:], "nonsense"]))
    line = ["finetune", "--drawings", path, "--weights", parent, "--data", tmp_path, "--json"]
    code, out, error = command(*line)
    assert code == 0, error
    found = json.loads(out)
    assert (found["fixed"], found["broken"]) == ([2, 5], [9])
    assert "2 lines cannot be used; line 1: " in error


def test_what_the_network_before_has_learned_from_is_said(
    command: Command, drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> NoReturn:
        raise InputError("enough")

    monkeypatch.setattr(personalize, "personalize", stop)
    known, other = tmp_path / "known.safetensors", tmp_path / "other.safetensors"
    for path, name in ((known, drawn.name), (other, "theirs.jsonl")):
        card = WeightsCard(
            architecture="lenet5",
            labels=tuple("0123456789"),
            sources=sources_of(f"mnist+2*strokes:{name}", [60_000, 12]),
        )
        save_weights(path, build_network("lenet5"), card)
        _, _, error = command("finetune", "--drawings", drawn, "--weights", path)
        assert "enough" in error
        assert (f"learned from a file named {drawn.name} itself" in error) is (path == known)


def test_drawings_of_the_store_are_named_by_their_ids(
    command: Command, parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.drawings import open_store
    from trainer.drawings.store import DrawingStore

    with open_store() as store:
        ids = [store.add(drawing, label=label) for label, drawing in synthetic_digits(8, 4)]
    plain = DrawingStore.drawing

    def drawing(self: DrawingStore, number: int) -> Any:
        if number == ids[3]:
            raise InputError("it was deleted meanwhile")
        return plain(self, number)

    monkeypatch.setattr(DrawingStore, "drawing", drawing)
    _gate(
        monkeypatch,
        passes=False,
        changes=lambda data: {"fixed": tuple(map(_reread, data.ids)), "broken": ()},
    )
    (found,) = command.lines("finetune", "--weights", parent, "--data", tmp_path)
    assert sorted(found["fixed"]) == sorted(set(ids) - {ids[3]})


def test_a_writer_whose_name_is_none_for_a_file(
    command: Command, parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.drawings import open_store

    with open_store() as store:
        writer = store.add_writer("A/B: the 1st?")
        for label, drawing in synthetic_digits(6, 4):
            store.add(drawing, label=label, writer=writer.id)
    _gate(monkeypatch, passes=True)
    (found,) = command.lines("finetune", "--weights", parent, "--data", tmp_path)
    assert Path(found["weights"]).stem == "parent A B the 1st"


def test_a_personalized_network_is_not_personalized_again(
    command: Command, drawn: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple("0123456789"), writer="Ada")
    save_weights(first, build_network("lenet5"), card)
    path = tmp_path / "ada.jsonl"
    lines = [{**json.loads(line), "writer": "Ada"} for line in drawn.read_text().splitlines()]
    path.write_text("\n".join(map(json.dumps, lines)))
    code, _, error = command("finetune", "--drawings", path, "--weights", first)
    assert code == 2
    assert "first has learned Ada's drawings already" in " ".join(error.split())

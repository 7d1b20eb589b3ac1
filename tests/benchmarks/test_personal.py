"""benchmarks/personal: who is personalized from what, and what is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import personal
from benchmarks.personal_document import VARIANTS, Metrics, Variant, document
from benchmarks.personal_writers import divided, is_tuned_on, writers_of
from benchmarks.real_hands import DIGITS, piece, weights_name
from tests.made_up import write_mnist
from tests.trainer.strokes_files import lines, write
from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST made up, and digits by two writers of one site and by one of another."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder)
    many = [
        {**line, "site": site, "writer": f"{site}/{name}"}
        for site, name, count in (("syn", "Ada", 80), ("syn", "Bob", 20), ("apb", "Cy", 70))
        for line in lines(count)
    ]
    (folder / DIGITS).parent.mkdir()
    write(folder / DIGITS, many)
    return folder


def test_writers_with_many_drawings_by_site(data: Path) -> None:
    found = writers_of(data, ["syn", "ibm"])
    assert {fold: {w: len(hand) for w, hand in hands.items()} for fold, hands in found.items()} == {
        "syn": {"syn/Ada": 80},
        "ibm": {},
    }
    # Shuffled, but every time alike.
    labels = [label for _, label in found["syn"]["syn/Ada"]]
    assert labels != [line["label"] for line in lines(80)]
    again = writers_of(data, ["syn"])["syn"]["syn/Ada"]
    assert [label for _, label in again] == labels


def test_so_many_of_each_digit_are_learned_and_the_rest_is_read() -> None:
    hand = [(drawing, label) for label, drawing in synthetic_digits(60, 2)]
    learned, rest = divided(hand, 3)
    assert sorted(label for _, label in learned) == sorted("0123456789" * 3)
    assert len(rest) == 30
    assert {id(drawing) for drawing, _ in learned}.isdisjoint(id(drawing) for drawing, _ in rest)


def test_settings_were_chosen_by_some_of_the_writers() -> None:
    names = [f"{number:02}" for number in reversed(range(14))]

    def tuned(fold: str) -> list[str]:
        return sorted(name for name in names if is_tuned_on(fold, name, names))

    first = sorted(names)[:9]
    assert tuned("apb") == [*first, "10", "12"]
    assert tuned("app") == tuned("apa") == first
    assert tuned("syn") == tuned("ibm") == sorted(names)
    assert tuned("ced") == []


def _run(before: int, after: int, *, kept: bool = True, lost: float = 0.0) -> dict[str, Any]:
    return {
        "count": 100, "before": before, "after": after, "kept": kept, "cpu_seconds": 2.0,
        "reference_before": 0.99, "reference_after": 0.99 - lost,
    }  # fmt: skip


def test_what_the_gate_refuses_changes_nothing() -> None:
    row = Metrics.of(
        [_run(4, 1, lost=0.001), _run(2, 9, kept=False, lost=0.5), _run(0, 1), _run(2, 2)]
    )
    assert (row.writers, row.worse, row.kept) == (4, 1, 0.75)
    assert row.before == pytest.approx(0.02)
    assert row.personalized == pytest.approx(0.0325)
    assert row.after == pytest.approx(0.015)
    assert (row.errors_before, row.errors_after) == (8, 6)
    assert row.reference == pytest.approx(-0.001 / 4)
    with pytest.raises(ValueError, match="nothing"):
        Metrics.of([])


def test_the_document_has_every_row() -> None:
    row = Metrics.of([_run(4, 1)])
    text = document({("cnn", "3", "all"): row, ("cnn", "3", "tuned"): row}, torch="2")
    (first, second) = [line for line in text.splitlines() if line.startswith("| `cnn`")]
    assert "| 1 | 4.00% | 1.00% | 1.00% | -75% | 4 → 1 | 100% | 0 | +0.000 | 2.0 |" in first
    assert "settings were chosen by" in second
    assert max(map(len, text.splitlines()[:20])) < 200


def test_a_quick_run_of_networks_that_are_there(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program itself, with a network that has learned nothing in place of the trained one."""
    import torch

    from trainer.networks import build_network

    torch.manual_seed(0)
    monkeypatch.setenv("HANDWRITE_DATA", str(data))
    monkeypatch.setitem(VARIANTS, "1", Variant(title="quick", per=1, changes={
        "steps": 3, "copies": 1, "rehearsal": 50, "folds": 2,
    }))  # fmt: skip
    bases = tmp_path / "bases"
    card = WeightsCard(architecture="lenet5", labels=tuple("0123456789"))
    wanted = piece("tutorial", "", 0, data=data, device="cpu")
    save_weights(bases / f"{weights_name(wanted)}.safetensors", build_network("lenet5"), card)
    arguments = ["--quick", "--json", "--bases", str(bases), "--results", str(tmp_path / "r.json")]
    personal.main(arguments)
    first = json.loads(capsys.readouterr().out)
    assert set(first) == {"cnn/1/all"}
    assert first["cnn/1/all"]["writers"] == 1
    assert first["cnn/1/all"]["errors_before"] > 30
    # The second time all is there.
    personal.main([*arguments, "--finished"])
    out = capsys.readouterr()
    assert json.loads(out.out) == first
    assert "→" not in out.err

"""Rehearsal data: computed once, then taken from the cache."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import torch

from trainer.base.errors import InputError
from trainer.base.paths import cache_folder, file_hash
from trainer.execution.execution import Execution
from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.personalize import finetuner, rehearsal
from trainer.personalize.cached_features import CachedFeatures
from trainer.personalize.finetuner import FineTuneConfig, FineTuner
from trainer.personalize.rehearsal import RehearsalData

pytestmark = pytest.mark.usefixtures("one_thread")

_QUICK = FineTuneConfig(rehearsal=60)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_SYNTHETIC_REFERENCE", "_NEGATIVES", "_REFERENCE"):
        monkeypatch.setattr(rehearsal, name, 40)


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return _network(tmp_path / "parent.safetensors")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of networks for which features were computed."""
    names: list[str] = []
    plain = rehearsal._Builder.build

    def recorded(
        self: rehearsal._Builder, data_folder: Path
    ) -> Generator[float, None, RehearsalData]:
        names.append(self._spec.parent_hash)
        return plain(self, data_folder)

    monkeypatch.setattr(rehearsal._Builder, "build", recorded)
    return names


def _network(path: Path, seed: int = 0) -> Path:
    torch.manual_seed(seed)
    card = WeightsCard(architecture="lenet5", labels=tuple("0123456789"), threshold=0.1)
    save_weights(path, build_network("lenet5", classes=11), card)
    return path


def _data(parent: Path, data: Path, config: FineTuneConfig = _QUICK) -> RehearsalData:
    finetuner = FineTuner(parent, config)
    fractions = list(finetuner.prepare(data))
    assert fractions == sorted(fractions)
    assert fractions[-1:] in ([], [1.0])
    return finetuner.rehearsal


def _alike(one: CachedFeatures | None, other: CachedFeatures | None) -> bool:
    assert one is not None
    assert other is not None
    return all(
        torch.equal(getattr(one, name), getattr(other, name))
        for name in ("features", "targets", "of", "parent")
    )


def test_the_next_personalization_finds_them(parent: Path, tmp_path: Path, made: list[str]) -> None:
    first = _data(parent, tmp_path)
    second = _data(parent, tmp_path)
    assert len(made) == 1
    assert second.source == first.source == "synthetic digits"
    assert _alike(first.reference, second.reference)
    assert _alike(first.rehearsal, second.rehearsal)
    assert _alike(first.negatives, second.negatives)


def test_what_they_come_from_decides(
    parent: Path, tmp_path: Path, made: list[str], made_up_mnist: Path
) -> None:
    _data(parent, tmp_path)
    _data(parent, tmp_path, FineTuneConfig(rehearsal=80))
    _data(_network(tmp_path / "other.safetensors", seed=1), tmp_path)
    assert _data(parent, made_up_mnist).source == "MNIST"
    one, other = file_hash(parent), file_hash(tmp_path / "other.safetensors")
    assert made == [one, one, other, one]


def test_a_copy_of_the_network_finds_them_too(
    parent: Path, tmp_path: Path, made: list[str]
) -> None:
    _data(parent, tmp_path)
    _data(parent.rename(tmp_path / "renamed.safetensors"), tmp_path)
    assert len(made) == 1


def test_it_does_not_matter_which_number_format_is_fastest(
    parent: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for precision in ("float32", "bfloat16"):
        monkeypatch.setattr(
            finetuner,
            "fastest_batch",
            lambda _, device, precision=precision: Execution(
                device=device, precision=precision, layout="channels first"
            ),
        )
        _data(parent, tmp_path)
    assert len(made) == 1


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, None])
def test_a_damaged_file_is_made_again(
    parent: Path, tmp_path: Path, made: list[str], content: bytes | None
) -> None:
    first = _data(parent, tmp_path)
    (file,) = (cache_folder() / "others").iterdir()
    file.write_bytes(file.read_bytes()[:-10] if content is None else content)
    again = _data(parent, tmp_path)
    assert torch.equal(again.reference.targets, first.reference.targets)
    assert _alike(_data(parent, tmp_path).reference, again.reference)
    assert len(made) == 2


def test_without_a_cache_it_works_all_the_same(
    parent: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HANDWRITE_CACHE", str(tmp_path / "file"))
    assert len(_data(parent, tmp_path).reference) == 40
    _data(parent, tmp_path)
    assert len(made) == 2


def test_old_ones_are_removed(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "_KEPT", 2)
    for size in (40, 50, 60):
        _data(parent, tmp_path, FineTuneConfig(rehearsal=size))
    assert len(list((cache_folder() / "others").iterdir())) == 2


def test_mnist_that_cannot_be_read_is_looked_at_again(
    parent: Path, made: list[str], made_up_mnist: Path
) -> None:
    (file,) = made_up_mnist.rglob("train-images*")
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    assert _data(parent, made_up_mnist).source == "synthetic digits"
    file.write_bytes(whole)
    assert _data(parent, made_up_mnist).source == "MNIST"
    assert len(made) == 2


def test_features_that_would_fill_the_disk_are_not_kept(
    parent: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "_LARGEST", 10)
    _data(parent, tmp_path)
    _data(parent, tmp_path)
    assert len(made) == 2
    assert not (cache_folder() / "others").exists()


def test_a_full_disk_does_not_end_it(
    parent: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert len(_data(parent, tmp_path).reference) == 40
    assert list((cache_folder() / "others").iterdir()) == []
    assert len(made) == 1


def test_what_a_killed_one_left_is_removed(parent: Path, tmp_path: Path) -> None:
    folder = cache_folder() / "others"
    folder.mkdir(parents=True)
    (folder / ".abc.safetensors.01ab23cd.part").write_bytes(b"half")
    _data(parent, tmp_path)
    (file,) = folder.iterdir()
    assert file.suffix == ".safetensors"


@pytest.mark.parametrize("labels", ["0123456789♥", "♥abc"])
def test_signs_of_ones_own_could_be_forgotten_unseen(tmp_path: Path, labels: str) -> None:
    path = tmp_path / "signs.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple(labels))
    save_weights(path, build_network("lenet5", classes=len(labels)), card)
    with pytest.raises(InputError, match="only networks that read digits and letters"):
        _data(path, tmp_path)


@pytest.mark.parametrize("labels", ["0123456789abcABC", "abc"])
def test_letters_are_rehearsed_as_the_program_draws_them(
    tmp_path: Path, labels: str, made: list[str], made_up_mnist: Path
) -> None:
    path = tmp_path / "letters.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple(labels), threshold=0.1)
    save_weights(path, build_network("lenet5", classes=len(labels) + 1), card)
    for _ in range(2):
        data = _data(path, made_up_mnist)
    assert len(made) == 1
    assert data.source == "synthetic characters"
    assert set(data.reference.targets.tolist()) == set(range(len(labels)))
    assert data.negatives is not None


def test_of_a_network_for_some_digits_those_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "some.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple("0123"))
    save_weights(path, build_network("lenet5", classes=4), card)
    assert set(_data(path, tmp_path).reference.targets.tolist()) == {0, 1, 2, 3}

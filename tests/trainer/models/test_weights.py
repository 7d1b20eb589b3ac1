"""A weights file is data that somebody else may have made: it is used when all of it is right."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import trainer
from tests.trainer.weights_files import card_in, put_together, take_apart, with_card
from trainer.base.errors import RunError, WeightsError
from trainer.base.paths import file_hash, models_folder
from trainer.models import weights
from trainer.models.weights import (
    find_weights,
    keep_weights,
    load_weights,
    read_card,
    save_weights,
    stored_weights,
)
from trainer.models.weights_card import WeightsCard
from trainer.networks import NETWORKS, build_network


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shipped weights of our own, empty."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(weights, "shipped_weights_folder", lambda: folder)
    return folder


# --- save and load


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    network = build_network(name, classes=5)
    network(torch.rand(4, 1, 28, 28))  # moves the statistics of batch normalisation
    card = WeightsCard(architecture=name, labels=tuple("abcde"))
    save_weights(tmp_path / "x.safetensors", network, card)
    loaded, found = load_weights(tmp_path / "x.safetensors")
    assert found == card
    wanted = network.state_dict()
    assert loaded.state_dict().keys() == wanted.keys()
    for key, tensor in loaded.state_dict().items():
        assert torch.equal(tensor, wanted[key]), key
    assert not loaded.training
    assert not any(p.requires_grad for p in loaded.parameters())
    pictures = torch.rand(2, 1, 28, 28)
    assert torch.equal(loaded(pictures), network.eval()(pictures))


def test_the_layout_in_memory_does_not_matter(tmp_path: Path) -> None:
    network = build_network("cnn").to(memory_format=torch.channels_last)
    card = WeightsCard(architecture="cnn", labels=tuple("0123456789"))
    save_weights(tmp_path / "x.safetensors", network, card)
    loaded, _ = load_weights(tmp_path / "x.safetensors")
    for key, tensor in loaded.state_dict().items():
        assert torch.equal(tensor, network.state_dict()[key])


def test_the_card_comes_back_whole(file: Path, tiny: tuple[nn.Module, WeightsCard]) -> None:
    assert read_card(file) == tiny[1]
    assert load_weights(file)[1] == tiny[1]


@pytest.mark.parametrize("threshold", [0, 0.0, 0.123456789, 1, 1.0])
def test_a_network_that_refuses_comes_back_as_it_was(tmp_path: Path, threshold: float) -> None:
    network = build_network("lenet5", classes=4).eval()
    card = WeightsCard(architecture="lenet5", labels=tuple("abc"), threshold=threshold)
    assert card.outputs == ("a", "b", "c", "none")
    save_weights(tmp_path / "x.safetensors", network, card)
    loaded, found = load_weights(tmp_path / "x.safetensors")
    assert found == read_card(tmp_path / "x.safetensors") == card
    pictures = torch.rand(2, 1, 28, 28)
    assert torch.equal(loaded(pictures), network(pictures))


def test_a_file_from_before_there_was_a_threshold_answers_everything(file: Path) -> None:
    header, payload = take_apart(file)
    assert card_in(header)["threshold"] is None
    file.write_bytes(put_together(with_card(header, threshold=None), payload))
    assert "threshold" not in card_in(take_apart(file)[0])
    card = load_weights(file)[1]
    assert card.threshold is None
    assert card.outputs == card.labels == tuple("0123456789")


def test_keys_of_a_later_program_are_passed_over(
    file: Path, tiny: tuple[nn.Module, WeightsCard]
) -> None:
    header, payload = take_apart(file)
    file.write_bytes(put_together(with_card(header, mood="sunny"), payload))
    assert read_card(file) == tiny[1]


def test_a_loaded_network_no_longer_needs_its_file(file: Path) -> None:
    """A mapped file that is cut short ends the process with SIGBUS."""
    network, _ = load_weights(file)
    pictures = torch.rand(2, 1, 28, 28)
    before = network(pictures)
    with file.open("r+b") as changed:
        changed.write(b"\xff" * 100)
        changed.truncate(100)
    assert torch.equal(network(pictures), before)


def test_a_failed_save_leaves_the_old_file(
    file: Path, tiny: tuple[nn.Module, WeightsCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RunError, match="No space left on device"):
        save_weights(file, *tiny)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")
def test_a_save_that_the_system_cuts_short(file: Path, tiny: tuple[nn.Module, WeightsCard]) -> None:
    import resource

    before = file.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(RunError, match="File too large"):
            save_weights(file, *tiny)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_no_module_unpickles() -> None:
    """Neither pickle and what is built on it, nor torch.load, nor eval: weights are data.

    What torchvision publishes is a pickle: read by the one module that checks its sum, tensors only.
    """
    forbidden = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
    sources = sorted(Path(trainer.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    for path in sources:
        loads: list[ast.expr] = []
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(alias.name for alias in node.names)]
            assert not forbidden & {part for name in names for part in name.split(".")}, path
            if isinstance(node, ast.Call):
                options = {k.arg: ast.unparse(k.value) for k in node.keywords}
                if options.get("allow_pickle") == "False":
                    loads.append(node.func)
                if options.get("weights_only") == "True" and path.name == "imagenet.py":
                    loads.append(node.func)
            if node in loads:
                continue
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                called = (node.value.id, node.attr)
                assert called not in {("torch", "load"), ("jit", "load"), ("np", "load")}, path
            if isinstance(node, ast.Name):
                assert node.id not in {"eval", "exec", "__import__"}, path


# --- the list, by name


def _put(path: Path, source: Path, **changed: Any) -> Path:
    header, payload = take_apart(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(put_together(with_card(header, **changed), payload))
    return path


def test_the_list_has_what_ships_then_what_was_kept(file: Path, shipped: Path) -> None:
    _put(shipped / "b.safetensors", file)
    _put(shipped / "a.safetensors", file)
    kept = _put(models_folder() / "mine.safetensors", file)
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    (models_folder() / "notes.txt").write_text("no network")
    (models_folder() / "._mine.safetensors").write_text("what a Mac leaves on a stick")
    (models_folder() / "folder.safetensors").mkdir()
    entries = list(stored_weights())
    assert [(e.name, e.shipped, e.card is not None) for e in entries] == [
        ("a", True, True),
        ("b", True, True),
        ("broken", False, False),
        ("folder", False, False),
        ("mine", False, True),
    ]
    assert "too short" in str(entries[2].error)
    assert entries[4].path == kept
    assert entries[4].bytes == kept.stat().st_size
    assert entries[4].error is None


def test_an_empty_installation_has_an_empty_list(shipped: Path) -> None:
    assert list(stored_weights()) == []
    with pytest.raises(WeightsError, match="no network came with this installation"):
        find_weights()
    with pytest.raises(WeightsError, match="there are: none"):
        find_weights("scribe")


def test_without_a_name_the_best_that_ships_is_meant(file: Path, shipped: Path) -> None:
    for name, accuracy in (("a", 0.97), ("best", 0.99), ("c", 0.98)):
        _put(shipped / f"{name}.safetensors", file, metrics={"validation_accuracy": accuracy})
    _put(shipped / "d.safetensors", file, metrics={})
    _put(models_folder() / "mine.safetensors", file, metrics={"validation_accuracy": 1.0})
    (shipped / "e.safetensors").write_bytes(b"broken")
    assert find_weights() == find_weights(None) == shipped / "best.safetensors"


def test_a_name_or_a_path_is_meant(
    file: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scribe = _put(shipped / "scribe.safetensors", file)
    assert find_weights("scribe") == scribe
    mine = _put(models_folder() / "scribe.safetensors", file)
    assert find_weights("scribe") == mine  # the newer
    assert find_weights(file) == find_weights(str(file)) == file
    monkeypatch.chdir(tmp_path)
    assert find_weights("tiny.safetensors") == Path("tiny.safetensors")
    # A file that happens to lie here does not hide a network.
    (tmp_path / "scribe").write_bytes(b"another thing")
    assert find_weights("scribe") == mine
    # A file may have any name.
    (tmp_path / "other").write_bytes(file.read_bytes())
    assert find_weights("other") == Path("other")


def test_an_unknown_name_lists_the_names(file: Path, shipped: Path) -> None:
    for name in ("a", "b"):
        _put(shipped / f"{name}.safetensors", file)
    for name in ("b", "c"):
        _put(models_folder() / f"{name}.safetensors", file)
    for unknown in ("A", "", "a.pt", "n" * 5000, "nul\0", "~nobody-of-that-name"):
        with pytest.raises(WeightsError, match="there are: a, b, c\\."):
            find_weights(unknown)


def test_a_path_without_a_file_is_told(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "folder.safetensors").mkdir()
    for path in (tmp_path / "folder.safetensors", "none.safetensors", "x" * 5000 + ".safetensors"):
        with pytest.raises(WeightsError, match="there is no weights file"):
            find_weights(path)


def test_reading_the_list_does_not_load_torch(file: Path) -> None:
    """Nor does anything else that the window imports on its way to the first picture."""
    _put(models_folder() / "mine.safetensors", file)
    program = (
        "import sys\n"
        "import trainer.runs.config, trainer.execution.devices, trainer.base.events, trainer.processes.train_process, trainer.processes.recognition_messages\n"
        "from trainer.models.weights import find_weights, keep_weights, stored_weights\n"
        "entries = list(stored_weights())\n"
        "assert any(e.name == 'mine' and e.card is not None for e in entries), entries\n"
        "keep_weights(find_weights('mine'), 'again')\n"
        "heavy = {'torch', 'torchvision', 'safetensors'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


# --- keeping


def test_a_kept_network_is_found_by_its_name(file: Path, shipped: Path) -> None:
    path = keep_weights(file, "my hand")
    assert path == models_folder() / "my hand.safetensors"
    assert path.read_bytes() == file.read_bytes()
    assert find_weights("my hand") == path


def test_a_network_that_is_there_is_never_overwritten(file: Path, shipped: Path) -> None:
    _put(shipped / "scribe.safetensors", file)
    (models_folder()).mkdir(parents=True)
    (models_folder() / "Broken.safetensors").write_bytes(b"but somebody's")
    assert [keep_weights(file, "mine").stem for _ in range(3)] == ["mine", "mine 2", "mine 3"]
    assert keep_weights(file, "scribe").stem == "scribe 2"
    # A Mac's and Windows' file systems take these for one name.
    assert keep_weights(file, "MINE").stem == "MINE 4"
    assert keep_weights(file, "broken").stem == "broken 2"
    assert (models_folder() / "Broken.safetensors").read_bytes() == b"but somebody's"


@pytest.mark.parametrize("name", ["  mine ", "mine.safetensors", " mine.safetensors "])
def test_spaces_and_the_suffix_are_no_part_of_a_name(file: Path, shipped: Path, name: str) -> None:
    assert keep_weights(file, name).name == "mine.safetensors"


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", ".safetensors", ".", "..", ".hidden", "~", "a/b", "../up", "/etc/x", "a\\b"),
        *("c:x", "a*", "a?", 'a"', "a<b", "a|b", "a\nb", "a\0b", "a\x7f", "a\udcff"),
        *("dot.", "nul", "COM1.x", "n" * 101),
    ],
)
def test_a_name_that_no_file_can_have_is_refused(file: Path, shipped: Path, name: str) -> None:
    with pytest.raises(WeightsError, match="cannot be the name of a network"):
        keep_weights(file, name)
    assert not models_folder().exists()


@pytest.mark.parametrize("name", ["我的手", "été-2", "v1.2 (left hand)", "n" * 100])
def test_names_are_in_any_language(file: Path, shipped: Path, name: str) -> None:
    assert find_weights(keep_weights(file, name).stem).stem == name


def test_what_cannot_be_used_is_not_kept(tmp_path: Path, shipped: Path) -> None:
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"nothing of use")
    for source in (bad, tmp_path / "absent.safetensors", tmp_path):
        with pytest.raises(WeightsError):
            keep_weights(source, "mine")
    assert not models_folder().exists()


def test_a_folder_that_cannot_be_written_is_told(file: Path, shipped: Path) -> None:
    models_folder().parent.mkdir(parents=True, exist_ok=True)
    models_folder().write_text("a file")
    with pytest.raises(RunError, match="could not be written"):
        keep_weights(file, "mine")


def test_the_card_that_a_file_holds_is_readable_by_people(file: Path) -> None:
    card = card_in(take_apart(file)[0])
    assert card["format"] == 1
    assert card["architecture"] == "scribe"
    assert card["labels"] == list("0123456789")


# --- what ships


def test_what_ships_can_be_used() -> None:
    entries = [entry for entry in stored_weights() if entry.shipped]
    if not entries:
        pytest.skip("no weights in this checkout")
    for entry in entries:
        assert entry.error is None
        network, card = load_weights(entry.path)
        # Of 62 characters some look the same: case counts here.
        least = 0.99 if len(card.labels) == 10 else 0.89
        assert card.metrics["validation_accuracy"] > least
        assert network(torch.zeros(1, 1, 28, 28)).shape == (1, len(card.outputs))
    assert sum(entry.bytes for entry in entries) < 10_000_000


@pytest.mark.parametrize(
    ("writer", "name"),
    [
        ("Ada", "scribe Ada"),
        ("", "scribe"),
        (" A/B:\tC. ", "scribe A B C"),
        ("x" * 300, "scribe " + "x" * 93),
    ],
)
def test_the_name_for_a_hand_can_be_one(writer: str, name: str) -> None:
    found = weights.name_for_writer("scribe", writer)
    assert found == name
    assert weights.checked_network_name(found) == found


@pytest.mark.parametrize("base", ["", "...", "CON", "/"])
def test_there_is_always_a_name_for_a_hand(base: str) -> None:
    found = weights.name_for_writer(base, "")
    assert weights.checked_network_name(found) == found


def test_the_hash_is_that_of_the_file(file: Path) -> None:
    network, card, digest = weights.load_hashed(file)
    assert digest == file_hash(file)
    assert card == weights.read_card(file)
    assert not network.training

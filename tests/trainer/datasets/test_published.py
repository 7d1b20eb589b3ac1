"""EMNIST, QMNIST and USPS from files of their form: upright, labelled, fetched from where they are."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.trainer.local_mirror import mirror
from trainer.base.errors import DataError, RunError
from trainer.base.paths import cache_folder
from trainer.datasets import fetch, load_test, load_training, published
from trainer.picture.preprocess import finish

COUNT = {"train": 60, "test": 20}


def _idx(values: NDArray[np.generic], *, kind: int = 8) -> bytes:
    head = bytes([0, 0, kind, values.ndim]) + np.array(values.shape, ">i4").tobytes()
    return head + values.astype(">i4" if kind == 0x0C else np.uint8).tobytes()


def _pictures(count: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), dtype=np.uint8)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sets are as large as COUNT here, and nobody stands between us and this machine."""
    small = {
        name: (labels, first, COUNT["train"], COUNT["test"])
        for name, (labels, first, *_) in published._EMNIST.items()
    }
    monkeypatch.setattr(published, "_EMNIST", small)
    monkeypatch.setattr(published, "_QMNIST_COUNT", 60)
    monkeypatch.setattr(
        published, "_USPS", {"training": ("usps.bz2", 40), "test": ("usps.t.bz2", 20)}
    )
    monkeypatch.setenv("no_proxy", "*")


# --- EMNIST


def _emnist(name: str, first: int, classes: int) -> dict[str, bytes]:
    files = {}
    for part, count in COUNT.items():
        start = f"{name}-{part}"
        labels = first + np.arange(count) % classes
        files[f"{start}-images-idx3-ubyte"] = _idx(_pictures(count))
        files[f"{start}-labels-idx1-ubyte"] = _idx(labels)
    return files


def _archive(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"gzip/{name}.gz", gzip.compress(data))
    return content.getvalue()


SETS = {
    "emnist-digits": (0, 10, "0123456789"),
    "emnist-letters": (1, 26, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "emnist-byclass": (0, 62, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    "emnist-balanced": (0, 47, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("how", ["zip", "unpacked", "gz"])
def test_emnist_is_upright(tmp_path: Path, name: str, how: str) -> None:
    first, classes, labels = SETS[name]
    raw = tmp_path / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    files = _emnist(name, first, classes)
    if how == "zip":
        (raw / "gzip.zip").write_bytes(_archive(files))
    else:
        for file, content in files.items():
            packed = how == "gz"
            path = raw / (f"{file}.gz" if packed else file)
            path.write_bytes(gzip.compress(content) if packed else content)
    assert list(fetch(name, tmp_path)) == []
    data = load_training(name, tmp_path, validation=10)
    assert "".join(data.training.labels) == labels
    assert (len(data.training), len(data.validation)) == (50, 10)
    stored = _pictures(60)
    assert np.array_equal(data.training.pictures, stored[:50].transpose(0, 2, 1))
    assert np.array_equal(data.validation.pictures, stored[50:].transpose(0, 2, 1))
    assert data.training.targets.tolist() == [i % classes for i in range(50)]
    test = load_test(name, tmp_path)
    assert len(test) == 20
    assert test.targets.tolist() == [i % classes for i in range(20)]


def test_labels_are_torchvisions() -> None:
    from torchvision.datasets import EMNIST

    assert list(published._EMNIST["emnist-balanced"][0]) == EMNIST.classes_split_dict["balanced"]
    letters = [label.upper() for label in EMNIST.classes_split_dict["letters"][1:]]
    assert list(published._EMNIST["emnist-letters"][0]) == letters


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    raw = tmp_path / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    whole = _archive(_emnist("emnist-letters", 1, 26))
    for content in (
        whole[: len(whole) // 2],
        b"",
        whole.replace(b"emnist-letters", b"emnist-lettuce"),
    ):
        (raw / "gzip.zip").write_bytes(content)
        with pytest.raises(DataError, match="Delete it and download it again"):
            load_test("emnist-letters", tmp_path)


def test_labels_that_emnist_does_not_have(tmp_path: Path) -> None:
    raw = tmp_path / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "gzip.zip").write_bytes(_archive(_emnist("emnist-letters", 0, 26)))
    with pytest.raises(DataError, match="20 labels from 1 to 26 are wanted"):
        load_test("emnist-letters", tmp_path)


@pytest.fixture
def emnist_server(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    from torchvision.datasets import EMNIST

    content = _archive(_emnist("emnist-letters", 1, 26))
    with mirror({"gzip.zip": content}) as server:
        monkeypatch.setattr(EMNIST, "url", server.url("gzip.zip"))
        monkeypatch.setattr(EMNIST, "md5", hashlib.md5(content).hexdigest())
        yield server


def test_emnist_is_fetched_where_torchvision_has_it(emnist_server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (last := list(fetch("emnist-letters", tmp_path)))
    assert last[-1].file == "gzip.zip"
    assert len(load_test("emnist-letters", tmp_path)) == 20
    assert list(fetch("emnist-letters", tmp_path)) == []
    assert emnist_server.asked == ["/gzip.zip"]


def test_a_folder_that_may_only_be_read_is_helped_by_the_cache(
    emnist_server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != tmp_path and access(path, mode)
    )
    list(fetch("emnist-letters", tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert (cache_folder() / "data" / "EMNIST" / "raw" / "gzip.zip").is_file()
    assert len(load_test("emnist-letters", tmp_path)) == 20
    assert list(fetch("emnist-letters", tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [("emnist-letters", "gzip.zip"), ("qmnist", "qmnist-train-images"), ("usps", "usps.bz2")],
)
def test_offline_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str
) -> None:
    from torchvision import datasets

    nobody = "http://127.0.0.1:9/usps.bz2"
    monkeypatch.setattr(datasets.EMNIST, "url", nobody)
    monkeypatch.setattr(
        datasets.QMNIST,
        "resources",
        {
            part: [("http://127.0.0.1:9/" + url.rpartition("/")[2], md5) for url, md5 in files]
            for part, files in datasets.QMNIST.resources.items()
        },
    )
    splits = {part: (nobody, *rest) for part, (_, *rest) in datasets.USPS.split_list.items()}
    monkeypatch.setattr(datasets.USPS, "split_list", splits)
    with pytest.raises(RunError) as caught:
        list(fetch(name, tmp_path))
    message = str(caught.value)
    title = name.partition("-")[0].upper()
    for part in (f"{title} is not in {tmp_path}", "Connect to the internet", file, "--data"):
        assert part in message
    with pytest.raises(DataError, match=f"{title} is not in .*--data or HANDWRITE_DATA"):
        load_test(name, tmp_path)


# --- QMNIST


def _columns(count: int, writers: int) -> NDArray[np.int64]:
    columns = np.zeros((count, 8), np.int64)
    columns[:, 0] = np.arange(count) % 10
    columns[:, 2] = 2000 + np.arange(count) % writers
    return columns


def test_qmnist_is_divided_by_writers(tmp_path: Path) -> None:
    raw = tmp_path / "QMNIST" / "raw"
    raw.mkdir(parents=True)
    for part, writers in (("train", 20), ("test", 60)):
        content = _idx(_columns(60, writers), kind=0x0C)
        (raw / f"qmnist-{part}-labels-idx2-int.gz").write_bytes(gzip.compress(content))
        (raw / f"qmnist-{part}-images-idx3-ubyte").write_bytes(_idx(_pictures(60)))
    assert list(fetch("qmnist", tmp_path)) == []
    data = load_training("qmnist", tmp_path, validation=20)
    hands = [
        set(p.writers.tolist()) for p in (data.training, data.validation) if p.writers is not None
    ]
    assert hands[0].isdisjoint(hands[1])
    assert len(hands[0] | hands[1]) == 20
    assert len(data.training) + len(data.validation) == 60
    assert 6 <= len(data.validation) <= 36
    test = load_test("qmnist", tmp_path)
    assert test.targets.tolist() == [i % 10 for i in range(60)]
    (raw / "qmnist-test-labels-idx2-int.gz").write_bytes(
        gzip.compress(_idx(np.zeros((60, 7)), kind=0x0C))
    )
    with pytest.raises(DataError, match=r"holds \(60, 7\), not 60 rows of 8"):
        load_test("qmnist", tmp_path)


def test_mnists_writers_are_known_where_qmnist_tells(bars: Path, tmp_path: Path) -> None:
    try:
        (tmp_path / "MNIST").symlink_to(bars / "MNIST")
    except OSError:  # Windows, without the right to make links
        shutil.copytree(bars / "MNIST", tmp_path / "MNIST")
    assert load_training("mnist", tmp_path, validation=5000).training.writers is None
    targets = load_training("mnist", bars, validation=1).training.targets
    columns = _columns(60_000, 500)
    columns[:-1, 0] = targets
    columns[-1, 0] = load_training("mnist", bars, validation=1).validation.targets[0]
    place = tmp_path / "QMNIST" / "qmnist-train-labels-idx2-int.gz"
    place.parent.mkdir()
    place.write_bytes(gzip.compress(_idx(columns, kind=0x0C), compresslevel=1))
    data = load_training("mnist", tmp_path, validation=5000)
    assert data.training.writers is not None
    assert np.array_equal(data.training.writers, columns[:-5000, 2])
    assert len(data.validation) == 5000  # the end, as without it
    assert np.array_equal(data.validation.targets, columns[-5000:, 0])
    columns[0, 0] = (columns[0, 0] + 1) % 10
    place.write_bytes(gzip.compress(_idx(columns, kind=0x0C), compresslevel=1))
    with pytest.raises(DataError, match="belongs to another MNIST"):
        load_training("mnist", tmp_path, validation=5000)


# --- USPS


def _usps(count: int) -> tuple[bytes, NDArray[np.float64]]:
    values = np.full((count, 16, 16), -1.0)
    values[:, 2:15, 5:11] = np.random.default_rng(0).integers(-100, 101, (count, 13, 6)) / 100
    lines = [
        f"{1 + i % 10} " + " ".join(f"{j + 1}:{v:g}" for j, v in enumerate(values[i].reshape(-1)))
        for i in range(count)
    ]
    return bz2.compress("\n".join(lines).encode()), values


def test_usps_is_brought_to_mnists_form(tmp_path: Path) -> None:
    content, values = _usps(40)
    (tmp_path / "usps.bz2").write_bytes(content)
    (tmp_path / "usps.t.bz2").write_bytes(_usps(20)[0])
    data = load_training("usps", tmp_path, validation=5000)
    assert (len(data.training), len(data.validation)) == (32, 8)
    expected = finish(np.rint((values[3] + 1) * 127.5).astype(np.uint8))
    assert expected is not None
    assert np.array_equal(data.training.pictures[3], expected)
    rows, columns = np.flatnonzero(expected.any(1)), np.flatnonzero(expected.any(0))
    assert rows[-1] - rows[0] + 1 == 20  # the long side fills the box
    assert columns[-1] - columns[0] + 1 < 20
    assert data.training.targets[:12].tolist() == [*range(10), 0, 1]
    assert len(load_test("usps", tmp_path)) == 20


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x", bz2.compress(b"1 1:0"), _usps(39)[0], _usps(40)[0][:-50],
        bz2.compress(bz2.decompress(_usps(40)[0]).replace(b" 7:", b" 8:")),
        bz2.compress(bz2.decompress(_usps(40)[0]).replace(b"1:-1 ", b"1:-3 ")),
        bz2.compress(bz2.decompress(_usps(40)[0]).replace(b"1:-1 ", b"1:nan ")),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_usps_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "usps.bz2").write_bytes(content)
    (tmp_path / "usps.t.bz2").write_bytes(content)
    with pytest.raises(DataError, match="Delete it and download it again"):
        load_training("usps", tmp_path, validation=100)

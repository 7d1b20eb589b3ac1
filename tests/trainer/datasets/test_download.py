"""Downloads from a real server: the first mirror that delivers wins, and nothing is half-written."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trainer.local_mirror import Mirror, mirror
from trainer import datasets
from trainer.base.errors import DataError, RunError
from trainer.base.events import Downloading
from trainer.datasets import download, published

CONTENT = bytes(range(256)) * 2000  # eight chunks
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between us and this machine, and no waiting between two reports."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download, "_REPORT_EVERY", 0.0)
    monkeypatch.setattr(download, "_TIMEOUT", 5.0)


@pytest.fixture
def server() -> Iterator[Mirror]:
    with mirror({"file": CONTENT, "other": b"other bytes"}) as running:
        yield running


@pytest.fixture
def nobody() -> str:
    """An address where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/file"


def _fetch(urls: list[str], path: Path, md5: str = MD5) -> list[Downloading]:
    return list(download.download(urls, path, md5=md5))


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def test_a_good_file_arrives_and_tells_how_far_it_is(server: Mirror, tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    events = _fetch([server.url("file")], path)
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]
    assert {event.file for event in events} == {"file"}
    assert {event.total for event in events} == {len(CONTENT)}
    received = [event.received for event in events]
    assert received == sorted(received)
    assert len(received) >= 8
    assert received[-1] == len(CONTENT)


def test_a_server_may_keep_the_length_to_itself(server: Mirror, tmp_path: Path) -> None:
    events = _fetch([server.url("silent/file")], tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert {event.total for event in events[:-1]} == {0}
    assert events[-1] == Downloading(file="file", received=len(CONTENT), total=len(CONTENT))


def test_the_next_mirror_is_asked(server: Mirror, nobody: str, tmp_path: Path) -> None:
    ways = ["missing/file", "short/file", "gone/file", "other", "file", "never-asked/file"]
    _fetch([nobody, *(server.url(way) for way in ways)], tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    half = len(CONTENT) // 2
    asked = ["/missing/file", "/short/file", f"/gone/file@{half}", f"/other@{half}", "/file"]
    assert server.asked == asked
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_what_every_address_answered_is_told(server: Mirror, nobody: str, tmp_path: Path) -> None:
    old = tmp_path / "file"
    old.write_bytes(b"old")
    ways = {
        nobody: "refused",
        server.url("none"): "Not Found",
        server.url("other"): "11 bytes came, but not the ones announced",
        server.url("short/file"): "the connection broke (256,000 of 512,000 bytes came)",
        server.url("gone/file"): "closed",
        "http://": "no host",
        "not an address": "unknown url type",
    }
    with pytest.raises(DataError) as caught:
        _fetch(list(ways), old)
    message = str(caught.value)
    assert message.startswith("file could not be downloaded:\n")
    for line, (url, answer) in zip(message.splitlines()[1:], ways.items(), strict=True):
        assert line.startswith(f"  {url}: ")
        assert answer in line
    assert old.read_bytes() == b"old"
    assert _part(old).read_bytes() == CONTENT[:256_000]
    assert sorted(tmp_path.iterdir()) == [_part(old), old]


def test_an_answer_that_does_not_end_is_cut(
    server: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_MOST", 100_000)
    with pytest.raises(DataError, match="does not end"):
        _fetch([server.url("silent/file")], tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


# --- going on where it broke off


def test_whoever_stops_listening_can_go_on_later(server: Mirror, tmp_path: Path) -> None:
    path = tmp_path / "file"
    events = download.download([server.url("ranges/file")], path, md5=MD5)
    next(events)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == [_part(path)]
    have = len(_part(path).read_bytes())
    assert 0 < have < len(CONTENT)
    again = _fetch([server.url("ranges/file")], path)
    assert server.asked == ["/ranges/file", f"/ranges/file@{have}"]
    assert again[0].received > have
    assert {event.total for event in again} == {len(CONTENT)}
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]


def test_a_line_that_breaks_is_taken_up_again(server: Mirror, tmp_path: Path) -> None:
    _fetch([server.url("pieces/file")], tmp_path / "file")
    third = len(CONTENT) // 3
    assert server.asked == ["/pieces/file", *(f"/pieces/file@{n * third}" for n in (1, 2, 3))]
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_the_next_mirror_goes_on(server: Mirror, nobody: str, tmp_path: Path) -> None:
    _fetch([server.url("short/file"), nobody, server.url("ranges/file")], tmp_path / "file")
    assert server.asked == ["/short/file", "/ranges/file@256000"]
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize("way", ["file", "shifted/file"])
def test_a_server_without_ranges_sends_everything(server: Mirror, tmp_path: Path, way: str) -> None:
    _part(tmp_path / "file").write_bytes(CONTENT[:1000])
    events = _fetch([server.url(way)], tmp_path / "file")
    assert server.asked[0] == f"/{way}@1000"
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert {event.total for event in events} == {len(CONTENT)}


@pytest.mark.parametrize("kept", [b"x" * 1000, CONTENT + b"more"], ids=["other bytes", "too many"])
def test_what_does_not_belong_together_is_fetched_anew(
    server: Mirror, tmp_path: Path, kept: bytes
) -> None:
    _part(tmp_path / "file").write_bytes(kept)
    _fetch([server.url("ranges/file")], tmp_path / "file")
    assert server.asked == [f"/ranges/file@{len(kept)}", "/ranges/file"]
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_what_is_complete_needs_no_server(nobody: str, tmp_path: Path) -> None:
    """As after a power failure between the last byte and the move."""
    _part(tmp_path / "file").write_bytes(CONTENT)
    assert _fetch([nobody], tmp_path / "file")[-1].received == len(CONTENT)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_without_a_sum_nothing_is_pieced_together(server: Mirror, tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(DataError, match="the connection broke"):
        list(download.download([server.url("pieces/file"), server.url("short/file")], path))
    assert server.asked == ["/pieces/file", "/short/file"]
    assert list(tmp_path.iterdir()) == []
    _part(path).write_bytes(b"x")
    list(download.download([server.url("ranges/file")], path))
    assert path.read_bytes() == CONTENT


def test_two_at_once_do_not_spoil_it_for_each_other(server: Mirror, tmp_path: Path) -> None:
    path = tmp_path / "file"
    first = download.download([server.url("ranges/file")], path, md5=MD5)
    next(first)
    second = download.download([server.url("ranges/file")], path, md5=MD5)
    next(second)
    for events in (first, second):
        assert list(events)[-1].received == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]


# --- sums


def test_a_sha256_may_be_given_by_its_beginning(server: Mirror, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    for given in (sha256, sha256[:8], sha256[:8].upper()):
        list(download.download([server.url("file")], tmp_path / given, sha256=given))
        assert (tmp_path / given).read_bytes() == CONTENT
    wrong = "0" * 8 if sha256[0] != "0" else "1" * 8
    with pytest.raises(DataError, match="512,000 bytes came, but not the ones announced"):
        list(download.download([server.url("file")], tmp_path / "file", sha256=wrong))
    with pytest.raises(DataError, match="not the ones announced"):
        list(
            download.download([server.url("file")], tmp_path / "file", sha256=sha256[:8], md5=wrong)
        )
    assert not (tmp_path / "file").exists()


def test_an_empty_sum_is_no_sum(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="empty sum"):
        list(download.download([], tmp_path / "file", sha256=""))


# --- the disk


def test_a_full_disk_is_not_the_mirrors_fault(
    server: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        _fetch([server.url("file"), server.url("file")], tmp_path / "file")
    assert len(server.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_run_error(server: Mirror, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(RunError, match="could not be written"):
        _fetch([server.url("file")], tmp_path / "folder" / "file")


# --- a data set


def _idx(shape: tuple[int, ...]) -> bytes:
    size = 1
    for side in shape:
        size *= side
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + bytes(size)


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """torchvision's list of mirrors and files points to a server here, with three pictures."""
    import torchvision.datasets

    files = {
        "train-images-idx3-ubyte.gz": gzip.compress(_idx((2, 28, 28))),
        "train-labels-idx1-ubyte.gz": gzip.compress(_idx((2,))),
        "t10k-images-idx3-ubyte.gz": gzip.compress(_idx((1, 28, 28))),
        "t10k-labels-idx1-ubyte.gz": gzip.compress(_idx((1,))),
    }
    sums = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    assert [name for name, _ in torchvision.datasets.MNIST.resources] == list(files)
    with mirror(files) as running:
        monkeypatch.setattr(
            torchvision.datasets.MNIST, "mirrors", [running.url("missing/"), running.url("")]
        )
        monkeypatch.setattr(torchvision.datasets.MNIST, "resources", sums)
        running.asked.clear()
        yield running


def test_mnist_is_fetched_from_torchvisions_mirrors(small_mnist: Mirror, tmp_path: Path) -> None:
    events = list(datasets.fetch("mnist", tmp_path))
    raw = tmp_path / "MNIST" / "raw"
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == small_mnist.files
    assert list(dict.fromkeys(event.file for event in events)) == list(small_mnist.files)
    assert small_mnist.asked == [
        f"/{way}{name}" for name in small_mnist.files for way in ("missing/", "")
    ]
    assert published.missing_files("mnist", tmp_path) == []
    small_mnist.asked.clear()
    assert list(datasets.fetch("mnist", tmp_path)) == []
    assert small_mnist.asked == []


def test_only_what_is_missing_is_fetched(small_mnist: Mirror, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").write_bytes(b"unpacked by torchvision")
    (raw / "t10k-labels-idx1-ubyte.gz").write_bytes(b"packed")
    list(datasets.fetch("mnist", tmp_path))
    assert {path.name for path in raw.iterdir()} == {
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    }
    assert (raw / "t10k-labels-idx1-ubyte.gz").read_bytes() == b"packed"


def test_offline_it_says_what_to_do(
    nobody: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torchvision.datasets

    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [nobody.removesuffix("file")])
    with pytest.raises(RunError) as caught:
        list(datasets.fetch("mnist", tmp_path))
    message = str(caught.value)
    assert f"MNIST is not in {tmp_path} and could not be downloaded" in message
    assert "refused" in message
    assert "Connect to the internet" in message
    assert str(tmp_path / "MNIST" / "raw") in message
    assert "--data" in message
    assert "HANDWRITE_DATA" in message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_data_folder_that_cannot_be_written_is_told(small_mnist: Mirror, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(RunError) as caught:
        list(datasets.fetch("mnist", tmp_path / "data"))
    assert f"MNIST is not in {tmp_path / 'data'} and cannot be stored there" in str(caught.value)
    assert "--data or HANDWRITE_DATA" in str(caught.value)

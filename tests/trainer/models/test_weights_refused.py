"""A weights file is data that somebody else may have made: it is used when all of it is right."""

from __future__ import annotations

import json
import os
import pickle
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import save as save_tensors
from torch import nn

from tests.conftest import TINY
from tests.trainer.weights_files import Header, put_together, take_apart, with_card
from trainer.base.errors import WeightsError
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.models.weights_card import WeightsCard


def _refusal(path: Path, *, of: Callable[[Path], object] = load_weights) -> str:
    with pytest.raises(WeightsError) as caught:
        of(path)
    message = str(caught.value)
    assert path.name in message
    return message


WHOLE_FILES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("empty", lambda raw: b"", "too short"),
    ("seven bytes", lambda raw: raw[:7], "too short"),
    ("cut in the header", lambda raw: raw[:50], "truncated"),
    ("cut in the tensors", lambda raw: raw[:-1], "damaged"),
    ("only its header", lambda raw: raw[: 8 + struct.unpack("<Q", raw[:8])[0]], "damaged"),
    ("a byte too many", lambda raw: raw + b"\0", "damaged"),
    ("a pickle", lambda raw: pickle.dumps({"weight": [1.0]}, protocol=5) + bytes(200), "truncated"),
    ("a zip, as torch.save writes", lambda raw: b"PK\3\4" + bytes(200), "no safetensors|truncated"),
    ("a picture", lambda raw: b"\x89PNG\r\n\x1a\n" + bytes(200), "truncated"),
    ("a header of 2^60 bytes", lambda raw: struct.pack("<Q", 1 << 60) + raw[8:], "truncated"),
    ("a header of 2^64 - 1 bytes", lambda raw: b"\xff" * 8 + raw[8:], "truncated"),
    ("a header of no bytes", lambda raw: bytes(8) + raw[8:], "no safetensors file"),
    ("a header of 5 MB", lambda raw: struct.pack("<Q", 5_000_000) + b" " * 5_000_000, "truncated"),
    ("a header that is no JSON", lambda raw: raw[:8] + b"?" + raw[9:], "no safetensors file"),
    ("a header of bad UTF-8", lambda raw: raw[:8] + b"\xff" + raw[9:], "no safetensors file"),
    ("a header without an end", lambda raw: struct.pack("<Q", 90_000) + b"[" * 90_000, "no safe"),
    ("a header that is a list", lambda raw: struct.pack("<Q", 2) + b"[]", "no description"),
    ("a header that is null", lambda raw: struct.pack("<Q", 4) + b"null", "no description"),
    ("a header that is a number", lambda raw: struct.pack("<Q", 1) + b"3", "no description"),
    ("a header that is empty", lambda raw: struct.pack("<Q", 2) + b"{}", "no description"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), [w[1:] for w in WHOLE_FILES], ids=[w[0] for w in WHOLE_FILES])  # fmt: skip
def test_a_broken_file_is_refused(
    file: Path, change: Callable[[bytes], bytes], reason: str
) -> None:
    file.write_bytes(change(file.read_bytes()))
    assert re.search(reason, _refusal(file))


def test_a_foreign_file_is_refused(file: Path, tiny: tuple[nn.Module, WeightsCard]) -> None:
    for metadata in (None, {}, {"format": "pt"}):
        file.write_bytes(save_tensors(tiny[0].state_dict(), metadata=metadata))
        assert "no description of its network" in _refusal(file)
        assert "no description of its network" in _refusal(file, of=read_card)


@pytest.mark.parametrize(
    "metadata",
    [None, [], "handwrite", {"handwrite": None}, {"handwrite": 3}, {"handwrite": {}}]
    + [{"handwrite": text} for text in ("", "{", "{'a': 1}", "nonsense", "[" * 50_000)],
)
def test_metadata_that_is_not_ours_is_refused(file: Path, metadata: object) -> None:
    header, payload = take_apart(file)
    file.write_bytes(put_together({**header, "__metadata__": metadata}, payload))
    for read in (read_card, load_weights):
        assert "no description" in _refusal(file, of=read)


CARDS: list[tuple[dict[str, Any], str]] = [
    ({"format": 2}, "has the format 2, this program reads 1"),
    ({"format": None}, "has the format None"),
    ({"preprocessing": "mnist-0"}, "of preprocessing 'mnist-0', this program makes 'mnist-1'"),
    ({"preprocessing": 1}, "unusable 'preprocessing'"),
    ({"architecture": "resnet152"}, "no network named 'resnet152'; choose one of: scribe"),
    ({"architecture": "os:system"}, "no network named 'os:system'"),
    ({"architecture": "../../etc/passwd"}, "no network named"),
    ({"architecture": ""}, "names no architecture"),
    ({"architecture": None}, "names no architecture"),
    ({"architecture": ["scribe"]}, "unusable 'architecture'"),
    ({"labels": None}, "names no labels"),
    ({"labels": "0123456789"}, "names no labels"),
    ({"labels": {"0": 0}}, "names no labels"),
    ({"labels": list(range(10))}, "names no labels"),
    ({"labels": [*"012345678", ""]}, "names no labels"),
    ({"labels": [*"012345678", " "]}, "names no labels"),
    ({"labels": [*"012345678", None]}, "names no labels"),
    ({"labels": []}, "names 0 labels"),
    ({"labels": ["0"]}, "names 1 labels"),
    ({"labels": [str(i) for i in range(20_000)]}, "names 20,000 labels"),
    ({"labels": list("0123456788")}, "names a label twice"),
    ({"mean": "0.1"}, "unusable 'mean'"),
    ({"mean": True}, "unusable 'mean'"),
    ({"mean": float("nan")}, "unusable 'mean'"),
    ({"mean": float("-inf")}, "unusable 'mean'"),
    ({"mean": 10**400}, "unusable 'mean'"),
    ({"std": 0}, "unusable 'std'"),
    ({"std": -1.0}, "unusable 'std'"),
    ({"std": float("nan")}, "unusable 'std'"),
    ({"std": float("inf")}, "unusable 'std'"),
    ({"std": 1e-30}, "unusable 'std'"),
    ({"std": [1]}, "unusable 'std'"),
    ({"temperature": 0}, "unusable 'temperature'"),
    ({"temperature": 0.01}, "unusable 'temperature'"),
    ({"temperature": 100.0}, "unusable 'temperature'"),
    ({"temperature": float("nan")}, "unusable 'temperature'"),
    ({"temperature": "warm"}, "unusable 'temperature'"),
    ({"temperature": True}, "unusable 'temperature'"),
    ({"threshold": True}, "unusable 'threshold'"),
    ({"threshold": False}, "unusable 'threshold'"),
    ({"threshold": float("nan")}, "unusable 'threshold'"),
    ({"threshold": float("inf")}, "unusable 'threshold'"),
    ({"threshold": 2}, "unusable 'threshold'"),
    ({"threshold": 1.0001}, "unusable 'threshold'"),
    ({"threshold": -1e-9}, "unusable 'threshold'"),
    ({"threshold": 10**400}, "unusable 'threshold'"),
    ({"threshold": "x"}, "unusable 'threshold'"),
    ({"threshold": [0.5]}, "unusable 'threshold'"),
    ({"labels": [*"012345678", "none"]}, "names 'none' as a label"),
    ({"metrics": [0.99]}, "unusable 'metrics'"),
    ({"metrics": {"validation_accuracy": "99 %"}}, "unusable metric 'validation_accuracy'"),
    ({"metrics": {"validation_accuracy": float("nan")}}, "unusable metric"),
    ({"metrics": {"validation_accuracy": 10**400}}, "unusable metric"),
    ({"metrics": {"validation_accuracy": True}}, "unusable metric"),
    ({"title": 3}, "unusable 'title'"),
    ({"data": ["mnist"]}, "unusable 'data'"),
    ({"recipe": "secret"}, "unusable 'recipe'"),
    ({"parent": {}}, "unusable 'parent'"),
    ({"created": 2026}, "unusable 'created'"),
    ({"arguments": []}, "unusable 'arguments'"),
    ({"arguments": {**TINY, "blocks": 10**9}}, "argument 'blocks' is out of bounds"),
    ({"arguments": {**TINY, "blocks": 0}}, "argument 'blocks' is out of bounds"),
    ({"arguments": {**TINY, "stem": -2}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "blocks": True}}, "argument 'blocks' is out of bounds"),
    ({"arguments": {**TINY, "stem": None}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "stem": [2, 2]}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "stem": {"stem": {"stem": 2}}}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "stem": float("nan")}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "stem": float("inf")}}, "argument 'stem' is out of bounds"),
    ({"arguments": {**TINY, "stem": "x" * 101}}, "argument 'stem' is out of bounds"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "reason"), CARDS, ids=lambda value: str(value)[:40])
def test_a_description_that_cannot_be_is_refused(
    file: Path, changed: dict[str, Any], reason: str
) -> None:
    header, payload = take_apart(file)
    file.write_bytes(put_together(with_card(header, **changed), payload))
    for read in (read_card, load_weights):
        assert reason in _refusal(file, of=read)


@pytest.mark.parametrize("description", [None, [], "scribe", 3, [["format", 1]]])
def test_a_description_that_is_no_object_is_refused(file: Path, description: object) -> None:
    header, payload = take_apart(file)
    header["__metadata__"] = {"handwrite": json.dumps(description)}
    file.write_bytes(put_together(header, payload))
    assert "not a JSON object" in _refusal(file)


@pytest.mark.parametrize(
    "arguments",
    [
        {**TINY, "stem": "/etc/passwd"},
        {**TINY, "stem": 2.5},
        {**TINY, "path": "/etc/passwd"},
        {**TINY, "classes": 10},
        {**TINY, "name": "cnn"},
        {**TINY, "self": 1},
    ],
    ids=str,
)
def test_arguments_that_no_builder_takes_are_refused(file: Path, arguments: dict[str, Any]) -> None:
    header, payload = take_apart(file)
    file.write_bytes(put_together(with_card(header, arguments=arguments), payload))
    assert "its network cannot be built" in _refusal(file)


def _resized(header: Header, payload: bytes) -> tuple[Header, bytes]:
    header["0.weight"]["shape"] = [2, 5, 1, 5]
    return header, payload


def _retyped(header: Header, payload: bytes) -> tuple[Header, bytes]:
    header["0.weight"]["dtype"] = "I32"
    return header, payload


def _halved(header: Header, payload: bytes) -> tuple[Header, bytes]:
    header["0.weight"]["dtype"] = "F16"
    return header, payload


def _without(header: Header, payload: bytes) -> tuple[Header, bytes]:
    del header["0.weight"]
    return header, payload


def _with_another(header: Header, payload: bytes) -> tuple[Header, bytes]:
    end = len(payload)
    header["extra.weight"] = {"dtype": "F32", "shape": [2], "data_offsets": [end, end + 8]}
    return header, payload + bytes(8)


def _of_another_network(header: Header, payload: bytes) -> tuple[Header, bytes]:
    return with_card(header, architecture="lenet5", arguments={}), payload


def _of_wider_layers(header: Header, payload: bytes) -> tuple[Header, bytes]:
    return with_card(header, arguments={**TINY, "deep": 4}), payload


def _of_fewer_labels(header: Header, payload: bytes) -> tuple[Header, bytes]:
    return with_card(header, labels=["0", "1"]), payload


def _refusing_without_the_output(header: Header, payload: bytes) -> tuple[Header, bytes]:
    return with_card(header, threshold=0.5), payload


def _described_by_a_number(header: Header, payload: bytes) -> tuple[Header, bytes]:
    header["0.weight"] = 3
    return header, payload


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_resized, "0.weight is [2, 5, 1, 5] F32, its network has [2, 1, 5, 5] F32"),
        (_retyped, "0.weight is [2, 1, 5, 5] I32, its network has [2, 1, 5, 5] F32"),
        (_halved, "0.weight is [2, 1, 5, 5] F16"),
        (_without, "its tensors are not those of its network (0.weight)"),
        (_with_another, "its tensors are not those of its network (extra.weight)"),
        (_of_another_network, "its tensors are not those of its network"),
        (_of_wider_layers, "its network has [4, 2, 3, 3] F32"),
        (_of_fewer_labels, "its network has [2, 3] F32"),
        (_refusing_without_the_output, "its network has [11, 3] F32"),
        (_described_by_a_number, "0.weight is None None"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(
    file: Path,
    change: Callable[[Header, bytes], tuple[Header, bytes]],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file.write_bytes(put_together(*change(*take_apart(file))))
    monkeypatch.setattr(
        "safetensors.torch.load", lambda _: pytest.fail("loaded before it was checked")
    )
    assert reason in _refusal(file)


@pytest.mark.parametrize("offsets", [[0, 199], [0, 10**9], [-200, 0], [200, 0], None, "all"])
def test_tensors_that_lie_elsewhere_are_refused(file: Path, offsets: object) -> None:
    header, payload = take_apart(file)
    header["0.weight"]["data_offsets"] = offsets
    file.write_bytes(put_together(header, payload))
    assert "damaged" in _refusal(file)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_values_that_are_not_finite_are_refused(
    file: Path, tiny: tuple[nn.Module, WeightsCard], value: float
) -> None:
    network, _ = load_weights(file)
    network.state_dict()["7.conv2.weight"][1, 1, 2, 2] = value
    save_weights(file, network, tiny[1])
    assert "7.conv2.weight holds values that are not finite" in _refusal(file)


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folder.safetensors"
    path.mkdir()
    for read in (read_card, load_weights):
        assert "it is no file" in _refusal(path, of=read)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.safetensors"
    os.mkfifo(path)
    assert "it is no file" in _refusal(path)


@pytest.mark.parametrize("name", ["absent.safetensors", "nul\0.safetensors", "n" * 3000])
def test_an_absent_file_is_refused(tmp_path: Path, name: str) -> None:
    for read in (read_card, load_weights):
        assert "cannot be opened" in _refusal(tmp_path / name, of=read)

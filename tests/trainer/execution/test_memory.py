"""Memory that a training step frees is there for the next one."""

from __future__ import annotations

import platform
import sys
from types import SimpleNamespace

import pytest

from trainer.execution.memory import keep_freed_memory


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_the_c_library_takes_what_it_is_told() -> None:
    assert keep_freed_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are not asked")
def test_blocks_of_a_step_are_neither_mapped_nor_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {}

    def mallopt(parameter: int, value: int) -> int:
        told[parameter] = value
        return 1

    monkeypatch.setattr("ctypes.CDLL", lambda _name: SimpleNamespace(mallopt=mallopt))
    assert keep_freed_memory()
    assert told == {-3: 32 << 20, -1: 1 << 30}


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: SimpleNamespace())
    assert not keep_freed_memory()
    monkeypatch.setattr(sys, "platform", "win32")
    assert not keep_freed_memory()

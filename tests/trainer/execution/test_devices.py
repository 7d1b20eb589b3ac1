"""Every kind of device is there, or there is a reason why not."""

from __future__ import annotations

import pytest
import torch

from trainer.base.errors import ConfigError
from trainer.base.messages import Message
from trainer.execution import devices
from trainer.execution.devices import DEVICES, DeviceState, choose_device, device_states


def _only(monkeypatch: pytest.MonkeyPatch, *, cuda: bool, mps: bool) -> None:
    for name, there in (("_cuda", cuda), ("_mps", mps)):
        state = DeviceState(
            name=name[1:], available=there, detail=Message.verbatim(f"about {name}")
        )
        monkeypatch.setattr(devices, name, lambda state=state: state)


def test_every_choice_has_a_line_and_the_processor_is_always_there() -> None:
    states = device_states()
    assert ["auto", *(state.name for state in states)] == list(DEVICES)
    assert all(str(state.detail) for state in states)
    assert states[-1].available
    assert "thread" in str(states[-1].detail)


@pytest.mark.parametrize(
    ("cuda", "mps", "chosen"),
    [
        (True, True, "cuda"),
        (True, False, "cuda"),
        (False, True, "mps"),
        (False, False, "cpu"),
    ],
)
def test_auto_is_the_fastest(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, chosen: str
) -> None:
    _only(monkeypatch, cuda=cuda, mps=mps)
    assert choose_device("auto") == torch.device(chosen)
    assert choose_device(chosen) == torch.device(chosen)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_an_absent_device_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _only(monkeypatch, cuda=False, mps=False)
    with pytest.raises(ConfigError, match=f"--device {name}: about _{name}"):
        choose_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "CPU", "cuda:1"])
def test_another_name_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(ConfigError, match="not one of auto, cuda, mps, cpu"):
        choose_device(name)


@pytest.mark.parametrize(
    ("system", "built_for", "reason"),
    [
        ("Linux", "13.0", "no NVIDIA card with a working driver was found"),
        ("Linux", None, "this build of PyTorch has no CUDA in it"),
        ("Darwin", "13.0", "there is no CUDA on a Mac"),
    ],
)
def test_why_there_is_no_cuda(
    monkeypatch: pytest.MonkeyPatch, system: str, built_for: str | None, reason: str
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.version.cuda", built_for)
    monkeypatch.setattr("platform.system", lambda: system)
    state = devices._cuda()
    assert (state.name, state.available, str(state.detail)) == ("cuda", False, reason)


@pytest.mark.parametrize(
    ("system", "built", "reason"),
    [
        ("Linux", False, "MPS needs an Apple computer"),
        ("Darwin", False, "this build of PyTorch has no MPS in it"),
        ("Darwin", True, "MPS needs macOS 12.3 or newer and an Apple processor"),
    ],
)
def test_why_there_is_no_mps(
    monkeypatch: pytest.MonkeyPatch, system: str, built: bool, reason: str
) -> None:
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_built", lambda: built)
    monkeypatch.setattr("platform.system", lambda: system)
    state = devices._mps()
    assert (state.name, state.available, str(state.detail)) == ("mps", False, reason)

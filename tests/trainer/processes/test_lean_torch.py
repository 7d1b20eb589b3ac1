"""Importing torch for reading alone: what it leaves out exists, and nothing that reads misses it."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.processes import lean_torch
from trainer.processes.recognition_messages import LoadRequest, encode_request

PROGRAM = """\
import json, sys
from trainer.processes import lean_torch
lean_torch.import_torch()
assert lean_torch.is_deferred()
import numpy as np, torch
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.networks import NETWORKS, build_network
network = Recognizer(find_weights(), device="cpu")
found = network.probabilities(np.eye(28, dtype=np.uint8)[None] * 255)[0].tolist()
with torch.device("meta"):
    for name in NETWORKS:
        if name not in ("resnet18", "vgg16"):  # torchvision's take seconds to import
            build_network(name)
layer = torch.nn.Conv2d(1, 2, 3)
layer(torch.rand(1, 1, 8, 8)).sum().backward()
assert lean_torch.is_deferred(), "something that reads asks for it: then it is no use to leave it out"
lean_torch.load_deferred()
assert not lean_torch.is_deferred()
assert callable(torch.export.export)
print(json.dumps(found))
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows imports torch as it is")


def test_what_is_left_out_exists() -> None:
    """Else nothing is gained any more, and the list wants a look."""
    for name in lean_torch.DEFERRED:
        assert importlib.util.find_spec(name) is not None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the libraries of Linux")
def test_the_libraries_that_are_opened_early_exist() -> None:
    spec = importlib.util.find_spec("torch")
    assert spec is not None
    assert spec.origin is not None
    for name in lean_torch._LIBRARIES:
        assert (Path(spec.origin).parent / "lib" / name).exists()


@posix
def test_it_reads_the_same_and_what_is_asked_for_later_comes() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    network = Recognizer(find_weights(), device="cpu")
    own = network.probabilities(np.eye(28, dtype=np.uint8)[None] * 255)[0]
    np.testing.assert_allclose(json.loads(done.stdout), own, atol=1e-6)


@posix
def test_a_torch_that_does_not_bear_it_is_imported_as_it_is() -> None:
    program = (
        "from trainer.processes import lean_torch, recognition_service\n"
        "def fail(): raise AttributeError('torch has changed')\n"
        "lean_torch.import_torch = fail\n"
        "recognition_service.main()\n"
    )
    request = encode_request(LoadRequest(weights=None, device="cpu"))
    done = subprocess.run([sys.executable, "-c", program], input=request, capture_output=True)
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["kind"] == "Loaded"

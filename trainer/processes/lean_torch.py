"""Importing torch for reading alone: in two thirds of the time, and with a little less memory.

A plain ``import torch`` loads its libraries, then runs 800 modules; the window's first answer waits for both.
Here
- the libraries are opened by a thread, without the interpreter's lock, while other modules are imported;
- the garbage collector rests meanwhile: what is imported stays;
- no plugins are looked for among all installed packages;
- modules that only torch's compiler and exporter use come when they are asked for (`DEFERRED`).

None of that is promised by torch. Where something fails, `import_torch` raises, and the process is begun
again with a plain import (recognition_service).
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

#: Imported at the end of torch's own import for what they register: how operators behave on tensors without
#: data, which the compiler and the exporter ask. A quarter of a second together.
DEFERRED = ("torch._meta_registrations", "torch.export")

_LIBRARIES = ("libtorch_global_deps.so", "libtorch_python.so")
# What torch imports of the standard library, and what reading needs besides torch.
_MEANWHILE = (
    "numpy",
    "multiprocessing.reduction",
    "inspect",
    "dataclasses",
    "importlib.metadata",
    "unittest.mock",
    "concurrent.futures",
    "tempfile",
    "pickle",
    "difflib",
    "tarfile",
    "typing_extensions",
    "hashlib",
    "urllib.request",
    "trainer.picture.preprocess",
)


class _Deferred(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # modules are looked through for these
            raise AttributeError(name)
        return getattr(_real(self.__name__), name)


def _real(name: str) -> ModuleType:
    """The module itself, in place of what stood for it."""
    if isinstance(sys.modules.get(name), _Deferred):
        del sys.modules[name]
    module = importlib.import_module(name)
    package, _, attribute = name.rpartition(".")
    setattr(sys.modules[package], attribute, module)
    return module


def load_deferred() -> None:
    """Imports what was left out, for work that turns out to need it."""
    for name in DEFERRED:
        _real(name)


def is_deferred() -> bool:
    """Whether something is still left out."""
    return any(isinstance(sys.modules.get(name), _Deferred) for name in DEFERRED)


def import_torch() -> None:
    """Imports torch so, at the start of a process. Raises whatever a changed torch makes of that."""
    # The variable is torch's own: no entry points of other packages are looked for.
    os.environ.setdefault("TORCH_DEVICE_BACKEND_AUTOLOAD", "0")
    collected = gc.isenabled()
    gc.disable()
    try:
        opened = threading.Thread(target=_open_libraries, daemon=True)
        opened.start()
        for name in _MEANWHILE:
            importlib.import_module(name)
        opened.join()
        for name in DEFERRED:
            sys.modules.setdefault(name, _Deferred(name))
        importlib.import_module("torch")
    finally:
        gc.freeze()
        if collected:
            gc.enable()


def _open_libraries() -> None:
    """Opens torch's libraries as its import does, which then finds them there. Linux only."""
    found = importlib.util.find_spec("torch")
    if not sys.platform.startswith("linux") or found is None or found.origin is None:
        return
    # Not ctypes.CDLL(path), which holds the interpreter's lock while it links.
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name, mode in zip(_LIBRARIES, (os.RTLD_GLOBAL, os.RTLD_LOCAL), strict=True):
        path = Path(found.origin).parent / "lib" / name
        if path.exists():
            dlopen(os.fsencode(path), os.RTLD_NOW | mode)

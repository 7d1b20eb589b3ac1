"""Data sets by name, and mixtures of them: a training split, a validation split, a test split, as bytes.

`trainer.datasets.spec` says how data are named, `splitting` which pictures are in which split. The settings
of a run are checked by modules of this package, so importing it loads no arrays: functions come when used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainer.datasets.load import fetch, load_test, load_training, load_whole
    from trainer.datasets.parts import DIGITS, Redraw, Split, TrainingData
    from trainer.datasets.spec import check_spec

__all__ = [
    "DIGITS",
    "Redraw",
    "Split",
    "TrainingData",
    "check_spec",
    "fetch",
    "load_test",
    "load_training",
    "load_whole",
]

_HOMES = {
    **dict.fromkeys(("fetch", "load_test", "load_training", "load_whole"), "load"),
    **dict.fromkeys(("DIGITS", "Redraw", "Split", "TrainingData"), "parts"),
    "check_spec": "spec",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)

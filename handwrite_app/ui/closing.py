"""Closing several things, each of which may fail."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)


def close_all(*steps: Callable[[], object]) -> None:
    """Calls every step, in order. One that raises is logged and keeps no other from being called."""
    for step in steps:
        try:
            step()
        except Exception:
            _log.exception("%s failed while closing", getattr(step, "__qualname__", step))

"""What the main window asks of a room that it only has to build (handwrite_app.window.features.registry)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from trainer.processes.recognition_messages import Loaded

_T = TypeVar("_T")


class Feature(Protocol):
    """One room's controller in the window."""

    def set_active_model(self, loaded: Loaded) -> None:
        """Follows the network in use."""

    def retranslate(self) -> None:
        """Sets every text again, after the language changed."""

    def close(self) -> None:
        """Ends its workers, windows and timers, before the window closes."""


class Finder(Feature, Protocol):
    """All features of a window, as one."""

    def complete(self) -> None:
        """Builds those that are not there yet."""

    def find(self, kind: type[_T]) -> _T:
        """The feature of this class. Raises LookupError where there is none."""

"""The one exception tree of the project.

A message is a sentence for people. It says what happened and what to do next; the edge (a dialog, or the
command line) shows it as it is.
"""

from __future__ import annotations


class HandwriteError(Exception):
    """Anything that went wrong and can be explained to a person."""


class InputError(HandwriteError):
    """What was handed in cannot be used (command line: exit code 2)."""


class RunError(HandwriteError):
    """Something failed while running, with correct input (command line: exit code 1)."""


class PictureError(InputError):
    """An image or a drawing cannot be read."""


class WeightsError(InputError):
    """A weights file is broken, foreign, or does not fit its network."""


class DataError(InputError):
    """A data set is absent, truncated or not what it should be."""


class ConfigError(InputError):
    """A setting of a training run is not possible."""

"""The one exception tree of the project.

An error carries a message (trainer.base.messages): a code, an English template that says what happened and
what to do next, and parameters. The edge (a dialog, or the command line) turns it into a sentence.
"""

from __future__ import annotations

from typing import Any

from trainer.base.messages import Message


class HandwriteError(Exception):
    """Anything that went wrong and can be explained to a person.

    raise DataError("data.no-folder", "there is no folder {path}: name another with --data", path=path)

    A parameter may be another HandwriteError: the reason, as a sentence within the sentence.
    """

    def __init__(self, code: str | Message, text: str | None = None, /, **parameters: Any) -> None:
        if isinstance(code, Message):
            self.message = code
        elif text is None:
            # A sentence that was not taken apart yet: it has no code, and no translation.
            self.message = Message.verbatim(code)
        else:
            reasons = {
                name: value.message if isinstance(value, HandwriteError) else value
                for name, value in parameters.items()
            }
            self.message = Message(code, text, reasons)
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message,)

    @property
    def code(self) -> str:
        return self.message.code


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


def reason_of(error: Exception) -> Message:
    """What is said of an error that came while a drawing was read, foreseen or not."""
    if isinstance(error, HandwriteError):
        return error.message
    if isinstance(error, MemoryError) or not str(error):
        return Message.of("recognition.out-of-memory", "the machine ran out of memory")
    return Message.verbatim(str(error))

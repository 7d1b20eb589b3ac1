"""A sentence for people as data: a code, an English template, and its parameters.

The engine makes messages; the edge turns them into sentences. The command line prints ``str(message)``, the
window looks the template up in its own language (handwrite_app.ui.error_text). Between processes a message
travels as JSON, so that the sentence is made where it is shown.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """code: stable and unique to the template, "file.not-found", for programs and tests. text: the English
    sentence with {name} for each parameter, as in str.format; the key of its translations. parameters: plain
    values and messages (the sentence within the sentence) only: of an error its message is taken, of
    anything else its text, so that a message stays the same on its way between processes.
    """

    code: str
    text: str
    parameters: Mapping[str, Message | str | int | float | bool | None] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        plain = {name: _plain(value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", plain)

    @classmethod
    def of(cls, code: str, text: str, /, **parameters: Any) -> Message:
        return cls(code, text, parameters)

    @classmethod
    def verbatim(cls, text: str) -> Message:
        """A text that has no translation: a name, or another program's words."""
        return cls("", text.replace("{", "{{").replace("}", "}}"))

    def __str__(self) -> str:
        return self.sentence(lambda text: text)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language that ``translate`` turns an English template into."""
        filled = {
            name: value.sentence(translate) if isinstance(value, Message) else value
            for name, value in self.parameters.items()
        }
        return translate(self.text).format(**filled)


def _plain(value: Any) -> Message | str | int | float | bool | None:
    if isinstance(value, Message | str | int | float | bool | None):
        return value
    if isinstance(message := getattr(value, "message", None), Message):  # a HandwriteError
        return message
    if isinstance(value, numbers.Integral):  # NumPy's are no int
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else str(value)

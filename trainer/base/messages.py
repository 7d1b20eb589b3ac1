"""A sentence for people as data: a code, an English template, and its parameters.

The engine makes messages; the edge turns them into sentences. The command line prints ``str(message)``, the
window looks the template up in its own language (handwrite_app.ui.error_text). Between processes a message
travels as JSON, so that the sentence is made where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """code: stable and unique to the template, "file.not-found", for programs and tests. text: the English
    sentence with {name} for each parameter, as in str.format; the key of its translations.
    """

    code: str
    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, text: str, /, **parameters: Any) -> Message:
        return cls(code, text, parameters)

    def __str__(self) -> str:
        return self.sentence(lambda text: text)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language that ``translate`` turns an English template into."""
        filled = {
            name: value.sentence(translate) if isinstance(value, Message) else value
            for name, value in self.parameters.items()
        }
        return translate(self.text).format(**filled)

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.text,
            "parameters": {name: _packed(value) for name, value in self.parameters.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Message:
        """Raises KeyError, TypeError or AttributeError where the document is none of ``to_json``."""
        parameters = {
            name: cls.from_json(value) if isinstance(value, Mapping) else value
            for name, value in document["parameters"].items()
        }
        return cls(str(document["code"]), str(document["text"]), parameters)


def _packed(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return value if isinstance(value, str | int | float | bool | None) else str(value)

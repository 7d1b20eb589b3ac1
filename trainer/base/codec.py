"""The JSON lines in which events and messages travel between processes and into run folders.

A line is one object: the fields of a frozen dataclass, and the name of its class under a tag. msgspec
validates every field against its annotation, nested dataclasses, tuples, literals and unions included.
Further types: Path as text, bytes as base64, NumPy arrays as {"shape", "data"} with the annotation's dtype.
"""

from __future__ import annotations

import base64
import json
import math
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_origin

from trainer.base.errors import RunError

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


@cache
def _bad_line() -> tuple[type[Exception], ...]:
    import msgspec  # not before the first paint

    return (
        msgspec.MsgspecError,
        ValueError,  # json.JSONDecodeError, UnicodeDecodeError, an array of another shape
        AttributeError,
        TypeError,
        KeyError,
        OverflowError,
        RecursionError,
    )


_IS_LITTLE = sys.byteorder == "little"
_JSON = json.JSONEncoder(
    check_circular=False
)  # msgspec's turns numbers that are not finite to null
_PLAIN = frozenset((str, int, float, bool, type(None)))
_SHOWN = 200  # characters of a bad line


class Codec(Generic[T]):
    """Encodes and decodes the members of one union of frozen dataclasses, or one such class. Thread-safe."""

    def __init__(
        self,
        union: Any,
        *,
        tag: str,
        what: str,
        ignore_unknown: bool = False,
        upgrade: Any = None,
    ) -> None:
        """tag: the key of the class's name. what: names a line in the error, "an event of a training run".
        ignore_unknown: accept fields that this version does not know, in files of other versions. upgrade:
        called with (kind, fields) before validation, to change the fields of an earlier version in place.
        """
        self._kinds: dict[str, Any] = {kind.__name__: kind for kind in get_args(union) or (union,)}
        self._known = {
            name: frozenset(kind.__dataclass_fields__) for name, kind in self._kinds.items()
        }
        self._tag, self._what = tag, what
        self._ignore_unknown, self._upgrade = ignore_unknown, upgrade

    def encode(self, value: T) -> str:
        """One line of JSON without its line end; the tag comes first."""
        kind = type(value)
        fields = {
            name: str(field) if isinstance(field := getattr(value, name), Path) else field
            for name in kind.__dataclass_fields__  # type: ignore[attr-defined]
        }
        # The window's first request is plain, and msgspec takes 25 ms to import.
        if not all(type(field) in _PLAIN for field in fields.values()):
            import msgspec  # by the thread that is first to need it: the window does not wait

            fields = msgspec.to_builtins(value, enc_hook=_encoded)
        return _JSON.encode({self._tag: kind.__name__, **fields})

    def decode(self, line: str | bytes) -> T:
        """The value of such a line. Raises RunError where the line is none, or a field is not valid."""
        import msgspec

        try:
            fields = json.loads(line)
            name = fields.pop(self._tag)
            kind = self._kinds[name]
            if self._upgrade is not None:
                self._upgrade(name, fields)
            if not self._ignore_unknown and not self._known[name].issuperset(fields):
                raise ValueError("unknown fields")
            value: T = msgspec.convert(fields, kind, dec_hook=_decoded)
        except _bad_line() as error:
            raise self.error(line) from error
        return value

    def error(self, line: str | bytes) -> RunError:
        """What is raised for a line that is none of the union's."""
        return RunError(
            "line.invalid", "not {what}: {line}", what=self._what, line=repr(line[:_SHOWN])
        )


def _encoded(value: Any) -> Any:
    """What msgspec does not know, as it stands in JSON."""
    # Most lines have no arrays, and lists of runs are printed without numpy's half a second.
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        if not _IS_LITTLE:
            value = value.astype(value.dtype.newbyteorder("<"))
        return {"shape": value.shape, "data": base64.b64encode(value.tobytes()).decode("ascii")}
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"a {type(value).__name__} has no form in JSON")


def _decoded(kind: Any, value: Any) -> Any:
    """The reverse. Raises TypeError or ValueError where the value is not such a form."""
    if kind is Path:
        if not isinstance(value, str):
            raise TypeError("not a path")
        return Path(value)
    import numpy as np

    number = _number_type(kind)
    shape, data = value["shape"], base64.b64decode(value["data"], validate=True)
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError("not the shape of an array")
    if math.prod(shape) * number.itemsize != len(data):
        raise ValueError("the shape and the data of an array do not fit")
    array = np.frombuffer(data, number).reshape(shape)
    return array if _IS_LITTLE else array.astype(number.newbyteorder("="))


@cache
def _number_type(kind: Any) -> np.dtype[Any]:
    """The little-endian dtype of an annotation NDArray[…]."""
    import numpy as np

    if get_origin(kind) is not np.ndarray:
        raise NotImplementedError(f"a {kind} cannot be read from JSON")
    number: np.dtype[Any] = np.dtype(get_args(get_args(kind)[1])[0])
    return number.newbyteorder("<")

"""The sheet of one window on the disk: what was on the paper is there again at the next start.

Each window has a file of its own in the folder ``sheets`` and holds a lock beside it for as long as it lives.
A new window takes over the newest file whose window has gone, however it went. Knows no Qt.
"""

from __future__ import annotations

import io
import logging
import os
import secrets
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import HandwriteError, PictureError
from trainer.base.files import atomic_write, unwritable
from trainer.base.locking import FileLock
from trainer.base.paths import user_folder
from trainer.picture.strokes import Drawing, InkImage, Stroke

_SUFFIX = ".sheet"
_log = logging.getLogger(__name__)


def sheets_folder() -> Path:
    return user_folder() / "sheets"


class SheetFile:
    """The file of one window. Its methods may be called from any thread, one at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or sheets_folder()
        self._path: Path | None = None
        self._lock: FileLock | None = None

    @property
    def path(self) -> Path | None:
        """None before `open` or the first `write`."""
        return self._path

    def open(self) -> Drawing | None:
        """Takes over the newest sheet that no window has; None where there is none. One that is damaged is
        put aside under another name."""
        for path in _newest_first(self._folder):
            if not self._take(path):
                continue
            try:
                return unpack(path.read_bytes())
            except (OSError, HandwriteError) as error:
                _log.warning("%s cannot be restored: %s", path, error)
                with suppress(OSError):
                    path.rename(path.with_suffix(".damaged"))
                self._release()
        return None

    def write(self, drawing: Drawing) -> None:
        """Replaces the file at once and durably; an empty drawing leaves none. Raises RunError where it
        cannot be written."""
        if drawing.is_empty:
            if self._path is not None:
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
            return
        if self._path is None:
            self._begin()
        assert self._path is not None
        with atomic_write(self._path) as draft:
            draft.write_bytes(pack(drawing))

    def close(self) -> None:
        """The next window may take the sheet over."""
        if self._path is not None and not self._path.exists():
            with suppress(OSError):
                _lock_of(self._path).unlink()
        self._release()

    def _begin(self) -> None:
        path = self._folder / f"{secrets.token_hex(4)}{_SUFFIX}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(_lock_of(path))
            self._lock.acquire()
        except OSError as error:
            self._release()
            raise unwritable(path, error) from error
        self._path = path

    def _take(self, path: Path) -> bool:
        """Whether the sheet is this window's now."""
        try:
            lock = FileLock(_lock_of(path))
        except OSError:
            return False
        # Between the listing and the lock its window may have emptied it, or another one taken it.
        if lock.acquire() and path.exists():
            self._path, self._lock = path, lock
            return True
        lock.close()
        return False

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
        self._path = self._lock = None


def pack(drawing: Drawing) -> bytes:
    """A drawing as an .npz file, exactly as it is, with its opened picture."""
    strokes = drawing.strokes
    arrays: dict[str, NDArray[np.generic]] = {
        "counts": np.array([len(s.points) for s in strokes], np.int64),
        "points": _joined([s.points for s in strokes], np.empty((0, 2), np.float32)),
        "widths": np.array([np.nan if s.width is None else s.width for s in strokes], np.float64),
    }
    for name, of in _CHANNELS.items():
        arrays[name] = _joined(
            [_channel(stroke, of) for stroke in strokes], np.empty(0, np.float64)
        )
    if (image := drawing.image) is not None:
        arrays["ink"] = image.ink
        arrays["place"] = np.array([image.left, image.top, image.width, image.height], np.float64)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(data: bytes) -> Drawing:
    """The drawing of `pack`. Raises PictureError where the bytes are none."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            ends = np.cumsum(arrays["counts"])[:-1]
            columns = [np.split(arrays[n], ends) for n in ("points", *_CHANNELS)]
            widths = arrays["widths"].tolist()
            strokes = tuple(
                Stroke.make(
                    points,
                    pressure=None if np.isnan(pressure).any() else pressure,
                    times=None if np.isnan(times).any() else times,
                    width=None if np.isnan(width) else width,
                )
                for points, pressure, times, width in zip(*columns, widths, strict=False)
                if len(points)
            )
            return Drawing(strokes, _image(arrays))
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise PictureError("sheet.damaged", "the saved sheet is damaged") from error


#: The columns beside the points that a stroke may lack; NaN throughout then.
_CHANNELS: dict[str, Callable[[Stroke], NDArray[np.floating] | None]] = {
    "pressure": lambda stroke: stroke.pressure,
    "times": lambda stroke: stroke.times,
}


def _channel(
    stroke: Stroke, of: Callable[[Stroke], NDArray[np.floating] | None]
) -> NDArray[np.float64]:
    values = of(stroke)
    if values is None:
        return np.full(len(stroke.points), np.nan)
    return values.astype(np.float64)


def _joined(arrays: list[NDArray[np.generic]], empty: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.concatenate(arrays) if arrays else empty


def _image(arrays: np.lib.npyio.NpzFile) -> InkImage | None:
    if "ink" not in arrays:
        return None
    ink = arrays["ink"]
    left, top, width, height = arrays["place"].tolist()
    if ink.dtype != np.uint8 or ink.ndim != 2 or not ink.size:
        raise ValueError("not an image of ink")
    return InkImage(ink, left, top, width, height)


def _newest_first(folder: Path) -> list[Path]:
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIX):
                with suppress(OSError):
                    found.append((entry.stat().st_mtime_ns, Path(entry.path)))
    return [path for _, path in sorted(found, reverse=True)]


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")

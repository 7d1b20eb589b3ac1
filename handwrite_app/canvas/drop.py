"""What a drag over the paper brings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from trainer.picture.image_file import FORMATS
from trainer.picture.strokes_files import READABLE_SUFFIXES

#: Endings of the names of files that can be opened as a drawing.
OPEN_SUFFIXES = (*FORMATS, ".svg", *READABLE_SUFFIXES)


def is_openable(path: Path) -> bool:
    """Whether the name is that of an image or a strokes file."""
    return path.name.lower().endswith(OPEN_SUFFIXES)


def can_drop(mime: QMimeData) -> bool:
    """Whether `dropped` would find something, without decoding it."""
    return _file(mime) is not None or mime.hasImage()


def dropped(mime: QMimeData) -> Path | QImage | None:
    """The first local file that can be opened, or else the image that the data hold."""
    path = _file(mime)
    if path is not None:
        return path
    if not mime.hasImage():
        return None
    data = mime.imageData()
    image = data.toImage() if isinstance(data, QPixmap) else data
    return image if isinstance(image, QImage) and not image.isNull() else None


def _file(mime: QMimeData) -> Path | None:
    for url in mime.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            if is_openable(path):
                return path
    return None

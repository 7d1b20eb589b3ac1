"""What a drag over the paper brings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from trainer.picture.image_file import FORMATS
from trainer.picture.strokes_files import READABLE_SUFFIXES

#: Endings of the names of files that can be opened as a drawing, or as a network.
OPEN_SUFFIXES = (*FORMATS, ".svg", *READABLE_SUFFIXES, ".safetensors")


def is_openable(path: Path) -> bool:
    """Whether the name is that of an image, a strokes file or a network."""
    return path.name.lower().endswith(OPEN_SUFFIXES)


def can_drop(mime: QMimeData) -> bool:
    """Whether `dropped` would find something, without decoding it."""
    return bool(_files(mime)) or mime.hasImage()


def dropped(mime: QMimeData) -> list[Path] | QImage | None:
    """The local files that can be opened, or else the image that the data hold."""
    if paths := _files(mime):
        return paths
    if not mime.hasImage():
        return None
    data = mime.imageData()
    image = data.toImage() if isinstance(data, QPixmap) else data
    return image if isinstance(image, QImage) and not image.isNull() else None


def _files(mime: QMimeData) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if is_openable(path)]

"""Files and images that are dragged over the paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.watched import watch
from trainer.picture.images.image_file import image_suffixes
from trainer.picture.strokes_files import READABLE_SUFFIXES

#: Endings of the names of files that can be opened as a drawing; and as a drawing, or as a network.
DRAWING_SUFFIXES = (*image_suffixes(), ".svg", *READABLE_SUFFIXES)
OPEN_SUFFIXES = (*DRAWING_SUFFIXES, ".safetensors")


class DropTarget(QObject):
    """Takes what is dropped on a widget, as a copy.

    Signals:
        overChanged(bool): something that can be opened is over the widget, or not any more.
        filesDropped(list[Path]): local files that can be opened. imageDropped(QImage): an image.
    """

    overChanged = Signal(bool)
    filesDropped = Signal(object)
    imageDropped = Signal(object)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragLeave, QEvent.Type.Drop)
        watch(widget, kinds, self._on_event)

    def _on_event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if can_drop(event.mimeData()):
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.overChanged.emit(True)
            else:
                event.ignore()
            return True
        if kind == QEvent.Type.DragLeave:
            self.overChanged.emit(False)
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.overChanged.emit(False)
            self._on_drop(event)
            return True
        return False

    def _on_drop(self, event: QDropEvent) -> None:
        found = dropped(event.mimeData())
        if found is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(found, list):
            self.filesDropped.emit(found)
        else:
            self.imageDropped.emit(found)


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

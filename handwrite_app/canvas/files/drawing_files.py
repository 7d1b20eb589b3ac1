"""Drawings to and from files, images and the clipboard."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH, PAPER, bounds
from handwrite_app.canvas.files.opened import Opened
from handwrite_app.canvas.ink.ink_painter import InkPainter, tinted
from handwrite_app.canvas.ink.outline import middle_line, outline
from trainer.base.errors import InputError, PictureError, RunError
from trainer.base.files import atomic_write
from trainer.picture.strokes import (
    Drawing,
    InkImage,
    Stroke,
    drawing_from_json,
    drawing_to_json,
)
from trainer.picture.strokes_files import is_strokes_file, read_strokes_file

if TYPE_CHECKING:
    from PIL import Image

PAPER_COLOR = "#ffffff"
INK_COLOR = "#000000"

_FILLED = 0.72  # share of the paper's side that an opened picture takes
_SMALLEST = 0.25  # share that foreign strokes must take to be left at their size
_MOST_POINTS = 10_000  # of a strokes file's drawing; of more, every second or third … is taken
_THINNEST = 0.5  # drawing units; about a pixel
_SVG_SIDE = 1120  # pixels; an opened SVG is painted so large, and then is an image like others


def save_drawing(drawing: Drawing, path: Path) -> None:
    """Write the drawing as a .png or .svg image, or its strokes as a .jsonl file of one line.

    An older file of that name is replaced at once when the new one is complete, and else left as it was.
    Raises InputError where the ending is none of these, a strokes file could not hold the opened picture,
    or the place cannot be written to.
    """
    suffix = path.suffix.lower()
    if suffix == ".png":
        data = _png(drawing_image(drawing))
    elif suffix == ".svg":
        data = drawing_svg(drawing).encode()
    elif suffix == ".jsonl":
        if drawing.image is not None:
            raise InputError(
                "drawing.picture-in-strokes",
                "A strokes file cannot hold the picture that was opened. "
                "Save the drawing as .png or .svg instead.",
            )
        data = _json_line(drawing).encode()
    else:
        raise InputError(
            "drawing.unknown-ending",
            "A drawing cannot be saved as “{file}”. "
            "Choose a name that ends in .png, .svg or .jsonl.",
            file=path.name,
        )
    _write(path, data)


def drawing_image(
    drawing: Drawing,
    side: int = 560,
    *,
    paper: QColor | str = PAPER_COLOR,
    ink: QColor | str = INK_COLOR,
) -> QImage:
    """The whole paper as an RGB32 image of side × side pixels."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(paper))
    with QPainter(image) as painter:
        painter.scale(side / PAPER, side / PAPER)
        InkPainter().paint(painter, drawing, QColor(ink))
    return image


def drawing_svg(
    drawing: Drawing, *, paper: QColor | str = PAPER_COLOR, ink: QColor | str = INK_COLOR
) -> str:
    """The whole paper as an SVG document. Strokes of one width are lines, others are filled shapes."""
    paper_name, ink_name = QColor(paper).name(), QColor(ink).name()
    side = f"{PAPER:g}"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{side}" height="{side}" viewBox="0 0 {side} {side}">',
        f'<rect width="{side}" height="{side}" fill="{paper_name}"/>',
    ]
    if drawing.image is not None:
        image = drawing.image
        data = base64.b64encode(_png(tinted(image, QColor(ink)))).decode()
        parts.append(
            f'<image x="{image.left:g}" y="{image.top:g}" width="{image.width:g}" '
            f'height="{image.height:g}" preserveAspectRatio="none" '
            f'xlink:href="data:image/png;base64,{data}"/>'
        )
    parts += [_svg_stroke(stroke, ink_name) for stroke in drawing.strokes]
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def open_drawing(path: Path) -> Drawing:
    """The drawing in a file: see `open_file`."""
    return open_file(path).drawing


def open_file(path: Path) -> Opened:
    """The drawing in a file: the first one of a strokes file, or the ink of an image.

    Strokes keep their place where they lie on the paper, and else are brought there; widths that are
    unknown become the pen's. May be called in any thread. Raises PictureError where the file cannot be read
    or shows nothing.
    """
    name = path.name.lower()
    if is_strokes_file(path):
        return _first_strokes(path)
    if name.endswith(".svg"):
        return Opened(_drawing_of([_svg_image(path)], path.name))
    from trainer.picture.images.image_file import open_pages

    return Opened(_drawing_of(open_pages(path), path.name))


def drawing_from_qimage(image: QImage) -> Drawing:
    """The ink of an image that was pasted or dropped, laid on the paper. Raises PictureError where it
    shows nothing."""
    return _drawing_of([_pillow(image)])


def mime_for(drawing: Drawing) -> QMimeData:
    """The drawing for the clipboard: as an image, as SVG, and its strokes as text."""
    mime = QMimeData()
    mime.setImageData(drawing_image(drawing))
    mime.setData("image/svg+xml", QByteArray(drawing_svg(drawing).encode()))
    if drawing.image is None:
        mime.setText(_json_line(drawing))
    return mime


class Pasted(NamedTuple):
    """What a clipboard or a drag holds, taken out of it at once, to be decoded in any thread."""

    text: str = ""
    image: QImage | None = None

    @classmethod
    def of(cls, mime: QMimeData) -> Pasted:
        data = mime.imageData() if mime.hasImage() else None
        image = data if isinstance(data, QImage) and not data.isNull() else None
        return cls(mime.text() if mime.hasText() else "", image)

    def drawing(self) -> Drawing | None:
        """None where it holds none. Strokes go before an image, so that what was copied here comes back as it
        was. Raises PictureError where an image shows nothing."""
        if self.text:
            try:
                drawing, _ = drawing_from_json(json.loads(self.text))
            except (ValueError, RecursionError, PictureError):
                pass
            else:
                return None if drawing.is_empty else _on_paper(drawing)
        return None if self.image is None else drawing_from_qimage(self.image)


def kept_on_paper(drawing: Drawing) -> Drawing:
    """A drawing from the user's store: what was drawn or opened here lies as it lay, and what was imported is
    brought to the paper as from its file."""
    box = bounds(drawing)
    near = box is not None and min(box) >= -PAPER and max(box) <= 2 * PAPER
    ours = all(stroke.width is not None for stroke in drawing.strokes)
    return drawing if drawing.image is not None or (near and ours) else _on_paper(drawing)


def _first_strokes(path: Path) -> Opened:
    lines = read_strokes_file(path)
    line = next(lines, None)
    if line is None:
        raise PictureError("drawing.none-in-file", "“{file}” holds no drawing.", file=path.name)
    drawing = line.drawing
    if drawing is None:
        raise PictureError(
            "drawing.first-unreadable",
            "The first drawing in “{file}” cannot be read: {reason}.",
            file=path.name,
            reason=line.error or "",
        )
    if drawing.is_empty:
        raise PictureError(
            "drawing.first-empty",
            "The first drawing in “{file}” has no strokes.",
            file=path.name,
        )
    with suppress(PictureError):  # what follows is not wanted, readable or not
        return Opened(_on_paper(drawing), is_first=next(lines, None) is not None)
    return Opened(_on_paper(drawing))


def _on_paper(drawing: Drawing) -> Drawing:
    """Strokes in the paper's units, each with a width."""
    box = bounds(drawing)
    if box is None:
        return drawing
    left, top, right, bottom = box
    extent = max(right - left, bottom - top)
    is_inside = min(left, top) >= 0 and max(right, bottom) <= PAPER
    is_ours = all(stroke.width is not None for stroke in drawing.strokes)
    if is_inside and (is_ours or extent >= _SMALLEST * PAPER):
        scale, shift_x, shift_y = 1.0, 0.0, 0.0
    else:
        scale = _FILLED * PAPER / extent if extent > 0 else 1.0
        shift_x = PAPER / 2 - scale * (left + right) / 2
        shift_y = PAPER / 2 - scale * (top + bottom) / 2
    # Nobody draws so many points, and painting them would take too long.
    every = -(-sum(len(stroke.points) for stroke in drawing.strokes) // _MOST_POINTS)
    strokes = []
    for stroke in drawing.strokes:
        kept = np.append(np.arange(0, len(stroke.points) - 1, every), len(stroke.points) - 1)
        width = DEFAULT_PEN_WIDTH if stroke.width is None else stroke.width * scale
        strokes.append(
            Stroke.make(
                stroke.points[kept].astype(np.float64) * scale + (shift_x, shift_y),
                pressure=None if stroke.pressure is None else stroke.pressure[kept],
                times=None if stroke.times is None else stroke.times[kept],
                width=min(max(width, _THINNEST), PAPER),
            )
        )
    return Drawing(tuple(strokes))


def _drawing_of(pages: Iterable[Image.Image], name: str = "") -> Drawing:
    """The ink of an image in the middle of the paper, at its own aspect; of the first page that shows
    something. name: its file's."""
    from trainer.picture.preprocess import ink_from_image

    inks = (ink_from_image(page) for page in pages)
    ink = next((found for found in inks if found is not None), None)
    if ink is None:
        if not name:
            raise PictureError(
                "drawing.nothing-written", "The image shows nothing that looks written."
            )
        raise PictureError(
            "drawing.nothing-written-in-file",
            "“{file}” shows nothing that looks written.",
            file=name,
        )
    rows, columns = ink.ink.shape
    scale = _FILLED * PAPER / max(rows, columns)
    width, height = columns * scale, rows * scale
    placed = InkImage(ink.ink, (PAPER - width) / 2, (PAPER - height) / 2, width, height)
    return Drawing((), placed)


def _pillow(image: QImage) -> Image.Image:
    from PIL import Image

    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    size = (rgba.width(), rgba.height())
    return Image.frombytes("RGBA", size, bytes(rgba.constBits()))


def _svg_image(path: Path) -> Image.Image:
    from PySide6.QtSvg import QSvgRenderer

    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(
            "drawing.unreadable",
            "“{file}” cannot be read: {reason}.",
            file=path.name,
            reason=error.strerror or error,
        ) from error
    renderer = QSvgRenderer(QByteArray(data))
    size = renderer.defaultSize()
    if not renderer.isValid() or size.isEmpty():
        raise PictureError("drawing.no-svg", "“{file}” is not an SVG picture.", file=path.name)
    size.scale(_SVG_SIDE, _SVG_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER_COLOR))
    with QPainter(image) as painter:
        renderer.render(painter)
    return _pillow(image)


def _svg_stroke(stroke: Stroke, ink: str) -> str:
    if stroke.pressure is not None and stroke.width is not None:
        path = "".join(
            "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in polygon) + "Z"
            for polygon in outline(stroke, DEFAULT_PEN_WIDTH)
        )
        return f'<path fill="{ink}" fill-rule="nonzero" d="{path}"/>'
    line = middle_line(stroke, DEFAULT_PEN_WIDTH)
    x, y, radius = line[0]
    if all(sample[:2] == (x, y) for sample in line):
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{ink}"/>'
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y, _ in line)
    return (
        f'<polyline fill="none" stroke="{ink}" stroke-width="{2 * radius:.2f}" '
        f'stroke-linecap="round" stroke-linejoin="round" points="{points}"/>'
    )


def _json_line(drawing: Drawing) -> str:
    return json.dumps(drawing_to_json(drawing), separators=(",", ":")) + "\n"


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise InputError("drawing.no-png", "The drawing cannot be made into a PNG image.")
    return bytes(data.data())


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with atomic_write(path) as draft:
            draft.write_bytes(data)
    except RunError as error:
        raise InputError(
            "drawing.unwritable",
            "“{file}” cannot be saved in {folder}: {reason}. "
            "Choose another folder; the drawing is still here.",
            file=path.name,
            folder=path.parent,
            reason=error.message.parameters.get("reason", error),
        ) from error

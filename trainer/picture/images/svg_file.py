"""SVG files that the app saves, as images: polylines, circles, polygons of straight lines, and pictures.

Other SVG (curves, transforms, text) is refused with a sentence instead of being drawn wrongly.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from trainer.base.errors import PictureError
from trainer.base.messages import Message

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

_SIDE = 1120  # pixels of the longer side
_MOST_BYTES = 20_000_000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")

Point = tuple[float, float]


def open_svg(path: Path) -> Image.Image:
    """The drawing on white, a grey image. Raises PictureError for another kind of file."""
    from PIL import Image, ImageDraw

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refusal(path, Message.of("svg.too-large", "it is larger than 20 MB"))
        content = path.read_bytes()
    except OSError as error:
        raise PictureError(
            "image.not-opened",
            "{name} cannot be read: {reason}",
            name=path.name,
            reason=error.strerror or str(error),
        ) from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refusal(path, Message.of("svg.entities", "it defines entities"))
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise PictureError(
            "image.no-svg", "{name} is not an SVG picture: save it again", name=path.name
        ) from error
    try:
        left, top, width, height = _view(root)
        scale = _SIDE / max(width, height)
        image = Image.new("L", (round(width * scale) or 1, round(height * scale) or 1), 255)
        _Painter(image, ImageDraw.Draw(image), left, top, scale).paint(root)
    except _UnknownPartError as error:
        raise _refusal(path, error.what) from error
    except (ValueError, OverflowError, OSError, MemoryError) as error:
        raise _refusal(path, Message.verbatim(str(error))) from error
    return image


class _UnknownPartError(Exception):
    """Something that this reader does not draw."""

    def __init__(self, what: Message) -> None:
        super().__init__(str(what))
        self.what = what


def _refusal(path: Path, why: Message) -> PictureError:
    return PictureError(
        "image.other-svg",
        "{name} is an SVG picture of another kind ({why}): open it in the app, or save it as PNG",
        name=path.name,
        why=why,
    )


def _view(root: ElementTree.Element) -> tuple[float, float, float, float]:
    if _tag(root) != "svg":
        raise _UnknownPartError(Message.of("svg.no-element", "no svg element"))
    box = [float(n) for n in re.findall(_NUMBER, root.get("viewBox", ""))]
    if len(box) != 4:
        box = [0.0, 0.0, _number(root, "width"), _number(root, "height")]
    if not (box[2] > 0 and box[3] > 0):
        raise _UnknownPartError(Message.of("svg.no-size", "it has no size"))
    return box[0], box[1], box[2], box[3]


class _Painter:
    def __init__(
        self, image: Image.Image, draw: ImageDraw.ImageDraw, left: float, top: float, scale: float
    ) -> None:
        self._image, self._draw = image, draw
        self._left, self._top, self._scale = left, top, scale

    def paint(self, root: ElementTree.Element) -> None:
        for part in root:
            if part.get("transform"):
                raise _UnknownPartError(Message.verbatim("transform"))
            kind = _tag(part)
            if kind == "g":
                self.paint(part)
            elif kind == "rect":
                self._rectangle(part)
            elif kind == "circle":
                self._disc(
                    (_number(part, "cx"), _number(part, "cy")),
                    _number(part, "r"),
                    _grey(part.get("fill", "black")),
                )
            elif kind == "polyline":
                self._line(part)
            elif kind == "path":
                for polygon in _polygons(part.get("d", "")):
                    if len(polygon) > 2:
                        points = [self._at(point) for point in polygon]
                        self._draw.polygon(points, fill=_grey(part.get("fill", "black")))
            elif kind == "image":
                self._picture(part)
            elif kind not in ("title", "desc", "metadata", "defs"):
                raise _UnknownPartError(Message.verbatim(kind))

    def _at(self, point: Point) -> Point:
        return (point[0] - self._left) * self._scale, (point[1] - self._top) * self._scale

    def _rectangle(self, part: ElementTree.Element) -> None:
        x, y = _number(part, "x"), _number(part, "y")
        corner = (x + _number(part, "width"), y + _number(part, "height"))
        if part.get("fill") != "none":
            self._draw.rectangle(
                (*self._at((x, y)), *self._at(corner)), fill=_grey(part.get("fill", "black"))
            )

    def _disc(self, centre: Point, radius: float, grey: int) -> None:
        x, y = self._at(centre)
        radius *= self._scale
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=grey)

    def _line(self, part: ElementTree.Element) -> None:
        numbers = [float(n) for n in re.findall(_NUMBER, part.get("points", ""))]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        width, grey = _number(part, "stroke-width", 1.0), _grey(part.get("stroke", "black"))
        placed = [self._at(point) for point in points]
        self._draw.line(placed, fill=grey, width=max(1, round(width * self._scale)))
        for point in points:  # round joints and ends
            self._disc(point, width / 2, grey)

    def _picture(self, part: ElementTree.Element) -> None:
        from PIL import Image

        text = next((part.get(name, "") for name in _HREF if part.get(name)), "")
        head, _, data = text.partition(",")
        if head != "data:image/png;base64":
            raise _UnknownPartError(Message.of("svg.outside", "a picture outside the file"))
        try:
            content = base64.b64decode(data, validate=False)
        except binascii.Error as error:
            raise _UnknownPartError(
                Message.of("svg.damaged-picture", "a damaged picture")
            ) from error
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            picture = opened.convert("RGBA")
        x, y = self._at((_number(part, "x"), _number(part, "y")))
        size = (
            max(1, min(4 * _SIDE, round(_number(part, "width") * self._scale))),
            max(1, min(4 * _SIDE, round(_number(part, "height") * self._scale))),
        )
        picture = picture.resize(size, Image.Resampling.BOX)
        self._image.paste(picture.convert("L"), (round(x), round(y)), picture.getchannel("A"))


def _polygons(text: str) -> Iterator[list[Point]]:
    """Of a path of straight lines, absolute."""
    if set(re.findall("[A-Za-z]", text)) - set("MLZ"):
        raise _UnknownPartError(Message.of("svg.curves", "a path with curves"))
    for piece in text.split("M")[1:]:
        numbers = [float(n) for n in re.findall(_NUMBER, piece)]
        yield list(zip(numbers[::2], numbers[1::2], strict=False))


def _tag(part: ElementTree.Element) -> str:
    return part.tag.rpartition("}")[2]


def _number(part: ElementTree.Element, name: str, default: float = 0.0) -> float:
    text = part.get(name)
    return default if text is None else float(text.removesuffix("px"))


def _grey(color: str) -> int:
    from PIL import ImageColor

    return int(ImageColor.getcolor(color, "L"))  # type: ignore[arg-type]

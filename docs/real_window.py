"""The real window without a screen, in a home of its own: what the scripts that make pictures share."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image
    from PySide6.QtWidgets import QWidget

    from handwrite_app.demo.screen import DemoScreen
    from handwrite_app.window.main_window import MainWindow
    from trainer.picture.strokes import Drawing

#: Width of the ink, and speed of the pen, in drawing units and drawing units a second.
PEN = 20.0
SPEED = 420.0
#: A letter, which is no digit.
LETTER = (
    ((70, 225), (105, 130), (140, 50), (175, 130), (210, 225)),
    ((95, 165), (185, 165)),
)
#: Height of a title bar, in device-independent pixels.
_TITLE = 34
_PATIENCE = 240.0
_TICK = 0.005

Points = Sequence[tuple[float, float]]


def prepare(home: Path, screen: tuple[int, int], scale: int = 1) -> None:
    """Chooses the folders and a screen of so many pixels. Before anything of Qt is imported."""
    from trainer.base.paths import cache_folder, data_folder

    os.environ["HANDWRITE_DATA"] = str(data_folder())
    os.environ["HANDWRITE_CACHE"] = str(cache_folder())
    os.environ["HANDWRITE_HOME"] = str(home)
    os.environ["HANDWRITE_REDUCED_MOTION"] = "1"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    place = dict(zip(("width", "height"), screen, strict=True))
    one = {"name": "screen", "x": 0, "y": 0, **place, "logicalDpi": 96, "logicalBaseDpi": 96}
    file = home / "screen.json"
    file.write_text(json.dumps({"screens": [{**one, "dpr": 1}]}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


class RealWindow:
    """The main window with the network that ships."""

    def __init__(self, size: tuple[int, int], theme: str = "light", language: str = "en") -> None:
        """size: in device-independent pixels."""
        from PySide6.QtCore import QPoint
        from PySide6.QtWidgets import QApplication

        from handwrite_app.ui.settings import Settings
        from handwrite_app.ui.theme import Theme, choose_style
        from handwrite_app.window.main_window import MainWindow
        from handwrite_app.workers.recognition_process import RecognitionProcess

        self._process = RecognitionProcess()
        choose_style()
        self.app = QApplication(sys.argv[:1])
        self.app.setApplicationName("Handwrite")
        self.theme = Theme("light")
        self.theme.apply(self.app)
        self.settings = Settings()
        self.dress(theme, language)
        self.window: MainWindow = MainWindow(self.theme, self.settings, process=self._process)
        self.window.show()
        self.window.resize(*size)
        self.window.move(QPoint(0, 0))
        self.wait(lambda: self.window.loaded is not None)

    def dress(self, theme: str, language: str) -> None:
        """Another theme ("light" or "dark") and language, as the menus would set them."""
        from handwrite_app.ui import language as languages

        self.theme.set_mode(theme)  # type: ignore[arg-type]
        if self.settings.language != language:
            self.settings.language = language
            languages.install(language)

    def wait(self, condition: Callable[[], object]) -> None:
        """Raises TimeoutError where it does not come true."""
        end = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window does not answer")
            self.app.processEvents()
            time.sleep(_TICK)

    def rest(self, seconds: float = 0.3) -> None:
        """Lets what is under way settle."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def put(self, drawing: Drawing, on: DemoScreen | None = None) -> None:
        """On the paper; until it was read. on: the screen of demo mode, in the window's place."""
        desk = on or self.window
        desk.canvas.set_drawing(drawing)
        desk.asking.ask()
        self.wait(lambda: desk.asking.answer is not None or desk.canvas.is_empty())
        self.app.processEvents()

    def close(self) -> None:
        self.window.close_at_once()
        self._process.close()


def grab(widget: QWidget) -> Image.Image:
    """What it shows, in the pixels of the screen."""
    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def over(one: RealWindow, front: QWidget) -> Image.Image:
    """The main window with another one in the middle, under the title bar that a desktop would give it."""
    from PIL import Image, ImageDraw, ImageFilter
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel

    tokens = one.theme.tokens
    title = QLabel(front.windowTitle())
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    title.setStyleSheet(f"background: {tokens.surface}; border-bottom: 1px solid {tokens.border};")
    title.resize(front.width(), _TITLE)
    back, head, body = grab(one.window), grab(title), grab(front)
    ratio = back.width // one.window.width()
    width, height = body.width, head.height + body.height
    left, top = max(0, (back.width - width) // 2), max(0, (back.height - height) // 2)
    box = (left - 1, top - 1, left + width, top + height)
    shadow = Image.new("L", back.size, 0)
    ImageDraw.Draw(shadow).rectangle((*box[:2], box[2], box[3] + 4 * ratio), fill=120)
    shadow = shadow.filter(ImageFilter.GaussianBlur(10 * ratio))
    result = Image.composite(Image.new("RGB", back.size, "black"), back, shadow)
    ImageDraw.Draw(result).rectangle(box, outline=tokens.outline)
    result.paste(head, (left, top))
    result.paste(body, (left, top + head.height))
    return result


def save(image: Image.Image, path: Path, *, colours: int = 256) -> None:
    """With a palette, which takes a third of the space: the most frequent colours as they are, and for the
    others the nearest. WebP takes two thirds of a PNG, and is not shown everywhere."""
    from PIL import Image as Images

    pixels = np.asarray(image).reshape(-1, 3)
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    found, counts = np.unique(codes, return_counts=True)
    frequent = found[np.argsort(-counts, kind="stable")][: 3 * colours // 4]
    rest = found[~np.isin(found, frequent)]
    palette = _channels(frequent)
    if len(rest):
        strip = Images.fromarray(_channels(rest).reshape(1, -1, 3))
        some = strip.quantize(colours // 4, method=Images.Quantize.MEDIANCUT).getpalette() or []
        palette = np.concatenate([palette, np.array(some, np.uint8).reshape(-1, 3)])
    by = Images.new("P", (1, 1))
    by.putpalette(palette.tobytes())
    small = image.quantize(palette=by, dither=Images.Dither.NONE)
    if path.suffix == ".webp":
        small.convert("RGB").save(path, lossless=True, method=6)
    else:
        small.save(path, optimize=True)


def _channels(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """(N, 3) of numbers 0xrrggbb."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)


def drawn(lines: Sequence[Points], *, at: tuple[float, float] = (0, 0), size: float = 1) -> Drawing:
    """A drawing of these lines, drawn at a steady speed. at: where it is moved to. size: so many times
    its own."""
    from trainer.picture.strokes import Drawing, Stroke

    strokes, now = [], 0.0
    for line in lines:
        points, along = _even(line)
        times = now + along * size / SPEED
        now = float(times[-1]) + 0.25
        strokes.append(Stroke.make(points * size + np.asarray(at), times=times, width=PEN))
    return Drawing(tuple(strokes))


def digit(label: str, style: int = 0) -> Drawing:
    """A plain digit in the middle of the paper."""
    return drawn(_shape(label, style))


def number(text: str) -> Drawing:
    """Digits beside each other, over the width of the wide paper."""
    from trainer.picture.strokes import Drawing

    size, step = 0.72, 124.0
    left = 280 - step * (len(text) - 1) / 2
    parts = [
        drawn(_shape(label), at=(left + step * i - 140 * size, 140 - 140 * size), size=size)
        for i, label in enumerate(text)
    ]
    return Drawing(tuple(stroke for part in parts for stroke in part.strokes))


def _shape(label: str, style: int = 0) -> list[Points]:
    """Its strokes; those that are curves in so many points that no corner is seen."""
    from trainer.synthetic.synthetic_digits import STYLES, curve

    return [
        curve(*stroke, samples=8 * len(stroke)) if len(stroke) > 12 else stroke
        for stroke in STYLES[label][style]
    ]


def _even(line: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line with points a few units apart, as a pen gives them, and how far along it each lies."""
    corners = np.asarray(line, np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.linspace(0.0, along[-1], max(2, int(along[-1] / 4)))
    points = [np.interp(at, along, column) for column in corners.T]
    return np.stack(points, axis=1), at

"""Makes the animation that README.md opens with, from the real window.

    python docs/make_animation.py docs/handwrite.gif

Four drawings are written on the paper, point by point, and read by the network that ships; the last one is a
letter. The pictures are what `QWidget.grab` gives, in the colours of the light theme. No screen is needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SIZE = (1120, 700)
SHOWN = (800, 500)
#: Between two frames, and how long an answer stands, in milliseconds.
FRAME_MS = 80
REST_MS = 1300
#: Drawing units that the pen covers between two frames.
STEP = 42.0
_LETTER = [
    [(70, 225), (105, 130), (140, 50), (175, 130), (210, 225)],
    [(95, 165), (185, 165)],
]


def main(out: Path) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["HANDWRITE_REDUCED_MOTION"] = "1"
    with tempfile.TemporaryDirectory() as home:
        os.environ["HANDWRITE_HOME"] = home
        frames = _frames()
    _save(frames, out)
    print(f"{out}: {len(frames)} frames, {out.stat().st_size / 1e6:.2f} MB")
    return 0


def _frames() -> list[tuple[bytes, int]]:
    """PNG and duration of each frame."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtWidgets import QApplication

    from handwrite_app.demo.attract import written
    from handwrite_app.ui.settings import Settings
    from handwrite_app.ui.theme import Theme, choose_style
    from handwrite_app.window.main_window import MainWindow
    from handwrite_app.workers.recognition_process import RecognitionProcess
    from trainer.picture.strokes import Drawing

    process = RecognitionProcess()
    choose_style()
    app = QApplication(sys.argv[:1])
    theme = Theme("light")
    theme.apply(app)
    window = MainWindow(theme, Settings(), process=process)
    window.show()
    window.resize(*SIZE)
    frames: list[tuple[bytes, int]] = []

    def wait(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window does not answer")
            app.processEvents()
            time.sleep(0.005)

    def grab(ms: int) -> None:
        window.asking.ask()
        wait(lambda: window.asking.answer is not None or window.canvas.is_empty())
        app.processEvents()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        window.grab().save(buffer, "PNG")
        frames.append((bytes(buffer.data().data()), ms))

    wait(lambda: window.loaded is not None)
    for drawing in _drawings():
        window.canvas.set_drawing(Drawing(), undoable=False)
        grab(400)
        distance = 0.0
        while True:
            distance += STEP
            part = written(drawing, distance)
            window.canvas.set_drawing(part, undoable=False)
            is_done = len(part.strokes) == len(drawing.strokes) and (
                part.strokes[-1] is drawing.strokes[-1]
            )
            grab(REST_MS if is_done else FRAME_MS)
            if is_done:
                break
    window.close_at_once()
    process.close()
    return frames


def _drawings() -> Iterator[object]:
    import numpy as np

    from handwrite_app.demo.screen import _digits, _even
    from trainer.picture.strokes import Drawing, Stroke

    digits = _digits()
    yield from (digits[0], digits[3], digits[4])
    letter = [Stroke.make(_even([tuple(p) for p in np.asarray(s)]), width=20) for s in _LETTER]
    yield Drawing(tuple(letter))


def _save(frames: list[tuple[bytes, int]], out: Path) -> None:
    import io

    from PIL import Image

    images = [
        Image.open(io.BytesIO(data)).convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)
        for data, _ in frames
    ]
    # One palette for all frames, or the paper would flicker; made of frames with all the colours.
    rests = [image for image, (_, ms) in zip(images, frames, strict=True) if ms == REST_MS]
    strip = Image.new("RGB", (SHOWN[0], SHOWN[1] * len(rests)))
    for at, image in enumerate(rests):
        strip.paste(image, (0, at * SHOWN[1]))
    palette = strip.quantize(96, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in images]
    small[0].save(
        out,
        save_all=True,
        append_images=small[1:],
        duration=[ms for _, ms in frames],
        loop=0,
        optimize=True,
        disposal=1,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/handwrite.gif")))

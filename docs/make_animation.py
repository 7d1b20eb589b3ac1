"""Makes the animation that README.md opens with, from the real window.

    python docs/make_animation.py docs/handwrite.gif

Four drawings are written on the paper, point by point, and read by the network that ships; the last one is a
letter. The pictures are what `QWidget.grab` gives, in the colours of the light theme. No screen is needed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from real_window import LETTER, RealWindow, digit, drawn, grab, prepare

if TYPE_CHECKING:
    from PIL import Image as Images

SIZE = (1120, 700)
SHOWN = (800, 500)
#: Between two frames, and how long an answer stands, in milliseconds.
FRAME_MS = 80
REST_MS = 1300
#: Drawing units that the pen covers between two frames.
STEP = 42.0

Frame = tuple["Images.Image", int]


def main(out: Path) -> int:
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), SIZE)
        frames = list(_frames(RealWindow(SIZE)))
    _save(frames, out)
    print(f"{out}: {len(frames)} frames, {out.stat().st_size / 1e6:.2f} MB")
    return 0


def _frames(one: RealWindow) -> Iterator[Frame]:
    """Picture and duration of each frame."""
    from handwrite_app.demo.attract import written
    from trainer.picture.strokes import Drawing

    for drawing in (digit("7"), digit("3"), digit("8"), drawn(LETTER)):
        one.put(Drawing())
        yield grab(one.window), 400
        distance, is_done = 0.0, False
        while not is_done:
            distance += STEP
            part = written(drawing, distance)
            one.put(part)
            is_done = len(part.strokes) == len(drawing.strokes) and (
                part.strokes[-1] is drawing.strokes[-1]
            )
            yield grab(one.window), REST_MS if is_done else FRAME_MS
    one.close()


def _save(frames: list[Frame], out: Path) -> None:
    from PIL import Image

    images = [image.resize(SHOWN, Image.Resampling.LANCZOS) for image, _ in frames]
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

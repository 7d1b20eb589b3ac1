"""SVG files that the app saves, read without Qt; other SVG is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import PictureError
from trainer.picture.images.svg_file import open_svg
from trainer.picture.input_files import picture_of_image_file
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="280" '
    'height="280" viewBox="0 0 280 280"><rect width="280" height="280" fill="#ffffff"/>'
)
LINE = (
    '<polyline fill="none" stroke="#000000" stroke-width="18.00" stroke-linecap="round" '
    'stroke-linejoin="round" points="60.00,60.00 200.00,60.00 120.00,230.00"/>'
)


def _svg(path: Path, *parts: str) -> Path:
    path.write_text(f"{HEAD}{''.join(parts)}</svg>")
    return path


def test_a_line_is_the_strokes_picture(tmp_path: Path) -> None:
    found = picture_of_image_file(_svg(tmp_path / "x.svg", LINE))
    drawing = Drawing((Stroke.make([(60, 60), (200, 60), (120, 230)], width=18.0),))
    wanted = picture_from_drawing(drawing)
    assert found is not None
    assert wanted is not None
    assert np.abs(found.astype(int) - wanted.astype(int)).mean() < 8


def test_polygons_dots_and_pictures(tmp_path: Path) -> None:
    from base64 import b64encode
    from io import BytesIO

    from PIL import Image

    png = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 255)).save(png, "PNG")
    data = b64encode(png.getvalue()).decode()
    image = np.asarray(
        open_svg(
            _svg(
                tmp_path / "x.svg",
                '<path fill="#000000" fill-rule="nonzero" d="M10.00 10.00L50.00 10.00L50.00 50.00Z"/>',
                '<circle cx="100.00" cy="100.00" r="10.00" fill="#000000"/>',
                f'<image x="200" y="200" width="40" height="40" xlink:href="data:image/png;base64,{data}"/>',
            )
        )
    )
    assert image.shape == (1120, 1120)
    for x, y in ((45, 15), (100, 100), (220, 220)):
        assert image[4 * y, 4 * x] == 0
    assert image[4 * 150, 4 * 150] == 255


@pytest.mark.parametrize(
    "part",
    [
        '<path d="M0 0C1 1 2 2 3 3"/>',
        '<g transform="scale(2)"/>',
        "<text>3</text>",
        '<image x="0" y="0" width="9" height="9" xlink:href="http://127.0.0.1/x.png"/>',
        '<circle cx="x" cy="0" r="1"/>',
    ],
)
def test_other_svg_is_refused_instead_of_drawn_wrongly(tmp_path: Path, part: str) -> None:
    with pytest.raises(PictureError, match="SVG picture of another kind"):
        open_svg(_svg(tmp_path / "x.svg", part))


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"no xml", b'<!DOCTYPE a [<!ENTITY b "c">]><svg/>']
)
def test_what_is_no_svg_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.svg").write_bytes(content)
    with pytest.raises(PictureError):
        open_svg(tmp_path / "x.svg")

"""Every dialog and box of the application on sheets of pictures, to look at them.

    python docs/make_dialog_pictures.py /tmp/dialogs --size 1024x640 --theme dark --language zh

They are those of tests/app/dialogs/every_dialog.py, on a screen of this size. No screen is needed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from real_window import RealWindow, digit, grab, prepare, save

if TYPE_CHECKING:
    from PIL import Image

_GAP = 16
_SHEET = (1560, 1500)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, help="folder that the sheets are written into")
    parser.add_argument("--size", default="1280x800", help="of the screen (%(default)s)")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    parser.add_argument("--only", nargs="*", help="these rows")
    parser.add_argument("--single", action="store_true", help="a picture of each instead of sheets")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    width, height = map(int, options.size.split("x"))
    language = {"en": "en", "zh": "zh_CN"}[options.language]
    name = f"{options.size}-{options.theme}-{options.language}"
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), (width, height))
        one = RealWindow((width, height), options.theme, language)
        one.put(digit("7", 1))
        found = dict(_dialogs(one, options.only))
        if options.single:
            for row, image in found.items():
                save(image, options.out / f"{row.replace(' ', '-')}-{name}.png")
        else:
            for number, sheet in enumerate(_sheets(list(found.values())), start=1):
                save(sheet, options.out / f"{name}-{number}.png")
        one.close()
    return 0


def _dialogs(one: RealWindow, only: list[str] | None) -> Iterator[tuple[str, Image.Image]]:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from PySide6.QtWidgets import QDialog

    from tests.app.dialogs.every_dialog import ROWS

    for row in ROWS:
        if only and row.name not in only:
            continue
        dialog = row.open(one.window)
        one.rest(0.5)
        yield row.name, grab(dialog)
        one.window.compare.close()
        for open_one in one.window.findChildren(QDialog):
            open_one.close()
            open_one.deleteLater()
        one.rest(0.05)


def _sheets(pictures: list[Image.Image]) -> Iterator[Image.Image]:
    """As many on a sheet as fit beside and below each other, at their size."""
    from PIL import Image

    sheet, left, top, row = Image.new("RGB", _SHEET, "#8c6d8c"), _GAP, _GAP, 0
    for picture in sorted(pictures, key=lambda one: -one.height):
        if left + picture.width + _GAP > sheet.width and left > _GAP:
            left, top, row = _GAP, top + row + _GAP, 0
        if top + picture.height + _GAP > sheet.height and top > _GAP:
            yield sheet
            sheet, left, top, row = Image.new("RGB", _SHEET, "#8c6d8c"), _GAP, _GAP, 0
        sheet.paste(picture, (left, top))
        left, row = left + picture.width + _GAP, max(row, picture.height)
    yield sheet


if __name__ == "__main__":
    sys.exit(main())

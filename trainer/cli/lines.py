"""Lines and pages on the command line: what `recognize --line` and `--page` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.base.errors import HandwriteError, InputError
from trainer.cli.output import percent, print_error, print_json, shown
from trainer.segmentation.reading import LineOptions

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import StrokeMemory
    from trainer.picture.input_files import Item
    from trainer.segmentation.divide import GroupReader
    from trainer.segmentation.page import Page
    from trainer.segmentation.reading import Line


class LinePrinter:
    """Reads items as lines or pages, prints what they say, and counts them."""

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        page: bool,
        signs: bool,
        json: bool,
        mode: str = "",
        memory: StrokeMemory | None = None,
        words: tuple[str, ...] = (),
    ) -> None:
        """page: whole pages, and not one line. signs: those of sums are read as well. words: a list that a
        line of letters is compared with."""
        from trainer.segmentation.divide import GroupReader

        self.count = self.failed = 0
        self._reader: GroupReader = GroupReader(recognizer, mode=mode)
        self._options = LineOptions(signs=signs, words=words)
        self._page, self._json, self._memory = page, json, memory

    def read(self, items: Iterable[Item], names: dict[str, str]) -> None:
        """names: what a file is called for a person, where that is not its path."""
        for item in items:
            source = names.get(item.source, item.source)
            try:
                document = self._document(item)
            except HandwriteError as error:
                document = {"error": str(error)}
            self._print({"source": source, "index": item.index, **document})
            self.count += 1
            self.failed += "error" in document

    def _document(self, item: Item) -> dict[str, Any]:
        from trainer.picture.input_files import is_image
        from trainer.segmentation.line import read_line

        if item.drawing is None and not is_image(Path(item.source)):
            return {"error": item.error or "there is nothing to read"}
        if item.drawing is None:
            page = self._read_page(Path(item.source))
            return page.to_json() if self._page else as_line(page)
        line = read_line(item.drawing, self._reader, self._options)
        if self._memory is not None:
            from trainer.personalize.memory.line import line_with_memory

            line = line_with_memory(
                line,
                item.drawing,
                self._memory,
                self._reader.recognizer,
                self._options,
                mode=self._reader.mode,
            )
        document = line.to_json()
        return {"text": line.text, "lines": [document]} if self._page else document

    def _read_page(self, path: Path) -> Page:
        from trainer.picture.images.image_file import open_image
        from trainer.picture.images.svg_file import open_svg
        from trainer.segmentation.page import read_page

        image = open_svg(path) if path.suffix.lower() == ".svg" else open_image(path)
        return read_page(image, self._reader, self._options)

    def _print(self, document: dict[str, Any]) -> None:
        if self._json:
            print_json(document)
            return
        place = shown(document["source"]) + (f"[{document['index']}]" if document["index"] else "")
        if "error" in document:
            print_error(f"{place}: {shown(document['error'])}")
            return
        for line in document.get("lines", [document]):
            text = line["text"] + line.get("answer", "")
            said = f"{shown(text)}\t{percent(line['probability'])}" if text else "nothing written"
            print(f"{place}\t{said}")
        if not document.get("lines", [document]):
            print(f"{place}\tnothing written")


def words_in(path: Path) -> tuple[str, ...]:
    """The words of a text file, one a line. Raises InputError where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "cli.no-words",
            "{path} cannot be read as a list of words: write one a line, as UTF-8 text",
            path=path,
        ) from error
    return tuple(word for line in lines if (word := line.strip()))


def as_line(page: Page) -> dict[str, Any]:
    """All rows of a page as one line, their texts with line ends between them."""
    lines: Sequence[Line] = page.lines
    if len(lines) == 1:
        return lines[0].to_json()
    right = 1.0
    for line in lines:
        right *= line.probability
    return {
        "text": page.text,
        "probability": round(right, 6) if lines else 0.0,
        "characters": [one.to_json() for line in lines for one in line.characters],
    }

"""Lines and pages on the command line: how they are read, and what `recognize --line` and `--page` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trainer.base.errors import HandwriteError, InputError
from trainer.base.messages import Message
from trainer.cli.files import given_path
from trainer.cli.output import percent, print_error, print_json, print_note, shown
from trainer.segmentation.reading import Line, LineOptions

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import StrokeMemory
    from trainer.picture.input_files import Item
    from trainer.picture.strokes import Drawing
    from trainer.segmentation.divide import GroupReader
    from trainer.segmentation.page import Page


SUMS = typer.Option(
    "--sums", help="With --line or --page: read + − × ÷ = and . beside digits as well, and answer."
)
WORDS = typer.Option(
    "--words",
    metavar="FILE",
    help="With --line or --page, and letters: a list of words, one a line, that a line is compared with.",
    show_default=False,
)


class LineReader:
    """Reads items as lines, with a writer's memory where there is one."""

    def __init__(
        self,
        recognizer: Recognizer,
        options: LineOptions,
        *,
        mode: str = "",
        memory: StrokeMemory | None = None,
    ) -> None:
        """Raises InputError for signs in a mode that reads no digits."""
        from trainer.segmentation.divide import GroupReader

        self.reader: GroupReader = GroupReader(recognizer, mode=mode)
        self._options, self._memory = options, memory
        self._has_told = False
        if options.signs and not any(map(str.isdecimal, self.reader.labels)):
            raise InputError(
                "cli.sums-without-digits",
                "--sums reads signs beside digits, and {labels} are none: leave out --sums, or choose "
                "another --mode or --weights",
                labels=" ".join(self.reader.labels),
            )

    @property
    def labels(self) -> tuple[str, ...]:
        """What a character of a line may be."""
        from trainer.segmentation.ink.signs import SIGNS

        return (*self.reader.labels, *(SIGNS if self._options.signs else ()))

    def line(self, drawing: Drawing) -> Line:
        """Raises RunError as `Recognizer.answers` does."""
        from trainer.segmentation.line import read_line

        line = read_line(drawing, self.reader, self._options)
        if self._memory is None:
            return line
        from trainer.personalize.memory.line import line_with_memory

        return line_with_memory(
            line,
            drawing,
            self._memory,
            self.reader.recognizer,
            self._options,
            mode=self.reader.mode,
        )

    def page(self, path: Path) -> Page:
        """The rows of an image, of its first page with any. Raises PictureError where it cannot be decoded,
        else as `line` does.

        Without the memory: it compares strokes, and the characters of an image have none.
        """
        if self._memory is not None and not self._has_told:
            self._has_told = True
            print_note("--memory compares strokes: characters of images are read without it")
        from trainer.picture.images.image_file import open_pages
        from trainer.picture.images.svg_file import open_svg
        from trainer.segmentation.page import read_first_page

        images = [open_svg(path)] if path.suffix.lower() == ".svg" else open_pages(path)
        return read_first_page(images, self.reader, self._options)

    def read(self, item: Item) -> Page | Line:
        """Raises InputError where there is nothing to read, else as `line` and `page` do."""
        from trainer.picture.input_files import is_image

        if item.drawing is not None:
            return self.line(item.drawing)
        if not is_image(Path(item.source)):
            nothing = Message.of("cli.nothing-in-item", "there is nothing to read")
            raise InputError(item.error or nothing)
        return self.page(Path(item.source))


class LinePrinter:
    """Reads items as lines or pages, prints what they say, and counts them."""

    def __init__(self, reader: LineReader, *, page: bool, json: bool) -> None:
        """page: whole pages, and not one line."""
        self.count = self.failed = 0
        self._reader, self._page, self._json = reader, page, json

    def read(self, items: Iterable[Item], names: dict[str, str]) -> None:
        """names: what a file is called for a person, where that is not its path."""
        for item in items:
            source = names.get(item.source, item.source)
            try:
                document = self._document(self._reader.read(item))
            except HandwriteError as error:
                document = {"error": str(error)}
            self._print({"source": source, "index": item.index, **document})
            self.count += 1
            self.failed += "error" in document

    def _document(self, found: Page | Line) -> dict[str, Any]:
        if isinstance(found, Line):
            document = found.to_json()
            return {"text": found.text, "lines": [document]} if self._page else document
        return found.to_json() if self._page else as_line(found)

    def _print(self, document: dict[str, Any]) -> None:
        if self._json:
            print_json(document)
            return
        place = shown(document["source"]) + (f"[{document['index']}]" if document["index"] else "")
        if "error" in document:
            print_error(place, shown(document["error"]))
            return
        for line in document.get("lines", [document]):
            text = line["text"] + line.get("answer", "")
            said = f"{shown(text)}\t{percent(line['probability'])}" if text else "nothing written"
            print(f"{place}\t{said}")
        if not document.get("lines", [document]):
            print(f"{place}\tnothing written")


def line_options(*, sums: bool, words: str | None) -> LineOptions:
    """What --sums and --words mean. Raises InputError where the list of words cannot be read."""
    path = None
    if words is not None:
        from trainer.segmentation.words import read_words

        path = given_path(words, "--words")
        read_words(path)
    return LineOptions(signs=sums, words=path)


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

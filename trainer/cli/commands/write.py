"""handwrite-trainer write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.base.errors import InputError
from trainer.cli.files import OVERWRITE_HELP, given_path, is_store, output_file, write_output
from trainer.cli.output import MOST_SEED, percent, print_json, print_note, shown
from trainer.cli.weights import WEIGHTS, weights_file

if TYPE_CHECKING:
    from trainer.handwriting.results import WrittenText
    from trainer.handwriting.writing import Hand


def write(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A number, or a word.")],
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|DB",
            help="The hand: a .jsonl or .jsonl.gz file of labelled strokes, or a store of drawings. Default: "
            "the app's.",
        ),
    ] = None,
    writer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this writer's drawings.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write: a .svg, .png or .jsonl file."
        ),
    ] = None,
    weights: Annotated[str | None, WEIGHTS] = None,
    seed: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=MOST_SEED, help="Another number, another piece of writing."
        ),
    ] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE_HELP)] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the result as one JSON object.")
    ] = False,
) -> None:
    """Write a text in a person's hand, from their kept drawings.

    Every character is new: blended from two kept ones where they go together, bent a little, and made again
    until the network reads it with more than 99 %. Digits and letters that are not kept come from a neutral
    hand, with a note; other characters have to be kept.
    """
    from trainer.handwriting.files import SUFFIXES, content_of
    from trainer.handwriting.results import WrittenText
    from trainer.handwriting.writing import check_text
    from trainer.handwriting.writing import write as written

    path = (
        None
        if output is None
        else output_file(output, "--output", SUFFIXES, overwrite=overwrite, what="a written text")
    )
    hand = _hand(memory, writer, text)
    check_text(text, hand)
    from trainer.handwriting.checking import reads_with
    from trainer.models.recognizer import Recognizer

    reads = reads_with(Recognizer(weights_file(weights), device="cpu"))
    result = [one for one in written(text, hand, reads, seed=seed) if isinstance(one, WrittenText)]
    (found,) = result
    if found.missing:
        print_note(f"not kept, from a neutral hand: {shown(' '.join(found.missing))}")
    if path is not None:
        content = content_of(found.drawing, path.suffix.lower(), text=text)
        write_output(path, content, overwrite=overwrite)
    _print(found, json=json)


def _hand(memory: str | None, writer: str | None, text: str) -> Hand:
    from trainer.base.paths import drawings_file
    from trainer.cli.writer_lines import writer_lines
    from trainer.handwriting.hands import hand_in_store, hand_of
    from trainer.handwriting.writing import labels_of

    path = drawings_file() if memory is None else given_path(memory, "--memory")
    if memory is None or is_store(path):
        if writer is not None:
            if not path.exists():
                raise InputError(
                    "write.no-store",
                    "there are no drawings yet, so none by {writer!r}: leave --writer out for a neutral hand",
                    writer=writer,
                )
            from trainer.drawings import open_store

            with open_store(path, read_only=True) as store:
                writer = store.writer(writer).name  # or an error that lists the names
        return hand_in_store(path, writer or "", labels_of(text))
    return hand_of((line.drawing, line.label) for line in writer_lines(path, writer))


def _print(found: WrittenText, *, json: bool) -> None:
    if json:
        print_json(
            {
                "text": found.text,
                "missing": list(found.missing),
                "characters": [
                    {
                        "label": one.label,
                        "probability": None
                        if one.probability is None
                        else round(one.probability, 6),
                        "origin": one.origin,
                        "tried": one.tried,
                    }
                    for one in found.characters
                ],
            }
        )
        return
    for one in found.characters:
        read = "not checked: the network does not read it"
        if one.probability is not None:
            read = f"read with {percent(one.probability)}"
        print(f"{shown(one.label)}\t{read}\t{one.origin} hand")

"""handwrite-trainer explain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.base.errors import InputError
from trainer.cli.files import given_path, is_store
from trainer.cli.memory import MEMORY, WRITER
from trainer.cli.output import percent, print_json, shown
from trainer.cli.weights import WEIGHTS, weights_file

if TYPE_CHECKING:
    from trainer.explanation.kept import Kept
    from trainer.explanation.results import Explained
    from trainer.picture.strokes import Drawing


def explain(
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A .jsonl file of strokes, whose first drawing is meant."
        ),
    ],
    weights: Annotated[str | None, WEIGHTS] = None,
    memory: Annotated[str | None, MEMORY] = None,
    writer: Annotated[str | None, WRITER] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say why a drawing is read as it is: the smallest changes that give another answer, and what each stroke
    counts for."""
    drawing = _first(path)
    kept = _kept(memory, writer)
    from trainer.execution.fusing import fused
    from trainer.explanation.examples import reference
    from trainer.explanation.reader import Reader
    from trainer.explanation.why import explain as explained
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import load_weights

    file = weights_file(weights)
    reader = Reader(Recognizer(file, device="cpu"), kept.memory)
    network = fused(load_weights(file)[0])
    document = _document(
        event
        for event in explained(reader, network, drawing, kept=kept, others=reference())
        if event is not None
    )
    if json:
        print_json(document)
    else:
        _print(document)


def _first(path: str) -> Drawing:
    from trainer.picture.strokes_files import is_strokes_file, read_strokes_file

    file = given_path(path, "FILE")
    if not is_strokes_file(file):
        raise InputError(
            "cli.explain-wants-strokes",
            "{path}: a .jsonl file of strokes is wanted here",
            path=file,
        )
    for line in read_strokes_file(file):
        if line.error is not None:
            raise line.error
        if line.drawing is not None:
            return line.drawing
    raise InputError("cli.explain-nothing", "{path} holds no drawing", path=file)


def _kept(memory: str | None, writer: str | None) -> Kept:
    from trainer.cli.memory import check_memory, memory_file
    from trainer.cli.writer_lines import writer_lines
    from trainer.explanation.kept import Kept, kept_in_store, kept_of

    if (path := memory_file(memory, writer)) is None:
        return Kept()
    if is_store(path):
        from trainer.drawings import open_store

        with open_store(path, read_only=True) as store:
            name = "" if writer is None else store.writer(writer).name
        kept = kept_in_store(path, name)
        check_memory(path, kept.memory)
        return kept
    lines = writer_lines(path, writer)
    kept = kept_of([(line.drawing, line.label) for line in lines], [line.number for line in lines])
    check_memory(path, kept.memory)
    return kept


def _document(events: Iterable[Explained]) -> dict[str, Any]:
    from trainer.explanation.results import Answered, Edits, EvidenceMaps, Examples, WithoutParts

    found: dict[str, Any] = {"label": None}
    for event in events:
        if isinstance(event, Answered):
            order = sorted(zip(event.probabilities, event.labels, strict=True), reverse=True)
            found |= {
                "label": None if event.refused else event.label,
                "guess": event.label,
                "probability": round(order[0][0], 6),
                "runner_up": event.runner_up,
            }
        elif isinstance(event, Examples):
            found["examples"] = [
                {"label": one.label, "origin": one.origin, "drawing": one.drawing}
                for one in (*event.answer, *event.runner_up)
            ]
        elif isinstance(event, Edits):
            found["edits"] = [
                {
                    "kind": edit.kind,
                    "length": round(edit.length, 4),
                    "label": edit.label,
                    "probability": round(edit.probability, 6),
                    "removed": _strokes(edit.removed),
                    "added": _strokes(edit.added),
                }
                for edit in event.edits
            ]
            found["tried"] = event.tried
        elif isinstance(event, WithoutParts):
            found["parts"] = [
                {"probability": round(part.probability, 6), "label": part.label or None}
                for part in event.parts
            ]
            found["parts_are"] = "strokes" if event.whole_strokes else "pieces of the stroke"
        elif isinstance(event, EvidenceMaps):
            found["maps"] = {
                "occlusion_like_random": round(event.occlusion_alike, 4),
                "grad_cam_like_random": round(event.grad_cam_alike, 4),
            }
    return found


def _strokes(drawing: Drawing) -> Any:
    from trainer.picture.strokes import drawing_to_json

    return drawing_to_json(drawing)["strokes"]


def _print(document: dict[str, Any]) -> None:
    if "guess" not in document:
        print("nothing drawn")
        return
    said = "" if document["label"] is not None else " (rejected)"
    print(f"{shown(document['guess'])}\t{percent(document['probability'])}{said}")
    for edit in document.get("edits", ()):
        print(
            f"{edit['kind']} ({percent(edit['length'])} of the ink)\t"
            f"{shown(edit['label'])}\t{percent(edit['probability'])}"
        )
    if not document.get("edits"):
        print(f"none of {document.get('tried', 0)} small changes gives another answer")
    what = "stroke" if document.get("parts_are") == "strokes" else "piece"
    for number, part in enumerate(document.get("parts", ()), 1):
        print(f"without {what} {number}\t{percent(part['probability'])}")

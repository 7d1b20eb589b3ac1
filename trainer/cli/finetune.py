"""handwrite-trainer finetune: personalize a network to one writer, and keep it only if that helps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from trainer.base.errors import InputError
from trainer.base.paths import data_folder, expanded
from trainer.cli.output import error_console, print_json

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore
    from trainer.personalize.drawing_selection import DrawingSelection
    from trainer.personalize.events import PersonalizationFinished, WriterMetrics


_SQLITE = b"SQLite format 3\0"


def finetune(
    drawings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DB",
            help="A .jsonl or .jsonl.gz file of strokes with labels, or a store of drawings. Default: your "
            "own, which the app keeps.",
        ),
    ] = None,
    writer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this writer's drawings."),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="The network to start from. Default: the active one, or the one it was personalized from.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What the new network is called. Default: after its writer."
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Folder with MNIST, which keeps the network from forgetting."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Fine-tune a network to one writer, and keep it if it passes the gate.

    It passes if it reads more of the writer's drawings correctly than before, or as many with a loss at
    least 10 % lower, each drawing read by a network that was trained without it; if of the reference images
    of other writers at most 0.1 % more are misread (one image may always be); and, for a network that
    rejects, if it rejects at most 3 % fewer of the drawings that are not digits.

    With --json: {"kept", "verdict", "reason", "weights" (null where it was not kept), "before" and "after":
    {"count", "right", "loss"} of the person's drawings, each read by a network that has not seen it,
    "reference_before", "reference_after", "reference_count", "reference_source", "fixed", "broken"}; the last
    two are lists of drawings, by their ids in the store (as `drawings list` has them) or by their lines in
    the file, the first being 1.
    """
    from trainer.models.active_model import active_model
    from trainer.models.lineage import base_of
    from trainer.models.weights import (
        checked_network_name,
        find_weights,
        keep_weights,
        name_for_writer,
        network_name,
        read_card,
    )

    # From a network that is personalized to no writer: what it has learned of another would be in the way.
    parent = find_weights(weights) if weights else base_of(active_model() or find_weights())
    selection, whose = _selection(drawings, writer, read_card(parent).outputs)
    title = checked_network_name(name) if name else name_for_writer(network_name(parent), whose)
    _tell_left_out(selection)
    selection.check()  # before torch is imported

    from trainer.base.temp_folders import Scratch
    from trainer.personalize.events import PersonalizationFinished, PersonalizationProgress
    from trainer.personalize.gate import reason
    from trainer.personalize.personalize import personalize

    finished: PersonalizationFinished | None = None
    with Scratch() as scratch:
        target = scratch.path / "personalized.safetensors"
        with Progress(console=error_console(), transient=True, disable=json) as bar:
            task = bar.add_task(f"learning from {len(selection.drawings):,} drawings", total=1.0)
            for event in personalize(
                parent, selection, target, data_folder=data_folder(data), title=title, writer=whose
            ):
                if isinstance(event, PersonalizationFinished):
                    finished = event
                elif isinstance(event, PersonalizationProgress):
                    bar.update(task, completed=event.fraction)
        assert finished is not None
        kept = keep_weights(target, title) if finished.passed else None
    why = str(reason(finished))
    if json:
        print_json(_as_json(finished, kept, why))
        return
    before, after, reference = finished.before, finished.after, finished.reference
    print(why)
    print(
        f"This writer: {before.correct} of {before.count} read correctly before, {after.correct} after, "
        "each by a network that was trained without it. Other writers: "
        f"{reference.accuracy_before:.2%} before, {reference.accuracy_after:.2%} after "
        f"({reference.count:,} images, {_source(finished)})."
    )
    for title, changed in (("Now right", finished.fixed), ("Now wrong", finished.broken)):
        if changed:
            print(f"{title}: drawings {', '.join(str(one.drawing) for one in changed)}.")
    print(f"Kept: {kept}" if kept else f"Not kept: {network_name(parent)} stays as it is.")


def _selection(
    file: Path | None, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, str]:
    """The drawings, with their ids in the store or their lines in the file, and their writer's name.

    Raises InputError where there are none, or where they are several writers'.
    """
    from trainer.drawings import open_store

    if file is not None:
        path = expanded(file)
        if not _is_store(path):
            return _of_file(path, writer, outputs)
        with open_store(path, read_only=True) as store:
            return _of_store(store, writer, outputs)
    with open_store() as store:
        for note in store.notes:
            error_console().print(str(note), soft_wrap=True)
        return _of_store(store, writer, outputs)


def _tell_left_out(selection: DrawingSelection) -> None:
    if selection.left_out:
        error_console().print(
            f"{sum(selection.left_out.values()):,} drawings are left out: the network has no output for "
            f"{', '.join(map(repr, sorted(selection.left_out)))}",
            soft_wrap=True,
        )


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False  # told by whoever reads it


def _of_store(
    store: DrawingStore, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, str]:
    from trainer.drawings import Filter
    from trainer.personalize.drawing_selection import selection_of_entries

    wanted = Filter() if writer is None else Filter(writer=store.writer(writer).id)
    entries = list(store.entries(wanted))
    whose = _single_writer({entry.writer.name for entry in entries})
    return selection_of_entries(store, entries, outputs), whose


def _of_file(
    path: Path, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, str]:
    from trainer.drawings.exchange import labelled_lines
    from trainer.personalize.drawing_selection import selection_of

    lines, problems = labelled_lines(path)
    if problems:
        number, what = problems[0]
        error_console().print(
            f"{len(problems):,} lines cannot be used, the first of them line {number}: {what}",
            soft_wrap=True,
        )
    found = [line for line in lines if writer in (None, line.writer)]
    if writer is not None and not found:
        raise InputError(f"{path} has no drawings of a writer {writer!r}")
    whose = _single_writer({line.writer for line in found})
    labelled = [(line.drawing, line.label) for line in found]
    return selection_of(labelled, outputs, [line.number for line in found]), whose


def _single_writer(names: set[str]) -> str:
    """The only name; "" where none is named. Raises InputError for several."""
    if len(names) > 1:
        known = ", ".join(repr(name) for name in sorted(names) if name)
        raise InputError(
            f"these are drawings of several writers ({known}): name one of them with --writer"
        )
    return names.pop() if names else ""


def _source(finished: PersonalizationFinished) -> str:
    return "drawn by the program" if finished.synthetic else "MNIST"


def _as_json(finished: PersonalizationFinished, kept: Path | None, why: str) -> dict[str, Any]:
    def metrics(of: WriterMetrics) -> dict[str, Any]:
        return {"count": of.count, "right": of.correct, "loss": of.loss}

    return {
        "kept": finished.passed,
        "verdict": finished.verdict,
        "reason": why,
        "weights": None if kept is None else str(kept),
        "before": metrics(finished.before),
        "after": metrics(finished.after),
        "reference_before": finished.reference.accuracy_before,
        "reference_after": finished.reference.accuracy_after,
        "reference_count": finished.reference.count,
        "reference_source": _source(finished),
        "fixed": [one.drawing for one in finished.fixed],
        "broken": [one.drawing for one in finished.broken],
    }

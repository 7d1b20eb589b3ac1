"""handwrite-trainer finetune: a network learns one person's hand, and is kept only if that helped."""

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
    from trainer.personalize.personalize import FineTuneResult


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
            help="The network that is taught. Default: the one in use, or what that was taught from.",
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
    """Teach a network a person's hand. It is kept only if it reads that hand better, and others' no worse.

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
        read_card,
    )

    # A hand is taught to a network that has none: what another person's left in it would be in the way.
    parent = find_weights(weights) if weights else base_of(active_model() or find_weights())
    material, numbers, whose = _material(drawings, writer, read_card(parent).outputs)
    title = checked_network_name(name) if name else name_for_writer(parent.stem, whose)
    _tell_left_out(material)
    material.check()  # before torch is imported

    from trainer.base.temp_folders import Scratch
    from trainer.personalize.personalize import FineTuneResult, personalize

    taught: FineTuneResult | None = None
    with Scratch() as scratch:
        target = scratch.path / "taught.safetensors"
        with Progress(console=error_console(), transient=True, disable=json) as bar:
            task = bar.add_task(f"teaching {len(material.found):,} drawings", total=1.0)
            for event in personalize(
                parent, material, target, data_folder=data_folder(data), title=title, writer=whose
            ):
                if isinstance(event, FineTuneResult):
                    taught = event
                else:
                    bar.update(task, completed=event.share)
        assert taught is not None
        kept = keep_weights(target, title) if taught.kept else None
    if json:
        print_json(_as_json(taught, kept, numbers))
        return
    print(taught.reason)
    print(
        f"This hand: {taught.before.right} of {taught.before.count} read rightly before, "
        f"{taught.after.right} after, each without having seen it. Others': "
        f"{taught.reference_before:.2%} before, {taught.reference_after:.2%} after "
        f"({taught.reference_count:,} pictures, {taught.reference_source})."
    )
    print(f"Kept: {kept}" if kept else f"Not kept: {parent.stem} stays as it is.")


def _material(
    file: Path | None, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, Sequence[int], str]:
    """The drawings, the number of each by its place, and whose they are.

    Raises InputError where there are none, or where several people's would be taken for one hand.
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
            error_console().print(note, soft_wrap=True)
        return _of_store(store, writer, outputs)


def _tell_left_out(material: DrawingSelection) -> None:
    if material.left_out:
        error_console().print(
            f"{sum(material.left_out.values()):,} drawings are left out: the network has no output for "
            f"{', '.join(map(repr, sorted(material.left_out)))}",
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
) -> tuple[DrawingSelection, Sequence[int], str]:
    from trainer.drawings import Filter
    from trainer.personalize.drawing_selection import selection_of_entries

    wanted = Filter() if writer is None else Filter(writer=store.writer(writer).id)
    entries = list(store.entries(wanted))
    whose = _one_hand({entry.writer.name for entry in entries})
    return selection_of_entries(store, entries, outputs), [entry.id for entry in entries], whose


def _of_file(
    path: Path, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, Sequence[int], str]:
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
    whose = _one_hand({line.writer for line in found})
    material = selection_of([(line.drawing, line.label) for line in found], outputs)
    return material, [line.number for line in found], whose


def _one_hand(names: set[str]) -> str:
    """The only name; "" where none is named. Raises InputError for several."""
    if len(names) > 1:
        known = ", ".join(repr(name) for name in sorted(names) if name)
        raise InputError(
            f"these are several people's drawings ({known}): name the one whose hand is to be learned with "
            "--writer"
        )
    return names.pop() if names else ""


def _as_json(taught: FineTuneResult, kept: Path | None, numbers: Sequence[int]) -> dict[str, Any]:
    def hand(figures: Any) -> dict[str, Any]:
        return {"count": figures.count, "right": figures.right, "loss": figures.loss}

    return {
        "kept": taught.kept,
        "verdict": taught.verdict,
        "reason": taught.reason,
        "weights": None if kept is None else str(kept),
        "before": hand(taught.before),
        "after": hand(taught.after),
        "reference_before": taught.reference_before,
        "reference_after": taught.reference_after,
        "reference_count": taught.reference_count,
        "reference_source": taught.reference_source,
        "fixed": [numbers[place] for place in taught.fixed],
        "broken": [numbers[place] for place in taught.broken],
    }

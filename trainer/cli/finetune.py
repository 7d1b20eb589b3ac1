"""handwrite-trainer finetune: a network learns one person's hand, and is kept only if that helped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from trainer.cli.output import error_console, print_json
from trainer.errors import InputError
from trainer.paths import data_folder, expanded
from trainer.scratch import Scratch

if TYPE_CHECKING:
    from trainer.strokes import Drawing
    from trainer.teaching import Taught


def finetune(
    drawings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A .jsonl or .jsonl.gz file of strokes with labels. Default: your own drawings, which the "
            "app keeps.",
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

    With --json: {"kept", "reason", "weights" (null where it was not kept), "before" and "after": {"count",
    "right", "loss"} of the person's drawings, each read by a network that has not seen it,
    "reference_before", "reference_after", "reference_count", "fixed", "broken"}.
    """
    from trainer.in_use import in_use
    from trainer.lineage import base_of
    from trainer.weights import find_weights, keep_weights

    # A hand is taught to a network that has none: what another person's left in it would be in the way.
    parent = find_weights(weights) if weights else base_of(in_use() or find_weights())
    found, whose = _drawings(drawings, writer)

    from trainer.teaching import Taught, teach

    title = name or f"{parent.stem} {whose}".strip()
    taught: Taught | None = None
    with Scratch() as scratch:
        target = scratch.path / "taught.safetensors"
        with Progress(console=error_console(), transient=True, disable=json) as bar:
            task = bar.add_task(f"teaching {len(found):,} drawings", total=1.0)
            for event in teach(
                parent, found, target, data_folder=data_folder(data), title=title, writer=whose
            ):
                if isinstance(event, Taught):
                    taught = event
                else:
                    bar.update(task, completed=event.share)
        assert taught is not None
        kept = keep_weights(target, title) if taught.kept else None
    if json:
        print_json(_as_json(taught, kept))
        return
    print(taught.reason)
    print(
        f"This hand: {taught.before.right} of {taught.before.count} read rightly before, "
        f"{taught.after.right} after, each without having seen it. Others': "
        f"{taught.reference_before:.2%} before, {taught.reference_after:.2%} after "
        f"({taught.reference_count:,} pictures)."
    )
    print(f"Kept: {kept}" if kept else f"Not kept: {parent.stem} stays as it is.")


def _drawings(file: Path | None, writer: str | None) -> tuple[list[tuple[Drawing, str]], str]:
    """The drawings with their labels, and whose they are. Raises InputError where there are none."""
    from trainer.drawings import Filter, open_store

    if file is not None:
        return _of_file(expanded(file), writer), writer or ""
    with open_store() as store:
        for note in store.notes:
            error_console().print(note, soft_wrap=True)
        wanted = Filter() if writer is None else Filter(writer=store.writer(writer).id)
        found = [(store.drawing(entry.id), entry.label) for entry in store.entries(wanted)]
        names = {entry.writer.name for entry in store.entries(wanted)}
    return found, names.pop() if len(names) == 1 else ""


def _of_file(path: Path, writer: str | None) -> list[tuple[Drawing, str]]:
    from trainer.drawings.exchange import labelled_lines

    found = [
        (drawing, label)
        for drawing, label, whose in labelled_lines(path)
        if writer in (None, whose)
    ]
    if writer is not None and not found:
        raise InputError(f"{path} has no drawings of a writer {writer!r}")
    return found


def _as_json(taught: Taught, kept: Path | None) -> dict[str, Any]:
    def hand(figures: Any) -> dict[str, Any]:
        return {"count": figures.count, "right": figures.right, "loss": figures.loss}

    return {
        "kept": taught.kept,
        "reason": taught.reason,
        "weights": None if kept is None else str(kept),
        "before": hand(taught.before),
        "after": hand(taught.after),
        "reference_before": taught.reference_before,
        "reference_after": taught.reference_after,
        "reference_count": taught.reference_count,
        "fixed": list(taught.fixed),
        "broken": list(taught.broken),
    }

"""handwrite-trainer finetune: personalize a network to one writer, and keep it only if that helps."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from trainer.base.errors import InputError
from trainer.base.paths import data_folder
from trainer.cli.files import given_path, is_store
from trainer.cli.output import counted, error_console, percent, print_json, print_note, shown
from trainer.cli.weights import WEIGHTS_METAVAR, weights_file
from trainer.cli.writer_lines import writer_lines

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore
    from trainer.models.weights_card import WeightsCard
    from trainer.personalize.drawing_selection import DrawingSelection
    from trainer.personalize.events import PersonalizationFinished, WriterMetrics


def finetune(
    drawings: Annotated[
        str | None,
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
            metavar=WEIGHTS_METAVAR,
            help="The network to start from. Default: the active one, or the one it was personalized from.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of the new network. Default: after its writer."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder with MNIST, whose images keep the network from forgetting other writers.",
        ),
    ] = None,
    memory: Annotated[
        bool,
        typer.Option(
            "--memory",
            help="Compare both networks with the memory of the other drawings beside them, as the app reads.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fine-tune a network to one writer, and keep it if it passes the gate.

    It passes if it reads more of the writer's drawings correctly than before, or as many with a loss at
    least 10 % lower, each drawing read by a network that was trained without it; if of the reference images
    of other writers at most 0.1 % more are misread (one image may always be); and, for a network that
    rejects, if it rejects at most 3 % fewer of the drawings that are not digits.

    The JSON object is described in docs/formats.md.
    """
    from trainer.models.active_model import active_model, missing_model
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
    rehearsal_folder = _folder(data)
    file = None if drawings is None else given_path(drawings, "--drawings")
    if weights is None:
        parent = base_of(active_model() or find_weights())
        if (missing := missing_model()) is not None:
            error_console().print(
                f"The active network {missing} is missing: {network_name(parent)} is used instead",
                soft_wrap=True,
            )
    else:
        parent = weights_file(weights)
    card = read_card(parent)
    selection, whose = _selection(file, writer, card.outputs)
    title = checked_network_name(name) if name else name_for_writer(network_name(parent), whose)
    _tell_left_out(selection)
    _tell_known(card, network_name(parent), file, whose)
    selection.check()  # before torch is imported

    from trainer.base.temp_folders import Scratch
    from trainer.personalize.events import PersonalizationFinished, PersonalizationProgress
    from trainer.personalize.gate import reason
    from trainer.personalize.personalize import personalize

    finished: PersonalizationFinished | None = None
    with Scratch() as scratch:
        target = scratch.path / "personalized.safetensors"
        with Progress(
            console=error_console(), transient=True, disable=json or not sys.stderr.isatty()
        ) as bar:
            task = bar.add_task(f"learning from {len(selection.drawings):,} drawings", total=1.0)
            for event in personalize(
                parent,
                selection,
                target,
                data_folder=rehearsal_folder,
                title=title,
                writer=whose,
                with_memory=memory,
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
        f"each by a network that was trained without it{_beside(finished)}. Other writers: "
        f"{percent(reference.accuracy_before)} before, {percent(reference.accuracy_after)} after "
        f"({counted(reference.count, 'image')}, {_source(finished)})."
    )
    for heading, changed in (("Now right", finished.fixed), ("Now wrong", finished.broken)):
        if changed:
            print(f"{heading}: drawings {', '.join(str(one.drawing) for one in changed)}.")
    if kept is None:
        print(f"Not kept: {shown(network_name(parent))} stays as it is.")
        return
    print(f"Kept: {shown(str(kept))}")
    if name and kept.stem != name:
        print(f"There was a network {shown(name)} already: this one is {shown(kept.stem)}.")


def _selection(
    file: Path | None, writer: str | None, outputs: Sequence[str]
) -> tuple[DrawingSelection, str]:
    """The drawings, with their ids in the store or their lines in the file, and their writer's name.

    Raises InputError where there are none, or where they are several writers'.
    """
    from trainer.drawings import open_store

    if (path := file) is not None:
        if path.is_dir():
            raise InputError(
                "finetune.folder",
                "{path} is a folder: fine-tuning takes strokes, a .jsonl file or a store of drawings. Images "
                "are for `train --start NAME --data {path}`",
                path=path,
            )
        if not is_store(path):
            return _of_file(path, writer, outputs)
        with open_store(path, read_only=True) as store:
            return _of_store(store, writer, outputs)
    with open_store() as store:
        for note in store.notes:
            print_note(note)
        return _of_store(store, writer, outputs)


def _folder(data: str | None) -> Path:
    """The data folder. Raises InputError for one that does not exist."""
    if data is not None and not given_path(data, "--data").is_dir():
        raise InputError(
            "finetune.no-folder",
            "--data {path}: there is no such folder; name one with MNIST in it, or leave --data out",
            path=data,
        )
    return data_folder(data)


def _tell_left_out(selection: DrawingSelection) -> None:
    if selection.left_out:
        labels = ", ".join(repr(shown(label)) for label in sorted(selection.left_out))
        count = sum(selection.left_out.values())
        print_note(f"{counted(count, 'drawing')} left out: the network has no output for {labels}")


def _tell_known(card: WeightsCard, name: str, file: Path | None, whose: str) -> None:
    """Says where the network before has learned from these drawings, or from this writer, itself."""
    from trainer.models.data_sources import WRITER

    for source in card.sources:
        if source.kind == WRITER and source.name and source.name == whose:
            what = f"drawings by {shown(whose)}"
        elif file is not None and source.name == file.name:
            what = f"a file named {shown(file.name)}"
        else:
            continue
        print_note(
            f"{shown(name)} has learned from {what} itself: how it reads these drawings before says little "
            "about new ones"
        )
        return


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
    from trainer.personalize.drawing_selection import selection_of

    found = writer_lines(path, writer)
    whose = _single_writer({line.writer for line in found})
    labelled = [(line.drawing, line.label) for line in found]
    return selection_of(labelled, outputs, [line.number for line in found]), whose


def _single_writer(names: set[str]) -> str:
    """The only name; "" where none is named. Raises InputError for several."""
    if len(names) > 1:
        known = ", ".join(repr(name) for name in sorted(names) if name)
        raise InputError(
            "finetune.several-writers",
            "these are drawings of several writers ({names}): name one of them with --writer",
            names=known,
        )
    return names.pop() if names else ""


def _beside(finished: PersonalizationFinished) -> str:
    return " and with the memory of the others" if finished.with_memory else ""


def _source(finished: PersonalizationFinished) -> str:
    return "drawn by the program" if finished.synthetic else "MNIST"


def _as_json(finished: PersonalizationFinished, kept: Path | None, why: str) -> dict[str, Any]:
    def metrics(of: WriterMetrics) -> dict[str, Any]:
        return {"count": of.count, "right": of.correct, "loss": of.loss}

    return {
        "kept": finished.passed,
        "verdict": finished.verdict,
        "with_memory": finished.with_memory,
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

"""handwrite-trainer export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.base.errors import InputError
from trainer.base.paths import expanded
from trainer.cli.files import OVERWRITE_HELP, given_path, output_file
from trainer.cli.output import counted, error_console, print_json, shown
from trainer.cli.weights import WEIGHTS_METAVAR, network_names, weights_file

if TYPE_CHECKING:
    from trainer.models.export import ExportFormat


def export(
    weights: Annotated[
        str | None,
        typer.Argument(
            metavar=WEIGHTS_METAVAR,
            help="The network: a name from `models`, a .safetensors file, or a run (or `last`). Default: the "
            "best that ships.",
            autocompletion=network_names,
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="onnx|torch",
            help="onnx: for onnxruntime and other programs that read ONNX. torch: a torch.export program. "
            "Default: by the suffix of --output, else onnx.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="File to write, which ends in .onnx or .pt2. Default: the network's name, in the current "
            "folder.",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE_HELP)] = False,
    drawings: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|FOLDER",
            help="Drawings to check the export on, at least 100: a strokes file or a folder of images. "
            "Default: drawings that the program makes.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a network as ONNX or as a torch.export program, for use without this program.

    Its input is uint8 images, its output probabilities: normalisation, temperature, labels and the card are
    in the file. It is written only if it answers every drawing as this program does (docs/export.md).
    """
    from trainer.models.export import find_format
    from trainer.models.weights import read_card

    # Wrong input is told before torch loads.
    given = given_path(output, "--output") if output is not None else None
    chosen = find_format(form or _format_of(given))
    source = weights_file(weights, "NAME")
    read_card(source)
    target = _target(output, source, chosen, overwrite=overwrite)
    checked_on = None if drawings is None else given_path(drawings, "--drawings")

    from trainer.models.export import export_weights, read_pictures, sample_pictures

    with error_console().status(f"exporting {source.stem}"):  # nothing unless it is a terminal
        pictures = sample_pictures() if checked_on is None else read_pictures(checked_on)
        done = export_weights(source, target, form=chosen, pictures=pictures)
    parity = done.parity
    if json:
        print_json(
            {
                "weights": str(source),
                "format": chosen.name,
                "file": str(done.path),
                "bytes": done.bytes,
                "labels": list(done.labels),
                "drawings": parity.drawings,
                "largest_probability_difference": parity.probability,
                "largest_logit_difference": parity.logit,
                "seconds": round(done.seconds, 3),
                "check_seconds": round(done.check_seconds, 3),
            }
        )
    else:
        print(
            f"{shown(str(done.path))}: {done.bytes / 1e6:.2f} MB, made in {done.seconds:.1f} s\n"
            f"answers {counted(parity.drawings, 'drawing')} as this program does, one, seven and many at "
            "a time: "
            f"probabilities within {parity.probability:.0e} (checked in {done.check_seconds:.1f} s)"
        )


def _format_of(output: Path | None) -> str:
    """The format that the suffix of the output means; the first where it means none."""
    from trainer.models.export import FORMATS

    suffix = "" if output is None else output.suffix.lower()
    return next((name for name, form in FORMATS.items() if form.suffix == suffix), "onnx")


def _target(output: str | None, source: Path, chosen: ExportFormat, *, overwrite: bool) -> Path:
    name = Path(f"{source.stem}{chosen.suffix}") if output is None else output
    if output and (path := expanded(output)).exists() and path.samefile(source):
        raise InputError(
            "cli.output-is-input",
            "--output {path}: these are the weights themselves; name another file",
            path=path,
        )
    what = f"a file of --format {chosen.name}"
    return output_file(name, "--output", (chosen.suffix,), overwrite=overwrite, what=what)

"""Networks for other programs, put in their place only when they answer as this program does."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import ConfigError, InputError, RunError
from trainer.base.files import atomic_write
from trainer.base.installation import how_to_install
from trainer.base.messages import Message
from trainer.picture.input_files import read_items
from trainer.picture.preprocess import picture_from_drawing
from trainer.synthetic.synthetic_digits import synthetic_digits

if TYPE_CHECKING:
    from torch import nn

    from trainer.models.export_formats import ExportedNetwork
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights_card import WeightsCard

#: An export is held against this program on at least so many drawings.
FEWEST_DRAWINGS = 100

#: Largest difference of a probability, and of a logit as a share of the largest logit.
#:
#: Both sides compute in float32 and add in another order. Over every network of the table, freshly made
#: or trained, the largest were 3e-6 of the largest logit (`vgg16`) and 4e-6 of a probability; twenty
#: times that leaves room for other processors. A weight of the first layer that is off by a hundredth is
#: further away. 1e-4 is the last place of a probability that this program prints.
LOGIT_TOLERANCE = 5e-5
PROBABILITY_TOLERANCE = 1e-4

_SAMPLES = 120
_BATCHES = (1, 7)  # … and all of them
_LARGEST_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """A kind of file: how it is made of a network, and opened again to see what it answers.

    modules: what it wants beyond what the trainer itself needs; the extra `export` has it.
    """

    name: str
    suffix: str
    summary: str
    modules: tuple[str, ...]
    make: Callable[[nn.Module, WeightsCard], bytes]
    open: Callable[[bytes], ExportedNetwork]


@dataclass(frozen=True, kw_only=True)
class Parity:
    """How many drawings an export was compared on, and the largest differences from this program.

    probability: absolute. logit: relative to the largest logit.
    """

    drawings: int
    probability: float
    logit: float


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file that was written and answers as this program does; seconds to make and to check it."""

    path: Path
    bytes: int
    labels: tuple[str, ...]
    parity: Parity
    seconds: float
    check_seconds: float


def find_format(name: str) -> ExportFormat:
    """The format of that name. Raises ConfigError listing the choices, or saying what is not installed."""
    if name not in FORMATS:
        raise ConfigError(
            "export.unknown-format",
            "--format {name}: not one of {names}",
            name=name,
            names=", ".join(FORMATS),
        )
    form = FORMATS[name]
    absent = [module for module in form.modules if importlib.util.find_spec(module) is None]
    if absent:
        names = ", ".join(absent[:-1]) + f" and {absent[-1]}" if absent[1:] else absent[0]
        raise ConfigError(
            "export.not-installed",
            "{format} export needs {names}. {how}",
            format=name.upper() if name == "onnx" else name,
            names=names,
            how=how_to_install(*absent),
        )
    return form


def sample_pictures() -> NDArray[np.uint8]:
    """Pictures of drawings that the program makes itself, uint8 (N, 28, 28), N ≥ FEWEST_DRAWINGS."""
    pictures = (picture_from_drawing(drawing) for _, drawing in synthetic_digits(_SAMPLES))
    return np.stack([picture for picture in pictures if picture is not None])


def read_pictures(path: Path) -> NDArray[np.uint8]:
    """Pictures of the drawings in a strokes file, an image or a folder, uint8 (N, 28, 28).

    What cannot be read, and where nothing is drawn, is left out. Raises InputError where the path does
    not exist or where fewer than FEWEST_DRAWINGS are left.
    """
    pictures = [item.picture for item in read_items([path]) if item.picture is not None]
    if len(pictures) < FEWEST_DRAWINGS:
        raise InputError(
            "export.few-drawings",
            "of {path} only {count} can be read; an export is checked on at least {least} drawings. Give "
            "more, or leave --drawings out: the program then makes its own.",
            path=path,
            count=len(pictures),
            least=FEWEST_DRAWINGS,
        )
    return np.stack(pictures)


def export_weights(
    weights: Path, target: Path, *, form: ExportFormat, pictures: NDArray[np.uint8]
) -> Export:
    """Writes the network of a weights file to `target` in the given form and returns what was checked.

    The file that was written is read again and held against this program on the pictures, uint8
    (N, 28, 28). Where any answer differs, RunError is raised and `target` is what it was. Raises
    WeightsError where the weights cannot be used, RunError where the file cannot be made or written.
    """
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import load_weights

    recognizer = Recognizer(weights, device="cpu")
    network, card = load_weights(weights)
    start = time.perf_counter()
    try:
        content = form.make(network, card)
    except Exception as error:  # of what kind is the exporter's business, and changes with it
        raise RunError(
            "export.failed",
            "{file} could not be exported to {format}: {reason}",
            file=weights.name,
            format=form.name,
            reason=_short(error),
        ) from error
    made = time.perf_counter()
    with atomic_write(target) as temporary:
        temporary.write_bytes(content)
        parity = check_parity(form, temporary.read_bytes(), recognizer, pictures)
    return Export(
        path=target,
        bytes=len(content),
        labels=card.labels,
        parity=parity,
        seconds=made - start,
        check_seconds=time.perf_counter() - made,
    )


def check_parity(
    form: ExportFormat, content: bytes, recognizer: Recognizer, pictures: NDArray[np.uint8]
) -> Parity:
    """Holds an exported file's content against this program; raises RunError where they differ.

    Every picture is asked alone, among seven and among all: labels must be the same, probabilities and
    logits within the tolerances above.
    """
    where = Message.of(
        "export.made-of",
        "the {format} file made of {file}",
        format=form.name,
        file=recognizer.path.name,
    )
    try:
        exported = form.open(content)
    except Exception as error:  # the runtimes have errors of their own
        raise RunError(
            "export.not-opened",
            "{file} cannot be opened: {reason}. {advice}",
            file=where,
            reason=_short(error),
            advice=_ADVICE,
        ) from error
    if exported.labels != recognizer.labels or exported.card != recognizer.card.to_json():
        raise RunError(
            "export.other-card",
            "{file} does not carry the labels and the card that it should. {advice}",
            file=where,
            advice=_ADVICE,
        )
    answers = recognizer.answers(pictures)
    wanted, wanted_logits = answers.probabilities, answers.logits
    scale = max(1.0, float(np.abs(wanted_logits).max()))
    probability = logit = 0.0
    for size in (*_BATCHES, min(len(pictures), _LARGEST_BATCH)):
        try:
            parts = [exported.answer(batch) for batch in _batches(pictures, size)]
            columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
            found, found_logits = columns[:2]
            differences = np.abs(found - wanted).max(1)
            if answers.is_digit is not None:
                differences = np.maximum(differences, np.abs(columns[2] - answers.is_digit))
            logit_differences = np.abs(found_logits - wanted_logits).max(1) / scale
        except Exception as error:
            raise RunError(
                "export.no-answer",
                "{file} does not answer {size} images at a time: {reason}. {advice}",
                file=where,
                size=size,
                reason=_short(error),
                advice=_ADVICE,
            ) from error
        same = (
            (found.argmax(1) == wanted.argmax(1))
            # Not "differences > …": no comparison holds for NaN.
            & (differences <= PROBABILITY_TOLERANCE)
            & (logit_differences <= LOGIT_TOLERANCE)
        )
        if not same.all():
            raise RunError(
                "export.differs",
                "{file} answers {differing} of {count} drawings otherwise than this program, {size} at a "
                "time: probabilities differ by up to {probability:.2g} (allowed: {most_probability:g}), "
                "logits by up to {logit:.2g} of the largest ({most_logit:g}). {advice}",
                file=where,
                differing=np.count_nonzero(~same),
                count=len(pictures),
                size=size,
                probability=float(differences.max()),
                most_probability=PROBABILITY_TOLERANCE,
                logit=float(logit_differences.max()),
                most_logit=LOGIT_TOLERANCE,
                advice=_ADVICE,
            )
        probability = max(probability, float(differences.max()))
        logit = max(logit, float(logit_differences.max()))
    return Parity(drawings=len(pictures), probability=probability, logit=logit)


_ADVICE = Message.of(
    "export.advice",
    "Nothing was written. Other versions of torch, onnxscript or onnxruntime may do better; the "
    "weights themselves are unharmed.",
)


def _batches(pictures: NDArray[np.uint8], size: int) -> Iterable[NDArray[np.uint8]]:
    return (pictures[start : start + size] for start in range(0, len(pictures), size))


def _short(error: Exception) -> str:
    """The first line of an error that may be a page."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:300]


def _make_onnx(network: nn.Module, card: WeightsCard) -> bytes:
    from trainer.models.export_formats import make_onnx

    return make_onnx(network, card)


def _open_onnx(content: bytes) -> ExportedNetwork:
    from trainer.models.export_formats import open_onnx

    return open_onnx(content)


def _make_program(network: nn.Module, card: WeightsCard) -> bytes:
    from trainer.models.export_formats import make_program

    return make_program(network, card)


def _open_program(content: bytes) -> ExportedNetwork:
    from trainer.models.export_formats import open_program

    return open_program(content)


_TABLE = (
    ExportFormat(
        name="onnx",
        suffix=".onnx",
        summary="for onnxruntime and whatever else reads ONNX",
        modules=("onnx", "onnxscript", "onnxruntime"),
        make=_make_onnx,
        open=_open_onnx,
    ),
    ExportFormat(
        name="torch",
        suffix=".pt2",
        summary="a torch.export program, for PyTorch without this program",
        modules=(),
        make=_make_program,
        open=_open_program,
    ),
)

FORMATS: dict[str, ExportFormat] = {form.name: form for form in _TABLE}

"""The end of a run: its result, the comparison with an earlier network, and the report."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor, nn

from trainer.base.errors import RunError
from trainer.base.events import Note, RunFinished
from trainer.base.messages import Message
from trainer.evaluation.answers_file import StoredAnswers, write_answers
from trainer.evaluation.report import make_report, write_report
from trainer.execution.execution import logits_of, metrics_of
from trainer.models.rejection import split
from trainer.models.weights import load_weights
from trainer.models.weights_card import WeightsCard
from trainer.runs.names import ANSWERS
from trainer.runs.run_folder import RunFolder
from trainer.training.validation import Validator

#: A network with its card, as load_weights gives it.
Loaded = tuple[nn.Module, WeightsCard]


def finish(
    validator: Validator,
    folder: RunFolder,
    *,
    reason: str,
    epochs: int,
    seconds: float,
    compare_with: Loaded | None,
) -> Iterator[Note | RunFinished]:
    """Logs and yields RunFinished, then writes the report.

    The report takes seconds for which nothing has to wait; a Note comes last where it could not be written.
    """
    best = validator.best
    assert best is not None
    if validator.is_chance(best.validation):
        yield _nothing_learned(best.validation.accuracy)
    # Without a comparison the result is known already: the best weights are read again for the report.
    new = None if compare_with is None else load_weights(folder.best)
    outputs = None if new is None else _outputs(new, validator)
    old_logits, old_every, old_temperature = None, None, 1.0
    compared, fixed, broken = None, 0, 0
    if compare_with is not None and outputs is not None:
        logits = split(outputs, len(validator.labels))[0][validator.labelled]
        old_every = split(_outputs(compare_with, validator), len(validator.labels))[0]
        old_logits, old_temperature = old_every[validator.labelled], compare_with[1].temperature
        correct = logits.argmax(1) == validator.targets
        old_correct = old_logits.argmax(1) == validator.targets
        compared = metrics_of(old_logits, validator.targets)
        fixed = int((correct & ~old_correct).sum())
        broken = int((old_correct & ~correct).sum())
    finished = RunFinished(
        reason=reason,
        run=str(folder.path),
        weights=str(folder.best),
        best_epoch=best.epoch,
        epochs=epochs,
        validation=best.validation,
        seconds=seconds,
        compared=compared,
        fixed=fixed,
        broken=broken,
    )
    folder.log(finished)
    folder.write_log()  # the report shows the curves
    yield finished
    new = new or load_weights(folder.best)
    outputs = _outputs(new, validator) if outputs is None else outputs
    every, is_digit = split(outputs, len(validator.labels))
    logits, temperature = every[validator.labelled], new[1].temperature
    try:
        report = make_report(
            logits,
            validator.targets,
            validator.images[validator.labelled],
            validator.labels,
            temperature=temperature,
            title=f"{validator.title}: {best.validation.count:,} validation pictures",
            before=old_logits,
            before_temperature=old_temperature,
        )
        write_answers(
            folder.path / ANSWERS,
            StoredAnswers(
                labels=tuple(validator.labels),
                pictures=validator.images.cpu().numpy().reshape(-1, 28, 28),
                targets=validator.every_target,
                logits=every.float().cpu().numpy(),
                temperature=temperature,
                is_digit=None if is_digit is None else is_digit.cpu().numpy(),
                threshold=new[1].threshold or 0.0,
                before=None if old_every is None else old_every.float().cpu().numpy(),
                before_temperature=old_temperature,
            ),
        )
        write_report(report, folder.path)
    except RunError as error:
        yield Note(
            message=Message.of(
                "training.report-not-written",
                "The report could not be written: {reason}",
                reason=error.message,
            )
        )


def _nothing_learned(accuracy: float) -> Note:
    return Note(
        message=Message.of(
            "training.nothing-learned",
            "The network has learned nothing: {accuracy:.2%} is what answering always the same gives. Try a "
            "smaller learning rate or more epochs.",
            accuracy=accuracy,
        )
    )


def _outputs(loaded: Loaded, validator: Validator) -> Tensor:
    """Outputs (N, …) for all validation images."""
    network, card = loaded
    return logits_of(
        validator.execution.place(network),
        validator.images,
        mean=card.mean,
        std=card.std,
        execution=validator.execution,
    )

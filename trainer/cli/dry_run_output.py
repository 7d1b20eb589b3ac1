"""What `train --dry-run` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cli.output import counted, print_json, print_note, result_console, shown

if TYPE_CHECKING:
    from trainer.training.planning.dry_run import DryRun

_LABELS = 40  # that are listed


def print_dry_run(plan: DryRun, *, as_json: bool) -> None:
    if as_json:
        print_json(plan.to_json())
        return
    for note in plan.notes:
        print_note(note)
    config = plan.config
    learning = (
        ""
        if plan.learning == plan.parameters
        else f", of which {plan.learning:,} in the last {counted(config.layers, 'layer')} are trained"
    )
    length = (
        f"{config.minutes:g} minutes, as many epochs as that allows"
        if plan.epochs is None or plan.steps is None
        else f"{counted(plan.epochs, 'epoch')}, {counted(plan.steps, 'step')}"
    )
    listed = list(plan.labels.items())
    labels = ", ".join(f"{shown(label)}: {count:,}" for label, count in listed[:_LABELS])
    lines = [
        f"network: {config.network}, {plan.parameters:,} parameters{learning}; on {plan.device}",
        f"data: {shown(config.dataset)}",
        f"{plan.training_images:,} pictures to learn from, {plan.validation_images:,} for validation",
        f"{counted(len(listed), 'label')}: {labels}{' …' if len(listed) > _LABELS else ''}",
        *([f"to be rejected, as none of them: {plan.rejected:,}"] if plan.rejected else []),
        f"{length}, batches of {config.batch_size}, learning rate {plan.learning_rate:g}",
        "Nothing was trained: leave out --dry-run to begin.",
    ]
    result_console().print("\n".join(lines), soft_wrap=True)

"""An export as ONNX in a process beside this one: it needs torch, and takes seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.base.codec import Codec
from trainer.base.events import RunFailed
from trainer.base.messages import Message
from trainer.processes.commands import Commands
from trainer.processes.job_process import JobProcess, carry_out


@dataclass(frozen=True, kw_only=True)
class Exported:
    """compared: so many drawings were answered by the file as by this program."""

    path: Path
    bytes: int
    compared: int


_CODEC: Codec[Exported | RunFailed] = Codec(
    Exported | RunFailed, tag="event", what="an event of an export"
)


class ExportProcess(JobProcess[Exported]):
    """The export of a weights file in a process of its own; it is written whole or not at all."""

    def __init__(self, weights: Path, target: Path) -> None:
        super().__init__(
            "trainer.processes.export_process",
            {"weights": str(weights), "target": str(target)},
            name="export",
            decode=_CODEC.decode,
            last=(Exported,),
            title=Message.of("job.export", "export"),
            left=Message.of("job.export-left", "Nothing was written."),
        )


def _events(job: Mapping[str, Any], _commands: Commands) -> Iterator[Exported]:
    from trainer.models.export import export_weights, find_format, sample_pictures

    pictures = sample_pictures()
    done = export_weights(
        Path(job["weights"]), Path(job["target"]), form=find_format("onnx"), pictures=pictures
    )
    yield Exported(path=done.path, bytes=done.bytes, compared=len(pictures))


if __name__ == "__main__":
    carry_out(_events, encode=_CODEC.encode, name="Export")

"""One recognition process for many windows: importing torch takes longer than most tests."""

from __future__ import annotations

from handwrite_app.workers.recognition_process import RecognitionProcess


class SharedRecognition(RecognitionProcess):
    """Goes on when a window closes. The next one loads its own network before it asks anything.

    One window at a time: a thread that asks waits for its answer.
    """

    def kill(self) -> None:
        """The thread that asks has its answer in a moment."""

    def close(self) -> int | None:
        return 0

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        super().close()

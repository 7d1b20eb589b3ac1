"""Fetching a file: from the first mirror that has it, checked, and moved into place whole."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from trainer.errors import DataError, RunError
from trainer.events import Downloading
from trainer.paths import written_whole

_CHUNK = 1 << 16
_TIMEOUT = 20.0
_REPORT_EVERY = 0.1  # seconds


def download(urls: Sequence[str], path: Path, *, md5: str) -> Iterator[Downloading]:
    """Fetches `path` from the first of `urls` that delivers bytes of that MD5 sum, telling how far it is.

    Raises DataError naming what each address answered where none does, and RunError where the file cannot
    be written. A file that is already there is replaced only by a whole one.
    """
    answers: list[str] = []
    for url in urls:
        try:
            yield from _fetch(url, path, md5)
        except (OSError, http.client.HTTPException, ValueError, DataError) as error:
            reason = getattr(error, "reason", None) or error
            answers.append(f"  {url}: {reason}")
        else:
            return
    raise DataError(f"{path.name} could not be downloaded:\n" + "\n".join(answers))


def _fetch(url: str, path: Path, md5: str) -> Iterator[Downloading]:
    digest = hashlib.md5(usedforsecurity=False)  # the sum that the data set's publisher gives
    received, reported = 0, 0.0
    with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:
        total = int(answer.headers.get("Content-Length") or 0)
        try:
            with written_whole(path) as temporary:
                with temporary.open("wb") as file:
                    while chunk := answer.read(_CHUNK):
                        file.write(chunk)
                        digest.update(chunk)
                        received += len(chunk)
                        if time.monotonic() - reported >= _REPORT_EVERY:
                            reported = time.monotonic()
                            yield Downloading(file=path.name, received=received, total=total)
                if digest.hexdigest() != md5:
                    raise DataError(
                        f"{received:,} bytes came, but not the ones announced (MD5 sum)"
                    )
        except RunError as error:
            # written_whole takes every OSError for the disk's; one of the network's is ours to pass on.
            if isinstance(error.__cause__, urllib.error.URLError | TimeoutError | ConnectionError):
                raise error.__cause__ from None
            raise
    yield Downloading(file=path.name, received=received, total=received)

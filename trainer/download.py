"""Fetching a file: from the first mirror that has it, checked, and moved into place whole."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from trainer.errors import DataError
from trainer.events import Downloading
from trainer.paths import written_whole

_CHUNK = 1 << 16
_TIMEOUT = 20.0
_MOST = 1 << 30  # bytes; an answer that does not end must not fill the disk
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
    with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer, written_whole(path) as temporary:
        total = int(answer.headers.get("Content-Length") or 0)
        with temporary.open("wb") as file:
            for chunk in _chunks(answer):
                file.write(chunk)
                digest.update(chunk)
                received += len(chunk)
                if received > _MOST:
                    raise DataError("it does not end")
                if time.monotonic() - reported >= _REPORT_EVERY:
                    reported = time.monotonic()
                    yield Downloading(file=path.name, received=received, total=total)
        if digest.hexdigest() != md5:
            raise DataError(f"{received:,} bytes came, but not the ones announced (MD5 sum)")
    yield Downloading(file=path.name, received=received, total=received)


def _chunks(answer: BinaryIO) -> Iterator[bytes]:
    """What comes, until it ends. A broken connection is a DataError: an OSError would be the disk's."""
    try:
        while chunk := answer.read(_CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException) as error:
        raise DataError(f"the connection broke ({error})") from error

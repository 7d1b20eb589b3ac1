"""Fetching a file: from the first mirror that has it, gone on where it broke off, checked, and moved into
place whole.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from trainer.base.errors import DataError
from trainer.base.events import Downloading
from trainer.base.files import move_into_place, unwritable
from trainer.base.messages import Message

_CHUNK = 1 << 16
_TIMEOUT = 20.0
_MOST = 1 << 30  # bytes; an answer that does not end must not fill the disk
_TRIES = 5  # at an address that can go on and has delivered something each time
_REPORT_EVERY = 0.1  # seconds
_AGENT = "handwrite-trainer"  # some servers turn Python's own name away


def download(
    urls: Sequence[str], target: Path, *, md5: str | None = None, sha256: str | None = None
) -> Iterator[Downloading]:
    """Fetches `target` from the first of `urls` that delivers bytes of that sum, telling how far it is.

    md5: the hexadecimal sum. sha256: the same, or its beginning, as in the names of torch's own files.
    With a sum, what came of a download that broke off, be it by kill -9, is kept beside the target
    (`.….part`), and the next attempt, at any mirror, asks for the rest. Without one nothing could tell
    whether the pieces belong together, so every attempt begins at the first byte. A server that knows no
    ranges sends everything again.

    Raises DataError naming what each address answered where none delivers, and RunError where the file
    cannot be written. A file that is already there is replaced only by a whole one.
    """
    sums = _Sums(md5, sha256)
    answers: list[str] = []
    with _part_of(target, keep=sums.known) as part:
        for url in urls:
            try:
                yield from _from_mirror(url, part, sums)
            except (OSError, http.client.HTTPException, ValueError, DataError) as error:
                answers.append(f"  {url}: {getattr(error, 'reason', None) or error}")
            else:
                return
    raise DataError(
        "download.failed",
        "{name} could not be downloaded:\n{answers}",
        name=target.name,
        answers="\n".join(answers),
    )


class _BrokenOffError(DataError):
    """The line went dead. resumable: the server says that it can go on from anywhere."""

    def __init__(self, message: Message, *, resumable: bool) -> None:
        super().__init__(message)
        self.resumable = resumable


class _Sums:
    """The sums that the file's publisher gives, held against the bytes as they come."""

    def __init__(self, md5: str | None, sha256: str | None) -> None:
        self._wanted = {
            k: v.lower() for k, v in (("md5", md5), ("sha256", sha256)) if v is not None
        }
        if "" in self._wanted.values():
            raise ValueError("an empty sum fits every file")
        self.restart()

    @property
    def known(self) -> bool:
        return bool(self._wanted)

    def restart(self) -> None:
        self._found = {kind: hashlib.new(kind, usedforsecurity=False) for kind in self._wanted}

    def update(self, chunk: bytes) -> None:
        for digest in self._found.values():
            digest.update(chunk)

    def fit(self) -> bool:
        return all(
            self._found[kind].hexdigest().startswith(wanted)
            for kind, wanted in self._wanted.items()
        )


# --- the server


def _from_mirror(url: str, part: _Part, sums: _Sums) -> Iterator[Downloading]:
    """One address: asked again for as long as it delivers something and can go on from there."""
    for attempt in range(_TRIES):
        before = part.length
        try:
            yield from _fetch(url, part, sums)
            return
        except _BrokenOffError as error:
            more = error.resumable and sums.known and part.length > before
            if not more or attempt == _TRIES - 1:
                raise


def _fetch(url: str, part: _Part, sums: _Sums) -> Iterator[Downloading]:
    """The rest of the file, or all of it, and then its way to its place."""
    if not sums.known:
        part.clear()
    if not (part.read_into(sums) and sums.fit()):
        resumed = yield from _receive(url, part, sums)
        if not sums.fit():
            length = part.length
            part.clear()
            if resumed:  # what there was before was the beginning of something else
                yield from _fetch(url, part, sums)
                return
            raise DataError(
                "download.checksum",
                "{count:,} bytes came, but not the ones announced (checksum)",
                count=length,
            )
    length = part.length
    part.move_into_place()
    yield Downloading(file=part.target.name, received=length, total=length)


def _receive(url: str, part: _Part, sums: _Sums) -> Generator[Downloading, None, bool]:
    """Appends what the server sends, until it ends; whether it went on from what was there."""
    with ExitStack() as stack:
        answer, resumed = _ask(url, part.length, stack)
        if not resumed:
            part.clear()
            sums.restart()
        received, reported = part.length, 0.0
        announced = int(answer.headers.get("Content-Length") or 0)
        total = received + announced if announced else 0
        resumable = resumed or answer.headers.get("Accept-Ranges") == "bytes"
        for chunk in _chunks(answer, resumable):
            part.write(chunk)
            sums.update(chunk)
            received += len(chunk)
            if received > _MOST:
                part.clear()
                raise DataError("download.endless", "it does not end")
            if time.monotonic() - reported >= _REPORT_EVERY:
                reported = time.monotonic()
                yield Downloading(file=part.target.name, received=received, total=total)
    if received < total:
        raise _BrokenOffError(
            Message.of(
                "download.cut",
                "the connection broke ({received:,} of {total:,} bytes came)",
                received=received,
                total=total,
            ),
            resumable=resumable,
        )
    return resumed


def _ask(url: str, offset: int, stack: ExitStack) -> tuple[http.client.HTTPResponse, bool]:
    """The server's answer, and whether it is the rest from the offset on. Otherwise it is the whole."""
    if offset:
        with suppress(urllib.error.HTTPError):  # 416: there is no such rest
            answer = _open(url, offset)
            stack.enter_context(answer)
            if answer.status != http.client.PARTIAL_CONTENT:
                return answer, False
            if answer.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
                return answer, True
    return stack.enter_context(_open(url, 0)), False


def _open(url: str, offset: int) -> http.client.HTTPResponse:
    headers = {"User-Agent": _AGENT} | ({"Range": f"bytes={offset}-"} if offset else {})
    request = urllib.request.Request(url, headers=headers)
    answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)
    return answer


def _chunks(answer: http.client.HTTPResponse, resumable: bool) -> Iterator[bytes]:
    """What comes, until it ends. A broken connection is a DataError: an OSError would be the disk's."""
    try:
        while chunk := answer.read(_CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenOffError(
            Message.of("download.broken", "the connection broke ({reason})", reason=str(error)),
            resumable=resumable,
        ) from error


# --- the disk


class _Part:
    """What there is of the target so far: a file beside it, open for appending.

    Raises RunError where the disk is full or cannot be written. What is there is then given up, so that
    a full disk is not kept full.
    """

    def __init__(self, target: Path, path: Path, file: BinaryIO) -> None:
        self.target, self._path, self._file = target, path, file
        self.length = file.seek(0, os.SEEK_END)
        self._moved = False

    def read_into(self, sums: _Sums) -> int:
        """Restarts the sums with what is there; its length."""
        sums.restart()
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            sums.update(chunk)
        return self.length

    def write(self, chunk: bytes) -> None:
        with self._storing():
            self._file.write(chunk)
        self.length += len(chunk)

    def clear(self) -> None:
        with self._storing():
            self._file.truncate(0)
            self._file.seek(0)
        self.length = 0

    def move_into_place(self) -> None:
        with self._storing():
            self._file.flush()
            if (
                sys.platform == "win32"
            ):  # nobody moves an open file there; elsewhere it stays ours until then
                self._file.close()
            move_into_place(self._path, self.target)
        self._moved = True

    def close(self, *, keep: bool) -> None:
        """Ends it. The file stays where there is something in it that is to be kept."""
        if self._moved or (keep and self.length):
            self._file.close()
            return
        with suppress(OSError):  # while it is still ours: nobody else's is removed
            self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.length = 0
            raise unwritable(self.target, error) from error


@contextmanager
def _part_of(target: Path, *, keep: bool) -> Iterator[_Part]:
    """The target's part file, ours alone; removed at the end where there is nothing to keep.

    Where another process is fetching the same file already, it is a file of our own that is not kept:
    two that append to one file would spoil it for both.
    """
    path = target.with_name(f".{target.name[:200]}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab+") if keep else None
        if file is None or not _claimed(file, path):
            if file is not None:
                file.close()
            keep = False
            path = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
            file = path.open("xb+")
    except OSError as error:
        raise unwritable(target, error) from error
    part = _Part(target, path, file)
    try:
        yield part
    finally:
        part.close(keep=keep)


def _claimed(file: BinaryIO, path: Path) -> bool:
    """Whether nobody else has this file. A claim ends when the file is closed, or its process killed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_MOST * 2)  # a byte that is never written
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it may just have moved it into place: then it is the target that is open here.
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False

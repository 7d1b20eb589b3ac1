"""A web server on this machine that behaves as badly as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RANGED = ("ranges", "pieces", "shifted")


class Mirror:
    """Serves `files` by name. In /short/ half of a file comes, in /silent/ it comes without its length, in
    /gone/ the line goes dead, and in /missing/ there is none. In /ranges/ a part can be asked for, in
    /pieces/ too, but a third of the file comes at most, and in /shifted/ it is another part that comes.
    """

    def __init__(self, address: str, files: dict[str, bytes], asked: list[str]) -> None:
        self.address = address
        self.files = files
        self.asked = (
            asked  # paths, in the order in which they were asked for, with @N where from N on
        )

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


@contextmanager
def mirror(files: dict[str, bytes]) -> Iterator[Mirror]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            way, _, name = self.path.lstrip("/").rpartition("/")
            wanted = self.headers.get("Range", "bytes=0-")
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            asked.append(f"{self.path}@{start}" if start else self.path)
            if way == "gone":
                return
            if way == "missing" or name not in files:
                self.send_error(404)
                return
            content = files[name]
            if way in RANGED:
                self._part(content, start, {"pieces": len(content) // 3}.get(way), way == "shifted")
                return
            self.send_response(200)
            if way != "silent":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if way == "short" else content)

        def _part(self, content: bytes, start: int, most: int | None, shifted: bool) -> None:
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if start:
                start -= shifted
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self.wfile.write(content[start:][:most])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # joined when the server closes
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="mirror")
    thread.start()
    try:
        yield Mirror(f"http://127.0.0.1:{server.server_port}", files, asked)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()

"""uv with an index of PyTorch's and one of PyPI's on this machine, each with a build of a few hundred bytes;
and pip, where uv cannot be had.

uv knows PyTorch's own index by its address alone: a proxy answers in its place, with a certificate made here.
"""

import inspect
import os
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import environment
import pytest
import system_packages
from system_packages import SetupError

UV = shutil.which(
    "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
needs_uv = pytest.mark.skipif(
    UV is None or shutil.which("openssl") is None, reason="uv and openssl are not installed"
)

BACKEND = """\
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    from make_wheel import make_wheel
    return make_wheel(folder, "handwrite_desk", "1", ["torch"])
"""
PYPROJECT = """\
[project]
name = "handwrite-desk"
version = "1"
dependencies = ["torch"]

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def make_wheel(folder: str, name: str, version: str, requires: list[str]) -> str:
    file = f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(Path(folder, file), "w") as wheel:
        needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        wheel.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{info}/RECORD", f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return file


class Index(BaseHTTPRequestHandler):
    """/whl/<backend>/<package>/ as PyTorch's index has it, and /simple/<package>/ as PyPI."""

    asked: list[str]

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        self.asked.append(self.path)
        package, file = (parts[-2], parts[-1]) if parts[-1].endswith(".whl") else (parts[-1], "")
        local = f"+{parts[1]}" if parts[0] == "whl" else ""
        if package not in ("torch", "torchvision"):
            self.send_error(404)
            return
        if file:
            folder = self.server.folder  # type: ignore[attr-defined]
            body = (folder / make_wheel(str(folder), package, f"99.0{local}", [])).read_bytes()
        else:
            name = f"{package}-99.0{local}-py3-none-any.whl"
            body = f'<html><body><a href="{name.replace("+", "%2B")}">{name}</a></body></html>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if file else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


class Proxy(socketserver.StreamRequestHandler):
    """Answers CONNECT itself: whatever host is meant, Index is there."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        server = self.server
        try:
            with server.context.wrap_socket(self.connection, server_side=True) as connection:  # type: ignore[attr-defined]
                server.handler(connection, self.client_address, server)  # type: ignore[attr-defined]
        except OSError:
            pass  # it has heard enough


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A project that needs torch, and both indexes; what is asked of them."""
    project, wheels = tmp_path / "project", tmp_path / "wheels"
    project.mkdir()
    wheels.mkdir()
    (project / "pyproject.toml").write_text(PYPROJECT)
    (project / "backend.py").write_text(BACKEND)
    (project / "make_wheel.py").write_text(
        "import zipfile\nfrom pathlib import Path\n\n" + inspect.getsource(make_wheel)
    )
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=test", "-addext", "subjectAltName=DNS:download.pytorch.org"]
    name += ["-addext", "basicConstraints=critical,CA:FALSE"]
    settings = tmp_path / "openssl.cnf"  # the system's would make it a certificate of an authority
    settings.write_text("[req]\ndistinguished_name = name\n[name]\n")
    files = ["-config", str(settings), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", *curve, *name, *files], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    handler = type("Handler", (Index,), {"asked": []})
    with Server(("127.0.0.1", 0), handler) as pypi, Server(("127.0.0.1", 0), Proxy) as proxy:
        pypi.folder = proxy.folder = wheels  # type: ignore[attr-defined]
        proxy.context, proxy.handler = context, handler  # type: ignore[attr-defined]
        for server in (pypi, proxy):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for name in list(os.environ):
            if name.startswith(("UV_", "HANDWRITE_")) or name.lower().endswith("_proxy"):
                monkeypatch.delenv(name)
        assert UV is not None
        for name, value in {
            "PATH": os.pathsep.join([str(Path(UV).parent), os.environ["PATH"]]),
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy.server_address[1]}",
            "NO_PROXY": "127.0.0.1",
            "SSL_CERT_FILE": str(certificate),
            "UV_DEFAULT_INDEX": f"http://127.0.0.1:{pypi.server_address[1]}/simple",
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_NO_CONFIG": "1",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("SSL_CERT_DIR", raising=False)
        monkeypatch.setattr(environment, "ROOT", project)
        monkeypatch.setattr(environment, "DRIVER", ())
        monkeypatch.setattr(environment, "pip", lambda *_: pytest.fail("uv failed"))
        monkeypatch.setattr(system_packages, "look", lambda *_, **__: [])
        monkeypatch.chdir(project)
        yield handler.asked  # type: ignore[attr-defined]
        pypi.shutdown()
        proxy.shutdown()


def torch_of(python: str) -> str:
    """The version of the torch that was installed."""
    names = [path.name for path in environment.installed(Path(python).parents[1])]
    (torch,) = (name for name in names if name.startswith("torch-"))
    return torch[len("torch-") : -len(".dist-info")]


@needs_uv
class TestWithUv:
    def test_without_a_driver_the_build_for_the_processor(self, asked, capfd):
        assert torch_of(environment.prepare()) == "99.0+cpu"
        assert "PyTorch's build: for the processor alone. About 0.5 GB" in capfd.readouterr().out
        assert not any(path.startswith("/simple/torch/") for path in asked)

    def test_with_a_driver_the_build_for_its_cuda(self, asked, capfd, monkeypatch):
        monkeypatch.setenv("UV_CUDA_DRIVER_VERSION", "550.144")
        assert re.fullmatch(r"99\.0\+cu12\d", torch_of(environment.prepare()))
        assert "PyTorch's build: for CUDA" in capfd.readouterr().out

    def test_the_flag_overrules_the_hardware(self, asked, monkeypatch):
        monkeypatch.setenv("UV_CUDA_DRIVER_VERSION", "550.144")
        assert torch_of(environment.prepare(torch="cpu")) == "99.0+cpu"
        monkeypatch.delenv("UV_CUDA_DRIVER_VERSION")
        assert torch_of(environment.prepare()) == "99.0+cpu"
        assert torch_of(environment.prepare(torch="cuda")) == "99.0"  # PyPI's has CUDA

    def test_pypis_build_where_pytorchs_index_cannot_be_reached(self, asked, capfd, monkeypatch):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            port = nobody.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        started = time.monotonic()
        assert torch_of(environment.prepare()) == "99.0"
        assert time.monotonic() - started < 60
        told = "PyTorch's build: PyPI's, as PyTorch's own index cannot be reached."
        assert f"{told} About 3.2 GB" in capfd.readouterr().out
        pyproject = environment.ROOT / "pyproject.toml"
        pyproject.write_text(pyproject.read_text() + "\n# changed\n")
        assert torch_of(environment.prepare()) == "99.0"  # that it is there already changes nothing
        assert f"{told}\n" in capfd.readouterr().out

    def test_an_index_that_does_not_answer_is_given_up_after_five_seconds(self, asked, monkeypatch):
        """A connection that is never accepted, as behind a firewall: only what is set is looked at here."""
        seen = []
        monkeypatch.setattr(
            environment, "run", lambda words, environ: seen.append(environ) or (2, "")
        )
        assert environment.torch_option([UV, "pip", "install"], "cpu", {"A": "b"}, True) == []
        assert seen == [{"A": "b", "UV_HTTP_CONNECT_TIMEOUT": "5", "UV_HTTP_RETRIES": "0"}]

    def test_pips_index_is_uvs_too(self, asked, monkeypatch):
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1/mirror")
        monkeypatch.delenv("UV_DEFAULT_INDEX")
        assert environment.settings_for_uv() == {
            "UV_SYSTEM_CERTS": "1",
            "UV_DEFAULT_INDEX": "http://127.0.0.1/mirror",
        }
        monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1/own")
        assert environment.settings_for_uv() == {"UV_SYSTEM_CERTS": "1"}

    def test_a_uv_that_is_too_old_is_passed_over(self, asked, tmp_path, monkeypatch):
        old = tmp_path / "old"
        old.mkdir()
        (old / "uv").write_text("#!/bin/sh\necho uv 0.5.1\n")
        (old / "uv").chmod(0o755)
        monkeypatch.setenv("PATH", f"{old}:/usr/bin:/bin")
        assert environment.find_uv(tmp_path) is None
        (old / "uv").write_text("#!/bin/sh\necho uv 0.13.9 '(x86_64)'\n")
        assert environment.find_uv(tmp_path) == str(old / "uv")


class TestWithoutUv:
    @pytest.fixture
    def pip(self, tmp_path, monkeypatch):
        """What pip is asked to install; its exit statuses, first to last."""
        calls: list[tuple[str, ...]] = []
        self.statuses: list[int] = []

        def pip(_venv: Path, *arguments: str) -> int:
            calls.append(arguments)
            return self.statuses.pop(0) if self.statuses else 0

        monkeypatch.setattr(environment, "pip", pip)
        monkeypatch.setattr(environment, "find_uv", lambda _: None)
        return calls

    def test_it_is_installed_into_the_new_environment(self, pip, tmp_path, monkeypatch):
        asked = []
        monkeypatch.setattr(environment, "run", lambda words: asked.append(words) or (0, ""))
        environment.make_venv(tmp_path)
        assert asked == [[sys.executable, "-I", "-m", "venv", str(tmp_path)]]
        assert pip == [("--quiet", "uv")]

    def test_else_pip_does_the_work_and_says_so(self, pip, tmp_path, capsys):
        environment.fill(tmp_path, ".[dev]", "auto")
        assert pip == [("--editable", ".[dev]")]
        assert capsys.readouterr().out.startswith("uv cannot be had here; pip tries")

    def test_where_uv_fails_pip_tries(self, pip, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(environment, "find_uv", lambda _: "uv")
        monkeypatch.setattr(environment, "run", lambda *_, **__: (2, ""))
        environment.fill(tmp_path, ".", "cpu")
        assert pip == [("--editable", ".")]
        assert "uv failed here; pip tries" in capsys.readouterr().out

    def test_where_both_fail_there_is_advice(self, pip, tmp_path):
        self.statuses = [1]
        with pytest.raises(SetupError, match="Check the network"):
            environment.fill(tmp_path, ".", "auto")

    @pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a script")
    def test_pip_runs_in_the_environment_and_gets_its_pip_where_it_has_none(self, tmp_path, capfd):
        python = environment.venv_python(tmp_path)
        python.parent.mkdir()
        python.write_text(
            f'#!/bin/sh\necho "$@" $PIP_USER >> {tmp_path}/asked\n[ "$4" != --version ]\n'
        )
        python.chmod(0o755)
        assert environment.pip(tmp_path, "--editable", ".") == 0
        version, ensure, install = (tmp_path / "asked").read_text().splitlines()
        assert version == "-I -m pip --version"
        assert ensure == "-I -m ensurepip"
        assert install.startswith("-I -m pip install --no-input")
        assert install.endswith("--editable . 0")

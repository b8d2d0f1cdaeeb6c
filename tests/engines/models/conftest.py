"""A hub of the tests' own, on loopback, that can be told to misbehave."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engines.models.catalogue import Entry
from engines.models.store import File


class Hub:
    """`files` by path; `cuts` breaks so many transfers in the middle; `swapped` files are sent
    with other bytes than their hash says; `deaf` ignores what a client already has."""

    def __init__(self):
        self.files = {}
        self.cuts = 0
        self.swapped = set()
        self.deaf = False
        self.sent = 0
        self.asked = []
        self.gate = threading.Event()
        self.gate.set()

    def entry(self, name="tiny", **changes):
        held = tuple(File(path) for path in self.files)
        given = {"kind": "tts", "form": "", "languages": ("es",), "licence": "MIT"}
        given |= {"licence_url": "https://example.org/mit", "commercial": True, "rank": 1}
        given |= {"title": name, "source": "someone/tiny", "revision": "abc", "files": held}
        return Entry(name=name, **{**given, **changes})


@pytest.fixture
def hub(monkeypatch):
    hub = Hub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield hub
    hub.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self._answer(False)

    def do_GET(self):
        self._answer(True)

    def log_message(self, *args):
        pass

    def _answer(self, whole):
        _, source, name, word, revision, *path = self.path.split("/")
        self.hub.asked.append((self.command, "/".join(path), self.headers.get("Range")))
        assert (source, name, word, revision) == ("someone", "tiny", "resolve", "abc")
        assert "Authorization" not in self.headers
        data = self.hub.files.get("/".join(path))
        if data is None:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        begin = 0
        asked = self.headers.get("Range")
        if asked and not self.hub.deaf:
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if begin else 200)
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", "abc")
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        if whole:
            self._send(data[::-1] if "/".join(path) in self.hub.swapped else data, begin)

    def _send(self, data, begin):
        self.hub.gate.wait(20)
        rest = data[begin:]
        if self.hub.cuts:
            self.hub.cuts -= 1
            rest = rest[: len(rest) // 2]
            self.close_connection = True
        self.wfile.write(rest)
        self.wfile.flush()
        self.hub.sent += len(rest)
        if self.close_connection:
            self.connection.shutdown(2)

"""`serve`: what its options make of the server. Nothing listens."""

import pytest
import uvicorn
from typer.testing import CliRunner

from app.commands import serve
from app.main import cli


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What the server would be run with."""
    made = []

    class Server:
        started = True

        def __init__(self, config):
            made.append(config)

        def run(self, sockets):
            pass

    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.setattr(serve, "when_closed", lambda do: None)
    monkeypatch.setenv("TRANSLATED_CAMERA_TOKEN", "the-token-of-these-tests-0123456789")

    def start(*args):
        command = ["serve", "--port", "0", "--folder", str(tmp_path), *args]
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
        return made.pop()

    return start


def test_nobody_is_believed_about_where_a_request_comes_from_unless_asked_for(started, monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert not started().proxy_headers
    asked = started("--behind-proxy", "--name", "cam.example.org", "--name", "b.example.org")
    assert asked.proxy_headers
    assert asked.forwarded_allow_ips == "127.0.0.1,::1"

"""A RabbitMQ of one's own on this machine, for benches and tests: on loopback, in a folder of its
own, on free ports, and gone without a trace."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

from core.errors import EngineFailed, EngineUnavailable

# The `rabbitmq-server` on the path changes to the system's user first; this one does not.
_PROGRAMS = (Path("/usr/lib/rabbitmq/bin"), Path("/usr/local/lib/rabbitmq/bin"))
_START_S = 60.0
_HELLO = b"AMQP\x00\x00\x09\x01"
_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
log.console = false
log.file.level = warning
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 100MB
"""
_HOSTS = """\
{hosts_file, "/etc/hosts"}.
{lookup, [file]}.
{host, {127,0,0,1}, ["localhost"]}.
"""


def programs() -> Path | None:
    """Where RabbitMQ's own programs are, if it is installed."""
    return next((path for path in _PROGRAMS if (path / "rabbitmq-server").exists()), None)


class PrivateBroker:
    """`start`, `kill` and `start` again at the same `url` with what was durable, or `vanish` for a
    while. As a context it starts at once and removes everything at the end."""

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise EngineUnavailable(
                "RabbitMQ is not installed (apt-get install rabbitmq-server); "
                "nothing but this needs it."
            )
        self._programs = found
        self._folder = Path(tempfile.mkdtemp(prefix="translated-camera-broker-"))
        self._port, self._inner, self._names = (_free_port() for _ in range(3))
        self._server: subprocess.Popen[bytes] | None = None
        self._returning: threading.Timer | None = None
        self._prepare()
        # Erlang's own would be started as a daemon that outlives us.
        self._mapper = subprocess.Popen(
            ["epmd", "-port", str(self._names), "-address", "127.0.0.1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def url(self) -> str:
        return self.url_for("guest", "guest")

    def url_for(self, user: str, password: str) -> str:
        return f"amqp://{user}:{password}@127.0.0.1:{self._port}/"

    def __enter__(self) -> "PrivateBroker":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Returns when it takes connections: 3 to 6 s."""
        with (self._folder / "output").open("ab") as output:
            server = self._server = subprocess.Popen(
                [self._programs / "rabbitmq-server"],
                env=self._environment(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until = time.monotonic() + _START_S
        while not self._answers():
            if server.poll() is not None or time.monotonic() > until:
                told = (self._folder / "output").read_text("utf-8", "replace")
                raise EngineFailed(f"RabbitMQ did not start: {told[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As kill -9 does: no farewell to anybody. Returns when nothing is left of it."""
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            while self._answers():  # what we started is a script; Erlang is its child
                time.sleep(0.01)
            self._server = None

    def vanish(self, seconds: float) -> None:
        """Killed, and started again after so long, while the caller goes on."""
        self.kill()
        self._returning = threading.Timer(seconds, self.start)
        self._returning.start()

    def close(self) -> None:
        if self._returning is not None:
            self._returning.join()  # else it would start what nobody ends
        self.kill()
        self._mapper.kill()
        self._mapper.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` says to these arguments; seconds."""
        command = [str(self._programs / "rabbitmqctl"), "--quiet", *arguments]
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=True
        )
        return done.stdout

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 0.2) as probe:
                probe.settimeout(2.0)
                probe.sendall(_HELLO)
                return bool(probe.recv(8))
        except OSError:
            return False

    def _prepare(self) -> None:
        for name in ("data", "log", "home"):
            (self._folder / name).mkdir()
        texts = {
            "rabbitmq.conf": _CONFIG.format(port=self._port),
            "rabbitmq-env.conf": "",
            "advanced.config": "[].\n",
            "enabled_plugins": "[].\n",
            "hosts": _HOSTS,
        }
        for name, text in texts.items():
            (self._folder / name).write_text(text, "utf-8")

    def _environment(self) -> dict[str, str]:
        folder = self._folder
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": str(folder / "home"),
            "RABBITMQ_NODENAME": f"private{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._inner),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._names),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                f"{loopback} -kernel inetrc '{folder / 'hosts'}'"
            ),
            # Its idle threads would otherwise spin on the cores that the work needs.
            "RABBITMQ_SERVER_START_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""A real Chromium for tests, without a window, steered over a pipe by its own protocol (CDP).

    with chromium(environment, folder) as browser:
        page = browser.open(path_of_a_page)
        page.run("(async () => (await navigator.mediaDevices.enumerateDevices()).length)()")

It grants cameras and microphones without asking. No driver program stands between: the protocol
is lines of JSON, and a driver would bring a browser and a Node.js of its own.
"""

import contextlib
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--enable-features=WebRtcPipeWireCamera",
    "--remote-debugging-pipe",
    "--force-color-profile=srgb",
)
_FIRST_FREE = 10


def missing() -> str:
    return "" if shutil.which("chromium") else "chromium is not installed"


@contextlib.contextmanager
def chromium(environment: Mapping[str, str], folder: Path, *options: str) -> Iterator["Chromium"]:
    """A running browser with a profile under `folder`; it and its children are ended afterwards."""
    if reason := missing():
        pytest.skip(reason)
    browser = Chromium(environment, folder, options)
    try:
        yield browser
    finally:
        browser.close()


class Chromium:
    def __init__(
        self, environment: Mapping[str, str], folder: Path, options: tuple[str, ...] = ()
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = ["chromium", *_OPTIONS, *options, f"--user-data-dir={folder / 'profile'}"]
        words += ["--no-sandbox"] if os.getuid() == 0 else []
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, _FIRST_FREE) for end in (theirs_in, theirs_out)]
        # It reads descriptor 3 and writes to 4.
        shell = f'exec "$0" "$@" 3<&{ends[0]} 4>&{ends[1]}'
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", shell, *words, "about:blank"],
                env=dict(environment), pass_fds=ends, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        self._numbers = itertools.count(1)
        self._rest = b""

    def open(self, page: Path) -> "Page":
        target = self.ask("Target.createTarget", url=page.as_uri())["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened = Page(self, session)
        opened.wait_for("location.href !== 'about:blank' && document.readyState === 'complete'")
        return opened

    def ask(self, method: str, session: str = "", patience: float = 60.0, **given: Any) -> Any:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": given}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + patience
        while True:
            answer = self._read(until, method)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def close(self) -> None:
        children = []
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        for process in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def _read(self, until: float, what: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError(f"Chromium did not answer {what}")
            if not (data := os.read(self._from, 1 << 20)):
                raise RuntimeError(f"Chromium ended (status {self._process.poll()})")
            self._rest += data
        message, self._rest = self._rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer


class Page:
    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def run(self, script: str, patience: float = 60.0) -> Any:
        """The value of an expression; of a promise, what it comes to. What it throws is raised."""
        result = self._browser.ask(
            "Runtime.evaluate", self._session, patience,
            expression=script, awaitPromise=True, returnByValue=True,
        )  # fmt: skip
        if thrown := result.get("exceptionDetails"):
            said = thrown.get("exception", {})
            raise RuntimeError(said.get("description") or str(said.get("value") or thrown["text"]))
        return result["result"].get("value")

    def wait_for(self, condition: str, patience: float = 30.0) -> Any:
        """Until the expression holds; its value."""
        until = time.monotonic() + patience
        while not (value := self.run(condition)):
            if time.monotonic() > until:
                raise TimeoutError(f"the page never came to {condition}")
            time.sleep(0.1)
        return value

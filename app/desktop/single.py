"""One window for each user: a second start shows the first one, and can tell it what to do."""

import getpass
import hashlib
import os

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WORDS = ("show", "start", "panic", "mute")
PATIENCE = 1000
"""Milliseconds in which the one that runs must answer."""


def server_name(where: str = "") -> str:
    """One for each user and settings file; short enough for a socket's path."""
    where = where or os.environ.get("XDG_CONFIG_HOME", "") + getpass.getuser()
    return "translated-camera-" + hashlib.sha256(where.encode()).hexdigest()[:12]


def tell(word: str, where: str = "") -> bool:
    """Say it to the window that runs; False when none does."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(where))
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(word.encode())
    socket.flush()
    socket.disconnectFromServer()
    return True


class SingleInstance(QObject):
    """Held by the first. `told` is one of WORDS."""

    told = Signal(str)

    def __init__(self, where: str = "") -> None:
        """`where`: the settings file, when it is not the user's own."""
        super().__init__()
        self._where, self._name = where, server_name(where)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)

    def first(self) -> bool:
        """Whether no other one runs; what a crashed one left behind is taken away."""
        # To listen takes the socket away from one that runs, without a word.
        if tell("", self._where):
            return False
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        self._server.close()

    def _take(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        word = bytes(socket.readAll().data()).decode("ascii", "replace")
        if word in WORDS:
            self.told.emit(word)

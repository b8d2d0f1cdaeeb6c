import subprocess
import sys

import pytest

from app import start
from core.errors import DeviceUnavailable


def test_without_arguments_the_window_comes(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["translated-camera"])
    monkeypatch.setattr("app.commands.window.run", lambda: 0)
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 0


def test_what_stops_the_window_is_a_sentence_and_an_exit_code(monkeypatch, capsys):
    def refuse():
        raise DeviceUnavailable("There is no display.")

    monkeypatch.setattr(sys, "argv", ["translated-camera"])
    monkeypatch.setattr("app.commands.window.run", refuse)
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 6
    assert "There is no display." in capsys.readouterr().err


def test_the_way_to_the_window_loads_no_command_line_and_no_engine():
    script = (
        "import sys, app.start, app.commands.window, app.desktop.program, app.desktop.services\n"
        "print(*(name.split('.')[0] for name in sys.modules))"
    )
    done = subprocess.run(
        (sys.executable, "-c", script), capture_output=True, text=True, check=True
    )
    assert not {"typer", "rich", "tomlkit", "cv2", "engines", "pyqtgraph"} & set(
        done.stdout.split()
    )


def test_without_a_display_it_says_how_to_go_without_a_window(monkeypatch):
    from app.commands.window import require_display

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(DeviceUnavailable, match="run --headless"):
        require_display()

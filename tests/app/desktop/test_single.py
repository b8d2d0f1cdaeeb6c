import pytest
from PySide6.QtCore import QProcess

from app.desktop.single import SingleInstance, server_name, tell


@pytest.fixture
def first(qtbot, tmp_path):
    first = SingleInstance(str(tmp_path))
    assert first.first()
    yield first
    first.close()


def other_process(qtbot, script, *arguments):
    """What another start of the program would do; the text it prints."""
    import sys

    process = QProcess()
    with qtbot.waitSignal(process.finished, timeout=20000):
        process.start(sys.executable, ["-c", script, *arguments])
    return bytes(process.readAllStandardOutput().data()).decode().strip()


def test_a_second_start_is_not_the_first_and_what_it_says_arrives(qtbot, first, tmp_path):
    script = (
        "import sys; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([])\n"
        "from app.desktop.single import SingleInstance, tell\n"
        "print(SingleInstance(sys.argv[1]).first(), tell('show', sys.argv[1]))"
    )
    with qtbot.waitSignal(first.told, timeout=20000) as told:
        assert other_process(qtbot, script, str(tmp_path)) == "False True"
    assert told.args == ["show"]


def test_words_that_nobody_knows_are_not_passed_on(qtbot, first, tmp_path):
    with qtbot.assertNotEmitted(first.told, wait=100):
        tell("format the disk", str(tmp_path))


def test_what_a_crashed_one_left_behind_does_not_stop_the_next(qtbot, tmp_path):
    where = str(tmp_path)
    script = (
        "import sys, os; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([])\n"
        "from app.desktop.single import SingleInstance\n"
        "one = SingleInstance(sys.argv[1]); print(one.first(), flush=True); os.kill(os.getpid(), 9)"
    )
    assert other_process(qtbot, script, where) == "True"
    second = SingleInstance(where)
    assert second.first()
    second.close()


def test_nobody_hears_what_is_said_to_a_window_that_does_not_run(qtbot, tmp_path):
    assert not tell("panic", str(tmp_path))
    assert len(server_name("x" * 500)) < 60

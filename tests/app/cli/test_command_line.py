import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app.main import cli

GROUPS = ("models", "voices", "mouths")


def commands():
    """Each command's words, and of each group's commands too."""
    tree = get_command(cli)
    for name, command in tree.commands.items():
        yield (name,)
        if name in GROUPS:
            yield from ((name, further) for further in command.commands)


def test_the_command_line_is_known_without_loading_what_any_command_does():
    script = "import sys, app.main\nprint(*sys.modules)"
    done = subprocess.run(
        (sys.executable, "-c", script), capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "app.cli.live" in loaded
    assert not {"app.commands", "engines", "ui", "numpy", "rich", "tomlkit"} & loaded


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_each_command_tells_what_it_takes_and_explains_each_option(words):
    told = CliRunner().invoke(cli, [*words, "--help"])
    assert told.exit_code == 0
    command = get_command(cli)
    for word in words:
        command = command.commands[word]
    assert command.help
    unexplained = [one.name for one in command.params if not (one.help or one.metavar)]
    assert not unexplained

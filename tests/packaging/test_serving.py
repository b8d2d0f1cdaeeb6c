"""The container of docs/service.md, as far as it can be judged without one."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import yaml
from typer.main import get_command

from app.main import cli
from app.service.options import ServiceOptions
from app.service.tokens import SHORTEST, VARIABLE, find_tokens

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
COMPOSE = yaml.safe_load((PACKAGING / "docker-compose.serve.yml").read_text("utf-8"))
SERVE = COMPOSE["services"]["serve"]
DOCKERFILE = (PACKAGING / SERVE["build"]["dockerfile"].split("/")[1]).read_text("utf-8")
LOCK = (PACKAGING / "requirements.txt").read_text("utf-8")
LEFT_OUT = re.findall(r"sed -E '/\^\((.+?)\)==/", DOCKERFILE)[0].split("|")


def asked() -> dict[str, object]:
    """What the command line understands of the container's command."""
    name, *words = SERVE["command"]
    assert name == "serve"
    return get_command(cli).commands[name].make_context(name, words).params


def test_it_is_reached_from_this_machine_alone_where_it_listens():
    given = asked()
    assert SERVE["ports"] == [f"127.0.0.1:{given['port']}:{given['port']}"]
    options = ServiceOptions(host=str(given["host"]), port=int(str(given["port"])))
    options.check()
    assert not options.loopback
    assert given["no_token"] is False
    assert f":{given['port']}/readyz" in SERVE["healthcheck"]["test"][-1]


def test_its_token_is_ones_own_and_the_one_that_the_service_reads(tmp_path, monkeypatch):
    assert SERVE["environment"] == {VARIABLE: "${SERVICE_TOKEN:?sixteen signs or more}"}
    assert SHORTEST == 16
    monkeypatch.setenv(VARIABLE, "s" * SHORTEST)
    assert find_tokens(tmp_path / "token", chosen=False).owner("s" * SHORTEST)


def test_it_may_do_no_more_than_it_must_and_its_jobs_outlive_it():
    assert SERVE["read_only"]
    assert SERVE["cap_drop"] == ["ALL"]
    assert SERVE["security_opt"] == ["no-new-privileges:true"]
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["service"]
    ((name, folder),) = (volume.split(":") for volume in SERVE["volumes"])
    assert name in COMPOSE["volumes"]
    assert f"install -d -o service -g service {folder}" in DOCKERFILE


def test_what_its_image_leaves_out_is_locked_and_the_service_needs_none_of_it():
    locked = re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE)
    assert set(LEFT_OUT) <= set(locked)
    of = importlib.metadata.packages_distributions()
    modules = [
        module
        for module, owners in of.items()
        if {owner.lower().replace("_", "-") for owner in owners} & set(LEFT_OUT)
    ]
    assert "PySide6" in modules
    done = subprocess.run(
        (sys.executable, "-c", _WITHOUT, *modules), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


_WITHOUT = """
import sys

sys.modules.update(dict.fromkeys(sys.argv[1:]))  # an import of one of these fails

import app.commands.serve, app.picture, app.service.check, app.service.stream_work, app.service.work
"""

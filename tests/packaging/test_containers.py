"""The containers of docs/workers.md, as far as they can be judged without any."""

import importlib.metadata
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from app.main import cli
from app.placement import VARIABLE
from app.worker import KINDS
from engines.broker.address import address

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
COMPOSE = yaml.safe_load((PACKAGING / "docker-compose.yml").read_text("utf-8"))
WORKERS = {name: one for name, one in COMPOSE["services"].items() if name != "broker"}
DOCKERFILE = (PACKAGING / "worker.Dockerfile").read_text("utf-8").replace("\\\n", " ")
CONTEXT = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
LOCK = (PACKAGING / "requirements.txt").read_text("utf-8")


def instructions(word: str) -> list[str]:
    return re.findall(rf"^{word} (.+)$", DOCKERFILE, re.MULTILINE)


def left_out() -> list[str]:
    found = re.search(r"sed -E '/\^\((.+?)\)==/", DOCKERFILE)
    assert found
    return found[1].split("|")


def asked(service: str) -> dict[str, object]:
    """What the command line understands of a service's command."""
    name, *words = WORKERS[service]["command"]
    command = get_command(cli).commands[name]
    return command.make_context(name, words).params


def addresses() -> set[str]:
    return {service["environment"][VARIABLE] for service in WORKERS.values()}


@pytest.mark.parametrize("service", WORKERS)
def test_each_service_is_a_worker_that_the_command_line_knows(service):
    assert WORKERS[service]["command"][0] == "worker"
    assert asked(service)["kind"] == service
    assert service in KINDS


def test_together_they_do_all_that_a_session_asks_for():
    assert asked("stt")["from_"] == asked("mt")["from_"]
    assert asked("mt")["to"] == asked("tts")["to"]
    assert set(WORKERS) == set(KINDS)


def test_the_image_starts_the_program_by_its_name():
    (entry,) = instructions("ENTRYPOINT")
    assert yaml.safe_load(entry) == list(PROJECT["project"]["scripts"])


def test_workers_find_the_broker_with_the_password_that_it_is_given():
    (template,) = addresses()
    broker = COMPOSE["services"]["broker"]
    password = broker["environment"]["RABBITMQ_DEFAULT_PASS"]
    assert password in template
    at = address(template.replace(password, "s3cret")).url
    assert (at.user, at.password) == (broker["environment"]["RABBITMQ_DEFAULT_USER"], "s3cret")
    assert at.host in COMPOSE["services"]


def test_nothing_starts_without_a_password_of_ones_own():
    texts = [path.read_text("utf-8") for path in PACKAGING.glob("docker-compose*.yml")]
    uses = [use for text in texts for use in re.findall(r"\$\{[^}]*\}", text)]
    assert uses
    uses = [use for use in uses if use != "${PAIRS:-apertium-eng-spa}"]
    assert all(re.fullmatch(r"\$\{[A-Z_]+:\?[a-z .]+\}", use) for use in uses)


def test_the_brokers_queues_are_found_again_when_its_container_is_made_anew():
    broker = COMPOSE["services"]["broker"]
    assert broker["hostname"]
    (volume,) = broker["volumes"]
    assert volume.split(":")[0] in COMPOSE["volumes"]


def test_without_encryption_the_broker_is_reached_from_this_machine_alone():
    assert COMPOSE["services"]["broker"]["ports"] == ["127.0.0.1:5672:5672"]
    tls = yaml.safe_load((PACKAGING / "docker-compose.tls.yml").read_text("utf-8"))
    settings = (PACKAGING / "broker-tls.conf").read_text("utf-8")
    broker = tls["services"]["broker"]
    assert broker["ports"] == ["5671:5671"]
    assert "listeners.ssl.default = 5671\n" in settings
    assert "listeners.tcp" not in settings
    folders = [volume.rsplit(":", 2)[-2] for volume in broker["volumes"]]
    files = re.findall(r"file = (.+)", settings)
    assert [path for path in files if path.startswith(f"{folders[0]}/")] == files
    assert (PACKAGING / broker["volumes"][1].split(":")[0]).is_file()


@pytest.mark.parametrize("service", WORKERS)
def test_a_worker_may_do_no_more_than_it_must(service):
    worker = WORKERS[service]
    assert worker["read_only"]
    assert worker["cap_drop"] == ["ALL"]
    assert worker["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in worker
    assert instructions("USER") == ["worker"]


def test_models_outlive_the_container_and_belong_to_the_workers_user():
    mounted = {volume for worker in WORKERS.values() for volume in worker["volumes"]}
    ((name, folder),) = (volume.split(":") for volume in mounted)
    assert name in COMPOSE["volumes"]
    assert any(f"install -d -o worker -g worker {folder}" in run for run in instructions("RUN"))


def test_what_the_image_is_made_of_is_sent_and_nothing_else():
    assert next(line for line in CONTEXT if not line.startswith("#")) == "*"
    sent = {line[1:] for line in CONTEXT if line.startswith("!")}
    assert all((ROOT / path).exists() for path in sent)
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    about = [PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]]
    assert {*wheel, *about, "pyproject.toml", "packaging/requirements.txt"} == sent


def test_what_the_dockerfile_copies_is_sent():
    sources = [shlex.split(line)[0] for line in instructions("COPY")]
    sent = [line[1:] for line in CONTEXT if line.startswith("!")]
    assert sources
    assert all(source == "." or source in sent for source in sources)


def test_the_translations_of_the_image_are_packages_that_set_up_installs_too():
    known = re.findall(r"^([a-z0-9-]+)$", (PACKAGING / "apt.txt").read_text("utf-8"), re.MULTILINE)
    (pairs,) = instructions("ARG")
    assert pairs.removeprefix("PAIRS=") in known
    built = {str(one["build"]["args"]) for one in WORKERS.values()}
    assert built == {str({"PAIRS": f"${{PAIRS:-{pairs.removeprefix('PAIRS=')}}}"})}


def test_what_the_image_leaves_out_is_locked_and_pip_reads_the_rest_as_it_is():
    pattern = "|".join(map(re.escape, left_out()))
    rest = re.sub(rf"^({pattern})==(.*\\\n)+.*\n", "", LOCK, flags=re.MULTILINE)
    before, after = (re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE) for text in (LOCK, rest))
    assert sorted(set(before) - set(after)) == sorted(left_out())
    done = subprocess.run(
        ("sed", "-E", f"/^({'|'.join(left_out())})==/,/[^\\\\]$/d", PACKAGING / "requirements.txt"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == rest


def test_no_worker_needs_what_the_image_leaves_out():
    of = importlib.metadata.packages_distributions()
    named = {name.lower().replace("_", "-") for name in left_out()}
    modules = [
        module
        for module, owners in of.items()
        if {owner.lower().replace("_", "-") for owner in owners} & named
    ]
    assert {"cv2", "PySide6", "mediapipe"} <= set(modules)
    done = subprocess.run(
        (sys.executable, "-c", _WITHOUT, *modules), cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "22050\nnetwork\n", done.stderr


_WITHOUT = """
import sys

sys.modules.update(dict.fromkeys(sys.argv[1:]))  # an import of one of these fails

import importlib

import app.commands.models, app.commands.worker, app.commands.workers
from engines import registry
from engines.hosted import hosted

for (kind, _), place in registry._ENGINES.items():
    if kind in ("stt", "mt", "tts"):
        importlib.import_module(place.partition(":")[0])
importlib.import_module("engines.mouth.network")
print(hosted("tts", "espeak", {"language": "es"}).about()["rate"])
print(hosted("lips", "auto", {}).about()["name"])
"""

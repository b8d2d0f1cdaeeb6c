import json
import logging
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from app import settings
from app.desktop.diagnostics import licences, settings_of, without_home, write_bundle
from app.desktop.recent_log import RecentLog
from app.doctor.files import check
from core.config import Config, Guests, Placement, Text, declared
from core.errors import CannotWrite
from core.findings import Finding, State
from tests.machines import fake


@pytest.fixture
def log():
    handler = RecentLog()
    logger = logging.getLogger("tests.recent")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler, logger
    logger.removeHandler(handler)


def test_what_was_said_is_never_in_the_log_that_is_kept(log):
    handler, logger = log
    logger.debug("heard: %s", "my secret")
    logger.info("the session has started")
    assert "the session has started" in handler.text
    assert "secret" not in handler.text


def test_the_report_holds_log_findings_machine_and_settings_but_no_words(tmp_path):
    config = replace(
        Config(),
        text=Text(keep=("Project Nightfall",), glossary={"moon": "luna"}),
        placement=Placement(broker="amqp://me:password@host/"),
        guests=Guests(("Rosalind=USB",)),
    )
    path = tmp_path / "report.zip"
    home = str(Path.home())
    write_bundle(path, f"INFO read {home}/x", [Finding("sound", State.OK, "PipeWire")], config)
    with zipfile.ZipFile(path) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    whole = "\n".join(parts.values())
    assert "Nightfall" not in whole and "luna" not in whole and "password" not in whole
    assert "Rosalind" not in whole
    assert parts["log.txt"] == "INFO read ~/x"
    assert "sound: PipeWire" in parts["doctor.txt"]
    assert json.loads(parts["settings.json"])["text.keep"] == "(set)"
    assert "numpy" in json.loads(parts["machine.json"])["packages"]


def test_nobody_is_named_for_being_written_badly(tmp_path, monkeypatch, log):
    handler, _ = log
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = settings.default_path()
    file.parent.mkdir(parents=True)
    texts = ["Rosalind", "Ana=a,from=Rosalind", "Eve=e", "eve=Rosalind", "Z=Rosalind,to=en,to=es"]
    file.write_text(f"[guests]\nspeakers = {texts}\n", "utf-8")
    logger = logging.getLogger("app.settings")
    logger.addHandler(handler)
    try:
        found = list(check(fake()))
    finally:
        logger.removeHandler(handler)
    path = tmp_path / "report.zip"
    write_bundle(path, handler.text, found, settings.load().config)
    with zipfile.ZipFile(path) as bundle:
        whole = "\n".join(bundle.read(name).decode() for name in bundle.namelist())
    assert whole.count("guests.speakers, entry ") >= 5
    assert "Rosalind" not in whole


@pytest.mark.parametrize("setting", list(declared()), ids=lambda one: one.name)
def test_what_can_be_written_freely_is_reported_only_as_set(setting):
    name = "Rosalind"
    free = {str: name, tuple: (f"{name}=USB",), dict: {name: name}}
    chosen = {bool: not setting.default, int: setting.high, float: setting.low}
    fixed = setting.choices[-1] if setting.choices else chosen.get(setting.kind)
    value = free[setting.kind] if fixed is None else fixed
    told = settings_of(setting.into(Config(), value))
    assert told.get(setting.name, setting.default) == ("(set)" if fixed is None else value)
    assert name not in json.dumps(told, default=list)


def test_only_what_differs_from_the_defaults_is_reported():
    assert settings_of(Config()) == {}


def test_a_report_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CannotWrite):
        write_bundle(tmp_path / "missing" / "report.zip", "", [], Config())


def test_the_users_home_is_not_named():
    assert without_home(f"in {Path.home()}/notes") == "in ~/notes"


def test_the_licences_name_ours_first():
    found = licences()
    assert found[0].name == "translated-camera"
    assert any(one.name.lower() == "numpy" and "BSD" in one.licence for one in found)

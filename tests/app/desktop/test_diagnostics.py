import json
import logging
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from app.desktop.diagnostics import licences, settings_of, without_home, write_bundle
from app.desktop.recent_log import RecentLog
from core.config import Config, Guests, Placement, Text
from core.errors import CannotWrite
from core.findings import Finding, State


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

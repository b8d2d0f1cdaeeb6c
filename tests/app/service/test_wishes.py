"""What clients may ask for."""

import pytest
from pydantic import ValidationError

from app.service.hello import Hello, live_config
from app.service.options import ServiceOptions
from app.service.wishes import Wishes, configured
from core.config import Config, Engines, Text, Voice
from core.errors import UsageError

OURS = Config(
    engines=Engines(stt="fake", lips="off"),
    voice=Voice(own="the host", original="duck"),
    text=Text(keep=("House",)),
)


def test_what_is_left_out_is_as_the_service_has_it():
    config = configured(OURS, Wishes(), "fr", text=False)
    assert (config.languages.source, config.languages.target) == ("en", "fr")
    assert (config.engines.stt, config.engines.lips) == ("fake", "off")
    assert config.voice.original == "duck"


def test_what_is_asked_for_is_in_the_settings():
    wishes = Wishes(
        source_language="German",
        lips="auto",
        keep=["Ada"],
        glossary={"a": "b"},
        captions=True,
        rate=1.5,
        smile=0.5,
    )
    config = configured(OURS, wishes, "fr", text=False)
    assert config.languages.source == "de"
    assert config.engines.lips == "auto"
    assert config.text.keep == ("House", "Ada")
    assert config.captions.show
    assert (config.voice.rate, config.expression.smile) == (1.5, 0.5)


def test_nobody_speaks_with_the_hosts_own_voice():
    assert configured(OURS, Wishes(), "fr", text=False).voice.own == ""
    hello = Hello(type="hello", version=1)
    assert live_config(OURS, hello).voice.own == ""


def test_a_text_is_spoken_over_silence_unless_the_original_is_asked_for():
    assert configured(OURS, Wishes(), "fr", text=True).voice.original == "off"
    assert configured(OURS, Wishes(original="pass"), "fr", text=True).voice.original == "pass"


@pytest.mark.parametrize(
    "wrong",
    [
        {"placement": "broker"},
        {"voice": "../../etc/passwd"},
        {"rate": float("nan")},
        {"keep": ["x"] * 201},
        {"keep": ["x" * 101]},
        {"lips": "fake"},
        {"source_language": "Klingonish"},
    ],
)
def test_what_is_not_a_clients_to_choose_is_refused(wrong):
    with pytest.raises(ValidationError):
        Wishes(**wrong)


def test_without_pictures_there_are_no_lips_in_a_stream():
    hello = Hello(type="hello", version=1, target_language="fr", settings=Wishes(lips="auto"))
    assert live_config(OURS, hello).engines.lips == "off"
    seen = hello.model_copy(update={"video": True})
    assert live_config(OURS, seen).engines.lips == "auto"


def test_without_a_token_only_this_machine_may_be_listened_on(tmp_path):
    ServiceOptions(open_to_all=True).check()
    ServiceOptions(open_to_all=True, host="::1").check()
    ServiceOptions(host="0.0.0.0").check()
    for host in ("0.0.0.0", "192.0.2.1", "::", "example.org"):
        with pytest.raises(UsageError, match="this machine only"):
            ServiceOptions(open_to_all=True, host=host).check()
    with pytest.raises(UsageError, match="both"):
        ServiceOptions(certificate=tmp_path).check()


def test_it_answers_to_its_own_names_alone():
    assert "[::1]" in ServiceOptions(host="::1").hosts
    assert "example.org" in ServiceOptions(host="example.org").hosts
    assert "evil.example" not in ServiceOptions().hosts


def test_a_live_client_chooses_what_keeps_other_voices_away():
    hello = {"type": "hello", "version": 1}
    assert live_config(OURS, Hello(**hello)).enhance.engine == OURS.enhance.engine
    assert live_config(OURS, Hello(**hello, enhance="av")).enhance.engine == "av"
    with pytest.raises(ValidationError):
        Hello(**hello, enhance="magic")
    with pytest.raises(ValidationError):
        Hello(**hello, jpeg=5)

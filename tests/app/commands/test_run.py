"""What `run` refuses before any device is opened."""

import pytest
from rich.console import Console

from app.commands import run as command
from app.commands import run_request
from app.commands.run_request import Request
from core.config import Config, Engines, Others, Picture
from core.errors import (
    CannotWrite,
    DeviceUnavailable,
    EngineUnavailable,
    TranslatedCameraError,
    UnreadableInput,
    UsageError,
)
from core.events import State
from core.live import LiveStatus


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """The error that ends it; a session must never be begun."""

    def no_session(*args: object, **more: object) -> None:
        pytest.fail("the devices were opened")

    monkeypatch.setattr(command, "LiveSession", no_session)
    settings = tmp_path / "settings.toml"
    settings.touch()

    def error(**request: object) -> TranslatedCameraError:
        with pytest.raises(TranslatedCameraError) as caught:
            command.run(Request(headless=True, to="es", config=settings, **request))
        return caught.value

    return error


def test_an_engine_that_does_not_exist(refused):
    assert isinstance(refused(lips="nonsense"), UsageError)


@pytest.mark.parametrize("broker", ["", "http://host"])
def test_a_broker_that_has_no_address(refused, broker, monkeypatch):
    monkeypatch.delenv("TRANSLATED_CAMERA_BROKER", raising=False)
    assert isinstance(refused(placement=("mt=broker",), broker=broker), UsageError)


def test_a_speaker_whose_name_no_file_can_have(refused):
    assert isinstance(refused(speaker="../x"), UsageError)


@pytest.mark.parametrize("name", ["record", "json"])
def test_a_file_that_exists_is_the_same_error_whatever_it_is_for(refused, tmp_path, name):
    path = tmp_path / "there.mp4"
    path.write_bytes(b"kept")
    error = refused(**{name: path})
    assert isinstance(error, CannotWrite)
    assert str(error) == f"{path} exists already; use --force to replace it."
    assert path.read_bytes() == b"kept"


def test_a_folder_that_does_not_exist(refused, tmp_path):
    assert isinstance(refused(record=tmp_path / "absent" / "a.mp4"), CannotWrite)


def test_an_ending_of_which_nothing_is_known(refused, tmp_path):
    assert isinstance(refused(record=tmp_path / "a.xyz"), UsageError)


def test_a_file_that_is_played_in_and_would_be_written_over(refused, tmp_path):
    played = tmp_path / "in.mp4"
    played.touch()
    error = refused(camera=f"file:{played}", record=played, force=True)
    assert isinstance(error, UsageError)


@pytest.mark.parametrize("who", ["a guest", "the others"])
def test_a_file_in_which_somebody_else_speaks_is_not_written_over(refused, tmp_path, who):
    played = tmp_path / "in.mp4"
    played.touch()
    source = f"file:{played}"
    given = {"guests": (f"Ana={source}",)} if who == "a guest" else {"others": source}
    assert isinstance(refused(record=played, force=True, **given), UsageError)


def test_a_file_that_is_to_be_played_in_and_is_not_there(refused):
    assert isinstance(refused(microphone="file:nothing.wav"), UnreadableInput)


@pytest.mark.parametrize("name", ["camera", "microphone"])
def test_a_file_that_is_to_be_played_in_and_is_no_recording(refused, tmp_path, name):
    path = tmp_path / "words.mp4"
    path.write_text("These are words.")
    assert isinstance(refused(**{name: f"file:{path}"}), UnreadableInput)


def test_others_who_speak_the_users_language_already(refused):
    error = refused(others="all", others_from="en")
    assert isinstance(error, UsageError)
    assert "English already" in str(error)


def test_a_recording_of_the_others_that_is_not_there(refused):
    assert isinstance(refused(others="file:nothing.wav"), UnreadableInput)


def test_what_is_not_used_refuses_nothing():
    config = Config(
        engines=Engines(lips="off"),
        others=Others(False, "file:/gone.wav"),
        picture=Picture(profile="a/b"),
    )
    run_request.refuse(Request(headless=True), config)


@pytest.mark.parametrize(
    ("wanted", "others"),
    [
        ("", Others(True, "Zoom")),
        ("off", Others(False, "Zoom")),
        ("all", Others(True, "")),
        ("Teams", Others(True, "Teams")),
    ],
)
def test_whose_sound_is_translated_is_as_the_settings_say_unless_it_is_given(wanted, others):
    assert run_request._others(Request(others=wanted), Others(True, "Zoom")) == others


def test_languages_that_are_one(refused):
    assert isinstance(refused(from_="es"), UsageError)


def test_a_session_that_cannot_be_begun_writes_no_report_of_itself(tmp_path, monkeypatch):
    def busy(*args: object, **more: object) -> None:
        raise DeviceUnavailable("Another program is running.")

    monkeypatch.setattr(command, "LiveSession", busy)
    (tmp_path / "settings.toml").touch()
    files = {"json": tmp_path / "report.json", "transcript": tmp_path / "words.srt"}
    with pytest.raises(DeviceUnavailable):
        command.run(Request(headless=True, to="es", config=tmp_path / "settings.toml", **files))
    assert not any(path.exists() for path in files.values())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("Ana",), "NAME=SOURCE"),
        (("Ana=a", "ana=b"), "name of their own"),
        (("Ana=a,from=es",), "Ana speaks Spanish already"),
        (("Ana=a,from=klingonish",), "klingonish': There is no such language"),
        (("Ana=a", "Ben=a"), "microphone that nobody else"),
    ],
)
def test_guests_who_make_no_sense(refused, given, says):
    error = refused(guests=given)
    assert isinstance(error, UsageError)
    assert says in str(error)


def test_whose_original_passes_may_speak_any_language(tmp_path):
    settings = tmp_path / "settings.toml"
    settings.touch()
    guests = ("Ana=silence,from=es",)
    request = Request(headless=True, to="es", passthrough=True, guests=guests, config=settings)
    run_request.refuse(request, run_request.configured(request, Console()))


@pytest.mark.parametrize(
    ("kept", "kind"),
    [
        ("Ana=a,from=es", UsageError),
        ("Ana=file:/gone.wav", UnreadableInput),
        (f"Ana=file:{__file__}", UnreadableInput),
    ],
)
def test_a_guest_of_the_settings_who_makes_no_sense_can_be_left_out(refused, tmp_path, kept, kind):
    (tmp_path / "settings.toml").write_text(f'[guests]\nspeakers = ["{kept}"]\n')
    error = refused()
    assert type(error) is kind
    assert str(error).endswith("`--guest nobody` leaves all of theirs out.")
    assert "--guest" not in str(refused(guests=(kept,)))
    assert isinstance(refused(guests=("nobody",), microphone="file:gone"), UnreadableInput)


@pytest.mark.parametrize(
    ("reason", "given", "hint"),
    [
        ("Ana needs a microphone that nobody else speaks into.", (), True),
        ("Ana: There is no voice for it.", (), True),
        ("There is no voice for it.", (), False),
        ("Ana needs a microphone that nobody else speaks into.", ("Ana=hw:1",), False),
    ],
)
def test_a_guest_of_the_settings_whom_the_session_refuses_can_be_left_out(
    tmp_path, monkeypatch, reason, given, hint
):
    class Failing:
        """As where two names are one device, which is seen when they are open."""

        def __init__(self, config):
            self.config = config

        listen = start = close = lambda self, *told: None

        def status(self):
            return LiveStatus(State.FAILED, reason)

    monkeypatch.setattr(command, "LiveSession", Failing)
    settings = tmp_path / "settings.toml"
    settings.write_text('[guests]\nspeakers = ["Ana=USB"]\n')
    with pytest.raises(EngineUnavailable) as caught:
        command.run(Request(headless=True, to="es", config=settings, guests=given))
    assert str(caught.value).startswith(reason)
    assert str(caught.value).endswith("`--guest nobody` leaves all of theirs out.") is hint


@pytest.mark.parametrize(
    ("kept", "more", "told"),
    [
        ((), {}, ""),
        (("Ana=file:a.wav",), {}, ""),
        (("Ana=a",), {"seconds": 5.0}, ""),
        (("Ana=a",), {"microphone": "b"}, ""),
        (("Ana=a",), {"guests": ("nobody",)}, ""),
        (("Ana=a",), {}, "`--guest nobody`"),
        ((), {"guests": ("Ana=demo",)}, "Ctrl-C."),
    ],
)
def test_guests_who_are_heard_when_the_files_are_over_are_told_of(tmp_path, kept, more, told):
    settings = tmp_path / "settings.toml"
    settings.write_text(f"[guests]\nspeakers = {list(kept)}\n")
    files = {"camera": "file:a.mp4", "microphone": "file:a.mp4"}
    request = Request(config=settings, **{**files, **more})
    remark = run_request.beyond_files(request, run_request.configured(request, Console()))
    assert bool(remark) == bool(told)
    assert told in remark


@pytest.mark.parametrize(
    ("given", "here"), [((), ("Ana=a",)), (("Ben=b",), ("Ben=b",)), (("nobody",), ())]
)
def test_guests_are_those_of_the_settings_unless_the_command_line_names_others(
    tmp_path, given, here
):
    settings = tmp_path / "settings.toml"
    settings.write_text('[guests]\nspeakers = ["Ana=a"]\n')
    request = Request(guests=given, config=settings)
    assert run_request.configured(request, Console()).guests.speakers == here

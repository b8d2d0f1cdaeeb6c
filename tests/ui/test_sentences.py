import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

import core
from app.card import ABSENT
from app.live.others.translation import IN_A_CIRCLE, IN_THE_ROOM
from core.errors import EngineUnavailable
from core.guests import FORM, as_the_others
from core.live import Rung
from engines.models.store import chosen
from ui import translation
from ui.pages.found import finding_words
from ui.sentences import KNOWN, translated
from ui.widgets.rungs import RungCard


@pytest.fixture
def installed(qapp):
    """Installs a language; English again afterwards."""
    before = QLocale()
    yield lambda code: translation.install(qapp, code)
    translation.install(qapp, "en")
    QLocale.setDefault(before)


@pytest.fixture
def spanish(installed):
    installed("es")


def texts() -> Iterator[str]:
    """Every string of the program, with its values as \0."""
    root = Path(core.__file__).parent.parent
    for folder in ("core", "engines", "app"):
        for path in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = node.values
                    yield "".join(getattr(part, "value", "") if isinstance(part, ast.Constant)
                                  else "\0" for part in parts)  # fmt: skip
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


PUT_TOGETHER = re.compile(
    r"No \w+ model( for \{0\})? is here\."
    r"|The \{0\} does not answer; \{1\} of its requests are sent to others\."
    r"|There is no (camera|microphone)( called \{0\}(; \{1\} is .*)?| at all)?\."
    r"|The (camera|microphone) \{0\} was unplugged; .*"
)


def test_every_sentence_is_one_that_the_program_says():
    said = "\n".join(texts())
    parts = {
        str(known): re.split(r"\{\d\}", str(known))
        for known in KNOWN
        if not PUT_TOGETHER.fullmatch(str(known))
    }
    assert [known for known, parts in parts.items() if not all(one in said for one in parts)] == []


@pytest.mark.parametrize("kind", ["stt", "mt", "tts"])
def test_what_is_said_of_a_missing_model_is_known(kind, tmp_path, monkeypatch, spanish):
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path)
    for language in ("", "tr"):
        with pytest.raises(EngineUnavailable) as refused:
            chosen(kind, "", "" if kind == "mt" else language)
        there = translated(str(refused.value))
        assert "See what there is" not in there and "is here" not in there


def test_a_sentence_is_translated_wherever_it_stands_and_keeps_what_it_names(spanish):
    text = "whisper: No recognition model for Turkish is here. The rest is unknown."
    there = translated(text)
    assert "No recognition model" not in there and "Türkçe" in there
    assert there.startswith("whisper: ") and there.endswith(" The rest is unknown.")


SHARED = {"es": {"virtual", "host"}, "fr": {"machine", "microphone", "segments", "code", "session"}}
"""Words that the language has as English has them."""


@pytest.mark.parametrize("language", [code for code in translation.LANGUAGES if code != "en"])
@pytest.mark.parametrize(
    ("notice", "kept"),
    [
        (IN_THE_ROOM, ()),
        (IN_A_CIRCLE, ("others.output",)),
        ("The others cannot be translated for you. The others speak Turkish already: nothing to "
         "translate for you.", ("Türkçe",)),
        ("whisper (small) failed (out of memory); sphinx goes on.",
         ("whisper (small)", "(out of memory)", "sphinx")),
        ("This machine is too busy for whisper (small), which takes 1.7 times as long as it may; "
         "whisper (tiny) goes on.", ("whisper (small)", "1.7", "whisper (tiny)")),
        ("whisper (small) does well here again and is back in place of sphinx.",
         ("whisper (small)", "sphinx")),
        (ABSENT, ("CUDA", "models.device", "NVIDIA", "cuBLAS", "cuDNN", "auto")),
        ("cuda:1 was asked for (cards.lips), but no graphics card is found; the processor works "
         "instead.", ("cuda:1", "cards.lips")),
        ("cuda:1 was asked for (cards.lips), but it is not among the graphics cards that are "
         "found; the first one works instead.", ("cuda:1", "cards.lips")),
        ("The process of stt had to be started again.", ("stt",)),
        ("The stt worker 7 on here does not answer.", ("stt worker 7 on here",)),
        ("The stt worker 7 on here has ended; what it had is done by others.",
         ("stt worker 7 on here",)),
        ("The stt worker 7 on here has ended.", ("stt worker 7 on here",)),
        ("Three workers have ended over it; it is not tried again.", ()),
        ("No broker answers at amqp://here:5672/. Is RabbitMQ running there?",
         ("amqp://here:5672/", "RabbitMQ")),
        ("The broker at amqp://here:5672/ refuses this user name or password.",
         ("amqp://here:5672/",)),
        ("A queue at amqp://here:5672/ was declared with other settings (received none). Delete it "
         "there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.",
         ("amqp://here:5672/", "received none", "rabbitmqctl delete_queue NAME")),
        ("4 segments wait. No mt worker for English to Spanish is at amqp://here:5672/. Start one: "
         "translated-camera worker mt --broker … --from en --to es",
         ("English to Spanish", "amqp://here:5672/", "4",
          "translated-camera worker mt --broker … --from en --to es")),
        ("There is no microphone called USB 2.0 Audio. There are: Jack 3.5 mm, USB 1.1.",
         ("USB 2.0 Audio", "Jack 3.5 mm, USB 1.1")),
        ("There is no camera called Webcam. There is no camera at all.", ("Webcam",)),
        ("There is no camera called Webcam; USB 2.0 is shown until it is there.",
         ("Webcam", "USB 2.0")),
        ("There is no microphone called Jack; Table is heard until it is there.",
         ("Jack", "Table")),
        ("The camera Webcam was unplugged; there is no other.", ("Webcam",)),
        ("The microphone Jack was unplugged; Table is heard until it is back.", ("Jack", "Table")),
        ("There is no camera.", ()),
        ("Translated Camera is running already (process 4711); one session at a time can feed the "
         "virtual devices. End it first.", ("Translated Camera", "4711")),
        ("Process 4711 of an earlier session does not end; end it by hand.", ("4711",)),
        ("The settings cannot be written to /a.b/settings.toml: Is a directory.",
         ("/a.b/settings.toml", "Is a directory")),
        ("/a.b/report.zip cannot be written: No space left on device.",
         ("/a.b/report.zip", "No space left on device")),
        ("'a/b' cannot be a profile's name; use letters and digits.", ("'a/b'",)),
        ("Ana speaks Spanish already: nothing to translate.", ("Ana", "Español")),
        ("Lao speaks Spanish already: nothing to translate.", ("Lao", "Español")),
        (as_the_others("Die anderen"), ("Die anderen",)),
        (f"A further speaker is written {FORM}.", (FORM,)),
        ("It says from= twice.", ("from=",)),
        ('There is no such language. Give a code such as "en" or a name such as "English".',
         ("en", "English")),
        ("What answers at amqps://here:5671/ does not speak TLS as asked (WRONG_VERSION_NUMBER).",
         ("amqps://here:5671/", "WRONG_VERSION_NUMBER", "TLS")),
        ("Ana needs a microphone that nobody else speaks into.", ("Ana",)),
        ("A=B cannot be a name here: leave out the equals sign.", ("A=B",)),
        ("Each further speaker needs a name of their own.", ()),
        ("Others is what everybody at the far end is called: choose another name.", ("Others",)),
        ("At most 8 further speakers can be heard.", ("8",)),
        ("The stt worker 7 on here does not answer; 3 of its requests are sent to others.",
         ("stt worker 7 on here", "3")),
    ],
)  # fmt: skip
def test_a_notice_of_the_session_is_in_the_language_of_the_window(
    installed, language, notice, kept
):
    installed(language)
    there = translated(notice)
    words = set(re.findall(r"[A-Za-z]{4,}", notice)) - set(re.findall(r"\w+", " ".join(kept)))
    same = {word for word in words if f" {word} " in f" {there} "}
    assert same <= SHARED.get(language, set())
    assert all(one in there for one in kept)


def test_several_languages_are_called_as_the_window_calls_them(installed):
    installed("de")
    assert finding_words("From English: French, Spanish.") == "Aus English: Français, Español."
    assert finding_words("From English: none.").endswith("none.")


@pytest.mark.parametrize("language", ["es", "ar", "de"])
def test_each_of_several_sentences_keeps_its_own_words(installed, language):
    installed(language)
    one, other = (
        f"cuda:{card} was asked for (cards.{kind}), but no graphics card is found; the processor "
        "works instead."
        for card, kind in ((1, "lips"), (2, "stt"))
    )
    together = translated(f"{ABSENT} {one} {other}")
    assert together == " ".join(translated(each) for each in (ABSENT, one, other))
    assert one not in together


def test_what_is_not_known_stays(spanish):
    assert translated("The moon is full.") == "The moon is full."
    assert translated("") == ""


def test_the_reason_of_an_engine_is_in_the_language_of_the_window(qtbot, spanish):
    card = RungCard()
    qtbot.addWidget(card)
    reason = (
        "stt: sphinx (basic); not whisper: No recognition model is here. See what there is with"
        " `translated-camera models list`, and get one with `translated-camera models pull NAME`."
    )
    card.show_rungs((Rung("stt", "sphinx", reason),))
    shown = card.rows["stt"][1].text()
    assert shown.startswith("sphinx (")
    for word in ("basic", "not whisper", "No recognition", "pull NAME"):
        assert word not in shown


@pytest.mark.parametrize(("reason", "offered"), [("stt: sphinx (basic)", True), ("x", False)])
def test_better_models_are_offered_while_a_basic_engine_is_at_work(qtbot, reason, offered):
    card = RungCard()
    qtbot.addWidget(card)
    card.show_rungs((Rung("stt", "sphinx", reason),))
    assert card.better.isHidden() is not offered
    with qtbot.waitSignal(card.models_wanted):
        card.better.click()

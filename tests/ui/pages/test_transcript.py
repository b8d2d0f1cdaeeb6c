import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from core.config import Guests
from core.events import Hearing, SpeakerEvent
from ui.conversation import Conversation
from ui.pages.transcript import LineTable, TranscriptWindow, clock
from ui.rehearsed import LINES
from ui.sentences import isolated


@pytest.fixture
def transcript(qtbot, window, model, play):
    model.start()
    play(9.0)
    transcript = TranscriptWindow(window.conversation, window)
    transcript.show()
    qtbot.waitUntil(lambda: transcript.found.rowCount() >= 2)
    return transcript


def shown(transcript):
    found = transcript.found
    role = Qt.ItemDataRole.EditRole
    return [found.index(at, 1).data(role) for at in range(found.rowCount())]


def test_it_grows_with_the_session(qtbot, transcript, play):
    before = transcript.found.rowCount()
    play(7.0)
    qtbot.waitUntil(lambda: transcript.found.rowCount() > before)
    assert shown(transcript)[:2] == list(LINES["en"][:2])


def test_the_search_looks_into_both_languages(transcript):
    transcript.search.setText("NUEVO PLAN")
    assert shown(transcript) == [LINES["en"][1]]
    transcript.search.setText("good morning")
    assert shown(transcript)[0] == LINES["en"][0]


def test_what_somebody_said_is_found_by_their_name(transcript, window):
    window.conversation.take(SpeakerEvent("Ana", Hearing(0, "Good evening.")))
    transcript.refresh()
    transcript.search.setText("ana: good")
    assert shown(transcript) == ["Ana: Good evening."]


def test_the_selected_lines_are_copied(transcript):
    transcript.view.selectRow(1)
    transcript.copy()
    copied = QGuiApplication.clipboard().text()
    assert LINES["en"][1] in copied and LINES["es"][1] in copied
    assert LINES["en"][0] not in copied


def test_after_stop_the_captions_are_exported_as_srt(qtbot, transcript, model, tmp_path):
    model.stop()
    path = tmp_path / "talk.srt"
    transcript.write(path)
    text = path.read_text("utf-8")
    assert text.startswith("1\n00:00:00,000 --> ")
    assert text.index("Good morning") < text.index("Buenos") < text.index("looked at")


def test_json_holds_one_side_when_asked_to(transcript, tmp_path):
    transcript.form.setCurrentIndex(transcript.form.findData("json"))
    transcript.side.setCurrentIndex(transcript.side.findData("translation"))
    transcript.write(tmp_path / "talk")
    captions = json.loads((tmp_path / "talk.json").read_text("utf-8"))["captions"]
    assert captions[0]["translation"] == LINES["es"][0]
    assert "source" not in captions[0]


def test_a_file_that_cannot_be_written_is_said(transcript, tmp_path):
    transcript.write(tmp_path / "missing" / "talk.txt")
    assert "cannot be written" in transcript.says.text()


def test_a_second_start_goes_on_after_the_first(qtbot, transcript, live, model, play, window):
    first = window.conversation.captions()
    model.restart()
    qtbot.waitUntil(lambda: live.calls.count("start") == 2)
    play(5.0)
    qtbot.waitUntil(lambda: len(window.conversation.captions()) > len(first))
    captions = window.conversation.captions()
    assert captions[len(first)].start >= first[-1].end


def test_times_are_read_as_people_write_them():
    assert (clock(None), clock(65.9), clock(3725)) == ("", "1:05", "1:02:05")


def test_who_spoke_is_named_and_a_name_does_not_turn_the_direction_of_their_words(qtbot, model):
    model.change(replace(model.config, guests=Guests(("Ana=USB,from=ar",))))
    conversation = Conversation(model)
    conversation.take(SpeakerEvent("Ana", Hearing(0, "صباح الخير")))
    table = LineTable(conversation)
    table.refresh()
    shown = table.index(0, 1).data(Qt.ItemDataRole.DisplayRole)
    copied = table.index(0, 1).data(Qt.ItemDataRole.EditRole)
    assert copied == "Ana: صباح الخير"
    assert shown == isolated(f"{isolated('Ana')}: صباح الخير")

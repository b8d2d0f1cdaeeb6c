"""Whose words are whose, and in which order they are shown."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QLocale

from core.captions import export
from core.config import Config, Guests, Languages, Others
from core.events import (
    OTHERS,
    Fate,
    Hearing,
    Settled,
    SpeakerEvent,
    State,
    StateChanged,
    Translated,
)
from core.types import AudioChunk, Segment, Transcript, Translation
from ui import translation
from ui.conversation import Conversation
from ui.model import LiveModel
from ui.widgets.captions import Captions

RATE = 16000


@pytest.fixture
def conversation(qtbot):
    model = LiveModel(Config(languages=Languages("en", "es"), others=Others(speak="fr")))
    conversation = Conversation(model)
    conversation.take(StateChanged(State.STARTING))
    yield conversation
    model.deleteLater()


def said(number, start, text, translation, language="en"):
    audio = AudioChunk(np.zeros(RATE, np.float32), RATE, start)
    transcript = Transcript(Segment(number, audio), text, language)
    return Translated(Translation(transcript, translation, "es"))


def theirs(event):
    return SpeakerEvent(OTHERS, event)


def test_the_others_are_kept_apart_although_their_segments_have_the_same_numbers(conversation):
    conversation.take(said(0, 5.0, "hello", "hola"))
    conversation.take(theirs(Hearing(0, "bon")))
    conversation.take(theirs(said(0, 2.0, "bonjour", "good morning", "fr")))
    conversation.take(theirs(Settled(0, Fate.SPOKEN)))
    first, second = conversation.lines
    assert (first.speaker, first.source, first.translation) == (OTHERS, "bonjour", "good morning")
    assert (first.source_language, first.target_language) == ("fr", "en")
    assert first.fate is Fate.SPOKEN
    assert (second.speaker, second.source, second.fate) == ("", "hello", None)


def test_when_the_way_back_begins_anew_nothing_is_lost_of_anybody(conversation):
    conversation.take(said(0, 1.0, "hello", "hola"))
    for text in ("un", "deux"):
        conversation.take(theirs(StateChanged(State.STARTING)))
        conversation.take(theirs(said(0, 2.0, text, text)))
    assert [line.source for line in conversation.lines] == ["hello", "un", "deux"]


def test_what_is_exported_tells_who_spoke_where_there_are_several(conversation):
    conversation.take(said(0, 1.0, "hello", "hola"))
    assert "speaker" not in export(conversation.captions(), "json")
    conversation.take(theirs(said(0, 2.0, "bonjour", "good morning")))
    told = json.loads(export(conversation.captions(), "json"))["captions"]
    assert [one["speaker"] for one in told] == ["You", OTHERS]


def test_on_either_side_one_language_is_read_and_the_others_are_marked(qtbot, conversation):
    captions = Captions(conversation.parent(), conversation)
    qtbot.addWidget(captions)
    conversation.take(said(0, 1.0, "hello", "hola"))
    conversation.take(theirs(said(0, 2.0, "bonjour", "good morning", "fr")))
    captions.refresh()
    assert captions.source.toPlainText().split("\n") == ["hello", "Others: good morning"]
    assert captions.target.toPlainText().split("\n") == ["hola", "Others: bonjour"]


def test_who_the_others_are_is_said_in_the_language_of_the_window(qapp, qtbot, conversation):
    before = QLocale()
    translation.install(qapp, "de")
    try:
        captions = Captions(conversation.parent(), conversation)
        qtbot.addWidget(captions)
        conversation.take(theirs(said(0, 2.0, "bonjour", "good morning", "fr")))
        captions.refresh()
        assert captions.source.toPlainText() == "Die anderen: good morning"
        told = json.loads(export(conversation.captions(), "json"))["captions"]
        assert told[0]["speaker"] == "Die anderen"
    finally:
        translation.install(qapp, "en")
        QLocale.setDefault(before)


def test_what_a_guest_begins_to_say_is_in_their_languages(qtbot):
    model = LiveModel(Config(guests=Guests(("Ana=USB,from=ar,to=fr",))))
    conversation = Conversation(model)
    conversation.take(SpeakerEvent("Ana", Hearing(0, "صباح")))
    (line,) = conversation.lines
    assert (line.who, line.source_language, line.target_language) == ("Ana", "ar", "fr")
    model.deleteLater()

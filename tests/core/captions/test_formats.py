import json
import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.captions import Caption, export
from core.captions.wrap import columns
from core.errors import UsageError

TALK = [
    Caption(0.0, 2.5, "Hello & welcome.", "Hola y bienvenidos.", 0),
    Caption(3.0, 11.0, "This is a long segment. " * 6, "Este es un segmento largo. " * 6, 1),
    Caption(11.0, 12.0, "今日はとても良い天気ですね。", "שלום לכולם", 2),
]


@dataclass(frozen=True)
class Parsed:
    start: int
    end: int
    lines: list[str]


def _milliseconds(time: str) -> int:
    hours, minutes, seconds, rest = map(int, re.split("[:.,]", time))
    assert minutes < 60 and seconds < 60
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _parsed(blocks: list[str], mark: str) -> list[Parsed]:
    """Every rule of the format that a strict player could insist on."""
    time = rf"(\d{{2,}}:\d\d:\d\d{mark}\d{{3}})"
    done = []
    for number, block in enumerate(blocks, start=1):
        first, times, *texts = block.split("\n")
        assert first == str(number)
        match = re.fullmatch(rf"{time} --> {time}", times)
        assert match, times
        assert texts and all(line.strip() == line and line for line in texts)
        assert not any("-->" in line for line in texts)
        done.append(Parsed(_milliseconds(match[1]), _milliseconds(match[2]), texts))
    return done


def parse_srt(text: str) -> list[Parsed]:
    assert not text or text.endswith("\n")
    return _parsed(text.removesuffix("\n").split("\n\n") if text else [], ",")


def parse_vtt(text: str) -> list[Parsed]:
    head, _, body = text.partition("\n\n")
    assert head.strip() == "WEBVTT"
    assert "<" not in body and not re.search(r"&(?!amp;|lt;|gt;)", body)
    return _parsed(body.removesuffix("\n").split("\n\n") if body else [], r"\.")


def check(cues: list[Parsed]) -> None:
    for cue in cues:
        assert 500 <= cue.end - cue.start <= 7000
        assert len(cue.lines) <= 2
    for cue, following in pairwise(cues):
        assert cue.end <= following.start


@pytest.mark.parametrize("side", ["source", "translation", "both"])
def test_cues_are_valid_readable_and_one_after_the_other(side: str) -> None:
    for cues in (parse_srt(export(TALK, "srt", side)), parse_vtt(export(TALK, "vtt", side))):
        check(cues)
        assert all(columns(line) <= 42 for cue in cues for line in cue.lines)
        assert len(cues) > len(TALK)


def test_a_side_holds_its_language_only() -> None:
    assert "Hello" not in export(TALK, "srt", "translation")
    assert "Hola" not in export(TALK, "vtt", "source")


def test_both_languages_stand_above_each_other() -> None:
    assert parse_srt(export(TALK, "srt", "both"))[0].lines == [
        "Hello & welcome.",
        "Hola y bienvenidos.",
    ]


def test_a_long_segment_is_spread_over_its_time_by_length() -> None:
    cues = parse_srt(export(TALK[1:2], "srt", "source"))
    assert (cues[0].start, cues[-1].end) == (3000, 11000)
    assert max(c.end - c.start for c in cues) < 1.5 * min(c.end - c.start for c in cues)
    assert " ".join(line for cue in cues for line in cue.lines) == TALK[1].source.strip()


def test_a_short_caption_stays_long_enough_to_be_read_where_there_is_room() -> None:
    alone = [Caption(5.0, 5.1, "Yes.", "Sí.", 0)]
    assert parse_srt(export(alone, "srt", "source"))[0].end == 6000
    followed = [*alone, Caption(5.6, 6.6, "No.", "No.", 1)]
    assert parse_srt(export(followed, "srt", "source"))[0].end == 5600


def test_captions_that_begin_together_follow_each_other() -> None:
    cues = parse_srt(export([Caption(1.0, 2.0, f"{n}.", "", n) for n in range(5)], "srt", "source"))
    check(cues)
    assert [cue.lines for cue in cues] == [[f"{n}."] for n in range(5)]


def test_captions_come_out_in_the_order_of_their_start() -> None:
    cues = parse_srt(export(TALK[::-1], "srt", "source"))
    assert cues[0].lines == ["Hello & welcome."]


def test_webvtt_escapes_what_would_end_a_cue_or_begin_a_tag() -> None:
    tricky = [Caption(0.0, 2.0, "a --> b & <i>c</i>", "", 0)]
    assert "a --&gt; b &amp; &lt;i&gt;c&lt;/i&gt;" in export(tricky, "vtt", "source")


def test_subrip_holds_no_arrow_but_its_own() -> None:
    tricky = [Caption(0.0, 2.0, "a --> b", "", 0)]
    assert parse_srt(export(tricky, "srt", "source"))[0].lines == ["a → b"]


def test_a_speakers_name_breaks_no_line_of_any_form() -> None:
    talk = [Caption(0.0, 1.0, "Hello.", "Hola.", 0, "Ana\n\nMaría")]
    assert "\nAna María: Hello.\n" in export(talk, "srt", "source")
    assert "<v Ana María>" in export(talk, "vtt")
    assert export(talk, "txt", "source") == "Ana María: Hello.\n"


def test_a_caption_without_text_is_left_out() -> None:
    empty = Caption(0.0, 1.0, " \n ", "", 0)
    assert export([empty], "srt") == export([], "srt") == ""
    assert parse_vtt(export([empty], "vtt")) == []
    assert export([empty], "txt") == ""


def test_times_beyond_an_hour_and_before_zero_are_written_well() -> None:
    late = export([Caption(3661.0017, 3662.0, "x", "", 0)], "srt", "source")
    assert "01:01:01,002 --> 01:01:02,002" in late
    assert "00:00:00,000 -->" in export([Caption(-0.5, 1.5, "x", "", 0)], "srt", "source")


def test_plain_text_has_a_line_or_a_pair_of_lines_a_caption() -> None:
    assert export(TALK[:1] * 2, "txt", "translation") == "Hola y bienvenidos.\n" * 2
    assert export(TALK[:1], "txt", "both") == "Hello & welcome.\nHola y bienvenidos.\n"


def test_json_holds_everything_unwrapped() -> None:
    entries = json.loads(export(TALK, "json"))["captions"]
    assert [Caption(**entry) for entry in entries] == TALK
    assert "今日" in export(TALK, "json")
    assert "source" not in json.loads(export(TALK, "json", "translation"))["captions"][0]


def test_an_unknown_form_or_side_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="srt, vtt, txt or json"):
        export([], "ass")
    with pytest.raises(UsageError, match="source, translation or both"):
        export([], "srt", "left")


def test_a_speech_of_ten_thousand_words_is_cut_into_cues() -> None:
    speech = Caption(0.0, 3600.0, "word " * 10_000, "", 0)
    cues = parse_srt(export([speech], "srt", "source"))
    check(cues)
    assert sum(len(line.split()) for cue in cues for line in cue.lines) == 10_000


CAPTIONS = st.lists(
    st.builds(
        lambda start, length, source, translation, number: Caption(
            start, start + length, source, translation, number
        ),
        st.floats(0, 100),
        st.floats(0, 20),
        st.text(max_size=120),
        st.text(st.characters(), max_size=120),
        st.integers(0, 99),
    ),
    max_size=6,
)


@given(CAPTIONS, st.sampled_from(["source", "translation", "both"]))
def test_whatever_was_said_the_files_are_valid(captions: list[Caption], side: str) -> None:
    check(parse_srt(export(captions, "srt", side)))
    check(parse_vtt(export(captions, "vtt", side)))
    for form in ("srt", "vtt", "txt", "json"):
        export(captions, form, side).encode("utf-8")


BOTH_TALK = [
    Caption(0.0, 2.0, "Hello.", "Hola.", 0),
    Caption(3.0, 5.0, "¿Qué tal?", "How are you?", 0, "Ann <others>"),
]


def test_who_spoke_is_told_where_it_is_known():
    assert "\nAnn <others>: ¿Qué tal?\n" in export(BOTH_TALK, "srt", "source")
    assert "\n<v Ann &lt;others&gt;>¿Qué tal?\n" in export(BOTH_TALK, "vtt", "source")
    assert export(BOTH_TALK, "txt", "translation") == "Hola.\nAnn <others>: How are you?\n"
    first, second = json.loads(export(BOTH_TALK, "json"))["captions"]
    assert "speaker" not in first
    assert second["speaker"] == "Ann <others>"

import pytest

from core.config import Config, Devices, Languages, Voice
from core.errors import UsageError
from core.events import OTHERS
from core.guests import Guest, check, faults, guest, guests, written, wrong


def test_a_guest_is_written_with_what_is_different_for_them():
    assert guest("Ana=file:ana.wav,from=es,to=en,voice=en+f3") == Guest(
        "Ana", "file:ana.wav", "es", "en", "en+f3"
    )


def test_a_source_may_hold_commas_and_equals_signs():
    assert guest("Ben=HDA Intel, ALC=1 (hw:0,0)").source == "HDA Intel, ALC=1 (hw:0,0)"
    assert guest("Ben=USB, front, to=de") == Guest("Ben", "USB, front", to="de")


@pytest.mark.parametrize("text", ["Ana", "=file:a.wav", "Ana=", "Ana=,to=en", "A=b,to=en,to=es"])
def test_what_cannot_be_meant_is_refused_with_the_form(text):
    with pytest.raises(UsageError, match=r"NAME=SOURCE|twice"):
        guest(text)


def test_two_of_the_same_name_are_refused_and_so_are_too_many():
    with pytest.raises(UsageError, match="name of their own"):
        check(("Ana=a", "ana=b"))
    with pytest.raises(UsageError, match="choose another name"):
        check((f"{OTHERS}=a",))
    with pytest.raises(UsageError, match="At most 8"):
        check(tuple(f"N{number}=mic {number}" for number in range(9)))


def test_who_is_written_badly_costs_nobody_else_anything_and_is_not_quoted():
    texts = ("Rosalind", "Ana=a", "ana=Rosalind", "Ben=b,from=Rosalind", "Eve=e")
    assert [one.name for one in guests(texts)] == ["Ana", "Eve"]
    assert list(wrong(texts)) == [0, 2, 3]
    assert "Rosalind" not in "".join(wrong(texts).values())


def test_guests_sound_different_from_each_other_unless_told_otherwise():
    ana, ben, eve = guests(("Ana=a", "Ben=b", "Eve=c,voice=es"))
    assert len({ana.voice, ben.voice, eve.voice, ""}) == 4
    assert eve.voice == "es"


def test_nobody_gets_a_voice_by_themselves_that_another_has_asked_for():
    ana, ben = guests(("Ana=a", "Ben=b,voice=en+f3"))
    assert (ana.voice, ben.voice) == ("+m3", "en+f3")


def test_who_stays_keeps_their_voice():
    before = guests(("Ana=a", "Ben=b", "Eve=c"))
    assert guests(("Ben=b", "Zed=d", "Eve=c"), before)[::2] == before[1:]
    ben, _ = guests(("Ben=b", f"Zed=d,voice={before[1].voice}"), before)
    assert ben.voice != before[1].voice


def test_a_guest_has_the_users_settings_but_never_their_own_voice():
    mine = Config(languages=Languages("en", "es"), voice=Voice(own="me", rate=1.5))
    theirs = Guest("Ana", "a", to="de", voice="+f3").config(mine)
    assert (theirs.languages.source, theirs.languages.target) == ("en", "de")
    assert (theirs.voice.own, theirs.voice.name, theirs.voice.rate) == ("", "+f3", 1.5)


@pytest.mark.parametrize(
    "one",
    [
        Guest("Ana", "USB, front (hw:0,0)"),
        Guest("Ben Ó", "HDA, ALC=1", "de", "fr", "+f3"),
        Guest("آنا", "file:a.wav", voice="es"),
        Guest("Ana", "mic,to=en", to="de"),
        Guest("Ana", "Mic, from=de"),
        Guest("Ana", ' USB "Audio" \\ '),
        Guest("Ana", '"USB"', "de"),
    ],
)
def test_what_is_written_is_read_again(one):
    assert guest(written(one)) == one


@pytest.mark.parametrize("one", [Guest("A=B", "mic"), Guest("A\nB", "mic"), Guest("", "mic")])
def test_what_would_be_read_as_something_else_is_not_written(one):
    with pytest.raises(UsageError):
        written(one)


def test_a_name_is_on_one_line():
    assert guest(" Ana\n \tMaría = mic") == Guest("Ana María", "mic")


@pytest.mark.parametrize("text", ["Ana=a,from=klingonish", "Ana=a,to=auto", "Ana"])
def test_a_list_with_what_nobody_knows_is_refused(text):
    check(("Ben=b,from=auto,to=de",))
    with pytest.raises(UsageError):
        check(("Ben=b", text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ana=a,to=en", "Ana speaks English already: nothing to translate."),
        ("Ana=a,from=es", "Ana speaks Spanish already: nothing to translate."),
        ("Ana=mine", "Ana needs a microphone that nobody else speaks into."),
        ("Ana=b", "Ana needs a microphone that nobody else speaks into."),
        ("Ana=B", "Ana needs a microphone that nobody else speaks into."),
        ("Ana=a,from=es,to=en", ""),
    ],
)
def test_who_cannot_be_translated_beside_the_user_is_told_with_the_reason(text, why):
    config = Config(languages=Languages("en", "es"), devices=Devices(microphone="mine"))
    all_ = guests((text, "Ben=b"))
    assert [said for one, said in faults(all_, config) if one.name == "Ana"] == [why][: bool(why)]

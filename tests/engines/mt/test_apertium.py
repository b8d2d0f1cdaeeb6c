import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.text.care import TextCare
from engines.mt.apertium import ApertiumTranslator
from engines.mt.modes import installed

PAIRS = installed() if shutil.which("apertium-transfer") else {}

KEEP = ("Kubernetes", "iPhone", "Anna Smith")
TERMS = (
    "Kubernetes, iPhone and Anna Smith use the house.",
    "La casa de Anna Smith es de Kubernetes (https://x.org/a) a 5:30.",
    "the iPhone's Kubernetes is 3.5 times better than 1,234",
    "Kubernetes?",
)

pytestmark = pytest.mark.skipif(
    ("en", "es") not in PAIRS, reason="apertium-eng-spa is not installed"
)


@pytest.fixture(scope="module")
def spanish() -> Iterator[ApertiumTranslator]:
    with contextlib.closing(ApertiumTranslator("en", "es", timeout=30.0)) as translator:
        yield translator


def test_a_sentence_is_translated(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("The house is red.") == "La casa es roja."
    assert spanish.route == ("en", "es")


def test_both_kinds_of_codes_and_names_are_taken() -> None:
    with contextlib.closing(ApertiumTranslator("spa", "English")) as translator:
        assert (translator.source, translator.target) == ("es", "en")
        assert translator.translate("La casa es roja.") == "The house is red."


def test_unknown_words_come_through_unmarked(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("the Kubernetes zzyzx") == "el Kubernetes zzyzx"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[x]",
        "[] {y} ^z$ <w> \\ ~ * # + | @",
        "12/03 5:30 25%",
        "😀🏳️‍🌈",
        "שלום עולם",
        "Zzyzx@qqv.org",
    ],
)
def test_what_is_not_english_survives(spanish: ApertiumTranslator, text: str) -> None:
    assert spanish.translate(text) == text


def test_brackets_around_words_survive(spanish: ApertiumTranslator) -> None:
    assert "[rojo]" in spanish.translate("The house is [red].")


def test_lines_stay_lines(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("red\n\nhouse") == "rojo\n\ncasa"


def test_control_characters_are_blanks(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("the\0red\x07\x1b\thouse") == "la casa roja"


def test_half_a_surrogate_pair_costs_only_itself(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("red \ud800house") == "casa roja"


def test_ten_thousand_words_lose_none(spanish: ApertiumTranslator) -> None:
    text = "The house is red. " * 2500
    assert spanish.translate(text).split() == ("La casa es roja. " * 2500).split()


def test_a_word_longer_than_a_pipe_comes_through(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("x" * 100_000).replace(" ", "") == "x" * 100_000


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("Good morning everyone, thank you for coming.", "Buenos días a todos, gracias por venir."),
        ("Please turn off your microphone.", "Por favor, apague su micrófono."),
        ("See you tomorrow.", "Hasta mañana."),
        ("please open the door", "por favor, abre la puerta"),
    ],
)
def test_set_phrases_of_meetings_are_translated_as_people_do(
    spanish: ApertiumTranslator, english: str, expected: str
) -> None:
    assert spanish.translate(english) == expected


def test_terms_and_set_phrases_do_not_hide_behind_the_same_word(
    spanish: ApertiumTranslator,
) -> None:
    care = TextCare("en", "es", keep=["Zoom"])
    prepared = care.prepare("See you tomorrow on zoom.")
    assert care.finish(prepared, spanish.translate(prepared.text)) == "Hasta mañana en Zoom."


def test_a_question_stays_one(spanish: ApertiumTranslator) -> None:
    assert spanish.translate("Where is the house?").endswith("?")


def test_there_is_a_way_through_a_third_language(tmp_path: Path) -> None:
    if ("es", "ca") not in PAIRS:
        pytest.skip("apertium-spa-cat is not installed")
    for pair in (("en", "es"), ("es", "ca")):
        shutil.copy(PAIRS[pair], tmp_path)
    with contextlib.closing(ApertiumTranslator("en", "ca", modes=tmp_path)) as translator:
        assert translator.route == ("en", "es", "ca")
        assert translator.translate("The house is red.") == "La casa és vermella."


@pytest.mark.parametrize("pair", [("en", "es"), ("es", "en"), ("en", "ca"), ("es", "ca")])
def test_hidden_terms_pass_through_every_program(pair: tuple[str, str]) -> None:
    if pair not in PAIRS:
        pytest.skip(f"Apertium's pair {'-'.join(pair)} is not installed")
    care = TextCare(*pair, keep=KEEP, glossary={"casa": "domus", "house": "domus"})
    with contextlib.closing(ApertiumTranslator(*pair, timeout=30.0)) as translator:
        for text in TERMS:
            prepared = care.prepare(text)
            translated = translator.translate(prepared.text)
            assert all(
                f"QX{letter}" in translated for letter in "BCDF"[: len(prepared.hidden.terms)]
            )
            assert "QX" not in care.finish(prepared, translated)


def test_a_language_to_itself_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="English"):
        ApertiumTranslator("en", "eng")


def test_an_unknown_language_is_a_matter_of_usage() -> None:
    with pytest.raises(UsageError, match="Klingon"):
        ApertiumTranslator("en", "Klingon")


def test_a_missing_pair_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="Spanish"):
        ApertiumTranslator("en", "ii")


def test_a_missing_program_is_refused_with_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "eng-spa.mode").write_text("cat | no-such-program x | cat\n")
    with pytest.raises(EngineUnavailable, match=r"no-such-program.*apt-get install"):
        ApertiumTranslator("en", "es", modes=tmp_path)


def test_a_program_that_dies_is_started_again_and_no_sentence_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with contextlib.closing(ApertiumTranslator("en", "es", timeout=30.0)) as translator:
        for victim in (0, 4, -1):
            before = translator.pids
            os.kill(before[victim], signal.SIGKILL)
            assert translator.translate("The house is red.") == "La casa es roja."
            assert not set(before) & set(translator.pids)
            assert not any(_alive(pid) for pid in before)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3
    assert "house" not in caplog.text


def test_a_program_that_hangs_is_started_again() -> None:
    with contextlib.closing(ApertiumTranslator("en", "es", timeout=0.5)) as translator:
        os.kill(translator.pids[3], signal.SIGSTOP)
        assert translator.translate("The house is red.") == "La casa es roja."


def test_a_sentence_that_breaks_it_twice_is_reported(tmp_path: Path) -> None:
    program = tmp_path / "answers-once"
    program.write_text(
        f"#!{sys.executable}\nimport os\nos.write(1, os.read(0, 99))\nos.read(0, 99)\n"
    )
    program.chmod(0o755)
    (tmp_path / "eng-spa.mode").write_text(f"'{program}'\n")
    with contextlib.closing(ApertiumTranslator("en", "es", modes=tmp_path)) as translator:
        with pytest.raises(EngineFailed, match="did not help"):
            translator.translate("A sentence that is longer.")
        assert translator.pids == ()


def test_closing_ends_every_program() -> None:
    translator = ApertiumTranslator("en", "es")
    pids = translator.pids
    assert len(pids) > 5
    translator.close()
    translator.close()
    assert not any(_alive(pid) for pid in pids)
    with pytest.raises(EngineFailed, match="closed"):
        translator.translate("red")


def test_the_programs_end_when_their_owner_is_killed() -> None:
    code = (
        "import sys, time; from engines.mt.apertium import ApertiumTranslator as T;"
        "print(*T('en', 'es').pids, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        owner.kill()
    assert len(pids) > 5
    assert _wait_until_gone(pids)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until_gone(pids: list[int], patience: float = 20.0) -> bool:
    until = time.monotonic() + patience
    while any(_alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True

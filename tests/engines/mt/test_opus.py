"""Opus-MT on models that the tests have taught a few sentences."""

import json
import pickle
import shutil
import warnings

import pytest

from core.errors import EngineUnavailable, UsageError
from core.text.care import TextCare
from engines.models.store import Installed, write
from engines.mt import opus
from engines.mt.opus import OpusTranslator

LEARNT = [
    ("es", "I see the report today.", "Veo el informe hoy."),
    ("es", "They want the door on Monday.", "Quieren la puerta el lunes."),
    ("fr", "I see the report today.", "Je vois le rapport aujourd'hui."),
    ("fr", "You have the book now.", "Tu as le livre maintenant."),
]


@pytest.fixture(scope="module")
def spanish(opus_converted):
    translator = OpusTranslator("en", "es", model=opus_converted)
    yield translator
    translator.close()


@pytest.mark.parametrize(("target", "text", "translation"), LEARNT)
def test_what_was_learnt_is_translated_into_the_language_that_is_asked_for(
    opus_converted, target, text, translation
):
    translator = OpusTranslator("English", target, model=opus_converted)
    assert translator.translate(text) == translation
    assert "int8 on the processor" in translator.note
    translator.close()


@pytest.mark.parametrize(("target", "text", "translation"), LEARNT)
def test_transformers_translates_the_same(opus_folder, target, text, translation):
    translator = OpusTranslator("en", target, model=opus_folder, backend="transformers")
    assert translator.translate(text) == translation
    assert "transformers, FP32" in translator.note
    translator.close()


def test_sentences_and_lines_are_translated_one_by_one(spanish):
    text = "I see the report now. They want the door tomorrow.\nWe need the book today."
    wanted = "Veo el informe ahora. Quieren la puerta mañana.\nNecesitamos el libro hoy."
    assert spanish.translate(text) == wanted


@pytest.mark.parametrize("text", ["", "   ", "...", "12:30", "QXB", "QXB."])
def test_what_holds_no_word_comes_out_as_it_went_in(spanish, text):
    assert spanish.translate(text) == text.strip()


def test_ten_thousand_words_become_as_many_sentences(spanish):
    sentence = "We need the door now."
    assert spanish.translate(" ".join([sentence] * 200)) == " ".join(
        ["Necesitamos la puerta ahora."] * 200
    )


def test_a_hidden_term_that_the_model_copies_stays_in_its_place(spanish):
    care = TextCare("en", "es", keep=("Kubernetes",))
    prepared = care.prepare("We need Kubernetes today.")
    done = care.finish(prepared, spanish.translate(prepared.text))
    assert done == "Necesitamos Kubernetes hoy."


def test_hidden_terms_that_the_model_loses_stand_between_what_surrounds_them(spanish):
    translated = spanish.translate("QZXF the report today QZXG.")
    assert translated.startswith("QZXF ")
    assert translated.endswith("QZXG.")
    assert translated.count("QZX") == 2


class Scripted:
    """In place of a model: the text with the target language behind it."""

    def __init__(self, folder, target, device, backend):
        self.target, self.note = target, "nowhere"
        self.closed = False

    def translate(self, sentence, search, count=1):
        return [f"{sentence}>{self.target}"]

    def close(self):
        self.closed = True


def install(folder, *pairs, rank=0):
    folder.mkdir(parents=True)
    write(Installed(folder.name, "mt", folder, languages=pairs, rank=rank))


@pytest.fixture
def models(monkeypatch, tmp_path):
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path)
    monkeypatch.setattr(opus, "Model", Scripted)
    return tmp_path


def test_without_a_direct_model_the_way_goes_through_english_and_both_are_named(models):
    install(models / "opus-mt-fr-en", "fr-en")
    install(models / "opus-mt-en-es", "en-es")
    translator = OpusTranslator("fr", "es")
    assert translator.route == ("fr", "en", "es")
    assert translator.translate("bonjour") == "bonjour>en>es"
    assert "opus-mt-fr-en and opus-mt-en-es, through English" in translator.note


def test_a_direct_model_goes_before_two_and_one_for_this_pair_before_one_for_many(models):
    install(models / "fr-en", "fr-en")
    install(models / "en-es", "en-es")
    install(models / "romance", "fr-es", "fr-it", "fr-pt")
    assert OpusTranslator("fr", "es").models == ("romance",)
    install(models / "fr-es", "fr-es")
    assert OpusTranslator("fr", "es").models == ("fr-es",)


def test_a_pair_without_models_is_refused_with_what_is_here_and_how_to_get_more(models):
    install(models / "en-es", "en-es")
    with pytest.raises(EngineUnavailable, match=r"German to Spanish.*en-es.*models pull"):
        OpusTranslator("de", "es")


def test_a_language_into_itself_is_the_users_mistake(models):
    with pytest.raises(UsageError, match="itself"):
        OpusTranslator("en", "en")


def test_a_language_that_the_model_lacks_is_refused_with_those_it_knows(opus_converted):
    with pytest.raises(EngineUnavailable, match=r"into German.*es, fr|fr, es"):
        OpusTranslator("en", "de", model=opus_converted)


@pytest.mark.parametrize("lost", ["model.bin", "source.spm", "target.spm"])
def test_a_folder_that_lacks_a_file_is_refused_by_that_files_name(opus_converted, tmp_path, lost):
    shutil.copytree(opus_converted, tmp_path / "model")
    (tmp_path / "model" / lost).unlink()
    with pytest.raises(EngineUnavailable, match=lost):
        OpusTranslator("en", "es", model=tmp_path / "model")


@pytest.mark.parametrize("damaged", ["model.bin", "source.spm"])
def test_a_truncated_file_is_refused_with_a_sentence(opus_converted, tmp_path, damaged):
    shutil.copytree(opus_converted, tmp_path / "model")
    path = tmp_path / "model" / damaged
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        OpusTranslator("en", "es", model=tmp_path / "model")


def test_a_whisper_model_is_no_translator(whisper_folder, opus_converted, tmp_path):
    shutil.copytree(whisper_folder, tmp_path / "model")
    for name in ("source.spm", "target.spm"):
        shutil.copy(opus_converted / name, tmp_path / "model" / name)
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        OpusTranslator("en", "es", model=tmp_path / "model")


def test_a_pickle_of_weights_is_converted_and_one_with_code_in_it_never_opened(
    opus_folder, tmp_path
):
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    from engines.mt.opus_convert import convert

    shutil.copytree(opus_folder, tmp_path / "hub")
    weights = load_file(tmp_path / "hub" / "model.safetensors")
    (tmp_path / "hub" / "model.safetensors").unlink()
    torch.save(weights, tmp_path / "hub" / "pytorch_model.bin")
    convert(tmp_path / "hub", tmp_path / "made")
    translator = OpusTranslator("en", "es", model=tmp_path / "made")
    assert translator.translate("I see the report today.") == "Veo el informe hoy."
    translator.close()

    (tmp_path / "hub" / "pytorch_model.bin").write_bytes(pickle.dumps(print))
    with pytest.raises(EngineUnavailable, match="more than weights"):
        convert(tmp_path / "hub", tmp_path / "again")


def test_only_what_the_target_can_be_is_weighed_up(opus_folder, opus_converted):
    sentencepiece = pytest.importorskip("sentencepiece")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(opus_folder / "target.spm"))
    said = {pieces.id_to_piece(number) for number in range(pieces.get_piece_size())}
    known = json.loads((opus_folder / "vocab.json").read_text("utf-8"))
    weighed = json.loads((opus_converted / "target_vocabulary.json").read_text("utf-8"))
    assert set(weighed) == (said & set(known)) | {"</s>", "<unk>"}
    assert len(weighed) < len(known) - 10
    assert not any(">>" in token for token in weighed)


def test_a_model_that_was_converted_with_one_vocabulary_for_both_still_works(opus_folder, tmp_path):
    from ctranslate2.converters import TransformersConverter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        TransformersConverter(str(opus_folder)).convert(str(tmp_path / "made"), quantization="int8")
    for name in ("source.spm", "target.spm"):
        shutil.copy(opus_folder / name, tmp_path / "made" / name)
    assert (tmp_path / "made" / "shared_vocabulary.json").is_file()
    translator = OpusTranslator("en", "fr", model=tmp_path / "made")
    assert translator.translate("I see the report today.") == "Je vois le rapport aujourd'hui."
    translator.close()


def test_weights_that_are_cut_off_are_named(opus_folder, tmp_path):
    from engines.mt.opus_convert import convert

    shutil.copytree(opus_folder, tmp_path / "hub")
    path = tmp_path / "hub" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(EngineUnavailable, match=r"model\.safetensors is damaged"):
        convert(tmp_path / "hub", tmp_path / "made")

"""An XTTS of our own for tests: the real code on two tiny layers with weights by chance. It streams
and learns a voice as the real one does; what it says is noise. Needs coqui-tts."""

import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from TTS.tts.configs.xtts_config import XttsConfig
from TTS.tts.models.xtts import Xtts

_LANGUAGES: tuple[str, ...] = (
    "en",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "pl",
    "tr",
    "ru",
    "nl",
    "cs",
    "ar",
    "zh-cn",
)
_LANGUAGES += ("hu", "ko", "ja", "hi")
_LAYERS, _WIDTH, _HEADS = 2, 64, 2


def by_chance(folder: Path) -> Path:
    torch.manual_seed(0)
    special = ["[STOP]", "[UNK]", "[SPACE]", "[START]", *(f"[{code}]" for code in _LANGUAGES)]
    letters = list(string.ascii_lowercase + ".,!?'-:;áéíóúüñ¿¡")
    numbers = {token: number for number, token in enumerate([*special, *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=numbers, merges=[], unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "vocab.json"))
    config = XttsConfig()
    shape = config.model_args
    shape.gpt_layers, shape.gpt_n_model_channels, shape.gpt_n_heads = _LAYERS, _WIDTH, _HEADS
    shape.decoder_input_dim = _WIDTH
    shape.gpt_num_audio_tokens = 1026
    shape.gpt_start_audio_token, shape.gpt_stop_audio_token = 1024, 1025
    shape.gpt_use_perceiver_resampler = True
    shape.tokenizer_file = str(folder / "vocab.json")
    shape.gpt_number_text_tokens = len(numbers)
    shape.gpt_start_text_token, shape.gpt_stop_text_token = 3, 0
    torch.save({"model": Xtts(config).state_dict()}, folder / "model.pth")
    config.save_json(str(folder / "config.json"))
    return folder

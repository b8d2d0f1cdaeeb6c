"""Whisper models of our own, where nobody supplied any: for tests and benches.

One is of a real size with weights by chance: it computes as much as a real one and understands
nothing. The other is tiny and has learnt a few clips by heart: those it really transcribes.
Needs torch and transformers (the extra `neural`).
"""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.converters import TransformersConverter
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    GenerationConfig,
    PreTrainedTokenizerFast,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

from core.types import Samples

log = logging.getLogger(__name__)

RATE = 16000
SIZES = {  # width, layers, heads
    "nano": (64, 1, 2),
    "tiny": (384, 4, 6),
    "base": (512, 6, 8),
    "small": (768, 12, 12),
}
_VOCABULARY = 50257
_LANGUAGES = tuple(code for code in _LANGUAGE_CODES if code != "yue")
_END, _START = "<|endoftext|>", "<|startoftranscript|>"
_RATE_OF_LEARNING = 4e-3
_LEARNT = 0.012
_NOISE = 0.05
_LATE = 40
"""Frames of a hundredth of a second."""

Clip = tuple[Samples, str, str]
"""Sound at 16 kHz, what is said in it, and in which language."""


def by_chance(folder: Path, size: str) -> Path:
    """A model of one of the SIZES in CTranslate2's form, eight bits, with the real vocabulary's
    size, windows of 30 seconds, and weights by chance."""
    tokenizer = _tokenizer(_VOCABULARY)
    network = _network(tokenizer, size, 30.0)
    return _converted(network, tokenizer, folder, 30.0)


def taught(folder: Path, clips: Sequence[Clip], *, window: float, steps: int = 400) -> Path:
    """A tiny model that has learnt the clips (none longer than `window` seconds) by heart."""
    torch.manual_seed(0)
    tokenizer = _tokenizer(0)
    network = _network(tokenizer, "nano", window)
    _teach(network, tokenizer, clips, window, steps)
    return _converted(network, tokenizer, folder, window)


def _tokenizer(size: int) -> Tokenizer:
    """Bytes, and as many tokens without a meaning as `size` needs."""
    vocabulary = {letter: number for number, letter in enumerate(_letters())}
    # CTranslate2 takes a model for multilingual only when its vocabulary has the empty token.
    vocabulary[""] = len(vocabulary)
    # Were these not tokens, the first byte of each, a blank, would be suppressed.
    merges = [("\u0120", letter) for letter in "-'\u00e2"]
    for first, second in merges:
        vocabulary[first + second] = len(vocabulary)
    for number in range(len(vocabulary), size):
        vocabulary[f"<fill{number}>"] = number
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [_END, _START, *(f"<|{code}|>" for code in _LANGUAGES)]
    special += [f"<|{word}|>" for word in ("translate", "transcribe", "startoflm")]
    special += [f"<|{word}|>" for word in ("startofprev", "nospeech", "notimestamps")]
    tokenizer.add_special_tokens(
        [AddedToken(one, special=True, normalized=False) for one in special]
    )
    times = [AddedToken(f"<|{number * 0.02:.2f}|>", normalized=False) for number in range(1501)]
    tokenizer.add_tokens(times)
    return tokenizer


def _letters() -> list[str]:
    """The printable letter that stands for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


def _network(tokenizer: Tokenizer, size: str, window: float) -> WhisperForConditionalGeneration:
    width, layers, heads = SIZES[size]
    end, start = tokenizer.token_to_id(_END), tokenizer.token_to_id(_START)
    shared: dict[str, Any] = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end}
    shared |= {"decoder_start_token_id": start}
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        max_source_positions=round(window * 50),
        suppress_tokens=None,
        begin_suppress_tokens=None,
        **shared,
    )
    network = WhisperForConditionalGeneration(config).eval()
    ids = tokenizer.token_to_id
    network.generation_config = GenerationConfig(
        max_length=448,
        suppress_tokens=[],
        begin_suppress_tokens=[end],
        alignment_heads=[[layers - 1, 0]],
        is_multilingual=True,
        no_timestamps_token_id=ids("<|notimestamps|>"),
        prev_sot_token_id=ids("<|startofprev|>"),
        return_timestamps=False,
        lang_to_id={f"<|{code}|>": ids(f"<|{code}|>") for code in _LANGUAGES},
        task_to_id={task: ids(f"<|{task}|>") for task in ("transcribe", "translate")},
        max_initial_timestamp_index=50,
        **shared,
    )
    return network


def _teach(
    network: WhisperForConditionalGeneration,
    tokenizer: Tokenizer,
    clips: Sequence[Clip],
    window: float,
    steps: int,
) -> None:
    """Each clip in windows of different lengths: short ones are what it will be given."""
    said = [_tokens(tokenizer, text, language) for _, text, language in clips]
    longest = max(map(len, said))
    end = tokenizer.token_to_id(_END)
    given = torch.full((len(said), longest), end)
    wanted = torch.full((len(said), longest), -100)
    for row, tokens in enumerate(said):
        given[row, : len(tokens)] = torch.tensor(tokens)
        # From the language on; before it nothing is to be guessed.
        wanted[row, : len(tokens) - 1] = torch.tensor(tokens[1:])
    lengths = [max(len(samples) for samples, _, _ in clips) / RATE + 1.0, window]
    features = [_features([samples for samples, _, _ in clips], length) for length in lengths]
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE_OF_LEARNING)
    network.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = _RATE_OF_LEARNING * min(1.0, (step + 1) / 30) * (1 - step / steps) + 1e-4
        # What sounds later is still the same.
        late = int(torch.randint(_LATE, (1,)))
        sound = torch.roll(features[step % len(features)], late, -1)
        loss = _loss(network, sound + _NOISE * torch.randn_like(sound), given, wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if loss.item() < _LEARNT:
            break
    log.debug("after %d steps the loss is %.3f", step + 1, loss.item())
    network.eval()


def _loss(
    network: WhisperForConditionalGeneration,
    sound: torch.Tensor,
    given: torch.Tensor,
    wanted: torch.Tensor,
) -> torch.Tensor:
    """transformers takes windows of full length only: the encoder is told that this is one."""
    encoder = network.model.encoder
    places, full = encoder.embed_positions, encoder.config.max_source_positions
    size = sound.shape[-1] // 2
    encoder.embed_positions = torch.nn.Embedding.from_pretrained(places.weight[:size])
    encoder.config.max_source_positions = size
    try:
        guessed = network(input_features=sound, decoder_input_ids=given).logits
    finally:
        encoder.embed_positions, encoder.config.max_source_positions = places, full
    return torch.nn.functional.cross_entropy(
        guessed.reshape(-1, guessed.shape[-1]), wanted.reshape(-1), ignore_index=-100
    )


def _tokens(tokenizer: Tokenizer, text: str, language: str) -> list[int]:
    before = f"{_START}<|{language}|><|transcribe|><|notimestamps|>"
    spoken: list[int] = tokenizer.encode(f"{before} {text}{_END}", add_special_tokens=False).ids
    return spoken


def _features(clips: Sequence[Samples], seconds: float) -> torch.Tensor:
    extract = FeatureExtractor()
    size = round(np.ceil(seconds) * RATE)
    rows = [extract(np.pad(samples, (0, size - len(samples))), padding=0) for samples in clips]
    return torch.from_numpy(np.stack(rows).astype(np.float32))


def _converted(
    network: WhisperForConditionalGeneration, tokenizer: Tokenizer, folder: Path, window: float
) -> Path:
    form = folder / "transformers"
    network.save_pretrained(form)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=_END, eos_token=_END, unk_token=_END, pad_token=_END
    ).save_pretrained(form)
    tokenizer.save(str(form / "tokenizer.json"))
    described = {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "processor_class": "WhisperProcessor",
        "feature_size": 80,
        "hop_length": 160,
        "n_fft": 400,
        "chunk_length": int(window),
        "sampling_rate": RATE,
        "n_samples": int(window * RATE),
        "nb_max_frames": int(window * 100),
        "padding_side": "right",
        "padding_value": 0.0,
        "return_attention_mask": False,
    }
    (form / "preprocessor_config.json").write_text(json.dumps(described), "utf-8")
    made = folder / "ct2"
    copied = ["tokenizer.json", "preprocessor_config.json"]
    TransformersConverter(str(form), copy_files=copied).convert(
        str(made), quantization="int8", force=True
    )
    return made

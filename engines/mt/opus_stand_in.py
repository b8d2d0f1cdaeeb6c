"""Opus-MT models of our own, where nobody supplied any: for tests and benches.

One has the real shape and weights by chance; the other is tiny and has learnt a few hundred
sentences, which it really translates. Needs torch, transformers and sentencepiece (the extra
`neural`).
"""

import json
import logging
import random
import warnings
from collections.abc import Sequence
from pathlib import Path

import sentencepiece
import torch
from transformers import GenerationConfig, MarianConfig, MarianMTModel

log = logging.getLogger(__name__)

Pair = tuple[str, str, str]
"""A sentence, its translation, and the tag of the language (">>es<<"; empty for one language)."""

_REAL = (512, 6, 8, 2048)
_TINY = (64, 2, 4, 128)
_REAL_VOCABULARY = 65001
_PIECES = 200
_RATE, _BATCH = 3e-3, 64
_LEARNT = 0.01


def by_chance(folder: Path, pairs: Sequence[Pair]) -> Path:
    """A folder as transformers takes it, of the real shape; the pairs only make its tokenizer."""
    network, _ = _network(folder, pairs, _REAL, _REAL_VOCABULARY)
    network.save_pretrained(folder)
    return folder


def taught(folder: Path, pairs: Sequence[Pair], *, steps: int = 500) -> Path:
    """A folder as transformers takes it; the model has learnt the pairs by heart."""
    network, numbers = _network(folder, pairs, _TINY, 0)
    _teach(network, numbers, folder, pairs, steps)
    network.save_pretrained(folder)
    return folder


def _network(
    folder: Path, pairs: Sequence[Pair], shape: tuple[int, int, int, int], size: int
) -> tuple[MarianMTModel, dict[str, int]]:
    folder.mkdir(parents=True, exist_ok=True)
    numbers = _vocabulary(folder, pairs, size)
    width, layers, heads, inner = shape
    pad = numbers["<pad>"]
    shared = {"pad_token_id": pad, "decoder_start_token_id": pad, "eos_token_id": 0}
    shared |= {"bos_token_id": 0, "forced_eos_token_id": 0}
    config = MarianConfig(
        vocab_size=len(numbers),
        decoder_vocab_size=len(numbers),
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=inner,
        decoder_ffn_dim=inner,
        activation_function="swish",
        static_position_embeddings=True,
        scale_embedding=True,
        max_position_embeddings=512,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        dropout=0.0,
        **shared,
    )
    torch.manual_seed(0)
    network = MarianMTModel(config).eval()
    _silence(network, pad)
    network.generation_config = GenerationConfig(
        max_length=512, num_beams=1, bad_words_ids=[[pad]], **shared
    )
    return network, numbers


def _silence(network: MarianMTModel, pad: int) -> None:
    """Marian starts from an empty embedding, and CTranslate2 takes that for granted."""
    network.model.shared.weight.data[pad] = 0


def _vocabulary(folder: Path, pairs: Sequence[Pair], size: int) -> dict[str, int]:
    numbers = {"</s>": 0, "<unk>": 1}
    for name, column in (("source", 0), ("target", 1)):
        text = folder / f"{name}.txt"
        text.write_text("\n".join(pair[column] for pair in pairs), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text),
            model_prefix=str(folder / name),
            vocab_size=_PIECES,
            model_type="unigram",
            character_coverage=1.0,
            hard_vocab_limit=False,
            minloglevel=2,
            bos_id=-1,
            eos_id=0,
            unk_id=1,
            pad_id=-1,
        )
        text.unlink()
        (folder / f"{name}.vocab").unlink()
        made = (folder / f"{name}.model").replace(folder / f"{name}.spm")
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(made))
        for number in range(pieces.get_piece_size()):
            numbers.setdefault(pieces.id_to_piece(number), len(numbers))
    for tag in sorted({tag for _, _, tag in pairs if tag}):
        numbers[tag] = len(numbers)
    for number in range(len(numbers), size - 1):
        numbers[f"<x{number}>"] = number
    numbers["<pad>"] = len(numbers)
    (folder / "vocab.json").write_text(json.dumps(numbers, ensure_ascii=False), "utf-8")
    described = {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": "en",
        "target_lang": "es",
        "model_max_length": 512,
        "separate_vocabs": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(described), "utf-8")
    return numbers


def _teach(
    network: MarianMTModel,
    numbers: dict[str, int],
    folder: Path,
    pairs: Sequence[Pair],
    steps: int,
) -> None:
    chance = random.Random(0)
    rows = _rows(numbers, folder, pairs)
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE)
    pad = numbers["<pad>"]
    network.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 40) * (1 - step / steps) + 1e-5
        some = chance.sample(rows, min(_BATCH, len(rows)))
        given = _filled([source for source, _ in some], pad)
        wanted = _filled([target for _, target in some], -100)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loss = network(
                input_ids=given, attention_mask=(given != pad).long(), labels=wanted
            ).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        _silence(network, pad)
        if loss.item() < _LEARNT:
            break
    log.debug("after %d steps the loss is %.3f", step + 1, loss.item())
    network.eval()


def _rows(
    numbers: dict[str, int], folder: Path, pairs: Sequence[Pair]
) -> list[tuple[list[int], list[int]]]:
    source, target = (
        sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
        for name in ("source", "target")
    )

    def ids(pieces: Sequence[str]) -> list[int]:
        return [*(numbers.get(piece, 1) for piece in pieces), 0]

    return [
        (
            ids([*([tag] if tag else []), *source.encode(text, out_type=str)]),
            ids(target.encode(done, out_type=str)),
        )
        for text, done, tag in pairs
    ]


def _filled(rows: Sequence[list[int]], with_: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[with_] * (longest - len(row))] for row in rows])

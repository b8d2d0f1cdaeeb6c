"""Meeting talk in a synthetic voice, with the times at which its sentences and clauses end.

In the sentences `/` marks the end of a clause in unbroken speech, and `..` a place where the
speaker hesitates in the middle of a phrase.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.types import Samples, Word
from engines.registry import build

RATE = 16000
BETWEEN = (0.35, 1.2)
"""Seconds of silence after a sentence, from the shortest to the longest; evenly spread."""
HESITATION = (0.25, 0.6)
AROUND = 2.0
NOISE_DB = -55.0
"""Of the room, in dB of full scale, through speech and pauses alike."""
_FADE = 160

REVIEW = (
    "Can everyone hear me?",
    "Yes.",
    "Then I will begin with the results of the test.",
    "Seven of the ten doctors liked the.. smaller screen better.",
    "They said / that the old one was too heavy to carry.",
    "What did the nurses say?",
    "They have not answered yet.",
    "The first prototype worked for.. nine hours without a break.",
    "We must buy paper, ink, a new printer and some coffee.",
    "Although the price is high / the quality is much better than last year.",
    "Is there enough money for the.. third test?",
    "I am not sure.",
    "The director wants to see the.. full report / before she makes a decision.",
    "Maria writes the first part / and I write the second.",
    "The office in London opens.. an hour before ours / so please call them early.",
    "Thank you.",
    "We should never have signed that agreement.",
    "Where are the keys to the.. meeting room?",
    "They are on my desk.",
    "The children of the staff may visit us / while the schools are closed.",
    "Every student gets a card / which opens the main door.",
    "It took us almost.. three weeks to find the problem.",
    "He asked me / whether the train would be on time.",
    "I have nothing more to add.",
)
HIRING = (
    "Shall we start without Peter?",
    "He will be ten minutes late.",
    "Four people want the.. job in the shop.",
    "The tall man was here on Tuesday / and the woman came yesterday.",
    "Which of them did you like?",
    "The second one.",
    "She has worked with.. children for many years.",
    "I asked her about money / but she did not want to answer.",
    "You have to decide before.. the end of May.",
    "That sounds fair.",
    "Her letters are short, clear and friendly.",
    "When she heard the news / she was very happy.",
    "Of course.",
    "The young man forgot his.. papers / so he must come back.",
    "Do we pay for the train?",
    "No, we only pay for the room.",
    "The boss will read your.. list tomorrow morning.",
    "It is easy to find a good driver / if you offer enough.",
    "Somebody should clean the.. windows on the first floor.",
    "What happens after that?",
    "We wait until the bank says yes.",
    "The rest of the team can go home / because the work is done.",
    "My phone is in the.. other bag.",
    "Have a nice evening.",
)
SUPPLIES = (
    "Is anyone still on holiday?",
    "Only Robert and his sister.",
    "We bought new windows for the.. hall in April.",
    "Nobody knows / why the lights went out last night.",
    "The cook wants fresh fish, bread and green apples.",
    "How long will that take?",
    "About two weeks.",
    "The driver left the boxes in the.. wrong street.",
    "I called him twice / but he never picked up the phone.",
    "You should talk to his.. father about the bill.",
    "Maybe.",
    "Unless we order today / the paper will arrive too late.",
    "She paid for the coffee with her.. own money.",
    "Where did you put my glasses?",
    "Look under the red book.",
    "The garden behind the.. church belongs to the city.",
    "They built a bridge / which nobody needs.",
    "I would rather walk than drive.",
    "The teacher speaks slowly / so that every child can follow.",
    "Could you write down the.. number of the doctor?",
    "Sure.",
    "This machine makes too much noise / when the door is open.",
    "Every morning my neighbor feeds our.. cats and waters the plants.",
    "Let us stop here for today.",
)
MEETINGS = ((REVIEW, "slt"), (HIRING, "rms"), (SUPPLIES, "slt"))


@dataclass(frozen=True)
class Said:
    """A sentence on the time line of its meeting. `clauses`: where clauses end within it in
    unbroken speech; `hesitations`: where pauses begin that end nothing."""

    start: float
    end: float
    clauses: tuple[float, ...] = ()
    hesitations: tuple[float, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """Sound of one speaker, 16 kHz mono."""

    sound: Samples
    sentences: tuple[Said, ...]


def hold(sentences: Sequence[str], voice: str, seed: int = 1) -> Meeting:
    """The same sound each time. EngineUnavailable without flite."""
    speaker = build("tts", "flite", voice=voice)
    rng = np.random.default_rng(seed)
    silences = rng.permutation(np.linspace(*BETWEEN, len(sentences)))
    parts, said = [_quiet(AROUND)], []
    at = AROUND
    for text, silence in zip(sentences, silences, strict=True):
        spoken = speaker.say(_without_marks(text))
        ends = _ends(text, spoken.words)
        sound, sentence = _perform(spoken.samples, text, spoken.words[0].start, ends, rng)
        said.append(_moved(sentence, at))
        parts += [sound, _quiet(float(silence))]
        at += (len(sound) + len(parts[-1])) / RATE
    clean = np.concatenate([*parts, _quiet(AROUND)])
    noise = 10 ** (NOISE_DB / 20) * rng.standard_normal(len(clean))
    return Meeting((clean + noise).astype(np.float32), tuple(said))


def _perform(
    spoken: Samples, text: str, start: float, ends: list[float], rng: np.random.Generator
) -> tuple[Samples, Said]:
    """The voice from its first sound to its last, torn apart where the speaker hesitates."""
    clauses, hesitations = [], []
    parts: list[Samples] = []
    done, shift, word = round(start * RATE), -start, -1
    for token in text.split():
        if token == "/":
            clauses.append(ends[word] + shift)
            continue
        word += 1
        if token.endswith(".."):
            cut = round(ends[word] * RATE)
            hesitations.append(ends[word] + shift)
            parts += [_faded(spoken[done:cut]), _quiet(float(rng.uniform(*HESITATION)))]
            shift += len(parts[-1]) / RATE
            done = cut
    parts.append(_faded(spoken[done : round(ends[-1] * RATE)]))
    sound = np.concatenate(parts)
    return sound, Said(0.0, len(sound) / RATE, tuple(clauses), tuple(hesitations))


def _ends(text: str, words: Sequence[Word]) -> list[float]:
    """Of every word of the text. The voice may leave out the times of a very short one, which
    then ends with the one before it; it must not be one at a mark."""
    ends, left = [0.0], list(words)
    for token in text.replace(" /", "/").split():
        if left and left[0].text == token.strip(".,?/"):
            ends.append(left.pop(0).end)
        elif token.endswith(("..", "/")) or left[:1] == []:
            raise ValueError(f"{token} cannot be marked in: {text}")
        else:
            ends.append(ends[-1])
    return ends[1:]


def _without_marks(text: str) -> str:
    return text.replace(" /", "").replace("..", "")


def _moved(said: Said, by: float) -> Said:
    clauses = tuple(time + by for time in said.clauses)
    return Said(said.start + by, said.end + by, clauses, tuple(t + by for t in said.hesitations))


def _quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def _faded(samples: Samples) -> Samples:
    """Without a click at either end."""
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    faded = samples.copy()
    faded[:_FADE] *= ramp
    faded[-_FADE:] *= ramp[::-1]
    return faded

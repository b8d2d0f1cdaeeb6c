"""A given text, spoken by the speaker of a clip: their picture, a synthetic voice, its lips."""

from collections.abc import Iterator

import numpy as np

from app.clip import TAIL, ClipResult, Progress
from app.clip_output import ClipJob, ClipOutput
from app.engine_options import engine_options
from core.config import Config
from core.errors import NothingToTranslate
from core.events import Fate
from core.joined import joined
from core.lag import Governor
from core.metrics import Metrics
from core.text.languages import language_code
from core.timeline import Timeline
from core.translation import Speak
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.audio.tempo import faster
from engines.media.reader import probe
from engines.registry import auto
from engines.tts.text import sentences

STEP = 2.0
"""Seconds that are written at once."""
_RATE = 16000


class ClipSpeech:
    """One clip, once, on the calling thread. `text` is in the language `config` translates into.

    The voice begins with the clip. Where it outlasts the picture, the last picture stays when the
    job says `hold`. NothingToTranslate when the text holds nothing that can be said.
    """

    def __init__(
        self,
        job: ClipJob,
        config: Config,
        text: str,
        progress: Progress = lambda done, whole: None,
    ) -> None:
        self.metrics = Metrics()
        self._job, self._config, self._text = job, config, text
        self._progress = progress
        self._info = probe(job.source)
        self._language = language_code(config.languages.target)
        self._result = ClipResult(self._info, job.target, (self._language, self._language))

    def run(self) -> ClipResult:
        """Raises what could not be read, built, said or written."""
        choice = auto(
            "tts",
            self._config.engines.tts,
            {"language": self._language},
            engine_options("tts", self._config),
        )
        speak = Speak(choice.engine)
        try:
            with ClipOutput(self._job, self._config, self._info) as output:
                self._result.engines = (choice.reason, *output.reasons)
                end = self._say(speak, output) + TAIL
                self._write(output, max(end, self._info.duration), end)
                output.finish()
                self._result.captions_held = output.captions_held
                self._result.warnings += output.warnings
                return self._result
        finally:
            speak.close()

    def _say(self, speak: Speak, output: ClipOutput) -> float:
        """Every sentence has its place; when the last one ends. What is written behind is as
        far as the voice is known, so that a long text is not in memory at once."""
        timeline = Timeline(Governor(self._config.lag), faster)
        letters, said_letters = sum(map(len, sentences(self._text))), 0
        for translation in self._sentences():
            with self.metrics.timed("speak"):
                speeches = joined(list(speak.process(translation)))
            for speech in speeches:
                placed = timeline.place(speech, due=timeline.free)
                self._result.placed.append(placed)
                output.add(placed)
            number = translation.segment.number
            said = any(len(speech.audio.samples) for speech in speeches)
            self._result.fates[number] = (Fate.SPOKEN if said else Fate.EMPTY), ""
            said_letters += len(translation.text)
            # The rest will take as long a letter as what has been said.
            end = timeline.free * letters / said_letters + TAIL
            self._write(output, timeline.free - STEP, end)
        if not self._result.count(Fate.SPOKEN):
            raise NothingToTranslate("The text holds nothing that can be said.")
        return timeline.free

    def _sentences(self) -> Iterator[Translation]:
        nothing = np.zeros(0, np.float32)
        for number, sentence in enumerate(sentences(self._text)):
            segment = Segment(number, AudioChunk(nothing, _RATE, 0.0))
            transcript = Transcript(segment, "", self._language)
            yield Translation(transcript, sentence, self._language)

    def _write(self, output: ClipOutput, until: float, end: float) -> None:
        """`end`: when the voice will be over, as far as that can be told."""
        whole = max(end, self._info.duration)
        while output.position < until:
            with self.metrics.timed("write"):
                output.write(min(until, output.position + STEP))
            self._progress(output.position, whole)

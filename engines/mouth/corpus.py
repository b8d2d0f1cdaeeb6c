"""Synthesised speech whose mouth is known: what the mouth network learns from and is tried on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from core.mouth import Phone, mouth_track
from core.types import Samples
from engines.tts.espeak import EspeakVoice
from engines.tts.flite import FliteVoice
from engines.tts.utterance import Utterance, trimmed

TEXTS = {
    "en": (
        "Good morning everybody, thank you for coming to our meeting about the new budget.",
        "Maybe we should move the beach volleyball game from Monday to the following weekend.",
        "He poured a cup of coffee, shook his head, and whispered that nothing could be proved.",
        "The big brown boat sailed past five fishing villages before the fog became too thick.",
        "Which of these questions would you like to answer first, or shall I choose for you?",
        "Our program improves every week; people notice, and their feedback is very valuable.",
        "A young wolf howled at the moon while the shepherd put more wood on the open fire.",
        "She sells fresh vegetables, smooth yoghurt and huge loaves of bread on Thursdays.",
        "Please open the document on page forty two and compare both of the blue columns.",
        "It was an unusual vision: thousands of butterflies above the empty parking lot.",
    ),
    "es": (
        "Buenos días a todos, muchas gracias por venir a la reunión sobre el presupuesto.",
        "Mi hermano pequeño juega al fútbol los viernes y por la tarde estudia física.",
        "El murciélago voló sobre el bosque mientras la luna iluminaba el viejo puente.",
        "¿Puede usted abrir la ventana, por favor? Hace mucho calor en esta habitación.",
        "Compramos pan, mantequilla, huevos y un poco de jamón para el desayuno.",
        "La empresa publicó ayer un informe bastante completo sobre el cambio climático.",
        "Nunca había visto una película tan aburrida; al final nos fuimos a tomar algo.",
        "Quiero un zumo de naranja sin azúcar y un bocadillo de queso, si es posible.",
        "Llueve desde el lunes, y los ríos llevan agua de sobra para todo el verano.",
    ),
    "fr": (
        "Bonjour à tous, merci beaucoup d'être venus si nombreux ce matin.",
        "Le petit bateau bleu traverse la rivière pendant que les vaches boivent.",
        "Pourriez-vous fermer la porte et ouvrir un peu plus la fenêtre, s'il vous plaît ?",
        "Un vieux juge fume une pipe devant le musée où nous avons mangé hier.",
        "Nous pensons que la nouvelle version fonctionne beaucoup mieux que l'ancienne.",
    ),
    "de": (
        "Guten Morgen zusammen, vielen Dank, dass Sie heute zu uns gekommen sind.",
        "Zwei böse Füchse pflügten früh am Morgen über das weiße Feld am Bahnhof.",
        "Könnten Sie bitte die Tür schließen und das Fenster ein wenig öffnen?",
        "Meine Mutter backt jeden Freitag Apfelkuchen, und wir essen ihn warm.",
        "Die Firma veröffentlichte gestern einen ausführlichen Bericht über Umweltschutz.",
    ),
    "it": (
        "Buongiorno a tutti, grazie per essere venuti alla nostra riunione di oggi.",
        "Il piccolo gatto bianco beve il latte mentre fuori piove da molte ore.",
        "Vorrei un bicchiere d'acqua, una pizza margherita e poi anche un gelato.",
        "Abbiamo pubblicato un rapporto completo sul problema del traffico in città.",
    ),
    "pt": (
        "Bom dia a todos, muito obrigado por virem à nossa reunião de hoje.",
        "A minha irmã comprou pão, manteiga e um pouco de queijo para o almoço.",
        "Não sei se o avião chega às cinco ou se vamos ter de esperar mais um pouco.",
    ),
}
UNHEARD_TEXTS = {
    "en": (
        "Many families from the village hope that the old bridge will be repaired by May.",
        "Could you show me how this camera works, or point me to a page that explains it?",
        "Bob promised to fix the pump, but few of us believe that he ever will.",
        "Water the roses twice a week, and move them away from the window before noon.",
    ),
    "es": (
        "Muchas familias del pueblo esperan que el puente viejo se repare antes de mayo.",
        "Pepe prometió arreglar la bomba, pero nadie piensa que vaya a funcionar.",
        "¿Me enseña usted cómo se usa esta cámara, o me dice dónde lo explican?",
    ),
}
VARIANTS = ("", "+f1", "+f2", "+f4", "+f5", "+m1", "+m2", "+m3", "+m6", "+m7", "+Annie", "+steph")
UNHEARD_VARIANTS = ("+f3", "+m4", "+Andrea")
FLITE = ("slt", "awb")
UNHEARD_FLITE = ("rms", "kal16")


@dataclass(frozen=True)
class Example:
    """A voice, its samples a second, and its mouth as RATE rows a second."""

    samples: Samples
    rate: float
    shapes: Samples
    phones: tuple[Phone, ...]


def espeak_examples(rng: np.random.Generator, repeats: int) -> Iterator[Example]:
    """Every text `repeats` times, each time by another voice, at another speed and pitch."""
    for language, texts in TEXTS.items():
        for text in texts:
            for variant in rng.choice(VARIANTS, repeats, replace=False):
                yield _varied(_espeak(text, language, variant, int(rng.integers(120, 230))), rng)


def flite_examples(rng: np.random.Generator) -> Iterator[Example]:
    for name in FLITE:
        for text in TEXTS["en"]:
            for rate_wpm in (130, 155, 180, 210):
                yield _varied(_flite(text, name, rate_wpm), rng)


def unheard() -> dict[str, list[Example]]:
    """Voices and texts that no training sees, by voice."""
    examples = {
        f"espeak {variant} {language}": [
            _example(_espeak(t, language, variant, 175)) for t in texts
        ]
        for variant in UNHEARD_VARIANTS
        for language, texts in UNHEARD_TEXTS.items()
    }
    for name in UNHEARD_FLITE:
        texts = UNHEARD_TEXTS["en"]
        examples[f"flite {name}"] = [_example(_flite(text, name, 175)) for text in texts]
    return examples


def _espeak(text: str, language: str, variant: str, rate_wpm: int) -> Utterance:
    name = {"en": "gmw/en-US", "es": "roa/es", "fr": "roa/fr", "de": "gmw/de"}.get(
        language, f"roa/{language}"
    )
    return EspeakVoice(language, rate_wpm=rate_wpm, voice=name + variant).say(text)


def _flite(text: str, name: str, rate_wpm: int) -> Utterance:
    return FliteVoice(rate_wpm=rate_wpm, voice=name).say(text)


def _example(utterance: Utterance, speed: float = 1.0) -> Example:
    voice = trimmed(utterance, pause=0.2)
    phones = tuple(Phone(p.name, p.start / speed, p.end / speed) for p in voice.phones)
    rate = voice.rate * speed
    return Example(
        voice.samples, rate, mouth_track(phones, len(voice.samples) / rate).shapes, phones
    )


def _varied(utterance: Utterance, rng: np.random.Generator) -> Example:
    """Played a little faster or slower, as other throats would sound, a little noisy, and
    brighter or duller."""
    example = _example(utterance, float(rng.uniform(0.85, 1.18)))
    samples = example.samples
    tilted = samples - np.float32(rng.uniform(-0.6, 0.6)) * np.pad(samples, (1, 0))[:-1]
    level = np.float32(10 ** rng.uniform(-4.5, -2.5) * np.abs(tilted).max())
    noise = rng.normal(0, 1, len(samples)).astype(np.float32) * level
    return Example(tilted + noise, example.rate, example.shapes, example.phones)


def frames(examples: Iterable[Example]) -> int:
    return sum(len(example.shapes) for example in examples)

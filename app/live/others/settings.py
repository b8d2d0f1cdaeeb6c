"""The user's settings, turned round: as if the others were the speaker."""

from dataclasses import replace

from core.config import Config, Models, Voice
from core.errors import UsageError
from core.text.languages import DETECT, language_code, language_name, spoken_code


def turned_round(config: Config) -> Config:
    """What `Speaker` needs to translate the others. UsageError where the languages make no sense.

    Names of voices and models, and the glossary, are meant for the other direction.
    """
    others, languages = config.others, config.languages
    spoken, heard = others.speak or languages.target, others.language or languages.source
    if spoken_code(heard) == DETECT:
        raise UsageError(
            "Which language do you hear the others in? Your own is found out while you speak; "
            "set others.language (--others-to)."
        )
    if spoken_code(spoken) == language_code(heard):
        name = language_name(language_code(heard))
        raise UsageError(f"The others speak {name} already: nothing to translate for you.")
    return replace(
        config,
        languages=replace(languages, source=spoken, target=heard, pass_theirs=False),
        models=Models(device=config.models.device, stt=config.models.stt),
        voice=Voice(rate=config.voice.rate, original="off"),
        text=replace(config.text, glossary={}),
        enhance=replace(config.enhance, engine=_by_sound(config.enhance.engine)),
    )


def _by_sound(engine: str) -> str:
    """Their lips are not seen."""
    return "rnnoise" if engine == "av" else engine

"""The settings that a client may send with a video, and what they make of the service's own."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.config import Config
from core.errors import UsageError
from core.text.languages import language_code

LONGEST_TEXT = 5000
Term = Annotated[str, Field(min_length=1, max_length=100)]


class Wishes(BaseModel):
    """What is left out is as the service's own settings say."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"source_language": "en", "original": "duck", "keep": ["Ada Lovelace"]}]
        },
    )

    source_language: str = Field(
        default="", max_length=40, description="The language that is spoken."
    )
    original: Literal["", "off", "duck", "pass"] = Field(
        default="", description="The original voice under the new one. With a text it is off."
    )
    lips: Literal["", "auto", "own_mouth", "wav2lip", "off"] = Field(
        default="", description="What draws the lips; off leaves the picture as it is."
    )
    badge: bool | None = Field(
        default=None, description="Mark the picture as translated by a machine."
    )
    captions: bool = Field(default=False, description="Draw captions into the picture.")
    keep: list[Term] = Field(
        default=[], max_length=200, description="Terms that are not translated."
    )
    glossary: dict[Term, Term] = Field(
        default={}, max_length=200, description="Translations of words and phrases."
    )
    voice: str = Field(
        default="", max_length=64, pattern=r"^[\w .:+-]*$", description="A voice by name."
    )
    rate: float = Field(default=1.0, ge=0.5, le=2.0, description="How fast the voice speaks.")
    smile: float = Field(default=0.0, ge=0.0, le=1.0, description="Add a smile.")
    brows: float = Field(default=0.0, ge=0.0, le=1.0, description="Raise the brows.")
    eyes: float = Field(default=0.0, ge=0.0, le=1.0, description="Open the eyes.")

    @field_validator("source_language")
    @classmethod
    def _known(cls, value: str) -> str:
        return known_language(value) if value else ""


def known_language(wanted: str) -> str:
    """Its code. ValueError for what is none."""
    try:
        return language_code(wanted)
    except UsageError as error:
        raise ValueError(str(error)) from None


def configured(config: Config, wishes: Wishes, language: str, *, text: bool) -> Config:
    """The service's settings with the client's in them; `text`: a given text is spoken, over
    silence unless the original was asked for. Nothing remembers the speaker, and nobody waits
    for the floor."""
    source = language if text else wishes.source_language or config.languages.source
    original = wishes.original or ("off" if text else config.voice.original)
    lips = wishes.lips or config.engines.lips
    badge = config.picture.badge if wishes.badge is None else wishes.badge
    shown = lips != "off" or wishes.badge is True
    return replace(
        config,
        languages=replace(config.languages, source=source, target=language),
        engines=replace(config.engines, lips=lips),
        text=replace(
            config.text,
            keep=(*config.text.keep, *wishes.keep),
            glossary={**config.text.glossary, **wishes.glossary},
        ),
        voice=replace(
            config.voice,
            name=wishes.voice or config.voice.name,
            rate=wishes.rate,
            own="",
            original=original,
        ),
        captions=replace(config.captions, show=wishes.captions),
        picture=replace(config.picture, floor=False, badge=badge and shown),
        expression=replace(
            config.expression, smile=wishes.smile, brows=wishes.brows, eyes=wishes.eyes
        ),
    )

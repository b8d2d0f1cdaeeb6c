"""What a client says first on a live stream, and is told before it sends anything."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.service.wishes import Wishes, known_language
from core.config import Config
from engines.link.picture import QUALITY
from engines.link.wire import VERSION


class Hello(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"type": "hello", "version": 1, "source_language": "en", "target_language": "es"}
            ]
        },
    )

    type: Literal["hello"]
    version: int = Field(description=f"Of the wire format: {VERSION}.")
    source_language: str = Field("", max_length=40)
    target_language: str = Field("", max_length=40)
    video: bool = Field(False, description="Pictures will be sent, and come back drawn.")
    enhance: Literal["", "off", "auto", "rnnoise", "av"] = Field(
        "", description="What keeps noise and other voices away; empty: as the service has it."
    )
    jpeg: int = Field(QUALITY, ge=10, le=100, description="Quality of the pictures that come back.")
    settings: Wishes = Wishes()

    @field_validator("version")
    @classmethod
    def _same(cls, value: int) -> int:
        if value != VERSION:
            raise ValueError(f"version {VERSION} is understood here, not {value}")
        return value

    @field_validator("source_language", "target_language")
    @classmethod
    def _known(cls, value: str) -> str:
        return known_language(value) if value else ""


class Told(BaseModel):
    """What a client says later: how the link does, or that it ends."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["link", "end"]
    t_comm: list[Annotated[float, Field(ge=0, le=3600)]] = Field(
        [], max_length=1000, description="Seconds that chunks took there, with the answer back."
    )
    dropped: int = Field(0, ge=0, description="Chunks that the client left out so far.")
    late: int = Field(0, ge=0, description="Chunks of the voice that came too late so far.")


def live_config(config: Config, hello: Hello) -> Config:
    """The service's settings with the client's in them. The picture is drawn at once; the
    client has its own voice, and mixes it as it likes."""
    wishes, languages = hello.settings, config.languages
    source = hello.source_language or wishes.source_language or languages.source
    lips = (wishes.lips or config.engines.lips) if hello.video else "off"
    badge = config.picture.badge if wishes.badge is None else wishes.badge
    return replace(
        config,
        languages=replace(
            languages, source=source, target=hello.target_language or languages.target
        ),
        engines=replace(config.engines, lips=lips),
        enhance=replace(config.enhance, engine=hello.enhance or config.enhance.engine),
        text=replace(
            config.text,
            keep=(*config.text.keep, *wishes.keep),
            glossary={**config.text.glossary, **wishes.glossary},
        ),
        voice=replace(
            config.voice, name=wishes.voice or config.voice.name, rate=wishes.rate, own=""
        ),
        captions=replace(config.captions, show=wishes.captions),
        picture=replace(config.picture, mode="live", floor=False, badge=badge),
        expression=replace(
            config.expression, smile=wishes.smile, brows=wishes.brows, eyes=wishes.eyes
        ),
    )

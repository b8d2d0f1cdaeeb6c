"""How /openapi.json describes what the service takes, tells and refuses, each with an example."""

from typing import Any

from fastapi import FastAPI

from app.service.views import Refusal
from app.service.wishes import LONGEST_TEXT, Wishes

Responses = dict[int | str, dict[str, Any]]

_AT = "#/components/schemas/"
_REFUSALS = {
    400: ("The form is damaged or was cut off.", "The form was cut off before its end."),
    401: ("No token, or a wrong one.", "A token is needed: Authorization: Bearer TOKEN."),
    403: (
        "Without a token: a page of another site asks.",
        "Pages of other sites may not use a service that wants no token.",
    ),
    404: ("There is no such job, or it is another's.", "There is no such job."),
    408: ("The upload stalled.", "Nothing came for 30 s."),
    409: ("It is not done.", "The job is running."),
    410: ("It has expired.", "The result has expired."),
    413: ("Too large, too long, or too many words.", "The video may last 600 s at most."),
    415: ("No video that can be worked on.", "The video is damaged, or was cut off."),
    422: (
        "Unknown language or setting, or no sound.",
        "The video has no sound, so there is nothing to translate.",
    ),
    429: ("Too many in this minute; see Retry-After.", "Too many wrong tokens."),
    503: (
        "Too many jobs wait; see Retry-After.",
        "There are too many jobs already. Try again later.",
    ),
    507: ("The disk is full.", "The service has no room on its disk. Try again later."),
}
_EVENT = "event: {}\ndata: {}\n\n"

EVENTS: Responses = {
    200: {
        "description": "An event each time that it changes; the last one says how it ended.",
        "content": {
            "text/event-stream": {
                "example": _EVENT.format("running", '{"state": "running", "progress": 0.42, …}')
                + _EVENT.format("done", '{"state": "done", "progress": 1.0, …}')
            }
        },
    }
}
FIGURES: Responses = {
    200: {
        "description": "Prometheus' text form.",
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": 'translated_camera_jobs_total{outcome="done"} 12.0\n'
                'translated_camera_fps{kind="stream"} 24.8\n'
                'translated_camera_stage_seconds_sum{stage="picture"} 3.1\n'
                "translated_camera_queue_depth 0.0\n",
            }
        },
    }
}
FORM = {
    "type": "object",
    "required": ["video"],
    "properties": {
        "video": {"type": "string", "format": "binary", "description": "MP4, MOV, MKV, WebM, AVI."},
        "text": {
            "type": "string",
            "maxLength": LONGEST_TEXT,
            "description": "What the speaker is to say, in the target language.",
            "example": "Buenos días a todos.",
        },
        "target_language": {
            "type": "string",
            "description": "Without a text: into what is said is translated.",
            "example": "es",
        },
        "settings": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": f"{_AT}Wishes"},
            "description": "A JSON object; see the schema Wishes.",
            "example": '{"source_language": "en", "original": "duck"}',
        },
    },
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": FORM,
                "encoding": {"settings": {"contentType": "application/json"}},
            }
        },
    }
}


def refused(*statuses: int) -> Responses:
    """The answers of a route that are refusals."""
    return {status: _refusal(*_REFUSALS[status]) for status in statuses}


def describe(app: FastAPI) -> None:
    """The schemas that no route names itself are in its description too."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        made = plain()
        schemas = made["components"]["schemas"]
        for model in (Wishes, Refusal):
            schemas[model.__name__] = model.model_json_schema(ref_template=_AT + "{model}")
        return made

    app.openapi = whole  # type: ignore[method-assign]


def _refusal(description: str, told: str) -> dict[str, Any]:
    content = {"schema": {"$ref": f"{_AT}Refusal"}, "example": {"detail": told}}
    return {"description": description, "content": {"application/json": content}}

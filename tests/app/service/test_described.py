"""What /openapi.json says."""

import json

import pytest

from app.service.api import application
from app.service.options import ServiceOptions
from app.service.wishes import Wishes


@pytest.fixture(scope="module")
def said():
    return application(ServiceOptions(), None).openapi()


def answers(said):
    for path, routes in said["paths"].items():
        for method, route in routes.items():
            for status, answer in route["responses"].items():
                yield path, method, status, answer


def test_each_refusal_of_a_route_has_its_form_and_an_example_as_json(said):
    found = 0
    for path, method, status, answer in answers(said):
        if status[0] == "2" or answer["description"] == "Validation Error" or status == "503":
            continue
        content = answer["content"]
        assert list(content) == ["application/json"], (path, method, status)
        assert content["application/json"]["schema"]["$ref"].endswith("/Refusal")
        assert content["application/json"]["example"]["detail"].endswith(".")
        found += 1
    assert found > 30


def test_what_is_told_has_an_example(said):
    paths = said["paths"]
    events = paths["/api/v1/jobs/{id}/events"]["get"]["responses"]["200"]["content"]
    assert events["text/event-stream"]["example"].startswith("event: running\ndata: {")
    figures = paths["/metrics"]["get"]["responses"]["200"]["content"]
    assert "translated_camera_fps{" in figures["text/plain"]["example"]
    ready = paths["/readyz"]["get"]["responses"]["503"]["content"]
    assert not ready["application/json"]["example"]["ok"]
    schemas = said["components"]["schemas"]
    assert all(schemas[name]["examples"] for name in ("JobView", "Refusal", "Health", "Wishes"))


def test_settings_are_described_by_the_schema_that_they_are_judged_by(said):
    form = said["paths"]["/api/v1/lipsync"]["post"]["requestBody"]["content"]
    settings = form["multipart/form-data"]["schema"]["properties"]["settings"]
    assert settings["contentSchema"] == {"$ref": "#/components/schemas/Wishes"}
    assert said["components"]["schemas"]["Wishes"] == Wishes.model_json_schema()
    Wishes.model_validate_json(settings["example"])


def test_whatever_is_pointed_at_is_there(said):
    schemas = said["components"]["schemas"]
    text = json.dumps(said)
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(schemas)

"""The application with its routes, without a process of its own: no job is worked on in it."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from app.service import accepting, api, pool
from app.service.api import application
from app.service.job import Job, JobState
from app.service.options import ServiceOptions
from app.service.tokens import OWNER, Tokens
from core.config import Config
from core.errors import CannotWrite

TOKEN = "the-token-of-these-tests-0123456789"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


class Idle:
    """A place for jobs, or a process, that is never made ready."""

    ready, pid = False, 0

    def __init__(self, *args, **kwargs):
        pass

    def prepare(self):
        pass

    close = prepare


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A client of the application with some options: of one on this machine, with its token."""
    monkeypatch.setattr(pool, "Slot", Idle)
    monkeypatch.setattr(accepting, "Remote", Idle)
    monkeypatch.setattr(api, "cards", lambda: 0)
    monkeypatch.setattr("app.service.meters.look", lambda: [])
    options = ServiceOptions(Config(), folder=tmp_path / "data", workers=1, spare=0)

    @contextmanager
    def serve(*, client="127.0.0.1", **more):
        chosen = replace(options, **more)
        tokens = None if chosen.open_to_all else Tokens({OWNER: TOKEN})
        at = {"base_url": "http://localhost", "client": (client, 50000)}
        with TestClient(application(chosen, tokens), **at) as found:
            if tokens is not None:
                found.headers.update(KNOWN)
            yield found

    return serve


def kept(client, id="0" * 32, **more):
    """A job that lies there, with its folder."""
    jobs = client.app.state.service.pool
    jobs.folder(id).mkdir()
    jobs.store.add(Job(id, OWNER, "video.mp4", "es", **more))
    return f"/api/v1/jobs/{id}"


def test_what_the_disk_does_not_take_is_said_with_507(served, monkeypatch):
    with served() as client:
        path = kept(client, state=JobState.DONE)
        store = client.app.state.service.pool.store

        def refuse(id):
            raise CannotWrite(f"The jobs cannot be kept in {store}: full.")

        monkeypatch.setattr(store, "remove", refuse)
        answer = client.delete(path)
        assert (answer.status_code, "disk" in answer.json()["detail"]) == (507, True)
        assert str(store) not in answer.text


def test_a_result_whose_file_is_gone_has_expired(served):
    with served() as client:
        path = kept(client, state=JobState.DONE)
        assert client.get(f"{path}/result").status_code == 410
        assert client.get(f"{path}/report").status_code == 410


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_without_a_token_no_page_of_another_site_may_use_it(served, origin):
    foreign = {"Origin": origin}
    with served(open_to_all=True) as client:
        path = kept(client, state=JobState.DONE)
        for answer in (
            client.post("/api/v1/lipsync", headers=foreign, files={"video": b"a"}),
            client.delete(path, headers=foreign),
        ):
            assert (answer.status_code, "other sites" in answer.json()["detail"]) == (403, True)
        assert client.get(path, headers=foreign).status_code == 200
        with (
            pytest.raises(WebSocketDenialResponse) as denied,
            client.websocket_connect("ws://localhost/api/v1/stream", headers=foreign),
        ):
            pass
        assert denied.value.status_code == 403


def test_without_a_token_its_own_page_and_programs_may_use_it(served):
    with served(open_to_all=True) as client:
        for headers in ({}, {"Origin": "http://localhost"}):
            answer = client.post("/api/v1/lipsync", headers=headers, files={"video": b"a"})
            assert answer.status_code == 422


def test_beyond_a_proxy_it_answers_to_the_names_that_it_was_given(served):
    with served(names=("Cam.example.org", "*.example.net")) as client:
        for host in ("cam.example.org", "a.example.net:443", "localhost"):
            assert client.get("/healthz", headers={"Host": host}).status_code == 200
        for host in ("example.org", "evil.example", "cam.example.org.evil.example"):
            assert client.get("/healthz", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "passed_on", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"]
)
def test_what_a_proxy_passes_on_needs_the_token_for_the_figures(served, passed_on):
    with served() as client:
        for headers, status in (({}, 401), (KNOWN, 200)):
            client.headers.pop("authorization", None)
            answer = client.get("/metrics", headers={passed_on: "203.0.113.5", **headers})
            assert answer.status_code == status
        assert client.get("/metrics").status_code == 200


def test_other_machines_need_the_token_for_the_figures(served):
    with served(client="203.0.113.5") as client:
        assert client.get("/metrics").status_code == 200
        client.headers.pop("authorization")
        assert client.get("/metrics").status_code == 401

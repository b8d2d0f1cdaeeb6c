"""The HTTP service from outside: a real server on loopback, in a process of its own."""

import contextlib
import io
import json
import shutil
import signal
import socket
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import httpx2
import numpy as np
import pytest

from tests.acceptance.test_translate import filmed, spoken
from tests.services import ROOT, TOKEN, Served, serving, until, video

pytestmark = pytest.mark.acceptance

LONG = "this is a very long text that takes a while to be said. " * 80
needs_engines = pytest.mark.skipif(
    not (shutil.which("flite") and shutil.which("apertium")),
    reason="flite and apertium are not installed: nothing to speak with, or to translate with",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("service") / "data"
    limits = ("--longest", 30, "--largest", 1, "--per-minute", 1000, "--stall", 1, "--workers", 2)
    with serving(folder, *limits) as served:
        yield served


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return video(tmp_path_factory.mktemp("clips") / "silent.mp4")


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    words = "good morning world we go home"
    return video(tmp_path_factory.mktemp("clips") / "talk.mp4", seconds=6.0, words=words)


def told(events: httpx2.Response) -> list[tuple[str, dict]]:
    """Server-sent events by name."""
    lines = [line for line in events.iter_lines() if line and not line.startswith(":")]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in pairs]


def length(content: bytes, kind: str) -> float:
    with av.open(io.BytesIO(content)) as file:
        frames = [frame for frame in file.decode(**{kind: 0}) if frame.pts is not None]
        return float(frames[-1].pts * frames[-1].time_base)


def loudness(content: bytes) -> float:
    with av.open(io.BytesIO(content)) as file:
        return max(float(np.abs(frame.to_ndarray()).max()) for frame in file.decode(audio=0))


@needs_engines
def test_a_talking_clip_comes_back_translated_by_the_real_engines(tmp_path):
    clip = filmed(tmp_path / "talk.mp4", spoken(tmp_path / "talk.wav")).read_bytes()
    with serving(tmp_path / "data", config="") as service:
        posted = service.post(
            clip, target_language="Spanish", settings='{"lips": "off", "source_language": "en"}'
        )
        assert posted.status_code == 202, posted.text
        assert posted.headers["location"] == f"/api/v1/jobs/{posted.json()['id']}"
        job = service.ended(posted.json()["id"])
        assert (job["state"], job["error"]) == ("done", "")
        result = service.client.get(job["result"])
        assert result.headers["content-type"] == "video/mp4"
        assert loudness(result.content) > 0.05
        report = service.client.get(job["report"]).json()
        assert "casa" in " ".join(one["translation"] for one in report["segments"]).lower()
        assert str(tmp_path) not in json.dumps(report) + json.dumps(job)
        assert "casa" not in "".join(service.said)


def test_what_is_said_in_a_video_is_translated_and_the_way_there_is_told(service, talking):
    job = service.post(talking, target_language="es").json()
    with service.client.stream("GET", job["events"]) as events:
        names = [name for name, _ in told(events)]
    assert names[-1] == "done"
    assert set(names) <= {"queued", "running", "done"}
    job = service.job(job["id"])
    assert job["progress"] == 1.0
    assert job["video"]["duration"] == pytest.approx(6.0, abs=0.1)
    report = service.client.get(job["report"]).json()
    said = " ".join(segment["translation"] for segment in report["segments"]).lower()
    assert "mañana mundo" in said
    assert loudness(service.client.get(job["result"]).content) > 0.05


def test_a_text_is_spoken_over_a_silent_video_whose_last_picture_stays_as_long(service, silent):
    settings = '{"captions": true}'
    text = "Hola mundo. Buen día y gracias por todo."
    job = service.post(silent, text=text, target_language="es", settings=settings).json()
    assert service.ended(job["id"])["state"] == "done"
    result = service.client.get(f"/api/v1/jobs/{job['id']}/result").content
    voice, picture = length(result, "audio"), length(result, "video")
    assert voice > 2.5
    assert abs(voice - picture) < 0.3
    with av.open(io.BytesIO(result)) as file:
        assert "synthetic" in file.metadata["comment"]


def test_parts_of_a_result_can_be_asked_for(service, silent):
    job = service.ended(service.post(silent, text="hola").json()["id"])
    whole = service.client.get(job["result"]).content
    part = service.client.get(job["result"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong-token-of-some-length"}])
@pytest.mark.parametrize(
    "path", ["/api/v1/jobs", "/api/v1/jobs/0/result", "/api/v1/jobs/0/events", "/api/v1/jobs/0"]
)
def test_without_its_token_nobody_sees_anything(service, path, header):
    answer = httpx2.get(service.url + path, headers=header)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_without_a_token_no_upload_is_taken(service, silent):
    before = service.left
    answer = httpx2.post(service.url + "/api/v1/lipsync", files={"video": silent})
    assert answer.status_code == 401
    assert service.left == before


def playlist(secret: Path) -> bytes:
    return f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("clip.mp4", bytes(64 << 20))
    return packed.getvalue()


def refusals(tmp: Path) -> list[tuple[str, bytes, dict[str, str], int, str]]:
    good = video(tmp / "good.mp4")
    to = {"target_language": "es"}
    say = {"text": "hola"}
    wide = video(tmp / "wide.mp4", size=(4096, 32), seconds=0.2)
    return [
        ("text.mp4", b"this is a text", say, 415, "not a video"),
        ("list.mp4", playlist(tmp / "good.mp4"), say, 415, "not a video"),
        ("bomb.mp4", zipped(), say, 415, "not a video"),
        ("noise.mp4", bytes(range(256)) * 100, say, 415, "not a video"),
        ("fake.mp4", b"\0\0\0\x18ftypisom" + bytes(5000), say, 415, "damaged"),
        ("cut.mp4", good[: len(good) // 2], say, 415, "damaged"),
        ("empty.mp4", b"", say, 415, "empty"),
        ("wide.mp4", wide, say, 413, "4096"),
        ("long.mp4", video(tmp / "long.mp4", seconds=31), say, 413, "30 s at most"),
        ("large.mp4", bytes(2 << 20), say, 413, "1 MB at most"),
        ("good.mp4", good, to, 422, "no sound"),
        ("good.mp4", good, {"text": "hola", "target_language": "Klingonish"}, 422, "no language"),
        ("good.mp4", good, {}, 422, "target_language"),
        ("good.mp4", good, {"text": " \n\x07 "}, 422, "nothing that can be said"),
        ("good.mp4", good, {"text": "a" * 5001}, 413, "5000"),
        ("good.mp4", good, {**say, "settings": "{"}, 422, "settings"),
        ("good.mp4", good, {**say, "settings": '{"rate": 9}'}, 422, "settings.rate"),
        ("good.mp4", good, {**say, "settings": '{"placement": "broker"}'}, 422, "placement"),
        ("good.mp4", good, {**say, "colour": "red"}, 422, "no field"),
        ("good.mp4", good, {"target_language": "en"}, 422, "already"),
    ]


def test_whatever_is_wrong_with_an_upload_is_said_and_leaves_nothing_behind(service, tmp_path):
    before = service.left
    for name, content, fields, status, words in refusals(tmp_path):
        answer = service.post(content, name, **fields)
        assert (name, answer.status_code) == (name, status), answer.text
        assert words in answer.json()["detail"], answer.text
        assert str(service.folder) not in answer.text
    assert service.left == before


def test_the_name_of_an_uploaded_file_is_never_used(service, silent):
    job = service.post(silent, "../../../../tmp/escaped.mp4", text="hola").json()
    assert service.ended(job["id"])["state"] == "done"
    assert not Path("/tmp/escaped.mp4").exists()
    assert {file.name for file in (service.folder / "jobs" / job["id"]).iterdir()} == {
        "result.mp4",
        "report.json",
    }


def head(service: Served, size: int) -> bytes:
    lines = (
        "POST /api/v1/lipsync HTTP/1.1",
        f"Host: {service.address}",
        f"Authorization: Bearer {TOKEN}",
        "Content-Type: multipart/form-data; boundary=xx",
        f"Content-Length: {size}",
    )
    part = b'--xx\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n'
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + part


def connected(service: Served) -> socket.socket:
    host, port = service.address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=20)


def test_two_gigabytes_are_refused_before_they_are_sent(service):
    with connected(service) as client:
        client.sendall(head(service, 2 << 30))
        assert client.recv(64).startswith(b"HTTP/1.1 413")


def test_an_upload_of_which_nothing_more_comes_is_given_up(service):
    before = service.left
    with connected(service) as client:
        client.sendall(head(service, 50_000) + bytes(100))
        assert client.recv(64).startswith(b"HTTP/1.1 408")
    assert service.left == before


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nHost: loc"])
def test_who_connects_and_does_not_say_what_for_is_cut_off(service, said):
    with connected(service) as client:
        client.sendall(said)
        assert client.recv(64) == b""


def test_an_upload_that_comes_too_slowly_is_given_up(service):
    before = service.left
    with connected(service) as client:
        client.sendall(head(service, 50_000))
        client.settimeout(0.1)
        answer = b""
        while not answer:
            client.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                answer = client.recv(64)
        assert answer.startswith(b"HTTP/1.1 408")
    assert service.left == before


def test_an_upload_that_is_broken_off_leaves_nothing_behind(service):
    before = service.left
    with connected(service) as client:
        client.sendall(head(service, 50_000) + bytes(10_000))
        until(lambda: len(service.left) > len(before))
    until(lambda: service.left == before)
    assert service.client.get("/readyz").status_code == 200


def test_a_form_without_its_end_is_refused(service, silent):
    body = head(service, 0).partition(b"\r\n\r\n")[2] + silent
    kind = {"Content-Type": "multipart/form-data; boundary=xx"}
    answer = service.client.post("/api/v1/lipsync", content=body, headers=kind)
    assert answer.status_code == 400


def test_a_job_is_cancelled_in_the_middle_and_the_next_one_done(service, silent):
    job = service.post(silent, text=LONG, settings='{"captions": true}').json()
    service.running(job["id"])
    assert service.client.delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert service.client.get(f"/api/v1/jobs/{job['id']}/result").status_code == 409
    until(lambda: not (service.folder / "jobs" / job["id"]).exists())
    next_one = service.post(silent, text="hola").json()
    assert service.ended(next_one["id"])["state"] == "done"


def test_a_job_that_is_over_is_forgotten_when_it_is_deleted(service, silent):
    job = service.ended(service.post(silent, text="hola").json()["id"])
    service.client.delete(f"/api/v1/jobs/{job['id']}")
    assert service.client.get(f"/api/v1/jobs/{job['id']}").status_code == 404
    assert not (service.folder / "jobs" / job["id"]).exists()


def test_two_jobs_are_worked_on_at_once(service, silent):
    jobs = [service.post(silent, text=LONG, settings='{"captions": true}').json() for _ in range(2)]
    for job in jobs:
        service.running(job["id"])
    assert service.metric("jobs_running") == 2
    for job in jobs:
        service.client.delete(f"/api/v1/jobs/{job['id']}")


def test_a_page_under_another_name_gets_no_answer(service):
    answer = service.client.get("/healthz", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_it_tells_what_it_does_and_how_it_fares(service, silent):
    service.ended(service.post(silent, text="hola").json()["id"])
    described = service.client.get("/openapi.json").json()
    form = described["paths"]["/api/v1/lipsync"]["post"]["requestBody"]["content"]
    assert form["multipart/form-data"]["schema"]["properties"]["text"]["example"]
    assert described["components"]["schemas"]["JobView"]["examples"]
    assert service.client.get("/healthz").json()["ok"]
    assert service.metric('jobs_total{outcome="done"}') >= 1
    assert service.metric('stage_seconds_count{stage="speak"}') >= 1
    assert service.metric('memory_bytes{process="service"}') > 1e7


def pids(service: Served) -> set[int]:
    import psutil

    children = psutil.Process(service.process.pid).children(recursive=True)
    return {child.pid for child in children}


def kill_worker_of(service: Served, id: str) -> None:
    """The process that has the job's folder in hand."""
    import psutil

    def killed() -> bool:
        for child in psutil.Process(service.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(id in file.path for file in child.open_files()):
                    child.kill()
                    return True
        return False

    until(killed)


def test_a_worker_that_is_killed_costs_its_job_and_nothing_else(service, silent):
    job = service.post(silent, text=LONG, settings='{"captions": true}').json()
    service.running(job["id"])
    kill_worker_of(service, job["id"])
    ended = service.ended(job["id"])
    assert (ended["state"], "crashed" in ended["error"]) == ("failed", True)
    assert service.ended(service.post(silent, text="hola").json()["id"])["state"] == "done"
    assert service.metric("worker_deaths_total") >= 1


def test_jobs_survive_a_service_that_is_killed_and_twice_is_enough(tmp_path, silent):
    settings = '{"captions": true}'
    with serving(tmp_path / "data", "--workers", 1) as service:
        running = service.post(silent, text=LONG, settings=settings).json()["id"]
        waiting = service.post(silent, text="hola").json()["id"]
        service.running(running)
        before = pids(service)
        service.kill()
    import psutil

    until(lambda: not any(psutil.pid_exists(pid) for pid in before))
    with serving(tmp_path / "data", "--workers", 1) as service:
        service.running(running)
        service.kill()
    with serving(tmp_path / "data", "--workers", 1) as service:
        assert service.ended(waiting)["state"] == "done"
        ended = service.job(running)
        assert ended["state"] == "failed"
        assert "ended 2 times" in ended["error"]


def test_a_result_expires(tmp_path, silent):
    with serving(tmp_path / "data", "--keep", 2 / 3600) as service:
        job = service.ended(service.post(silent, text="hola").json()["id"])
        until(lambda: service.client.get(job["result"]).status_code == 410)
        until(lambda: service.left == [])


def test_a_full_disk_refuses_uploads_and_says_so(tmp_path, silent):
    service = Served(tmp_path / "data")
    service.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["serve", "--port", port, "--folder", tmp_path / "data", "--spare", 1 << 40]
    with subprocess.Popen(
        [sys.executable, "-m", "app.main", *map(str, command), "--no-token", "--quiet"], cwd=ROOT
    ) as process:
        client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

        def refused() -> bool:
            try:
                return "disk" in client.get("/readyz").json()["reason"]
            except httpx2.HTTPError:
                return False

        until(refused)
        answer = client.post(
            "/api/v1/lipsync", files={"video": ("a.mp4", silent)}, data={"text": "hola"}
        )
        assert answer.status_code == 507
        client.close()
        process.terminate()


def test_the_token_is_made_at_the_first_start_and_shown_once(tmp_path, silent):
    with serving(tmp_path / "data", token="") as service:
        shown = "".join(service.said)
        token = (tmp_path / "data" / "token").read_text().split()[-1]
        assert token in shown
        assert stat.S_IMODE((tmp_path / "data" / "token").stat().st_mode) == 0o600
        assert service.client.get("/api/v1/jobs").status_code == 401
        known = {"Authorization": f"Bearer {token}"}
        assert service.client.get("/api/v1/jobs", headers=known).status_code == 200
    with serving(tmp_path / "data", token="") as service:
        service.client.get("/api/v1/jobs", headers=known)
    assert token not in "".join(service.said)


def test_owners_do_not_see_each_others_jobs(tmp_path, silent):
    tokens = "ada the-token-of-ada-0123456789\nbob the-token-of-bob-0123456789"
    with serving(tmp_path / "data", token=tokens) as service:  # its client is bob
        job = service.post(silent, text="hola").json()
        ada = {"Authorization": "Bearer the-token-of-ada-0123456789"}
        path = f"/api/v1/jobs/{job['id']}"
        assert service.client.get(path, headers=ada).status_code == 404
        assert service.client.delete(path, headers=ada).status_code == 404
        assert service.client.get("/api/v1/jobs", headers=ada).json() == []
        assert service.ended(job["id"])["state"] == "done"


def test_who_asks_too_often_waits_and_who_guesses_is_kept_out(tmp_path, silent):
    with serving(tmp_path / "data", "--per-minute", 1) as service:
        assert service.post(silent, text="hola").status_code == 202
        second = service.post(silent, text="hola")
        assert second.status_code == 429
        assert 0 < int(second.headers["retry-after"]) <= 60
        guess = {"Authorization": "Bearer not-the-token-of-anyone"}
        seen = [service.client.get("/api/v1/jobs", headers=guess).status_code for _ in range(22)]
        assert (seen[0], seen[-1]) == (401, 429)


def command(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.main", "serve", *map(str, args)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )


def test_without_a_token_it_listens_on_this_machine_only(tmp_path):
    done = command("--no-token", "--host", "0.0.0.0", "--folder", tmp_path)
    assert (done.returncode, "this machine only" in done.stderr) == (2, True)


def test_a_token_file_that_others_may_read_is_refused(tmp_path):
    tokens = tmp_path / "tokens"
    tokens.write_text("ada the-token-of-ada-0123456789")
    tokens.chmod(0o644)
    done = command("--token-file", tokens, "--folder", tmp_path)
    assert (done.returncode, "chmod 600" in done.stderr) == (2, True)


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("--no-token", "--port", port, "--folder", tmp_path)
    assert (done.returncode, "cannot be listened on" in done.stderr) == (6, True)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
def test_it_ends_when_it_is_told_to_with_all_its_processes(tmp_path, how):
    """Or when the terminal is closed that it was started from."""
    import psutil

    service = Served(tmp_path / "data")
    before = pids(service)
    service.process.send_signal(signal.Signals[how])
    service.process.wait(60)
    service.close()
    assert service.process.returncode == 0
    assert [line for line in service.said if "Listening" not in line] == ["Ended.\n"]
    until(lambda: not any(psutil.pid_exists(pid) for pid in before))

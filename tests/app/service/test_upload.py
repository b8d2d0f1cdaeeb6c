"""Forms as they come in."""

import asyncio
import errno
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import HTTPException
from starlette.requests import Request

from app.service import room
from app.service.room import Room
from app.service.upload import OVERHEAD, Allowed, receive

KIND = "multipart/form-data; boundary=xx"


def allowed(folder: Path, largest: int = 1000, spare: int = 0, stall: float = 1.0) -> Allowed:
    return Allowed(largest, Room(folder, spare), stall)


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--xx\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


END = b"--xx--\r\n"
VIDEO = part("video", b"the video", '; filename="/etc/passwd"')


def received(
    path: Path, body: bytes, piece: int = 7, limits: Allowed | None = None, **headers: str
):
    return asyncio.run(receiving(path, body, piece, limits or allowed(path.parent), **headers))


async def receiving(path: Path, body: bytes, piece: int, limits: Allowed, **headers: str):
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)]

    async def come() -> dict:
        await asyncio.sleep(0)
        more = bool(pieces)
        return {"type": "http.request", "body": pieces.pop(0) if more else b"", "more_body": more}

    told = {
        "content-type": KIND,
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(name.encode(), text.encode()) for name, text in told.items()],
    }
    return await receive(Request(scope, come), path, limits)


def refused(*args: object, **kwargs: object) -> tuple[int, str]:
    with pytest.raises(HTTPException) as caught:
        received(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value.status_code, caught.value.detail


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_the_video_lies_on_the_disk_and_fields_are_told_however_it_is_cut(tmp_path, piece):
    body = part("text", "¿Qué?".encode()) + VIDEO + part("target_language", b"es") + END
    upload = received(tmp_path / "in", body, piece)
    assert (tmp_path / "in").read_bytes() == b"the video"
    assert upload.size == 9
    assert upload.fields == {"text": "¿Qué?", "target_language": "es"}


def test_a_video_that_grows_too_large_is_refused_as_soon_as_it_is(tmp_path):
    status, told = refused(tmp_path / "in", part("video", bytes(5000)) + END, 100)
    assert (status, "0 MB at most" in told) == (413, True)
    assert (tmp_path / "in").stat().st_size <= 1000


def test_what_follows_the_end_of_a_form_is_not_listened_to_for_ever(tmp_path):
    body = VIDEO + END + bytes(2 * OVERHEAD)
    assert refused(tmp_path / "in", body, 10_000)[0] == 413


@pytest.mark.parametrize(("piece", "told"), [(b"", "Nothing came"), (b"-", "Too little came")])
def test_who_sends_too_little_is_given_up(tmp_path, piece, told):
    pieces = [piece and VIDEO[:20]]

    async def come() -> dict:
        await asyncio.sleep(0.01)
        return {
            "type": "http.request",
            "body": pieces.pop() if pieces else piece,
            "more_body": True,
        }

    headers = [(b"content-type", KIND.encode())]
    request = Request({"type": "http", "method": "POST", "headers": headers}, come)
    with pytest.raises(HTTPException, match=told) as caught:
        asyncio.run(receive(request, tmp_path / "in", allowed(tmp_path, stall=0.1)))
    assert caught.value.status_code == 408


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (VIDEO, 400),
        (VIDEO[:60], 400),
        (b"nonsense", 400),
        (part("text", b"hola") + END, 422),
        (part("video", b"") + END, 415),
        (VIDEO + VIDEO + END, 422),
        (VIDEO + part("text", b"\xff\xfe") + END, 422),
        (VIDEO + part("text", bytes(70_000)) + END, 413),
        (b"".join(part(f"f{number}", b"x") for number in range(20)) + VIDEO + END, 422),
        (b"--xx\r\nX: y\r\n\r\nz\r\n" + END, 422),
    ],
)
def test_a_form_that_is_wrong_is_refused(tmp_path, body, status):
    assert refused(tmp_path / "in", body)[0] == status


def test_what_is_no_form_is_refused(tmp_path):
    assert refused(tmp_path / "in", b"{}", content_type="application/json")[0] == 415
    assert refused(tmp_path / "in", b"{}", content_type="multipart/form-data")[0] == 415


def test_a_disk_without_room_is_said_before_anything_comes(tmp_path):
    limits = allowed(tmp_path, spare=1 << 60)
    assert refused(tmp_path / "in", VIDEO + END, limits=limits)[0] == 507
    assert not (tmp_path / "in").exists()


@pytest.mark.parametrize("announced", [False, True])
def test_uploads_together_leave_what_is_to_stay_free(tmp_path, monkeypatch, announced):
    whole, spare, least = 100_000, 60_000, []

    def usage(folder: Path) -> SimpleNamespace:
        least.append(whole - sum(file.stat().st_size for file in folder.iterdir()))
        return SimpleNamespace(free=least[-1])

    monkeypatch.setattr(room.shutil, "disk_usage", usage)
    monkeypatch.setattr(room, "STEP", 2000)
    limits = allowed(tmp_path, largest=50_000, spare=spare)
    body = part("video", bytes(12_000)) + END
    length = {"content_length": str(len(body))} if announced else {}

    async def all_at_once() -> list[object]:
        each = (receiving(tmp_path / str(n), body, 500, limits, **length) for n in range(8))
        return await asyncio.gather(*each, return_exceptions=True)

    ended = asyncio.run(all_at_once())
    full = [one for one in ended if isinstance(one, HTTPException)]
    assert {one.status_code for one in full} == {507}
    assert len(full) >= 5
    usage(tmp_path)
    assert min(least) >= spare
    assert not announced or len(full) == 5
    assert limits.room._claimed == 0


def test_a_disk_that_others_fill_ends_an_upload_on_the_way(tmp_path, monkeypatch):
    left = [SimpleNamespace(free=free) for free in (9000, 8000, 500)]
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: left.pop(0))
    monkeypatch.setattr(room, "STEP", 1000)
    body = part("video", bytes(5000)) + END
    limits = allowed(tmp_path, largest=9000, spare=0)
    length = {"content_length": str(len(body))}
    assert refused(tmp_path / "in", body, 500, limits, **length)[0] == 507
    assert 0 < (tmp_path / "in").stat().st_size < 4000


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_gets_full_on_the_way_is_said(tmp_path, monkeypatch, number):
    import app.service.upload as upload

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def write(self, data):
            raise OSError(number, "no room")

        def flush(self):
            pass

    monkeypatch.setattr(upload, "open", lambda *args: Full(), raising=False)
    assert refused(tmp_path / "in", VIDEO + END)[0] == 507

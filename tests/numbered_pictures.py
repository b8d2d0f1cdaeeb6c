"""Pictures that carry a number which survives any camera, and a program that feeds the virtual
camera with them: `python -m tests.numbered_pictures WANTED [PER_SECOND]`.

The program prints a line of JSON when the camera is open (or refused), and one each time that a
program begins or ends to read it. It ends with its standard input.
"""

import json
import select
import sys
import time

import numpy as np

WIDTH, HEIGHT = 1280, 720
BITS, BAR = 16, 64
"""The number stands in white and black squares along the upper edge, highest bit first."""


def scene() -> np.ndarray:
    """Soft colours that tell left from right and top from bottom, so that a mirrored or swapped
    picture is another one."""
    across = np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None]
    red = 40 + 180 * across + 0 * down
    green = 200 - 120 * down + 0 * across
    blue = 120 + 60 * np.sin(3 * across + 5 * down)
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


def numbered(picture: np.ndarray, number: int) -> np.ndarray:
    shown = picture.copy()
    for bit in range(BITS):
        left = BAR * (bit + (WIDTH // BAR - BITS) // 2)
        lit = number >> (BITS - 1 - bit) & 1
        shown[:BAR, left : left + BAR] = 235 if lit else 20
    return shown


def number_of(luma: np.ndarray) -> int:
    """From a row of brightness through the squares."""
    left = BAR * ((WIDTH // BAR - BITS) // 2) + BAR // 2
    bits = luma[left : left + BITS * BAR : BAR][:BITS] > 128
    return int("".join("1" if bit else "0" for bit in bits), 2)


def main() -> int:
    from core.errors import TranslatedCameraError
    from engines.virtual_camera.opening import open_virtual_camera

    try:
        opened = open_virtual_camera(sys.argv[1])
    except TranslatedCameraError as exc:
        _say(refused=str(exc))
        return exc.exit_code
    camera = opened.camera
    _say(name=camera.name, backend=camera.backend, reason=opened.reason)
    picture, every = scene(), 1 / float(sys.argv[2] if len(sys.argv) > 2 else 30)
    number, start, watched = 0, time.perf_counter(), False
    while True:
        camera.send(numbered(picture, number % (1 << BITS)))
        number += 1
        if number % 5 == 0 and camera.watched is not watched:
            watched = camera.watched
            _say(watched=watched, number=number)
        wait = max(0.0, start + number * every - time.perf_counter())
        if select.select([sys.stdin], [], [], wait)[0]:
            break
    camera.close()
    _say(sent=number, cpu_s=time.process_time())
    return 0


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""How soon is the window there, how long does a picture take, and what does it cost while nothing happens?

    python -m benchmarks.desktop [--rounds 3] [--only frames|first|idle|memory] [--size 1280x720]

Every row stands against a bare pygame loop that puts one picture as large as the window in front of people, measured in the same
process in turn with ours: nothing that is drawn can cost less. It is measured under SDL's dummy driver and, where Xvfb is there, in a
real window of X11. A picture's time is from what came in to what is shown; what is done ahead of it, while nothing is due, is not in it.
The clock leaps over the waiting, so that a round takes seconds, and each round shows the same pictures. Several people may share the
machine: each round has a process of its own, with nothing remembered from the one before, and of each picture the best round counts.

What is measured is the real game: the shipped encounters, played by replies of chance, with their faces, at the usual speed; only the
disk is left out. Home and debrief are scrolled by the wheel, up and down.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from benchmarks import desktop_first, desktop_frames, desktop_idle, desktop_memory
from benchmarks.desktop_drivers import Driver, drivers
from benchmarks.engine_table import Line, table

NOTES = """
The longest pictures are those in which a sentence ends or a message comes: texts are laid out, and the window is drawn as a whole.
A window of X11 is sent whole with each picture, by ours and by the bare loop alike, and SDL waits until the server has taken it.
Memory grows until what is kept is full (48 MiB of faces, 32 MiB of rendered letters, 1,024 paragraphs), and no further."""
ROWS: dict[str, Callable[[Driver, tuple[int, int], int], Iterator[Line]]] = {
    "frames": desktop_frames.lines,
    "first": desktop_first.lines,
    "idle": desktop_idle.lines,
    "memory": desktop_memory.lines,
}


def main() -> int:
    """Measure what was asked for and print the table."""
    asked = _asked()
    lines = list[Line]()
    with drivers() as found:
        for name in asked.only or ROWS:
            for driver in found:
                lines += ROWS[name](driver, asked.size, asked.rounds)
                print(f"  {name}, {driver.name}: {len(lines)} lines so far", flush=True)
    print("\n".join(table(lines)))
    print(NOTES)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desktop", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts; 3 take about three minutes")
    parser.add_argument("--only", choices=ROWS, action="append", help="these rows only; may be repeated")
    parser.add_argument("--size", type=_size, default=(1280, 720), help="of the window, such as 1920x1080")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    across, down = text.split("x")
    return int(across), int(down)


if __name__ == "__main__":
    raise SystemExit(main())

"""Makes the sounds of the window from tones and noise: `python tests/make_sounds.py` writes assets/sounds.

Everything is computed from a seed, so that whoever runs this gets the same files; a test holds them to it.
"""

from __future__ import annotations

import math
import random
import sys
import wave
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

RATE = 22_050  # samples a second
FOLDER = Path(__file__).parent.parent / "assets" / "sounds"
LOUD = 0.6  # of what a file can hold, so that several at once do not clip

Sound = list[float]


def tone(hertz: float, seconds: float, *, partials: tuple[float, ...] = (1.0,), to: float | None = None) -> Sound:
    """A tone that may glide, with partials of these strengths."""
    whole, phase, made = int(RATE * seconds), 0.0, []
    for place in range(whole):
        phase += 2 * math.pi * (hertz + ((to or hertz) - hertz) * place / whole) / RATE
        made.append(sum(strength * math.sin(phase * (number + 1)) for number, strength in enumerate(partials)))
    return made


def noise(seconds: float, seed: int, *, softness: float) -> Sound:
    """Breath and rustle: noise through a low-pass filter, softer towards 1."""
    chance, last, made = random.Random(seed), 0.0, []
    for _ in range(int(RATE * seconds)):
        last = softness * last + (1 - softness) * chance.uniform(-1, 1)
        made.append(last)
    return made


def shaped(sound: Sound, rise: float, fall: float) -> Sound:
    """Swelling for so many seconds, and dying away for so many."""
    up, down, whole = max(1, int(RATE * rise)), max(1, int(RATE * fall)), len(sound)
    return [sample * min(1.0, place / up, (whole - 1 - place) / down) for place, sample in enumerate(sound)]


def struck(sound: Sound, half_life: float) -> Sound:
    """Dying away as what was struck does."""
    return shaped([sample * 0.5 ** (place / (RATE * half_life)) for place, sample in enumerate(sound)], 0.003, 0.02)


def together(*parts: tuple[float, Sound, float]) -> Sound:
    """Sounds that begin at these seconds, at these strengths."""
    made = [0.0] * max(int(RATE * at) + len(sound) for at, sound, _ in parts)
    for at, sound, strength in parts:
        for place, sample in enumerate(sound, int(RATE * at)):
            made[place] += strength * sample
    return made


def softened(sound: Sound, softness: float = 0.5) -> Sound:
    """Without what is sharp in it."""
    last, made = 0.0, []
    for sample in sound:
        last = softness * last + (1 - softness) * sample
        made.append(last)
    return made


BELL = (1.0, 0.35, 0.12)


def station() -> Sound:
    """A breath taken in: the customer pauses."""
    return shaped(noise(0.42, 1, softness=0.82), 0.26, 0.12)


def cue() -> Sound:
    """Two soft notes upwards: a word from you would fit now."""
    return together((0.0, struck(tone(587, 0.22), 0.06), 0.5), (0.09, struck(tone(784, 0.26), 0.07), 0.5))


def protest() -> Sound:
    """A sharp low note that falls, twice: somebody was cut off."""
    rough = softened(tone(330, 0.16, partials=(1.0, 0.6, 0.5, 0.4), to=262), 0.6)
    return together((0.0, shaped(rough, 0.008, 0.06), 0.9), (0.17, shaped(rough, 0.008, 0.08), 0.7))


def ring() -> Sound:
    """An old telephone, once."""
    bell = [one + other for one, other in zip(tone(1_040, 0.75, partials=BELL), tone(1_300, 0.75, partials=BELL), strict=True)]
    return shaped([sample * (0.6 + 0.4 * math.sin(2 * math.pi * 22 * place / RATE)) for place, sample in enumerate(bell)], 0.02, 0.25)


def hang_up() -> Sound:
    """The receiver is put down."""
    clack = struck(noise(0.12, 2, softness=0.35), 0.012)
    return together((0.0, clack, 1.0), (0.07, struck(tone(150, 0.16), 0.03), 0.8), (0.09, clack, 0.5))


def hold() -> Sound:
    """A click in the line, as when a call is held or taken up again."""
    return together((0.0, struck(noise(0.05, 3, softness=0.2), 0.006), 0.8), (0.02, struck(tone(420, 0.14), 0.03), 0.4))


def message_in() -> Sound:
    """Two notes that fall towards you."""
    return together((0.0, struck(tone(880, 0.24, partials=BELL), 0.05), 0.6), (0.1, struck(tone(659, 0.32, partials=BELL), 0.07), 0.6))


def message_out() -> Sound:
    """A note that goes up and away."""
    return struck(tone(494, 0.22, partials=(1.0, 0.2), to=784), 0.05)


def typing() -> Sound:
    """A few keys under somebody's fingers."""
    chance = random.Random(4)
    return together(*((at + chance.uniform(0, 0.03), _press(chance), chance.uniform(0.5, 0.9)) for at in (0.0, 0.13, 0.22, 0.38, 0.47)))


def _press(chance: random.Random) -> Sound:
    return struck(noise(0.05, chance.randrange(1000), softness=0.45), 0.007)


def key() -> Sound:
    """One key."""
    return struck(noise(0.05, 5, softness=0.4), 0.007)


def passed() -> Sound:
    """A chord built upwards."""
    return together(*((0.12 * place, struck(tone(hertz, 0.75 - 0.1 * place, partials=BELL), 0.16), 0.5) for place, hertz in enumerate((523, 659, 784, 1_047))))


def not_passed() -> Sound:
    """Two warm low notes: nothing is lost, try again."""
    return together((0.0, struck(tone(392, 0.5, partials=BELL), 0.12), 0.6), (0.2, struck(tone(330, 0.6, partials=BELL), 0.16), 0.6))


def line() -> Sound:
    """The noise of a telephone line, whose end goes on at its beginning."""
    whole, over = softened(noise(2.4, 6, softness=0.7), 0.85), int(RATE * 0.4)
    joined = [whole[place] * place / over + whole[len(whole) - over + place] * (1 - place / over) for place in range(over)]
    hum = [*joined, *whole[over : len(whole) - over]]
    quiet = min(range(len(hum)), key=lambda place: abs(hum[place]) + abs(hum[place - 1]))
    return hum[quiet:] + hum[:quiet]


MADE: dict[str, Callable[[], Sound]] = {
    "station": station, "cue": cue, "protest": protest, "ring": ring, "hang-up": hang_up, "hold": hold,
    "message-in": message_in, "message-out": message_out, "typing": typing, "key": key, "passed": passed, "not-passed": not_passed,
    "line": line,
}  # fmt: skip
_STRENGTHS = {"station": 0.5, "cue": 0.35, "typing": 0.5, "key": 0.4, "line": 0.06}  # what comes often is quiet


def samples(name: str) -> array[int]:
    """A sound as it stands in its file: 16 bits a sample, one channel."""
    sound = MADE[name]()
    loudest = max(abs(sample) for sample in sound)
    scale = 32_767 * LOUD * _STRENGTHS.get(name, 1.0) / loudest
    return array("h", (round(sample * scale) for sample in sound))


def write_all(folder: Path = FOLDER) -> Iterator[Path]:
    """Write every sound; yields the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MADE:
        path, made = folder / f"{name}.wav", samples(name)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, len(made), "NONE", ""))
            if sys.byteorder == "big":
                made.byteswap()
            file.writeframes(made.tobytes())
        yield path


if __name__ == "__main__":
    for path in write_all():
        print(f"{path.stat().st_size:8,} {path.name}")

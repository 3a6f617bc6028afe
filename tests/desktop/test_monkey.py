"""A hundredth of the random inputs of `python -m benchmarks.reliability --only monkey`, and a page that they must break."""

from __future__ import annotations

import pytest

from benchmarks import reliability_monkey as monkey
from desktop.seat import FACES


def test_a_thousand_random_inputs_raise_nothing() -> None:
    seen = set[str]()
    done, frames, fault = monkey._bout("9/1", FACES, seen)
    assert (done >= 1_000, frames > 50, fault) == (True, True, "")
    assert len(seen) >= 5


def test_a_page_that_raises_on_a_rare_key_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monkey, "BOUT", 3_000)
    with monkey._controlled("raises", []):
        done, _, fault = monkey._bout("1/0", FACES, set())
    assert fault.startswith(f"after {done} inputs: _Rare in ")


def test_memory_that_grows_is_seen() -> None:
    learned_once = [100.0, 130.0, 131.0, 132.0, 131.0, 132.0, 131.5, 132.0]
    assert monkey._growth(learned_once) < 1
    assert monkey._growth([100.0 + 5 * bout for bout in range(8)]) == 20
    assert monkey._growth([100.0]) == 0


def test_a_bout_that_ends_the_process_is_noted_and_the_rest_is_played() -> None:
    told, left = monkey._Told(), ["1/0", "1/1", "1/2"]
    for line in ("screens Home Who", "bout 1/0 1000 200 130.5 ", "bout 1/1 40 9 131.0 after 40 inputs: KeyError in page.py:7: 'x'"):
        monkey._hear(told, line, left)
    assert left == ["1/2"]
    assert (told.inputs, told.frames, told.screens, told.sizes) == (1040, 209, {"Home", "Who"}, [130.5, 131.0])
    assert told.faults == {"1/1": "1/1: after 40 inputs: KeyError in page.py:7: 'x'"}

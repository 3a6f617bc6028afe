"""Load and validate: from the text of a file to a scenario that has been checked, every part with its line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.engine_peers import Missing, Peer, ask
from benchmarks.engine_replies import INK
from benchmarks.engine_story import largest, story
from benchmarks.engine_table import Line, in_ms
from benchmarks.peers.timing import best
from servicesim.scenario import loading, source

WORK = "load + validate"
RUAMEL = Peer("ruamel.yaml", "ruamel.yaml", "ruamel_loading.py", "pip install ruamel.yaml")


def lines(scale: float) -> Iterator[Line]:
    """Ours against each peer at 1,000 scenes; then against the bare C loader at other sizes."""
    scenes = max(20, int(1_000 * min(1, scale)))
    told = story(scenes)
    text, size = told.as_yaml(), f"{scenes:,} scenes"
    yield _against_bare(scenes, scale)
    ours = best(lambda: _load(text), scale)
    parsed = in_ms(best(lambda: source.parse(text), scale))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "story.yaml"
        file.write_text(text, "utf-8")
        work = {"text": str(file), "ink": told.as_ink(), "walks": [], "compiling": True, "seconds": 0.1 * scale}
        for peer in (RUAMEL, INK):
            measured = ask(peer, work)
            if isinstance(measured, Missing):
                yield Line(WORK, size, in_ms(ours), peer.name, measured.why, limit=f"own reader {parsed}")
            else:
                theirs = measured["seconds"]
                yield Line(WORK, size, in_ms(ours), f"{peer.name} {measured['version']}", in_ms(theirs), ours / theirs, limit=f"own reader {parsed}")
    if scale >= 1:
        yield _against_bare(100, scale)
        yield _against_bare(largest(), scale)


def _against_bare(scenes: int, scale: float) -> Line:
    """Ours and the bare loader in turn, so that both meet the same weather."""
    text = story(scenes).as_yaml()
    ours = theirs = float("inf")
    for _ in range(3):
        ours = min(ours, best(lambda: _load(text), 0.5 * scale))
        theirs = min(theirs, best(lambda: yaml.load(text, yaml.CSafeLoader), 0.1 * scale))
    return Line(WORK, f"{scenes:,} scenes", in_ms(ours), f"bare CSafeLoader {yaml.__version__}", in_ms(theirs), ours / theirs, "at most 0.3x")


def _load(text: str) -> None:
    scenario, found = loading.load_text(text)
    if scenario is None or found:
        raise AssertionError(loading.said(found))

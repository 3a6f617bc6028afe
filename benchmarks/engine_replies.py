"""Replies per second: every engine plays the same walks through the same story, and ends with the same trust.

Ours logs three events a reply (the speech has ended, the reply, the next speech begins) and keeps an immutable
situation after each. The walks are decided beforehand on every side, so that nobody is timed for listing the replies.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.engine_peers import Missing, Peer, ask
from benchmarks.engine_story import BETWEEN, MOST, START, Story, Walk, largest, script_of, story, walks
from benchmarks.engine_table import Line, a_second
from benchmarks.peers.timing import best
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script

WORK = "replies"
ROUNDS = 3  # at full scale
AS_LONG = 2  # times that ours plays the walks for one measurement, so that it is not far shorter than the peers'
IDS = ("r0", "r1", "r2", "r3")
INK = Peer("inkjs", "inkjs", "inkjs.mjs", "npm install inkjs")
PEERS: tuple[tuple[Peer, str], ...] = (
    (INK, "7x"),
    (Peer("bink", "bink", "bink_replies.py", "pip install bink; inkjs compiles its story"), "4x"),
    (Peer("xstate", "xstate", "xstate.mjs", "npm install xstate"), ""),
    (Peer("transitions", "transitions", "transitions_replies.py", "pip install transitions"), ""),
    (Peer("python-statemachine", "statemachine", "statemachine_replies.py", "pip install python-statemachine"), ""),
)


def lines(scale: float) -> Iterator[Line]:
    """Ours against each peer at 1,000 scenes; then ours at other sizes."""
    told = story(max(20, int(1_000 * min(1, scale))))
    yield from _against_peers(told, scale)
    yield from _growth(scale)


def _against_peers(told: Story, scale: float) -> Iterator[Line]:
    """Ours and all peers in turn, and again, so that all meet the same weather; the best of each counts."""
    script, parts = script_of(told), edges(told)
    ways = walks(script, replies=500, longest=1_000)  # whole plays: some engines take long to begin one
    amount, size = sum(len(walk.replies) for walk in ways), f"{len(told.parts):,} scenes"
    ours, limit, theirs = float("inf"), float("inf"), dict[str, float]()
    answers: dict[str, dict[str, Any] | Missing] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = _work(told, ways, Path(folder) / "story.json", scale)
        for _ in range(max(1, round(ROUNDS * scale))):
            for peer, _to_reach in PEERS:
                ours = min(ours, best(lambda: play(script, ways * AS_LONG), 0.2 * scale) / AS_LONG)
                limit = min(limit, best(lambda: bare(parts, ways * AS_LONG), 0.1 * scale) / AS_LONG)
                told_by = answers[peer.name] = ask(peer, work)
                if not isinstance(told_by, Missing):
                    theirs[peer.name] = min(told_by["seconds"], theirs.get(peer.name, float("inf")))
    for peer, to_reach in PEERS:
        answer = answers[peer.name]
        line = Line(WORK, size, a_second(amount, ours), peer.name, to_reach=to_reach, limit=a_second(amount, limit))
        if isinstance(answer, Missing):
            yield replace(line, theirs=answer.why)
            continue
        if answer["trust"] != [walk.trust for walk in ways]:
            raise AssertionError(f"{peer.name} has not played the same")
        seconds = theirs[peer.name]
        yield replace(line, peer=f"{peer.name} {answer['version']}", theirs=a_second(amount, seconds), ratio=seconds / ours)


def _work(told: Story, ways: Sequence[Walk], compiled: Path, scale: float) -> dict[str, Any]:
    """What is handed over to the peers; inkjs leaves the compiled story for bink."""
    return {
        "story": told.as_data(),
        "ink": told.as_ink(),
        "compiled": str(compiled),
        "walks": [{"replies": walk.replies, "among_open": walk.among_open} for walk in ways],
        "seconds": scale,
    }


def _growth(scale: float) -> Iterator[Line]:
    """A reply's cost at other sizes; it grows a little, since the visits of scenes, a byte each, are copied at each speech."""
    sizes = [size for size in (100, 1_000, largest(), 4_000) if size <= 4_000 * scale] or [20, 40]
    scripts = [script_of(story(size)) for size in sizes]
    ways = [walks(script, replies=500, longest=500) for script in scripts]
    amounts = [sum(len(walk.replies) for walk in some) for some in ways]
    costs = [float("inf")] * len(sizes)
    for _ in range(max(1, round(15 * scale))):
        for place, (script, some) in enumerate(zip(scripts, ways, strict=True)):
            costs[place] = min(costs[place], best(partial(play, script, some), 0.02) / amounts[place])
    for size, cost in zip(sizes[1:], costs[1:], strict=True):
        smallest = f"ours, {sizes[0]} scenes"
        yield Line("a reply's cost", f"{size:,} scenes", f"{cost * 1e6:.1f} us", smallest, f"{costs[0] * 1e6:.1f} us", cost / costs[0], "at most 1.5x")


def play(script: Script, ways: Sequence[Walk]) -> list[int]:
    """Play the walks with our engine; the trust at the end of each."""
    ended = []
    for walk in ways:
        encounter, at = Encounter(script), 0.0
        for reply in walk.replies:
            at += BETWEEN
            encounter.reply(IDS[reply], at)
        ended.append(encounter.situation.feelings.trust)
    return ended


Edge = tuple[int | None, bool, bool | None, int, int]


def edges(told: Story) -> list[list[Edge]]:
    """The story as bare tuples: where a reply leads, whether it is conditional, and what it changes."""
    return [
        [(one.go, one.condition, one.settled, one.feel.get("trust", 0), one.feel.get("received", 0)) for one in part.answers]
        for part in told.parts
    ]


def bare(parts: Sequence[Sequence[Edge]], ways: Sequence[Walk]) -> list[int]:
    """The limit: the same walks in a bare Python loop, with variables that change and a list of what was said."""
    ended = []
    for walk in ways:
        scene, trust, received, settled, log = 0, START["trust"], START["received"], False, list[tuple[object, ...]]()
        for number, reply in enumerate(walk.replies):
            go, condition, settles, more_trust, more_received = parts[scene][reply]
            assert not condition or trust > 2 or settled
            if more_trust or more_received:
                trust = max(0, min(MOST["trust"], trust + more_trust))
                received = max(0, min(MOST["received"], received + more_received))
            settled = settled if settles is None else settles
            log.append((number, scene, reply, trust, received, settled))
            if go is not None:
                scene = go
        ended.append(trust)
    return ended

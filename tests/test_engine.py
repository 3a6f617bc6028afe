"""The benchmark of the engine runs, on a tiny scale, with the peers that are there; no time is asserted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import engine, engine_peers, engine_replies, engine_scoring
from benchmarks.engine_peers import Missing, Peer, ask
from benchmarks.engine_story import largest, script_of, story, walks
from benchmarks.engine_table import Line, table
from servicesim.encounter.encounter import Encounter
from servicesim.scenario import loading

TINY = 0.005
ABSENT = Peer("nobody", "no_such_package_here", "timing.py", "pip install nobody")


@pytest.mark.parametrize("row", engine.ROWS)
def test_each_row_runs_and_names_every_peer(row: str) -> None:
    lines = list(engine.ROWS[row](TINY))
    told = "\n".join(table(lines))
    assert all(line.ratio is not None or line.theirs for line in lines)
    for peer in {"replies": ("bink", "inkjs", "xstate"), "loading": ("CSafeLoader", "ruamel"), "scoring": ("pm4py", "Declare4Py")}[row]:
        assert peer in told


def test_a_peer_that_is_missing_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(engine_peers.PYTHONS, raising=False)
    assert ask(ABSENT, {}) == Missing("not installed: pip install nobody")


def test_a_peer_that_fails_says_why(tmp_path: Path) -> None:
    failing = Peer("json", "json", str(tmp_path / "failing.py"), "")
    (tmp_path / "failing.py").write_text("raise ValueError('no such story')", "utf-8")
    assert ask(failing, {}) == Missing("failed: ValueError: no such story")


def test_a_peer_that_plays_otherwise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_replies, "ask", lambda peer, work: {"version": "1", "trust": [-1], "seconds": 1.0})
    with pytest.raises(AssertionError, match="inkjs has not played the same"):
        list(engine_replies.lines(TINY))


def test_a_peer_that_judges_otherwise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = {"version": "1", "broken": [[-1]] * 300, "seconds": {"lists": 1.0}}
    monkeypatch.setattr(engine_scoring, "ask", lambda peer, work: judged)
    with pytest.raises(AssertionError, match="pm4py finds \\[-1\\] broken"):
        list(engine_scoring.lines(TINY))


def test_the_story_is_a_scenario_without_findings_and_its_walks_are_what_the_bare_loop_plays() -> None:
    told = story(40)
    assert loading.load_text(told.as_yaml())[1] == []
    script = script_of(told)
    ways = walks(script, replies=200, longest=15)
    trust = [walk.trust for walk in ways]
    assert engine_replies.play(script, ways) == engine_replies.bare(engine_replies.edges(told), ways) == trust


def test_three_events_are_logged_for_a_reply() -> None:
    encounter = Encounter(script_of(story(10)))
    before = len(encounter.events)
    encounter.reply("r0", at=10.0)
    assert [type(event).__name__ for event in encounter.events[before:]] == ["SpeechEnded", "ReplyChosen", "SpeechBegan"]


def test_the_largest_story_is_one_that_a_file_can_hold() -> None:
    assert loading.load_text(story(largest()).as_yaml())[1] == []


def test_a_table_lines_up() -> None:
    assert list(table([Line("replies", "20 scenes", "9/s", "bink", "3/s", 3.0, "4x", "30/s")])) == [
        "work     size       ours  peer  theirs  ratio  to reach  limit",
        "replies  20 scenes  9/s   bink  3/s     3.00x  4x        30/s",
    ]

"""The benchmark of re-scoring runs, on a tiny scale; no time is asserted."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from benchmarks import engine_peers, exports_rescoring
from benchmarks.engine_peers import Missing
from servicesim.assessment.tally import Tally

TINY = 0.001  # a hundred transcripts


def judged(peer: object, work: dict[str, Any]) -> dict[str, Any]:
    """A peer that finds what ours finds."""
    script = exports_rescoring.scored_script()
    counts = [Tally(script).counts(play) for play in exports_rescoring.drawn_plays(script, len(work["traces"]), seed=2)]
    broken = [[place for place, (_, breaches) in enumerate(one) if breaches] for one in counts]
    return {"version": "1", "broken": broken, "seconds": {"its event log": 1.0}}


def test_each_way_stands_against_each_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports_rescoring, "ask", judged)
    lines = list(exports_rescoring.lines(TINY))
    assert [line.peer for line in lines[::4]] == ["pm4py 1, its event log", "Declare4Py 1, its event log"]
    assert [line.work.removeprefix("re-score x 20 rules, ") for line in lines[:4]] == [
        "pure Python", "pure Python from events", "numpy", "numpy from events",
    ]  # fmt: skip
    assert [line.to_reach for line in lines] == ["7x", "", "100x", "", "40x", "", "", ""]
    assert all(line.ratio for line in lines)


def test_without_numpy_and_peers_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "servicesim.assessment.bulk", raising=False)
    monkeypatch.setattr(exports_rescoring, "ask", judged)
    assert {line.ours for line in exports_rescoring.lines(TINY) if "numpy" in line.work} == {'not installed: pip install ".[fast]"'}
    monkeypatch.setattr(exports_rescoring, "ask", lambda peer, work: Missing("not installed"))
    assert [(line.peer, line.theirs) for line in exports_rescoring.lines(TINY)] == [("pm4py", "not installed"), ("Declare4Py", "not installed")]


def test_a_peer_that_judges_otherwise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(engine_peers.PYTHONS, raising=False)
    monkeypatch.setattr(exports_rescoring, "ask", lambda peer, work: {"version": "1", "broken": [[-1]] * 100, "seconds": {"": 1.0}})
    with pytest.raises(AssertionError, match="pm4py finds \\[-1\\] broken"):
        list(exports_rescoring.lines(TINY))


def test_numpy_that_counts_otherwise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from servicesim.assessment.bulk import Bulk

    monkeypatch.setattr(Bulk, "figures", lambda self, plays, right=Bulk.figures: right(self, plays) + 1)
    with pytest.raises(AssertionError, match="numpy does not count the same"):
        list(exports_rescoring.lines(TINY))

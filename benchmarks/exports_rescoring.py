"""Re-score many transcripts by 20 rules, as `rescore` does, against pm4py and Declare4Py on the same transcripts and rules.

They are drawn and scored in portions, so that memory is flat. Ours begins with nothing remembered: what it learns of the
rules on the way is in its time. Each starts from traces in memory as it takes them: ours from the numbers of the turns, pm4py
from its data frame, Declare4Py from its event log. Lines of their own say what ours is from the events of transcripts.
That a peer finds the same rules broken is asserted of every transcript that it judges, and that numpy counts the same as pure
Python of every transcript there is.

Reading transcripts from records.db is not in it: that takes far longer than counting. The peers' interpreters are named as for
`benchmarks.engine`, in SERVICESIM_PEERS_PYTHON.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from benchmarks.engine_peers import Missing, Peer, ask
from benchmarks.engine_scoring import PEERS, PM4PY, RULES, Plays, acts_in, demand_agreement, drawn_plays, scored_script
from benchmarks.engine_table import Line, a_second
from servicesim.assessment.tally import Tally
from servicesim.encounter.script import Script

if TYPE_CHECKING:
    from servicesim.assessment.bulk import Bulk

PASSES = 3  # over each portion; the best counts
PORTION = 10_000
MOST = {"Declare4Py": 10_000}  # transcripts that a peer is given, where all would take it too long
WORK = "re-score x 20 rules"
FAST = 'pip install ".[fast]"'
PYTHON, NUMPY = "pure Python", "numpy"
FROM_EVENTS = " from events"


def lines(scale: float) -> Iterator[Line]:
    """Ours against each peer on 100,000 transcripts, or a part of them at a scale under 1."""
    script, total = scored_script(), max(100, round(100_000 * min(1.0, scale)))
    ours = [_Pass(script) for _ in range(PASSES)]
    theirs = [_Peer(peer, to_reach) for peer, to_reach, _ in PEERS]
    seconds: dict[str, float] = defaultdict(float)
    for first in range(0, total, PORTION):
        plays = drawn_plays(script, min(PORTION, total - first), seed=first + 2)
        for way, taken in _best([one.timed(plays) for one in ours]).items():
            seconds[way] += taken
        for peer in theirs:
            peer.judge(script, plays)
    for peer in theirs:
        yield from peer.against({way: taken / total for way, taken in seconds.items()}, total)


class _Pass:
    """Ours, with what it has learnt so far: each way has its own."""

    def __init__(self, script: Script) -> None:
        self._tally, self._tally_of_events, self._bulks = Tally(script), Tally(script), _bulks(script)

    def timed(self, plays: Plays) -> dict[str, float]:
        """Seconds for these transcripts, by the way in which they were counted."""
        gc.collect()
        folds = self._tally.folds(untimed=False)
        turns = [folds.turns.of(play) for play in plays]
        seconds = {
            PYTHON: _seconds(lambda: _count(self._tally, turns)),
            PYTHON + FROM_EVENTS: _seconds(lambda: _count_events(self._tally_of_events, plays)),
        }
        if self._bulks:
            bulk, bulk_of_events = self._bulks
            encoded = bulk.encoded(plays)
            seconds[NUMPY] = _seconds(lambda: bulk.figures(encoded))
            seconds[NUMPY + FROM_EVENTS] = _seconds(lambda: bulk_of_events.figures(bulk_of_events.encoded(plays)))
            if [tuple(row) for row in bulk.figures(encoded).tolist()] != [self._tally.figures(play) for play in plays]:
                raise AssertionError("numpy does not count the same as pure Python")
        return seconds


def _bulks(script: Script) -> list[Bulk]:
    """Two that count with numpy, where it is installed."""
    try:
        from servicesim.assessment.bulk import Bulk
    except ImportError:
        return []
    return [Bulk(Tally(script)), Bulk(Tally(script))]


@dataclass(slots=True)
class _Peer:
    """Another engine, and what it took so far."""

    peer: Peer
    to_reach: str
    judged: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    why: str = ""

    def judge(self, script: Script, plays: Plays) -> None:
        """Hand over these transcripts too, unless it has had its share."""
        some = plays[: MOST[self.peer.name] - self.judged] if self.peer.name in MOST else plays
        if not some or self.why:
            return
        answer = ask(self.peer, {"rules": RULES, "traces": [acts_in(script, play) for play in some], "seconds": 0})
        if isinstance(answer, Missing):
            self.why = answer.why
            return
        demand_agreement(self.peer, script, some, answer["broken"])
        self.judged += len(some)
        for way, taken in answer["seconds"].items():
            name = f"{self.peer.name} {answer['version']}, {way}"
            self.seconds[name] = self.seconds.get(name, 0.0) + taken

    def against(self, ours: dict[str, float], total: int) -> Iterator[Line]:
        """Ours, in seconds for one transcript, against each form in which it takes them."""
        if self.why:
            yield Line(WORK, f"{total:,} transcripts", a_second(1, ours[PYTHON]), self.peer.name, self.why, to_reach=self.to_reach)
            return
        for name, taken in self.seconds.items():
            line = Line(WORK, f"{self.judged:,} transcripts", "", name, a_second(self.judged, taken))
            for way, to_reach in ((PYTHON, self.to_reach), (NUMPY, "100x" if self.peer is PM4PY else "")):
                for whence in ("", FROM_EVENTS):
                    # Half of pm4py's work is done already where it is handed lists.
                    told = replace(line, work=f"{WORK}, {way}{whence}", to_reach="" if whence or "lists" in name else to_reach)
                    seconds = ours.get(way + whence)
                    if seconds is None:
                        yield replace(told, ours=f"not installed: {FAST}")
                    else:
                        yield replace(told, ours=a_second(1, seconds), ratio=taken / self.judged / seconds)


def _count(tally: Tally, turns: Sequence[tuple[list[int], int]]) -> None:
    folds = tally.folds(untimed=False)
    for numbers, offers in turns:
        tally.figures_of(folds.total_of(numbers, offers))


def _count_events(tally: Tally, plays: Plays) -> None:
    for play in plays:
        tally.figures(play)


def _best(passes: list[dict[str, float]]) -> dict[str, float]:
    return {way: min(one[way] for one in passes) for way in passes[0]}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun

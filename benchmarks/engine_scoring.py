"""Score transcripts: how often each of 20 rules was kept and broken, for plays of about 20 acts.

The rules are of the templates that all know: existence, absence, precedence, response, alternate response, without
scopes and limits, which only ours has. A peer is handed the acts of the same transcripts and says which rules each
breaks; ours counts every opportunity, so a rule is broken for a peer where our count of its breaches is not 0. That is
asserted of every transcript that a peer has judged. (Their "not succession" is left out: pm4py takes a trace to break it
only if it satisfies the whole succession.)

All start from what they keep in memory: ours from events, Declare4Py from its event log, pm4py from its usual data frame.
pm4py is timed on its event log and on bare lists of acts as well, where half of the work is done already. Ours is timed
on transcripts that are new to it, after it has seen others; the lines below say what the first ones cost. The clock is that
of the process, since others share the machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.engine_peers import Missing, Peer, ask
from benchmarks.engine_table import Line, a_second
from benchmarks.peers.timing import best
from servicesim.assessment.tally import Tally
from servicesim.assessment.trace import MARKS, acts_of
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, SpeechBegan
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.model import scenario_adapter

WORK = "score x 20 rules"
SCENES, REPLIES = 6, 16
ACTS = tuple(["ask", "blame", "confirm", "rush", "excuse", "follow", "greet", "help", "inform", "judge", "keep", "listen", "mend", "notify"])
RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("existence", ("greet",)),
    ("existence", ("listen",)),
    ("existence", ("inform",)),
    ("existence", ("mend",)),
    ("absence", ("blame",)),
    ("absence", ("excuse",)),
    ("absence", ("rush",)),
    ("absence", ("judge",)),
    ("precedence", ("greet", "ask")),
    ("precedence", ("listen", "judge")),
    ("precedence", ("ask", "inform")),
    ("precedence", ("confirm", "mend")),
    ("response", ("ask", "confirm")),
    ("response", ("judge", "mend")),
    ("response", ("mend", "follow")),
    ("response", ("inform", "confirm")),
    ("response", ("blame", "help")),
    ("alternate-response", ("notify", "keep")),
    ("alternate-response", ("listen", "confirm")),
    ("alternate-response", ("help", "follow")),
)
PM4PY = Peer("pm4py", "pm4py", "pm4py_scoring.py", "pip install pm4py (AGPL: in an environment of its own)")
PEERS = (
    (PM4PY, "7x", 300),
    (Peer("Declare4Py", "Declare4Py", "declare4py_scoring.py", "pip install declare4py (in an environment of its own)"), "40x", 50),
)
Plays = list[list[Event]]


def lines(scale: float) -> Iterator[Line]:
    """Ours against each peer; then ours on more and more transcripts."""
    script, amount = scored_script(), max(100, int(10_000 * scale))
    plays, tally = drawn_plays(script, 300, seed=1), Tally(script)
    acts = sum(len(acts_in(script, play)) for play in plays) / len(plays)
    _counted(tally, drawn_plays(script, amount, seed=2))
    ours, limit = _new_ones(tally, plays, scale), best(lambda: _bare(plays), scale, time.process_time) / len(plays)
    for peer, to_reach, most in PEERS:
        answer = ask(peer, {"rules": RULES, "traces": [acts_in(script, play) for play in plays[:most]], "seconds": 2 * scale})
        ours = min(ours, _new_ones(tally, plays, 2 * scale))
        line = Line(WORK, f"traces of {acts:.0f} acts", a_second(1, ours), peer.name, to_reach=to_reach, limit=a_second(1, limit))
        if isinstance(answer, Missing):
            yield replace(line, theirs=answer.why)
            continue
        demand_agreement(peer, script, plays[:most], answer["broken"])
        for way, seconds in answer["seconds"].items():
            theirs = seconds / min(most, len(plays))
            name = f"{peer.name} {answer['version']}, {way}"
            yield replace(line, peer=name, theirs=a_second(1, theirs), ratio=theirs / ours, to_reach="" if "lists" in way else to_reach)
    yield from _growth(script, amount, ours)


def _new_ones(tally: Tally, plays: Plays, seconds: float) -> float:
    """Seconds for one transcript; measured for as long as the peers, and on about as many at a time."""
    return best(lambda: _counted(tally, plays), seconds, time.process_time) / len(plays)


def demand_agreement(peer: Peer, script: Script, plays: Plays, told: Sequence[Sequence[int]]) -> None:
    tally = Tally(script)
    for play, broken in zip(plays, told, strict=True):
        found = [place for place, (_kept, breaches) in enumerate(tally.counts(play)) if breaches]
        if found != list(broken):
            raise AssertionError(f"{peer.name} finds {broken} broken, ours {found}, in {acts_in(script, play)}")


def _growth(script: Script, amount: int, first: float) -> Iterator[Line]:
    """Ours alone on the first 1, 10 and 100 thousand transcripts, as far as `amount` goes; in batches, so that memory is flat.

    The cost of one falls with their number: the first ones pay for the steps that are remembered.
    """
    for some in (size for size in (1_000, 10_000, 100_000) if size <= amount):
        tally, seconds = Tally(script), 0.0
        for batch in range(0, some, 1_000):
            plays = drawn_plays(script, 1_000, seed=batch + 2)
            seconds += _counted(tally, plays)
        yield Line("a transcript's score", f"the first {some:,}", f"{seconds / some * 1e6:.1f} us", "ours, later", f"{first * 1e6:.1f} us", seconds / some / first)


def _counted(tally: Tally, plays: Plays) -> float:
    begun = time.process_time()
    for play in plays:
        tally.figures(play)
    return time.process_time() - begun


def _bare(plays: Plays) -> None:
    """The limit: look at each event once and fold it into one state by a look-up."""
    table: dict[int, int] = {}
    for play in plays:
        state = 0
        for event in play:
            state = table.get(state + len(event), 0)


def acts_in(script: Script, events: Sequence[Event]) -> list[str]:
    acts, scene, line = list[str](), "", 0
    for event in events:
        if isinstance(event, SpeechBegan):
            scene, line = event.scene, event.line
        acts += [act for act in acts_of(script, event, scene, line) if act not in MARKS]
    return acts


def drawn_plays(script: Script, amount: int, seed: int) -> Plays:
    draw, plays = random.Random(seed), Plays()
    for _ in range(amount):
        encounter, at = Encounter(script), 0.0
        while not encounter.ended:
            at += 10.0
            encounter.reply(f"r{draw.randrange(REPLIES)}", at)
        plays.append(encounter.events)
    return plays


def scored_script() -> Script:
    """Scenes one after the other, each with replies of one to three acts; all acts are on offer in each."""
    draw = random.Random(3)
    scenes = {
        f"s{number}": {
            "customer": "This is what I have to say about it.",
            "replies": [
                {"id": f"r{place}", "say": "Yes.", "acts": _some(draw, place), **({"go": f"s{number + 1}"} if number + 1 < SCENES else {"end": "over"})}
                for place in range(REPLIES)
            ],
        }
        for number in range(SCENES)
    }
    head = {"servicesim": 1, "id": "scoring", "title": "Scoring", "summary": "To be scored.", "channel": "phone", "locale": "en"}
    customer = {"name": "Leyla", "type": "unfriendly", "expects": 50, "received": 40}
    rest = {"company": "Nova Stores", "customer": customer, "start": "s0", "scenes": scenes, "endings": {"over": {"title": "Over"}}}
    principles, found = loading.load_principles_text(_principles())
    if principles is None:
        raise ValueError(loading.said(found))
    return Script(scenario_adapter().validate_python(head | rest), principles)


def _some(draw: random.Random, place: int) -> list[str]:
    """One to three different acts, the first by turns, so that each is on offer in every scene."""
    first = ACTS[place % len(ACTS)]
    return [first, *draw.sample([act for act in ACTS if act != first], draw.choice((1, 1, 2, 2, 2)))]


def _principles() -> str:
    acts = "\n".join(f"  {act}: {{title: {act}}}" for act in ACTS)
    return f"servicesim: 1\nacts:\n{acts}\nprinciples:\n" + "\n".join(_principle(*rule) for rule in enumerate(RULES))


def _principle(number: int, rule: tuple[str, tuple[str, ...]]) -> str:
    template, acts = rule
    match template:
        case "precedence":
            told = f"{{precedence: {{needs: {acts[0]}, then: {acts[1]}}}}}"
        case "response" | "alternate-response":
            told = f"{{{template}: {{after: {acts[0]}, then: {acts[1]}}}}}"
        case _:
            told = f"{{{template}: {acts[0]}}}"
    return f"  rule-{number}:\n    title: Rule\n    says: Rule.\n    why: Rule.\n    source: [C1]\n    rules:\n      - {told}"

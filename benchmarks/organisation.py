"""What does an organisation's server bear, and what does it cost as more is kept?

    python -m benchmarks.organisation [--seconds 10] [--stored 10000,100000] [--trainees 1000] [--workers 1,2,4]

PostgreSQL and the servers run on this computer, and so do the desks, which are driven by a process of their own over HTTP: the two
cores that were there when the figures of docs/organisation.md were taken were shared by all three. PostgreSQL waits for its disk.

Peers in the same run: a bare FastAPI endpoint that inserts one row and commits, driven in the same way, which is the limit of such
a server; and a learning record store of others in memory (SERVICESIM_PEERS_NODE), which takes the same attempts as statements and
judges nothing.

A day: so many trainees of 100,000, each at the time of day that was drawn for them, in as many seconds as --day says.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engine_peers import NODE_MODULES
from benchmarks.engine_table import Line, a_second, in_ms, table
from benchmarks.exports_filler import Play
from benchmarks.organisation_filler import Filler, drawn
from benchmarks.organisation_place import Missing, address, database, free_port, prepared, say, servicesim, serving
from servicesim.commands import chosen
from servicesim.encounter.script import Script

DESKS, PLAYS, AT_ONCE = 1000, 200, 16
DAY = 100_000  # trainees of the organisation that the day is one of
PEOPLE_AT_LUNCH = ((8, 4), (9, 10), (10, 9), (11, 7), (12, 3), (13, 6), (14, 9), (15, 8), (16, 4))  # hour and share of attempts


@dataclass(frozen=True, slots=True)
class Ground:
    """A prepared organisation: where it is, its desks' keys, the edition that they play, and plays of it."""

    folder: Path
    store: str
    key: Path
    desks: list[str]
    edition: str
    texts: tuple[str, str]
    script: Script
    plays: list[Play]

    def work(self, url: str, **more: Any) -> dict[str, Any]:
        """What the driver is told."""
        lines = [play.lines for play in self.plays]
        return {"url": url, "desks": self.desks, "edition": self.edition, "plays": lines, "at_once": AT_ONCE} | more


def main() -> int:
    """Measure, and print the table."""
    asked = _asked()
    lines = list[Line]()
    try:
        with database() as made, tempfile.TemporaryDirectory() as base:
            ground = prepare(made.folder, Path(base))
            for workers in asked.workers:
                lines += _loaded(ground, workers, asked.seconds, Path(base))
            lines += _record_store(ground, asked.seconds, Path(base))
            lines += _day(ground, asked.trainees, asked.day)
            lines += _grown(ground, asked.stored, asked.seconds)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 4
    print("\n".join(table(lines)))
    return 0


def _asked() -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(number) for number in text.split(",") if number]

    parser = argparse.ArgumentParser(prog="python -m benchmarks.organisation", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="how long each load lasts")
    parser.add_argument("--workers", type=numbers, default=[1, 2, 4], help="processes of the server, such as 1,2,4")
    parser.add_argument("--trainees", type=int, default=1000, help=f"of the {DAY:,} of a day; 0 leaves the day out")
    parser.add_argument("--day", type=float, default=60, help="seconds that the day lasts")
    parser.add_argument("--stored", type=numbers, default=[10_000, 100_000], help="attempts that are there already")
    return parser.parse_args()


def prepare(folder: Path, base: Path, desks: int = DESKS) -> Ground:
    """An organisation with an encounter on offer, and so many desks."""
    from servicesim.records import open_people
    from servicesim.records.organisation import open_organisation
    from servicesim.server import opening, publishing

    store, key, script = prepared(folder), base / "key.pem", chosen.script("late-parcel")
    opening.make_key(key)
    with open_organisation(store) as organisation:
        organisation.settle(opening.NAME, "Kestrel Parcels")
    with opening.opened(store, key) as house:
        version = publishing.publish(house, publishing.Encounter((("en", script),)), by="benchmark")
        (edition,) = version.editions
        with open_people(store) as people:
            learners = [people.enrol(f"d{number:05}", f"Trainee {number}", "Counter", "en") for number in range(desks)]
        keys = []
        for learner in learners:
            enrolled = house.organisation.enrol(house.organisation.new_code(learner, by="benchmark", at=house.now()), "Desk", at=house.now())
            assert enrolled is not None
            keys.append(enrolled[1])
    draw = random.Random(0)
    plays = [drawn(script, draw) for _ in range(PLAYS)]
    return Ground(folder, store, key, keys, edition.edition, (edition.scenario_hash, edition.principles_hash), script, plays)


@contextmanager
def served(ground: Ground, workers: int) -> Iterator[str]:
    """The server in front of it; where it is reached."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {"SERVICESIM_STORE": ground.store, "SERVICESIM_KEY": str(ground.key)}
    command = servicesim("serve", "--port", str(port), "--workers", str(workers), "--behind", "127.0.0.1")
    with serving(command, f"{url}/healthz", environment):
        yield url


# --- load ------------------------------------------------------------------------------------------------------------


def _loaded(ground: Ground, workers: int, seconds: float, base: Path) -> Iterator[Line]:
    """As many requests as are answered, ours and the bare endpoint's in turn."""
    before = _bytes(ground)
    with served(ground, workers) as url:
        ours = _driven(ground.work(url, seconds=seconds))
    grown = _bytes(ground) - before
    bodies = [json.dumps({"lines": play.lines[:3]}) for play in ground.plays]
    with _bare(ground, workers) as url:
        bare = _driven({"url": url, "path": "/row", "headers": {}, "body": bodies, "at_once": AT_ONCE, "seconds": seconds})
    size = f"{workers} {'process' if workers == 1 else 'processes'}"
    rate, limit = ours["requests"] / ours["took"], bare["requests"] / bare["took"]
    yield Line("requests with events", size, f"{rate:,.0f}/s", "one row, bare FastAPI", f"{limit:,.0f}/s", limit / rate)
    yield Line("events kept and judged", size, a_second(ours["events"], ours["took"]), "", limit=f"{ours['refused']} refused")
    each = grown / max(1, ours["attempts"])
    yield Line("attempts scored, signed", size, f"{ours['attempts'] / ours['took']:.1f}/s", "", limit=f"{each / 1000:.0f} kB of database each")
    yield Line("a request, median", size, in_ms(ours["median"]), "one row, bare FastAPI", in_ms(bare["median"]))
    yield Line("a request, p99", size, in_ms(ours["p99"]), "one row, bare FastAPI", in_ms(bare["p99"]), limit=f"driver {ours['cpu']:.0%} of a core")


def _bytes(ground: Ground) -> int:
    say(ground.folder, "CHECKPOINT")
    ((size,),) = say(ground.folder, "SELECT pg_database_size('organisation')")
    return int(size)


@contextmanager
def _bare(ground: Ground, workers: int) -> Iterator[str]:
    """The least that such a server can do: one row, and a commit."""
    say(ground.folder, "CREATE TABLE IF NOT EXISTS public.rows (number bigserial PRIMARY KEY, body text); GRANT ALL ON public.rows, public.rows_number_seq TO server")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.peers.bare_endpoint:app", "--port", str(port), "--workers", str(workers), "--no-access-log", "--log-level", "warning"]
    with serving(command, f"http://127.0.0.1:{port}/healthz", {"BARE_STORE": f"host={ground.folder} user=server dbname=organisation"}):
        yield f"http://127.0.0.1:{port}"


def _driven(work: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.organisation_driver"], input=json.dumps(work), stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# --- a learning record store -------------------------------------------------------------------------------------------


def _record_store(ground: Ground, seconds: float, base: Path) -> Iterator[Line]:
    """The same attempts as statements, to a store that keeps them in memory."""
    modules = os.environ.get(NODE_MODULES)
    work = "attempts as statements"
    if not modules or not (Path(modules) / "xapi-statements").is_dir():
        yield Line(work, "", "", "xapi-statements", limit=f"not installed: npm install xapi-statements@5.0.1, and name its folder in {NODE_MODULES}")
        return
    from benchmarks.organisation_statements import bodies_of

    bodies = bodies_of(ground.script, ground.plays, 2_000)
    program = Path(__file__).parents[1] / "tests" / "exports" / "lrs.cjs"
    with ExitStack() as running:
        store = running.enter_context(subprocess.Popen(["node", program, modules, base], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert store.stdout is not None
        assert store.stdin is not None
        running.callback(store.stdin.close)
        port = int(store.stdout.readline())
        headers = {"X-Experience-API-Version": "1.0.3", "Authorization": "Basic dGVzdDp0ZXN0"}
        told = _driven({"url": f"http://127.0.0.1:{port}", "path": "/xAPI/statements", "headers": headers, "body": bodies, "at_once": 4, "seconds": min(seconds, 5)})
    yield Line(work, f"{len(json.loads(bodies[0]))} statements each", "", "xapi-statements, in memory", f"{told['requests'] / told['took']:.1f}/s", limit="judges nothing")


# --- a day -------------------------------------------------------------------------------------------------------------


def _day(ground: Ground, trainees: int, seconds: float) -> Iterator[Line]:
    """Attempts at the times of a day, so much faster; what the busiest hour asks of a server."""
    if not trainees:
        return
    arrivals = _arrivals(trainees, seconds)
    with served(ground, 2) as url:
        told = _driven(ground.work(url, arrivals=arrivals))
    share = max(share for _, share in PEOPLE_AT_LUNCH) / sum(share for _, share in PEOPLE_AT_LUNCH)
    busiest, faster = DAY * share / 3600, len(PEOPLE_AT_LUNCH) * 3600 / seconds
    size = f"{trainees:,} trainees in {seconds:.0f} s"
    done = f"{told['attempts']:,} of {trainees:,} judged, {told['refused']} refused"
    yield Line("a day of attempts", size, in_ms(told["p99"]), "p99 of a request", limit=f"{faster:,.0f} times as fast; {done}")
    peak = trainees * share * len(PEOPLE_AT_LUNCH) / seconds
    yield Line("its busiest hour", size, f"{peak:.1f} attempts/s", f"busiest hour of {DAY:,}", f"{busiest:.1f} attempts/s", peak / busiest, "at least 1x")


def _arrivals(trainees: int, seconds: float) -> list[float]:
    draw, hours = random.Random(1), [hour for hour, _ in PEOPLE_AT_LUNCH]
    drawn_hours = draw.choices(hours, [share for _, share in PEOPLE_AT_LUNCH], k=trainees)
    return sorted((hour - hours[0] + draw.random()) / len(hours) * seconds for hour in drawn_hours)


# --- growth ------------------------------------------------------------------------------------------------------------


def _grown(ground: Ground, stored: list[int], seconds: float) -> Iterator[Line]:
    """What a request and a page take when so much is kept already."""
    from benchmarks.organisation_pages import pages

    filler, first = Filler(ground.folder, ground.script, ground.plays, ground.texts), None
    for attempts in stored:
        took = filler.fill(attempts, with_events=attempts <= 100_000)
        size = f"{attempts:,} stored"
        print(f"{size}: filled in {took:.0f} s", file=sys.stderr)
        with served(ground, 2) as url:
            told = _driven(ground.work(url, seconds=seconds))
            first = first or told["median"]
            yield Line("a request, median", size, in_ms(told["median"]), f"at {stored[0]:,}", in_ms(first), told["median"] / first)
            yield from pages(url, address(ground.folder, "server"), size)


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    raise SystemExit(code)

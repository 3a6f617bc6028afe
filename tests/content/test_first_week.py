"""The first week as somebody goes through it who plays each encounter as a walkthrough does: day by day, to the promised call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from programme_files import keep_of
from servicesim import shipped
from servicesim.assessment.assess import assess
from servicesim.assessment.standing import Standing, standing
from servicesim.authoring.walkthrough import Walkthrough, read
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.records import Records, open_records
from servicesim.records.progress import taken
from servicesim.scenario.programme import Plan
from servicesim.scenario.programmes import demand_plan

WALKS = Path(__file__).parents[1] / "walkthroughs"
MONDAY = date(2026, 10, 26)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return demand_plan(shipped.programmes() / "first-week.yaml")


def walks(encounter: str, remembered: tuple[str, ...]) -> Iterator[Walkthrough]:
    found = (read(path.read_text(encoding="utf-8")) for path in sorted(WALKS.rglob("*.walk")))
    return (walk for walk in found if walk.scenario == encounter and walk.remembered == remembered and not walk.untimed)


def passing(encounter: str, remembered: tuple[str, ...], *, promising: bool) -> tuple[str, ...]:
    """The moves of a walkthrough that passes and, if that is asked for, promises a call."""
    script = chosen.script(encounter).started(remembered)
    for walk in walks(encounter, remembered):
        played = rehearse(Encounter(script), walk.moves)
        promises = [script.options[event.scene][event.reply].reply.promise for event in played.events if isinstance(event, ReplyChosen)]
        good = played.ended and (script.scenario.unscored or assess(script, played.events).passed)
        if good and (any(promises) or not promising):
            return walk.moves
    raise AssertionError(f"no walkthrough of {encounter} passes with {remembered}")


def stands(records: Records, plan: Plan, day: int) -> Standing:
    return standing(plan, taken(records, plan.programme.encounters).get("leyla", []), MONDAY + timedelta(days=day))


def play(records: Records, now: Standing, day: int) -> None:
    """Play what comes next, as its customer remembers it."""
    step = now.step(str(now.next.encounter))
    script = chosen.script(step.encounter).started(step.remembers)
    moves = passing(step.encounter, step.remembers, promising=step.encounter == "late-parcel")
    keep_of(records, script, moves, day=day, practice=script.scenario.unscored)


@pytest.mark.parametrize(("call_on", "kept", "remembered"), [(9, "kept", ()), (13, "late", ("late",))])
def test_whoever_does_what_comes_next_completes_the_week(plan: Plan, tmp_path: Path, call_on: int, kept: str, remembered: tuple[str, ...]) -> None:
    played: list[str] = []
    with open_records(tmp_path) as records:
        for day in range(5):
            while (now := stands(records, plan, day)).next.do in ("begin", "play") and (now.next.by is None or now.next.by <= MONDAY + timedelta(days=day)):
                play(records, now, day)
                played.append(str(now.next.encounter))
        assert sorted(played) == sorted(set(plan.programme.encounters) - {"a-week-later"})
        now = stands(records, plan, call_on)
        assert (now.next.do, now.next.encounter, now.percent) == ("call", "a-week-later", 91)
        assert now.step("a-week-later").remembers == remembered
        play(records, now, call_on)
        now = stands(records, plan, call_on)
    assert (now.next.do, now.percent) == ("finished", 100)
    call = now.step("a-week-later").appointment
    assert call is not None
    assert (call.promised_on, call.by, call.kept, call.consoled) == (MONDAY + timedelta(days=4), MONDAY + timedelta(days=11), kept, True)
    assert now.good_always.verdict == "kept"

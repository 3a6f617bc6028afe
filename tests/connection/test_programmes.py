"""What the organisation has assigned lies at the desk, also without the network, and is read as something that could be anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from connection.served import Linked, Play, Served
from programme_files import LETTER, STEPS, laid_out, programme, script
from servicesim.connection.assigned import programmes_in
from servicesim.connection.fetching import free_tickets
from servicesim.connection.starts import MOST_FACTS, start_of
from servicesim.encounter.transcript import from_lines
from servicesim.scenario.programme import canonical_programme
from servicesim.scenario.programmes import demand_plan
from servicesim.server.house import House
from servicesim.server.publishing import Encounter, publish

TODAY = date(2026, 10, 26)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return demand_plan(laid_out(tmp_path_factory.mktemp("week"), programme(*STEPS)))


def told(week: Any, **other: Any) -> dict[str, Any]:
    """A programme as a server says it."""
    return {"programme": canonical_programme(week.spelt_out), "texts": {}, "begins": "2026-10-26", "at": 5, "missing": {}} | other


def read(*each: dict[str, Any], attempts: list[dict[str, Any]] | None = None) -> Any:
    return programmes_in(json.dumps({"programmes": each, "attempts": attempts or []}))


# --- over the wire -----------------------------------------------------------------------------------------------------------


def assign(house: House, learner: str) -> None:
    house.organisation.assign("first-week", "person", [learner], begins=TODAY, by="leyla", at=5)


def test_what_is_assigned_comes_with_the_next_sync_and_stays_without_the_network(server: Served, desk: Linked) -> None:
    assert desk.link.programmes(desk.learner).each == ()
    assign(server.house, desk.learner)
    desk.link._lines[desk.learner].sync()
    server.stop()
    (one,) = desk.link.programmes(desk.learner).each
    assert (one.programme.id, one.begins) == ("first-week", TODAY)
    assert "late-parcel" not in one.missing
    assert "singing-kettle" not in one.missing  # the warm-up lies at every desk
    assert one.missing["oak-table"]
    assert one.told["fa"].title != one.programme.title
    assert desk.link.programmes("nobody").each == ()


def test_a_change_of_what_is_assigned_is_told_to_the_window(server: Served, desk: Linked) -> None:
    heard: list[int] = []
    desk.link.turn()
    desk.link.subscribe(lambda: heard.append(1))
    desk.link._tell()
    assert heard == []
    assign(server.house, desk.learner)
    desk.link._lines[desk.learner].sync()
    desk.link._tell()
    assert heard == [1]


def test_an_attempt_with_another_start_is_begun_offline_sent_and_judged(server: Served, desk: Linked) -> None:
    """The desk has tickets in advance for each start that a step may come to."""
    publish(server.house, Encounter((("en", script(LETTER)),)), by="leyla")
    learner, house = desk.learner, desk.house
    try:
        line = desk.link._lines[learner]
        line.sync()
        offer = next(one for one in house.connected.offers(learner) if one.scenario == "the-letter")
        start = start_of(offer, house.scripts, ["late"])
        ticket = desk.link.ticket(learner, "the-letter", "en", ["late"])
        assert ticket.edition == start.edition
        assert ticket.attempt != desk.link.ticket(learner, "the-letter", "en").attempt
        server.stop()
        begun = house.scripts.of(offer.edition, offer.principles).started(["late"])
        play = Play.begun(house.records, begun, ticket, learner, ["there"])
        play.write()
        server.start()
        server.time[0] += 900_000
        line.sync()
        kept = desk.link.verdict(ticket.attempt)
        assert kept is not None
        assert (kept.refused, kept.differences) == ("", ())
        assert next(from_lines(server.house.records.lines(ticket.attempt))).fingerprint == script(LETTER, ["late"]).fingerprint  # type: ignore[union-attr]
        assert desk.link.debrief(ticket.attempt).script.scenario.remembered == ("late",)
    finally:
        server.house.organisation.retire("the-letter", by="leyla", at=server.house.now())


def test_tickets_for_starts_are_got_in_advance_for_what_the_programmes_ask(server: Served, desk: Linked, week: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(server.house, Encounter((("en", script(LETTER)),)), by="leyla")
    try:
        body = json.dumps({"programmes": [told(week)], "attempts": []})
        monkeypatch.setattr("servicesim.connection.wire.Wire.programmes", lambda _: body)
        desk.link._lines[desk.learner].sync()
        held = [one for one in free_tickets(desk.house.records, desk.house.connected, desk.learner) if one.scenario == "the-letter"]
        assert len({one.edition for one in held}) == 4  # as it is, late, unhappy, and both
        assert MOST_FACTS >= 2
    finally:
        server.house.organisation.retire("the-letter", by="leyla", at=server.house.now())


# --- what could be anything ----------------------------------------------------------------------------------------------------


def test_what_a_server_says_is_read(week: Any) -> None:
    attempt = {
        "attempt": "a-1", "scenario": "umbrella", "moment": 7, "began": "2026-10-26", "ended": "2026-10-27", "counts": True, "conduct": "80/1",
        "ended_well": True, "promised": [{"encounter": "the-letter", "within": 2}],
    }  # fmt: skip
    found = read(told(week, texts={"fa": {"title": "یک هفته", "summary": "هفتهٔ اول"}}), attempts=[attempt, {**attempt, "began": "2026-02-30"}])
    assert found.each[0].programme == week.spelt_out
    assert found.each[0].told["fa"].title == "یک هفته"
    (taken,) = found.taken
    assert (taken.reaches(80), taken.reaches(81), taken.promised[0].within) == (True, False, 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"the-letter"', '"umbrella"', 1),
        lambda text: text.replace('"after":["warm-up"]', '"after":["umbrella"]'),
        lambda text: text.replace("A week", "A\u202eweek"),
        lambda text: text.replace("A week", ""),
        lambda text: text.replace('"due":1', '"due":-1'),
        lambda text: text + "{",
        lambda text: "[" * 10_000,
        lambda text: "",
    ],
)
def test_a_programme_that_cannot_be_one_keeps_back_no_other(week: Any, spoil: Callable[[str], str]) -> None:
    good = told(week)
    bad = {**good, "programme": spoil(good["programme"])}
    assert bad != good
    assert [one.programme.id for one in read(bad, good).each] == ["week"]


@pytest.mark.parametrize("body", ["", "{", "[]", '{"programmes": 7, "attempts": []}', '{"programmes": []}', "[" * 100_000])
def test_what_is_no_answer_is_nothing(body: str) -> None:
    assert programmes_in(body).each == ()

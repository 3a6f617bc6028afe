"""What desks ask for while their person plays, asked over HTTP as they ask it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from servicesim import shipped
from servicesim.encounter.encounter import replayed
from servicesim.encounter.situation import Feelings
from servicesim.encounter.transcript import from_lines
from servicesim.records.signed import Verdict, demand_signed
from servicesim.records.verifying import verified
from servicesim.server.house import House
from servicesim.server.judging import Judging
from servicesim.server.publishing import Encounter, checked_encounter, publish

BEST = (
    "go-on, go-on, go-on, go-on, welcome, go-on, go-on, go-on, go-on, go-on, may-i-ask, go-on, facts, go-on, go-on, go-on, summarise, "
    "go-on, go-on, own-it, go-on, go-on, put-aside, go-on, go-on, go-on, accept, go-on, go-on, thank-her"
).split(", ")
WORST = "interrupt, silence, go-on, order-number, interrupt, ., yes, go-on, silence, address".split(", ")


@pytest.fixture(scope="module")
def late_parcel() -> Encounter:
    encounter = checked_encounter(shipped.scenarios() / "late-parcel.yaml", seconds=None)
    return Encounter(tuple((language, script) for language, script in encounter.scripts if language in ("en", "fa")))


@pytest.fixture
def seat(house: House, browser: TestClient, late_parcel: Encounter) -> Seat:
    """Kaveh's desk at a server that offers the late parcel."""
    publish(house, late_parcel, by="leyla")
    return Seat.taken(house, browser)


def test_a_whole_encounter_is_played_kept_judged_and_signed(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, BEST)
    clock.pass_by(seconds=600)

    half = len(lines) // 2
    assert seat.send(ticket["attempt"], lines[:half]).json() == {
        "kept": half, "late": False, "ended": False, "feelings": felt(house, ticket, lines[:half]), "verdict": None,
    }  # fmt: skip
    assert seat.get(f"attempts/{ticket['attempt']}").json()["feelings"] is None
    answer = seat.send(ticket["attempt"], lines[half:], first=half)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["kept"], told["ended"]) == (len(lines), True)
    said = json.loads(told["verdict"]["body"])
    assert told["feelings"] == felt(house, ticket, lines) == {name: said[name] for name in Feelings._fields}
    assert seat.get(f"attempts/{ticket['attempt']}").json()["feelings"] == told["feelings"]
    assert (said["passed"], said["conduct"], said["learner"]) == (True, "100/1", seat.learner)
    (key, *_) = seat.told["keys"]
    assert said["key"] == key["id"]
    demand_signed(told["verdict"]["body"], told["verdict"]["signature"], key["public"])
    assert [one.state for one in verified(house.records)] == ["REPLAY_VERIFIED"]
    debrief = seat.get(f"attempts/{ticket['attempt']}/debrief").json()
    assert '"why"' in debrief["scenario"]
    assert "acknowledge" in debrief["principles"]
    assert debrief["verdict"] == told["verdict"]


def felt(house: House, ticket: dict[str, Any], lines: Sequence[str]) -> dict[str, int]:
    """How the customer feels after these events by the full script, which the desk does not have."""
    script = Judging(house).judge_of(house.organisation.sent(ticket["attempt"]).ticket).script  # type: ignore[union-attr]
    return replayed(script, list(from_lines(lines))).feelings._asdict()


def test_the_same_batch_again_tells_the_feelings_after_all_that_is_kept(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, BEST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines[:30])
    again = seat.send(ticket["attempt"], lines[:2]).json()
    assert (again["kept"], again["feelings"]) == (30, felt(house, ticket, lines[:30]))
    assert felt(house, ticket, lines[:30]) != felt(house, ticket, lines[:2])


def test_a_desk_sees_what_is_on_offer_and_no_more_than_it_may(seat: Seat) -> None:
    answer = seat.get("encounters")

    (offered,) = answer.json()["encounters"]
    assert (offered["scenario"], offered["version"], offered["title"]) == ("late-parcel", 1, "The coat that stayed away")
    assert set(offered["languages"]) == {"en", "fa"}
    assert seat.get("encounters", params={}).headers["etag"] == answer.headers["etag"]
    for texts in offered["languages"].values():
        body = seat.get(f"texts/{texts['edition']}").json()["body"]
        assert not any(told in body for told in ('"why"', '"marks"', '"golden"', '"learn"', '"failed"', "acknowledge"))


def test_an_encounter_is_played_in_another_language_and_judged_the_same(house: House, seat: Seat, clock: Any) -> None:
    said = {}
    for language in ("en", "fa"):
        ticket = seat.ticket(language=language)
        clock.pass_by(seconds=600)
        told = seat.send(ticket["attempt"], seat.played(ticket, WORST)).json()
        said[language] = json.loads(told["verdict"]["body"])
        found = house.records.attempt(ticket["attempt"])
        assert found is not None
        assert found[0].language == language
    assert said["en"]["principles_hash"] == said["fa"]["principles_hash"]
    assert (said["en"]["conduct"], said["en"]["ending"]) == (said["fa"]["conduct"], said["fa"]["ending"])
    assert said["en"]["scenario_hash"] != said["fa"]["scenario_hash"]


def test_what_a_desk_has_already_is_not_sent_again(seat: Seat) -> None:
    tag = seat.get("encounters").headers["etag"]
    again = seat.client.get("/api/1/encounters", headers={"Authorization": f"Bearer {seat.key}", "If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_full_texts_and_texts_of_others_are_not_handed_out(house: House, seat: Seat) -> None:
    (version,) = house.organisation.on_offer()
    for name in (version.editions[0].scenario_hash, version.editions[0].principles_hash, "0" * 64, "no-hash", "x" * 65):
        assert seat.get(f"texts/{name}").status_code in (404, 422)


def test_what_cannot_be_a_name_of_anything_is_refused_before_a_database_is_asked(seat: Seat, monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    monkeypatch.setattr(type(house.organisation), "kind_of_text", _crash)
    monkeypatch.setattr(type(house.organisation), "sent_by", _crash)
    for name in ("%00", "a%00", "a%0A", "A", "%C3%A9", "..%2F..%2Fetc", "'--", "f" * 65):
        for path in (f"texts/{name}", f"attempts/{name}", f"attempts/{name}/debrief"):
            assert seat.get(path).status_code in (400, 404, 422), path


def test_asking_for_a_ticket_again_gives_the_same(seat: Seat) -> None:
    assert seat.ticket() == seat.ticket()
    assert seat.ticket(language="fa") != seat.ticket()


def test_a_ticket_that_was_used_is_followed_by_a_new_one(seat: Seat) -> None:
    ticket = seat.ticket()
    seat.send(ticket["attempt"], seat.played(ticket, [])[:2])
    assert seat.ticket()["attempt"] != ticket["attempt"]


def test_there_are_no_tickets_for_what_is_not_on_offer(house: House, seat: Seat) -> None:
    edition = seat.ticket()["edition"]
    house.organisation.retire("late-parcel", by="leyla", at=house.now())
    assert seat.post("tickets", {"editions": [edition, "0" * 64]}).json() == {"tickets": []}


def test_a_ticket_for_a_retired_version_can_be_played_to_the_end(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    house.organisation.retire("late-parcel", by="leyla", at=house.now())
    clock.pass_by(days=1)
    lines = seat.played(ticket, WORST)
    assert seat.send(ticket["attempt"], lines).json()["ended"] is True
    assert seat.get("encounters").json() == {"encounters": []}


def test_the_same_batch_again_is_harmless(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    first = [seat.send(ticket["attempt"], lines[:9]).json() for _ in range(3)]
    clock.pass_by(seconds=1)
    rest = [seat.send(ticket["attempt"], lines[start:], first=start).json() for start in (9, 9, 5, 0)]

    assert first == [first[0]] * 3
    assert rest == [rest[0]] * 4
    assert house.records.lines(ticket["attempt"]) == lines
    assert [(batch.first, batch.count) for batch in house.organisation.batches(ticket["attempt"])] == [(0, 9), (9, len(lines) - 9)]


def test_a_batch_may_begin_with_what_is_kept(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    for until in range(1, len(lines) + 1):
        assert seat.send(ticket["attempt"], lines[max(0, until - 3) : until], first=max(0, until - 3)).json()["kept"] == until
    assert house.records.lines(ticket["attempt"]) == lines


def test_a_gap_tells_from_where_to_go_on(seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines[:4])
    answer = seat.send(ticket["attempt"], lines[6:], first=6)
    assert (answer.status_code, answer.json()["kept"]) == (409, 4)
    assert seat.get(f"attempts/{ticket['attempt']}").json()["kept"] == 4


def test_other_lines_under_kept_numbers_are_refused(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    worst, best = seat.played(ticket, WORST), seat.played(ticket, BEST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], worst)
    assert seat.send(ticket["attempt"], best).status_code == 409
    assert house.records.lines(ticket["attempt"]) == worst


def test_what_comes_after_the_end_is_refused(seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    verdict = seat.send(ticket["attempt"], lines).json()["verdict"]
    at = json.loads(lines[-1])["at"] + 1
    for name, rest in (("ended", {"ending": "all-well"}), ("reply-chosen", {"scene": "opening", "reply": "welcome"})):
        more = json.dumps({"event": name, "at": at, **rest}, separators=(",", ":"))
        assert seat.send(ticket["attempt"], [more], first=len(lines)).status_code == 422
        assert seat.send(ticket["attempt"], [*lines, more]).status_code == 422
    assert seat.get(f"attempts/{ticket['attempt']}").json()["verdict"] == verdict


def test_an_attempt_that_comes_after_its_ticket_closed_counts_and_is_late(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(days=house.settings.ticket_days, seconds=-1)
    assert seat.send(ticket["attempt"], lines[:5]).json()["late"] is False
    clock.pass_by(seconds=2)
    told = seat.send(ticket["attempt"], lines[5:], first=5).json()
    assert (told["late"], told["ended"], json.loads(told["verdict"]["body"])["late"]) == (True, True, True)


def test_time_cannot_be_made_up(seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=5)
    answer = seat.send(ticket["attempt"], [*lines[:-1], _changed(lines[-1], at=70.0)])
    assert (answer.status_code, "at that time" in answer.json()["detail"]) == (422, True)
    assert seat.get(f"attempts/{ticket['attempt']}").json()["kept"] == 0


def test_the_debrief_comes_after_the_end_only(seat: Seat) -> None:
    ticket = seat.ticket()
    assert seat.get(f"attempts/{ticket['attempt']}/debrief").status_code == 409
    seat.send(ticket["attempt"], seat.played(ticket, [])[:1])
    assert seat.get(f"attempts/{ticket['attempt']}/debrief").status_code == 409


def test_other_peoples_attempts_do_not_exist_for_a_desk(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines[:4])
    other = Seat.taken(house, seat.client, "noor", "Noor Haddad")
    for answer in (
        other.get(f"attempts/{ticket['attempt']}"),
        other.get(f"attempts/{ticket['attempt']}/debrief"),
        other.send(ticket["attempt"], lines[4:], first=4),
        other.send("00000000-0000-4000-8000-000000000000", lines),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such attempt of yours")
    assert seat.send(ticket["attempt"], lines[4:], first=4).json()["ended"] is True
    assert other.get(f"attempts/{ticket['attempt']}/debrief").status_code == 404


def test_another_desk_of_the_same_person_may_go_on_and_has_tickets_of_its_own(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines[:4])
    second = Seat.taken(house, seat.client)
    assert second.learner == seat.learner
    assert second.ticket()["attempt"] != seat.ticket()["attempt"]
    assert second.send(ticket["attempt"], lines[4:], first=4).json()["ended"] is True
    assert [batch.desk for batch in house.organisation.batches(ticket["attempt"])] == [seat.told["desk"], second.told["desk"]]


def test_a_removed_attempt_does_not_come_back(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines)
    house.records.purge([ticket["attempt"]], at=house.now())
    for first in (0, 5):
        assert seat.send(ticket["attempt"], lines[first:], first=first).status_code == 422
    assert house.records.attempt(ticket["attempt"]) is None


def test_a_score_has_no_place_to_be_sent(seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(seconds=600)
    for field in ("result", "score", "conduct", "passed", "verdict", "ended"):
        answer = seat.send(ticket["attempt"], lines, **{field: {"conduct": "100/1", "passed": True}})
        assert (answer.status_code, answer.json()["detail"]) == (422, "a field is not known here")
    told = seat.send(ticket["attempt"], lines).json()
    assert json.loads(told["verdict"]["body"])["passed"] is False


def _changed(line: str, **fields: Any) -> str:
    return json.dumps(json.loads(line) | fields, ensure_ascii=False, separators=(",", ":"))


FORGED = {
    "another seed": lambda lines: [_changed(lines[0], seed=1), *lines[1:]],
    "another version": lambda lines: [_changed(lines[0], fingerprint="0" * 64), *lines[1:]],
    "other principles": lambda lines: [_changed(lines[0], principles="0" * 64), *lines[1:]],
    "another encounter": lambda lines: [_changed(lines[0], scenario="oak-table"), *lines[1:]],
    "other rules": lambda lines: [_changed(lines[0], rules=2), *lines[1:]],
    "no time at all": lambda lines: [_changed(lines[0], pace=1e300), *lines[1:]],
    "no pace": lambda lines: [_changed(lines[0], pace=0.0), *lines[1:]],
    "backwards": lambda lines: [_changed(lines[0], pace=-1.0), *lines[1:]],
    "a beginning before the beginning": lambda lines: [_changed(lines[0], at=-5.0), *lines[1:]],
    "a beginning with nothing": lambda lines: [_changed(lines[0], at=-0.0), *lines[1:]],
    "a beginning later": lambda lines: [_changed(lines[0], at=3.0), *lines[1:]],
    "without time limits": lambda lines: [_changed(lines[0], untimed=True), *lines[1:]],
    "no beginning": lambda lines: lines[1:],
    "two beginnings": lambda lines: [lines[0], *lines],
    "out of order": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "one left out": lambda lines: [*lines[:3], *lines[4:]],
    "twice": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "a reply that is not offered": lambda lines: [*lines[:2], '{"event":"reply-chosen","at":0.0,"scene":"opening","reply":"accept"}'],
    "a reply that there is not": lambda lines: [*lines[:2], '{"event":"reply-chosen","at":0.0,"scene":"nowhere","reply":"\\ud800"}'],
    "an early end": lambda lines: [*lines[:2], '{"event":"ended","at":0.0,"ending":"all-well"}'],
    "a better end": lambda lines: [*lines[:-1], _changed(lines[-1], ending="all-well")],
    "a time that goes back": lambda lines: [*lines[:-1], _changed(lines[-1], at=0.0)],
    "a time of its own": lambda lines: [*lines[:2], *[_changed(line, at=json.loads(line)["at"] + 0.0001) for line in lines[2:]]],
    "other spaces": lambda lines: [json.dumps(json.loads(line)) for line in lines],
    "another order of names": lambda lines: [json.dumps(json.loads(lines[0]), sort_keys=True, separators=(",", ":")), *lines[1:]],
    "no letters as they are": lambda lines: [lines[0].replace("late-parcel", "late\\u002dparcel"), *lines[1:]],
    "an empty line": lambda lines: [lines[0], "", *lines[1:]],
    "two lines in one": lambda lines: ["\n".join(lines[:2]), *lines[2:]],
    "no number": lambda lines: [lines[0], '{"event":"speech-began","at":NaN,"scene":"opening","line":0}'],
    "no end of numbers": lambda lines: [lines[0], '{"event":"speech-began","at":1e309,"scene":"opening","line":0}'],
    "endless digits": lambda lines: [lines[0], '{"event":"speech-began","at":0.0,"scene":"opening","line":%s}' % ("9" * 900)],
    "half a character": lambda lines: [lines[0], "\ud800"],
    "a name twice": lambda lines: [lines[0], '{"event":"speech-began","at":0.0,"at":0.0,"scene":"opening","line":0}'],
    "a field more": lambda lines: [_changed(lines[0], passed=True), *lines[1:]],
    "deep": lambda lines: [lines[0], "[" * 1000],
    "no event": lambda lines: [lines[0], '{"event":"judged","at":0.0,"conduct":100}'],
    "an object for a name": lambda lines: [lines[0], '{"event":{},"at":0.0}'],
    "a long line": lambda lines: [lines[0], " " * 2000],
}  # fmt: skip


def test_a_forged_event_leaves_nothing_behind(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, WORST)
    clock.pass_by(days=1)
    for what, forge in FORGED.items():
        answer = seat.send(ticket["attempt"], forge(lines))
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), what
        assert house.records.attempt(ticket["attempt"]) is None, what
    assert seat.send(ticket["attempt"], lines[:3]).status_code == 200
    for what, forge in FORGED.items():
        forged = forge(lines)
        begins_as_kept = forged[:3] == lines[:3]
        answer = seat.send(ticket["attempt"], forged[3:], first=3) if begins_as_kept else seat.send(ticket["attempt"], forged)
        assert answer.status_code in (409, 422), what
        assert house.records.lines(ticket["attempt"]) == lines[:3], what
    assert seat.send(ticket["attempt"], lines[3:], first=3).json()["ended"] is True


UNREADABLE = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"\xef\xbb\xbf{}", b'"text"', b"1e999", b"NaN", b'{"first":NaN}', b"[" * 100_000, b'{"a":' * 50_000,
    b'{"first":0,"first":0,"lines":["x"],"untimed":false,"clock":1}',
    b'{"first":0.0,"lines":["x"],"untimed":false,"clock":1}',
    b'{"first":-1,"lines":["x"],"untimed":false,"clock":1}',
    b'{"first":true,"lines":["x"],"untimed":false,"clock":1}',
    b'{"first":"0","lines":["x"],"untimed":false,"clock":1}',
    b'{"first":0,"lines":["x"],"untimed":0,"clock":1}',
    b'{"first":0,"lines":["x"],"untimed":false,"clock":1e309}',
    b'{"first":0,"lines":["x"],"untimed":false,"clock":Infinity}',
    b'{"first":0,"lines":["x"],"untimed":false,"clock":%s}' % (b"9" * 5000),
    b'{"first":99999999999999999999,"lines":["x"],"untimed":false,"clock":1}',
    b'{"first":0,"lines":[],"untimed":false,"clock":1}',
    b'{"first":0,"lines":[1],"untimed":false,"clock":1}',
    b'{"first":0,"lines":["\\ud800"],"untimed":false,"clock":1}',
    b'{"first":0,"lines":"x","untimed":false,"clock":1}',
    b'{"first":0,"lines":["x"],"untimed":false}',
    b'{"first":0,"lines":["x"],"untimed":false,"clock":1,"\\ud800":1}',
    b'{"first":0,"lines":[%s"x"],"untimed":false,"clock":1}' % (b'"x",' * 6000),
]  # fmt: skip


def test_whatever_the_bytes_are_they_are_refused_in_a_sentence(seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    for path in (f"attempts/{ticket['attempt']}/events", "tickets", "enrol"):
        for body in UNREADABLE:
            clock.pass_by(seconds=60)  # or there would be too many
            answer = seat.post(path, content=body)
            assert answer.status_code in (400, 413, 422), (path, body[:60])
            assert answer.headers["content-type"] == "application/problem+json"
            assert len(answer.content) < 600


def test_a_batch_that_is_too_large_is_refused_unread(house: House, seat: Seat) -> None:
    ticket = seat.ticket()
    assert seat.send(ticket["attempt"], ["x" * 900] * 2000).status_code == 413
    assert house.records.attempt(ticket["attempt"]) is None


def test_a_verdict_that_a_crash_came_before_is_given_when_somebody_asks(house: House, seat: Seat, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, BEST)
    clock.pass_by(seconds=600)
    seat.send(ticket["attempt"], lines[:-1])
    with monkeypatch.context() as crash:
        crash.setattr(type(house.organisation), "keep_batch", _crash)
        assert seat.send(ticket["attempt"], lines[-1:], first=len(lines) - 1).status_code == 500
    assert house.organisation.verdict(ticket["attempt"]) is None

    clock.pass_by(seconds=5)
    told = seat.get(f"attempts/{ticket['attempt']}").json()
    assert (told["ended"], told["kept"]) == (True, len(lines))
    assert seat.send(ticket["attempt"], lines[-1:], first=len(lines) - 1).json()["verdict"] == told["verdict"]
    assert seat.get(f"attempts/{ticket['attempt']}/debrief").json()["verdict"] == told["verdict"]
    assert house.organisation.verdict(ticket["attempt"]) == Verdict(**told["verdict"])
    assert [(batch.first, batch.count) for batch in house.organisation.batches(ticket["attempt"])] == [(0, len(lines) - 1), (len(lines) - 1, 1)]


def _crash(*_: object) -> None:
    raise RuntimeError("the power went")

"""A desk and its organisation's own server: played offline, sent once the network is there, judged by the server."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from connection.served import EXPERT, Linked, Served
from exports.kept import keep, late_parcel
from servicesim.connection.enrolling import enrol
from servicesim.connection.line import Pace
from servicesim.connection.link import Link
from servicesim.connection.told import NoTicket
from servicesim.encounter.encounter import replayed
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NotReached
from servicesim.records import open_people
from servicesim.records.connected import FILE


def test_a_desk_is_enrolled_with_a_code_and_knows_the_person_by_the_organisations_id(server: Served, desk: Linked) -> None:
    with open_people(desk.home) as people:
        (person,) = people.known()
    assert (person.name, person.team) == ("Leyla Kaya", "Desk 3")
    assert person == server.house.people.person(desk.learner)
    assert desk.link.people() == {desk.learner}
    (offered,) = desk.link.offers(desk.learner)
    assert (offered.scenario, offered.language, offered.tickets) == ("late-parcel", "en", 1)
    assert offered.script.scenario.sealed is not None


def test_an_encounter_outlives_the_network_and_the_servers_verdict_is_the_desks_result(server: Served, desk: Linked) -> None:
    heard = []
    desk.link.subscribe(lambda: heard.append(desk.link.standing(desk.learner)))
    play = desk.play()
    desk.link.turn()
    assert server.house.records.lines(play.attempt.id) == play.lines[:2]

    server.stop()
    play.write(6)
    desk.link.happened(play.attempt.id)
    desk.link.turn()
    standing = desk.link.standing(desk.learner)
    assert (standing.online, standing.waiting) == (False, 1)
    assert "it cannot be reached" in standing.told
    play.write()
    desk.link.happened(play.attempt.id)
    desk.link.turn()
    assert desk.link.verdict(play.attempt.id) is None

    server.start()
    server.time[0] += 900_000
    desk.link.turn()

    verdict = desk.link.verdict(play.attempt.id)
    assert verdict is not None
    assert (verdict.differences, verdict.late, verdict.refused) == ((), False, "")
    (_, there), (_, here) = server.house.records.attempt(play.attempt.id) or (), desk.house.records.attempt(play.attempt.id) or ()
    assert here == there
    assert here is not None
    assert here.passed
    assert server.house.records.lines(play.attempt.id) == desk.house.records.lines(play.attempt.id) == play.lines
    standing = desk.link.standing(desk.learner)
    assert (standing.online, standing.waiting, standing.told) == (True, 0, "")
    states = [(one.online, one.waiting) for one in heard]
    assert (False, 1) in states
    assert states[-1] == (True, 0)
    assert desk.link.offers(desk.learner)[0].tickets == 1  # a new one was fetched with the verdict


def test_the_customers_feelings_come_from_the_server_and_rest_while_it_is_away(server: Served, desk: Linked) -> None:
    heard = []
    desk.link.subscribe(lambda: heard.append(desk.link.feelings(play.attempt.id)))
    play = desk.play()
    assert desk.link.feelings(play.attempt.id) is None
    desk.link.turn()
    first = replayed(late_parcel(), list(from_lines(play.lines[:2]))).feelings
    assert desk.link.feelings(play.attempt.id) == first
    assert heard[-1] == first

    server.stop()
    play.write(30)
    desk.link.happened(play.attempt.id)
    desk.link.turn()
    assert desk.link.feelings(play.attempt.id) == first

    server.start()
    server.time[0] += 900_000
    heard.clear()
    desk.link.turn()
    later = replayed(late_parcel(), list(from_lines(play.lines[:32]))).feelings
    assert later != first
    assert desk.link.feelings(play.attempt.id) == later
    assert heard[-1] == later
    with Link(desk.home, start=False) as another:
        assert another.feelings(play.attempt.id) is None  # nothing of it was written down


def test_the_debrief_comes_whole_from_the_server_and_stays_in_memory(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write()
    server.time[0] += 900_000
    desk.link.happened(play.attempt.id)
    desk.link.turn()
    debriefed = desk.link.debrief(play.attempt.id)
    assert debriefed.script.scenario.sealed is None
    assert debriefed.result == (desk.house.records.attempt(play.attempt.id) or (None, None))[1]
    assert debriefed.kept == desk.link.verdict(play.attempt.id)
    server.stop()
    assert desk.link.debrief(play.attempt.id) is debriefed
    everything = b"".join(path.read_bytes() for path in desk.home.rglob("*") if path.is_file())
    full = json.loads(debriefed.script.text)
    whys = {reply["why"] for scene in full["scenes"].values() for reply in scene["replies"] if reply.get("why")}
    assert len(whys) > 10
    assert not any(why.encode() in everything for why in whys)


def test_a_debrief_that_cannot_be_had_is_told_in_words(server: Served, desk: Linked) -> None:
    play = desk.play()
    desk.link.turn()
    with pytest.raises(NotReached, match="Kestrel Parcels has no debrief of this attempt: the debrief comes when the encounter is over"):
        desk.link.debrief(play.attempt.id)
    with pytest.raises(NotReached, match="was not played for an organisation"):
        desk.link.debrief("another")
    server.stop()
    with pytest.raises(NotReached, match="it cannot be reached"):
        desk.link.debrief(play.attempt.id)


def test_offline_there_is_a_ticket_for_one_attempt_and_online_for_as_many_as_wanted(server: Served, desk: Linked) -> None:
    server.stop()
    desk.play()
    with pytest.raises(NoTicket, match="'The coat that stayed away' can be begun again once Kestrel Parcels has been reached"):
        desk.link.ticket(desk.learner, "late-parcel", "en")
    assert desk.link.offers(desk.learner)[0].tickets == 0
    server.start()
    desk.link.turn()
    assert desk.link.ticket(desk.learner, "late-parcel", "en")
    with pytest.raises(NoTicket, match="is not on offer here in this language any more"):
        desk.link.ticket(desk.learner, "late-parcel", "fa")


def test_a_ticket_in_the_hands_of_another_window_is_not_given_twice(server: Served, desk: Linked) -> None:
    server.stop()
    ticket = desk.link.ticket(desk.learner, "late-parcel", "en")
    with desk.house.records.hold(ticket.attempt), pytest.raises(NoTicket):
        desk.link.ticket(desk.learner, "late-parcel", "en")
    assert desk.link.ticket(desk.learner, "late-parcel", "en") == ticket


def test_what_was_played_after_the_ticket_closed_is_late_and_counts(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write()
    server.time[0] += 60 * 86_400_000
    desk.link.happened(play.attempt.id)
    desk.link.turn()
    verdict = desk.link.verdict(play.attempt.id)
    assert verdict is not None
    assert (verdict.late, verdict.refused) == (True, "")


def test_an_encounter_that_was_taken_back_is_not_offered_any_more(server: Served, desk: Linked) -> None:
    server.house.organisation.retire("late-parcel", by="farid", at=server.house.now())
    with Link(desk.home, start=False) as again:
        again.turn()
        assert again.offers(desk.learner) == ()


def test_a_desk_that_was_withdrawn_is_told_so_and_asks_no_more(server: Served, desk: Linked) -> None:
    play = desk.play()
    who = server.house.people.person(desk.learner)
    assert who is not None
    server.house.organisation.withdraw_desk(desk.connection.desk, by="farid", at=server.house.now())
    assert desk.link.turn() > 10
    standing = desk.link.standing(desk.learner)
    assert "does not know this desk any more: ask for a new code" in standing.told
    assert standing.waiting == 1
    again = enrol(desk.home, server.url, server.code(who.id)).connection
    assert again.key != desk.connection.key
    desk.link.turn()
    assert desk.link.standing(desk.learner).online
    assert server.house.records.lines(play.attempt.id) == play.lines[:2]


def test_what_is_purged_from_the_records_leaves_nothing_of_its_verdict(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write()
    server.time[0] += 900_000
    desk.link.turn()
    assert desk.link.verdict(play.attempt.id) is not None
    desk.house.records.purge([play.attempt.id], at=play.attempt.started)
    with Link(desk.home, start=False) as later:
        later.turn()
        assert later.verdict(play.attempt.id) is None
        assert later.standing(desk.learner).waiting == 0


def test_a_desk_that_lost_the_file_of_its_connection_finds_what_to_send_in_its_records(server: Served, desk: Linked) -> None:
    """One attempt was judged, one never sent, and one is from before the desk was connected."""
    judged = desk.play()
    judged.write()
    server.time[0] += 900_000
    desk.link.turn()
    server.stop()
    unsent = desk.play()
    unsent.write()
    keep(desk.home, *EXPERT)
    desk.link.close()
    (desk.home / FILE).unlink()
    server.start()
    server.time[0] += 900_000
    with Link(desk.home, start=False) as link:
        link.turn()
        verdicts = [link.verdict(play.attempt.id) for play in (judged, unsent)]
        assert [verdict.refused if verdict else "missing" for verdict in verdicts] == ["", ""]
        assert server.house.records.lines(unsent.attempt.id) == unsent.lines
        assert len(link.house.connected.tickets(desk.learner)) == 3  # theirs, and the next one
        assert link.standing(desk.learner).waiting == 0


def test_a_second_window_sees_the_verdict_that_the_first_one_fetched(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write()
    server.time[0] += 900_000
    with Link(desk.home, start=False) as second:
        second.turn()
        desk.link.turn()
        assert second.verdict(play.attempt.id) == desk.link.verdict(play.attempt.id) is not None


def test_a_window_sends_from_a_thread_of_its_own_and_closes_at_once(server: Served, desk: Linked) -> None:
    judged = threading.Event()
    with Link(desk.home, pace=Pace(gather=0.0)) as link:
        play = desk.play()
        play.write()
        server.time[0] += 900_000
        link.subscribe(lambda: judged.set() if link.verdict(play.attempt.id) else None)
        link.happened(play.attempt.id)
        assert judged.wait(10)
    assert not link._thread.is_alive()


def test_without_a_connection_nothing_is_opened(tmp_path: Path) -> None:
    with Link(tmp_path / "nobody", start=False) as link:
        assert link.people() == frozenset()
        assert link.turn() == 60
        assert link.offers("1" * 32) == ()
        link.happened("a-1")
        assert link.turn() == 60
    assert not (tmp_path / "nobody").exists()

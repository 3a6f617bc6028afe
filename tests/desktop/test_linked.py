"""The window of a desk that is connected to an organisation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event as Signal
from typing import Any

import pytest

from desktop.linked import ATTEMPT, OFFLINE, Company, Kept, Standing, connected, finish, sealed_of, take_up, walk
from desktop.seat import GOOD, KETTLE, LATE_PARCEL, Seat, script_of, seated
from desktop.test_access import unreadable
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.looking_back import Run, lent
from servicesim.desktop.pens import Unkept
from servicesim.desktop.preferences import Preferences, ThemeName
from servicesim.desktop.problems import problems
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.history import History
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.how_it_ended import HowItEnded
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.stage import Stage
from servicesim.encounter.situation import Feelings
from servicesim.errors import StoreFull, VerificationFailed

OAK = LATE_PARCEL.parent / "oak-table.yaml"


def at_home(seat: Seat) -> Home:
    seat.way.home()
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Home)
    return seat.screen


def begin(seat: Seat) -> None:
    """From home into what the organisation has published."""
    home = at_home(seat)
    home.open(home.cards[0].entry)
    seat.stage.wait(0.1)
    seat.stage.press("enter")
    seat.stage.wait(0.1)


def seen(seat: Seat) -> str:
    return " | ".join(seat.stage.frame.texts)


# -- nobody connected ---------------------------------------------------------------------------------------------------


def test_with_nobody_connected_nothing_is_otherwise_and_nothing_is_asked(tmp_path: Path) -> None:
    pages = []
    for link in (None, company := Company((sealed_of(script_of(LATE_PARCEL)),))):
        with seated(tmp_path / str(len(pages)), [LATE_PARCEL, KETTLE], link=link) as seat:
            seat.sit()
            at_home(seat)
            texts = list(seat.stage.frame.texts)
            seat.way.play(script_of(LATE_PARCEL))
            seat.stage.wait(0.1)
            seat.stage.press("enter")
            seat.stage.wait(0.1)
            seat.screen.take_up()
            seat.stage.wait(0.1)
            pages.append((texts, type(seat.screen), seat.playing.attempt.practice, type(seat.playing._pen)))
    assert pages[0] == pages[1]
    assert company.asked == []


# -- home ---------------------------------------------------------------------------------------------------------------


def test_home_shows_what_the_organisation_has_then_the_warm_up_then_what_can_be_practised(tmp_path: Path) -> None:
    with connected(tmp_path, [LATE_PARCEL, KETTLE, OAK]) as (seat, _):
        home = at_home(seat)
        told = [(one.entry.scenario.id, one.entry.practice, one.entry.scenario.sealed is not None) for one in home.cards]
        assert told == [("late-parcel", False, True), ("singing-kettle", False, False), ("oak-table", True, False)]
        assert seat.words("home-practised") in seat.stage.frame.texts or seat.words("link-online") in seat.stage.frame.texts
        assert seat.problems() == []


@pytest.mark.parametrize(
    ("standing", "key", "count"),
    [(Standing(), "link-sent", 0), (Standing(waiting=2), "link-sending", 2), (OFFLINE, "link-kept", 0), (replace(OFFLINE, waiting=3), "link-waiting", 3), (Standing(False), "link-looking", 0)],
)
def test_the_connection_is_told_calmly_and_follows_what_happens(tmp_path: Path, standing: Standing, key: str, count: int) -> None:
    with connected(tmp_path) as (seat, company):
        at_home(seat)
        company.stands = standing
        company.tell()
        seat.stage.wait(0.1)
        assert seat.stage.find(seat.words(key, count=count) if count else seat.words(key))
        assert seat.problems() == []


def test_what_is_not_published_is_practice_whatever_one_wants(tmp_path: Path) -> None:
    with connected(tmp_path, [OAK]) as (seat, company):
        home = at_home(seat)
        home.open(next(one.entry for one in home.cards if one.entry.practice))
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Briefing)
        assert seat.screen.practice.on
        assert not seat.screen.practice.enabled
        seat.screen.practice.on = False
        seat.stage.press("enter")
        seat.stage.wait(0.1)
        assert seat.playing.attempt.practice
        assert not any(asked.startswith(("ticket", "begun", "happened")) for asked in company.asked)


def test_a_sealed_briefing_promises_no_mark_and_no_practice(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, _):
        home = at_home(seat)
        home.open(home.cards[0].entry)
        seat.stage.wait(0.1)
        texts = seat.stage.frame.texts
        assert seat.words("briefing-counts") in texts
        assert not {seat.words("practice"), seat.words("pass-mark", points=75), seat.words("briefing-about")} & set(texts)
        assert seat.problems() == []


def test_an_encounter_that_is_named_is_played_as_the_organisation_has_it(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, _):
        at_home(seat)
        seat.way.play(script_of(LATE_PARCEL))
        seat.stage.wait(0.1)
        assert seat.screen.script.scenario.sealed is not None


# -- playing ------------------------------------------------------------------------------------------------------------


def test_an_attempt_is_the_tickets_and_the_organisation_hears_of_each_write(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        begin(seat)
        assert not any(asked.startswith("begun") for asked in company.asked)  # the phone rings: nothing has happened yet
        seat.screen.take_up()
        seat.reply(GOOD[0])
        attempt = seat.playing.attempt
        assert (attempt.id, attempt.seed, attempt.practice) == (ATTEMPT, 7, False)
        told = [asked for asked in company.asked if asked.endswith(ATTEMPT)]
        assert told[:2] == [f"begun {ATTEMPT}", f"happened {ATTEMPT}"]
        assert set(told[1:]) == {f"happened {ATTEMPT}"}
        assert len(told) > 3


def test_what_cannot_be_sent_later_is_not_begun_and_can_be_tried_again(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        begin(seat)
        begun, company.begun = company.begun, _full  # type: ignore[method-assign]
        seat.screen.take_up()
        seat.stage.wait(0.1)
        assert isinstance(seat.playing.trouble, StoreFull)
        assert seat.desk.records.attempt(ATTEMPT) is None
        company.begun = begun  # type: ignore[method-assign]
        seat.screen.try_again()
        seat.stage.wait(0.1)
        assert seat.playing.events


def _full(*_: object) -> None:
    raise StoreFull("the disk is full")


def test_without_a_ticket_the_briefing_says_so_and_stays(tmp_path: Path) -> None:
    def none(*_: object) -> Any:
        raise StoreFull("there is no ticket: connect, and try again")

    with connected(tmp_path) as (seat, company):
        company.ticket = none  # type: ignore[method-assign]
        begin(seat)
        assert isinstance(seat.screen, Briefing)
        assert "There is no ticket: connect, and try again." in seat.stage.frame.texts
        assert seat.problems() == []


def test_what_was_left_in_the_middle_goes_on_and_is_sent_on(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        take_up(seat, company, *GOOD[:2])
        seat.way._leave(seat.screen.opened)
        seat.stage.wait(0.1)
        company.asked.clear()
        home = seat.screen
        assert home.shelf.stopped[0].script.scenario.sealed is not None
        home.open(home.cards[0].entry)
        seat.stage.wait(0.1)
        seat.until(lambda: f"happened {ATTEMPT}" in company.asked)
        told = [asked for asked in company.asked if "offers" not in asked]
        assert seat.playing.attempt.id == ATTEMPT
        assert set(told) == {f"happened {ATTEMPT}"}


def test_while_the_verdict_is_awaited_the_attempt_is_not_offered_to_go_on_with(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        assert seat.desk.stopped("late-parcel") is None
        assert seat.desk.go_on_with("late-parcel", ATTEMPT) is None
        assert at_home(seat).shelf.stopped == ()  # type: ignore[union-attr]


# -- how it ended -------------------------------------------------------------------------------------------------------


def test_the_ending_is_shown_and_the_verdict_leads_on_to_the_whole_debrief(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        assert isinstance(seat.screen, HowItEnded)
        assert seat.words("ended-now-worked-out") in seat.stage.frame.texts
        assert any(seat.screen.script.ending(seat.screen.situation.ending).title in text for text in seat.stage.frame.texts)
        assert seat.problems() == []
        company.judge(seat.desk, script_of(LATE_PARCEL))
        seat.until(lambda: isinstance(seat.screen, SelfRating), longest=3)
        seat.stage.press("escape")
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Debrief)
        assert seat.screen.assessment.principles
        assert seat.problems() == []
        with pytest.raises(VerificationFailed):
            seat.desk.records.text(script_of(LATE_PARCEL).fingerprint)  # what gives the answers away is kept nowhere


def test_how_satisfied_the_customer_is_comes_with_the_verdict_only(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        company.stands = replace(OFFLINE, waiting=1)
        finish(seat, company)
        assert isinstance(seat.screen, HowItEnded)
        zones = [seat.words(f"ended-{zone}", customer=seat.screen.script.scenario.customer.name) for zone in ("delighted", "satisfied", "dissatisfied")]
        assert not set(zones) & set(seat.stage.frame.texts)
        company.judge(seat.desk, script_of(LATE_PARCEL), satisfaction=-30, expects=80, received=50)
        seat.stage.wait(0.1)
        assert set(zones) & set(seat.stage.frame.texts) == {zones[2]}
        assert seat.problems() == []


def test_the_face_follows_what_the_server_says_gently_and_rests_without_it(tmp_path: Path) -> None:
    """A desk does not know what its customer expects and has received, so its own script moves no face by it."""
    with connected(tmp_path) as (seat, company):
        take_up(seat, company, GOOD[0])
        seat.stage.wait(2.0)
        assert isinstance(seat.screen, Conversation)
        shown = seat.screen.face.mood.valence
        company.felt[ATTEMPT] = Feelings(40, 90, 5, 0)
        company.tell()
        seat.stage.wait(0.04)
        assert shown < seat.screen.face.mood.valence < 0.5  # on its way: nothing jumps
        seat.stage.wait(3.0)
        pleased = seat.screen.face.mood.valence
        assert pleased >= 0.8
        assert seat.screen.face.name == seat.words("face-pleased", customer=seat.screen.scenario.customer.name)
        company.stands = OFFLINE
        company.tell()
        seat.stage.wait(3.0)
        assert seat.screen.face.mood.valence == pleased
        seat.screen.rebuild()
        assert seat.screen.face.mood.valence == pleased


def test_offline_it_is_kept_and_one_goes_home(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        company.stands = replace(OFFLINE, waiting=1)
        finish(seat, company)
        assert seat.words("ended-means-kept") in seat.stage.frame.texts
        assert seat.problems() == []
        seat.stage.press("enter")
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Home)


def test_a_verdict_without_the_network_is_found_in_the_history(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        company.stands = OFFLINE
        company.judge(seat.desk, script_of(LATE_PARCEL))
        seat.stage.wait(0.1)
        assert seat.words("ended-now-judged") in seat.stage.frame.texts
        company.stands = Standing()
        company.tell()
        seat.until(lambda: isinstance(seat.screen, SelfRating), longest=3)


def test_an_attempt_that_was_not_taken_says_why(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        company.kept[ATTEMPT] = Kept(refused="Event 4 cannot follow event 3.")
        company.tell()
        seat.stage.wait(0.1)
        assert {seat.words("ended-now-refused"), "Event 4 cannot follow event 3."} <= set(seat.stage.frame.texts)
        assert seat.problems() == []


def test_what_the_server_says_otherwise_stands_in_the_head_of_the_debrief(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        company.judge(seat.desk, script_of(LATE_PARCEL), kept=Kept(("satisfaction",), late=True), conduct="71/1", passed=False)
        seat.until(lambda: isinstance(seat.screen, SelfRating), longest=3)
        seat.stage.press("escape")
        seat.stage.wait(0.1)
        told = seen(seat)
        assert "came to something else than this computer" in told
        assert seat.words("verdict-counts-not-passed", points=71) in told
        assert seat.words("verdict-late") in told
        assert {"71", seat.words("not-passed")} <= set(seat.stage.frame.texts)  # the head shows what counts
        assert seat.problems() == []


def test_playing_on_from_a_debrief_is_practice_that_leaves_nothing_behind(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company, ("sorry", "refund-now"))
        events = list(seat.screen.events)
        company.judge(seat.desk, script_of(LATE_PARCEL))
        attempt, _ = seat.desk.records.attempt(ATTEMPT)  # type: ignore[misc]
        run = lent(company.debrief(ATTEMPT), attempt, events)
        at_home(seat)
        company.asked.clear()
        seat.way.play_on(run, len(events) - 4)
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Conversation)
        assert seat.screen.opened.attempt.practice
        assert isinstance(seat.playing._pen, Unkept)
        assert [attempt.id for attempt, _ in seat.desk.records.attempts(with_practice=True)] == [ATTEMPT]
        assert company.asked == []
        again = Run.of(run.script, seat.playing.attempt, events, run)
        assert again.lent  # and whoever plays on from there leaves nothing behind either
        assert not again.counts


def test_what_the_server_would_not_take_is_not_offered_to_go_on_with(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        take_up(seat, company, *GOOD[:2])
        seat.way._leave(seat.screen.opened)
        company.kept[ATTEMPT] = Kept(refused="Event 4 cannot follow event 3.")
        assert at_home(seat).shelf.stopped == ()  # type: ignore[union-attr]
        assert seat.desk.stopped("late-parcel") is None


def test_a_verdict_that_comes_while_the_settings_are_open_is_not_missed(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        seat.way.settings()
        company.judge(seat.desk, script_of(LATE_PARCEL))
        seat.stage.wait(0.1)
        seat.stage.press("escape")
        seat.until(lambda: isinstance(seat.screen, SelfRating), longest=3)


# -- history ------------------------------------------------------------------------------------------------------------


def history(seat: Seat) -> History:
    seat.way.history()
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, History)
    return seat.screen


def test_history_tells_what_waits_and_once_it_is_judged_asks_for_the_debrief(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        screen = history(seat)
        assert [entry.state for entry in screen.portion.entries] == ["waiting"]  # type: ignore[union-attr]
        assert seat.problems() == []
        company.judge(seat.desk, script_of(LATE_PARCEL))
        seat.stage.wait(0.1)
        (entry,) = screen.portion.entries  # type: ignore[union-attr]
        assert entry.state == "passed"
        screen.open(entry, screen.ways.debrief)
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Debrief)
        assert seat.screen.run.lent


def test_offline_history_says_where_the_debrief_lies_and_the_attempt_can_be_watched(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        company.stands = OFFLINE
        company.judge(seat.desk, script_of(LATE_PARCEL))
        screen = history(seat)
        (entry,) = screen.portion.entries  # type: ignore[union-attr]
        screen.open(entry, screen.ways.debrief)
        seat.stage.wait(0.1)
        assert seat.words("history-not-reached") in seat.stage.frame.texts
        assert seat.problems() == []
        screen.open(entry, screen.ways.replay)
        seat.stage.wait(0.1)
        assert seat.screen.marks == ()
        assert seat.problems() == []


def test_what_was_refused_says_so_in_the_history(tmp_path: Path) -> None:
    with connected(tmp_path) as (seat, company):
        finish(seat, company)
        company.kept[ATTEMPT] = Kept(refused="Event 4 cannot follow event 3.")
        assert [entry.state for entry in history(seat).portion.entries] == ["refused"]  # type: ignore[union-attr]


def test_progress_counts_what_was_judged_though_its_principles_may_be_unknown_here(tmp_path: Path) -> None:
    with connected(tmp_path, []) as (seat, company):
        finish(seat, company)
        company.judge(seat.desk, script_of(LATE_PARCEL))
        shelf = at_home(seat).shelf
        assert shelf is not None
        assert shelf.progress.passed(["late-parcel"]) == 1
        assert shelf.progress.principles
        assert shelf.principles == {}
        assert seat.problems() == []


# -- never waiting ------------------------------------------------------------------------------------------------------


class Hanging(Company):
    """A server that takes a question and never answers."""

    def __init__(self) -> None:
        super().__init__((sealed_of(script_of(LATE_PARCEL)),))
        self.called, self.released = Signal(), Signal()

    def ticket(self, *asked: Any) -> Any:
        self.called.set()
        self.released.wait(10)
        return super().ticket(*asked)


def test_a_call_to_the_network_that_hangs_delays_neither_a_picture_nor_another_job(tmp_path: Path) -> None:
    company, stage = Hanging(), Stage.create_null()
    with Desk(tmp_path, files=[LATE_PARCEL], link=company) as desk:
        desk.organised.look()
        desk.enrol("1042", "Robin Reed", "", "en")
        company.learners = frozenset({desk.learner})
        desk.organised.look()
        way = Way(stage, desk, language="en")
        way.brief(company.published[0])
        stage.settle()
        stage.press("enter")
        assert company.called.wait(5)
        done = Signal()
        way.stage.screen.ask(lambda: None, lambda _: done.set())  # type: ignore[attr-defined]
        while not done.is_set():
            stage.turn(0.05)  # pictures are drawn, and the desk's own jobs are done
        assert isinstance(stage.screen, Briefing)
        company.released.set()
        while not isinstance(stage.screen, Conversation):
            stage.turn(0.05)
    stage.end()


# -- how it looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "size", "text", "theme"),
    [("en", (1280, 720), 200, "contrast"), ("fa", (1280, 720), 100, "dark")],
)
def test_no_screen_of_a_connected_desk_has_a_defect(tmp_path: Path, language: str, size: tuple[int, int], text: int, theme: ThemeName) -> None:
    found: dict[str, list[str]] = {}
    with connected(tmp_path, [LATE_PARCEL, KETTLE, OAK], language=language, size=size) as (seat, company):
        seat.stage.suit(Preferences(text=text, theme=theme))
        for screen in walk(seat, company):
            found[screen] = [*problems(seat.stage.frame), *unreadable(seat)]
    assert len(found) > 10
    assert {screen: defects for screen, defects in found.items() if defects} == {}

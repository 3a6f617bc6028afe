"""One attempt at the desk: its clock, its pen, and what is shown when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

import pytest

from desktop.seat import LATE_PARCEL, script_of
from servicesim.desktop.playing import Clock, Playing, new_attempt
from servicesim.encounter.events import ReplyChosen, SegmentBegan, StationReached
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NotOffered, StoreFull, VerificationFailed
from servicesim.records.attempt import Attempt, Result


class Disk:
    """A pen that writes when it is told to."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.results: list[Result] = []
        self.asked: list[tuple[Future[None], Sequence[str], Result | None]] = []
        self.seqs: list[int] = []
        self.at_once = True

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        return self.write(attempt.id, 0, lines)

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        future: Future[None] = Future()
        self.seqs.append(first_seq)
        self.asked.append((future, lines, result))
        if self.at_once:
            self.take()
        return future

    def take(self) -> None:
        """The disk holds the oldest of what it was given."""
        future, lines, result = self.asked.pop(0)
        self.lines += lines
        self.results += [result] if result else []
        future.set_result(None)

    def refuse(self) -> None:
        """The disk is full."""
        self.asked.pop(0)[0].set_exception(StoreFull("no room"))


def at_once(call: Callable[[], None]) -> None:
    call()


@pytest.fixture(scope="module")
def script() -> Script:
    return script_of(LATE_PARCEL)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def playing(script: Script, disk: Disk) -> Playing:
    playing = Playing(script, new_attempt(script, "learner", seed=7, started=1), disk, soon=at_once, changed=lambda: None)
    playing.go(100.0)
    return playing


def waiting(playing: Playing, outside: float = 100.0) -> float:
    """Lets time pass until the customer waits; the time then."""
    while playing.situation.phase is not Phase.WAITING:
        outside += 0.1
        playing.tick(outside)
    return outside


def test_a_clock_goes_on_from_where_it_stood() -> None:
    clock = Clock(5.0)
    clock.go(100.0)
    assert clock.now(103.0) == 8.0
    clock.stand(104.0)
    assert clock.now(999.0) == 9.0
    clock.go(1000.0)
    clock.go(1001.0)
    assert clock.now(1002.0) == 11.0


def test_what_is_shown_follows_the_disk_and_not_the_key(playing: Playing, disk: Disk) -> None:
    now = waiting(playing)
    disk.at_once = False
    playing.reply("welcome", now + 1)
    assert (playing.situation.phase, playing.busy) == (Phase.WAITING, True)
    disk.take()
    assert (playing.situation.phase, playing.busy) == (Phase.SPEAKING, False)
    assert list(from_lines(disk.lines)) == playing.events


def test_each_event_is_written_once_and_in_order(playing: Playing, disk: Disk) -> None:
    now = waiting(playing)
    playing.listen("go-on", now)
    playing.reply("welcome", now + 1)
    waiting(playing, now + 1)
    assert list(from_lines(disk.lines)) == playing.events
    assert disk.seqs == sorted(set(disk.seqs))


def test_a_move_made_while_writing_waits_with_the_time_at_which_it_was_made(playing: Playing, disk: Disk) -> None:
    disk.at_once = False
    playing.tick(100.7)  # the station is reached, and being written
    playing.listen("go-on", 100.9)
    assert not isinstance(playing.events[-1], StationReached)
    disk.take()
    disk.take()
    assert playing.events[-1].at == pytest.approx(0.9)


def test_a_move_that_is_late_by_then_is_dropped(playing: Playing, disk: Disk) -> None:
    now = waiting(playing)
    disk.at_once = False
    playing.reply("welcome", now + 1)
    playing.reply("sorry", now + 1.1)
    disk.take()
    assert [event.reply for event in playing.events if isinstance(event, ReplyChosen)] == ["welcome"]
    assert not playing.busy


def test_what_is_not_offered_is_refused_and_changes_nothing(playing: Playing) -> None:
    before = list(playing.events)
    with pytest.raises(NotOffered):
        playing.reply("welcome", 100.1)
    assert playing.events == before


def test_after_a_failure_the_choice_is_open_and_the_clock_stands(playing: Playing, disk: Disk) -> None:
    now = waiting(playing)
    disk.at_once = False
    playing.reply("welcome", now + 1)
    disk.refuse()
    assert isinstance(playing.trouble, StoreFull)
    assert playing.situation.phase is Phase.WAITING
    left = playing.patience(now + 2)
    assert playing.patience(now + 500) == left
    playing.tick(now + 500)
    playing.reply("sorry", now + 500)  # nothing is taken before it has been tried again
    assert disk.asked == []
    playing.go(now + 600)
    playing.reply("sorry", now + 601)
    disk.take()
    assert [event.reply for event in playing.events if isinstance(event, ReplyChosen)] == ["sorry"]


def test_what_the_clock_brought_is_written_again_as_it_was(playing: Playing, disk: Disk) -> None:
    disk.at_once = False
    playing.tick(100.7)
    refused = disk.asked[0][1]
    disk.refuse()
    assert playing.due_in(100.8) is None
    playing.go(200.0)
    assert disk.asked[0][1] == refused
    disk.take()
    assert playing.situation.phase is Phase.PAUSING
    assert playing.clock.now(200.0) == pytest.approx(playing.situation.since)


def test_it_goes_on_from_the_lines_that_are_kept(script: Script, playing: Playing, disk: Disk) -> None:
    while playing.situation.phase is not Phase.PAUSING:
        playing.tick(101.0)
    again = Playing(script, playing.attempt, disk, soon=at_once, changed=lambda: None, kept=disk.lines)
    assert again.situation == playing.situation
    again.go(5000.0)
    again.tick(5001.3)
    assert again.events[-1] == SegmentBegan(at=1.8, segment=1)
    assert disk.seqs[-1] == len(playing.events)


def test_lines_that_cannot_have_happened_are_refused(script: Script, playing: Playing, disk: Disk) -> None:
    lines = [*disk.lines, '{"event":"reply-chosen","at":0.1,"scene":"opening","reply":"welcome"}']
    with pytest.raises(VerificationFailed):
        Playing(script, playing.attempt, disk, soon=at_once, changed=lambda: None, kept=lines)


def test_the_result_comes_with_the_last_event_and_agrees_with_the_assessment(playing: Playing, disk: Disk) -> None:
    now = waiting(playing)
    for reply in ("sorry", "may-i-ask", "policy", "soothe"):
        playing.reply(reply, now + 1)
        if not playing.ended:
            now = waiting(playing, now + 1)
    for _ in range(3):
        if playing.ended:
            break
        first = next(iter(playing.situation.stage.options)).reply.id
        playing.reply(first, now + 1)
        now = now + 1 if playing.ended else waiting(playing, now + 1)
    if playing.ended:
        conduct = playing.assessment().conduct
        assert [result.conduct for result in disk.results] == [f"{conduct.numerator}/{conduct.denominator}"]
    else:
        assert disk.results == []


def test_heard_and_patience_are_shares(playing: Playing) -> None:
    assert playing.heard(100.0) == (0, 0.0)
    assert playing.heard(100.3)[1] == pytest.approx(0.5)
    assert playing.patience(100.3) is None
    now = waiting(playing)
    assert playing.heard(now)[1] == 1.0
    assert playing.patience(now + 5) == pytest.approx(0.5, abs=0.03)

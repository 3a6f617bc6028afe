"""What the server says to what it was sent: a refusal is kept and not repeated, a verdict is believed only if all of it fits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from connection.served import EXPERT, NOON, Play, key
from exports.kept import late_parcel
from servicesim.connection import connections
from servicesim.connection.connections import Connection
from servicesim.connection.editions import Scripts
from servicesim.connection.said import FeelingsSaid, Me, Progress, PublicKey, SignedVerdict
from servicesim.connection.sending import Sending
from servicesim.connection.wire import Refused, Trouble
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings
from servicesim.encounter.transcript import from_lines
from servicesim.records import Attempt, open_records
from servicesim.records.attempt import Result
from servicesim.records.chain import head, last_link, seal
from servicesim.records.connected import open_connected
from servicesim.records.results import result_of
from servicesim.records.signed import Signer, new_key, verdict_body
from servicesim.records.tickets import Difference, Ticket
from servicesim.scenario.model import fingerprint
from servicesim.scenario.sealed import sealed

SIGNER = Signer(key())
LEYLA = "1" * 32
Answer = Callable[[int, Sequence[str]], Progress]


@dataclass(slots=True)
class Wire:
    """A server of a few lines: it keeps what it is sent, and judges it by the full script."""

    attempt: Attempt
    edition: str
    signer: Signer = SIGNER
    kept: list[str] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    judged: dict[str, Any] = field(default_factory=dict)
    """What it says differently from the truth."""
    keys: tuple[PublicKey, ...] = ()

    def send(self, attempt: str, first: int, lines: Sequence[str], *, untimed: bool, clock: int) -> Progress:
        self.asked.append((first, len(lines)))
        if self.answers:
            return self.answers.pop(0)(first, lines)
        self.kept[first:] = lines
        return self.progress(attempt)

    def progress(self, attempt: str) -> Progress:
        over = bool(self.kept) and '"ended"' in self.kept[-1]
        return Progress(kept=len(self.kept), late=False, ended=over, verdict=self.verdict() if over else None)

    def verdict(self) -> SignedVerdict:
        full = late_parcel()
        theirs = replace(self.attempt, scenario_hash=full.fingerprint, principles_hash=full.principles_fingerprint, started=NOON + 99)
        result = replace(result_of(full, list(from_lines(self.kept)), ended=NOON + 500), **self.judged)
        last = last_link(head(theirs), 0, self.kept)
        body = verdict_body(
            theirs, result, last, seal(last, result), organisation="Kestrel Parcels", edition=self.edition, late=False, at=NOON, key=self.signer.key_id,
        )  # fmt: skip
        return SignedVerdict(body=body, signature=self.signer.sign(body))

    def me(self) -> Me:
        person = {"id": "1042", "name": "Leyla", "team": "", "language": "en", "learner": LEYLA}
        return Me.model_validate({"organisation": "Kestrel Parcels", "person": person, "keys": self.keys, "now": 1})


@dataclass(slots=True)
class Seat:
    """A desk with one attempt that is over, and nothing sent of it."""

    sending: Sending
    wire: Wire
    play: Play
    log: list[str]

    @property
    def result(self) -> Result | None:
        found = self.sending.records.attempt(self.play.attempt.id)
        return None if found is None else found[1]

    def differences(self) -> tuple[Difference, ...]:
        kept = self.sending.connected.verdict(self.play.attempt.id)
        assert kept is not None
        return kept.differences


@pytest.fixture(scope="module")
def edition() -> Script:
    return Script(*sealed(late_parcel().scenario, late_parcel().principles, b"0123456789abcdef"))


@pytest.fixture
def seat(tmp_path: Path, edition: Script) -> Iterator[Seat]:
    ticket = Ticket("a-1", "late-parcel", fingerprint(edition.text), fingerprint(edition.principles_text), 7, "en", NOON, NOON + 9_000_000)
    connection = Connection("https://training.example.com", "Kestrel Parcels", "d-1", "key", {SIGNER.key_id: SIGNER.public}, LEYLA, NOON)
    log: list[str] = []
    with ExitStack() as stores:
        records, connected = stores.enter_context(open_records(tmp_path)), stores.enter_context(open_connected(tmp_path))
        connected.keep_text("scenario", edition.text)
        connected.keep_text("principles", edition.principles_text)
        connected.keep_tickets(LEYLA, [ticket], at=NOON)
        play = Play.begun(records, edition, ticket, LEYLA, EXPERT)
        play.write()
        wire = Wire(play.attempt, ticket.edition)
        sending = Sending(connection, wire, records, connected, Scripts(connected), tmp_path, lambda: NOON, log.append)  # type: ignore[arg-type]
        yield Seat(sending, wire, play, log)


def refusing(status: int, words: str, kept: int | None = None) -> Answer:
    def refuse(first: int, lines: Sequence[str]) -> Progress:
        raise Refused(status, words, kept)

    return refuse


def saying(kept: int, feelings: Feelings | None = None) -> Answer:
    felt = None if feelings is None else FeelingsSaid(**feelings._asdict())
    return lambda first, lines: Progress(kept=kept, late=False, ended=False, feelings=felt)


def test_all_of_it_is_sent_and_the_verdict_kept(seat: Seat) -> None:
    seat.sending.send()
    assert seat.wire.asked == [(0, len(seat.play.lines))]
    assert seat.result == result_of(late_parcel(), list(from_lines(seat.play.lines)), ended=NOON + 500)
    assert seat.differences() == ()
    assert list(seat.sending.waiting()) == []
    assert seat.log == []


def test_long_transcripts_go_in_batches(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.connection.sending.LINES_AT_ONCE", 25)
    seat.sending.send()
    assert seat.wire.asked == [(first, min(25, len(seat.play.lines) - first)) for first in range(0, len(seat.play.lines), 25)]
    assert seat.wire.kept == seat.play.lines


def test_many_bytes_go_in_batches_too(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.connection.sending.BYTES_AT_ONCE", 1_000)
    seat.sending.send()
    assert len(seat.wire.asked) > 5
    assert seat.wire.kept == seat.play.lines


@pytest.mark.parametrize(("status", "words"), [(422, "event 5 cannot happen there"), (404, "there is no such attempt of yours"), (409, "other events are kept")])
def test_what_the_server_will_not_take_is_kept_with_its_words_and_not_sent_again(seat: Seat, status: int, words: str) -> None:
    seat.wire.answers = [refusing(status, words)]
    seat.sending.send()
    refusal = seat.sending.connected.refusal("a-1")
    assert refusal is not None
    assert (refusal.status, refusal.words, refusal.first) == (status, words, 0)
    seat.sending.send()
    assert len(seat.wire.asked) == 1
    assert words in seat.log[0]


def test_what_was_refused_is_sent_once_more_when_somebody_asks_for_it(seat: Seat) -> None:
    seat.wire.answers = [refusing(404, "there is no such attempt of yours")]
    seat.sending.send()
    seat.sending.send(refused_too=True)
    assert seat.result is not None
    assert seat.sending.connected.refused(LEYLA) == []


def test_a_gap_is_filled_from_where_the_server_says(seat: Seat) -> None:
    seat.sending.connected.acknowledge("a-1", 9, late=False, at=1)
    seat.wire.kept = seat.play.lines[:4]
    seat.wire.answers = [refusing(409, "events are missing", kept=4)]
    seat.sending.send()
    assert [first for first, _ in seat.wire.asked] == [9, 4]
    assert seat.wire.kept == seat.play.lines


def test_a_server_that_sends_back_and_forth_is_not_asked_for_ever(seat: Seat) -> None:
    seat.sending.connected.acknowledge("a-1", 9, late=False, at=1)
    seat.wire.answers = [refusing(409, "go back", kept=kept) for kept in (8, 7, 6)]
    seat.sending.send()
    assert [first for first, _ in seat.wire.asked] == [9, 8]
    assert seat.sending.connected.refusal("a-1") is not None


def test_a_server_that_keeps_less_than_it_was_sent_is_trouble(seat: Seat) -> None:
    seat.wire.answers = [saying(0)]
    with pytest.raises(Trouble, match="has kept less than it was sent"):
        seat.sending.send()
    assert len(seat.wire.asked) == 1


def test_an_attempt_that_went_on_elsewhere_is_told(seat: Seat) -> None:
    seat.wire.answers = [saying(5_000)]
    seat.sending.send()
    refusal = seat.sending.connected.refusal("a-1")
    assert refusal is not None
    assert refusal.words == f"the server has 5000 events of this attempt, and this computer {len(seat.play.lines)}: it was played elsewhere, or the records here are an old copy"


@pytest.mark.parametrize("most", [1, 10])
def test_less_is_sent_where_the_server_takes_no_more_and_a_single_event_is_refused(seat: Seat, most: int) -> None:
    def picky(first: int, lines: Sequence[str]) -> Progress:
        seat.wire.answers = [picky]
        if len(lines) > most or most == 1:
            raise Refused(413, "too large")
        seat.wire.kept[first:] = lines
        return seat.wire.progress("a-1")

    seat.wire.answers = [picky]
    seat.sending.send()
    assert (seat.sending.connected.refusal("a-1") is not None) == (most == 1)
    assert (seat.result is not None) == (most == 10)


# Verdicts


def test_a_difference_is_kept_and_logged_and_the_servers_word_counts(seat: Seat) -> None:
    seat.wire.judged = {"trust": 1, "ending": "walked-out"}
    seat.sending.send()
    own = result_of(late_parcel(), list(from_lines(seat.play.lines)), ended=1)
    assert seat.differences() == (Difference("ending", str(own.ending), "walked-out"),)
    assert seat.result is not None
    assert (seat.result.trust, seat.result.ending) == (1, "walked-out")
    assert f"attempt a-1: the server's verdict differs from what this desk knows: ending is walked-out there, {own.ending} here" in seat.log


def test_how_the_customer_feels_is_remembered_from_the_last_answer_that_says_it(seat: Seat) -> None:
    feelings = Feelings(60, 45, 3, 1)
    seat.wire.answers = [saying(len(seat.play.lines), feelings)]
    seat.sending.send()  # with the question for the verdict comes an answer without them
    assert seat.sending.felt == {"a-1": feelings}


def test_a_result_that_is_there_already_stays_and_is_compared(seat: Seat) -> None:
    own = replace(result_of(late_parcel(), list(from_lines(seat.play.lines)), ended=NOON + 1), conduct="1/1")
    seat.sending.records.append("a-1", len(seat.play.lines), [], own)
    seat.sending.send()
    assert {one.name for one in seat.differences()} == {"conduct", "ended"}
    assert seat.result == own


def forged(verdict: SignedVerdict, **said: Any) -> SignedVerdict:
    return verdict.model_copy(update={"body": json.dumps({**json.loads(verdict.body), **said}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))})


def signed(**said: Any) -> Callable[[SignedVerdict], SignedVerdict]:
    def sign(verdict: SignedVerdict) -> SignedVerdict:
        body = forged(verdict, **said).body
        return SignedVerdict(body=body, signature=SIGNER.sign(body))

    return sign


@pytest.mark.parametrize(
    "spoil",
    [
        lambda verdict: forged(verdict, passed=True, conduct="100/1", trust=5),
        lambda verdict: verdict.model_copy(update={"signature": SIGNER.sign("{}")}),
        lambda verdict: verdict.model_copy(update={"signature": "no base64"}),
        lambda verdict: verdict.model_copy(update={"body": "{}"}),
        lambda verdict: verdict.model_copy(update={"body": "[" * 50_000}),
        signed(attempt="a-2"), signed(learner="2" * 32), signed(head="f" * 64), signed(seal="f" * 64), signed(conduct="99/1"), signed(edition="f" * 64),
        signed(started="then"), signed(passed="yes"), signed(trust=None), signed(principles={}),
    ],
)  # fmt: skip
def test_a_verdict_that_does_not_fit_is_not_believed(seat: Seat, spoil: Callable[[SignedVerdict], SignedVerdict], monkeypatch: pytest.MonkeyPatch) -> None:
    honest = seat.wire.verdict
    monkeypatch.setattr(Wire, "verdict", lambda self: spoil(honest()))
    with pytest.raises(Trouble):
        seat.sending.send()
    assert seat.result is None
    assert seat.sending.connected.verdict("a-1") is None
    assert [one.attempt.id for one in seat.sending.waiting()] == ["a-1"]
    assert seat.log


def test_a_new_key_of_the_server_is_learnt_from_the_server_and_kept(seat: Seat) -> None:
    seat.wire.signer = Signer(new_key())
    seat.wire.keys = (PublicKey(id=seat.wire.signer.key_id, public=seat.wire.signer.public),)
    seat.sending.send()
    assert seat.result is not None
    kept = connections.connections(seat.sending.home)[LEYLA]
    assert set(kept.keys) == {SIGNER.key_id, seat.wire.signer.key_id}


def test_another_key_under_a_known_name_changes_nothing(seat: Seat) -> None:
    thief = Signer(new_key())
    seat.wire.keys = (PublicKey(id=SIGNER.key_id, public=thief.public),)
    seat.sending.learn_keys()
    assert seat.sending.connection.keys == {SIGNER.key_id: SIGNER.public}


def test_practice_is_not_sent(seat: Seat) -> None:
    ticket = Ticket("a-2", "late-parcel", seat.wire.edition, "p" * 64, 7, "en", NOON, NOON + 1)
    seat.sending.connected.keep_tickets(LEYLA, [ticket], at=NOON)
    seat.sending.records.begin(replace(seat.play.attempt, id="a-2", practice=True), seat.play.lines[:2])  # type: ignore[attr-defined]
    assert [one.attempt.id for one in seat.sending.waiting()] == ["a-1"]


def test_a_transcript_that_cannot_be_read_is_for_the_server_to_refuse(seat: Seat) -> None:
    ticket = Ticket("a-0", "late-parcel", seat.wire.edition, "p" * 64, 7, "en", NOON, NOON + 1)
    seat.sending.connected.keep_tickets(LEYLA, [ticket], at=0)
    seat.sending.records.begin(replace(seat.play.attempt, id="a-0"), ["no event"])  # type: ignore[attr-defined]
    seat.wire.answers = [refusing(422, "no event")]
    seat.sending.send()
    refusal = seat.sending.connected.refusal("a-0")
    assert refusal is not None
    assert refusal.words == "no event"
    assert seat.result is not None


def test_what_is_amiss_with_one_attempt_stops_no_other(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second attempt's verdict does not fit; the third is taken all the same."""
    seen: list[str] = []
    send = Sending._send

    def watched(self: Sending, one: Any) -> None:
        seen.append(one.attempt.id)
        send(self, one)

    for number in (2, 3):
        ticket = Ticket(f"a-{number}", "late-parcel", seat.wire.edition, "p" * 64, 7, "en", NOON, NOON + 1)
        seat.sending.connected.keep_tickets(LEYLA, [ticket], at=NOON + number)
        seat.sending.records.begin(replace(seat.play.attempt, id=ticket.attempt), seat.play.lines)  # type: ignore[attr-defined]
    monkeypatch.setattr(Sending, "_send", watched)
    with pytest.raises(Trouble):
        seat.sending.send()
    assert seen == ["a-1", "a-2", "a-3"]

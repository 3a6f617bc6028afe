"""What waits goes out in order and in bounds; what an answer means; and when to stop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from servicesim.exports import answers, pushing
from servicesim.exports.answers import Answer, Closed, NotTaken, Taken, Trouble
from servicesim.exports.comparing import differences
from servicesim.exports.lrs import MOST, NoAnswer
from servicesim.exports.pushing import Clock, Pushing, Stopped
from servicesim.records.outbox import Delivery, Waiting

NOW = 1_793_000_000_000
LRS = "https://lrs.example.com/xapi"


class Queue:
    """In memory."""

    def __init__(self, *bodies: str) -> None:
        self.all = [Waiting(number, json.loads(body)["id"], body) for number, body in enumerate(bodies, 1)]
        self.became: dict[str, Delivery] = {}
        self.kept: list[tuple[list[str], int, str]] = []

    def waiting(self, *, after: int = 0, most: int = 100) -> list[Waiting]:
        return [one for one in self.all if one.number > after and one.id not in self.became][:most]

    def keep_deliveries(self, delivered: Iterable[Delivery], *, at: int, place: str) -> None:
        some = list(delivered)
        self.became |= {one.id: one for one in some}
        self.kept.append(([one.id for one in some], at, place))


@dataclass
class Store:
    """Says what it is told to say, and takes everything otherwise."""

    says: list[Answer | Exception | Callable[[bytes], Answer]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def post(self, body: bytes) -> Answer:
        self.sent.append(body)
        return self._answer(body) if self.says else taken(body)

    def get(self, statement: str) -> Answer:
        self.asked.append(statement)
        return self._answer(b"")

    def _answer(self, body: bytes) -> Answer:
        answer = self.says.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else answer(body)


def taken(body: bytes) -> Answer:
    return Answer(200, json.dumps([one["id"] for one in json.loads(body)]).encode())


def body(number: int, **more: Any) -> str:
    return json.dumps({"id": f"id-{number}", **more}, ensure_ascii=False)


def bodies(count: int) -> list[str]:
    return [body(number) for number in range(1, count + 1)]


class Time:
    def __init__(self, chance: float = 0.5) -> None:
        self.now, self.slept = NOW, list[float]()
        self.clock = Clock(now=lambda: self.now, sleep=self._sleep, chance=lambda: chance)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += round(seconds * 1000)


def push(queue: Queue, store: Store, time: Time | None = None) -> list[str]:
    """What became of each, in words."""
    pushed = Pushing(queue, store, LRS, lambda text: text.replace("s3cret", "***"), (time or Time()).clock)
    return [f"{one.id} {one.outcome}" for one in pushed.deliveries()]


# In order and in bounds


def test_what_waits_goes_out_in_order_as_the_very_texts_that_are_kept() -> None:
    queue, store = Queue('{"id": "id-1",  "ä":1.0}', '{"id":"id-2"}'), Store()
    assert push(queue, store) == ["id-1 sent", "id-2 sent"]
    assert store.sent == ['[{"id": "id-1",  "ä":1.0},{"id":"id-2"}]'.encode()]
    assert queue.kept == [(["id-1", "id-2"], NOW, LRS)]


def test_it_goes_out_in_batches_that_are_small_enough() -> None:
    queue, store = Queue(*bodies(250)), Store()
    assert len(push(queue, store)) == 250
    assert [len(json.loads(one)) for one in store.sent] == [100, 100, 50]
    large = Queue(*(body(number, text="ä" * 150_000) for number in range(1, 8)))
    store = Store()
    push(large, store)
    assert [len(json.loads(one)) for one in store.sent] == [1] * 7
    assert all(len(one) <= pushing.BYTES_AT_ONCE for one in store.sent)


def test_what_is_larger_than_may_be_sent_stands_aside_unsent() -> None:
    queue, store = Queue(body(1), body(2, text="x" * MOST), body(3)), Store()
    assert push(queue, store) == ["id-1 sent", "id-2 refused", "id-3 sent"]
    assert queue.became["id-2"].words == "not sent: it is larger than 1 MiB"
    assert all(b"xxx" not in one for one in store.sent)


def test_one_that_is_just_small_enough_is_sent() -> None:
    empty = len(body(1, text=""))
    queue, store = Queue(body(1, text="x" * (MOST - 2 - empty))), Store()
    assert push(queue, store) == ["id-1 sent"]
    assert len(store.sent[0]) == MOST


def test_after_a_store_found_it_too_large_less_is_sent_at_once() -> None:
    def at_most_1000(sent: bytes) -> Answer:
        return taken(sent) if len(sent) <= 1000 else Answer(413)

    queue, store = Queue(*bodies(300)), Store([at_most_1000] * 100)
    assert len(push(queue, store)) == 300
    too_large = [one for one in store.sent if len(one) > 1000]
    assert len(too_large) == 1


# Halves


def refuses(*numbers: int) -> Callable[[bytes], Answer]:
    def answer(sent: bytes) -> Answer:
        wrong = [one["id"] for one in json.loads(sent) if int(one["id"].removeprefix("id-")) in numbers]
        return Answer(400, f'{{"warnings":["{wrong[0]}"]}}'.encode()) if wrong else taken(sent)

    return answer


@pytest.mark.parametrize("bad", [(1,), (50,), (100,), (1, 100), (49, 50, 51), tuple(range(1, 20)), tuple(range(1, 100, 3))])
def test_the_bad_ones_alone_stand_aside_with_the_words_of_the_store(bad: tuple[int, ...]) -> None:
    queue, store = Queue(*bodies(100)), Store([refuses(*bad)] * 400)
    told = push(queue, store)
    assert told == [f"id-{number} {'refused' if number in bad else 'sent'}" for number in range(1, 101)]
    assert [queue.became[f"id-{number}"].words for number in bad] == [f'400: {{"warnings":["id-{number}"]}}' for number in bad]
    assert len(store.sent) <= 1 + 14 * len(bad)


def test_when_everything_is_refused_it_stops_and_leaves_the_rest() -> None:
    queue, store = Queue(*bodies(100)), Store([Answer(400, b"wrong\x00  version ")] * 400)
    with pytest.raises(Stopped, match=r"refuses one statement after the other, so that no more are sent: 400: wrong version$"):
        push(queue, store)
    assert [one.outcome for one in queue.became.values()] == ["refused"] * pushing.REFUSED_IN_A_ROW


# A conflict


def test_a_conflict_with_the_same_statement_is_none() -> None:
    there = {"id": "ID-1", "actor": {"account": {"name": "x"}}, "stored": "2026-10-26T08:00:00Z", "version": "1.0.0"}
    queue, store = Queue(body(1, actor={"objectType": "Agent", "account": {"name": "x"}})), Store([Answer(409), Answer(200, json.dumps(there | {"id": "id-1"}).encode())])
    assert push(queue, store) == ["id-1 known"]
    assert store.asked == ["id-1"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b'{"id":"id-1","actor":{"mbox":"mailto:a@b.c"},"result":{"success":false}}'), "another statement is kept there under this id: it differs in actor, result"),
        (Answer(404, b"none"), "409: there is one (it has no statement under this id that it would show)"),
        (Answer(403), "409: there is one (what it has under this id cannot be compared: 403, the key may not read)"),
        (Answer(400, b"unknown parameter"), "409: there is one (what it has under this id cannot be compared: 400: unknown parameter)"),
    ],
)
def test_a_conflict_with_another_stands_aside(answer: Answer, words: str) -> None:
    queue, store = Queue(body(1), body(2)), Store([Answer(409), Answer(409, b"there is one"), answer])
    assert push(queue, store) == ["id-1 refused", "id-2 sent"]
    assert queue.became["id-1"].words == words


@pytest.mark.parametrize("wrong", [Answer(200, b"<html>"), Answer(200, b'{"id":"other"}'), Answer(200, b"[]"), Answer(503), NoAnswer("silence")])
def test_what_is_there_is_asked_until_there_is_an_answer(wrong: Answer | Exception) -> None:
    queue, store, time = Queue(body(1)), Store([Answer(409), wrong, Answer(200, b'{"id":"id-1"}')]), Time()
    assert push(queue, store, time) == ["id-1 known"]
    assert time.slept == [0.5]


# Patience


def test_it_waits_longer_each_time_and_then_stops() -> None:
    queue, store, time = Queue(*bodies(3)), Store([NoAnswer("it cannot be reached (no route)")] * 6), Time(chance=1.0)
    with pytest.raises(Stopped) as stopped:
        push(queue, store, time)
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert str(stopped.value) == f"{LRS}: it cannot be reached (no route); tried 6 times, what waits is sent with the next servicesim push"
    assert (stopped.value.exit_code, stopped.value.not_before, queue.became) == (4, None, {})
    assert push(queue, Store()) == ["id-1 sent", "id-2 sent", "id-3 sent"]


def test_the_wait_is_drawn_by_chance() -> None:
    for chance in (0.0, 0.25):
        time = Time(chance)
        push(Queue(body(1)), Store([Answer(500), Answer(500)]), time)
        assert time.slept == [chance, 2 * chance]


@pytest.mark.parametrize(
    ("retry_after", "slept"),
    [
        ("7", 7.0), ("0", 0.5), (" 60 ", 60.0), ("-1", 0.5), ("1e9", 0.5), ("soon", 0.5), ("", 0.5), ("٧", 0.5),
        ("Mon, 26 Oct 2026 07:33:50 GMT", 30.0), ("Mon, 26 Oct 2026 07:33:50", 30.0), ("Mon, 26 Oct 2020 07:33:50 GMT", 0.5),
        ("Mon, 99 Oct 2026 07:33:50 GMT", 0.5),
    ],
)  # fmt: skip
def test_it_waits_as_long_as_it_is_asked_to(retry_after: str, slept: float) -> None:
    time = Time()
    assert push(Queue(body(1)), Store([Answer(503, retry_after=retry_after)]), time) == ["id-1 sent"]
    assert time.slept == [slept]


@pytest.mark.parametrize(("retry_after", "rest"), [("61", 61), ("3600", 3600), ("99999999", 86_400), ("Mon, 26 Oct 2026 08:33:20 GMT", 3600)])
def test_who_asks_for_more_is_left_alone(retry_after: str, rest: int) -> None:
    time = Time()
    with pytest.raises(Stopped, match=r"429: slow down; it asks to be left alone until 2026-10-2\dT\d\d:\d\d:\d\dZ$") as stopped:
        push(Queue(body(1)), Store([Answer(429, b"slow down", retry_after=retry_after)]), time)
    assert (time.slept, stopped.value.not_before) == ([], NOW + rest * 1000)


def test_a_new_batch_has_new_patience() -> None:
    says: list[Any] = [*[Answer(500)] * 5, taken]
    queue, store = Queue(*bodies(250)), Store(says * 3)
    assert len(push(queue, store)) == 250


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(401, b"no"), "it does not know the key (401): check key and secret: no"),
        (Answer(403), "the key may not send statements (403): ask those who run it for the right to write"),
        (Answer(301, location="https://evil.example.com/\x1b[31m"), "it sends us elsewhere (301 to https://evil.example.com/[31m), where nothing is sent unless you settle it with --to"),
        (Answer(304), "it sends us elsewhere (304), where nothing is sent unless you settle it with --to"),
        (Answer(404, b"<h1>Not\n here</h1>"), "there seems to be no learning record store under this address (404): <h1>Not here</h1>"),
        (Answer(402), "it answers in a way that cannot be understood (402)"),
        (Answer(206), "it answers in a way that cannot be understood (206)"),
    ],
)
def test_it_stops_at_once_where_somebody_has_to_do_something(answer: Answer, told: str) -> None:
    queue, store, time = Queue(*bodies(3)), Store([answer]), Time()
    with pytest.raises(Stopped) as stopped:
        push(queue, store, time)
    assert str(stopped.value) == f"{LRS}: {told}"
    assert (time.slept, queue.became) == ([], {})


def test_what_a_store_says_is_cut_and_holds_no_secret() -> None:
    queue, store = Queue(body(1)), Store([Answer(400, b"Authorization: s3cret\r\n\x07" + b"x" * 2000 + b"s3cret")])
    push(queue, store)
    words = queue.became["id-1"].words
    assert words.startswith("400: Authorization: *** xxx")
    assert words.endswith("…")
    assert len(words) == pushing.LONGEST_WORDS
    with pytest.raises(Stopped, match=r"check key and secret: your key is \*\*\*"):
        push(Queue(body(1)), Store([Answer(401, b"your key is s3cret")]))


def test_a_secret_at_the_cut_is_hidden_whole() -> None:
    start = pushing.LONGEST_WORDS - len("400: ") - 3
    queue = Queue(body(1))
    push(queue, Store([Answer(400, b"x" * start + b"s3cret")]))
    assert "s3" not in queue.became["id-1"].words


# What an answer means


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        (b'["a-1","b-2"]', Taken),
        (b'["B-2","A-1"]', Taken),
        (b'["a-1"]', Trouble),
        (b'["a-1","b-2","b-2"]', Trouble),
        (b'["a-1","c-3"]', Trouble),
        (b'{"a-1":"b-2"}', Trouble),
        (b'"a-1"', Trouble),
        (b"", Trouble),
        (b"[[[", Trouble),
        (b"[" * 100_000, Trouble),
        (b"\xff\xfe", Trouble),
        (b"[NaN]", Trouble),
    ],
)
def test_a_store_that_says_yes_must_name_what_it_took(body: bytes, meaning: type) -> None:
    assert isinstance(answers.of_post(Answer(200, body), ["a-1", "b-2"], now=NOW), meaning)


def test_every_status_means_something() -> None:
    for status in range(100, 600):
        meaning = answers.of_post(Answer(status), ["a-1"], now=NOW)
        assert isinstance(meaning, Taken) == (status == 204), status
        assert isinstance(meaning, NotTaken) == (status in (400, 409, 413, 422)), status
        if status >= 500 and status != 501:
            assert isinstance(meaning, Trouble), status
        if 300 <= status < 400 or status in (401, 403, 404):
            assert isinstance(meaning, Closed), status


# The same statement

OURS: dict[str, Any] = {
    "id": "5f0c1a52-0000-5000-8000-00000000abcd",
    "actor": {"objectType": "Agent", "account": {"homePage": "https://a.example/learners", "name": "0a1b"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}},
    "object": {"objectType": "Activity", "id": "https://a.example/e", "definition": {"name": {"en": "Late parcel"}}},
    "result": {"success": True, "score": {"scaled": 0.5, "raw": 50, "min": 0, "max": 100}, "duration": "PT95.00S"},
    "context": {
        "registration": "5f0c1a52-0000-5000-8000-00000000aaaa",
        "contextActivities": {"category": [{"id": "https://x.example/1"}, {"id": "https://x.example/2"}], "grouping": [{"objectType": "Activity", "id": "https://a.example/e"}]},
        "extensions": {"https://a.example/extensions/untimed": False},
    },
    "timestamp": "2026-10-26T07:33:20.000Z",
}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(stored="2026-10-26T08:00:00Z", version="1.0.0", authority={"mbox": "mailto:a@b.c"}, attachments=[]),
        lambda one: one.update(id=one["id"].upper()),
        lambda one: one.update(timestamp="2026-10-26T08:33:20+01:00"),
        lambda one: one.update(timestamp="2026-10-26T07:33:20Z"),
        lambda one: one["verb"].pop("display"),
        lambda one: one["object"].pop("definition"),
        lambda one: one["object"].pop("objectType"),
        lambda one: one["actor"].pop("objectType"),
        lambda one: one["result"].update(duration="PT1M35S"),
        lambda one: one["result"]["score"].update(raw=50.0),
        lambda one: one["context"]["contextActivities"]["category"].reverse(),
        lambda one: one["context"]["contextActivities"].update(grouping={"id": "https://a.example/e", "objectType": "Activity"}),
        lambda one: one["context"]["contextActivities"].update(other=[]),
        lambda one: one["context"].update(registration=one["context"]["registration"].upper()),
    ],
)  # fmt: skip
def test_what_a_store_may_do_to_a_statement_makes_no_difference(change: Callable[[dict[str, Any]], Any]) -> None:
    theirs = json.loads(json.dumps(OURS))
    change(theirs)
    assert differences(OURS, theirs) == []


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda one: one["actor"]["account"].update(name="0a1c"), "actor"),
        (lambda one: one["verb"].update(id="http://adlnet.gov/expapi/verbs/failed"), "verb"),
        (lambda one: one["object"].update(id="https://a.example/f"), "object"),
        (lambda one: one["result"].update(success=False), "result"),
        (lambda one: one["result"].update(duration="PT96S"), "result"),
        (lambda one: one["result"].update(duration="long"), "result"),
        (lambda one: one["result"]["score"].update(scaled=0.5001), "result"),
        (lambda one: one.pop("result"), "result"),
        (lambda one: one["context"]["extensions"].clear(), "context"),
        (lambda one: one["context"]["contextActivities"]["category"].pop(), "context"),
        (lambda one: one.update(timestamp="2026-10-26T07:33:20.001Z"), "timestamp"),
        (lambda one: one.update(timestamp="then"), "timestamp"),
        (lambda one: one.update(attachments=[{"sha2": "0"}]), "attachments"),
        (lambda one: one.update(object="a text"), "object"),
        (lambda one: one.update(context=None), "context"),
    ],
)  # fmt: skip
def test_what_it_may_not_do_does(change: Callable[[dict[str, Any]], Any], differs: str) -> None:
    theirs = json.loads(json.dumps(OURS))
    change(theirs)
    assert differences(OURS, theirs) == [differs]

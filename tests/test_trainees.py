"""The generator of plausible trainees: all from its seed, judged as the game judges, and plausible."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import mean

from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Listened, ReplyChosen, SpeechEnded
from servicesim.encounter.transcript import to_lines
from servicesim.records import open_people, open_records
from servicesim.records.results import result_of
from trainees import HABITS, LANGUAGES, Played, copied, keep, plays, shipped, store, trainees

ATTEMPTS = 300


@cache
def played() -> list[Played]:
    return list(plays(shipped(), attempts=ATTEMPTS))


def conduct(one: Played) -> float:
    assert one.result is not None
    return float(Fraction(one.result.conduct))


def test_the_same_seed_gives_the_same_trainees_and_plays() -> None:
    assert list(plays(shipped(), attempts=30)) == played()[:30]
    assert list(plays(shipped(), attempts=30, seed=1)) != played()[:30]


def test_results_are_those_that_the_game_keeps() -> None:
    some = [one for one in played()[::7] if one.result is not None]
    assert len(some) > 40
    for one in some:
        assert one.result == result_of(shipped(), one.events, ended=one.result.ended)


def test_every_play_could_have_happened() -> None:
    for one in played()[::3]:
        assert replayed(shipped(), one.events).ended == (one.result is not None)


def test_there_are_six_to_twelve_teams_and_one_of_them_is_very_small() -> None:
    for seed in range(5):
        sizes = Counter(trainee.team for trainee in islice(trainees(seed=seed), 1000))
        assert 6 <= len(sizes) <= 12
        assert [team for team, size in sizes.items() if size < 5] == ["Night shift"]


def test_they_speak_five_languages_and_have_all_habits() -> None:
    some = list(islice(trainees(), 200))
    assert {trainee.language for trainee in some} == set(LANGUAGES)
    assert {habit for trainee in some for habit in trainee.habits} == set(HABITS)
    assert len({trainee.id for trainee in some}) == 200
    assert {"לוי", "کریمی", "Müller"} <= {word for trainee in some for word in trainee.name.split()}


def test_some_practise_some_leave_and_some_play_without_clocks() -> None:
    shares = {
        "practice": mean(one.attempt.practice for one in played()),
        "left": mean(one.result is None for one in played()),
        "untimed": mean(one.attempt.untimed for one in played()),
    }
    assert 0.1 < shares["practice"] < 0.3
    assert 0.005 < shares["left"] < 0.06
    assert 0.02 < shares["untimed"] < 0.15


def test_some_pass_and_people_get_better() -> None:
    scored = defaultdict(list)
    for one in played():
        if one.result is not None:
            scored[one.trainee.id].append(conduct(one))
    assert 0.3 < mean(one.result.passed for one in played() if one.result is not None) < 0.75
    again = [conducts for conducts in scored.values() if len(conducts) > 2]
    assert mean(conducts[0] for conducts in again) < mean(conducts[2] for conducts in again)


def test_habits_show() -> None:
    early: dict[bool, list[bool]] = defaultdict(list)
    for one in played():
        first = next((event for event in one.events if isinstance(event, ReplyChosen)), None)
        if first is not None:
            early["apologises-early" in one.trainee.habits].append(first.reply == "sorry")
    assert mean(early[True]) > mean(early[False])


def test_they_take_a_persons_time_and_train_on_working_days() -> None:
    waits = [
        reply.at - ended.at
        for one in played()
        for ended, reply in zip(one.events, one.events[1:], strict=False)
        if isinstance(reply, ReplyChosen) and isinstance(ended, SpeechEnded)
    ]
    assert 2.5 < min(waits) < mean(waits) < 12
    days = {datetime.fromtimestamp(one.attempt.started / 1000, UTC).weekday() for one in played()}
    assert days == {0, 1, 2, 3, 4}
    assert any(isinstance(event, Listened) for one in played() for event in one.events)


def test_all_of_it_is_kept_as_the_game_would(tmp_path: Path) -> None:
    folder = copied(tmp_path / "copy", attempts=60)
    with open_records(folder) as records, open_people(folder) as people:
        kept = dict(records.attempts(with_practice=True))
        assert kept == {one.attempt: one.result for one in played()[:60]}
        for one in played()[:60]:
            assert records.lines(one.attempt.id) == to_lines(one.events)
        person = people.person(played()[0].attempt.learner)
        assert person is not None
        assert (person.name, person.team) == (played()[0].trainee.name, played()[0].trainee.team)


def test_the_rows_are_those_that_the_records_write(tmp_path: Path) -> None:
    some = played()[:40]
    with open_people(tmp_path / "slow") as people, open_records(tmp_path / "slow") as records:
        records.keep_text("scenario", shipped().text)
        records.keep_text("principles", shipped().principles_text)
        for number, one in enumerate(some):
            who = one.trainee
            learner = people.enrol(who.id, who.name, who.team, who.language)
            some[number] = one = replace(one, attempt=replace(one.attempt, learner=learner))
            records.begin(one.attempt, to_lines(one.events[:1]))
            records.append(one.attempt.id, 1, to_lines(one.events[1:]), one.result)
    assert keep(tmp_path / "fast", shipped(), some) == 40
    assert dumped(tmp_path / "fast" / "records.db") == dumped(tmp_path / "slow" / "records.db")
    assert dumped(tmp_path / "fast" / "people.db") == dumped(tmp_path / "slow" / "people.db")


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.iterdump())


def test_a_store_is_made_once_in_a_process() -> None:
    assert store(attempts=60) is store(attempts=60)

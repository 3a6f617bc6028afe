"""What is kept of attempts, as a programme asks for it: days, conduct, how it ended, and what was promised."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from programme_files import LETTER, MONDAY, UMBRELLA, WARM_UP, keep, keep_of, script
from servicesim.assessment.taken import Promised
from servicesim.encounter.script import Script
from servicesim.errors import VerificationFailed
from servicesim.records import Records, open_records
from servicesim.records.progress import day_here, taken
from servicesim.records.verifying import Verified, verified
from servicesim.scenario.sealed import sealed


def test_an_attempt_tells_when_how_well_and_what_was_promised(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA, "promise")
        keep(records, UMBRELLA, "gone", day=1)
        (first, second) = taken(records, ["umbrella"], learner="leyla")["leyla"]
    assert (first.encounter, first.counts, first.conduct, first.ended_well, first.began) == ("umbrella", True, Fraction(100), True, date(2026, 10, 26))
    assert first.promised == (Promised(encounter="the-letter", within=2),)
    assert (second.ended_well, second.promised, second.reaches(0)) == (False, (), False)


def test_what_was_not_finished_has_begun_and_no_more(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA)
        (one,) = taken(records, ["umbrella"])["leyla"]
    assert (one.ended, one.counts, one.reaches(50)) == (None, True, False)


def test_practice_does_not_count_unless_there_is_nothing_else(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA, "promise", practice=True)
        keep(records, WARM_UP, "promise", practice=True)
        told = taken(records, ["umbrella", "warm-up"])["leyla"]
    assert [(one.counts, one.unscored, one.promised) for one in told] == [(False, False, ()), (True, True, ())]
    assert told[1].reaches(75)


def test_what_a_review_has_set_aside_does_not_count(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        name = keep(records, UMBRELLA, "gone")
        records.review(name, at=MONDAY, by="HR", note="The fire alarm went off.", verdict="set-aside")
        (one,) = taken(records, ["umbrella"])["leyla"]
    assert not one.counts


def test_everybody_is_told_apart_and_others_are_left_out(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA, "gone")
        keep(records, UMBRELLA, "gone", learner="omid")
        keep(records, LETTER, "there", learner="omid")
        assert {learner: len(attempts) for learner, attempts in taken(records, ["umbrella"]).items()} == {"leyla": 1, "omid": 1}
        assert list(taken(records, ["umbrella", "the-letter"], learner="omid")) == ["omid"]


def test_an_encounter_whose_customer_remembered_is_the_same_encounter_and_plays_again(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, LETTER, "there")
        keep(records, LETTER, "there", remembered=["late"], day=1)
        told = taken(records, ["the-letter"])["leyla"]
        checked = [(one.attempt.id, one.state) for one in verified(records) if isinstance(one, Verified)]
    assert [one.encounter for one in told] == ["the-letter", "the-letter"]
    assert checked == [("the-letter-leyla-0-there", "REPLAY_VERIFIED"), ("the-letter-leyla-1-there", "REPLAY_VERIFIED")]


def test_days_are_those_of_the_clock_that_is_given(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA, "gone")
        (one,) = taken(records, ["umbrella"], day_of=lambda _: date(2000, 1, 1))["leyla"]
    assert one.began == date(2000, 1, 1)
    assert day_here(MONDAY) in (date(2026, 10, 26), date(2026, 10, 27))


def test_an_encounter_that_cannot_be_read_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_records(tmp_path) as records:
        keep(records, UMBRELLA, "gone")
        monkeypatch.setattr(Records, "text", lambda *_: "{}")
        with pytest.raises(VerificationFailed, match="servicesim verify says more"):
            taken(records, ["umbrella"])


def test_of_a_sealed_edition_only_a_pass_has_ended_well(tmp_path: Path) -> None:
    """It does not tell which endings are failed: what nobody knows is not told as good."""
    full = script(UMBRELLA)
    edition = Script(*sealed(full.scenario, full.principles, b"a secret of the server"))
    with open_records(tmp_path) as records:
        keep_of(records, edition, ["gone"])
        (name,) = (attempt.id for attempt, _ in records.attempts())
        (one,) = taken(records, ["umbrella"], learner="leyla")["leyla"]
        found = records.attempt(name)
    assert found is not None
    assert found[1] is not None
    assert one.ended_well is found[1].passed is False

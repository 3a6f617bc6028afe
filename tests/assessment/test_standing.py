"""Where somebody stands in a programme: from the plan, what they have played, and the day, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from programme_files import LETTER, STEPS, UMBRELLA, WARM_UP, programme
from servicesim.assessment.standing import Reason, Standing, StepStanding, standing
from servicesim.assessment.taken import Promised, Taken
from servicesim.scenario.loading import load_text
from servicesim.scenario.model import Scenario
from servicesim.scenario.programme import Plan
from servicesim.scenario.programmes import programme_in
from servicesim.scenario.source import parse

MONDAY = date(2026, 10, 26)
LETTER_IN_2 = (Promised(encounter="the-letter", within=2),)


def scenario(text: str) -> Scenario:
    written, found = load_text(text)
    assert written is not None, found
    return written


def plan(*steps: str, **others: str) -> Plan:
    known, found = programme_in(parse(programme(*(steps or STEPS)), "<text>"))
    assert known is not None, found
    texts = {"warm-up": WARM_UP, "umbrella": UMBRELLA, "the-letter": LETTER, **others}
    return Plan(programme=known, scenarios={name: scenario(texts[name]) for name in known.encounters})


def played(encounter: str, day: int, conduct: int = 100, **more: Any) -> Taken:
    """An attempt that began and ended so many days after Monday."""
    on = MONDAY + timedelta(days=day)
    hour = more.pop("hour", 9)
    told = {"ended": on, "ended_well": conduct >= 50, "counts": True, "unscored": encounter == "warm-up"} | more
    return Taken(id=f"{encounter}-{day}-{hour}", encounter=encounter, moment=(day * 24 + hour) * 3_600_000, began=on, conduct=Fraction(conduct), **told)


def told(*taken: Taken, day: int = 0, by: Plan | None = None) -> Standing:
    return standing(by or plan(), taken, MONDAY + timedelta(days=day))


def states(now: Standing) -> list[str]:
    return [step.state for step in now.steps]


WARM, UMBRELLA_PROMISED = played("warm-up", 0, hour=8), played("umbrella", 0, promised=LETTER_IN_2)


def test_nobody_has_begun() -> None:
    now = told()
    assert (now.start, now.percent, now.next.do, now.next.encounter) == (None, 0, "begin", "warm-up")
    assert states(now) == ["open", "locked", "locked"]
    assert now.step("umbrella").reasons == (Reason("comes-first", "warm-up"),)
    assert now.step("the-letter").reasons == (Reason("not-promised-yet", "umbrella"),)
    assert [step.due for step in now.steps] == [None, None, None]


def test_the_first_attempt_that_counts_is_the_first_day() -> None:
    now = told(played("umbrella", -3, counts=False), played("warm-up", 0), day=1)
    assert now.start == MONDAY
    assert states(now) == ["done", "due-soon", "locked"]
    assert now.step("umbrella").due == MONDAY + timedelta(days=1)
    assert (now.next.do, now.next.encounter, now.next.by) == ("play", "umbrella", MONDAY + timedelta(days=1))
    assert told(WARM, day=2).step("umbrella").state == "overdue"


def test_a_first_day_that_is_given_counts() -> None:
    now = standing(plan(), [], MONDAY + timedelta(days=3), start=MONDAY)
    assert now.steps[0].state == "overdue"
    assert now.next.do == "play"


def test_a_step_is_done_when_it_was_passed_and_late_if_that_was_after_its_day() -> None:
    now = told(WARM, played("umbrella", 1, 60, ended_well=True), played("umbrella", 2, 90), day=3)
    step = now.step("umbrella")
    assert (step.state, step.best, step.done_on, step.done_late, step.used, step.left) == ("done", 90, MONDAY + timedelta(days=2), True, 2, 0)


def test_conduct_without_a_good_ending_does_not_do() -> None:
    assert told(WARM, played("umbrella", 1, 90, ended_well=False), day=1).step("umbrella").state == "due-soon"


def test_the_mark_of_the_programme_counts_where_it_has_one() -> None:
    strict = plan("encounter: umbrella, due: 1, pass: 90", "encounter: the-letter")
    assert told(played("umbrella", 0, 80), by=strict).step("umbrella").state == "due-soon"
    assert told(played("umbrella", 0, 90), by=strict).step("umbrella").state == "done"


def test_attempts_are_used_up_unless_one_can_be_gone_on_with() -> None:
    failed = (WARM, played("umbrella", 0, 20), played("umbrella", 1, 20))
    now = told(*failed, day=1)
    assert now.step("umbrella").state == "used-up"
    assert (now.next.do, now.next.encounter) == ("stuck", "umbrella")
    half = told(*failed[:2], played("umbrella", 1, ended=None), day=1)
    assert half.step("umbrella").state == "due-soon"
    assert (half.next.do, half.step("umbrella").unfinished) == ("go-on", "umbrella-1-9")


def test_what_is_played_after_the_last_attempt_that_is_allowed_counts_for_nothing() -> None:
    now = told(WARM, played("umbrella", 0, 20), played("umbrella", 1, 20), played("umbrella", 2, 90), day=3)
    step = now.step("umbrella")
    assert (step.state, step.best, step.used, step.left) == ("used-up", 20, 2, 0)


def test_who_failed_may_try_again() -> None:
    assert told(WARM, played("umbrella", 0, 20)).next.do == "again"


def test_a_promised_call_is_an_appointment_with_its_day() -> None:
    now = told(WARM, UMBRELLA_PROMISED, day=1)
    call = now.step("the-letter")
    assert call.appointment is not None
    assert (call.state, call.due, call.appointment.kept) == ("due-soon", MONDAY + timedelta(days=2), "waiting")
    assert (call.appointment.promise, call.appointment.promised_in, call.appointment.verdict) == ("umbrella-0-9", "umbrella", "open")
    assert (now.next.do, now.next.encounter, now.next.by) == ("call", "the-letter", MONDAY + timedelta(days=2))
    assert call.remembers == ()


@pytest.mark.parametrize(
    ("day", "well", "kept", "verdict"),
    [(2, True, "kept", "kept"), (2, False, "kept", "broken"), (3, True, "late", "broken")],
)
def test_an_appointment_is_kept_if_the_call_came_in_time_and_consoled(day: int, well: bool, kept: str, verdict: str) -> None:
    call = told(WARM, UMBRELLA_PROMISED, played("the-letter", day, ended_well=well), day=5).step("the-letter").appointment
    assert call is not None
    assert (call.kept, call.consoled, call.verdict, call.called_on) == (kept, well, verdict, MONDAY + timedelta(days=day))


def test_a_day_that_has_passed_without_a_call_breaks_the_promise_and_the_customer_remembers() -> None:
    step = told(WARM, UMBRELLA_PROMISED, day=3).step("the-letter")
    assert step.appointment is not None
    assert (step.state, step.appointment.kept, step.appointment.verdict, step.remembers) == ("overdue", "broken", "broken", ("late",))


def test_who_promises_again_wins_no_time() -> None:
    again = played("umbrella", 2, promised=LETTER_IN_2)
    assert told(WARM, UMBRELLA_PROMISED, again, day=2).step("the-letter").due == MONDAY + timedelta(days=2)


def test_a_customer_who_was_let_down_remembers_it_until_that_encounter_is_passed() -> None:
    blunt = played("umbrella", 0, 20, promised=LETTER_IN_2)
    assert told(WARM, blunt).step("the-letter").remembers == ("unhappy",)
    assert told(WARM, blunt, played("umbrella", 1)).step("the-letter").remembers == ()


def test_a_call_before_the_promise_is_none() -> None:
    early = played("the-letter", 0, hour=7)
    step = told(early, WARM, UMBRELLA_PROMISED).step("the-letter")
    assert (step.state, step.used) == ("open", 0)


def test_where_nothing_was_promised_nothing_is_asked_for() -> None:
    now = told(WARM, played("umbrella", 0))
    step = now.step("the-letter")
    assert (step.state, step.reasons) == ("not-needed", (Reason("nothing-promised", "umbrella"),))
    assert (now.percent, now.next.do, len(now.needed)) == (100, "finished", 2)


def test_a_call_that_is_asked_for_in_any_case_says_that_nothing_was_promised() -> None:
    anyway = plan("encounter: umbrella, due: 1", "encounter: the-letter, due: 3, remembers: {unasked: nothing-promised, late: overdue}")
    step = told(played("umbrella", 0), day=1, by=anyway).step("the-letter")
    assert (step.state, step.due, step.remembers) == ("open", MONDAY + timedelta(days=3), ("unasked",))
    assert told(played("umbrella", 0), day=4, by=anyway).step("the-letter").remembers == ("unasked", "late")
    assert told(by=anyway).step("the-letter").state == "locked"


def test_what_is_due_first_is_next_and_the_appointment_before_the_rest() -> None:
    two = plan("encounter: warm-up, due: 2", "encounter: umbrella, due: 0", "encounter: the-letter")
    assert told(by=two, day=0).next.encounter == "warm-up"
    now = told(UMBRELLA_PROMISED, by=two)
    assert [(step.encounter, step.due) for step in now.steps][::2] == [("warm-up", MONDAY + timedelta(days=2)), ("the-letter", MONDAY + timedelta(days=2))]
    assert now.next.encounter == "the-letter"


def test_the_programme_can_be_finished() -> None:
    now = told(WARM, UMBRELLA_PROMISED, played("the-letter", 1), day=9)
    assert (now.percent, now.next.do, now.done) == (100, "finished", 3)


# --- across encounters ---


def test_good_always_is_kept_by_five_attempts_and_broken_by_one() -> None:
    five = [played("umbrella", day, 80) for day in range(5)]
    assert told(*five[:4]).good_always.verdict == "not-yet"
    assert told(*five).good_always.verdict == "kept"
    bad = told(*five, played("umbrella", 6, 70))
    assert bad.good_always.verdict == "broken"
    assert [(one.attempt, one.under) for one in bad.good_always.evidence][-2:] == [("umbrella-4-9", False), ("umbrella-6-9", True)]
    mended = told(*(played("umbrella", day, 80) for day in range(7, 12)), played("umbrella", 6, 70))
    assert mended.good_always.verdict == "kept"


def test_practice_and_warm_ups_tell_nothing_of_somebody() -> None:
    assert told(WARM, played("umbrella", 0, 20, counts=False)).good_always.evidence == ()


def test_what_was_scored_before_its_encounter_became_a_warm_up_tells_nothing_any_more() -> None:
    now = told(played("warm-up", 0, 90, unscored=False))
    assert (now.good_always.evidence, now.alike.types["fan"].attempts) == ((), 0)


def twins() -> Plan:
    return plan(
        "encounter: umbrella, due: 1", "encounter: other, due: 1", "encounter: the-letter",
        other=UMBRELLA.replace("id: umbrella", "id: other").replace("Tomas Lind, type: fan", "Amina Said, type: hostile"),
    )  # fmt: skip


def test_how_everyone_was_treated_is_told_by_type_and_customer() -> None:
    now = told(played("umbrella", 0, 80), played("umbrella", 1, 90), played("other", 1, 60), by=twins())
    assert [(kind, one.attempts, one.conduct) for kind, one in now.alike.types.items()] == [("fan", 2, 85), ("hostile", 1, 60)]
    assert [(name, one.attempts) for name, one in now.alike.customers.items()] == [("umbrella", 2), ("other", 1), ("the-letter", 0)]


def test_two_customers_with_the_same_replies_are_compared_but_a_handful_says_nothing() -> None:
    few = told(played("umbrella", 0, 90), played("other", 1, 60), by=twins())
    (pair,) = few.alike.pairs
    assert (pair.encounters, pair.customers, pair.difference, pair.verdict) == (("umbrella", "other"), ("Tomas Lind", "Amina Said"), 30, "too-few")
    many = [played(name, day, conduct) for name, conduct in (("umbrella", 90), ("other", 60)) for day in range(5)]
    assert told(*many, by=twins()).alike.pairs[0].verdict == "differs"
    even = [played(name, day, conduct) for name, conduct in (("umbrella", 90), ("other", 81)) for day in range(5)]
    assert told(*even, by=twins()).alike.pairs[0].verdict == "alike"
    assert told(by=twins()).alike.pairs[0].difference is None


def test_a_step_tells_what_a_page_needs() -> None:
    step = told(WARM).step("umbrella")
    assert isinstance(step, StepStanding)
    assert (step.title, step.customer, step.pass_mark, step.attempts, step.left) == ("The umbrella", "Tomas Lind", 75, (), 2)
    assert told(WARM).step("warm-up").pass_mark is None

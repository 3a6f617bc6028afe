"""The figures of a report, from a few sittings, with whole expected values."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta, timezone

import pytest

import trainees
from servicesim.exports.clock import Clock
from servicesim.exports.ended import ended
from servicesim.exports.figures import (
    Broken,
    Cell,
    Group,
    Score,
    Sitting,
    attempts_to_pass,
    comparison,
    counted,
    groups,
    heat_map,
    month_of,
    most_broken,
    sittings,
    trend,
    week_of,
)
from servicesim.exports.measures import Estimate, share, summed
from servicesim.records import open_people, open_records


def sat(
    learner: str, conduct: float = 80, *, team: str = "Desk 1", week: str = "2026-W44", number: int = 1, passed: bool = True,
    encounter: str = "late-parcel", cohort: str = "2026-10", **principles: tuple[float, bool],
) -> Sitting:  # fmt: skip
    scores = {name.replace("_", "-"): Score(*score) for name, score in principles.items()}
    return Sitting(learner, team, cohort, encounter, week, number, conduct, passed, scores)


def rounded(estimate: Estimate | None) -> tuple[float, ...] | None:
    return None if estimate is None else (estimate.n, *(round(part, 3) for part in (estimate.value, estimate.low, estimate.high)))


def test_a_group_has_a_mean_and_a_share_of_passes_from_five_people_on() -> None:
    rows = [sat(f"a{number}", 60 + 10 * number, passed=number > 0) for number in range(5)]
    rows += [sat(f"b{number}", 90, team="Night shift") for number in range(4)]
    first, second = groups(counted(rows).teams)
    assert (first.name, first.people, first.attempts) == ("Desk 1", 5, 5)
    assert rounded(first.conduct) == (5, 80.0, 60.368, 99.632)
    assert first.passed == share(4, 5)
    assert second == Group("Night shift", 4, 4, None, None)


def test_many_attempts_of_few_people_stay_hidden() -> None:
    rows = [sat(f"a{number % 4}", number=number // 4 + 1) for number in range(40)]
    assert groups(counted(rows).teams) == [Group("Desk 1", 4, 40, None, None)]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (range(80, 89), range(40, 80), "too few to compare"),
        (range(80, 90), range(40, 60), "higher"),
        (range(40, 60), range(80, 90), "lower"),
        (range(40, 60), range(41, 61), "no difference shown"),
    ],
)
def test_groups_are_compared_where_there_are_enough(one: range, other: range, said: str) -> None:
    assert comparison(Cell(len(one), summed(one)), Cell(len(other), summed(other))) == said


def test_ten_attempts_of_four_people_are_too_few_to_compare() -> None:
    assert comparison(Cell(4, summed(range(10))), Cell(50, summed(range(50)))) == "too few to compare"


def test_a_trend_has_every_week_also_over_the_new_year() -> None:
    rows = [sat(f"a{number}", week="2026-W52") for number in range(5)] + [sat("b", week="2027-W01")]
    weeks = trend(counted(rows).weeks)
    assert [(week.name, week.people, rounded(week.conduct)) for week in weeks] == [
        ("2026-W52", 5, (5, 80.0, 37.553, 96.378)),  # all alike, and yet not certain
        ("2026-W53", 0, None),
        ("2027-W01", 1, None),
    ]
    assert trend({}) == []


def test_a_week_is_that_of_the_clock() -> None:
    sunday = 1_793_577_600_000 - 1  # the last moment of 1 November 2026, UTC
    assert week_of(sunday, Clock()) == "2026-W44"
    assert week_of(sunday + 1, Clock()) == "2026-W45"


# Weeks of remission under 6-mercaptopurine, the textbook's example of Kaplan and Meier's estimate (Freireich 1963).
REMISSION = [(6, True)] * 3 + [
    (6, False), (7, True), (9, False), (10, True), (10, False), (11, False), (13, True), (16, True), (17, False), (19, False),
    (20, False), (22, True), (23, True), (25, False), (32, False), (32, False), (34, False), (35, False),
]  # fmt: skip


def test_attempts_to_pass_are_the_textbooks_curve() -> None:
    steps = {step.attempt: step for step in attempts_to_pass(Counter(REMISSION))}
    left = {at: round(1 - steps[at].share.value, 3) for at in (5, 6, 7, 10, 13, 16, 22, 23)}
    assert left == {5: 1.0, 6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert (steps[6].people, steps[6].passed) == (21, 3)
    assert rounded(steps[6].share) == (21, 0.143, 0.048, 0.380)
    assert rounded(steps[22].share) == (21, 0.462, 0.253, 0.732)


def test_attempts_to_pass_end_where_few_people_are_left() -> None:
    assert [step.attempt for step in attempts_to_pass({(1, True): 6, (2, True): 5, (3, False): 4})] == [1, 2]
    assert attempts_to_pass({(1, True): 4}) == []
    assert attempts_to_pass({}) == []


def test_where_all_pass_at_once_nothing_is_certain_either() -> None:
    (step,) = attempts_to_pass({(1, True): 8})
    assert (step.attempt, step.people, step.passed, rounded(step.share)) == (1, 8, 8, (8, 1.0, 0.676, 1.0))


def test_a_career_ends_with_the_first_pass() -> None:
    rows = [
        sat("a", passed=False), sat("a", number=2), sat("a", number=3, passed=False),
        sat("b", passed=False), sat("b", number=2, passed=False), sat("a", encounter="lost-umbrella"),
    ]  # fmt: skip
    assert counted(rows).careers == {(2, True): 1, (2, False): 1, (1, True): 1}


def test_the_most_broken_principles_come_with_the_encounters_where() -> None:
    kept, broken = (1.0, False), (0.0, True)
    rows = [sat(f"a{number}", follow_up=broken if number < 3 else kept, greet_warmly=kept) for number in range(6)]
    rows += [sat(f"a{number}", encounter="lost-umbrella", follow_up=broken, greet_warmly=broken if number else kept) for number in range(5)]
    rows += [sat(f"a{number}", encounter="rare", follow_up=broken) for number in range(2)]
    found = most_broken(counted(rows).broken)
    assert [(one.principle, one.attempts, round(one.share.value, 3)) for one in found] == [("follow-up", 13, 0.769), ("greet-warmly", 11, 0.364)]
    assert found[0] == Broken("follow-up", 13, share(10, 13), (("lost-umbrella", share(5, 5)), ("late-parcel", share(3, 6))))  # type: ignore[arg-type]
    assert most_broken(counted(rows).broken, most=1) == found[:1]


def test_principles_that_nobody_broke_or_few_met_are_not_listed() -> None:
    rows = [sat(f"a{number}", follow_up=(1.0, False)) for number in range(9)] + [sat(f"b{number}", be_clear=(0.0, True)) for number in range(4)]
    assert most_broken(counted(rows).broken) == []


def test_the_heat_map_hides_cells_of_few_people() -> None:
    rows = [sat(f"a{number}", greet_warmly=(number / 4, False)) for number in range(5)]
    rows += [sat(f"b{number}", team="Airport", greet_warmly=(1.0, False), follow_up=(0.5, True)) for number in range(4)]
    drawn = heat_map(counted(rows).heat)
    assert (drawn.principles, drawn.groups) == (("follow-up", "greet-warmly"), ("Airport", "Desk 1"))
    assert [[rounded(cell) for cell in row] for row in drawn.rows] == [[None, None], [None, (5, 0.5, 0.009, 0.991)]]


def test_cells_can_be_added_up() -> None:
    assert Cell(3, summed((1, 2, 3)), 1) + Cell(5, summed((4,)), 1) == Cell(5, summed((1, 2, 3, 4)), 2)


def test_sittings_are_the_rows_of_the_records() -> None:
    folder = trainees.store(attempts=250)
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        found = list(sittings(ended(records, people), Clock()))
    script = trainees.shipped()
    played = [one for one in trainees.plays(script, attempts=250) if one.result and not one.attempt.practice]
    assert len(found) == len(played)
    assert {one.learner: one.team for one in found} == {one.attempt.learner: one.trainee.team for one in played}
    assert [one.number for one in found if one.learner == played[0].attempt.learner] == list(
        range(1, sum(one.trainee == played[0].trainee for one in played) + 1)
    )
    assert sum(one.passed for one in found) == sum(one.result.passed for one in played if one.result)
    assert {name for one in found for name in one.principles} <= set(script.principles.principles)
    assert any(group.conduct for group in groups(counted(found).teams))


def test_cells_come_by_team_cohort_encounter_and_week() -> None:
    rows = [
        sat("a", 60.25, passed=False, greet_warmly=(0.25, True)),
        sat("a", 90.5, number=2, week="2026-W45", greet_warmly=(1.0, False)),
        sat("b", 60.75, cohort="2026-11", encounter="lost-umbrella", greet_warmly=(0.5, False)),
    ]
    found = counted(rows)
    assert found.cohorts == {"2026-10": Cell(1, summed((60.25, 90.5)), 1), "2026-11": Cell(1, summed((60.75,)), 1)}
    assert found.encounters == {"late-parcel": found.cohorts["2026-10"], "lost-umbrella": found.cohorts["2026-11"]}
    assert {week: cell.people for week, cell in found.weeks.items()} == {"2026-W44": 2, "2026-W45": 1}
    assert found.heat_by_cohort[("greet-warmly", "2026-10")] == Cell(1, summed((0.25, 1.0)))
    assert found.heat_by_cohort[("greet-warmly", "2026-11")] == Cell(1, summed((0.5,)))
    assert found.distribution == {60: 2, 90: 1}
    assert found.careers == {(2, True): 1, (1, True): 1}


def test_cells_are_the_same_in_whatever_order_the_values_come() -> None:
    rows = [sat(f"a{number}", round(number * 0.37, 2), greet_warmly=(round(number / 300, 4), False)) for number in range(270)]
    assert counted(rows) == counted(reversed(rows)) == counted(rows[100:] + rows[:100])


def test_a_cohort_is_the_month_of_the_first_attempt_by_the_clock() -> None:
    new_year = 1_798_761_600_000  # 2027, UTC
    assert month_of(new_year - 1, Clock()) == "2026-12"
    assert month_of(new_year - 1, Clock(timezone(timedelta(hours=1)))) == "2027-01"

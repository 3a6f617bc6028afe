"""Rows of the tables as the attempts and results that they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from servicesim.records.attempt import Attempt, Result
from servicesim.records.tables import attempts, results

ATTEMPT = tuple(attempts.c[field.name] for field in fields(Attempt))
RESULT = tuple(results.c[field.name] for field in fields(Result))


def attempt_of(row: Sequence[Any]) -> Attempt:
    """Of a row that begins with the columns of `attempts` after the number, which stand in the order of the fields."""
    id, learner, scenario, by, principles, rules, seed, untimed, practice, language, started = row[: len(ATTEMPT)]
    return Attempt(id, learner, scenario, by, principles, rules, seed, bool(untimed), bool(practice), language, started)


def result_of(row: Sequence[Any]) -> Result | None:
    """Of a row that ends with the columns of `results` after the number."""
    ended, ending, conduct, passed, outcome, satisfaction, expects, received, trust, anger, principles = row[-len(RESULT) :]
    if ended is None:
        return None
    return Result(ended, ending, conduct, bool(passed), outcome, satisfaction, expects, received, trust, anger, principles)

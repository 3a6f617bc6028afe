"""Every statement of 200 random attempts, judged by a program that no one here wrote (npm @learninglocker/xapi-validation)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tools
from encounter.plays import every_script
from exports.test_xapi import played
from servicesim.exports import xapi

HOME = "https://training.example.com"
ATTEMPTS = 200

Statement = dict[str, Any]


SPOILT: dict[str, Callable[[Statement], Any]] = {
    "no home page": lambda one: one["actor"]["account"].update(homePage="nowhere"),
    "no address": lambda one: one["object"].update(id="late parcel"),
    "no verb": lambda one: one["verb"].pop("id"),
    "no UUID": lambda one: one.update(id="1042"),
    "no time": lambda one: one.update(timestamp="yesterday"),
    "no registration": lambda one: one["context"].update(registration="1042"),
    "more than all": lambda one: one["result"]["score"].update(scaled=1.5),
    "no duration": lambda one: one["result"].update(duration="95 seconds"),
    "an extension without an address": lambda one: one["context"]["extensions"].update(reviewed=False),
    "an unknown part": lambda one: one.update(mood="calm"),
}


def judged(statements: list[str]) -> list[list[str]]:
    """What the judge warns of, for each."""
    modules = tools.node_modules("@learninglocker/xapi-validation")
    command = [tools.program("node"), str(Path(__file__).with_name("validate.cjs")), str(modules)]
    told = subprocess.run(command, input="\n".join(statements), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in told.stdout.splitlines()]


def statements_of(attempts: int) -> list[str]:
    """In the very characters that are sent; every encounter, and untimed every second time."""
    scripts = every_script()
    plays = (played(scripts[number % len(scripts)], number) for number in range(attempts))
    return [xapi.as_text(one) for row, events in plays for one in xapi.statements(row, events, HOME)]


def test_there_is_nothing_to_warn_of() -> None:
    statements = statements_of(ATTEMPTS)
    warnings = judged(statements)
    assert len(warnings) == len(statements) > 10 * ATTEMPTS
    assert [(one, statement) for one, statement in zip(warnings, statements, strict=True) if one] == []


def test_the_judge_sees_what_is_wrong() -> None:
    """The control."""
    row, events = played(every_script()[0], 1)
    (verdict,) = (xapi.as_text(one) for one in xapi.statements(row, events, HOME) if one["verb"]["display"]["en"] in ("passed", "failed"))
    spoilt = []
    for spoil in SPOILT.values():
        one = json.loads(verdict)
        spoil(one)
        spoilt.append(xapi.as_text(one))
    good, *warnings = judged([verdict, *spoilt])
    assert good == []
    assert [name for name, seen in zip(SPOILT, warnings, strict=True) if not seen] == []

"""From a transcript to the result that is kept with its last event."""

from __future__ import annotations

import json
from collections.abc import Sequence

from servicesim.assessment.assess import assess
from servicesim.assessment.told import principles_as_json
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.records.attempt import Result


def result_of(script: Script, events: Sequence[Event], *, ended: int) -> Result:
    """The result of an attempt that ended at `ended` (UTC, milliseconds)."""
    assessment = assess(script, events)
    expects, received, trust, anger = assessment.feelings
    scores = {
        name: {key: told[key] for key in ("score", "kept", "broken")}
        for name, told in principles_as_json(assessment).items()
    }
    return Result(
        ended=ended,
        ending=assessment.ending,
        conduct=f"{assessment.conduct.numerator}/{assessment.conduct.denominator}",
        passed=assessment.passed,
        outcome=assessment.outcome,
        satisfaction=assessment.feelings.satisfaction,
        expects=expects,
        received=received,
        trust=trust,
        anger=anger,
        principles=json.dumps(scores, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )

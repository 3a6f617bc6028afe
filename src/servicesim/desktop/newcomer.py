"""Who is new here: whoever has played nothing yet and has not skipped the warm-up is invited to it."""

from __future__ import annotations

from servicesim.desktop.desk import WARM_UP_SKIPPED, Desk
from servicesim.encounter.script import Script


def warm_up_for(desk: Desk, language: str) -> Script | None:
    """The encounter without a score that whoever sits here is invited to; None for those who are not new."""
    if desk.people.settled(f"{WARM_UP_SKIPPED}/{desk.learner}") is not None or _has_played(desk):
        return None
    offers = (offer for offer in desk.shelf().offers if offer.script is not None and offer.script.scenario.unscored)
    return next((offer.script_in(language) for offer in offers), None)


def skip_warm_up(desk: Desk) -> None:
    """Whoever sits here does not want to be invited again."""
    desk.people.keep(f"{WARM_UP_SKIPPED}/{desk.learner}", "yes")


def _has_played(desk: Desk) -> bool:
    return next(iter(desk.records.attempts(learner=desk.learner, with_practice=True)), None) is not None

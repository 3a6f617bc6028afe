"""`servicesim simulate`: an encounter without a window."""

from __future__ import annotations

import click

from servicesim.assessment.assess import Assessment, assess
from servicesim.assessment.told import as_json
from servicesim.commands import chosen
from servicesim.commands.telling import say, say_json
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES


@click.command()
@click.argument("scenario")
@click.option("--play", "moves", default="", help="Reply ids and go-on, nod, yes, no, interrupt, silence and . in order, with commas.")
@click.option("--with", "remembered", metavar="FACTS", default="", help="What the customer remembers, with commas: facts in the scenario's 'remembers'.")
@click.option("--principles", "principles_file", metavar="FILE", help="Judge by this file instead of the usual one.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Play it in this language.  [default: the one that it is written in]")
@click.option("--untimed", is_flag=True, help="With every clock turned off.")
@click.option("--json", "wants_json", is_flag=True, help="Print everything as JSON.")
def command(scenario: str, moves: str, remembered: str, principles_file: str | None, language: str | None, untimed: bool, wants_json: bool) -> None:
    """Play SCENARIO (an id or a file) by named moves, and print how it is judged.

    go-on, nod, yes and no fall into the next natural stop of the speech; interrupt cuts in; silence waits until the
    customer's patience runs out; a full stop (.) lets one more stop pass, or the end of the speech; a reply's id gives the reply.

    \b
    Example: servicesim simulate late-parcel --play welcome,go-on,interrupt
    """
    written = chosen.script_in(scenario, language, principles_file) if language else chosen.script(scenario, principles_file)
    script = written.started(_words(remembered))
    encounter = Encounter(script, untimed=untimed)
    rehearse(encounter, _words(moves))
    assessment = assess(script, encounter.events)
    if wants_json:
        say_json(as_json(script, encounter.events, assessment))
    else:
        say(told(script, assessment))


def _words(written: str) -> list[str]:
    """What stands between the commas."""
    return [word.strip() for word in written.split(",") if word.strip()]


def told(script: Script, assessment: Assessment) -> str:
    """The assessment as lines for a person."""
    ending = script.ending(assessment.ending).title if assessment.ending else "not ended"
    if script.scenario.unscored:
        felt = f"received {assessment.feelings.received}, expected {assessment.feelings.expects}"
        return f"{script.scenario.title}: {ending}\nunscored: nobody passes or fails here\nthe customer at the end: {felt}"
    lines = [
        f"{script.scenario.title}: {ending}",
        f"conduct {assessment.shown} of 100 (pass mark {script.scenario.pass_mark}): {'passed' if assessment.passed else 'not passed'}",
        f"the customer is {assessment.outcome} (received {assessment.feelings.received}, expected {assessment.feelings.expects})",
    ]
    for name, score in assessment.principles.items():
        if score.score is not None:
            lines.append(f"{float(score.score):5.0%}  {script.principles.principles[name].title}  ({name})")
            lines += [f"       {_when(one.at)} {one.because}" for one in score.evidence if one.verdict == "broken"]
    return "\n".join(lines)


def _when(at: float) -> str:
    return f"{int(at) // 60}:{int(at) % 60:02d}"

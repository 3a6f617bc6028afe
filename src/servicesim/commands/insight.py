"""`servicesim insight`: what trainees really did in an encounter."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import platform, settings
from servicesim.commands import chosen
from servicesim.commands.paper import Paper
from servicesim.commands.places import HELP, PLACE
from servicesim.commands.progress import watched
from servicesim.commands.telling import named, on_one_line, say_json
from servicesim.encounter.script import Script
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.authoring.graph import Drawing, Way
    from servicesim.exports.insight import Insight, PrincipleSeen, ReplySeen
    from servicesim.exports.measures import Estimate
    from servicesim.exports.played import Played, Sat

NO_NUMBER = "–"
LEGEND = (
    "chosen: of the attempts that were offered it, the first time. seconds: from the end of the speech, half took less; untimed",
    "play is left out. conduct: the mean of those who gave it. tells apart: how giving it goes with conduct in all that no",
    "reply of the scene bears on, -1 to 1; above 0, those who do well elsewhere give it. reliability: Cronbach's alpha between",
    "the scenes where a principle comes up in half of the attempts or more. with the rest: as tells apart, of the principle.",
    "In brackets: where the number lies with 95 % confidence.",
)


@click.command()
@click.argument("scenario")
@click.option("--records", type=PLACE, help=HELP)
@click.option("--principles", "principles_file", metavar="FILE", help="The principles that it was played by, if not the usual ones.")
@click.option("--every-attempt", is_flag=True, help="Not only the first of each person; the intervals are then too narrow.")
@click.option("--all-versions", is_flag=True, help="Attempts at other versions of the encounter and the principles too.")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), help="Draw it as well: .svg, .mmd (Mermaid) or .dot (Graphviz).")
@click.option("--json", "wants_json", is_flag=True, help="Print everything as JSON.")
def command(
    scenario: str,
    records: Place | None,
    principles_file: str | None,
    every_attempt: bool,
    all_versions: bool,
    path: Path | None,
    wants_json: bool,
) -> None:
    """Show what trainees really did in SCENARIO (an id or a file): how each reply fared, and each principle.

    It counts the first attempt of each person at this very version, if it ended; practice never counts. A number that would
    rest on fewer than 5 people, or on too few attempts to say anything, is left out.

    \b
    Example: servicesim insight late-parcel -o late-parcel.svg
    """
    from servicesim.commands.graph import writer
    from servicesim.exports.insight import insight
    from servicesim.exports.played import Played
    from servicesim.records import open_records

    write = None if path is None else writer(path)
    script = chosen.script(scenario, principles_file)
    with open_records(records or settings.home(), read_only=True) as kept, watched("reading", _began) as watch:
        played = Played(kept, script, every_attempt=every_attempt, all_versions=all_versions)
        seen = insight(script, watch(iter(played)))
    if write is not None and path is not None:
        platform.write_atomically(path, write(_drawing(script, seen)).encode())
    if wants_json:
        say_json(_as_json(script, seen, played))
    else:
        _Page(script, seen).tell(played, path)


def _began(sat: Sat) -> int:
    return sat.started


def _as_json(script: Script, seen: Insight, played: Played) -> dict[str, Any]:
    left_out = {"other_versions": played.other_versions, "set_aside": played.set_aside, "later_attempts": played.again, "broken": played.broken, "sealed": played.sealed}
    told: dict[str, Any] = _rounded(asdict(seen))
    return {"scenario": script.scenario.id, "fingerprint": script.fingerprint, "left_out": left_out, **told}


def _rounded(told: Any) -> Any:
    match told:
        case float():
            return round(told, 4)
        case dict():
            return {key: _rounded(value) for key, value in told.items()}
        case list() | tuple():
            return [_rounded(value) for value in told]
        case _:
            return told


# --- as a page -------------------------------------------------------------------------------------------------------


class _Page:
    """What was seen, as lines for a person."""

    def __init__(self, script: Script, seen: Insight) -> None:
        self._script, self._seen, self._paper = script, seen, Paper()

    def tell(self, played: Played, picture: Path | None) -> None:
        """Write all of it."""
        self._head(played)
        if self._seen.conduct is not None:
            for scene in self._seen.scenes:
                if scene.attempts:
                    told = f" · {_of(scene.attempts, 'attempt')}, kept {_percent(scene.kept)} of what was at stake"
                    self._paper.line("\n", (scene.scene, "bold"), told)
                    self._table(_REPLIES, [_reply(reply) for reply in scene.replies])
            self._paper.line("\n", ("principles", "bold"))
            self._table(_PRINCIPLES, [_principle(one) for one in self._seen.principles if one.attempts])
            self._paper.line("\n", (f"{NO_NUMBER}  not enough attempts to say: {_rules()}", "dim"))
            for line in LEGEND:
                self._paper.line((line, "dim"))
        if picture is not None:
            self._paper.line(on_one_line(f"\n{named(picture)}: the same as a picture").removeprefix("\\n"))

    def _head(self, played: Played) -> None:
        seen, scenario = self._seen, self._script.scenario
        whose = f"{_of(seen.attempts, 'attempt')} of {_of(seen.people, 'person', 'people')}"
        if not seen.attempts:
            whose = "nobody has played this version to its end"
        self._paper.line((scenario.title, "bold"), f" ({scenario.id}): {whose}")
        if seen.conduct is not None:
            self._paper.line(f"conduct {_points(seen.conduct)}; reliability of the {len(seen.about)} principles it is about: {_number(seen.alpha)}")
        elif seen.attempts:
            self._paper.line("Fewer than 5 people: nothing is shown, for it would tell of each of them.")
        for count, why in (
            (played.again, "not their first (--every-attempt takes them in)"),
            (played.other_versions, "other versions of the encounter, the principles or the rules of play (--all-versions takes in the first two)"),
            (played.set_aside, "set aside by a review"),
            (played.broken, "damaged, or not to be replayed"),
            (played.sealed, "played by a sealed edition, which does not say what replies do: ask the organisation that published it"),
        ):
            if count:
                self._paper.line((f"left out: {_of(count, 'attempt')}: {why}", "dim"))

    def _table(self, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        """Columns as wide as what stands in them, after a name that keeps left; a column without a head keeps left too."""
        wide = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        for number, row in enumerate([heads, *rows]):
            name, *rest = zip(heads, wide, row, strict=True)
            cells = [cell.rjust(room) if head else cell for head, room, cell in rest]
            text = "  ".join(["", name[2].ljust(name[1]), *cells]).rstrip()
            self._paper.line((text, "dim") if number == 0 else text)


_REPLIES = ("reply", "offered", "chosen", "seconds", "conduct", "tells apart")
_PRINCIPLES = ("principle", "attempts", "kept", "reliability", "with the rest", "")


def _reply(reply: ReplySeen) -> tuple[str, ...]:
    seconds = NO_NUMBER if reply.seconds is None else f"{reply.seconds:.1f}"
    return reply.reply, f"{reply.offered:,}", _percent(reply.share), seconds, _points(reply.conduct), _number(reply.discrimination)


def _principle(one: PrincipleSeen) -> tuple[str, ...]:
    return one.principle, f"{one.attempts:,}", _percent(one.score), _number(one.alpha), _number(one.with_rest), one.title


def _rules() -> str:
    from servicesim.exports.measures import FEWEST_CORRELATED, FEWEST_ON_EACH_SIDE, FEWEST_RELIABLE, FEWEST_SHOWN

    return (
        f"it takes {FEWEST_SHOWN} people; for “tells apart” {FEWEST_CORRELATED} attempts, "
        f"with {FEWEST_ON_EACH_SIDE} that gave the reply and {FEWEST_ON_EACH_SIDE} that did not; "
        f"for reliability {FEWEST_RELIABLE}; and not all alike."
    )


def _of(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _percent(part: Estimate | None) -> str:
    return NO_NUMBER if part is None else f"{part.value:.0%} ({part.low * 100:.0f} to {part.high * 100:.0f})"


def _points(mean: Estimate | None) -> str:
    return NO_NUMBER if mean is None else f"{mean.value:.0f} ({mean.low:.0f} to {mean.high:.0f})"


def _number(value: Estimate | None) -> str:
    # Adding 0 makes -0.00 a plain 0.00.
    return NO_NUMBER if value is None else "{:.2f} ({:.2f} to {:.2f})".format(*(round(part, 2) + 0 for part in (value.value, value.low, value.high)))


# --- as a picture ----------------------------------------------------------------------------------------------------


def _drawing(script: Script, seen: Insight) -> Drawing:
    """The encounter as `graph` draws it, with how often each reply was chosen beside its name."""
    from servicesim.authoring.graph import drawing

    plain = drawing(script)
    fared = {(reply.scene, reply.reply): reply for scene in seen.scenes for reply in scene.replies}
    title = f"{plain.title}: what {_of(seen.people, 'person', 'people')} did (% of those who were offered a reply)"
    return replace(plain, title=title, ways=tuple(_fared(way, fared) for way in plain.ways))


def _fared(way: Way, fared: dict[tuple[str, str], ReplySeen]) -> Way:
    reply = None if way.reply is None else fared.get((way.scene, way.reply))
    if reply is None or reply.share is None:
        return way
    told = f"chosen {_percent(reply.share)}, of {reply.offered:,} offered; conduct {_points(reply.conduct)}; tells apart {_number(reply.discrimination)}"
    return replace(way, reply=f"{reply.share.value:.0%} {way.reply}", words=f"{way.words}\n{told}")

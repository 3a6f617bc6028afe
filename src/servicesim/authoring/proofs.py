"""What is wrong with an encounter as a whole, found by looking at all its plays: each check is named for what it finds.

    proved = Proved(script, source, reach(script), strategies(script), Shelf([folder]))
    findings = [finding for check in PROOFS for finding in check(proved)]

Where one thing follows from another, only the root is told: in an encounter that nobody can fail, everybody passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from servicesim.analysis.proof import Extreme
from servicesim.analysis.strategies import Sign, choices, cues
from servicesim.analysis.tracks import tracks
from servicesim.assessment.assess import assess
from servicesim.assessment.told import number
from servicesim.authoring.proved import Check, Proved
from servicesim.authoring.told import rounded_up
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import finish_speech, play, rehearse
from servicesim.encounter.script import UNMOVED
from servicesim.scenario.checks import Path, near, replies
from servicesim.scenario.conditions import Said, atoms, parsed
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import MOVES, Reply, Scenario

MOST_CHANCE = Fraction(5, 100)  # of passing, for whoever takes replies at random
MOST_MOVES = 300  # characters of a way that a hint tells
MOST_LOST = 3  # principles that a hint names

CODES: dict[str, str] = {
    "R005": "an encounter that cannot be passed",
    "R006": "an encounter that cannot be failed",
    "R007": "a principle to learn that no play gives occasion for",
    "R008": "a principle to learn that no play keeps",
    "R009": "a principle to learn that no play breaks",
    "R010": "two replies with the same effect",
    "R012": "a promise that no scenario keeps",
    "R013": "an encounter that is passed without thinking",
    "R014": "an encounter that is passed by chance",
    "R015": "words that give the best reply away",
    "R016": "acts in an order that costs points",
}


def cannot_be_passed(proved: Proved) -> Iterator[Finding]:
    """R005: no play has the points that are needed and ends well."""
    if proved.reach.passable is not False:
        return
    if proved.reach.passing is None:
        hint = "let a reply lead to an ending without 'failed: true'"
        yield proved.finding("R005", ("endings",), "nobody can pass: no play comes to an ending that is not 'failed'", hint, key=True)
        return
    best, mark = proved.reach.passing, proved.script.scenario.pass_mark
    most = f"is {number(best.value)}" if best.exact else f"is not above {rounded_up(best.bound)}"
    message = f"nobody can pass: the best conduct that any play comes to {most}, and {mark} is needed"
    yield proved.finding("R005", _whole(proved), message, f"its moves: {_moves(best.path)}; {_lost(proved, best)}")


def cannot_be_failed(proved: Proved) -> Iterator[Finding]:
    """R006: every play passes."""
    if proved.reach.failable is False:
        worst = proved.reach.worst
        message = f"nobody can fail: even the worst play passes with {number(worst.value)}"
        hint = f"its moves: {_moves(worst.path)}; offer replies that break what it is about, or an ending with 'failed: true'"
        yield proved.finding("R006", _whole(proved), message, hint)


def never_exercised(proved: Proved) -> Iterator[Finding]:
    """R007: a principle in `learn` that counts, and that no play keeps or breaks."""
    for path, name in _learnt(proved):
        span = proved.reach.principles[name]
        if not span.kept and not span.broken:
            hint = f"add what calls for it, or take it out of 'learn'; it says: {_says(proved, name)}"
            yield proved.finding("R007", path, f"no play gives occasion for '{name}'", hint)


def never_kept(proved: Proved) -> Iterator[Finding]:
    """R008: a principle in `learn` that some plays break and none keeps."""
    for path, name in _learnt(proved):
        span = proved.reach.principles[name]
        if span.broken and not span.kept:
            yield proved.finding("R008", path, f"no play keeps '{name}'", f"offer a reply that does what it says: {_says(proved, name)}")


def never_broken(proved: Proved) -> Iterator[Finding]:
    """R009: a principle in `learn` that some plays keep, and for which none loses a point."""
    for path, name in _learnt(proved):
        span = proved.reach.principles[name]
        avoided = span.worst is not None and span.worst.bound == 0  # asked of every play, and not done
        if span.kept and not span.broken and not avoided:
            hint = f"offer a reply that does not do what it says, or take it out of 'learn': {_says(proved, name)}"
            yield proved.finding("R009", path, f"no play breaks '{name}'", hint, "warning")


def same_effect(proved: Proved) -> Iterator[Finding]:
    """R010: a reply that does what another reply of its scene does, wherever both are offered."""
    effective = _effective(proved)
    known: dict[object, str] = {}
    for path, scene, reply in replies(proved.script.scenario):
        if proved.reach.complete and (scene, reply.id) not in proved.reach.replies:
            continue
        first = known.setdefault((scene, _effect(proved, scene, reply, effective)), reply.id)
        if first != reply.id:
            message = f"'{reply.id}' does the same as '{first}': it makes no difference which one is given"
            yield proved.finding("R010", (*path, "id"), message, "give it other acts or feelings, let it lead elsewhere, or remove it", "warning")


def promised_in_vain(proved: Proved) -> Iterator[Finding]:
    """R012: a promise whose `call-back` names no scenario."""
    for path, _, reply in replies(proved.script.scenario):
        if reply.promise is not None and not proved.shelf.holds(reply.promise.call_back):
            message = f"no scenario is called '{reply.promise.call_back}', in this folder or among those that come with ServiceSim"
            hint = near(reply.promise.call_back, proved.shelf.ids()) or "write it, or name another"
            yield proved.finding("R012", (*path, "promise", "call-back"), message, hint, "warning")


def passed_without_thinking(proved: Proved) -> Iterator[Finding]:
    """R013: a naive strategy passes; strategies that come the same way are told together."""
    if proved.reach.failable is False:
        return
    ways: dict[tuple[str, ...], list[str]] = {}
    for name, played in proved.strategies.items():
        if played.passed:
            ways.setdefault(played.path, []).append(name)
    for path, (first, *others) in ways.items():
        equals = ", and of equals the best," if _tied(proved, first, path) else ""
        # Who apologises first, and comes the same way as others, has found no other apology.
        too = " or ".join(_taking(proved, other) for other in others if other != "apologise-first")
        message = f"always taking {_taking(proved, first)}{equals} passes with {number(proved.strategies[first].conduct)}"
        hint = f"its moves: {_moves(path)}; {_AGAINST[first]}"
        yield proved.finding("R013", _whole(proved), f"{message}{f', and so does {too}' if too else ''}", hint)


def passed_by_chance(proved: Proved) -> Iterator[Finding]:
    """R014: uniformly random replies pass with more than 5 %, proved."""
    low, high = proved.reach.random.passing
    if low <= MOST_CHANCE or proved.reach.failable is False:
        return
    share = f"{number(low * 100, 1)} %" if low == high else f"at least {number(low * 100, 1)} %"
    hint = "5 % is the most: add a scene, let wrong replies lead to an ending with 'failed: true', or raise 'pass'"
    yield proved.finding("R014", _whole(proved), f"whoever replies at random passes with a chance of {share}", hint)


def given_away(proved: Proved) -> Iterator[Finding]:
    """R015: at every choice on the best way the best reply can be told by its length, or by its tone."""
    best = proved.reach.passing
    if best is None or proved.reach.passable is False:
        return
    events = rehearse(Encounter(proved.script), best.path).events
    chosen = [(event.scene, event.reply) for event in events if isinstance(event, ReplyChosen)]
    for cue in cues(proved.script, chosen):
        if cue.by in proved.strategies and proved.strategies[cue.by].passed:
            continue  # R013 says more
        trait, hint = _CUES[cue.by]
        message = f"the best reply is always {trait}, here and at the {len(cue.decisions) - 1} other choices on the best way"
        yield proved.finding("R015", (*proved.reply(*cue.decisions[0]), "id"), message, hint, "warning")


def in_a_costly_order(proved: Proved) -> Iterator[Finding]:
    """R016: the acts of a reply stand in an order that costs a verdict wherever it matters."""
    for one in proved.reach.misordered:
        message = f"in this order the acts of '{one.reply}' cost points for '{one.principle}'"
        hint = f"acts count in the order in which they are written; better: [{', '.join(one.better)}]"
        yield proved.finding("R016", (*proved.reply(one.scene, one.reply), "acts"), message, hint, "warning")


# --- effects ---------------------------------------------------------------------------------------------------------


def _effective(proved: Proved) -> frozenset[str]:
    """The acts that make a difference: a rule heeds them, a condition asks for them, or they move feelings."""
    script = proved.script
    heeding = tracks(script)
    asked = {atom.act for text in _conditions(script.scenario) for atom in atoms(parsed(text)) if isinstance(atom, Said)}
    return frozenset(
        act for act in script.principles.acts
        if act in asked or script.principles.feel(act) != UNMOVED or any(track.heeds_any((act,)) for track in heeding)
    )  # fmt: skip


def _conditions(scenario: Scenario) -> Iterator[str]:
    for scene in scenario.scenes.values():
        written = [line.condition for line in scene.customer] + [reply.condition for reply in scene.replies]
        yield from (text for text in written if text is not None)


def _effect(proved: Proved, scene: str, reply: Reply, effective: frozenset[str]) -> object:
    """All that a reply does; two with different conditions may never be offered together, and count as different."""
    option = proved.script.options[scene][reply.id]
    acts = tuple(act for act in reply.acts if act in effective)
    said = frozenset(option.sets), frozenset(reply.marks.items()), reply.promise
    return reply.condition, reply.go, reply.end, acts, option.effects, *said


# --- words -----------------------------------------------------------------------------------------------------------

_TAKING = {"longest": "the longest reply", "shortest": "the shortest reply", "most-polite": "the most polite reply"}
_AGAINST = {
    "longest": "make wrong replies longer, or the right ones shorter",
    "shortest": "make wrong replies shorter, or the right ones longer",
    "most-polite": "let wrong replies be polite as well",
    "apologise-first": "offer an apology where it does harm",
}
_CUES: dict[Sign, tuple[str, str]] = {
    "longest": ("the longest", "make a wrong reply longer at some of them"),
    "shortest": ("the shortest", "make a wrong reply shorter at some of them"),
    "only-without-harsh-word": ("the only one without a harsh word", "let wrong replies be friendly too"),
}


def _taking(proved: Proved, strategy: str) -> str:
    """What a naive strategy takes, in words."""
    if strategy in _TAKING:
        return _TAKING[strategy]
    return f"an apology where there is one, or else {_TAKING['most-polite' if 'most-polite' in proved.strategies else 'longest']}"


def _tied(proved: Proved, strategy: str, path: Iterable[str]) -> bool:
    """Whether the strategy had several replies to choose from, which are the same to it."""
    choose, encounter = choices(proved.script)[strategy], Encounter(proved.script)
    for move in path:
        if move not in MOVES:
            finish_speech(encounter)
            if len(choose(encounter.offered)) > 1:
                return True
        play(encounter, move)
    return False


def _whole(proved: Proved) -> Path:
    """Where to tell of the encounter as a whole: at its pass mark, or else at its name."""
    return ("pass",) if proved.source.root and "pass" in proved.source.root else ("id",)


def _moves(path: tuple[str, ...]) -> str:
    """The moves as `simulate --play` takes them, and of a very long way the beginning."""
    told = ",".join(path)
    return told if len(told) <= MOST_MOVES else f"{told[:MOST_MOVES].rpartition(',')[0]},..."


def _lost(proved: Proved, best: Extreme) -> str:
    """What even the best play loses points for: what weighs most first."""
    judged = assess(proved.script, rehearse(Encounter(proved.script), best.path).events)
    if judged.capped_by:
        return f"it breaks '{judged.capped_by[0]}', which is critical"
    weight = {name: proved.script.principles.principles[name].weight for name in judged.principles}
    lost = {name: weight[name] * (1 - one.score) for name, one in judged.principles.items() if one.score is not None and one.score < 1}
    if not lost:
        return "no rule is kept there; let replies do what a principle asks for"
    return f"it loses points for {', '.join(sorted(lost, key=lambda name: -lost[name])[:MOST_LOST])}"


def _learnt(proved: Proved) -> Iterator[tuple[Path, str]]:
    """The principles in `learn` that count here and of which something was proved, each once."""
    learn = proved.script.scenario.learn
    for name in dict.fromkeys(learn):
        if name in proved.reach.principles:
            yield ("learn", learn.index(name)), name


def _says(proved: Proved, name: str) -> str:
    return proved.script.principles.principles[name].says


PROOFS: tuple[Check, ...] = (
    cannot_be_passed,
    cannot_be_failed,
    never_exercised,
    never_kept,
    never_broken,
    same_effect,
    promised_in_vain,
    passed_without_thinking,
    passed_by_chance,
    given_away,
    in_a_costly_order,
)

#: Those that speak of passing, and mean nothing where nobody can: they are a matter of each start.
OF_PASSING: frozenset[Check] = frozenset((cannot_be_passed, cannot_be_failed, passed_without_thinking, passed_by_chance, given_away))

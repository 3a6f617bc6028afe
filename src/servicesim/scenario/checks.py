"""Checks on what a scenario says, beyond its shape. Each is a function named for what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from servicesim.scenario import conditions
from servicesim.scenario.conditions import ConditionError, Node, Or
from servicesim.scenario.findings import Finding
from servicesim.scenario.graph import closed_targets, reachable, ways_to_an_end
from servicesim.scenario.meaning import as_meant
from servicesim.scenario.model import FEELINGS, Reply, Scenario, Scene
from servicesim.scenario.names import PORTRAITS
from servicesim.scenario.principles import ACTS_OF_PLAY, Principles, Speaker
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source

Path = tuple[str | int, ...]
Check = Callable[[Scenario, Source, Principles], Iterator[Finding]]

CODES: dict[str, str] = {
    "S011": "a scene from which no ending can be reached",
    "S012": "a scene that nothing leads to",
    "S013": "a scene that does not exist",
    "S014": "an ending that does not exist",
    "S015": "a reply without exactly one of say and do, or of go and end",
    "S016": "two replies of one scene with the same id",
    "S017": "an act that is not declared",
    "S018": "an act that somebody else does",
    "S019": "lines of a speech of which one is never spoken, or none may be left",
    "S020": "anger can reach 5 and nobody says what happens then",
    "S021": "a principle that does not exist",
    "S022": "a mark or aim that counts for nothing in this encounter",
    "S023": "a fact that does not exist or is of another kind",
    "S024": "a fact with the name of something else",
    "S026": "a portrait that does not exist",
    "S028": "a scene whose replies can all be closed",
    "S029": "silence that leads round in a circle",
    "S030": "a scene that may have no reply to offer",
    "S032": "a field that means nothing in this channel",
    "S033": "an ending that nothing leads to",
    "S034": "a principle that is named twice",
}


def replies(scenario: Scenario) -> Iterator[tuple[Path, str, Reply]]:
    """Every reply, with where it stands and its scene."""
    for name, scene in scenario.scenes.items():
        for number, reply in enumerate(scene.replies):
            yield ("scenes", name, "replies", number), name, reply


def _targets(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Every place that names a scene."""
    yield ("start",), scenario.start
    for path, _, reply in replies(scenario):
        if reply.go is not None:
            yield (*path, "go"), reply.go
    for name, scene in scenario.scenes.items():
        if scene.on_silence and scene.on_silence.go is not None:
            yield ("scenes", name, "on-silence", "go"), scene.on_silence.go


def unknown_scenes(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S013: a `go` or `start` that names no scene."""
    for path, scene in _targets(scenario):
        if scene not in scenario.scenes:
            yield source.finding("S013", path, f"no scene is called '{scene}'", meant(scene, list(scenario.scenes)))


def unknown_endings(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S014: an `end` or `leaves` that names no ending."""
    named = [((*path, "end"), reply.end) for path, _name, reply in replies(scenario) if reply.end is not None]
    for path, ending in [*named, (("leaves",), scenario.leaves)]:
        if ending is not None and ending not in scenario.endings:
            yield source.finding("S014", path, f"no ending is called '{ending}'", meant(ending, list(scenario.endings)))


def unreachable_scenes(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S012: a scene that nothing leads to."""
    meant_so = as_meant(scenario)
    found = reachable(meant_so)
    for name in scenario.scenes:
        if name not in found and meant_so.start in scenario.scenes:
            yield source.finding("S012", ("scenes", name), f"nothing leads to '{name}'", "add a reply that goes there, or remove it", key=True)


def unreached_endings(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S033: an ending that nothing leads to."""
    meant_so = as_meant(scenario)
    named = {reply.end for _path, _name, reply in replies(meant_so)} | {meant_so.leaves}
    for name in scenario.endings:
        if name not in named:
            yield source.finding("S033", ("endings", name), f"nothing leads to the ending '{name}'", "add a reply that ends there, or remove it", "warning", key=True)


def dead_ends(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S011: a scene from which no ending can be reached."""
    alive = ways_to_an_end(as_meant(scenario))
    for name in scenario.scenes:
        if name not in alive:
            yield source.finding("S011", ("scenes", name), f"from '{name}' no ending can be reached", "let one of its ways end", key=True)


def scenes_without_a_sure_reply(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S028, S030: no reply is sure to be offered: all have conditions, or lead round in a circle that closes.

    A scene speaks at most four times; after that, what leads to it is not offered.
    """
    meant_so, effort = as_meant(scenario), conditions.Effort()
    closing, alive = closed_targets(meant_so), ways_to_an_end(meant_so)
    for name, scene in meant_so.scenes.items():
        if not _one_is_sure(list(scene.replies), scenario, effort):
            yield source.finding("S030", ("scenes", name, "replies"), f"'{name}' may have no reply to offer", "let one reply have no 'if'")
            continue
        for closed in closing.get(name, ()) if name in alive else ():  # S011 says the rest
            if not _one_is_sure([reply for reply in scene.replies if reply.go not in closed], scenario, effort):
                hint = "a scene speaks at most 4 times: let one reply without 'if' lead out of the circle"
                yield source.finding("S028", ("scenes", name), f"the sure replies of '{name}' lead round in a circle", hint, key=True)
                break


def _one_is_sure(replies: list[Reply], scenario: Scenario, effort: conditions.Effort) -> bool:
    """Whether one of the replies has no condition, or their conditions leave no case out."""
    written = [reply.condition for reply in replies]
    if None in written or not written:
        return bool(written)
    try:
        nodes: tuple[Node, ...] = tuple(conditions.parsed(text) for text in written if text)
        return conditions.constant(Or(nodes, 0), scenario.facts, effort) is True
    except ConditionError:
        return True  # the condition itself is reported


def silence_in_circles(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S029: silence alone would lead from scene to scene for ever."""
    ways = {name: {scene.on_silence.go} for name, scene in scenario.scenes.items() if scene.on_silence and scene.on_silence.go}
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        names = error.args[1]
        path = ("scenes", names[0], "on-silence", "go")
        yield source.finding("S029", path, f"silence leads round in a circle: {', '.join(reversed(names))}", "let one of these scenes have no 'go' on silence")


def replies_of_two_minds(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S015: exactly one of `say` and `do`, and exactly one of `go` and `end`."""
    for path, _name, reply in replies(scenario):
        if (reply.say is None) != (reply.do is None) and (reply.go is None) != (reply.end is None):
            continue
        for one, other in (("say", "do"), ("go", "end")):
            both = getattr(reply, one) is not None, getattr(reply, other) is not None
            if both == (True, True):
                yield source.finding("S015", (*path, other), f"'{reply.id}' has '{one}' and '{other}'", "keep one of them", key=True)
            elif both == (False, False):
                yield source.finding("S015", path, f"'{reply.id}' has neither '{one}' nor '{other}'", "add one of them")


def doubled_replies(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S016: reply ids are unique in their scene."""
    seen: set[tuple[str, str]] = set()
    for path, name, reply in replies(scenario):
        if (name, reply.id) in seen:
            yield source.finding("S016", (*path, "id"), f"'{name}' has a second reply called '{reply.id}'", "give it another id")
        seen.add((name, reply.id))


def misplaced_acts(scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    """S017, S018: acts that are not declared, or that another speaker does."""
    for path, acts, by in _written_acts(scenario):
        for number, act in enumerate(acts):
            if act in ACTS_OF_PLAY or act not in principles.acts or principles.acts[act].by != by:
                yield from _misplaced(act, (*path, number), by, source, principles)


def _written_acts(scenario: Scenario) -> Iterator[tuple[Path, tuple[str, ...], Speaker]]:
    for path, _name, reply in replies(scenario):
        yield (*path, "acts"), reply.acts, "trainee"
    for name, scene in scenario.scenes.items():
        yield ("scenes", name, "happens"), scene.happens, "world"
        for number, line in enumerate(scene.customer):
            yield ("scenes", name, "customer", number, "acts"), line.acts, "customer"


def _misplaced(act: str, path: Path, by: Speaker, source: Source, principles: Principles) -> Iterator[Finding]:
    if act in ACTS_OF_PLAY:
        yield source.finding("S018", path, f"'{act}' happens by playing", "it cannot be written; leave it out")
    elif act not in principles.acts:
        fitting = [name for name, known in principles.acts.items() if known.by == by]
        yield source.finding("S017", path, f"no act is called '{act}'", near(act, fitting) or "declare it in principles.yaml")
    elif principles.acts[act].by != by:
        yield source.finding("S018", path, f"'{act}' is done by the {principles.acts[act].by}, not by the {by}", _WHERE[principles.acts[act].by])


_WHERE: dict[Speaker, str] = {
    "trainee": "it belongs to a reply",
    "customer": "it belongs to what the customer says",
    "world": "it belongs to 'happens'",
}


def near(word: str, possible: list[str]) -> str:
    """The way out for a misspelt word of very many: the nearest one, or nothing."""
    hint = meant(word, possible)
    return hint if hint.startswith("did") else ""


def lines_in_vain(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S019: of several lines, all but the last have a condition, and the last has none."""
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            path = ("scenes", name, "customer", number)
            last = number == len(scene.customer) - 1
            if last and line.condition is not None:
                yield source.finding("S019", (*path, "if"), "if this does not hold, the customer has nothing to say", "remove this 'if', or add a last line without one", key=True)
            elif not last and line.condition is None:
                yield source.finding("S019", path, "the lines after this one are never spoken", "give it an 'if', or move it to the end")


def anger_without_leaving(scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    """S020: a reply can bring anger to 5, and there is no `leaves`."""
    if scenario.leaves is not None:
        return
    before = _most_anger(scenario, principles)
    for path, name, reply in replies(scenario):
        if name in before and _after_reply(before[name], reply, principles) >= 5:
            hint = "add 'leaves:' with the ending for a customer who walks off"
            yield source.finding("S020", path, f"after '{reply.id}' the customer's anger can be 5", hint)
            return


def _most_anger(scenario: Scenario, principles: Principles) -> dict[str, int]:
    """The most anger that a customer can bring to the replies of each scene, taking every condition for possible."""
    before: dict[str, int] = {}
    waiting = [(scenario.start, scenario.customer.anger)]
    while waiting:
        name, anger = waiting.pop()
        if name not in scenario.scenes:
            continue
        scene = scenario.scenes[name]
        anger = max(anger, _listened_to(scenario, scene, anger, principles))
        if before.get(name, -1) >= anger:
            continue
        before[name] = anger
        # Whoever is at 5 after a reply has left, and hears no more scenes.
        waiting += [(reply.go, min(4, _after_reply(anger, reply, principles))) for reply in scene.replies if reply.go]
        if scene.on_silence and scene.on_silence.go:
            waiting.append((scene.on_silence.go, anger))
    return before


def _listened_to(scenario: Scenario, scene: Scene, anger: int, principles: Principles) -> int:
    """Bad listening brings anger to 4 at most; what the customer and the world do may add to that."""
    ceiling = anger if scenario.channel == "email" else max(anger, 4)
    own = sum(max(0, principles.feel(act).anger) for act in scene.happens if principles.known(act))
    spoken = [sum(max(0, principles.feel(act).anger) for act in line.acts if principles.known(act)) for line in scene.customer]
    return min(5, ceiling + own + max(spoken))


def _after_reply(anger: int, reply: Reply, principles: Principles) -> int:
    for act in reply.acts:
        if principles.known(act):
            anger = max(0, min(5, anger + principles.feel(act).anger))
    return max(0, min(5, anger + reply.feel.anger))


def unknown_principles(scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    """S021: `learn` and `marks` name principles."""
    for path, principle in _named_principles(scenario):
        if principle not in principles.principles:
            yield source.finding("S021", path, f"no principle is called '{principle}'", near(principle, list(principles.principles)))


def idle_principles(scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    """S022: a principle in `learn` or `marks` that does not apply to this channel or customer."""
    for path, name in _named_principles(scenario):
        principle = principles.principles.get(name)
        if principle is not None and not principle.applies(name, scenario):
            hint = "name it in 'learn'" if principle.elective and principle.when.fits(scenario) else "remove it"
            yield source.finding("S022", path, f"'{name}' does not count in this encounter", hint, "warning")


def doubled_principles(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S034: naming a principle in `learn` once is enough."""
    seen = set[str]()
    for number, name in enumerate(scenario.learn):
        if name in seen:
            yield source.finding("S034", ("learn", number), f"'learn' names '{name}' twice", "once is enough: remove it, or name the one you meant", "warning")
        seen.add(name)


def _named_principles(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for number, principle in enumerate(scenario.learn):
        yield ("learn", number), principle
    for path, _name, reply in replies(scenario):
        for principle in reply.marks:
            yield (*path, "marks", principle), principle


def facts_amiss(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S023, S024: facts that are set but not declared, or to another kind of value, or that carry a taken name."""
    for name in scenario.facts:
        if name in (*FEELINGS, "and", "or", "not", "said", "seen"):
            yield source.finding("S024", ("facts", name), f"'{name}' means something else in conditions", "choose another name", key=True)
    for path, _name, reply in replies(scenario):
        for fact, value in reply.set.items():
            yield from _fact_amiss(fact, value, scenario.facts, (*path, "set", fact), source)


def _fact_amiss(fact: str, value: bool | int, facts: Mapping[str, bool | int], path: Path, source: Source) -> Iterator[Finding]:
    if fact not in facts:
        yield source.finding("S023", path, f"no fact is called '{fact}'", meant(fact, list(facts)) or "declare it under 'facts'", key=True)
    elif isinstance(facts[fact], bool) != isinstance(value, bool):
        kind = "true or false" if isinstance(facts[fact], bool) else "a number"
        yield source.finding("S023", path, f"'{fact}' is {kind}", "it was declared so under 'facts'")


def unknown_portraits(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S026: a default face stands in for a portrait that does not exist."""
    if scenario.customer.portrait not in PORTRAITS:
        hint = meant(scenario.customer.portrait, list(PORTRAITS))
        yield source.finding("S026", ("customer", "portrait"), f"there is no portrait '{scenario.customer.portrait}'; a default face stands in", hint, "warning")


def fields_out_of_place(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S032: nobody interrupts or falls silent in an e-mail."""
    if scenario.channel != "email":
        return
    for name, scene in scenario.scenes.items():
        for field, written in (("on-interrupt", scene.on_interrupt), ("on-silence", scene.on_silence)):
            if written is not None:
                yield source.finding("S032", ("scenes", name, field), f"'{field}' means nothing in an e-mail", "remove it", "warning", key=True)


CHECKS: tuple[Check, ...] = (
    unknown_scenes,
    unknown_endings,
    unreachable_scenes,
    unreached_endings,
    dead_ends,
    scenes_without_a_sure_reply,
    silence_in_circles,
    replies_of_two_minds,
    doubled_replies,
    misplaced_acts,
    lines_in_vain,
    anger_without_leaving,
    unknown_principles,
    idle_principles,
    doubled_principles,
    facts_amiss,
    unknown_portraits,
    fields_out_of_place,
)

#: Those that look at one place at a time: they hold for a file with a wrong shape too.
LOCAL_CHECKS: tuple[Check, ...] = (
    unknown_scenes,
    unknown_endings,
    doubled_replies,
    misplaced_acts,
    unknown_principles,
    doubled_principles,
    facts_amiss,
    unknown_portraits,
)

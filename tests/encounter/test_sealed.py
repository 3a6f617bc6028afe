"""A sealed edition plays as its encounter does, step by step, and does not say what is right."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editions_shipped import TRANSLATIONS, edition
from encounter.plays import every_script, play_at_random, script_of, small
from scenario.small import SMALL
from servicesim.authoring.walkthrough import read
from servicesim.encounter import rules
from servicesim.encounter.edition import in_language, offered_in
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Event
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Effect, Option, Script
from servicesim.encounter.situation import Feelings, Situation, felt, opening
from servicesim.encounter.transcript import to_lines
from servicesim.errors import UsageError
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Name, Said, Seen
from servicesim.scenario.loading import load_text
from servicesim.scenario.model import Ending, Feel, Scenario, canonical_scenario, fingerprint, scenario_from_canonical
from servicesim.scenario.principles import Principles, canonical_principles, principles_from_canonical
from servicesim.scenario.sealed import merged, sealed
from servicesim.scenario.sealed_text import is_sealed_text

SECRET = b"a secret that only the server has"
WALKS = Path(__file__).parents[1] / "walkthroughs"
Change = Callable[[dict[str, Any], dict[str, Any]], object]  # to the JSON of a sealed scenario and of its principles


@cache
def at_the_desk(script: Script) -> Script:
    """The sealed edition of an encounter, from the texts that a desk gets."""
    scenario, principles = sealed(script.scenario, script.principles, SECRET)
    return Script(
        scenario_from_canonical(canonical_scenario(scenario)), principles_from_canonical(canonical_principles(principles))
    )


@cache
def shipped() -> dict[str, Script]:
    return {script.scenario.id: script for script in every_script()}


@cache
def every_start() -> tuple[tuple[Script, Script], ...]:
    """Each encounter as it can begin, and as it can begin at the desk."""
    return tuple(
        (script.started(remembered), at_the_desk(script).started(remembered))
        for script in every_script()
        for remembered in script.scenario.starts
    )


@cache
def in_other_languages() -> tuple[tuple[Script, Script], ...]:
    """A sample of the translations: of every language some, and most encounters."""
    found = (edition(*one) for one in TRANSLATIONS[::6])
    return tuple((script, at_the_desk(script)) for script in found if script is not None)


# --- it plays the same -----------------------------------------------------------------------------------------------


def otherwise(full: Script, desk: Script) -> Iterator[str]:
    """What a reply or a line does in another way at the desk: for all feelings that somebody can have, so for all plays."""
    (acts, facts), told = renamed(full, desk), there(full, desk)
    for one, other in zip(full.stages, (desk.stage(stage.name) for stage in full.stages), strict=True):
        beside = [(f"{one.name} line {number}", *pair) for number, pair in enumerate(zip(one.lines, other.lines, strict=True))]
        beside += [(f"{one.name}/{name}", option, other.by_id[name]) for name, option in one.by_id.items()]  # type: ignore[misc]
        for place, mine, theirs in beside:
            if mine.effects != theirs.effects and not all(told(felt(feelings, mine.effects)) == told(felt(feelings, theirs.effects)) for feelings in ALL_FEELINGS):
                yield f"{place}: other feelings"
            if {acts[act] for act in acts if mine.bits & full.bit[act]} != {act for act in acts.values() if theirs.bits & desk.bit[act]}:
                yield f"{place}: other acts"
            if isinstance(mine, Option) and isinstance(theirs, Option) and leads(mine, full, facts) != leads(theirs, desk, facts):
                yield f"{place}: leads elsewhere"
        if set(one.by_id) != set(other.by_id) or passes(one, told) != passes(other, told):
            yield f"{one.name}: another scene"


# Each of the four is clamped by itself, so that one row is enough of each value.
ALL_FEELINGS = [Feelings(value, value, value % 6, value % 6) for value in range(101)]


def leads(option: Option, script: Script, facts: dict[str, str]) -> tuple[Any, ...]:
    scene = None if option.target is None else script.stages[option.target].name
    set_ = {facts.get(script.facts[place], script.facts[place]): value for place, value in option.sets}
    asked = {name: value for name, value in set_.items() if name in facts.values()}
    return scene, option.reply.end, asked, option.reply.words, option.reply.promise


def there(full: Script, desk: Script) -> Callable[[Effect | Feelings], tuple[int, ...]]:
    """Picks the feelings that the edition tells: those by which the play goes on."""
    asked = " ".join([*conditions_of(full), "anger" if full.scenario.leaves else ""]).replace("satisfaction", "expects received")
    picked = [number for number, name in enumerate(Feelings._fields) if re.search(rf"\b{name}\b", asked)]
    return lambda feelings: tuple(feelings[number] for number in picked)


def passes(stage: Any, told: Callable[[Effect], tuple[int, ...]]) -> tuple[Any, ...]:
    silent = stage.scene.on_silence
    return (
        [(spoken.segments, spoken.seconds) for spoken in stage.lines],
        stage.protest, stage.protest_seconds, stage.patience, [told(effect) for effect in stage.silence_effects if any(told(effect))],
        stage.scene.do, silent and (silent.customer, silent.go),
    )  # fmt: skip


@cache
def renamed(full: Script, desk: Script) -> tuple[dict[str, str], dict[str, str]]:
    """The names of acts and facts at the desk: those that stand in the same places of the same conditions."""
    acts, facts = dict[str, str](), {name: name for name in full.scenario.remembers}
    for one, other in zip(conditions_of(full), conditions_of(desk), strict=True):
        assert re.sub(r"\w[\w-]*", "", one) == re.sub(r"\w[\w-]*", "", other)
        for mine, theirs in zip(conditions.atoms(conditions.parsed(one)), conditions.atoms(conditions.parsed(other)), strict=True):
            match mine, theirs:
                case Said(act), Said(token):
                    assert acts.setdefault(act, token) == token
                case Name(name), Name(token) if name in full.facts:
                    assert facts.setdefault(name, token) == token
                case (Name(), Name()) | (Seen(), Seen()):
                    assert replace(mine, at=0) == replace(theirs, at=0)
    return acts, facts


def conditions_of(script: Script) -> list[str]:
    found = [
        ((scene, str(number)), line.condition) for scene, one in script.scenario.scenes.items() for number, line in enumerate(one.customer)
    ]
    found += [((scene, reply.id), reply.condition) for scene, one in script.scenario.scenes.items() for reply in one.replies]
    return [condition for _, condition in sorted(found) if condition is not None]


def parted(full: Script, desk: Script, events: Sequence[Event]) -> str | None:
    """Where two plays of the same events part; None if they never do."""
    (acts, facts), told = renamed(full, desk), there(full, desk)
    one, other = opening(full), opening(desk)
    for number, event in enumerate(events):
        if number and not (rules.allows(one, event) and rules.allows(other, event)):
            return f"{number}: {event} is not possible in both"
        one, other = one.after(event), other.after(event)
        same = {name: name for name in acts}, {name: name for name in facts}
        if told(one.feelings) != told(other.feelings) or shown(one, *same) != shown(other, acts, facts):
            return f"{number}: after {event}"
    return None


def shown(situation: Situation, acts: dict[str, str], facts: dict[str, str]) -> tuple[Any, ...]:
    """All of a situation but feelings that somebody can meet: `acts` and `facts` are the names that they have in it."""
    script = situation.script
    return (
        situation.phase, situation.since, situation.ending, situation.untimed,
        [situation.facts[script.facts.index(facts[name])] for name in facts],
        [situation.said & script.bit[acts[name]] != 0 for name in acts],
        {stage.name: situation.visits[stage.number] for stage in script.stages},
        None if situation.speech is None else (situation.stage.name, situation.spoken.line.say, situation.speech[1:]),
        None if situation.chosen is None else situation.chosen.reply.id,
        rules.moves(situation), rules.due(situation, 1e6), rules.may_move_on(situation),
    )  # fmt: skip


def test_every_reply_and_every_line_does_the_same_whatever_somebody_feels() -> None:
    for full, desk in (*every_start(), *in_other_languages()):
        assert list(otherwise(full, desk)) == [], full.scenario.id
        assert (desk.fingerprint, desk.principles_fingerprint) == (full.fingerprint, full.principles_fingerprint)
        assert desk.scenario.customer == replace(full.scenario.customer, type="indifferent")
        assert (desk.scenario.start, desk.scenario.leaves, desk.listening) == (full.scenario.start, full.scenario.leaves, full.listening)


def test_every_walkthrough_is_the_same_play_at_the_desk() -> None:
    seen = 0
    for path in sorted(WALKS.glob("*.walk")):
        walk = read(path.read_text(encoding="utf-8"))
        full = shipped()[walk.scenario]
        played = rehearse(walk.begun(full), walk.moves)
        assert parted(played.script, at_the_desk(full).started(walk.remembered), played.events) is None, path.stem
        seen += played.ended
    assert seen > 200


@pytest.mark.parametrize("untimed", [False, True])
def test_any_play_is_the_same_at_the_desk_and_each_accepts_the_transcript_of_the_other(untimed: bool) -> None:
    for number, (full, desk) in enumerate((*every_start(), *in_other_languages())):
        mine, theirs = (play_at_random(script, number, untimed=untimed) for script in (full, desk))
        assert to_lines(mine.events) == to_lines(theirs.events), full.scenario.id
        assert parted(full, desk, mine.events) is None, full.scenario.id
        told = there(full, desk)
        assert told(replayed(full, theirs.events).feelings) == told(replayed(desk, mine.events).feelings)


@given(st.lists(st.builds(Feel, expects=st.integers(-100, 100), received=st.integers(-9, 9), trust=st.integers(-5, 5), anger=st.integers(-100, 100)), max_size=6))
def test_feelings_that_were_added_up_are_those_that_come_one_by_one(feels: list[Feel]) -> None:
    fewer = merged(feels)
    assert len(fewer) <= len(feels)
    for feelings in ALL_FEELINGS[::5]:
        assert felt(feelings, effects(feels)) == felt(feelings, effects(fewer))


def effects(feels: Iterable[Feel]) -> tuple[Effect, ...]:
    return tuple((feel.expects, feel.received, feel.trust, feel.anger) for feel in feels)


def test_feelings_that_turn_back_stay_two_steps() -> None:
    assert merged([Feel(anger=2), Feel(anger=1, trust=1), Feel(anger=-1), Feel(trust=2)]) == (Feel(anger=3), Feel(anger=-1, trust=3))
    assert merged([Feel(anger=4), Feel(anger=4)]) == (Feel(anger=5),)
    assert merged([Feel(), Feel()]) == ()


def test_a_customer_that_remembers_is_sealed_with_the_hash_of_each_start() -> None:
    full = shipped()["a-week-later"]
    desk = at_the_desk(full)
    begun = desk.started(["late"])
    assert begun.fingerprint == full.started(["late"]).fingerprint != full.fingerprint
    assert begun.scenario == at_the_desk(full).scenario.started(["late"])
    assert begun.text != desk.text
    with pytest.raises(UsageError, match="cannot begin with 'early'"):
        desk.started(["early"])
    two = script_of(SMALL.replace("start: opening", "remembers: [found, paid]\nstart: opening").replace("calls: 0", "paid: false").replace("if: found or", "if: found or paid or"))
    for remembered in (["found"], ["paid"], ["paid", "found"], ["found", "paid"]):
        assert at_the_desk(two).started(remembered).fingerprint == two.started(remembered).fingerprint
    assert at_the_desk(two).started(["found"]).started(["paid"]).fingerprint == two.started(["found", "paid"]).fingerprint


def test_what_the_world_does_and_a_golden_moment_are_remembered_under_other_names() -> None:
    asked = SMALL.replace("    happens: [case-opened]", "    golden: true\n    happens: [case-opened]")
    full = script_of(asked.replace("if: said(apologise)", "if: said(golden-moment) and said(case-opened) and said(customer-speaks)"))
    desk = at_the_desk(full)
    assert list(otherwise(full, desk)) == []
    assert "golden" not in desk.text
    assert "case-opened" not in desk.text
    assert "said(customer-speaks)" in desk.text
    events = rehearse(read("scenario: lost-umbrella\nplay: welcome\n---\n").begun(full), ("welcome",)).events
    assert parted(full, desk, events) is None
    assert to_lines(events)[-1].endswith('"scene":"story","line":0}')


def test_no_name_is_a_word_of_conditions_however_many_facts_there_are() -> None:
    full = small()
    facts, story = {f"fact_{number}": False for number in range(500)}, full.scenario.scenes["story"]
    lines = (*(replace(story.customer[0], condition=fact) for fact in facts), story.customer[1])
    scenario = replace(full.scenario, facts=full.scenario.facts | facts, scenes=full.scenario.scenes | {"story": replace(story, customer=lines)})
    desk = at_the_desk(Script(scenario, full.principles))
    assert {"oq", "os"} < set(desk.facts)
    assert "or" not in desk.facts


# --- what spoils it is found -----------------------------------------------------------------------------------------


def changed(script: Script, change: Change) -> Script:
    """The sealed edition after somebody changed its JSON."""
    desk = at_the_desk(script)
    scenario, principles = json.loads(desk.text), json.loads(desk.principles_text)
    change(scenario, principles)
    return Script(scenario_from_canonical(json.dumps(scenario)), principles_from_canonical(json.dumps(principles)))


def reply_of(scenario: dict[str, Any], scene: str, reply: str) -> dict[str, Any]:
    (found,) = (one for one in scenario["scenes"][scene]["replies"] if one["id"] == reply)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda scenario, _: reply_of(scenario, "opening", "sorry").update(acts=[]), "opening/sorry: other acts"),
        (lambda scenario, _: reply_of(scenario, "opening", "welcome").update(acts=["a"]), "opening/welcome: other acts"),
        (lambda scenario, _: reply_of(scenario, "story", "shrug").pop("feel"), "story/shrug: other feelings"),
        (lambda scenario, _: scenario["scenes"]["story"]["customer"][0].update(acts=[]), "story line 0: other feelings"),
        (lambda scenario, _: reply_of(scenario, "story", "look").pop("set"), "story/look: leads elsewhere"),
        (lambda scenario, _: scenario["scenes"]["story"].update(patience=9), "story: another scene"),
    ],
)
def test_an_edition_that_plays_otherwise_is_found(change: Change, told: str) -> None:
    full = small()
    vents = replace(full.principles.acts["customer-vents"], feel=Feel(anger=1))
    full = Script(full.scenario, replace(full.principles, acts=full.principles.acts | {"customer-vents": vents}))
    assert list(otherwise(full, at_the_desk(full))) == []
    spoilt = changed(full, change)
    assert list(otherwise(full, spoilt)) == [told]


def test_a_play_that_parts_is_found() -> None:
    full = small()
    events = rehearse(read("scenario: lost-umbrella\nplay: sorry, look\n---\n").begun(full), ("sorry", "look")).events
    assert parted(full, at_the_desk(full), events) is None
    forgets = changed(full, lambda scenario, _: reply_of(scenario, "opening", "sorry").update(acts=[]))
    assert parted(full, forgets, events) is not None
    warms = changed(full, lambda scenario, _: reply_of(scenario, "opening", "sorry").update(feel={"anger": 1}))
    assert parted(full, warms, events) is not None


# --- it says nothing -------------------------------------------------------------------------------------------------

GONE = ("why", "marks", "golden", "happens", "learn", "pass", "failed", "tells")
OPAQUE = re.compile(r"[a-z]{1,2}|f[0-9a-f]{12}|[0-9a-f]{64}|indifferent")


def given_away(full: Script, desk: Script) -> Iterator[str]:
    """What the texts of an edition say that nobody meets while playing."""
    scenario, principles = json.loads(desk.text), json.loads(desk.principles_text)
    yield from (f"field {name}" for name in fields_of(scenario) if name in GONE)
    yield from (f"principle {name}" for name in principles["principles"])
    yield from (f"cards {name}" for name in principles.get("cards", ()))
    met = frozenset(met_in(json.loads(full.text))) | set(full.scenario.remembers) | set(desk.facts)
    meant = [desk.principles, *(one for scene in desk.scenario.scenes.values() for one in (*scene.customer, *scene.replies))]
    said = {*acts_of(meant), *desk.principles.acts, *(act.title for act in desk.principles.acts.values())}
    yield from sorted(f"act {name}" for name in said if not OPAQUE.fullmatch(name))
    yield from sorted(f"fact {name}" for name in desk.facts if not OPAQUE.fullmatch(name) and name not in full.scenario.remembers)
    yield from sorted(f"words {text}" for text in strings(scenario) if text not in met and not OPAQUE.fullmatch(text) and text not in conditions_of(desk))
    for condition in conditions_of(desk):
        asked = (atom.act for atom in conditions.atoms(conditions.parsed(condition)) if isinstance(atom, Said))
        yield from (f"condition {act}" for act in asked if not OPAQUE.fullmatch(act) and act not in desk.acts[:10])


def acts_of(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        yield from part.acts


def fields_of(tree: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of fields, without those that somebody gave to scenes, endings and facts."""
    if isinstance(tree, list):
        for one in tree:
            yield from fields_of(one, path)
    for name, value in tree.items() if isinstance(tree, dict) else ():
        if path not in (("scenes",), ("endings",), ("facts",)) and path[-1:] != ("set",):
            yield name
        yield from fields_of(value, (*path, name))


def strings(tree: Any) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case list():
            for one in tree:
                yield from strings(one)
        case dict():
            for value in tree.values():
                yield from strings(value)


def met_in(scenario: dict[str, Any]) -> Iterator[str]:
    """The strings of a full scenario that its player sees, hears, or needs for the next move."""
    hidden = {*GONE, "acts", "if", "type"}

    def without(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {name: without(value) for name, value in tree.items() if name not in hidden}
        return [without(one) for one in tree] if isinstance(tree, list) else tree

    yield from strings(without(scenario))


def places(desk: Script) -> Counter[str]:
    """In how many replies and lines each act stands."""
    options = (option.reply.acts for stage in desk.stages for option in stage.options)
    spoken = (one.line.acts for stage in desk.stages for one in stage.lines)
    return Counter(act for acts in (*options, *spoken) for act in set(acts))


def shared_in_vain(desk: Script) -> list[str]:
    """Acts that stand in several places though no condition asks for them."""
    asked = {atom.act for text in conditions_of(desk) for atom in conditions.atoms(conditions.parsed(text)) if isinstance(atom, Said)}
    return sorted(act for act, many in places(desk).items() if many > 1 and act not in asked)


def test_no_edition_says_what_nobody_meets_while_playing() -> None:
    for full, desk in (*every_start(), *in_other_languages()):
        assert list(given_away(full, desk)) == [], full.scenario.id
        assert shared_in_vain(desk) == [], full.scenario.id
        texts = desk.text + desk.principles_text
        principles = full.principles.principles
        told = [principle.title for principle in principles.values()] + [act.title for act in full.principles.acts.values()]
        assert [one for one in told if f'"{one}"' in texts] == []
        assert [reply.why for stage in full.stages for reply in stage.scene.replies if reply.why and reply.why in texts] == []
        assert not any(stage.scene.golden or stage.scene.happens for stage in desk.stages)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda scenario, _: reply_of(scenario, "opening", "sorry").update(why="Too early."), ["field why", "words Too early."]),
        (lambda scenario, _: reply_of(scenario, "opening", "sorry").update(marks={"listen": 0.5}), ["field marks"]),
        (lambda scenario, _: scenario["scenes"]["story"].update(golden=True), ["field golden"]),
        (lambda scenario, _: scenario["scenes"]["story"].update(happens=["a"]), ["field happens"]),
        (lambda scenario, _: scenario.update(learn=["hold-the-apology"]), ["field learn", "words hold-the-apology"]),
        (lambda scenario, _: scenario.update({"pass": 80}), ["field pass"]),
        (lambda scenario, _: scenario["endings"]["gone"].update(failed=True), ["field failed"]),
        (lambda scenario, _: scenario["endings"]["gone"].update(tells="Never again."), ["field tells", "words Never again."]),
        (lambda scenario, _: scenario["customer"].update(type="hostile"), ["words hostile"]),
        (lambda scenario, _: scenario["facts"].update(promised=True), ["fact promised"]),
        (lambda _, principles: principles["acts"]["a"].update(title="Apologises"), ["act Apologises"]),
        (
            lambda scenario, principles: (
                principles["acts"].update(apologise={"title": "a"}),
                reply_of(scenario, "opening", "sorry").update(acts=["apologise"]),
            ),
            ["act apologise", "words apologise"],
        ),
        (
            lambda scenario, principles: (
                principles["acts"].update(apologise={"title": "a"}),
                scenario["scenes"]["story"]["customer"][0].update({"if": "said(apologise)"}),
            ),
            ["act apologise", "condition apologise"],
        ),
        (
            lambda _, principles: principles["principles"].update(listen={"title": "Listen", "says": "x", "why": "x", "source": ["C1"]}),
            ["principle listen"],
        ),
    ],
)
def test_an_edition_that_gives_something_away_is_found(change: Change, told: list[str]) -> None:
    full = small()
    assert list(given_away(full, at_the_desk(full))) == []
    assert list(given_away(full, changed(full, change))) == told


def test_an_edition_tells_no_feeling_that_nothing_asks_for() -> None:
    """Trust is asked for in `late-parcel`, anger makes her leave; what she expects and receives decides nothing."""
    desk = at_the_desk(shipped()["late-parcel"])
    told = [desk.principles.feel(act) for act in desk.principles.acts] + [option.reply.feel for stage in desk.stages for option in stage.options]
    told += [stage.scene.on_silence.feel for stage in desk.stages if stage.scene.on_silence]
    assert {name for feel in told for name in Feelings._fields if getattr(feel, name)} == {"trust", "anger"}
    assert any(stage.scene.on_silence and stage.scene.on_silence.feel.received for stage in shipped()["late-parcel"].stages)
    free = at_the_desk(script_of(SMALL.replace("leaves: gone\n", "").replace("found or anger > 3", "found").replace("{anger: 1}", "{anger: -1}")))
    assert [option.reply.feel for stage in free.stages for option in stage.options if option.reply.feel != Feel()] == []


def test_an_edition_keeps_both_sides_of_a_satisfaction_that_is_asked_for() -> None:
    asked = SMALL.replace("found or anger > 3", "satisfaction > 3").replace("feel: {anger: 1}", "feel: {expects: 4, received: 5, trust: 1}")
    shrug = at_the_desk(script_of(asked)).stage("story").by_id["shrug"]
    assert shrug.reply.feel == Feel(expects=4, received=5)


def test_a_token_that_is_shared_in_vain_is_found() -> None:
    full = small()

    def share(scenario: dict[str, Any], principles: dict[str, Any]) -> None:
        principles["acts"]["f0123456789ab"] = {"title": "f0123456789ab"}
        for reply in ("welcome", "sorry"):
            reply_of(scenario, "opening", reply)["acts"].append("f0123456789ab")

    assert shared_in_vain(at_the_desk(full)) == []
    assert shared_in_vain(changed(full, share)) == ["f0123456789ab"]


def test_the_order_of_the_file_says_nothing() -> None:
    def turned(scenario: Scenario) -> Scenario:
        return replace(scenario, scenes={name: replace(scene, replies=scene.replies[::-1]) for name, scene in scenario.scenes.items()})

    for full in (shipped()["late-parcel"], shipped()["third-outage"]):
        one, other = (sealed(each, full.principles, SECRET)[0] for each in (full.scenario, turned(full.scenario)))
        assert one.scenes == other.scenes
        assert one.sealed != other.sealed


def test_tokens_are_others_with_another_secret_and_in_another_encounter() -> None:
    full = shipped()["late-parcel"]
    one = at_the_desk(full)
    again, other = (Script(*sealed(full.scenario, full.principles, secret)) for secret in (SECRET, b"a secret of somebody else"))
    assert (again.text, again.principles_text) == (one.text, one.principles_text)
    assert renamed(full, other)[0] != renamed(full, one)[0]
    noon, dusk = (renamed(shipped()[name], at_the_desk(shipped()[name]))[0] for name in ("card-at-noon", "card-at-dusk"))
    assert noon.keys() == dusk.keys()
    assert noon != dusk
    with pytest.raises(ValueError, match="soon guessed"):
        sealed(full.scenario, full.principles, b"short")


# --- what it is and is not -------------------------------------------------------------------------------------------


def test_a_text_tells_whether_it_is_sealed_whatever_else_is_called_so() -> None:
    full = small()
    named = replace(full.scenario, endings=full.scenario.endings | {"sealed": Ending(title='A letter, "sealed":{}')})
    assert is_sealed_text(at_the_desk(full).text)
    assert not any(map(is_sealed_text, (full.text, canonical_scenario(named), full.principles_text, "", "[1]", '"sealed"', "[" * 100_000)))


def test_an_edition_cannot_be_written_as_a_file() -> None:
    hashes = {"scenario": "a" * 64, "principles": "b" * 64}
    scenario, found = load_text(f"{SMALL}sealed: {json.dumps(hashes)}\n")
    assert scenario is None
    assert [str(one).split("; ")[0] for one in found] == [f"<text>:{SMALL.count(chr(10)) + 1}:1: S001 there is no field 'sealed' here"]
    assert "sealed" not in found[0].hint


def test_an_edition_is_not_sealed_again_nor_translated() -> None:
    full = shipped()["late-parcel"]
    desk = at_the_desk(full)
    with pytest.raises(UsageError, match="is sealed already"):
        sealed(desk.scenario, desk.principles, SECRET)
    there = Script(desk.scenario, desk.principles, folder=full.folder or Path("scenarios"))
    assert in_language(there, "fa") is None
    assert list(offered_in(there)) == ["en"]


def test_a_full_scenario_says_nothing_of_seals() -> None:
    full = shipped()["late-parcel"]
    assert '"sealed"' not in full.text
    assert full.fingerprint == fingerprint(full.text)
    assert at_the_desk(full).fingerprint != fingerprint(at_the_desk(full).text)


def test_a_condition_that_would_become_too_long_is_told() -> None:
    many = [f"{letter}{digit}" for letter in "abc" for digit in ("", *"0123456789")]
    long = " or ".join(f"said({act})" for act in ["a"] * 18)
    full = small()
    acts = full.principles.acts | dict.fromkeys(many, full.principles.acts["greet"])
    story = full.scenario.scenes["story"]
    lines = (*(replace(story.customer[0], condition=f"said({act})") for act in many), replace(story.customer[0], condition=long), story.customer[1])
    scenario = replace(full.scenario, scenes=full.scenario.scenes | {"story": replace(story, customer=lines)})

    def seal_with_some_secrets() -> None:
        """Of 33 acts the one that is asked for so often gets a long name with some of them."""
        for number in range(100):
            sealed(scenario, Principles(servicesim=1, acts=acts, principles={}), bytes([number] * 16))

    with pytest.raises(UsageError, match="'lost-umbrella' cannot be sealed: the condition 'said"):
        seal_with_some_secrets()


def test_endings_keep_their_title_and_what_is_said() -> None:
    for full in shipped().values():
        expected = {name: Ending(title=one.title, customer=one.customer) for name, one in full.scenario.endings.items()}
        assert at_the_desk(full).scenario.endings == expected

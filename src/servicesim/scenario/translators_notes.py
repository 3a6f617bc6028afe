"""What translators should know of each text: who says it to whom, where, and what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from servicesim.scenario.model import Channel, Ending, Line, Reply, Scenario, Scene, segments
from servicesim.scenario.principles import Principles
from servicesim.scenario.translated import key_of_line, key_of_tale, texts

NOTES_OF_PROGRAMME: Mapping[str, str] = MappingProxyType(
    {"title": "title of the programme, as the home page shows it", "summary": "for whom the programme is, and what it leads to"}
)
_INSERTED = {
    "{trainee}": "{trainee} is the name of the trainee",
    "{customer}": "{customer} is the name of the customer",
    "{company}": "{company} is the name of the company",
}
_OUTCOMES = {
    "say": "whatever the outcome",
    "delighted": "delighted",
    "satisfied": "satisfied",
    "dissatisfied": "dissatisfied",
}


def notes(scenario: Scenario, principles: Principles) -> dict[str, str]:
    """A note for each text of a scenario."""
    known = texts(scenario)
    return {key: f"{note}{_insertions(known[key])}" for key, note in _notes(scenario, principles)}


def _insertions(text: str) -> str:
    return "".join(f"; {what}" for brace, what in _INSERTED.items() if brace in text)


def _notes(scenario: Scenario, principles: Principles) -> Iterator[tuple[str, str]]:
    who = scenario.customer.name
    yield "title", "title of the encounter, as the list of encounters shows it"
    yield "summary", f"what the encounter is about, told the trainee beforehand; {_where(scenario.channel)}"
    yield "company", "name of the company that the trainee works for: keep it, or write it as the language does"
    yield "customer", f"name of the customer, {scenario.customer.type}: keep it, or write it as the language does; the same in every text"
    for name, scene in scenario.scenes.items():
        yield from _of_scene(name, scene, scenario, principles)
    for name, ending in scenario.endings.items():
        yield from _of_ending(f"endings/{name}", ending, who)


def _where(channel: Channel) -> str:
    match channel:
        case "in-person":
            return "face to face"
        case "phone":
            return "on the phone"
        case "chat":
            return "in a chat"
        case "email":
            return "by e-mail"
        case _:
            assert_never(channel)


def _of_scene(name: str, scene: Scene, scenario: Scenario, principles: Principles) -> Iterator[tuple[str, str]]:
    customer = f"{scenario.customer.name} ({scenario.customer.type} customer)"
    verb = "writes" if scenario.channel in ("chat", "email") else "says"
    if scene.do is not None:
        yield f"scenes/{name}/do", "stage direction: what happens before the customer begins"
    for number, line in enumerate(scene.customer, 1):
        yield key_of_line(name, number), f"{customer} {verb} to the trainee, {_where(scenario.channel)}{_about(line, number, scene)}"
    if scene.on_interrupt is not None:
        yield f"scenes/{name}/on-interrupt", f"{customer} {verb} this when the trainee cuts in"
    if scene.on_silence is not None and scene.on_silence.customer is not None:
        yield f"scenes/{name}/on-silence", f"{customer} {verb} this when the trainee does not answer"
    for reply in scene.replies:
        yield f"replies/{name}/{reply.id}", _of_reply(reply, scenario, principles)
        if reply.why is not None:
            yield f"replies/{name}/{reply.id}/why", "feedback to the trainee on this reply"


def _about(line: Line, number: int, scene: Scene) -> str:
    """Which of several lines it is, and how many stops it has."""
    stops = len(segments(line.say)) - 1
    several = f"; line {number} of {len(scene.customer)}, of which one is spoken" if len(scene.customer) > 1 else ""
    where = f", where: {line.condition}" if several and line.condition else ""
    return f"{several}{where}" + (f"; keep the {stops} stop{'' if stops == 1 else 's'} |" if stops else "")


def _of_reply(reply: Reply, scenario: Scenario, principles: Principles) -> str:
    acts = ", ".join(principles.title(act) if principles.known(act) else act for act in reply.acts)
    told = f"does: {acts}" if acts else "does nothing that is judged"
    verb = "writes" if scenario.channel in ("chat", "email") else "says"
    what = f"the trainee {verb} to {scenario.customer.name}" if reply.say is not None else "what the trainee does, as a stage direction"
    return f"{what}; {told}"


def _of_ending(key: str, ending: Ending, who: str) -> Iterator[tuple[str, str]]:
    yield key, "title of an ending, in which nobody has passed" if ending.failed else "title of an ending"
    if ending.customer is not None:
        yield f"{key}/says", f"how it ends, with the last words of {who}"
    for outcome, after in _OUTCOMES.items():
        if ending.tells is not None and getattr(ending.tells, outcome) is not None:
            yield key_of_tale(key, outcome), f"{who} tells a friend about it afterwards: {after}"


def notes_of_principles(principles: Principles) -> dict[str, str]:
    """A note for each text of principles, acts and cards."""
    return dict(_of_principles(principles))


def _of_principles(principles: Principles) -> Iterator[tuple[str, str]]:
    for name, act in principles.acts.items():
        yield f"acts/{name}", f"what the {act.by} does, third person, as in a list; it also stands inside sentences, in quotes"
    for name, one in principles.principles.items():
        lines = f"lines {', '.join(one.source)} of the sources"
        yield f"principles/{name}/title", f"title of a principle, told the trainee as a short demand; {lines}"
        yield f"principles/{name}/says", "what the principle asks of the trainee"
        yield f"principles/{name}/why", "why the principle matters"
        if one.card is not None:
            yield f"principles/{name}/card", "teaching card on the principle"
    for name, card in principles.cards.items():
        yield f"cards/{name}/title", f"title of a teaching card; lines {', '.join(card.source)} of the sources"
        yield f"cards/{name}/card", "text of the teaching card"

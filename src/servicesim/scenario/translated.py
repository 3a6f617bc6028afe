"""The texts of a scenario and of principles, by keys that stay, and the same scenario and principles in another language.

    texts(scenario)["replies/opening/welcome"]          # what is to be translated
    translated(scenario, said, "fa").locale             # "fa"

Only what is said changes: ids, acts and conditions are the same, so that the same replies are judged in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from servicesim.scenario.model import (
    Ending,
    Line,
    OnInterrupt,
    OnSilence,
    Reply,
    Scenario,
    Scene,
    Tells,
    canonical_scenario,
)
from servicesim.scenario.principles import Act, Card, Principle, Principles

Texts = Mapping[str, str]  # by key

_NO_LANGUAGE = "zxx"  # ISO 639: no linguistic content


def language_of(scenario: Scenario) -> str:
    """The language that a scenario is written in: that of its locale, whatever the country."""
    return re.split(r"[-_]", scenario.locale)[0]


# --- a scenario ------------------------------------------------------------------------------------------------------


def texts(scenario: Scenario) -> dict[str, str]:
    """Every text that somebody reads or hears, in the order of the file."""
    return dict(_texts(scenario))


def _texts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield "title", scenario.title
    yield "summary", scenario.summary
    yield "company", scenario.company
    yield "customer", scenario.customer.name
    for name, scene in scenario.scenes.items():
        yield from _of_scene(name, scene)
    for name, ending in scenario.endings.items():
        yield from _of_ending(f"endings/{name}", ending)


def _of_scene(name: str, scene: Scene) -> Iterator[tuple[str, str]]:
    if scene.do is not None:
        yield f"scenes/{name}/do", scene.do
    for number, line in enumerate(scene.customer, 1):
        yield key_of_line(name, number), line.say
    if scene.on_interrupt is not None:
        yield f"scenes/{name}/on-interrupt", scene.on_interrupt.customer
    if scene.on_silence is not None and scene.on_silence.customer is not None:
        yield f"scenes/{name}/on-silence", scene.on_silence.customer
    for reply in scene.replies:
        yield f"replies/{name}/{reply.id}", reply.words
        if reply.why is not None:
            yield f"replies/{name}/{reply.id}/why", reply.why


def _of_ending(key: str, ending: Ending) -> Iterator[tuple[str, str]]:
    yield key, ending.title
    if ending.customer is not None:
        yield f"{key}/says", ending.customer
    for outcome, text in _told(ending.tells):
        yield key_of_tale(key, outcome), text


def _told(tells: Tells | None) -> Iterator[tuple[str, str]]:
    """What is told a friend: by the outcome that it is told of, `say` for any."""
    for field in fields(tells) if tells is not None else ():
        text = getattr(tells, field.name)
        if text is not None:
            yield field.name, text


def key_of_line(scene: str, number: int) -> str:
    """The key of a line of the customer's; of several lines the first has the same key as the only one."""
    return f"scenes/{scene}/says" if number == 1 else f"scenes/{scene}/says/{number}"


def key_of_tale(ending: str, outcome: str) -> str:
    """The key of what is told a friend after this outcome."""
    return f"{ending}/tells" if outcome == "say" else f"{ending}/tells/{outcome}"


def translated(scenario: Scenario, said: Texts, language: str) -> Scenario:
    """The scenario with these texts for its own; raises KeyError for one that is missing. Voices stay with the original."""
    return replace(
        scenario,
        locale=language,
        title=said["title"],
        summary=said["summary"],
        company=said["company"],
        customer=replace(scenario.customer, name=said["customer"]),
        scenes={name: _scene(name, scene, said) for name, scene in scenario.scenes.items()},
        endings={name: _ending(f"endings/{name}", ending, said) for name, ending in scenario.endings.items()},
    )


def wordless(scenario: Scenario) -> str:
    """The canonical text of a scenario without any of its words: the same for all its translations."""
    return canonical_scenario(translated(scenario, {key: key for key in texts(scenario)}, _NO_LANGUAGE))


def _scene(name: str, scene: Scene, said: Texts) -> Scene:
    key = f"scenes/{name}"
    return replace(
        scene,
        do=None if scene.do is None else said[f"{key}/do"],
        customer=tuple(_line(line, said[key_of_line(name, number)]) for number, line in enumerate(scene.customer, 1)),
        on_interrupt=None if scene.on_interrupt is None else OnInterrupt(customer=said[f"{key}/on-interrupt"]),
        on_silence=_on_silence(scene.on_silence, said, f"{key}/on-silence"),
        replies=tuple(_reply(reply, said, f"replies/{name}/{reply.id}") for reply in scene.replies),
    )


def _line(line: Line, say: str) -> Line:
    return replace(line, say=say, voice=(), lasts=())


def _on_silence(silent: OnSilence | None, said: Texts, key: str) -> OnSilence | None:
    return silent if silent is None or silent.customer is None else replace(silent, customer=said[key])


def _reply(reply: Reply, said: Texts, key: str) -> Reply:
    words = said[key]
    return replace(
        reply,
        say=None if reply.say is None else words,
        do=None if reply.do is None else words,
        why=None if reply.why is None else said[f"{key}/why"],
    )


def _ending(key: str, ending: Ending, said: Texts) -> Ending:
    tells = Tells(**{outcome: said[key_of_tale(key, outcome)] for outcome, _ in _told(ending.tells)}) if ending.tells else None
    return replace(ending, title=said[key], customer=None if ending.customer is None else said[f"{key}/says"], tells=tells)


# --- principles ------------------------------------------------------------------------------------------------------


def texts_of_principles(principles: Principles) -> dict[str, str]:
    """Every text of principles, acts and cards, in the order of the file."""
    return dict(_of_principles(principles))


def _of_principles(principles: Principles) -> Iterator[tuple[str, str]]:
    for name, act in principles.acts.items():
        yield f"acts/{name}", act.title
    for name, principle in principles.principles.items():
        for field in ("title", "says", "why", "card"):
            text = getattr(principle, field)
            if text is not None:
                yield f"principles/{name}/{field}", text
    for name, card in principles.cards.items():
        yield f"cards/{name}/title", card.title
        yield f"cards/{name}/card", card.card


def translated_principles(principles: Principles, said: Texts) -> Principles:
    """The principles with these texts, and with their own where there is none."""
    return replace(
        principles,
        acts={name: _act(name, act, said) for name, act in principles.acts.items()},
        principles={name: _principle(f"principles/{name}", one, said) for name, one in principles.principles.items()},
        cards={name: _card(f"cards/{name}", card, said) for name, card in principles.cards.items()},
    )


def _act(name: str, act: Act, said: Texts) -> Act:
    return replace(act, title=said.get(f"acts/{name}", act.title))


def _principle(key: str, one: Principle, said: Texts) -> Principle:
    return replace(
        one,
        title=said.get(f"{key}/title", one.title),
        says=said.get(f"{key}/says", one.says),
        why=said.get(f"{key}/why", one.why),
        card=None if one.card is None else said.get(f"{key}/card", one.card),
    )


def _card(key: str, card: Card, said: Texts) -> Card:
    return replace(card, title=said.get(f"{key}/title", card.title), card=said.get(f"{key}/card", card.card))

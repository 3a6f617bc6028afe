"""Writes docs/library.md from what the encounters are and what was proved of them: `python tests/library_page.py` after one has changed.

The page is made of parts, each of which a test compares with the encounters: one for each encounter, one for the principles, one for the lines
of the sources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from servicesim import shipped
from servicesim.analysis.proof import Reach
from servicesim.analysis.reach import reach
from servicesim.analysis.starts import starts, together
from servicesim.assessment.assess import Assessment, assess
from servicesim.authoring.walkthrough import read
from servicesim.commands import chosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES
from servicesim.scenario.loading import shipped_principles

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
WALKS = Path(__file__).parent / "walkthroughs"
CHANNELS = {"in-person": "in person", "phone": "on the phone", "chat": "by chat", "email": "by e-mail"}
ENGLISH = {"en": "English", "tr": "Turkish", "az": "Azerbaijani", "fa": "Persian", "he": "Hebrew"}
SECONDS = 120.0  # for one proof, however slow the machine
MOST_NAMED = 2  # replies for one line of the sources
HEAD = """# The library

Every encounter that comes with ServiceSim, what was proved about each, and where each line of the sources is taught. For trainers who
choose, and for whoever wants to know what a score can mean.

This page is written by `python tests/library_page.py`, and a test compares it with the encounters.

"""
ENCOUNTERS = """## The encounters

*Expert* is the best conduct that any play reaches. *Random* is what somebody comes to on average who listens perfectly and replies by
chance, and how often they pass. Both are computed over every way through the encounter, not sampled. What an encounter *can show* are the
principles that a trainee can both keep and break in it.

"""
PRINCIPLES = """## The principles

How many of the encounters above let a trainee keep a principle, and how many let them break it. What is judged across encounters
is a report of a [programme](programmes.md).

"""
LINES = """## The lines of the sources

Every line is taught by a card, and what a rule can judge is also measured in encounters. *Kept by* and *broken by* name replies that
do so, as ENCOUNTER `scene/reply`; where it is listening that counts, the scene. What no rule measures is taught by its card, and by how a customer feels in the end.

"""


@dataclass(frozen=True, slots=True)
class Played:
    """A walkthrough as it was judged."""

    script: Script
    judged: Assessment


def proof_of(script: Script) -> Reach:
    """What the plays of an encounter come to, from every start that it has."""
    return together({remembered: reach(begun, seconds=SECONDS) for remembered, begun in starts(script)})


# --- the encounters --------------------------------------------------------------------------------------------------


def entry(script: Script, proof: Reach) -> str:
    """What the page tells of one encounter."""
    scenario = script.scenario
    about = (
        f"`{scenario.id}`", f"*{scenario.company}*", CHANNELS[scenario.channel], f"{scenario.customer.type} customer",
        f"{len(scenario.scenes)} scenes", f"in {_listed(_spoken(scenario.id, scenario.locale))}",
    )  # fmt: skip
    told = [f"### {_english(script, 'title')}", " · ".join(about), _english(script, "summary"), _proved(script, proof)]
    return "\n\n".join(told) + "\n"


def _proved(script: Script, proof: Reach) -> str:
    if script.scenario.unscored:
        return "A warm-up: nothing in it is scored."
    best, random = proof.best.value, proof.random.conduct[1]
    shows = [name for name in both(proof)]
    return (
        f"Expert {_points(best)}, random {_points(random)}: {_points(best - random)} points between them. Random replies pass with "
        f"{float(proof.random.passing[1]):.1%}.\n\nCan show: {', '.join(shows)}."
    )


def both(proof: Reach) -> Iterator[str]:
    """The principles that some play keeps, and some play breaks."""
    return (name for name, span in proof.principles.items() if span.kept and span.broken)


def _points(value: Fraction) -> str:
    return f"{float(value):.1f}".removesuffix(".0")


def _spoken(name: str, locale: str) -> list[str]:
    """The languages that an encounter can be played in, its own first."""
    folder = shipped.scenarios() / "languages"
    return [
        ENGLISH[locale[:2]],
        *(ENGLISH[language] for language in LANGUAGES if (folder / language / f"{name}.po").is_file()),
    ]


def _english(script: Script, key: str) -> str:
    """A text of an encounter in English, whatever language it was written in."""
    own: str = getattr(script.scenario, key)
    if script.scenario.locale.startswith("en"):
        return own
    from servicesim.authoring.translations import read as translations

    path = shipped.scenarios() / "languages" / "en" / f"{script.scenario.id}.po"
    found = [message.string for message in translations(path, "en") if message.context == key]
    return str(found[0]) if found and found[0] else own


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# --- the principles --------------------------------------------------------------------------------------------------


def shown_in(entries: Iterable[str]) -> dict[str, list[str]]:
    """The encounters in which each principle can be kept and broken, as their entries tell."""
    found: dict[str, list[str]] = {name: [] for name in shipped_principles().principles}
    for told in entries:
        name = re.findall(r"^`([a-z0-9-]+)` · ", told, re.MULTILINE)[0]
        for line in re.findall(r"^Can show: (.*)\.$", told, re.MULTILINE):
            for principle in line.split(", "):
                found[principle].append(name)
    return found


def entries_in(page: str) -> list[str]:
    """The entries of a page."""
    part = page.split("## The principles")[0].split("## The encounters")[1]
    return [f"### {told.rstrip()}\n" for told in part.split("\n### ")[1:]]


def principles_part(entries: Iterable[str]) -> str:
    """How often each principle can be kept and broken."""
    known = shipped_principles().principles
    rows = [
        f"| {known[name].title} (`{name}`) | {len(where)} | {', '.join(where)} |\n"
        for name, where in shown_in(entries).items()
    ]
    return PRINCIPLES + "| principle | encounters | kept and broken in |\n|---|---|---|\n" + "".join(rows)


# --- the lines of the sources ----------------------------------------------------------------------------------------


@cache
def played() -> tuple[Played, ...]:
    """Every walkthrough of a scored encounter, the most able first."""
    scripts = {name: chosen.script(name) for name in chosen.shipped_ids()}
    told = []
    for path in sorted(WALKS.rglob("*.walk")):
        walk = read(path.read_text(encoding="utf-8"))
        script = scripts.get(walk.scenario)
        if script is not None and not script.scenario.unscored and not walk.untimed:
            play = rehearse(walk.begun(script), walk.moves)
            told.append(Played(script, assess(play.script, play.events)))
    return tuple(sorted(told, key=lambda one: -one.judged.conduct))


def lines_part() -> str:
    """Where each line of the sources is taught."""
    shipped = shipped_principles()
    teaching: dict[str, list[str]] = {}
    for name, principle in shipped.principles.items():
        for line in principle.source:
            teaching.setdefault(line, []).append(name)
    cards: dict[str, list[str]] = {}
    for name, card in shipped.cards.items():
        for line in card.source:
            cards.setdefault(line, []).append(name)
    rows = []
    _named.clear()
    for line in sorted({*teaching, *cards}, key=lambda key: (key[0], int(key[1:]))):
        named = [
            *(f"{shipped.principles[one].title} (`{one}`)" for one in teaching.get(line, ())),
            *(f"{shipped.cards[one].title} (card `{one}`)" for one in cards.get(line, ())),
        ]
        kept, broken = (_replies(teaching.get(line, []), verdict) for verdict in ("kept", "broken"))
        rows.append(f"| {line} | {'; '.join(named)} | {kept} | {broken} |\n")
    return LINES + "| line | taught by | kept by | broken by |\n|---|---|---|---|\n" + "".join(rows)


def _replies(principles: Iterable[str], verdict: str) -> str:
    """A few replies of different encounters that keep these principles, or break them, and scenes where listening does; where they are learnt first of all."""
    found: dict[str, str] = {}
    for learnt in (True, False):
        for one in played():
            scenario = one.script.scenario
            for principle in principles:
                if (
                    scenario.id not in found
                    and principle in one.judged.principles
                    and (principle in scenario.learn or not learnt)
                ):
                    found.update((scenario.id, place) for place in _places(one, principle, verdict)[:1])
    return ", ".join(f"{name} `{place}`" for name, place in _seldom_named(found)[:MOST_NAMED])


def _places(one: Played, principle: str, verdict: str) -> list[str]:
    """Where a walkthrough keeps a principle, or breaks it: a reply, or a scene in which listening does."""
    told = [each for each in one.judged.principles[principle].evidence if each.verdict == verdict and each.scene]
    return [f"{each.scene}/{each.reply}" if each.reply else f"{each.scene}" for each in told]


_named: Counter[str] = Counter()


def _seldom_named(found: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those first whose encounters the page has named least: each encounter is to be met."""
    chosen_first = sorted(found.items(), key=lambda each: _named[each[0]])
    _named.update(name for name, _ in chosen_first[:MOST_NAMED])
    return chosen_first


# --- the page --------------------------------------------------------------------------------------------------------


def page() -> str:
    """The whole page; each encounter is proved for it."""
    return page_of([entry(script, proof_of(script)) for script in map(chosen.script, chosen.shipped_ids())])


def page_of(entries: Sequence[str]) -> str:
    """The whole page with these entries."""
    return HEAD + ENCOUNTERS + "\n".join(entries) + "\n" + principles_part(entries) + "\n" + lines_part()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"{PAGE.name}: written")

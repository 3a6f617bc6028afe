"""Scenarios to measure the bench with, made from a seed: staged ones, whose plays are long, and broad ones, whose plays branch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from servicesim.scenario.principles import Principles

WORDS = ["the", "parcel", "came", "late", "and", "nobody", "told", "me", "when", "it", "would", "be", "here", "so", "I", "waited", "at", "home", "all", "day"]
HEAD = """servicesim: 1
id: measured
title: A measured story
summary: Made to be measured.
channel: phone
locale: en
company: Nova Stores
pass: 75
learn: [dont-interrupt, listen-actively, hold-the-apology, summarise-first, apologise-when-wrong, compensate-now]
customer: {name: Leyla Karimova, type: hostile, portrait: leyla, expects: 60, received: 40, trust: 2, anger: 2}
facts: {told: false}
start: s0-0
leaves: gone
scenes:
"""
TAIL = """endings:
  well: {title: Well}
  badly: {title: Badly, failed: true}
  gone: {title: Gone, failed: true}
"""


def staged(principles: Principles, stages: int, *, seed: int = 7, stations: int = 4) -> str:
    """Three scenes at each stage; every reply leads on to the next stage."""
    return _written(principles, [1, *[3] * (stages - 1)], seed, stations)


def broad(principles: Principles, scenes: int, *, seed: int = 7, stations: int = 4) -> str:
    """Stages that grow wider and wider, so that plays are short and different."""
    widths, left = list[int](), scenes
    while left:
        widths.append(min(left, 3 ** len(widths)))
        left -= widths[-1]
    return _written(principles, widths, seed, stations)


def _written(principles: Principles, widths: Sequence[int], seed: int, stations: int) -> str:
    return HEAD + "".join(_scenes(principles, widths, random.Random(seed), stations)) + TAIL


def _scenes(principles: Principles, widths: Sequence[int], draw: random.Random, stations: int) -> Iterator[str]:
    by: dict[str, list[str]] = {"trainee": [], "customer": [], "world": []}
    for name, act in principles.acts.items():
        by[act.by].append(name)
    for stage, width in enumerate(widths):
        for number in range(width):
            heard = draw.sample(by["customer"], draw.choice((0, 0, 1, 2)))
            happens = draw.sample(by["world"], draw.choice((0, 0, 0, 1)))
            yield f"  s{stage}-{number}:\n"
            yield f"    happens: [{', '.join(happens if stage else ['case-opened', *(set(happens) - {'case-opened'})])}]\n"
            yield f"    customer: {{say: {_said(draw, draw.randint(2, stations))}, acts: [{', '.join(heard)}]}}\n    replies:\n"
            for reply in range(3):
                yield _reply(draw, stage, 3 * number + reply, widths, by["trainee"])


def _reply(draw: random.Random, stage: int, place: int, widths: Sequence[int], acts: Sequence[str]) -> str:
    reply = place % 3
    done = ", ".join(draw.sample(acts, draw.choice((0, 1, 1, 2, 3))))
    if stage + 1 == len(widths):
        leads = f"end: {'well' if reply else 'badly'}"
    else:
        leads = f"go: s{stage + 1}-{place % widths[stage + 1]}"
    more = ", if: not told" if reply == 2 and draw.random() < 0.2 else ", set: {told: true}" if draw.random() < 0.1 else ""
    anger = draw.choice((-1, 0, 0, 0, 1))
    feel = f", feel: {{anger: {anger}}}" if anger else ""
    said = " ".join(draw.choices(WORDS, k=12))
    return f"      - {{id: r{reply}, say: {said}, acts: [{done}], {leads}{more}{feel}}}\n"


def _said(draw: random.Random, parts: int) -> str:
    return " | ".join(" ".join(draw.choices(WORDS, k=5)) for _ in range(parts))

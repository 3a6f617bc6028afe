"""A golden moment in the debrief: what the customer said, what the trainee made of it, and what would have taken it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from servicesim.assessment import wording
from servicesim.assessment.assess import Evidence
from servicesim.desktop.arrangement import Card, Row, Space
from servicesim.desktop.beats import Axis
from servicesim.desktop.button import SmallButton
from servicesim.desktop.chip import Chip
from servicesim.desktop.golden import Golden
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.retold import Told, filled, in_writing, moment
from servicesim.desktop.screens.otherwise import line
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.events import ReplyChosen


def golden_card(words: Words, run: Run, golden: Golden, trainee: str, on_play_on: Callable[[int], None] | None, *beside: Widget) -> Card:
    """One chance, taken or missed; `beside` stands beside its title."""
    verdict = Chip(words("golden-taken" if golden.taken else "golden-missed"), "kept" if golden.taken else "pending", icon="star")
    when = Axis.of(run.script, run.events).when(words, golden.came)
    title = Row(Sign("star", "pending", side=28), heading(words("golden-heading", time=when), "lead"), Space(grow=1), *beside, verdict, gap=1)
    lesson = Label(words("golden-says-taken" if golden.taken else "golden-says-missed"), "body", ink="ink_soft", grow=1)
    end = Row(lesson, *_play_on(words, golden, on_play_on, when), gap=2)
    return Card(title, *(part for told in _told(run, golden, trainee) for part in _said(words, run, told)), *_would(words, run, golden, trainee), end, gap=1, padding=(3, 2.25), radius=14, border="pending")


def _told(run: Run, golden: Golden, trainee: str) -> Iterator[Told]:
    """The moment at which it came up, and where it was answered later, that one too."""
    here = _moment(run, golden.came, trainee)
    if golden.answer is None:
        yield here
        return
    answered = _moment(run, golden.answer, trainee)
    between = run.events[golden.came : golden.answer]
    if any(isinstance(event, ReplyChosen) for event in between):
        yield from (here, answered)
    else:
        yield replace(here, reply=answered.reply)


def _moment(run: Run, number: int, trainee: str) -> Told:
    return moment(run.script, run.events, Evidence(run.events[number].at, None, None, "kept", wording.OWED, number), trainee)


def _said(words: Words, run: Run, told: Told) -> Iterator[Widget]:
    key = "wrote-then" if in_writing(run.script) else "said-then"
    yield line(words(key, customer=run.script.scenario.customer.name), words("quoted", text=told.customer))
    if told.reply:
        yield line(words("you-replied"), words("quoted", text=told.reply))


def _would(words: Words, run: Run, golden: Golden, trainee: str) -> Iterator[Widget]:
    if golden.would is None:
        return
    reply = run.script.stage(golden.scene).by_id[golden.would].reply
    text = filled(run.script, trainee)(reply.words)
    yield line(words("golden-would"), f"[{text}]" if reply.do is not None else words("quoted", text=text), bold=True)
    if reply.why:
        why = filled(run.script, trainee)(reply.why)
        yield Row(Sign("info", "accent", side=20), Label(why, "body", ink="accent", direction=reads(why), grow=1), gap=1, across="start")


def _play_on(words: Words, golden: Golden, on_play_on: Callable[[int], None] | None, when: str) -> Iterator[Widget]:
    if not golden.taken and on_play_on is not None and golden.answer is not None:
        number = golden.answer
        yield SmallButton(words("play-on"), lambda: on_play_on(number), icon="replay", name=f"{words('golden-play-on')}: {when}")

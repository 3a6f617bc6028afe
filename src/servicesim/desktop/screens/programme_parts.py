"""The parts of the page of a programme: its steps, what was promised, and what is seen across encounters."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from servicesim.assessment.standing import Appointment, StepStanding
from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.cards import Choice
from servicesim.desktop.chip import Chip
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.screens.encounters import title_of
from servicesim.desktop.screens.programme_words import Told
from servicesim.desktop.screens.sheet import CHANNEL_ICONS
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget

Play = Callable[[StepStanding], None]


def step_card(told: Told, step: StepStanding, on_play: Play) -> Widget:
    """One step; pressed as a whole, if it can be played."""
    words, scenario = told.words, told.course.scenario(step.encounter, told.words.language)
    text, tone, icon = told.state(step)
    soft = step.state in ("locked", "not-needed", "used-up")
    title = title_of(scenario, words, "body", grow=1)
    title.ink = "ink_soft" if soft else "ink"
    who = Row(Sign(CHANNEL_ICONS[scenario.channel], side=16), Label(scenario.customer.name, "caption", ink="ink_soft"), gap=0.75, whole=True)
    facts = [who, *(Label(about, "caption", ink="ink_soft") for about in told.about(step))]
    said = Column(Row(title, Chip(text, tone, icon=icon), gap=1.5), Row(*facts, gap=2, wraps=True), gap=0.5)
    if soft:
        return Card(said, padding=(2, 1.25), radius=12, ground="paper", elevation=0, name=scenario.title)
    chosen = step.encounter == told.now.next.encounter
    return Choice(said, name=scenario.title, on_press=lambda: on_play(step), chosen=chosen, padding=(2, 1.25))


def missing_cards(told: Told) -> Iterator[Widget]:
    """The steps that the organisation has not published, or not any more."""
    for title in told.course.missing.values():
        said = Row(Label(title, "body", ink="ink_soft", grow=1), Chip(told.words("programme-missing"), "neutral", icon="clock"), gap=1.5)
        yield Card(said, padding=(2, 1.25), radius=12, ground="paper", elevation=0, name=title)


def promises_card(told: Told, on_play: Play) -> Iterator[Widget]:
    """What was promised to whom, and what became of it; nothing where nothing was promised."""
    promised = [(step, step.appointment) for step in told.now.appointments if step.appointment is not None and step.appointment.kept != "unpromised"]
    if promised:
        each = [_promise(told, step, appointment, on_play) for step, appointment in promised]
        yield Card(heading(told.words("programme-promises"), "small"), *each, padding=(2.5, 1.75), gap=1.25, radius=12)


def _promise(told: Told, step: StepStanding, appointment: Appointment, on_play: Play) -> Widget:
    text, tone, icon = told.promise(step, appointment)
    became = Row(Label(told.became(step, appointment), "small", ink="ink_soft", grow=1), Chip(text, tone, icon=icon), gap=1)
    parts: list[Widget] = [Label(told.promised(step), "small", bold=True), became]
    if step.is_open and step.encounter != told.now.next.encounter:
        press = told.press(step)
        parts.append(Row(Button(press, lambda: on_play(step), icon="phone" if told.is_call(step) else "play", name=f"{press}: {told.customer(step)}")))
    return Column(*parts, gap=0.5)


def across_card(told: Told) -> Widget:
    """What no single encounter can tell."""
    words, now = told.words, told.now
    good: IconName = {"kept": "check", "broken": "flag", "not-yet": "clock"}[now.good_always.verdict]  # type: ignore[assignment]
    lines = [_line(good, words("across-good"), told.good_always(now.good_always))]
    if now.appointments:
        lines.append(_line("chat", words("across-promises"), told.promises()))
    lines += [_line("person", words("across-alike"), told.alike(pair)) for pair in now.alike.pairs if pair.verdict != "too-few"]
    head = Column(heading(words("programme-across"), "small"), Label(words("programme-across-note"), "caption", ink="ink_soft"), gap=0)
    return Card(head, *lines, padding=(2.5, 1.75), gap=1, radius=12)


def _line(icon: IconName, title: str, said: str) -> Row:
    told = Column(Label(title, "small", bold=True), Label(said, "small", ink="ink_soft"), gap=0, grow=1)
    return Row(Sign(icon, "accent", side=20), told, gap=1.25, across="start")

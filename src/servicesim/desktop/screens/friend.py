"""What the customer tells a friend afterwards (A4): excellent and bad service are told, what was expected is hardly worth a word."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from pygame import Rect, Surface

from servicesim.assessment.assess import Assessment
from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.looking_back import Run
from servicesim.desktop.mood import AT_THE_END, SOBER
from servicesim.desktop.panels import picture
from servicesim.desktop.retold import filled
from servicesim.desktop.satisfaction import ended_badly
from servicesim.desktop.screens.sign import Portrait
from servicesim.desktop.sketch import Sketch
from servicesim.desktop.theme import Colour
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter.script import Script

_TAIL = (11, 18)  # design units by which a bubble reaches out to who speaks, and how high that is


def friend_card(words: Words, run: Run, trainee: str, faces: Faces, *beside: Widget) -> Card:
    """The customer, what is said, and the friend who hears it; `beside` stands beside the lesson."""
    customer, assessment = run.script.scenario.customer, run.assessment
    said, direction = told_to_friends(words, run.script, assessment, trainee)
    leaves = assessment.outcome != "dissatisfied" and ended_badly(run.script, assessment)
    mood = SOBER if leaves else AT_THE_END[assessment.outcome]
    face = Portrait(faces, customer.portrait, mood, name=words("friend-face", customer=customer.name), width=92, height=100, radius=14)
    quiet = assessment.outcome == "satisfied" and not leaves
    bubble = SpeechBubble(Label(words("quoted", text=said), "body" if quiet else "lead", direction=direction, ink="ink_soft" if quiet else "ink"))
    lesson = Row(Label(words("friend-leaves" if leaves else f"friend-{assessment.outcome}"), "small", ink="ink_soft", grow=1), *beside, gap=2)
    told = Row(face, Column(bubble, along="centre", grow=1), Friend(words("friend-listens")), gap=2)
    return Card(heading(words("friend-heading", customer=customer.name), "lead"), told, lesson, gap=1.5, padding=(3, 2.25), radius=14)


def told_to_friends(words: Words, script: Script, assessment: Assessment, trainee: str) -> tuple[str, Direction]:
    """The words of the scenario, or what anyone would say after such an outcome; and how they are read."""
    ending = script.ending(assessment.ending) if assessment.ending is not None else None
    own = ending.tells.after(assessment.outcome) if ending and ending.tells else None
    if own is None:
        return words(f"friend-said-{assessment.outcome}"), words.direction
    return filled(script, trainee)(own), direction_of(script.scenario.locale)


class SpeechBubble(Card):
    """A bubble whose tail points to who speaks, who stands where reading begins."""

    def __init__(self, said: Label) -> None:
        super().__init__(said, padding=(2.5, 1.75), radius=14, elevation=0, ground="accent_soft", border=None)

    def draw(self, canvas: Canvas) -> None:
        super().draw(canvas)
        look = canvas.look
        wide, high = look.px(_TAIL[0]), look.px(_TAIL[1])
        tail = Rect(self.rect.right - 1 if look.rtl else self.rect.x - wide + 1, self.rect.centery - high // 2, wide, high)
        canvas.picture(_tail((wide, high), look.colours.accent_soft, look.rtl), tail)


@lru_cache(maxsize=16)
def _tail(size: tuple[int, int], colour: Colour, mirrored: bool) -> Surface:
    w, h = size
    at, to = (0, w) if mirrored else (w, 0)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        f'<path d="M{at} 0Q{(at + to) / 2} {h * 0.5} {to} {h * 0.62}Q{(at + to) / 2} {h * 0.75} {at} {h}Z" fill="{colour.hex}"/></svg>'
    )
    return picture(svg, size)


class Friend(Widget):
    """Somebody who listens: a head and shoulders, turned to who speaks, and nobody in particular."""

    role: ClassVar[Role] = "image"
    holds_text: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        super().__init__(name=name, width=76, height=84)

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, 0

    def draw(self, canvas: Canvas) -> None:
        look = canvas.look
        canvas.picture(_friend(self.rect.size, look.colours.outline, look.colours.sunk, look.rtl), self.rect, self.name)


@lru_cache(maxsize=16)
def _friend(size: tuple[int, int], ink: Colour, ground: Colour, mirrored: bool) -> Surface:
    sketch = Sketch("friend")
    sketch.ellipse((50, 55), (50, 55), ground.hex)
    with sketch.moved("matrix(-1 0 0 1 100 0)" if mirrored else "matrix(1 0 0 1 0 0)"):
        sketch.shape("M14 92 C16 74 30 66 45 64 L45 56 L62 56 L62 64 C76 66 86 74 87 92 C77 104 64 110 50 110 C36 110 23 104 14 92Z", ink.hex)
        sketch.shape("M30 36 C30 22 40 14 53 14 C67 14 75 24 74 38 C73 52 64 62 52 62 C44 62 37 57 34 50 L30 47 C28 46 28 44 29 43 L31 40Z", ink.hex)
    return picture(sketch.svg((0, 0, 100, 110), *size), size)

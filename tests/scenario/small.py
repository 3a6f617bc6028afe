"""A small encounter that is right, for tests to spoil one line at a time."""

from __future__ import annotations

SMALL = """\
servicesim: 1
id: lost-umbrella
title: The umbrella
summary: Somebody left an umbrella.
channel: phone
locale: en
company: Nova Stores
learn: [hold-the-apology]
customer:
  name: Leyla Karimova
  type: hostile
  expects: 60
  received: 40
  anger: 2
facts:
  found: false
  calls: 0
start: opening
leaves: gone
scenes:
  opening:
    happens: [case-opened]
    customer: I left my umbrella. | It was red.
    replies:
      - id: welcome
        say: Good morning.
        acts: [greet, invite-story]
        go: story
      - id: sorry
        say: Oh, I am so sorry!
        acts: [apologise]
        go: story
  story:
    customer:
      - if: said(apologise)
        say: You do not even know what for.
        acts: [customer-vents]
      - say: On Tuesday. | By the till.
        acts: [told-all]
    replies:
      - id: look
        say: I will look.
        acts: [inform]
        set: {found: true}
        end: settled
      - id: shrug
        say: No idea.
        acts: []
        if: found or anger > 3
        feel: {anger: 1}
        end: gone
endings:
  settled:
    title: Found
  gone:
    title: Gone
    failed: true
"""


def spoilt(old: str, new: str) -> str:
    """The small encounter with one part replaced."""
    assert old in SMALL
    return SMALL.replace(old, new, 1)

"""A walk through every screen of the game, in any language."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.seat import GOOD, GOOD_IN_PERSIAN, KETTLE, LATE_PARCEL, PERSIAN, Seat, script_of
from servicesim.encounter.situation import Phase

# In each language of the window: what is played, by whom, and how. An encounter is in the language in which it was written.
CASES = {
    "en": (LATE_PARCEL, "Robin Reed", GOOD),
    "tr": (LATE_PARCEL, "Ayşegül İpekçioğlu", GOOD),
    "az": (LATE_PARCEL, "Gülnarə Əliyeva", GOOD),
    "fa": (PERSIAN, "سارا کاوه", GOOD_IN_PERSIAN),
    "he": (LATE_PARCEL, "נועה לוי", GOOD),
}

PROGRAMME = """\
servicesim-programme: 1
id: tour
title: A day at the desk
summary: Two people, and perhaps a call.
locale: en
steps:
  - {encounter: singing-kettle, due: 0}
  - {encounter: late-parcel, due: 0, attempts: 3}
  - {encounter: a-week-later, after: [singing-kettle]}
"""


def tour(seat: Seat) -> Iterator[str]:
    """The name of each screen, while it is shown."""
    path, name, replies = CASES[seat.way.words.language]
    seat.way.who()
    seat.stage.wait(0.1)
    yield "who"
    seat.stage.click(seat.words("who-go-on"))
    yield "who, nothing typed"
    seat.stage.click(seat.words("settings-title"))
    yield "settings"
    seat.stage.press("escape")
    seat.sit(name)
    seat.way.who()
    seat.stage.wait(0.1)
    yield "who, somebody known"
    seat.begin(script_of(path, channel="phone"), pace=2.0, answer=False)
    seat.stage.wait(0.3)
    yield "a call rings"
    seat.stage.press("enter")
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("g")
    seat.stage.wait(0.2)
    yield "conversation, listening"
    seat.stage.press("s")
    seat.stage.wait(0.2)
    yield "conversation, protest"
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    yield "conversation, replies"
    seat.stage.press("l")
    yield "what was said"
    seat.stage.press("l", "escape")
    yield "paused"
    seat.stage.click(seat.words("paused-leave"))
    seat.stage.wait(0.1)
    yield "home"
    seat.stage.click(seat.words("wheel-title"))
    yield "principles"
    seat.screen.open(next(iter(seat.screen.shelf.principles)))
    yield "principle"
    seat.stage.press("escape", "escape")
    yield from _programme(seat)
    seat.way.brief(script_of(path))
    yield "briefing"
    seat.begin_after(*replies[:-1], script=script_of(path))
    seat.reply(replies[-1])
    seat.until(lambda: bool(seat.playing.ended))
    yield "ended"
    seat.stage.press("enter")
    seat.stage.press("3", "2")
    yield "self-rating"
    seat.stage.press("enter")
    yield "debrief"
    seat.stage.press("k")
    yield "teaching card"
    seat.stage.press("escape")
    yield from _warm_up(seat)
    seat.way.history()
    seat.stage.wait(0.1)
    yield "history"
    seat.screen.open(seat.screen.portion.entries[0], seat.screen.ways.replay)
    seat.stage.press("right", "right", "right")
    yield "replay"


def _programme(seat: Seat) -> Iterator[str]:
    """A programme with a step that was left in the middle, one that is open, and a call that may be promised."""
    written = seat.home / "programmes" / "tour.yaml"
    written.parent.mkdir(exist_ok=True)
    written.write_text(PROGRAMME, encoding="utf-8")
    seat.desk._programme_files = [written]
    seat.way.programme()
    seat.stage.wait(0.1)
    yield "programme"


def _warm_up(seat: Seat) -> Iterator[str]:
    """The first encounter, with its guide."""
    seat.way.brief(script_of(KETTLE))
    yield "invitation"
    seat.begin(script_of(KETTLE), pace=2.0)
    seat.until(lambda: seat.screen.waits)
    yield "guided, at a pause"
    seat.begin_after("go-on", "take-back", "say-back", script=script_of(KETTLE))
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    yield "guided, patience"
    seat.reply("same-note")
    seat.until(lambda: bool(seat.playing.ended))
    seat.stage.press("enter")
    yield "closing"

"""What shows a conversation, whether it is played or played back: a channel with its parts, brought to one moment after another."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.desktop.glimpse import Glimpse, patience_left
from servicesim.desktop.screens.channel import Channel, Moment, Parts
from servicesim.desktop.screens.sign import looks
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter import rules


class Board:
    """The channel and the parts that stand in it. `now` is the stage's time, by which eyes blink and dots swell."""

    def __init__(self, words: Words, channel: Channel, parts: Parts) -> None:
        self.words, self.channel, self.parts = words, channel, parts
        self.speech: Speech | None = None  # the one in which words appear

    def tell(self, glimpse: Glimpse, now: float) -> None:
        """Fill the log with the turns."""
        widgets, self.speech = self.channel.tell(glimpse.turns, glimpse.live, self.moment(glimpse, now))
        self.parts.log.fill(*widgets)

    def moment(self, glimpse: Glimpse, now: float) -> Moment:
        """What can be seen and heard now."""
        situation = glimpse.situation
        segment = situation.speech.segment if situation.speech else 0
        fits = "go-on" in rules.listening_offered(situation)
        return Moment(
            now, situation.phase, glimpse.lasted, glimpse.feelings, self.speech, glimpse.speaking, glimpse.since_cut,
            situation.ended, segment, situation.untimed, fits,
        )  # fmt: skip

    def sweep(self, glimpse: Glimpse) -> Iterator[Widget]:
        """Show as much of the speech as has been spoken; yields what looks different now."""
        if self.speech is not None and glimpse.live >= 0:
            self.speech.upto, self.speech.pausing = glimpse.upto, glimpse.pausing
            if glimpse.upto is not None:
                yield self.speech

    def tell_time(self, glimpse: Glimpse) -> Iterator[Widget]:
        """Bring the clocks that are shown to this time, and the face's name to how it looks."""
        parts, situation = self.parts, glimpse.situation
        time = self.words("timer", time=self.words.clock(glimpse.at))
        if parts.timer.shown and time != parts.timer.text:
            parts.timer.text = time
            yield parts.timer
        left = patience_left(situation, glimpse.at)
        if left is not None:
            parts.patience.share, parts.patience.words = left, self.words(_in_words(left))
            parts.patience.tone = "accent" if left > 0.5 else "pending" if left > 0.2 else "broken"
            yield parts.patience
        self.channel.face.name = self.words(looks(glimpse.feelings), customer=self.channel.scenario.customer.name)


def _in_words(left: float) -> str:
    return "patience-long" if left > 0.6 else "patience-some" if left > 0.25 else "patience-little"

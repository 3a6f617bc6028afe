"""One play of the story as the state machines in Python see it: variables, what was said, conditions and changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Play:
    """The model of a state machine: it keeps the variables and what has been said."""

    def __init__(self, story: dict[str, Any]) -> None:
        self.story = story
        self.feelings = dict(story["start"])
        self.settled = False
        self.said: list[str] = [story["parts"][0]["say"]]

    def holds(self) -> bool:
        """The one condition that replies have."""
        return self.feelings["trust"] > 2 or self.settled

    def give(self, answer: dict[str, Any]) -> None:
        """Apply what a reply changes, and let the customer speak."""
        for name, more in answer["feel"].items():
            self.feelings[name] = max(0, min(self.story["most"][name], self.feelings[name] + more))
        if answer["settled"] is not None:
            self.settled = answer["settled"]
        if answer["go"] is not None:
            self.said.append(self.story["parts"][answer["go"]]["say"])


def giving(answer: dict[str, Any]) -> Callable[[Play], None]:
    """A callback that gives one reply."""
    return lambda play: play.give(answer)

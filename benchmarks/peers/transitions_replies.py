"""transitions: one state for each scene, one trigger for each number of a reply."""

from __future__ import annotations

from typing import Any

from machine import Play
from timing import best, given, tell
from transitions import Machine


def machine_of(story: dict[str, Any]) -> Machine:
    """The story as a machine without a model of its own."""
    states = [f"s{number}" for number in range(len(story["parts"]))]
    machine = Machine(model=None, states=[*states, "over"], initial="s0", auto_transitions=False)
    for number, part in enumerate(story["parts"]):
        for answer in part["answers"]:
            machine.add_transition(
                answer["id"],
                states[number],
                "over" if answer["go"] is None else states[answer["go"]],
                conditions="holds" if answer["condition"] else None,
                before=lambda event, answer=answer: event.model.give(answer),
            )
    machine.send_event = True
    return machine


def main() -> None:
    """Play the walks."""
    work = given()
    machine = machine_of(work["story"])

    def play() -> list[int]:
        ended = []
        for walk in work["walks"]:
            model = Machined(work["story"])
            machine.add_model(model)
            for reply in walk["replies"]:
                model.trigger(f"r{reply}")  # type: ignore[attr-defined]
            machine.remove_model(model)
            ended.append(model.feelings["trust"])
        return ended

    tell("transitions", trust=play(), seconds=best(play, work["seconds"]))


class Machined(Play):
    """The play, with a condition that takes the event."""

    def holds(self, event: object = None) -> bool:
        """The one condition that replies have."""
        return super().holds()


if __name__ == "__main__":
    main()

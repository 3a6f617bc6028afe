"""python-statemachine: one state for each scene, one event for each number of a reply."""

from __future__ import annotations

from typing import Any

from machine import Play
from statemachine import State, StateMachine
from timing import best, given, tell


def machine_of(story: dict[str, Any]) -> type[StateMachine]:
    """The story as a class of machines."""
    parts = story["parts"]
    states = {f"s{number}": State(initial=number == 0) for number in range(len(parts))}
    states["over"] = State(final=True)
    events: dict[str, Any] = {}
    for number, part in enumerate(parts):
        for answer in part["answers"]:
            target = states["over" if answer["go"] is None else f"s{answer['go']}"]
            step = states[f"s{number}"].to(target, cond="holds" if answer["condition"] else None, on=_giving(answer))
            events[answer["id"]] = events[answer["id"]] | step if answer["id"] in events else step
    return type("Told", (StateMachine,), {**states, **events})


def _giving(answer: dict[str, Any]) -> Any:
    def give(model: Play) -> None:
        model.give(answer)

    return give


def main() -> None:
    """Play the walks."""
    work = given()
    told = machine_of(work["story"])

    def play() -> list[int]:
        ended = []
        for walk in work["walks"]:
            model = Play(work["story"])
            machine = told(model)
            for reply in walk["replies"]:
                machine.send(f"r{reply}")
            ended.append(model.feelings["trust"])
        return ended

    tell("python-statemachine", trust=play(), seconds=best(play, work["seconds"]))


if __name__ == "__main__":
    main()

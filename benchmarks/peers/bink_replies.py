"""bink: ink's Rust runtime from Python."""

from __future__ import annotations

from pathlib import Path

from bink.story import Story
from timing import best, given, tell


def main() -> None:
    """Play the walks, reading each speech."""
    work = given()
    told = Story(Path(work["compiled"]).read_text("utf-8-sig"))

    def play() -> list[int]:
        ended = []
        for walk in work["walks"]:
            told.reset_state()
            spoken = [told.continue_maximally()]
            for index in walk["among_open"]:
                told.choose_choice_index(index)
                spoken.append(told.continue_maximally())
            ended.append(told.get_variable("trust"))
        return ended

    tell("bink", trust=play(), seconds=best(play, work["seconds"]))


if __name__ == "__main__":
    main()

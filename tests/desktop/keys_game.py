"""The real game with its screen told to a file: what a person at the keyboard can see, after each picture.

    python keys_game.py SCREEN play late-parcel --as 1042
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from servicesim.cli import run
from servicesim.desktop.stage import Stage


def main() -> None:
    """Play as `servicesim` does with the words after the first."""
    screen, words = Path(sys.argv[1]), sys.argv[2:]
    draw, told = Stage._draw, [""]

    def drawn(stage: Any) -> None:
        draw(stage)
        nodes = [[node.role, node.name, node.value, sorted(node.states)] for node in stage.nodes.walk()]
        seen = json.dumps({"screen": type(stage.screen).__name__, "nodes": nodes})
        if seen != told[0]:
            told[0] = seen
            fresh = screen.with_suffix(".new")
            fresh.write_text(seen, encoding="utf-8")
            fresh.replace(screen)

    Stage._draw = drawn  # type: ignore[method-assign]
    sys.exit(run(words))


if __name__ == "__main__":
    main()

"""Lines for a person: in colours where a terminal shows them, and else the very same text without."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from servicesim.commands.telling import is_watched, say
from servicesim.scenario.characters import visible

if TYPE_CHECKING:
    from rich.console import Console

Part = str | tuple[str, str]  # a text, or a text and its style

WIDTH = 100  # of what is read by no terminal
NARROWEST = 30


class Paper:
    """Where lines are written; Rich is read only if there is a colour to show."""

    def __init__(self) -> None:
        self.console = _console() if in_colours() else None
        self.width = max(NARROWEST, _columns()) if sys.stdout.isatty() else WIDTH

    @property
    def encoding(self) -> str:
        """How characters are written down: not every output can hold all of them."""
        return sys.stdout.encoding or "utf-8"

    def line(self, *parts: Part) -> None:
        """Write one line; a terminal breaks it where it is too long."""
        if self.console is None:
            say("".join(part if isinstance(part, str) else part[0] for part in parts))
            return
        from rich.text import Text

        shown = [visible(part) if isinstance(part, str) else (visible(part[0]), part[1]) for part in parts]
        self.console.print(Text.assemble(*shown), soft_wrap=True)

    def markdown(self, text: str) -> None:
        """Write a page of Markdown: as it stands, where there is nothing to lay it out for."""
        if self.console is None:
            say(text.rstrip("\n"))
            return
        from rich.markdown import Markdown

        self.console.print(Markdown(visible(text), code_theme="ansi_dark"))


def in_colours() -> bool:
    """Whether the output is a terminal whose owner does not mind colours (https://no-color.org)."""
    return is_watched(sys.stdout) and not os.environ.get("NO_COLOR")


def _console() -> Console:
    from rich.console import Console
    from rich.theme import Theme

    # Rich would put words of code on black, whatever the terminal's own colours are.
    return Console(file=sys.stdout, highlight=False, emoji=False, theme=Theme({"markdown.code": "bold cyan"}))


def _columns() -> int:
    return shutil.get_terminal_size().columns

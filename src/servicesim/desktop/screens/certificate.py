"""A certificate is written, kept where its owner finds it, and shown by the browser; what came of that is said here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from servicesim import platform
from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.label import Label, heading
from servicesim.desktop.page import Dialogue
from servicesim.desktop.safe_text import safe_text
from servicesim.desktop.screens.sheet import trouble_card
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.errors import ServicesimError

Certify = Callable[[str, str], Path]
"""Writes the certificate of an attempt in a language, and says where it lies."""


class CertificateMade(Dialogue):
    """`make` writes the certificate; it is asked off the drawing thread."""

    def __init__(self, words: Words, desk: Desk, make: Callable[[], Path]) -> None:
        super().__init__()
        self.words, self.desk, self.make = words, desk, make
        self.direction = words.direction
        self.path: Path | None = None
        self.opened = False
        self.trouble: ServicesimError | None = None
        self._gone = False
        self.reword()

    def reword(self) -> None:
        self.title = self.words("certificate")

    def entered(self) -> None:
        self.desk.ask(self._make_and_open, self._made, self._failed, self.stage.soon)

    def left(self) -> None:
        self._gone = True

    def first_focus(self) -> Widget | None:
        return self.done

    def build(self) -> Widget:
        words = self.words
        self.done = Button(words("certificate-done"), lambda: self.stage.uncover(), kind="primary", key="enter", hint="Enter")
        again = Button(words("certificate-open"), self.open, icon="forward", shown=self.path is not None)
        copy = Button(words("certificate-copy"), self.copy, shown=self.path is not None)
        card = Card(
            heading(words("certificate"), "title"), *self._said(), Space(height=4), Row(again, copy, Space(grow=1), self.done, gap=1.5),
            width=680, padding=4, elevation=3,
        )  # fmt: skip
        return Column(card, across="centre", along="centre", padding=(4, 2))

    def open(self) -> None:
        """Show it by the browser once more."""
        path = self.path
        if path is not None:
            self.desk.ask(lambda: (path, platform.open_file(path)), self._made, self._failed, self.stage.soon)

    def copy(self) -> None:
        """Let the path be pasted."""
        copied = self.stage.copy(str(self.path))
        self.stage.announce(self.words("certificate-copied" if copied else "certificate-not-copied"))
        self.note = self.words("certificate-copied" if copied else "certificate-not-copied")
        self.rebuild()

    note = ""

    def _said(self) -> Iterator[Widget]:
        words = self.words
        if self.trouble is not None:
            yield trouble_card(words.failure(self.trouble))
        elif self.path is None:
            yield Label(words("certificate-making"), "body", ink="ink_soft")
        else:
            yield Label(words("certificate-opened" if self.opened else "certificate-not-opened"), "body")
            name, folder = safe_text(self.path.name), safe_text(str(self.path.parent))
            told = (Label(name, "body", bold=True, direction=reads(name)), Label(folder, "small", direction="ltr"))
            yield Card(*told, padding=(2, 1.25), gap=0.5, across="start", ground="sunk", border=None, radius=10, elevation=0)
            yield Label(self.note or words("certificate-print"), "small", ink="ink_soft")

    def _make_and_open(self) -> tuple[Path, bool]:
        path = self.make()
        return path, platform.open_file(path)

    def _made(self, made: tuple[Path, bool]) -> None:
        if not self._gone:
            self.path, self.opened = made
            self.stage.announce(self.words("certificate-opened" if self.opened else "certificate-not-opened"))
            self.rebuild()
            self.stage.tick_soon()

    def _failed(self, failure: ServicesimError) -> None:
        if not self._gone:
            self.trouble = failure
            self.stage.announce(self.words.failure(failure))
            self.rebuild()
            self.stage.tick_soon()

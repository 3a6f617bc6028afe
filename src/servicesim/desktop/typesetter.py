"""Where paragraphs come from: each text is laid out once, and remembered for a while."""

from __future__ import annotations

from collections import OrderedDict

from servicesim.desktop.fonts import FontStack
from servicesim.desktop.paragraph import Align, Paragraph

_STACKS_KEPT = 48  # sizes and weights; a person who tries text sizes leaves many behind


class Typesetter:
    """Lays each text out once: stacks by size and weight, the paragraphs used last by all that shapes them."""

    def __init__(self, paragraphs_kept: int = 256) -> None:
        self._stacks: OrderedDict[tuple[int, bool, bool], FontStack] = OrderedDict()
        self._kept: OrderedDict[tuple[object, ...], Paragraph] = OrderedDict()
        self._limit = paragraphs_kept

    def stack(self, size: int, bold: bool = False, airy: bool = False) -> FontStack:
        """The fonts of one size and weight, with letters and words further apart if `airy`."""
        key = (size, bold, airy)
        if key not in self._stacks:
            self._stacks[key] = FontStack(size, bold, airy)
        self._stacks.move_to_end(key)
        if len(self._stacks) > _STACKS_KEPT:
            self._stacks.popitem(last=False)
        return self._stacks[key]

    def paragraph(
        self,
        text: str,
        size: int,
        width: int | None = None,
        *,
        bold: bool = False,
        base: int | None = None,
        align: Align = "start",
        spacing: float = 1.0,
        max_lines: int | None = None,
        airy: bool = False,
    ) -> Paragraph:
        """The laid-out text; the same object as long as it is remembered."""
        key = (text, size, width, bold, base, align, spacing, max_lines, airy)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        stack = self.stack(size, bold, airy)
        made = Paragraph(text, stack, width, base=base, align=align, spacing=spacing, max_lines=max_lines)
        self._kept[key] = made
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return made

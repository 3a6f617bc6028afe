"""One pygame for the whole run, without a screen and without sound: cached fonts die with `pygame.quit`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


@pytest.fixture(scope="session", autouse=True)
def window_system() -> Iterator[None]:
    """pygame, begun once."""
    import pygame

    pygame.init()
    yield
    pygame.quit()

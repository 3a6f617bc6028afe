"""Whether a kept text is a sealed edition's, without reading all that stands in it."""

from __future__ import annotations

import json


def is_sealed_text(text: str) -> bool:
    """Whether this is the canonical text of a sealed scenario; what cannot be read is none."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and bool(told.get("sealed"))

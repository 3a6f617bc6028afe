"""What the customer says when nobody answers: once in a speech, for at the second silence they leave, or wait."""

from __future__ import annotations

from collections.abc import Sequence

from servicesim.encounter.events import Event, SilenceFell, SpeechBegan
from servicesim.encounter.script import Script


def said_to_silence(script: Script, events: Sequence[Event]) -> str:
    """The words, as they are authored, for the silence that is the last of these events; nothing where none are said."""
    for event in reversed(events[:-1]):
        match event:
            case SilenceFell():
                return ""
            case SpeechBegan(_, scene, _):
                silent = script.stage(scene).scene.on_silence
                return (silent.customer or "") if silent is not None else ""
            case _:
                pass
    return ""

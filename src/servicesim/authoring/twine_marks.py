"""What a story says of an encounter where Twine has no place for it: the words that its writer and its reader share.

A line of a passage may be a mark, `«word» more`, and one passage with the tag `servicesim` holds the encounter's head, `field: value`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from servicesim.scenario.plain import Plain

HEAD_TAG = "servicesim"
HEAD_NAME = "About this encounter"
SCENE_TAG, ENDING_TAG, FAILED_TAG, GOLDEN_TAG = "scene", "ending", "failed", "golden"

ID, TITLE, DEED, STAGE = "id", "ending", "deed", "do"
ACTS, IF, WHY, ELSE, HAPPENS = "acts", "if", "why", "else", "happens"
OF_REPLIES = (ACTS, IF, WHY, DEED)
WORDS = frozenset((ID, TITLE, STAGE, ELSE, HAPPENS, *OF_REPLIES))

Head = dict[str, Plain | dict[str, Plain] | list[str]]
HEAD_TEXTS = ("id", "summary", "channel", "locale", "company", "leaves")
_FIELD = re.compile(r"^(?P<key>[a-z]+): (?P<value>.+)$", re.MULTILINE)


def written_head(head: Head) -> str:
    """The lines of the passage that holds the encounter's head."""
    return "\n".join(f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}" for key, value in head.items())


def read_head(text: str) -> Head:
    """The fields in such a passage that can be used: texts, whole numbers, lists of names and simple groups of fields."""
    return {key: value for key, value in _fields(text[:20_000])}


def _fields(text: str) -> Iterator[tuple[str, Plain | dict[str, Plain] | list[str]]]:
    for field in _FIELD.finditer(text):
        key, written = field["key"], field["value"].strip()
        if key in HEAD_TEXTS:
            yield key, written
            continue
        try:
            value = json.loads(written)
        except (ValueError, RecursionError):
            continue
        if (key == "pass" and isinstance(value, int) and not isinstance(value, bool)) or (key == "learn" and isinstance(value, list) and all(isinstance(one, str) for one in value)) or (key in ("customer", "facts") and isinstance(value, dict) and all(isinstance(one, str | bool | int) for one in value.values())):
            yield key, value

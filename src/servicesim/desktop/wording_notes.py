"""What translators should know of a word whose English can be read in several ways; comes into the PO files as `#.`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTES: Mapping[str, str] = MappingProxyType({})

"""Findings: what is wrong in a trainer's file, where, and the way out.

A finding is data. Checks yield findings; nothing stops at the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file: `code` is stable, `message` says what, `hint` the way out."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"
        return f"{text}; {self.hint}" if self.hint else text


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that make a file unusable."""
    return [finding for finding in findings if finding.severity == "error"]


def in_order(findings: list[Finding]) -> list[Finding]:
    """As a reader meets them: by line, column and code."""
    return sorted(findings, key=lambda f: (f.file, f.line, f.column, f.code, f.message))

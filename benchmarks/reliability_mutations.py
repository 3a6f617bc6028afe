"""Scenario files that somebody broke: 100,000 mutations, each answered with findings or a model, none with a traceback.

    python -m benchmarks.reliability --only mutations

The files are loaded in a child process, so that a crash or a hang is seen as well. The same seed gives the same files.
A file that fails is kept in benchmarks/failing/mutations/ and played first the next time.
"""

from __future__ import annotations

import base64
import faulthandler
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.reliability_report import Failing, Report
from servicesim import shipped
from servicesim.scenario.findings import Finding, errors
from servicesim.scenario.loading import load_principles_text, load_text

AMOUNT = 100_000
MOST_SECONDS = 0.5
_BATCH = 2_000
_HANGS_AFTER = 20.0
_KEPT = Failing("mutations")
_SAYABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_PROJECT = Path(__file__).parent.parent

SAMPLE = """\
servicesim: 1
id: lost-key
title: "The key that isn't there"
summary: >-
  A guest stands in the rain,
  and the key is not in the box.
channel: phone
locale: fa
company: Nova Stays
pass: 80
learn: [hold-the-apology, follow-up]
customer: {name: 'Leyla ''the'' Karimova', type: hostile, portrait: leyla, expects: 70, received: 35, trust: 1, anger: 3}
facts:
  case_logged: false   # set when it is written down
  calls: 2
start: opening
leaves: walked-out
scenes:
  opening:
    happens: [case-opened]
    golden: true
    patience: 20
    customer:
      - {if: calls > 1 and not case_logged, say: "Again! | I rang twice."}
      - say: |
          I stand in the rain.
          The box is empty.
        acts: []
    on-interrupt: {customer: Would you let me finish?}
    on-silence: {customer: سلام می‌خواهم, feel: {anger: 1}, go: opening}
    replies:
      - id: welcome
        say: Good evening, Nova Stays. I'm listening.
        acts: [greet, invite-story]
        why: Warm, and no promise yet.
        set: {case_logged: true}
        feel: {expects: -5, received: 10}
        marks: {follow-up: 0.5}
        promise: {call-back: lost-key, within: 2}
        go: opening
      - id: bye
        do: She puts the receiver down.
        if: case_logged or anger >= 4
        acts: []
        end: walked-out
endings:
  walked-out:
    title: Gone
    failed: true
    customer: Forget it.
"""

_TOKENS = (
    ": ", ":", "- ", "? ", "#", " #", "&a ", "*a", "!!str ", "!", "|", ">", "|-", "'", '"', "[", "]", "{", "}", ",", "%", "@", "`",
    "<<: ", "---\n", "...\n", "%YAML 1.2\n", "\\", "\\x00", "\n", "\r", "\r\n", "\t", "~", "no", "12:30", "010", "0x1f", "1e999", "-0", ".5",
    "9" * 30, "9" * 5000, "null", "true", "", "{e.__init__.__globals__}", "%s", "\0", "\x1b[31m", "\x7f", "\x85", "\u00a0", "\u061c", "\u200b",
    "\u200c", "\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\u2066", "\ufdd0", "\ufeff", "\uffff", "\U0001f9d1\u200d\U0001f4bb", "\U0010ffff",
    "e\u0301" * 50, "ﷺ", "سلام",
)  # fmt: skip

_WHOLE: tuple[Callable[[random.Random], bytes], ...] = (
    lambda r: b"- " * r.randrange(100, 200_000),
    lambda r: b"[" * r.randrange(10, 200_000),
    lambda r: b"{a: " * r.randrange(10, 100_000),
    lambda r: b"? " * r.randrange(10, 100_000),
    lambda r: b"".join(b" " * depth + b"a:\n" for depth in range(r.randrange(10, 600))),
    lambda r: anchor_bomb(r.randrange(2, 40)),
    lambda r: merge_bomb(r.randrange(2, 24)),
    lambda r: b"id: " + b"x" * r.randrange(7_990, 900_000),
    lambda r: b'id: "' + b"\\u202e" * r.randrange(10, 50_000) + b'"',
    lambda r: b"\n".join(b"k%d: v" % n for n in range(r.randrange(10, 90_000))),
    lambda r: b"k: v\n" * r.randrange(10, 60_000),
    lambda r: b"k: [" + b"a, " * r.randrange(10, 150_000) + b"]",
    lambda r: b"\t\n" * r.randrange(10, 300_000),
    lambda r: b"#" * r.randrange(10, 1 << 20),
    lambda r: b"\n" * r.randrange(10, (1 << 20) + 2),
    lambda r: r.randbytes(r.randrange(2_000)),
    lambda r: SAMPLE.encode(r.choice(("utf-16", "utf-16-le", "utf-32", "cp1256")), "replace"),
)


def anchor_bomb(levels: int) -> bytes:
    """Nine times as much with each level, for a reader that follows aliases."""
    lines = ["a0: &a0 [x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels))]
    return "\n".join(lines).encode()


def merge_bomb(levels: int) -> bytes:
    """Twice as much with each level, for a reader that follows merge keys."""
    lines = ["a0: &a0 {k: v}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, levels))]
    return "\n".join(lines).encode()


def run(scale: float, seed: int) -> Report:
    """Load mutated files and see that each is answered in time."""
    began = time.monotonic()
    amount = max(1, round(AMOUNT * scale))
    failures = [why for why in map(_why_kept_fails, _KEPT.first([])) if why]
    slowest = 0.0
    for batch in _all_played(seed, amount):
        slowest = max(slowest, batch.slowest)
        for number, why in batch.failures:
            failures.append(why)
            _KEPT.keep(base64.b64encode(mutated(seed, number)).decode(), why)
    caught = _control()
    return Report(
        experiment="mutated scenarios",
        amount=f"{amount:,} files",
        result=f"{len(failures)} failed; slowest {slowest:.2f} s",
        control=caught or "plain CSafeLoader SURVIVED",
        seconds=time.monotonic() - began,
        holds=not failures and bool(caught),
    )


def mutated(seed: int, number: int) -> bytes:
    """One broken file; the same for the same seed and number."""
    dice = random.Random(f"{seed}/{number}")
    if dice.random() < 0.01:
        return dice.choice(_WHOLE)(dice)
    data = dice.choice(_samples())
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        data = dice.choice(_MUTATIONS)(data, dice)
    return data


@cache
def _samples() -> list[bytes]:
    return [SAMPLE.encode(), *(file.read_bytes() for file in sorted(shipped.scenarios().glob("*.yaml")))]


def _flip(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.choice((1, 2, 10, 200, 10_000)) :]


def _insert_token(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice(_TOKENS).encode() + data[at:]


def _replace_word(data: bytes, dice: random.Random) -> bytes:
    words = data.split(b" ")
    words[dice.randrange(len(words))] = dice.choice((dice.choice(_TOKENS).encode(), dice.choice(words)))
    return b" ".join(words)


def _replace_value(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    key, colon, _ = lines[at].partition(b": ")
    lines[at] = key + (colon or b": ") + dice.choice(_TOKENS).encode()
    return b"\n".join(lines)


def _shuffle_lines(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    taken = lines.pop(dice.randrange(len(lines)))
    for _ in range(dice.choice((0, 1, 1, 2))):
        lines.insert(dice.randrange(len(lines) + 1), taken)
    return b"\n".join(lines)


def _indent(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    lines[at] = dice.choice((b" ", b"  ", b"\t", b"- ", b"    ")) + lines[at] if dice.random() < 0.5 else lines[at][1:]
    return b"\n".join(lines)


def _splice(data: bytes, dice: random.Random) -> bytes:
    other = dice.choice(_samples())
    begin = dice.randrange(len(other))
    at = dice.randrange(len(data) + 1)
    return data[:at] + other[begin : begin + dice.choice((20, 300, 5_000))] + data[at:]


def _line_ends(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8")))


def _nest(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    opened = dice.choice((b"[", b"{a: ", b"- ", b"? ")) * dice.choice((5, 22, 30, 5_000))
    return data[:at] + opened + data[at:]


_MUTATIONS = (_flip, _cut, _insert_token, _insert_token, _replace_word, _replace_value, _replace_value, _shuffle_lines, _indent, _splice, _line_ends, _nest)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Batch:
    failures: list[tuple[int, str]]
    slowest: float


def _all_played(seed: int, amount: int) -> Iterator[_Batch]:
    """Every file once, in batches, two at a time."""
    size = min(_BATCH, -(-amount // 2))
    firsts = range(0, amount, size)
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(lambda first: _played(seed, first, min(size, amount - first)), firsts)


def _played(seed: int, first: int, count: int) -> _Batch:
    """Load a batch in a child; when it dies, note on which file, and go on after that one."""
    failures: list[tuple[int, str]] = []
    slowest, at, end = 0.0, first, first + count
    while at < end:
        child = _in_child(str(seed), str(at), str(end - at))
        for line in child.stdout.splitlines():
            number, seconds, why = line.split(" ", 2)
            at, slowest = int(number) + 1, max(slowest, float(seconds))
            if why:
                failures.append((int(number), why))
        if at < end:
            failures.append((at, f"the process ends with {child.returncode}: {child.stderr[-300:]}"))
            at += 1
    return _Batch(failures, slowest)


def _in_child(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.reliability_mutations", *arguments]
    return subprocess.run(command, input=given, capture_output=True, encoding="utf-8", cwd=_PROJECT, check=False)


def play(seed: int, first: int, count: int) -> None:
    """What the child does: a line for each file, with its number, its seconds and what is wrong with the answer."""
    for number in range(first, first + count):
        data = mutated(seed, number)
        faulthandler.dump_traceback_later(_HANGS_AFTER, exit=True)
        seconds, why = answered(data)
        faulthandler.cancel_dump_traceback_later()
        # One write each, at once: the parent learns from the last one where a child died.
        os.write(1, f"{number} {seconds:.4f} {why}\n".encode())


def answered(data: bytes) -> tuple[float, str]:
    """The processor seconds of loading, and what is wrong with the answer, on one line; empty if nothing is."""
    load = load_principles_text if b"\nprinciples:" in data else load_text
    began = time.process_time()
    try:
        model, findings = load(data)
    except Exception as error:  # noqa: BLE001 - any exception at all is what is looked for
        return time.process_time() - began, " ".join(f"{type(error).__name__}: {error}".split())
    seconds = time.process_time() - began
    if seconds > MOST_SECONDS:
        return seconds, f"takes {seconds:.2f} s"
    return seconds, _wrong(model, findings, data)


def _wrong(model: object, findings: list[Finding], data: bytes) -> str:
    if (model is None) != bool(errors(findings)):
        return "neither a model nor an error, or both"
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for finding in findings:
        if not (1 <= finding.line <= lines and finding.column >= 1):
            return f"a finding outside the file: {finding}"
        if len(f"{finding}") > 1_500 or not _SAYABLE.fullmatch(f"{finding}"):
            return f"a message that cannot be shown: {ascii(str(finding))[:300]}"
    return ""


def _why_kept_fails(given: str) -> str:
    """Play one kept file in a child of its own."""
    child = _in_child("--kept", given=given)
    return child.stdout.strip() if child.returncode == 0 else f"the process ends with {child.returncode}"


def _control() -> str:
    """What happens to plain CSafeLoader on the same kind of files; empty if nothing does."""
    read = "import sys, yaml; yaml.load(sys.stdin.buffer.read(), yaml.CSafeLoader)"
    crashed = subprocess.run([sys.executable, "-c", read], input=b"- " * 100_000, capture_output=True, check=False)
    try:
        subprocess.run([sys.executable, "-c", read], input=merge_bomb(24), capture_output=True, check=False, timeout=2)
        hung = False
    except subprocess.TimeoutExpired:
        hung = True
    words = [f"dies with {crashed.returncode}"] * (crashed.returncode < 0) + ["hangs on a merge bomb"] * hung
    return f"plain CSafeLoader {' and '.join(words)}" if words else ""


if __name__ == "__main__":
    if sys.argv[1] == "--kept":
        print(answered(base64.b64decode(sys.stdin.read()))[1])
    else:
        play(*map(int, sys.argv[1:]))

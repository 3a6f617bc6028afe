"""docs/hr.md is true: its commands are run in order, word for word, on simulated attempts, and do what it says.

`SERVICESIM_ATTEMPTS=10000` tries it with that many attempts in place of the first 200 of them.

A command is a line that is indented by four spaces and begins with `servicesim` or `sha256sum`. They are run at HR, in a folder
that has what the page takes for granted; `handin` and `push` at a desk, which pushes to a store on this computer. `ANSWERS` holds
what each must answer.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from exports.lrs_stores import small
from servicesim import shipped
from servicesim.cli import run
from servicesim.exports import outgoing
from servicesim.records import open_people
from trainees import Played, keep, plays
from trainees import shipped as encounter

PAGE = Path(__file__).parents[2] / "docs" / "hr.md"
COMMAND = re.compile(r"^    ((?:servicesim|sha256sum) .+)$", re.MULTILINE)
ATTEMPTS, AT_THE_DESK = int(os.environ.get("SERVICESIM_ATTEMPTS", "200")), 100
BASE = "https://training.example.com"
LRS = "https://lrs.example.com/xapi"

# A pattern of what is printed, in which `{ended}` and `{learners}` are the scored attempts that ended and who made them.
ANSWERS = {
    "servicesim export --format csv -o scores.csv": r"scores\.csv: {ended} attempts\n",
    "servicesim export --format xlsx -o scores.xlsx": r"scores\.xlsx: {ended} attempts\n",
    "servicesim export --encounter late-parcel --team North --since 2026-10-01 --until 2026-10-31 -o october.csv": r"october\.csv: 0 attempts\n",
    "servicesim export --attempts best -o best.csv": r"best\.csv: {learners} attempts\n",
    "servicesim export --principles -o scores.csv": r"scores\.csv: {ended} attempts\nprinciples\.csv: \d+ principles of {ended} attempts\n",
    "servicesim export --columns moodle --encounter late-parcel --with-names -o grades.csv": r"grades\.csv: {learners} attempts\n",
    f"servicesim export --format xapi --home {BASE} -o statements.jsonl": r"statements\.jsonl: \d+ statements of {ended} attempts\n",
    "servicesim simulate late-parcel --play welcome,may-i-ask,facts --json": r'{{\n "scenario": "late-parcel",\n(?:.*\n)+',
    "servicesim verify": r"{attempts} attempts: {attempts} REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n",
    "servicesim rescore --principles scenarios/principles.yaml": r"{ended} results: {ended} as before, 0 would change\n",
    "servicesim review": r"(?:[0-9a-f]{{16}}: late-parcel, 2026-.*\n)+[\d,]+ attempts to decide about; what happened in one says: .*\n",
    "servicesim review show 3589c24707788f86": r"late-parcel, 2026-(?:.*\n)+(?:    \d:\d\d\.\d (?:kept|broken): .*\n)+",
    'servicesim review 3589c24707788f86 --to-look-at --note "Ask what went on at the desk that day."': r".*: to be looked at: .*\nnot reached: .*\n",
    'servicesim review 3589c24707788f86 --set-aside --note "A fire drill cut it short." --by "Sara Lind"': r".*, by Sara Lind: set aside: .*\n(?:the \w+ one of .*\n)*not reached: .*\n",
    "servicesim review 3589c24707788f86 --stands": r".*: the result stands, .*\n(?:the \w+ one of .*\n)*not reached: .*\n",
    "servicesim report -o report.html": r"report\.html: {learners} attempts\n",
    "servicesim report --language fa --by cohort -o report-fa.html": r"report-fa\.html: {learners} attempts\n",
    "servicesim report --person 1042 --with-names -o 1042.html": r"1042\.html: \d attempts\n",
    "servicesim certificate b3d25cb80d42a00d -o certificate.html": r"certificate\.html: the certificate of attempt b3d25cb80d42a00d\n",
    "servicesim handin desk-3.zip": r"desk-3\.zip: {at_the_desk} attempts of \d+ people\n",
    "servicesim collect desk-3.zip": r"desk-3\.zip: {at_the_desk} taken in, 0 known already, 0 refused\n",
    f"servicesim push --to {LRS} --home {BASE}": rf"settled: statements go to {LRS}, as of {BASE}; .*, nothing was sent yet\n",
    "servicesim push": r"\d{{4}} statements sent to {lrs}, 0 refused\n",
    "servicesim push --status": rf"to {{lrs}}, as of {BASE}\nwaiting: 0\nsent: \d{{{{4}}}}; known there already: 0; refused: 0\nnext: with the next servicesim push\n",
    "servicesim push --again all": r"nothing was refused\n",
    "servicesim person list": r"(?:\d+, .*\n)+{known} people\n",
    "servicesim person show 1042": r"1042 \((.*\n)+\d attempts kept\nhanded over since the first result (?:.*\n)+",
    "servicesim person erase 1042 --yes": r"1042 \(.*\): name, id, team and language are erased\n\d attempts removed, .*\n(?:.*\n)+",
    "servicesim purge --older-than 24m --yes": r"nothing is older than 24 months .*\n|\d+ attempts removed .*\n(?:.*\n)+",
    "servicesim purge --keep-for 24m": r"settled: attempts are kept for 24 months; .*\n",
}


@dataclass(frozen=True, slots=True)
class Office:
    """Where the page is followed: HR's folder with its own records, and those of a desk."""

    here: Path
    hr: Path
    desk: Path
    counts: dict[str, object]

    def follow(self, command: str, capfd: pytest.CaptureFixture[str]) -> list[str]:
        """Run one command; what is not as the page says."""
        program, *arguments = shlex.split(command)
        with self._prepared(command):
            if program == "sha256sum":
                return list(self._digest(arguments))
            code, told = run(arguments), capfd.readouterr()
        wanted = ANSWERS.get(command)
        if wanted is None:
            return [f"{command}: ANSWERS does not say what this has to answer; it said\n{told.out[-2_000:]}{told.err}"]
        right = code == 0 and told.err == "" and re.fullmatch(wanted.format_map(self.counts), told.out)
        return [] if right else [f"{command}: left with {code}, and said\n{told.out[-2_000:]}{told.err}"]

    @contextmanager
    def _prepared(self, command: str) -> Iterator[None]:
        """What is not HR's own computer is there for the commands that are about it."""
        with pytest.MonkeyPatch.context() as patch:
            at_the_desk = command.startswith(("servicesim handin", "servicesim push"))
            patch.setenv("SERVICESIM_HOME", str(self.desk if at_the_desk else self.hr))
            if command == "servicesim push":
                patch.setenv("SERVICESIM_LRS_TOKEN", "t0ken")
                self._settle_here()
            yield

    def _settle_here(self) -> None:
        """The store on the page is an example that nobody runs: one on this computer takes its place."""
        with open_people(self.desk) as people:
            assert people.settled(outgoing.TO) == LRS
            people.keep(outgoing.TO, str(self.counts["lrs"]))

    def _digest(self, arguments: list[str]) -> Iterator[str]:
        told = subprocess.run(["sha256sum", *arguments], cwd=self.here, capture_output=True, text=True, check=True).stdout
        for line in told.splitlines():
            digest, name = line.split()
            if json.loads((self.here / f"{name}.manifest.json").read_text(encoding="utf-8"))["sha256"] != digest:
                yield f"the manifest of {name} has another checksum"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The same people's next attempts are those of the desk."""
    here, hr, desk = (tmp_path / name for name in ("here", "hr", "desk"))
    (here / "scenarios").mkdir(parents=True)
    monkeypatch.chdir(here)
    for path in shipped.scenarios().glob("*.yaml"):
        (here / "scenarios" / path.name).write_bytes(path.read_bytes())
    drawn = plays(encounter(), attempts=ATTEMPTS + AT_THE_DESK)
    first = list(islice(drawn, ATTEMPTS))
    rest = list(drawn)
    keep(hr, encounter(), first)
    keep(desk, encounter(), rest)
    scored, handed = _scored(first), _scored(rest)
    people = {one.trainee.id for one in first} | {one.trainee.id for one in handed}
    counts = {"attempts": ATTEMPTS, "ended": len(scored), "learners": len({one.trainee.id for one in scored}), "at_the_desk": len(handed), "known": len(people)}
    with small() as store:
        yield Office(here, hr, desk, {**counts, "lrs": f"http://127.0.0.1:{store.port}/xapi"})


def _scored(played: list[Played]) -> list[Played]:
    return [one for one in played if one.result is not None and not one.attempt.practice]


def commands(page: str) -> list[str]:
    return COMMAND.findall(page)


def test_whoever_does_what_the_page_for_hr_says_gets_what_it_says(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    wrong = [told for command in commands(PAGE.read_text(encoding="utf-8")) for told in office.follow(command, capfd)]
    assert wrong == []
    assert {"scores.csv", "principles.csv", "scores.xlsx", "statements.jsonl", "report.html", "report-fa.html", "1042.html", "desk-3.zip"} <= set(os.listdir(office.here))


def test_nothing_is_answered_that_the_page_does_not_ask() -> None:
    assert sorted(ANSWERS) == sorted({command for command in commands(PAGE.read_text(encoding="utf-8")) if command.startswith("servicesim")})

"""The page of one person: every attempt, what was said, and the evidence of every verdict."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.kept import EXPERT, OUT, SORRY, STARTED, keep, late_parcel
from exports.test_report import Tags
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.exports.clock import Clock
from servicesim.exports.filters import Filter
from servicesim.exports.report.conversation import Conversation, Turn
from servicesim.exports.report.person import person_page
from servicesim.exports.report.words import words_in
from servicesim.records import open_people, open_records


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("records")
    keep(place, *EXPERT, number=1)
    keep(place, *OUT, number=2)
    keep(place, "welcome", number=3)  # never ended
    keep(place, *SORRY, number=4, practice=True)
    keep(place, *SORRY, number=5, person="2077", name="Murad Əliyev")
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "records"))


def learner(folder: Path, person: str = "1042") -> str:
    with open_people(folder) as people:
        known = people.named(person)
    assert known is not None
    return known.learner


def page(folder: Path, *, with_names: bool = False, language: str = "en", wanted: Filter | None = None) -> str:
    who = learner(folder)
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        wanted = wanted or Filter(learner=who)
        told, _ = person_page(records, people, who, wanted, words_in(language), clock=Clock(), at=STARTED, with_names=with_names)
    return told


def text(told: str) -> str:
    return " ".join(html.unescape(re.sub("<style>.*?</style>|<[^>]*>", " ", told, flags=re.DOTALL)).split())


def turns(*moves: str) -> list[Turn]:
    script = late_parcel()
    words = words_in("en")
    return Conversation(words, script, words("trainee-inserted")).turns(rehearse(Encounter(script), moves).events)


def told(turn: Turn) -> str:
    said = (f"[{text(part.text)}]" if part.kind in ("did", "missed") else text(part.text) for part in turn.parts)
    return f"{turn.who}: {' '.join(' '.join(said).split())}"


def test_every_attempt_stands_there_with_its_result_and_review(folder: Path) -> None:
    whole = page(folder)
    told = text(whole)
    assert "Date Encounter Result Conduct Review 26 October 2026, 07:33 The coat that stayed away Passed 97.1 not reviewed" in told
    assert "Not passed" in told
    assert "Not finished" in told
    assert whole.count("<h3>What was said</h3>") == 3
    assert whole.count("<h3>How it was judged</h3>") == 2
    assert "Ending The line goes dead The customer was dissatisfied" in told
    assert "Played again from the transcript: the same result" in told


def test_only_what_was_asked_for_stands_there(folder: Path) -> None:
    who = learner(folder)
    both = page(folder, wanted=Filter(learner=who, with_practice=True))
    assert both.count('class="attempt"') == 4
    assert page(folder, wanted=Filter(learner=who, attempts="last")).count('class="attempt"') == 1
    assert page(folder, wanted=Filter(learner=who, since=STARTED + 3)).count('class="attempt"') == 1
    assert "No attempt that has ended" in page(folder, wanted=Filter(learner=who, encounters=("lost-key",)))


def test_without_names_nobody_can_be_found_on_the_page(folder: Path) -> None:
    with open_records(folder) as records:
        records.review("attempt-2", at=STARTED, by="Grace Whitfield", note="Aylin was ill", verdict="set-aside")
    nameless, named = page(folder), page(folder, with_names=True)
    for secret in ("Aylin", "Duman", "1042", "Grace", "Whitfield", "was ill", "2077", "Murad"):
        assert secret not in nameless
    assert learner(folder) in nameless
    assert "reviewed: set aside, 26 October 2026 Names of reviewers" in text(nameless)
    assert "Names of reviewers and their notes are left out" in nameless
    assert "Training record of Aylin Duman" in text(named)
    assert "by Grace Whitfield Aylin was ill" in text(named)
    assert "Murad" not in named


def test_every_verdict_leads_to_its_moment(folder: Path) -> None:
    tags = Tags(page(folder)).found
    places = [str(found["id"]) for _, found in tags if "id" in found]
    assert len(places) == len(set(places))
    links = [str(found["href"])[1:] for tag, found in tags if tag == "a" and "-e" in str(found["href"])]
    assert len(links) > 20
    assert set(links) <= set(places)


def test_verdicts_say_what_was_kept_and_broken_and_why(folder: Path) -> None:
    judged = text(page(folder).split('id="a2"')[1])
    assert "Greet like a host 100% kept Done in the first reply: “ Greets and names the business ”." in judged
    assert "Missed: the encounter is about it, and the way that was taken never came to it" in judged


def test_a_conversation_is_told_turn_by_turn_with_what_was_done_while_listening() -> None:
    spoken = turns("go-on", "yes", "welcome")
    assert [told(turn) for turn in spoken[:3]] == [
        "scene: The phone rings. It is ten past nine.",
        "customer: Hello? [says a neutral word] You're not the tape again? [says yes] Good. Eleven days. [no sign of listening] "
        "Eleven days I've waited for one coat, [no sign of listening] and in all that time not a single person has rung me.",
        "trainee: Good morning, this is the trainee at Nova Stores . I have time for you. Tell me everything, from the start.",
    ]
    assert spoken[2].why is not None
    assert [turn.at for turn in spoken] == sorted(turn.at for turn in spoken)


def test_who_cuts_in_is_protested_to_and_hears_it_again() -> None:
    spoken = [told(turn) for turn in turns("go-on", "interrupt", "welcome")]
    assert spoken[1:3] == ["customer: Hello? [says a neutral word] You're not the tape again? —", "trainee: cuts in"]
    assert spoken[3].startswith("customer: No, you listen to me first. You're not the tape again? [no sign of listening] Good.")


def test_silence_is_told_and_so_is_the_end() -> None:
    assert [told(turn) for turn in turns("silence")][2:4] == [
        "trainee: says nothing",
        "customer: Hello? Oh, wonderful. The tape at least said something.",
    ]
    assert told(turns(*OUT)[-1]) == "end: The line goes dead"


def test_every_event_that_a_verdict_may_lead_to_has_one_place() -> None:
    script = late_parcel()
    for moves in (EXPERT, OUT, ("interrupt", "interrupt", "silence", *SORRY), ("go-on", "no", "silence", "silence")):
        events = rehearse(Encounter(script), moves).events
        found = [part.event for turn in turns(*moves) for part in turn.parts if part.event >= 0]
        assert sorted(found) == list(range(1, len(events)))


def test_a_conversation_runs_in_the_direction_of_its_own_language(folder: Path) -> None:
    told = page(folder, language="fa")
    assert '<html lang="fa" dir="rtl">' in told
    assert '<p class="said" dir="ltr">' in told
    assert '<bdi lang="en">The coat that stayed away</bdi>' in told
    assert '<p class="deed" dir' not in told


def test_a_damaged_attempt_is_told_as_such(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "records.db")) as connection:
        triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")]
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE events SET line = replace(line, 'facts', 'farce')")
        connection.commit()
    told = text(page(folder))
    assert "Not as it was written" in told
    assert "What was said cannot be shown" in told


def test_somebody_who_was_erased_is_a_learner_id(folder: Path) -> None:
    who = learner(folder)
    with open_people(folder) as people:
        people.erase(who)
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        told, count = person_page(records, people, who, Filter(learner=who), words_in("en"), clock=Clock(), at=STARTED, with_names=True)
    assert count == 3
    assert "<h1>Training record</h1>" in told
    assert who in told

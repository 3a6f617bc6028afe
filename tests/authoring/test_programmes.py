"""What is wrong with a programme as a whole; the catalogue's examples show every code once, and here is what they leave out."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from programme_files import LETTER, STEPS, UMBRELLA, laid_out, programme
from servicesim import shipped
from servicesim.analysis.promised import with_promise
from servicesim.analysis.proof import Reach
from servicesim.analysis.reach import reach
from servicesim.authoring import bench
from servicesim.authoring.programmes import completion_in_words
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.encounter.script import Script
from servicesim.errors import FilesHaveFindings
from servicesim.languages import LANGUAGES
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.programmes import demand_plan, demand_programme, programme_files, translated


def found(path: Path, seconds: float | None = None) -> list[str]:
    (checked,) = bench.check([path], seconds=seconds)
    return [f"{finding.line}:{finding.column} {finding.code} {finding.severity} {finding.message}" for finding in checked.findings]


def test_a_programme_that_can_be_completed_is_clean(tmp_path: Path) -> None:
    assert found(laid_out(tmp_path, programme(*STEPS)), seconds=10.0) == []


def test_a_plan_knows_its_encounters_and_which_of_them_are_appointments(tmp_path: Path) -> None:
    plan = demand_plan(laid_out(tmp_path, programme(*STEPS)))
    assert plan.programme.encounters == ("warm-up", "umbrella", "the-letter")
    assert [plan.promised_in(name) for name in plan.programme.encounters] == [(), (), ("umbrella",)]
    assert [plan.pass_mark(step) for step in plan.programme.steps] == [75, 75, 75]
    assert plan.scenarios["the-letter"].title == "The letter"


def test_a_programme_with_errors_gives_no_plan(tmp_path: Path) -> None:
    with pytest.raises(FilesHaveFindings, match="G002 no step has the encounter 'warm'"):
        demand_plan(laid_out(tmp_path, programme("encounter: umbrella, due: 1, after: [warm]")))
    with pytest.raises(FilesHaveFindings, match="there is no encounter upmbrella"):
        demand_plan(laid_out(tmp_path, programme("encounter: upmbrella, due: 1")))


def test_an_encounter_that_promises_itself_to_what_comes_after_it_waits_for_itself(tmp_path: Path) -> None:
    path = laid_out(tmp_path, programme("encounter: umbrella, due: 1, after: [the-letter]", "encounter: the-letter"))
    assert found(path) == ["7:42 G003 error these steps wait for one another: umbrella, the-letter, umbrella"]


def test_an_appointment_that_is_asked_for_in_any_case_needs_a_day(tmp_path: Path) -> None:
    steps = ("encounter: umbrella, due: 1", "encounter: the-letter, remembers: {unasked: nothing-promised}")
    assert found(laid_out(tmp_path, programme(*steps))) == ["8:5 G005 error nothing says by when 'the-letter' is due if nobody promises it"]
    assert found(laid_out(tmp_path, programme(steps[0], f"due: 4, {steps[1]}"))) == []


@pytest.mark.parametrize(
    ("steps", "finding"),
    [
        (("encounter: umbrella, due: 1", "encounter: the-letter, due: 9"), "8:29 G006 warning 'the-letter' is an appointment: the promise sets its day"),
        (("encounter: warm-up, due: 1, pass: 80",), "7:34 G006 warning 'warm-up' is not scored, so 'pass' means nothing"),
        (("encounter: warm-up, due: 1, attempts: 2",), "7:34 G006 warning 'warm-up' is not scored, so 'attempts' means nothing"),
        (("encounter: the-letter, due: 1, pass: 60",), "7:37 G006 warning the encounter asks for 75, and its debrief says so, whatever the programme takes"),
        (("encounter: the-letter, due: 1, remembers: {unhappy: not-passed}",), "7:58 G011 error nobody promises 'the-letter' in this programme, so 'not-passed' cannot be"),
    ],
)
def test_what_means_nothing_is_found(tmp_path: Path, steps: tuple[str, ...], finding: str) -> None:
    assert found(laid_out(tmp_path, programme(*steps))) == [finding]


def test_one_encounter_that_promises_the_call_is_enough(tmp_path: Path) -> None:
    vain = UMBRELLA.replace("id: umbrella", "id: in-vain").replace("id: promise, say", "id: promises, say").replace("acts: [greet], promise: {call-back: the-letter, within: 2}", "acts: [greet, inform]")
    both = ("encounter: umbrella, due: 1", "encounter: in-vain, due: 1", "encounter: the-letter")
    path = laid_out(tmp_path, programme(*both), **{"in-vain": vain})
    assert found(path, seconds=10.0) == []
    assert found(laid_out(tmp_path, programme(*both[1:])), seconds=10.0) == ["8:17 R018 error nobody who passes 'in-vain' promises 'the-letter'"]


def test_whoever_passes_with_a_promise_is_told_from_who_passes_without_one() -> None:
    scenario, _ = load_text(UMBRELLA)
    assert scenario is not None
    script = Script(with_promise(scenario, "the-letter"), shipped_principles())
    proof = reach(script)
    assert proof.passing is not None
    assert proof.passing.value == 100
    assert proof.passing.path[-1] == "promise"
    assert reach(Script(with_promise(scenario, "another"), shipped_principles())).passing is None


def test_an_encounter_with_errors_is_told_of_as_such(tmp_path: Path) -> None:
    path = laid_out(tmp_path, programme("encounter: the-letter, due: 1"), **{"the-letter": LETTER.replace("start: opening", "start: opnning")})
    assert found(path) == ["7:17 G008 error 'the-letter' has errors"]


def test_a_programme_is_told_from_a_scenario_by_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text("steps: []\n", encoding="utf-8")
    codes = {line.split()[1] for line in found(tmp_path / "some.yaml")}
    assert codes == {"S002", "S008"}
    (tmp_path / "other.yaml").write_text(programme("encounter: late-parcel, due: 1").replace("servicesim-programme: 1", 'servicesim-programme: "1"'), encoding="utf-8")
    assert found(tmp_path / "other.yaml") == ["1:23 S004 error the version stands in quotes"]


def test_a_misspelt_field_of_a_step_is_found_with_the_one_that_was_meant(tmp_path: Path) -> None:
    path = laid_out(tmp_path, programme("encounter: warm-up, deu: 1", "encounter: umbrella, due: 0, attempts: 0", "encounter: the-letter, remembers: {late: overdo}"))
    (checked,) = bench.check([path])
    assert [(finding.code, finding.hint) for finding in checked.findings] == [
        ("S001", "did you mean 'due'?"), ("S005", "write at least 1"), ("S004", "did you mean 'overdue'?"),
    ]  # fmt: skip


def test_the_shipped_programmes_lie_where_they_are_looked_for() -> None:
    assert programme_files()
    assert {path.parent for path in programme_files()} == {shipped.programmes()}
    assert [path.stem for path in programme_files()] == [demand_plan(path).programme.id for path in programme_files()]


@pytest.mark.parametrize("path", programme_files(), ids=lambda path: path.stem)
def test_a_shipped_programme_has_nothing_wrong_in_its_text(path: Path) -> None:
    assert found(path) == []


def test_every_shipped_encounter_stands_in_one_programme() -> None:
    steps = [name for path in programme_files() for name in demand_plan(path).programme.encounters]
    assert sorted(steps) == chosen.shipped_ids()


def test_a_plan_tells_of_its_encounters_in_the_language_of_the_programme_as_far_as_they_are_translated() -> None:
    file = shipped.programmes() / "first-month.yaml"
    assert demand_plan(file).scenarios["old-sewing-machine"].title == "Grandmother's sewing machine"
    assert demand_plan(file, "fa").scenarios["old-sewing-machine"].locale == "fa"
    assert demand_plan(file, "ar").scenarios["card-at-noon"].title == "The card at noon"


def test_the_programme_in_the_docs_has_nothing_wrong_in_its_text(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "programmes.md").read_text(encoding="utf-8")
    (text,) = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    (tmp_path / "night-desk.yaml").write_text(text, encoding="utf-8")
    assert found(tmp_path / "night-desk.yaml") == []


def test_check_says_that_a_programme_can_be_completed_and_by_which_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(laid_out(tmp_path, programme(*STEPS)))
    assert run(["check", path]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [f"{path}: nothing wrong", "  it can be completed: 3 encounters, at the latest on day 3"]
    assert run(["check", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["programme"] == {"encounters": 3, "last_day": 3, "completable": True}
    assert run(["check", path, "--no-reach"]) == 0
    assert "completed" not in capsys.readouterr().out


def test_what_is_not_proved_to_the_end_is_not_claimed(tmp_path: Path) -> None:
    path = laid_out(tmp_path, programme("encounter: red-letter, due: 1"))
    (checked,) = bench.check([path], seconds=0.000001)
    assert checked.findings == []
    assert checked.completion is not None
    assert "not proved to the end" in completion_in_words(checked.completion)


def test_whatever_stands_in_a_programme_is_a_finding_and_never_a_crash(tmp_path: Path) -> None:
    whole, chance = programme(*STEPS, "encounter: late-parcel, due: 3, after: [umbrella]").replace("{", "{ ").splitlines(), Random(6)
    path = laid_out(tmp_path, programme(*STEPS))
    words = ["umbrella", "the-letter", "warm-up", "7", "-1", "true", "[]", "{}", "overdue", "not-passed", "nothing-promised", "[umbrella]", "", "after:", "due:"]
    for _ in range(150):
        lines = list(whole)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(lines))
            parts = lines[place].split(" ")
            parts[chance.randrange(len(parts))] = chance.choice(words)
            lines[place] = " ".join(parts)
        path.write_text("\n".join(lines), encoding="utf-8")
        assert all(line[0].isdigit() for line in found(path))


def test_an_encounter_that_was_checked_before_its_programme_is_proved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = laid_out(tmp_path, programme(*STEPS))
    proved: list[str] = []

    def noted(script: Script, **more: float) -> Reach:
        proved.append(script.scenario.id)
        return reach(script, **more)

    monkeypatch.setattr("servicesim.analysis.reach.reach", noted)
    list(bench.check([tmp_path / "scenarios" / "umbrella.yaml", path], seconds=10.0))
    # Once for itself and once for the promise; the letter from each of its eight starts.
    assert (proved.count("umbrella"), proved.count("the-letter")) == (2, 8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_programmes_are_told_in_every_language(language: str) -> None:
    for path in programme_files():
        written, shown = demand_programme(path), translated(demand_programme(path), path, language)
        assert (shown == written) == (language == "en")
        assert (shown.id, shown.steps) == (written.id, written.steps)


def test_a_programme_whose_translation_does_not_fit_is_told_as_it_was_written(tmp_path: Path) -> None:
    path = laid_out(tmp_path, programme(*STEPS))
    (tmp_path / "programmes" / "languages" / "fa").mkdir(parents=True)
    (tmp_path / "programmes" / "languages" / "fa" / "week.po").write_text('msgctxt "title"\nmsgid "A week"\nmsgstr "یک هفته"\n', encoding="utf-8")
    assert demand_plan(path, "fa").programme.title == "A week"

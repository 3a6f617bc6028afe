"""The command line: what it prints, and how it leaves."""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenario.small import SMALL, spoilt
from servicesim import cli
from servicesim.cli import COMMANDS, run
from servicesim.errors import ServicesimError

ROOT = Path(__file__).parents[2]


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = outcome(capsys, name, "--help")
    assert code == 0
    assert f"Example: servicesim {name}" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme_or_the_docs(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(f"servicesim {name}" in page.read_text(encoding="utf-8") for page in pages)


def test_the_list_of_commands_is_the_folder() -> None:
    modules = {path.stem for path in (ROOT / "src/servicesim/commands").glob("*.py")}
    with_command = {name for name in modules if hasattr(importlib.import_module(f"servicesim.commands.{name}"), "command")}
    assert with_command == set(COMMANDS)


def test_help_lists_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "--help")
    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["simulate", "late-parcell"], "no scenario is called 'late-parcell'; did you mean 'late-parcel'?"),
        (["simulate", "nothing-like-it"], "no scenario is called 'nothing-like-it'; there are: a-week-later, "),
        (["simulate", "nowhere.yaml"], "there is no scenario file nowhere.yaml"),
        (["simulate", "late-parcel", "--play", "welcome,shout"], "'shout' is not offered here; offered are:"),
        (["simulate", "late-parcel", "--play", "welcome,may-i-ask,policy,soothe,facts"], "'facts' comes too late: the encounter is over, it ended with 'walked-out' (The line goes dead); no move is offered any more"),
        (["simulate", "late-parcel", "--play", "interrupt,interrupt,interrupt"], "and that is the most; offered when it is over are: welcome, sorry, order-number"),
        (["simulate", "late-parcel", "--play", "interrupt,interrupt,interrupt", "--untimed"], "and that is the most; offered when it is over are: welcome, sorry, order-number"),
        (["simulate", "."], ". is a folder; name a scenario file"),
        (["simulate", ""], "no scenario is called ''; there are: a-week-later, "),
        (["simulate", "late-parcel", "--principles", "nowhere.yaml"], "there is no principles file nowhere.yaml; name a principles file"),
        (["simulate", "late-parcel", "--principles", "."], ". is a folder; name a principles file"),
        (["simulate", "late-parcel", "--principles", ""], "there is no principles file without a name"),
        (["simulate", "late-parcel", "--play", "red\x1b[31m\nand\u202eback"], r"'red\x1b[31m\nand\u202eback' is not offered here"),
        (["sing\nloud"], r"No such command 'sing\nloud'"),
        (["simulate"], "Missing argument 'SCENARIO'; try: servicesim simulate --help"),
        (["sing"], "No such command 'sing'; try: servicesim --help"),
        (["export", "--format", "pdf", "-o", "x"], "'pdf' is not"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_leaves_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    code, out, err = outcome(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [["simulate"], ["play"], ["simulate", "late-parcel", "--principles"]])
def test_a_name_too_long_for_a_file_is_told_in_short(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    for name in ("x" * 5000, "x" * 5000 + ".yaml"):
        code, out, err = outcome(capsys, *command, name)
        assert (code, out) == (2, "")
        assert len(err) < 600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_what_is_no_file_is_told_for_what_it_was_named_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipe = str(tmp_path / "pipe.yaml")
    os.mkfifo(pipe)
    assert outcome(capsys, "simulate", "late-parcel", "--principles", pipe)[::2] == (
        2,
        f"{pipe} is not a file that can be read; name a principles file, such as principles.yaml\n",
    )
    assert outcome(capsys, "simulate", pipe)[::2] == (
        2,
        f"{pipe} is not a file that can be read; name a scenario file, such as late-parcel.yaml\n",
    )


def test_a_folder_of_the_same_name_does_not_hide_a_shipped_encounter(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("late-parcel").mkdir()
    assert outcome(capsys, "simulate", "late-parcel")[0] == 0


def test_simulate_prints_the_contract_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "simulate", "late-parcel", "--play", "sorry, refund-now,back-up,summarise,own-it,refund,bye", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["scenario"], told["ending"], told["passed"]) == ("late-parcel", "paid-off", False)
    broken = {name for name, score in told["principles"].items() if score["broken"]}
    assert {"hold-the-apology", "summarise-first", "greet-warmly"} <= broken
    assert [event["event"] for event in told["transcript"][:2]] == ["began", "speech-began"]


def test_moves_that_end_early_are_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "simulate", "late-parcel", "--play", "welcome", "--json")
    told = json.loads(out)
    assert (code, told["ending"], told["passed"]) == (0, None, False)


def test_simulate_for_people_names_what_was_broken(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = outcome(capsys, "simulate", "late-parcel", "--play", "sorry")
    assert "not passed" in out
    assert "(hold-the-apology)" in out


def test_broken_yaml_is_told_with_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(spoilt("say: Good morning.", 'say: "Good morning.'), encoding="utf-8")
    for command in (["check", str(file)], ["simulate", str(file)]):
        code, out, err = outcome(capsys, *command)
        assert code == 1
        assert f"{file}:" in out + err
        assert "Traceback" not in out + err


def test_what_was_typed_wrong_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = outcome(capsys, "simulate", "late\x1b]0;title\x07-parcel")
    assert (code, err) == (2, "no scenario is called 'late\\x1b]0;title\\x07-parcel'; did you mean 'late-parcel'?\n")
    walk = tmp_path / "red.walk"
    walk.write_text("scenario: late-parcel\nplay: welcome\n---\n\x1b[31mred\n", encoding="utf-8")
    code, out, _ = outcome(capsys, "walk", str(walk))
    assert code == 1
    assert "-\\x1b[31mred\n" in out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_an_output_that_cannot_hold_a_character_gets_its_code(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "چتر.yaml").write_text(SMALL, encoding="utf-8")
    for arguments in (["check", "--no-reach", str(tmp_path)], ["check", "--no-reach", "--json", str(tmp_path)]):
        printed = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr("sys.stdout", printed)
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        assert left.value.code == 0
        printed.flush()
        text = printed.buffer.getvalue().decode(encoding, "ignore")  # type: ignore[attr-defined]
        if "--json" in arguments:
            assert json.loads(text)["files"][0]["file"] == str(tmp_path / "چتر.yaml")
        else:
            assert text.rstrip().endswith(".yaml: nothing wrong")


def test_our_own_fault_is_written_down_and_told_in_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("a slip of ours \udcff")

    monkeypatch.setattr("servicesim.commands.chosen.script", stumble)
    code, out, err = outcome(capsys, "simulate", "late-parcel")
    log = tmp_path / "home" / "servicesim.log"
    assert (code, out) == (3, "")
    assert err == f"something went wrong inside ServiceSim; what happened stands in {log}\n"
    assert "a slip of ours" in log.read_text(encoding="utf-8")


def test_the_surroundings_failing_leaves_with_4(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be", encoding="utf-8")
    code, _, err = outcome(capsys, "export", "-o", str(tmp_path / "scores.csv"))
    assert code == 4
    assert "Traceback" not in err
    assert not (tmp_path / "scores.csv").exists()


def test_every_error_has_a_code_of_the_contract() -> None:
    def kinds(kind: type[ServicesimError]) -> set[type[ServicesimError]]:
        return {kind}.union(*(kinds(one) for one in kind.__subclasses__()))

    assert {kind.exit_code for kind in kinds(ServicesimError)} <= {cli.FINDINGS, cli.USAGE, cli.SURROUNDINGS}


WITHOUT = "import sys; sys.modules.update(dict.fromkeys(('fastapi', 'psycopg'))); from servicesim.cli import main; main(sys.argv[1:])"


@pytest.mark.parametrize("words", [["serve", "--store", "there"], ["export", "-o", "scores.csv", "--records", "postgresql://server@localhost/servicesim"]])
def test_where_a_server_s_libraries_are_missing_it_is_said_how_to_install_them(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert "is not installed here" in done.stderr
    assert "python -m pip install -c constraints.txt '.[server]'" in done.stderr

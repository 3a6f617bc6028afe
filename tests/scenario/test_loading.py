"""Whatever a trainer writes, loading gives the scenario or says what is wrong, where, and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.small import SMALL, spoilt
from servicesim.errors import FilesHaveFindings
from servicesim.scenario import (
    checks,
    condition_checks,
    lesson_checks,
    loading,
    principles_checks,
    shape,
    source,
    text_checks,
)
from servicesim.scenario.findings import Finding
from servicesim.scenario.loading import load_principles_text, load_text
from servicesim.scenario.model import canonical_scenario, scenario_from_canonical, segments
from servicesim.scenario.principles import canonical_principles, principles_from_canonical


def found(text: str) -> list[str]:
    return [str(finding) for finding in load_text(text)[1]]


def test_a_right_scenario_has_no_findings() -> None:
    scenario, findings = load_text(SMALL)
    assert findings == []
    assert scenario is not None
    assert scenario.scenes["opening"].replies[0].go == "story"
    assert [line.condition for line in scenario.scenes["story"].customer] == ["said(apologise)", None]


SLIPS: list[tuple[str, str, str]] = [
    # shape
    ("channel: phone", "chanel: phone", "<text>:5:1: S001 there is no field 'chanel' here; did you mean 'channel'?"),
    ("channel: phone\n", "", "<text>:1:1: S002 the field 'channel' is missing; add 'channel:' here"),
    ("  expects: 60", "  expects: '60'", "<text>:12:12: S003 'expects' wants a whole number; write it without quotes"),
    ("acts: [greet, invite-story]", "acts: greet", "<text>:27:15: S003 'acts' wants a list, as in [one, two]; write [greet]"),
    ("channel: phone", "channel: fone", "<text>:5:10: S004 'fone' is not possible for 'channel'; did you mean 'phone'?"),
    ("servicesim: 1", "servicesim: '1'", "<text>:1:13: S004 the version stands in quotes; write 'servicesim: 1'"),
    ("say: No idea.", "say: #1 idea.", "<text>:47:9: S003 'say' is empty: what follows # is a comment; put the text in quotes"),
    ("  expects: 60", "  expects: 1e3", "<text>:12:12: S003 'expects' wants a whole number; write digits only, as in 20"),
    ("if: found or anger > 3", "if: anger > 3.5", "<text>:49:21: C001 a condition has whole numbers only; write 2, not 2.5"),
    ("servicesim: 1", "servicesim: true", "<text>:1:13: S004 version true of the format is not known; write 'servicesim: 1'"),
    ("servicesim: 1", "servicesim: 2", "<text>:1:13: S004 version 2 of the format is not known; write 'servicesim: 1'"),
    ("  expects: 60", "  expects: 101", "<text>:12:12: S005 101 is too large; write at most 100"),
    ("id: lost-umbrella", "id: Lost_Umbrella", "<text>:2:5: S006 'Lost_Umbrella' is no name; use small letters a-z, digits and hyphens, beginning with a letter"),
    ("say: No idea.", "say: 2024", "<text>:47:14: S007 'say' wants a text, and 2024 is none; put it in quotes: \"2024\""),
    ("    failed: true", "    failed: yes", "<text>:57:13: S007 'yes' is a word here, and 'failed' wants true or false; write true or false; if you mean the word, put it in quotes where a text is expected"),
    ("title: The umbrella", "title: ''", "<text>:3:8: S008 'title' is empty; write at least one"),
    ("id: look", "id: nod", "<text>:41:13: S009 'nod' cannot be a name; go-on, nod, yes, no, interrupt, silence are moves of play; choose another name"),
    # what it says
    ("        end: settled", "        go: opening", "<text>:53:3: S033 nothing leads to the ending 'settled'; add a reply that ends there, or remove it"),
    ("        say: Oh, I am so sorry!\n        acts: [apologise]\n        go: story", "        say: Oh, I am so sorry!\n        acts: [apologise]\n        go: storey", "<text>:32:13: S013 no scene is called 'storey'; did you mean 'story'?"),
    ("end: settled", "end: setled", "<text>:45:14: S014 no ending is called 'setled'; did you mean 'settled'?"),
    ("        say: No idea.\n", "", "<text>:46:9: S015 'shrug' has neither 'say' nor 'do'; add one of them"),
    ("        say: No idea.", "        say: No idea.\n        do: Shrugs.", "<text>:48:9: S015 'shrug' has 'say' and 'do'; keep one of them"),
    ("id: shrug", "id: look", "<text>:46:13: S016 'story' has a second reply called 'look'; give it another id"),
    ("acts: [inform]", "acts: [inforn]", "<text>:43:16: S017 no act is called 'inforn'; did you mean 'inform'?"),
    ("acts: [inform]", "acts: [told-all]", "<text>:43:16: S018 'told-all' is done by the customer, not by the trainee; it belongs to what the customer says"),
    ("acts: [inform]", "acts: [interrupt]", "<text>:43:16: S018 'interrupt' happens by playing; it cannot be written; leave it out"),
    ("      - if: said(apologise)\n        say: You", "      - say: You", "<text>:35:9: S019 the lines after this one are never spoken; give it an 'if', or move it to the end"),
    ("leaves: gone\n", "", "<text>:45:9: S020 after 'shrug' the customer's anger can be 5; add 'leaves:' with the ending for a customer who walks off"),
    ("learn: [hold-the-apology]", "learn: [hold-the-apologies]", "<text>:8:9: S021 no principle is called 'hold-the-apologies'; did you mean 'hold-the-apology'?"),
    ("learn: [hold-the-apology]", "learn: [be-their-adviser]", "<text>:8:9: S022 'be-their-adviser' does not count in this encounter; remove it"),
    ("learn: [hold-the-apology]", "learn: [hold-the-apology, hold-the-apology]", "<text>:8:27: S034 'learn' names 'hold-the-apology' twice; once is enough: remove it, or name the one you meant"),
    ("set: {found: true}", "set: {fund: true}", "<text>:44:15: S023 no fact is called 'fund'; did you mean 'found'?"),
    ("set: {found: true}", "set: {found: 3}", "<text>:44:22: S023 'found' is true or false; it was declared so under 'facts'"),
    ("  calls: 0", "  trust: 0", "<text>:17:3: S024 'trust' means something else in conditions; choose another name"),
    ("I will look.", "I will look, {name}.", "<text>:42:27: S025 '{name}' means nothing; possible are: {trainee}, {customer}, {company}"),
    ("  type: hostile", "  type: hostile\n  portrait: leila", "<text>:12:13: S026 there is no portrait 'leila'; a default face stands in; did you mean 'leyla'?"),
    ("I left my umbrella. | It was red.", "I left my umbrella. | | It was red.", "<text>:23:15: S027 a station '|' stands between two parts of a speech; remove the bar that has nothing before or after it"),
    ("        acts: []\n        if: found or anger > 3", "        acts: []\n        if: found and", "<text>:49:22: C001 the condition breaks off; something is missing at its end"),
    ("if: found or anger > 3", "if: fund or anger > 3", "<text>:49:13: C002 no fact is called 'fund'; did you mean 'found'?"),
    ("if: said(apologise)", "if: said(apologize)", "<text>:35:18: C002 no act is called 'apologize'; did you mean 'apologise'?"),
    ("if: found or anger > 3", "if: found or anger", "<text>:49:22: C003 'or' joins yes-or-no parts, and this is a number; compare it, as in 'trust > 2'"),
    ("if: found or anger > 3", "if: found or anger >= 0", "<text>:49:13: C004 this condition is always true; check its numbers and its 'and', 'or', 'not'"),
    ("if: found or anger > 3", "if: anger > 5", "<text>:49:13: C005 this condition is never true; check its numbers and its 'and', 'or', 'not'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), SLIPS, ids=[told.split()[1] for _, _, told in SLIPS])
def test_a_slip_is_found_where_it_stands(old: str, new: str, told: str) -> None:
    assert told in found(spoilt(old, new))


def test_a_scene_that_nothing_leads_to_is_found() -> None:
    attic = "  attic:\n    customer: Dusty.\n    replies:\n      - {id: up, say: Up., acts: [], end: gone}\nendings:"
    assert found(spoilt("endings:", attic)) == ["<text>:52:3: S012 nothing leads to 'attic'; add a reply that goes there, or remove it"]


def test_a_scene_without_a_way_to_an_end_is_found() -> None:
    text = SMALL.replace("end: settled", "go: story").replace("end: gone", "go: story")
    assert "<text>:33:3: S011 from 'story' no ending can be reached; let one of its ways end" in found(text)


def test_a_circle_that_closes_after_four_times_is_found() -> None:
    told = found(spoilt("end: settled", "go: opening"))
    assert any(" S028 the sure replies of 'story' lead round in a circle" in one for one in told)


def test_a_circle_that_always_leaves_a_way_out_is_no_finding() -> None:
    text = SMALL.replace("acts: [apologise]\n        go: story", "acts: [apologise]\n        go: story")
    text = text.replace("        acts: []\n        if: found or anger > 3\n        feel: {anger: 1}\n        end: gone", "        acts: []\n        go: opening")
    assert [one for one in found(text) if "S028" in one or "S030" in one] == []


def test_silence_that_goes_round_is_found() -> None:
    text = SMALL.replace("    replies:\n      - id: welcome", "    on-silence: {go: story}\n    replies:\n      - id: welcome")
    text = text.replace("    replies:\n      - id: look", "    on-silence: {go: opening}\n    replies:\n      - id: look")
    assert [one.split(" ", 2)[1] for one in found(text)] == ["S029"]


def test_a_scene_that_may_have_nothing_to_offer_is_found() -> None:
    text = spoilt("        set: {found: true}", "        if: found")
    assert any(" S030 'story' may have no reply to offer" in one for one in found(text))
    either = spoilt("        set: {found: true}", "        if: not (found or anger > 3)")
    assert found(either) == []


def test_a_sound_with_a_name_that_leads_out_is_found() -> None:
    text = spoilt("        acts: [told-all]", "        acts: [told-all]\n        voice: ../../secret.ogg")
    assert any(" S031 '../../secret.ogg' cannot be used" in one for one in found(text))


def test_interrupting_means_nothing_in_an_email() -> None:
    text = SMALL.replace("channel: phone", "channel: email").replace("  story:\n", "  story:\n    on-interrupt: {customer: Hey.}\n")
    assert any(" S032 'on-interrupt' means nothing in an e-mail" in one for one in found(text))


def test_all_findings_come_at_once_and_in_order() -> None:
    text = SMALL.replace("acts: [inform]", "acts: [inforn]").replace("end: gone", "end: gon").replace("learn: [hold", "learn: [holt")
    assert [one.split(" ", 2)[1] for one in found(text)] == ["S021", "S017", "S014"]


def test_a_wrong_shape_hides_no_other_findings() -> None:
    text = SMALL.replace("title: The umbrella", "titel: The umbrella").replace("acts: [inform]", "acts: [inforn]")
    text = text.replace("  expects: 60", "  expects: many").replace("end: settled", "end: setled").replace("[greet, invite-story]", "[greet, 3]")
    assert [one.split(" ", 2)[1] for one in found(text)] == ["S001", "S003", "S007", "S017", "S014"]
    assert load_text(text)[0] is None


def test_a_list_with_one_wrong_item_is_not_called_empty() -> None:
    text = SMALL.replace("      - id: shrug\n        say: No idea.\n        acts: []\n        if: found or anger > 3\n        feel: {anger: 1}\n        end: gone\n", "")
    text = text.replace("set: {found: true}", "feel: {joy: 2}")
    assert [one.split(" ", 2)[1] for one in found(text)] == ["S001"]


def test_a_reply_that_is_offered_only_in_a_circle_is_no_sure_reply() -> None:
    text = SMALL.replace("        acts: [greet, invite-story]\n", "        acts: [greet]\n        if: not found\n")
    text = text.replace("        acts: [apologise]\n        go: story", "        acts: [apologise]\n        if: found\n        end: gone")
    text = text.replace("        set: {found: true}\n        end: settled", "        if: not found\n        go: opening")
    text = text.replace("if: found or anger > 3", "if: found").replace("  settled:\n    title: Found\n", "")
    assert [one.split(" ", 2)[1] for one in found(text)] == ["S028"]


def test_the_way_out_for_principles_names_their_own_fields() -> None:
    told = [str(finding) for finding in load_principles_text("servicesim: 1\nact: {}\nprinciples: {}\n")[1]]
    assert "<text>:2:1: S001 there is no field 'act' here; did you mean 'acts'?" in told


@pytest.mark.parametrize(
    ("written", "column"),
    [("found or fund", 22), ('"found or fund"', 23), ("'found or fund'", 23), (">-\n          found or\n          fund", 13)],
)
def test_a_slip_in_a_condition_is_shown_where_it_can_be_seen(written: str, column: int) -> None:
    assert f"<text>:49:{column}: C002 no fact is called 'fund'; did you mean 'found'?" in found(spoilt("found or anger > 3", written))


def test_of_very_many_strange_fields_the_first_are_told() -> None:
    told = found("".join(f"k{number}: 1\n" for number in range(3000)))
    assert len(told) == shape.MOST
    assert told[0].startswith("<text>:1:1: S001 there is no field 'k0' here")


def test_a_name_among_thousands_is_still_found() -> None:
    many = [f"scene-{number}" for number in range(4000)]
    assert shape.meant("scene-17x", many) != ""
    assert len(shape.alike("scene-17x", many)) <= shape.MOST_ALIKE


def test_twenty_findings_are_told_and_the_rest_counted() -> None:
    many = [Finding("S001", "error", "a.yaml", line, 1, "wrong") for line in range(1, 34)]
    told = loading.said(many).splitlines()
    assert (len(told), told[-1]) == (21, "and 13 more")


def test_warnings_leave_the_scenario_usable() -> None:
    scenario, findings = load_text(spoilt("  type: hostile", "  type: hostile\n  portrait: nobody"))
    assert scenario is not None
    assert [finding.severity for finding in findings] == ["warning"]


def test_an_examined_file_keeps_its_text_so_that_more_can_be_found_in_it(tmp_path: Path) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(SMALL, encoding="utf-8")
    known = loading.examined(file, loading.shipped_principles())
    assert known.scenario is not None
    told = known.source.finding("R000", ("scenes", "story"), "nobody comes here", key=True)
    assert str(told) == f"{file}:33:3: R000 nobody comes here"


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    scenario, findings = loading.load(tmp_path / "nowhere.yaml")
    assert scenario is None
    assert len(findings) == 1
    with pytest.raises(FilesHaveFindings, match=r"nowhere\.yaml"):
        loading.demand(tmp_path / "nowhere.yaml")


def test_a_company_may_have_principles_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "principles.yaml").write_text(
        "servicesim: 1\nacts:\n  greet: {title: Greets}\nprinciples:\n"
        "  greet-them: {title: Greet, says: Greet., why: It is kind., source: [B2], rules: [{first: greet}]}\n",
        encoding="utf-8",
    )
    assert {finding.code for finding in loading.load(tmp_path / "own.yaml")[1]} == {"S017", "S021", "C002"}


RULES = """\
servicesim: 1
acts:
  greet: {title: Greets}
  thank: {title: Thanks}
principles:
  one:
    title: One
    says: Do.
    why: So.
    source: [B2]
    rules:
      - existence: [greet, thank]
      - """
TEMPLATES = "first, last, existence, absence, precedence, response, alternate-response, not-response"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        # templates
        ("{frist: greet}", "13:10: S010 there is no template 'frist'; did you mean 'first'?"),
        ("{frist: greet, until: thank}", "13:10: S010 there is no template 'frist'; did you mean 'first'?"),
        ("{until: thank, soon: greet}", f"13:24: S010 there is no template 'soon'; possible are: {TEMPLATES}"),
        ("{until: thank}", f"13:9: S010 a rule has exactly one template; one of: {TEMPLATES}"),
        ("first", f"13:9: S010 a rule has exactly one template; one of: {TEMPLATES}"),
        ("{first: greet, last: greet}", "13:24: S010 a rule has exactly one template, and this has 'first' and 'last'; make two rules of it, each with its own '-'"),
        ("{precedence: {needs: greet}}", "13:22: S002 the field 'then' is missing; add 'then:' here"),
        ("response: greet", "13:19: S003 'response' wants fields, each on a line of its own"),
        ("response: {after: greet, thne: greet, then: greet}", "13:34: S001 there is no field 'thne' here; did you mean 'then'?"),
        ("{response: {after: greet, then: greet, within: soon}}", "13:56: S003 'within' wants a number of seconds up to 600, or next-reply"),
        # acts
        ("first: great", "13:16: P001 no act is called 'great'; did you mean 'greet'?"),
        ("first: []", "13:16: S008 'first' is empty; write at least one"),
        ("first: [greet, great]", "13:24: P001 no act is called 'great'; did you mean 'greet'?"),
        ("precedence: {needs: greet, then: thnak}", "13:42: P001 no act is called 'thnak'; did you mean 'thank'?"),
        ("not-response:\n          after: greet\n          never: thnak", "15:18: P001 no act is called 'thnak'; did you mean 'thank'?"),
        # scopes
        ("first: greet\n        form: thank", "14:9: S001 there is no field 'form' here; did you mean 'from'?"),
        ("first: greet\n        until: thnak", "14:16: P001 no act is called 'thnak'; did you mean 'thank'?"),
        ("absence: greet\n        per: [thank, great]", "14:22: P001 no act is called 'great'; did you mean 'greet'?"),
        ("first: greet\n        when: {chanel: [phone]}", "14:16: S001 there is no field 'chanel' here; did you mean 'channel'?"),
        ("first: greet\n        when: {channel: [phone, fone]}", "14:33: S004 'fone' is not possible for 'channel'; did you mean 'phone'?"),
        ("first: greet\n        when: {channel: phone}", "14:25: S003 'channel' wants a list, as in [one, two]; write [phone]"),
        ("first: greet\n        when: {type: [hostil]}", "14:23: S004 'hostil' is not possible for 'type'; did you mean 'hostile'?"),
    ],
)  # fmt: skip
def test_a_slip_in_a_rule_is_found_where_it_stands(rule: str, told: str) -> None:
    assert [str(finding) for finding in load_principles_text(f"{RULES}{rule}\n")[1]] == [f"<text>:{told}"]


def test_a_wrong_shape_of_principles_hides_no_acts_that_are_not_declared() -> None:
    text = f"{RULES}{{frist: greet}}\n      - last: thnak\n".replace("    why: So.\n", "")
    assert [str(finding).split("; ")[0] for finding in load_principles_text(text)[1]] == [
        "<text>:7:5: S002 the field 'why' is missing",
        "<text>:12:10: S010 there is no template 'frist'",
        "<text>:13:15: P001 no act is called 'thnak'",
    ]


def test_an_act_of_play_cannot_be_declared() -> None:
    text = "servicesim: 1\nacts:\n  nod: {title: Nods}\nprinciples:\n  one: {title: O, says: S, why: W, source: [B2], rules: [{existence: nod}]}\n"
    assert [finding.code for finding in load_principles_text(text)[1]] == ["P002"]


def test_what_is_kept_of_a_scenario_is_the_whole_of_it() -> None:
    scenario, _ = load_text(SMALL)
    assert scenario is not None
    assert scenario_from_canonical(canonical_scenario(scenario)) == scenario
    principles = loading.shipped_principles()
    assert principles_from_canonical(canonical_principles(principles)) == principles


def test_a_comment_or_another_order_changes_no_fingerprint() -> None:
    one, _ = load_text(SMALL)
    other, _ = load_text(spoilt("title: The umbrella\nsummary: Somebody left an umbrella.", "# new\nsummary: Somebody left an umbrella.\ntitle: The umbrella"))
    assert one is not None
    assert other is not None
    assert canonical_scenario(one) == canonical_scenario(other)


def test_a_speech_is_cut_at_bars_between_white_space() -> None:
    assert segments("One. |\n  Two|and a half. | Three.") == ("One.", "Two|and a half.", "Three.")


def test_no_two_findings_share_a_code() -> None:
    tables = (source.CODES, shape.CODES, checks.CODES, text_checks.CODES, lesson_checks.CODES, condition_checks.CODES, principles_checks.CODES)
    codes = [code for table in tables for code in table]
    assert len(codes) == len(set(codes))


def test_every_check_says_which_codes_it_finds() -> None:
    told = " ".join(check.__doc__ or "" for check in (*checks.CHECKS, *text_checks.TEXT_CHECKS, *lesson_checks.LESSON_CHECKS))
    assert [code for code in (*checks.CODES, *text_checks.CODES, *lesson_checks.CODES) if code not in told] == []


def test_every_shipped_file_is_right() -> None:
    from servicesim import shipped

    for path in sorted(shipped.scenarios().glob("*.yaml")):
        findings = loading.load_principles(path)[1] if loading.is_principles_file(path) else loading.load(path)[1]
        assert findings == []

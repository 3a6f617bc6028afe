"""A scenario as a picture: what it shows, and that no text in it can break it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from fractions import Fraction
from functools import cache
from xml.etree import ElementTree

import pytest

from scenario.small import SMALL, spoilt
from servicesim.analysis.proof import Extreme, Reach
from servicesim.analysis.reach import reach
from servicesim.authoring.graph import Drawing, Way, drawing
from servicesim.authoring.graph_dot import dot
from servicesim.authoring.graph_mermaid import mermaid
from servicesim.authoring.graph_svg import svg
from servicesim.authoring.graph_text import first_words, lines, runs_left, shortened, width
from servicesim.commands import chosen
from servicesim.encounter.script import Script
from servicesim.scenario.loading import load_text, shipped_principles
from tools import program

HOSTILE = 'A "b" \\N <i>&amp;</i> %% ]]> `c` #quot; --> [d] ;'
EXPERT = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")


def script(text: str = SMALL) -> Script:
    scenario, findings = load_text(text)
    assert scenario is not None, findings
    return Script(scenario, shipped_principles())


def told(script: Script, path: tuple[str, ...], *, without: tuple[tuple[str, str], ...] = (), complete: bool = True) -> Reach:
    """What a proof would say in which `path` is a best one and these replies are never offered."""
    scenario = script.scenario
    best = Extreme(Fraction(90), Fraction(90), path)
    replies = {(name, reply.id) for name, scene in scenario.scenes.items() for reply in scene.replies} - set(without)
    return replace(
        proved(),
        best=best,
        worst=Extreme(Fraction(5), Fraction(5), path),
        scenes=frozenset(name for name, _ in replies),
        replies=frozenset(replies),
        endings={name: name in {script.options[scene][id_].reply.end for scene, id_ in replies} for name in scenario.endings},
        complete=complete,
    )


@cache
def proved() -> Reach:
    """Any proof, to say something else in."""
    return reach(script())


def way(drawn: Drawing, scene: str, reply: str | None) -> Way:
    return next(way for way in drawn.ways if (way.scene, way.reply) == (scene, reply))


def at_stake(drawn: Drawing, scene: str, reply: str) -> list[str]:
    return [f"{stake.sign} {stake.principle}" for stake in way(drawn, scene, reply).stakes]


@pytest.fixture(scope="module")
def late_parcel() -> Drawing:
    return drawing(chosen.script("late-parcel"))


def test_all_scenes_endings_and_replies_are_there(late_parcel: Drawing) -> None:
    scenario = chosen.script("late-parcel").scenario
    assert [scene.name for scene in late_parcel.scenes] == list(scenario.scenes)
    assert [ending.name for ending in late_parcel.endings] == list(scenario.endings)
    assert {(way.scene, way.reply) for way in late_parcel.ways} == {(name, reply.id) for name, scene in scenario.scenes.items() for reply in scene.replies}


def test_a_silence_that_leads_on_is_a_way_of_its_own() -> None:
    drawn = drawing(script(spoilt("    happens: [case-opened]\n", "    happens: [case-opened]\n    on-silence: {customer: Hello?, go: story}\n")))
    silence = way(drawn, "opening", None)
    assert (silence.name, silence.words, silence.target, silence.ends) == ("silence", "Hello?", "story", False)


def test_an_apology_before_anything_is_known_breaks_what_the_scenario_is_about() -> None:
    assert at_stake(drawing(script()), "opening", "sorry") == ["- hold-the-apology", "- greet-warmly"]


def test_what_is_at_stake_follows_what_came_before(late_parcel: Drawing) -> None:
    assert at_stake(late_parcel, "opening", "welcome") == ["+ greet-warmly", "+ win-trust-be-careful"]
    assert at_stake(late_parcel, "confirmed", "own-it") == ["+ apologise-when-wrong", "+ ask-how-to-make-good"]
    assert at_stake(late_parcel, "clarify", "facts") == ["? invite-the-story", "? ask-with-permission"]
    assert at_stake(late_parcel, "confirmed", "voucher")[0] == "- compensate-now"


def test_an_act_that_calls_for_an_answer_is_open_where_the_reply_does_not_give_it() -> None:
    open_ = drawing(script(spoilt("acts: [inform]", "acts: [inform, summarise]").replace("end: settled", "end: gone")))
    assert "? confirm-the-summary" in at_stake(open_, "story", "look")
    asked = drawing(script(spoilt("acts: [inform]", "acts: [inform, summarise, ask-confirmation]").replace("end: settled", "end: gone")))
    assert "+ confirm-the-summary" in at_stake(asked, "story", "look")


def test_a_trainers_own_rating_decides_for_its_principle() -> None:
    rated = drawing(script(spoilt("        acts: [inform]\n", "        acts: [inform]\n        marks: {offer-what-fits: 0.2}\n")))
    assert "- offer-what-fits" in at_stake(rated, "story", "look")


def test_without_a_proof_nothing_is_best_and_nothing_dead(late_parcel: Drawing) -> None:
    assert {place.standing for place in (*late_parcel.scenes, *late_parcel.endings, *late_parcel.ways)} == {"usual"}


def test_the_best_path_is_followed_to_its_ending() -> None:
    played = chosen.script("late-parcel")
    drawn = drawing(played, told(played, EXPERT))
    assert [way.reply for way in drawn.ways if way.standing == "best"] == list(EXPERT)
    assert [ending.name for ending in drawn.endings if ending.standing == "best"] == ["reconciled"]


def test_a_silence_can_lie_on_the_best_path() -> None:
    played = script(spoilt("    happens: [case-opened]\n", "    happens: [case-opened]\n    on-silence: {customer: Hello?, go: story}\n"))
    drawn = drawing(played, told(played, ("silence", "silence", "look")))
    assert [(way.scene, way.name) for way in drawn.ways if way.standing == "best"] == [("opening", "silence"), ("story", "look")]


def test_what_no_play_comes_to_is_dead_only_where_that_is_proved() -> None:
    played = script()
    for complete, standing in ((True, "dead"), (False, "usual")):
        drawn = drawing(played, told(played, ("welcome", "look"), without=(("story", "shrug"),), complete=complete))
        assert way(drawn, "story", "shrug").standing == standing
        assert drawn.ending("gone").standing == standing


def pictures(drawn: Drawing) -> dict[str, str]:
    return {"svg": svg(drawn), "mermaid": mermaid(drawn), "dot": dot(drawn)}


def test_the_writers_show_the_same_things() -> None:
    played = script()
    drawn = drawing(played, told(played, ("welcome", "look"), without=(("story", "shrug"),)))
    for kind, text in pictures(drawn).items():
        for word in ("opening", "story", "welcome", "sorry", "shrug", "Found", "Gone", "never reached", "Save the apology"):
            assert word in text, (kind, word)


def test_mermaid_of_a_small_scenario() -> None:
    played = script()
    assert mermaid(drawing(played, told(played, ("welcome", "look")))) == (
        "---\n"
        'title: "The umbrella"\n'
        "---\n"
        "flowchart TD\n"
        '  s0["<b>opening</b><br/>I left my umbrella. It was red."]\n'
        '  s1["<b>story</b><br/>On Tuesday. By the till."]\n'
        '  e0(["✓ Found"])\n'
        '  e1{{"✕ Gone<br/>or at anger 5"}}\n'
        '  s0 ==>|"welcome<br/><small>+ Greet like a host</small>"| s1\n'
        '  s0 -->|"sorry<br/><small>− Save the apology</small>"| s1\n'
        '  s1 ==>|"look<br/><small>− End on thanks</small>"| e0\n'
        '  s1 -->|"shrug<br/><small>− End on thanks</small>"| e1\n'
        "  classDef best stroke:#14508c,stroke-width:3px\n"
        "  classDef dead stroke-dasharray:6 4,color:#6b727a\n"
        "  class s0 best\n"
        "  class s1 best\n"
        "  class e0 best\n"
    )


def hostile() -> Drawing:
    drawn = drawing(script())
    scenes = tuple(replace(scene, words=HOSTILE) for scene in drawn.scenes)
    endings = tuple(replace(ending, title=HOSTILE) for ending in drawn.endings)
    stakes = tuple(replace(stake, title=HOSTILE) for way in drawn.ways for stake in way.stakes)[:2]
    ways = tuple(replace(way, words=HOSTILE, condition=HOSTILE, stakes=stakes) for way in drawn.ways)
    return replace(drawn, title=HOSTILE, scenes=scenes, endings=endings, ways=ways)


def test_svg_stays_xml_whatever_the_texts_hold() -> None:
    drawn = hostile()
    root = ElementTree.fromstring(svg(replace(drawn, title=HOSTILE + "\x00\x1b\ud800\ufffe")))
    assert {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()} == {"svg", "title", "desc", "style", "rect", "text", "g", "path"}
    assert root.findtext("{http://www.w3.org/2000/svg}title") == HOSTILE


def test_mermaid_gives_what_could_mean_something_by_its_number() -> None:
    text = mermaid(hostile())
    labels = re.findall(r'(?<=")[^"\n]*(?=")', text.split("flowchart TD")[1])
    bare = [re.sub(r"<(/?b|br/|/?small)>|#\d+;", "", label) for label in labels]
    assert not [label for label in bare if set(label) & set('"\\<>&%`#[];')]
    assert "%" not in text


def test_dot_of_hostile_texts_keeps_its_quotes() -> None:
    for line in dot(hostile()).splitlines():
        assert line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0


def test_graphviz_reads_hostile_texts() -> None:
    drawn = subprocess.run([program("dot"), "-Tplain"], input=dot(hostile()), capture_output=True, text=True, check=True, encoding="utf-8")
    assert drawn.stdout.count("\nedge ") == 4


def elements(text: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}" + kind)]


def test_the_picture_says_in_words_what_it_is(late_parcel: Drawing) -> None:
    played = chosen.script("late-parcel")
    text = svg(drawing(played, told(played, EXPERT)))
    described = elements(text, "desc")[0].text or ""
    assert "16 scenes" in described
    assert f"On the best path: {', '.join(EXPERT)}." in described
    assert "conduct from 5 to 90" in described


def test_no_card_lies_on_another_and_all_lie_in_the_picture(late_parcel: Drawing) -> None:
    text = svg(late_parcel)
    wide, high = (float(ElementTree.fromstring(text).get(side, "0")) for side in ("width", "height"))
    inside = text[text.index('<g transform="translate(') :]
    shift = [float(number) for number in re.findall(r"-?[\d.]+", inside[: inside.index(">")])]
    boxes = []
    for x, y, w, h in re.findall(r'<g transform="translate\((\S+) (\S+)\)">\n<title>[^<]*</title>\n<rect class="\w+ card" width="(\S+)" height="(\S+)"', text):
        left, top = float(x) + shift[0], float(y) + shift[1]
        boxes.append((left, top, left + float(w), top + float(h)))
    assert len(boxes) == len(late_parcel.scenes)
    assert all(left >= 0 and top >= 0 and right <= wide and bottom <= high for left, top, right, bottom in boxes)
    apart = [one[2] < other[0] or one[3] < other[1] or other[2] < one[0] or other[3] < one[1] for one in boxes for other in boxes if one != other]
    assert all(apart)


def test_an_ending_that_many_scenes_lead_to_has_a_card_below_each() -> None:
    scenes = "".join(
        f"  s{number}:\n    customer: And?\n    replies:\n"
        f"      - {{id: on, say: Yes., acts: [], {'end: settled' if number == 5 else f'go: s{number + 1}'}}}\n"
        "      - {id: off, say: No., acts: [], end: gone}\n"
        for number in range(6)
    )
    text = SMALL[: SMALL.index("scenes:")].replace("start: opening", "start: s0") + "scenes:\n" + scenes + SMALL[SMALL.index("endings:") :]
    drawn = svg(drawing(script(text)))
    assert (drawn.count("✕ gone"), drawn.count("✓ settled")) == (6, 1)


def test_a_text_from_right_to_left_begins_at_the_right() -> None:
    text = svg(drawing(script(spoilt("I left my umbrella. | It was red.", "سلام، من چتر خود را گم کرده‌ام."))))
    leftward = [one for one in elements(text, "text") if one.get("direction") == "rtl"]
    assert ["".join(one.itertext()) for one in leftward] == ["سلام، من چتر خود را گم کرده‌ام."]
    assert float(leftward[0].get("x", "0")) > 200


def test_texts_are_fitted_and_say_so_where_something_is_left_out() -> None:
    assert lines("one two three twenty-one", 60, 12, 2) == ["one two", "three t…"]
    assert shortened("short", 400, 12) == "short"
    assert width(shortened("a rather long text that does not fit", 80, 12), 12) <= 80
    assert first_words("Good morning, is anybody there at all?", 20) == "Good morning, is…"
    assert [runs_left(text) for text in ("abc", "سلام", "123 שלום", "12.5", "{trainee} سلام")] == [False, True, True, False, False]

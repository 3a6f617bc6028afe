"""The storyboard: everything that is said and decided in an encounter stands on it, and nothing in it can do harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scenario.small import SMALL, spoilt
from servicesim import shipped
from servicesim.analysis.reach import reach
from servicesim.authoring.storyboard import direction, storyboard
from servicesim.authoring.storyboard_words import ENGLISH, Words
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES, Texts
from servicesim.scenario import loading
from servicesim.scenario.teaching import told_in

SHIPPED = sorted(path for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))


class Shown(HTMLParser):
    """The tags of a page, its text, its anchors and what its links name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text += " " if tag in ("p", "div", "li", "dd") else ""
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            elif key == "href":
                self.links.add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def script(text: str = SMALL) -> Script:
    scenario, findings = loading.load_text(text)
    assert scenario is not None, findings
    return Script(scenario, loading.shipped_principles())


def even(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_word_and_every_name_of_an_encounter_stands_on_its_storyboard(path: Path) -> None:
    scenario = loading.demand(path)
    shown = Shown(storyboard(Script(scenario, loading.demand_principles(loading.principles_beside(path)))))
    text = even(shown.text)
    for name, scene in scenario.scenes.items():
        assert f"scene-{name}" in shown.ids
        for reply in scene.replies:
            words = re.split(r"\{\w+\}", even(reply.words))
            assert reply.id in text
            assert all(part.strip() in text for part in words)
            assert reply.why is None or even(reply.why) in text or "{" in reply.why
    assert {f"ending-{name}" for name in scenario.endings} <= set(shown.ids)
    assert {link.removeprefix("#") for link in shown.links} <= set(shown.ids)
    assert len(shown.ids) == len(set(shown.ids))


def test_what_a_reply_does_is_told_in_words() -> None:
    text = even(Shown(storyboard(script())).text)
    assert "shrug ends with gone Offered only if: “found” or “anger” > 3".replace("“anger”", "anger") in text
    assert "Greets and names the business Invites the customer to tell everything" in text
    assert "It changes: anger" in text
    assert "It notes: “found”: yes" in text
    assert "if this has happened: \u2068Apologises\u2069" in text
    assert "otherwise On Tuesday. | By the till." in text


def test_the_way_of_the_expert_is_marked_only_where_it_was_proved() -> None:
    written = script()
    assert "★" not in storyboard(written)
    marked = storyboard(written, reach(written))
    assert re.search(r'class="reply best">\s*<p class="head"><span class="name"><bdi>welcome', marked)
    assert not re.search(r'class="reply best">\s*<p class="head"><span class="name"><bdi>shrug', marked)


def test_what_a_scenario_says_is_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;\\\" onclick="
    text = spoilt("say: Good morning.", f'say: "{evil}"').replace("title: The umbrella", f'title: "{evil}"').replace("name: Leyla Karimova", f'name: "{evil}"')
    shown = Shown(storyboard(script(text)))
    assert {"script", "img", "b", "iframe"}.isdisjoint(shown.tags)
    assert shown.text.count("<script>alert(1)</script>") >= 3


def test_the_page_stands_for_itself() -> None:
    page = storyboard(script())
    assert "default-src &#39;none&#39;" in page
    assert re.search(r"https?://|url\(|@import|<script|<link", page) is None


@pytest.mark.parametrize(("locale", "wanted"), [("fa", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("az", "ltr"), ("sw", "ltr")])
def test_the_page_is_read_in_the_direction_of_its_language(locale: str, wanted: str) -> None:
    page = storyboard(script(SMALL.replace("locale: en", f"locale: {locale}")))
    assert direction(locale) == wanted
    assert f'dir="{wanted}">' in page.split("<head>")[0]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_acts_and_principles_are_called_as_they_are_translated(language: str) -> None:
    told = told_in(loading.shipped_principles(), language)
    text = Shown(storyboard(script(SMALL.replace("locale: en", f"locale: {language}")))).text
    assert told.acts["greet"].title in text
    assert told.principles["hold-the-apology"].title in text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_labels_speak_every_language(language: str) -> None:
    texts = Texts(ENGLISH, "storyboard", language)
    assert [key for key in ENGLISH if texts(key) == ENGLISH[key] and key not in ("received",)] == []
    for key, text in ENGLISH.items():
        assert re.findall(r"\{\w+\}", texts(key)) == re.findall(r"\{\w+\}", str(text))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("not (said(apologise) or seen(story)) and found", "not: (this has happened: Apologises or the scene “story” has been) and “found”"),
        ("anger >= 3", "anger ≥ 3"),
        ("calls != 2", "“calls” ≠ 2"),
        (None, ""),
    ],
)
def test_a_condition_is_told_in_words(written: str | None, told: str) -> None:
    words = Words("en", loading.shipped_principles())
    assert words.condition(written).translate({0x2068: None, 0x2069: None}) == told

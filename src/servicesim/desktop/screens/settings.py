"""The settings: how the window looks, sounds and plays for one person. Each change shows at once and is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.keyfield import KeyField
from servicesim.desktop.label import Label, heading
from servicesim.desktop.options import Options
from servicesim.desktop.preferences import SPEEDS, TEXT_SIZES, THEMES, VOLUMES, Preferences, ThemeName
from servicesim.desktop.screens.keys import KEYS, cap, refusal
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.stage import Stage
from servicesim.desktop.stepper import Stepper
from servicesim.desktop.toggle import Toggle
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.languages import LANGUAGES

_SWITCHES = ("airy", "still", "sound", "captions", "cue", "line", "aloud", "untimed")
_DONE: dict[str, str] = {"interrupt": "speak", "move-on": "next-segment"}  # words that a thing to do has already


class Settings(Sheet):
    """What one person chooses; without a learner, what this computer begins with."""

    def __init__(self, words: Words, desk: Desk, on_language: Callable[[str], None], learner: str = "") -> None:
        super().__init__(words, desk)
        self.on_language, self.learner = on_language, learner

    # -- the page ---------------------------------------------------------------------------------------------------

    def enter(self, stage: Stage) -> None:
        self.stage = stage
        self._make_parts(stage.preferences)
        super().enter(stage)

    def first_focus(self) -> Widget | None:
        return self.done

    def build(self) -> Widget:
        words = self.words
        left = Column(self._looks(), self._plays(), gap=2, grow=1.34)
        columns = Row(left, Column(self._sounds(), grow=1.04), Column(self._key_card(), grow=1), gap=2, across="stretch")
        whose = Label(words("settings-yours" if self.learner else "settings-computer"), "small", ink="ink_soft")
        languages = Options(tuple(LANGUAGES.items()), words.language, self.on_language, name=words("settings-language"), kind="band")
        usual = Button(words("settings-usual"), self.as_usual, kind="band", icon="replay")
        body = Column(*self.trouble_card(), whose, columns, gap=1.5, padding=(5, 1.5))
        return Column(self.band(languages, usual, self.done, title=self.title), body, gap=0)

    def suited(self) -> None:
        self._show(self.stage.preferences)

    def reword(self) -> None:
        self._make_parts(self.stage.preferences)

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.leave_it()
            return True
        return False

    def leave_it(self) -> None:
        """Back to where one came from."""
        self.stage.uncover()

    # -- what is done -----------------------------------------------------------------------------------------------

    def choose(self, **changes: Any) -> None:
        """Like something another way from now on."""
        self.take(self.stage.preferences.but(**changes))

    def as_usual(self) -> None:
        """Everything as it is for somebody who has chosen nothing."""
        self.take(Preferences())
        self.stage.announce(self.words("settings-usual-now"))

    def take(self, preferences: Preferences) -> None:
        """Put these into effect, and keep them."""
        self.stage.suit(preferences)
        self.ask(lambda: self.desk.prefer(preferences, self.learner), lambda _: None)

    def change_key(self, action: str, key: str) -> str:
        """Use another key for something; answers why that cannot be."""
        keys = {name: self.stage.preferences.key(name) for name in KEYS}
        why = refusal(keys, action, key)
        if why is None:
            self.take(self.stage.preferences.with_key(action, key))
            self.stage.sounds.play("key")
            return ""
        other = next((name for name, known in keys.items() if known == key), action)
        problem = self.words(f"settings-key-{why}", key=cap(key), action=self._told(other))
        self._tell_key(problem)
        return problem

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _make_parts(self, preferences: Preferences) -> None:
        words = self.words
        self.title = words("settings-title")
        self.done = Button(words("settings-done"), self.leave_it, kind="band", icon="check", hint=cap("escape"))
        self.theme = Options[ThemeName](
            [(name, words(f"settings-theme-{name}")) for name in THEMES], preferences.theme, lambda name: self.choose(theme=name),
            name=words("settings-theme"),
        )  # fmt: skip
        self.text = self._stepper("text", TEXT_SIZES, preferences.text, "smaller", "larger")
        self.volume = self._stepper("volume", VOLUMES, preferences.volume, "quieter", "louder")
        self.pace = Stepper(
            words("speed"), SPEEDS, preferences.pace, lambda times: words("speed-value", times=times), partial(self._stepped, "pace"),
            less=words("slower"), more=words("faster"),
        )  # fmt: skip
        self.switches = {name: self._switch(name) for name in _SWITCHES}
        self.keys = {action: self._key_field(action) for action in KEYS}
        self.key_problem = Label("", "small", ink="broken", grow=1)
        self.key_trouble = Row(Sign("warning", "broken", side=20), self.key_problem, gap=1, across="start", shown=False)
        self._show(preferences)

    def _stepper(self, name: str, steps: range, value: int, less: str, more: str) -> Stepper[int]:
        words = self.words
        return Stepper(
            words(f"settings-{name}"), steps, value, lambda number: words.percent(number / 100), partial(self._stepped, name),
            less=words(f"settings-{less}"), more=words(f"settings-{more}"),
        )  # fmt: skip

    def _stepped(self, name: str, value: float) -> None:
        self.choose(**{name: value})
        if name == "volume":
            self.stage.sounds.play("message-in")
        told: dict[str, str] = {"text": self.text.value, "volume": self.volume.value, "pace": self.pace.value}
        self.stage.announce(told[name])

    def _switch(self, name: str) -> Toggle:
        text, note = ("untimed", "untimed-note") if name == "untimed" else (f"settings-{name}", f"settings-{name}-note")
        dumb = name == "aloud" and self.stage.aloud is None
        return Toggle(
            self.words(text), on_change=lambda on: self.choose(**{name: on}), note=self.words(f"{note}-none" if dumb else note), enabled=not dumb,
        )  # fmt: skip

    def _key_field(self, action: str) -> KeyField:
        words = self.words
        return KeyField(
            words("settings-key-for", action=self._told(action)), "", partial(self.change_key, action), waiting=words("settings-key-press"),
            on_wait=self._await_key, escape=action == "pause",
        )  # fmt: skip

    def _await_key(self) -> None:
        self._tell_key("")
        self.stage.announce(self.words("settings-key-press"))

    def _tell_key(self, problem: str) -> None:
        self.key_problem.text, self.key_trouble.shown = problem, bool(problem)
        if problem:
            self.stage.announce(problem)
        self.changed(moved=True)

    def _show(self, preferences: Preferences) -> None:
        """Bring every part up to date."""
        self.theme.choose(preferences.theme)
        self.text.show(preferences.text)
        self.volume.show(preferences.volume, enabled=preferences.sound)
        self.pace.show(preferences.pace)
        for name, switch in self.switches.items():
            switch.on = getattr(preferences, name)
        for action, field in self.keys.items():
            field.show(cap(preferences.key(action)))
        self.key_trouble.shown = False
        self.changed(moved=True)

    def _told(self, action: str) -> str:
        """What is done with a key, in words."""
        return self.words(_DONE.get(action, action))

    def _looks(self) -> Card:
        title = Label(self.words("settings-theme"))
        theme = Column(title, self.theme, gap=0.5)
        return self._card("looks", theme, self.text, self.switches["airy"], self.switches["still"])

    def _sounds(self) -> Card:
        return self._card("sounds", self.switches["sound"], self.volume, self.switches["captions"], *(self.switches[name] for name in ("cue", "line", "aloud")))

    def _plays(self) -> Card:
        return self._card("plays", self.pace, self.switches["untimed"])

    def _key_card(self) -> Card:
        return self._card("keys", Column(*self._key_rows(), gap=0.75), self.key_trouble)

    def _key_rows(self) -> Iterator[Widget]:
        for action, field in self.keys.items():
            yield Row(Label(self._told(action), grow=1), field, gap=1.5)

    def _card(self, name: str, *parts: Widget) -> Card:
        return Card(heading(self.words(f"settings-{name}"), "lead"), *parts, gap=1.25, padding=(2.5, 1.75), radius=12)

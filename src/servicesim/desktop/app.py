"""The way from screen to screen, and the three ways to begin: the window, one encounter, the demo by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from servicesim import platform
from servicesim.desktop.desk import Desk
from servicesim.desktop.display import open_stage
from servicesim.desktop.estimate import Estimate, asked
from servicesim.desktop.link import is_sealed, is_sent
from servicesim.desktop.looking_back import Run, lent
from servicesim.desktop.newcomer import skip_warm_up, warm_up_for
from servicesim.desktop.playing import Playing
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.programmes import Course
from servicesim.desktop.screens.briefing import Briefing, Manner
from servicesim.desktop.screens.certificate import CertificateMade, Certify
from servicesim.desktop.screens.conversation import FRAME, Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.guided import Guided
from servicesim.desktop.screens.history import History, Ways, Where
from servicesim.desktop.screens.home import Doors, Home
from servicesim.desktop.screens.how_it_ended import HowItEnded
from servicesim.desktop.screens.principles import Principles
from servicesim.desktop.screens.programme import ProgrammeDoors, ProgrammePage
from servicesim.desktop.screens.replay import Replay
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.screens.settings import Settings
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.warm_up import Closing, Invitation
from servicesim.desktop.screens.who import Who
from servicesim.desktop.shelf import Opened, Shelf
from servicesim.desktop.stage import Stage
from servicesim.desktop.wording import Words
from servicesim.encounter.edition import preferably_in
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES, spoken
from servicesim.scenario.translated import language_of

if TYPE_CHECKING:
    from servicesim.assessment.standing import StepStanding
    from servicesim.desktop.link import Linked
    from servicesim.records.outbox import Tell
    from servicesim.records.people import Person
    from servicesim.records.tickets import Ticket


class Way:
    """Which screen follows which, on one stage and at one desk."""

    def __init__(
        self, stage: Stage, desk: Desk, *, language: str | None = None, pace: float | None = None, frame: float = FRAME,
        seed: int | None = None, practice: bool = False, certify: Certify | None = None, course: str | None = None,
    ) -> None:  # fmt: skip
        self._certify = certify
        self.stage, self.desk, self._asked_for = stage, desk, language
        self.words = Words(spoken(language or platform.language()))  # of all screens: they speak one language at a time
        self._first, self._chosen = self.words.language, False
        self._pace, self._frame, self._seed, self._practice = pace, frame, seed, practice
        self._settings_of = desk.person.learner if desk.person else ""  # whose settings are changed; this computer's if nobody's
        stage.open_settings, stage.sounds.words = self.settings, self.words
        desk.organised.subscribe(lambda: stage.soon(self._linked))
        self._course = course  # the programme that one came from, and goes back to
        self.id = ""  # whom one is asked for, where an id was given that nobody here has
        self.then: Callable[[], None] = self.welcome  # where it goes on once somebody has sat down

    def _linked(self) -> None:
        """Something came through the connection: whoever is shown may want to know."""
        screen = self.stage.screen
        if isinstance(screen, Sheet):
            screen.linked()

    def who(self) -> None:
        """Who are you."""
        screen = Who(self.words, self.desk, lambda person: self._sat(screen, person), self.choose_language, id=self.id)
        self._settings_of, self._chosen = "", False
        self.stage.go(screen)
        screen.ask(self.desk.preferred, self.stage.suit)
        screen.ask(self.desk.language_of, self._greet)

    def _greet(self, language: str) -> None:
        """Speak the language of this computer, unless another one is wanted."""
        if not self._chosen and self._asked_for is None:
            self.speak(language or self._first)

    def _sat(self, screen: Who, person: Person) -> None:
        """Somebody sits down: the window becomes theirs, in the language that they chose just now or before."""
        chosen, language = self._chosen, self.words.language if self._chosen or self._asked_for else person.language

        def job() -> Preferences:
            if chosen:
                self.desk.keep_language(language, person.learner)
            return self.desk.preferred(person.learner)

        def go_on(preferences: Preferences) -> None:
            self.suit(person.learner, preferences)
            self.speak(language)
            self.then()

        screen.ask(job, go_on)

    def suit(self, learner: str, preferences: Preferences) -> None:
        """Be as somebody likes it; what is changed in the settings is theirs."""
        self._settings_of = learner
        self.stage.suit(preferences)

    def settings(self) -> None:
        """How the window is liked, over whatever is shown."""
        self.stage.cover(Settings(self.words, self.desk, self.choose_language, self._settings_of))

    def choose_language(self, language: str) -> None:
        """Speak this language from now on, and keep that for whoever's settings are changed."""
        screen, learner, self._chosen = self.stage.screen, self._settings_of, True
        assert isinstance(screen, Sheet)
        self.speak(language)
        self.stage.announce(LANGUAGES[language])
        screen.ask(lambda: self.desk.keep_language(language, learner), lambda _: None)

    def speak(self, language: str) -> None:
        """Let every screen speak this language, English if it is not spoken here."""
        if spoken(language) != self.words.language:
            self.words.speak(spoken(language))
            self.stage.speak(self.words.direction)

    def welcome(self) -> None:
        """Home, or for somebody new first the warm-up; asked by a screen that is still shown."""
        screen, language = self.stage.screen, self.words.language
        assert isinstance(screen, Sheet)
        screen.ask(lambda: warm_up_for(self.desk, language), lambda script: self.invite(script) if script is not None else self.home())

    def home(self) -> None:
        """What somebody sees who has said who they are."""
        self._course = None
        doors = Doors(self.brief, self.converse, self.principles, self.history, self.who, self.programme, self.brief)
        self.stage.go(Home(self.words, self.desk, doors))

    def principles(self, shelf: Shelf) -> None:
        """The wheel of principles."""
        self.stage.go(Principles(self.words, self.desk, shelf, self.home, lambda script: self.play(shelf.courses.remembering(script))))

    def programme(self, name: str | None = None) -> None:
        """Where somebody stands in a programme."""
        self._course = None
        self.stage.go(ProgrammePage(self.words, self.desk, ProgrammeDoors(self.take_step, self.home), name))

    def take_step(self, course: Course, step: StepStanding) -> None:
        """A step of a programme, from where it was left or from its briefing, with a customer who remembers; then back to the programme."""

        def go_on(opened: Opened | None) -> None:
            self._course = course.id
            if opened is not None:
                self.converse(opened)
            else:
                self.brief(course.script(step.encounter, self.words.language))

        screen = self.stage.screen
        assert isinstance(screen, Sheet)
        screen.ask(lambda: self.desk.go_on_with(step.encounter, step.unfinished), go_on)

    def back(self) -> None:
        """To the programme, if one came from there; else home."""
        if self._course is None:
            self.home()
        else:
            self.programme(self._course)

    def brief(self, script: Script, *, untimed: bool = False, practice: bool = False) -> None:
        """Before the encounter."""
        if script.scenario.unscored:
            self.invite(script, untimed=untimed)
            return
        screen = Briefing(
            self.words, self.desk, script, lambda manner: self._begin(screen, manner), self.back,
            untimed=untimed or self.stage.preferences.untimed, speed=self.stage.preferences.pace, practice=practice or self._practice,
            only_practice=self.desk.only_practice(script),
        )  # fmt: skip
        self.stage.go(screen)

    def invite(self, script: Script, *, untimed: bool = False) -> None:
        """Before an encounter without a score."""

        def begin() -> None:
            liked = self.stage.preferences
            self._begin(screen, Manner(untimed=untimed or liked.untimed, speed=liked.pace, practice=True))

        def skip() -> None:
            if self._course is not None:
                self.back()  # there it is a step, and waits
            else:
                screen.ask(lambda: skip_warm_up(self.desk), lambda _: self.home())

        screen = Invitation(self.words, self.desk, script, begin, skip, learner=self._settings_of)
        self.stage.go(screen)

    def play(self, script: Script, *, untimed: bool = False) -> None:
        """This encounter, from where it was left or from its briefing; asked by a screen that is still shown."""

        def job() -> tuple[Opened | None, Script]:
            chosen = self.to_play(script, language)
            return self.stopped(chosen), preferably_in(chosen, language)

        def go_on(found: tuple[Opened | None, Script]) -> None:
            opened, spoken_here = found
            if opened is not None:
                self.converse(opened)
            else:
                self.brief(spoken_here, untimed=untimed)

        screen, language = self.stage.screen, self.words.language
        assert isinstance(screen, Sheet)
        screen.ask(job, go_on)

    def to_play(self, script: Script, language: str) -> Script:
        """This encounter as whoever sits here plays it: what the organisation has published under its name, if that counts."""
        published = None if self._practice or is_sealed(script) else self.desk.published(script.scenario.id, language)
        return published or script

    def stopped(self, script: Script) -> Opened | None:
        """The attempt at this encounter that was left in the middle, open again; practice begins anew."""
        self.desk.remember(script)
        attempt = None if self._practice else self.desk.stopped(script.scenario.id)
        return self.desk.resume(attempt) if attempt is not None else None

    def _begin(self, screen: Briefing | Invitation, manner: Manner) -> None:
        script, learner = screen.script, self.desk.learner

        def begin(ticket: Ticket | None = None) -> None:
            def job() -> Opened:
                return self.desk.begin(script, untimed=manner.untimed, practice=manner.practice, seed=self._seed, ticket=ticket)

            screen.ask(job, lambda opened: self.converse(opened, pace=manner.speed))

        if is_sent(script):
            organised, language = self.desk.organised, language_of(script.scenario)
            screen.ask_far(lambda: organised.ticket(learner, script.scenario.id, language, script.scenario.remembered), begin)
        else:
            begin()

    def converse(self, opened: Opened, *, pace: float = 1.0, before: Run | None = None) -> None:
        """The encounter itself; `before` is the run that it is played on from."""
        kind = Guided if opened.script.scenario.unscored else Conversation
        playing = kind(
            self.words, self.desk, opened, lambda playing: self.debrief(playing, before), lambda: self._leave(opened),
            pace=self._pace or pace, frame=self._frame,
        )  # fmt: skip
        self.stage.go(playing)

    def debrief(self, playing: Playing, before: Run | None = None) -> None:
        """How it went, after one was asked what one thinks oneself; not where one has seen already how it was judged."""
        self.desk.let_go(playing.attempt.id)
        if playing.script.scenario.unscored:
            again = partial(self.brief, playing.script)
            self.stage.go(Closing(self.words, self.desk, playing.script, playing.events, self.back, again))
            return
        if is_sent(playing.script):
            self.stage.go(HowItEnded(
                self.words, self.desk, playing.script, playing.attempt, playing.events,
                lambda debriefed: self._judge(lent(debriefed, playing.attempt, playing.events)), self.back,
            ))  # fmt: skip
            return
        self._judge(Run.of(playing.script, playing.attempt, playing.events, before), before)

    def _judge(self, run: Run, before: Run | None = None) -> None:
        if before is None and asked(run.script):
            rated = partial(self._rated, run)
            self.stage.go(SelfRating(self.words, self.desk, run.script, rated, practice=not run.counts))
        else:
            self._reveal(run, before)

    def _reveal(self, run: Run, before: Run | None = None) -> None:
        """How it went, for the first time: it is heard too."""
        self.look_back(run, before)
        self.stage.sounds.play("passed" if run.counted.passed else "not-passed")

    def _rated(self, run: Run, estimate: Estimate) -> None:
        run.estimate = None if estimate.empty else estimate
        self._reveal(run)

    def history(self, where: Where | None = None) -> None:
        """All that was played; each attempt that is opened leads back to the place where it stands."""
        ways = Ways(
            lambda run, here: self.look_back(run, back=lambda: self.history(here)),
            lambda run, here: self.replay(run, back=lambda: self.history(here)), self.home,
            self.certificate if self._certify is not None else None,
        )  # fmt: skip
        self.stage.go(History(self.words, self.desk, ways, where))

    def look_back(self, run: Run, before: Run | None = None, back: Callable[[], None] | None = None) -> None:
        """A run that has been judged, beside the one that it was played on from; `back` leads to where it was opened."""
        debrief = Debrief.of(
            self.words, self.desk, run, lambda: self._again(run), self.back, on_play_on=lambda number: self.play_on(run, number),
            before=before, on_before=(lambda: self.look_back(before, back=back)) if before is not None else None,
            on_replay=lambda number: self.replay(run, number, lambda: self.look_back(run, before, back)),
        )  # fmt: skip
        debrief.on_back = back
        if self._course is not None:
            debrief.another = "programme-back"
        if self._certify is not None and run.counts and not run.lent and run.assessment.passed and run.attempt is not None:
            debrief.on_certificate = partial(self.certificate, run.attempt.id)
        self.stage.go(debrief)

    def certificate(self, attempt_id: str) -> None:
        """Write the certificate of an attempt that passed, and show it."""
        certify, language = self._certify, self.words.language
        assert certify is not None
        self.stage.cover(CertificateMade(self.words, self.desk, lambda: certify(attempt_id, language)))

    def replay(self, run: Run, number: int | None = None, back: Callable[[], None] | None = None) -> None:
        """A run played back, from event number `number` on; then back to its debrief, unless elsewhere."""
        self.stage.go(Replay(self.words, self.desk, run, back or (lambda: self.look_back(run)), number=number, frame=self._frame))

    def play_on(self, run: Run, number: int) -> None:
        """Play on from before event number `number` of a run, as practice; asked by a screen that is still shown."""
        screen, attempt = self.stage.screen, run.attempt
        assert isinstance(screen, Sheet)
        assert attempt is not None
        screen.ask(lambda: self.desk.play_on(run.script, attempt, run.events[:number], lent=run.lent), lambda opened: self.converse(opened, before=run))

    def _again(self, run: Run) -> None:
        if run.lent:
            self._again_as_published(run.script)
            return
        self.brief(run.script, practice=run.attempt is not None and run.attempt.practice)

    def _again_as_published(self, script: Script) -> None:
        """What was lent for a debrief is played as the organisation has it now, with what the customer remembered; home where it has it
        no more."""

        def brief(found: Script | None) -> None:
            if found is None:
                self.home()
            else:
                self.brief(found.started(fact for fact in remembered if fact in found.scenario.remembers))

        screen, name, language, remembered = self.stage.screen, script.scenario.id, language_of(script.scenario), script.scenario.remembered
        assert isinstance(screen, Sheet)
        screen.ask(lambda: self.desk.published(name, language), brief)

    def _leave(self, opened: Opened) -> None:
        self.desk.let_go(opened.attempt.id)
        self.back()


def go_home(
    stage: Stage, folder: Path, *, language: str | None = None, begun_in: str, tell: Tell | None = None, certify: Certify | None = None,
    linked: Linked = nullcontext,
) -> None:  # fmt: skip
    """The game in a window that is open and shows the language `begun_in`, from the question who plays until it is closed."""
    with linked() as link, Desk(folder, tell=tell, link=link) as desk:
        way = Way(stage, desk, language=language, certify=certify)
        way.speak(begun_in)
        _run(stage, way.who)


def open_encounter(
    folder: Path, script: Script, *, person: str | None = None, language: str | None = None, untimed: bool = False, practice: bool = False,
    course: str | None = None, tell: Tell | None = None, certify: Certify | None = None, linked: Linked = nullcontext,
) -> None:  # fmt: skip
    """One encounter in a window, a step of the programme `course` if that is named; what was left in the middle goes on, except in practice."""
    with open_stage(script.scenario.title) as stage, linked() as link, Desk(folder, tell=tell, link=link) as desk:
        way = Way(stage, desk, language=language, practice=practice, certify=certify, course=course)
        way.then = lambda: way.play(script, untimed=untimed)
        desk.person = desk.named(person) if person is not None else None
        if desk.person is None:
            way.id = person or ""
            _run(stage, way.who)
        else:
            way.suit(desk.person.learner, desk.preferred(desk.person.learner))
            way.speak(language or desk.person.language)
            chosen = way.to_play(script, way.words.language)
            opened = way.stopped(chosen)
            _run(stage, lambda: way.converse(opened) if opened else way.brief(preferably_in(chosen, way.words.language), untimed=untimed))


def _run(stage: Stage, first: Callable[[], None]) -> None:
    """Show screens until the window is closed."""
    first()
    while not stage.closing:
        stage.turn()

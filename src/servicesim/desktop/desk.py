"""The desk: where people, records, the pen and the encounters lie, and who sits at it.

Everything here may wait for the disk; screens ask for it with `ask`, which works off the drawing thread. The stores are
opened by the first job that needs them, so that a window is there before SQLAlchemy is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import uuid4

from servicesim import shipped
from servicesim.desktop.assigned import assigned_courses
from servicesim.desktop.faces import Faces
from servicesim.desktop.library import Library, Offer
from servicesim.desktop.link import is_sealed
from servicesim.desktop.organised import Organised, beside_published, is_over
from servicesim.desktop.pens import PenAtOnce, done
from servicesim.desktop.playing import Writes, keep_texts, new_attempt, utc_milliseconds
from servicesim.desktop.preferences import KEPT_UNDER, LANGUAGE_KEPT_UNDER, Preferences, preferences_from
from servicesim.desktop.programmes import NO_COURSES, Courses, Programmes, beside
from servicesim.desktop.progress import Played, Progress, played, progress_of
from servicesim.desktop.shelf import Opened, Shelf
from servicesim.desktop.suggestion import suggested
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import ServicesimError
from servicesim.records.attempt import Attempt
from servicesim.scenario import loading
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical
from servicesim.scenario.translated import language_of

if TYPE_CHECKING:
    from servicesim.assessment.taken import Taken
    from servicesim.desktop.link import Link, Standing
    from servicesim.desktop.voices import Recording
    from servicesim.records.outbox import Tell
    from servicesim.records.people import People, Person
    from servicesim.records.records import Records
    from servicesim.records.tickets import Ticket

WARM_UP_SKIPPED = "warm-up-skipped"  # what is kept of those who do not want it, with the learner it belongs to

T = TypeVar("T")
Soon = Callable[[Callable[[], None]], None]


class _Pen(Writes, Protocol):
    def close(self) -> None: ...


def _hear(asked: Future[T], answer: Callable[[T], None], failed: Callable[[ServicesimError], None]) -> None:
    failure = asked.exception()
    if isinstance(failure, ServicesimError):
        failed(failure)
    elif failure is not None:
        raise failure
    else:
        answer(asked.result())


class Desk:
    """`at_once` does every job in the thread that asks, for tests and for plays without a window.

    What `tell` tells of an attempt that ends is kept with its result, to be sent. `link` leads to the organisations of those who are connected.
    """

    def __init__(
        self, folder: Path, *, files: Sequence[Path] | None = None, programmes: Sequence[Path] | None = None, at_once: bool = False,
        tell: Tell | None = None, link: Link | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.person: Person | None = None
        self.faces, self.library = Faces(in_time=not at_once), Library()
        self.programmes, self.organised = Programmes(), Organised(link, at_once=at_once)
        self._files, self._at_once, self._tell = files, at_once, tell
        self._programme_files = programmes if programmes is not None or files is None else ()
        self._stores, self._holds = ExitStack(), dict[str, ExitStack]()
        self._scripts: dict[tuple[str, str], Script] = {}
        self._folders: dict[str, Path] = {}  # of encounters, by id
        self._opening = Lock()
        self._jobs = None if at_once else ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, job: Callable[[], T], answer: Callable[[T], None], failed: Callable[[ServicesimError], None], soon: Soon) -> None:
        """Do a job off the drawing thread; `answer` or `failed` hears of it on the drawing thread."""
        self._do(job).add_done_callback(lambda asked: soon(lambda: _hear(asked, answer, failed)))

    def ask_far(self, errand: Callable[[], T], answer: Callable[[T], None], failed: Callable[[ServicesimError], None], soon: Soon) -> None:
        """As `ask`, for what may wait for the network: no other job waits for it."""
        self.organised.run(errand).add_done_callback(lambda asked: soon(lambda: _hear(asked, answer, failed)))

    def _do(self, job: Callable[[], T]) -> Future[T]:
        return done(job) if self._jobs is None else self._jobs.submit(job)

    def close(self) -> None:
        """Finish the jobs, write what is to be written, give the attempts free, close the stores."""
        if self._jobs is not None:
            self._jobs.shutdown(wait=True)
        if "pen" in vars(self):
            self.pen.close()
        for attempt in list(self._holds):
            self.let_go(attempt)
        self._stores.close()

    # -- the stores -------------------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> People:
        """Who is known here."""
        from servicesim.records import open_people

        with self._opening:
            return self._stores.enter_context(open_people(self.folder))

    @cached_property
    def records(self) -> Records:
        """What is kept here."""
        from servicesim.records import open_records

        with self._opening:
            return self._stores.enter_context(open_records(self.folder, tell=self._tell))

    @cached_property
    def pen(self) -> _Pen:
        """What attempts are written with."""
        from servicesim.records import Pen

        return PenAtOnce(self.records) if self._at_once else Pen(self.records)

    def pen_for(self, opened: Opened) -> Writes:
        """What this attempt is written with."""
        return self.organised.pen(self.pen, opened, self._do)

    # -- people -----------------------------------------------------------------------------------------------------

    def known(self) -> list[Person]:
        """Those who have played here, by name."""
        self.organised.look()
        return self.people.known()

    def enrol(self, id: str, name: str, team: str, language: str) -> Person:
        """Somebody sits down: known by the id, or new; raises UsageError if the id cannot be one."""
        learner = self.people.enrol(id, name, team, language)
        self.person = self.people.person(learner)
        assert self.person is not None
        return self.person

    def named(self, id: str) -> Person | None:
        """Whoever has this id, without their sitting down."""
        self.organised.look()
        return next((person for person in self.people.known() if person.id == id), None)

    def known_as(self, id: str, language: str) -> Person:
        """Whoever has this id sits down; somebody new is called by it."""
        self.person = self.named(id)
        return self.person or self.enrol(id, id, "", language)

    def preferred(self, learner: str = "") -> Preferences:
        """How somebody likes the window; without their own choices, and for nobody in particular, as this computer has it."""
        kept = self.people.settled(f"{KEPT_UNDER}/{learner}") if learner else None
        return preferences_from(kept or self.people.settled(KEPT_UNDER))

    def prefer(self, preferences: Preferences, learner: str = "") -> None:
        """Keep how somebody likes the window."""
        kept = preferences.to_keep()
        self.people.keep(f"{KEPT_UNDER}/{learner}" if learner else KEPT_UNDER, kept)

    def language_of(self, learner: str = "") -> str:
        """The language that somebody chose; for nobody in particular, what was chosen for this computer; empty if nothing was."""
        if not learner:
            return self.people.settled(LANGUAGE_KEPT_UNDER) or ""
        person = self.people.person(learner)
        return person.language if person else ""

    def keep_language(self, language: str, learner: str = "") -> None:
        """Keep the language that somebody chose, or that was chosen for this computer."""
        if not learner:
            self.people.keep(LANGUAGE_KEPT_UNDER, language)
            return
        person = self.people.person(learner)
        if person is not None and person.language != language:
            self.people.enrol(person.id, person.name, person.team, language)
            if self.person == person:
                self.person = replace(person, language=language)

    @property
    def learner(self) -> str:
        """The id that stands in the records for whoever sits here."""
        assert self.person is not None, "nobody sits at the desk yet"
        return self.person.learner

    @property
    def connected(self) -> bool:
        """Whether whoever sits here plays for an organisation, as far as it was looked at."""
        return self.person is not None and self.organised.has(self.person.learner)

    # -- encounters -------------------------------------------------------------------------------------------------

    def shelf(self, language: str = "en") -> Shelf:
        """What there is to play for whoever sits here, made ready in the language that they will see it in."""
        offers, others, standing = self._offers(), list[Offer](), self._look_out()
        if standing is not None:
            offers, others = beside_published(self.organised.offers(self.learner), offers)
        playable = [one for offer in offers for one in offer.playable]
        spoken_here = {one.id for offer in offers if offer.speaks(language) for one in offer.playable}
        progress = self._progress({one.id for one in playable if one.unscored})
        if self.people.settled(f"{WARM_UP_SKIPPED}/{self.learner}") is not None:
            playable = [one for one in playable if not one.unscored]
        shelf = Shelf(tuple(self._stopped()), tuple(offers), progress, at=utc_milliseconds(), others=tuple(others), standing=standing)
        weights = {name: principle.weight for name, principle in shelf.principles.items()}
        stopped = [opened.script.scenario.id for opened in shelf.stopped]
        # What somebody can read comes before what they cannot, as long as there is any.
        readable = [one for one in playable if one.id in spoken_here or one.id in stopped]
        possible = readable if any(not one.unscored for one in readable) else playable
        courses = self.courses(language) if standing is None else self._assigned(offers)
        wanted = None if stopped else courses.suggestion(playable, possible)
        return replace(shelf, suggestion=wanted or suggested(possible, progress, stopped=stopped, weights=weights), courses=courses)

    def _look_out(self) -> Standing | None:
        """How the connection of whoever sits here stands now; None for those who have none."""
        self.organised.look()
        return self.organised.standing(self.learner)

    def published(self, scenario: str, language: str) -> Script | None:
        """What the organisation has published under this id for whoever sits here."""
        offers = self.organised.offers(self.learner) if self._look_out() is not None else []
        return next((offer.script_in(language) for offer in offers if offer.script is not None and offer.script.scenario.id == scenario), None)

    def today(self) -> date:
        """The day by this computer's clock."""
        from servicesim.records.progress import day_here

        return day_here(utc_milliseconds())

    def courses(self, language: str = "en") -> Courses:
        """The programmes that there are, and where whoever sits here stands in them today."""
        if self.connected:
            return self._assigned(beside_published(self.organised.offers(self.learner), self._offers())[0])
        files = beside(self._folders.values()) if self._programme_files is None else self._programme_files
        found = self.programmes.courses(self.library, files, self._taken, self.today())
        for course in found.each:
            course.told_in(language)  # read now, so that nobody has to wait for it while it is drawn
            self._folders.update((encounter, offer.path.parent) for encounter, offer in course.offers.items())
        return found

    def _assigned(self, offers: Sequence[Offer]) -> Courses:
        """What the organisation has assigned: what else lies at this computer is practice, which does not count in a programme."""
        assigned = self.organised.programmes(self.learner)
        if assigned is None or not assigned.each:
            return NO_COURSES
        return assigned_courses(assigned, offers, self._going_on, self.today())

    def _going_on(self, encounters: Collection[str]) -> list[Taken]:
        """The attempts that were judged, or can be gone on with; one that waits for its verdict tells nothing yet."""
        return [one for one in self._taken(encounters) if one.ended is not None or not self._is_over(one.id)]

    def begin(
        self, script: Script, *, untimed: bool = False, practice: bool = False, seed: int | None = None, ticket: Ticket | None = None
    ) -> Opened:
        """A new attempt, held by this desk; one that the organisation gave a ticket for has its id and its seed."""
        keep_texts(self.records, script)
        attempt = new_attempt(
            script, self.learner, untimed=untimed, practice=practice or self.only_practice(script), language=language_of(script.scenario),
            seed=ticket.seed if ticket is not None else seed, id=ticket.attempt if ticket is not None else None,
        )  # fmt: skip
        self._hold(attempt)
        return Opened(script, attempt, ticket=ticket)

    def only_practice(self, script: Script) -> bool:
        """Whether it counts for nothing, whoever wants what: the organisation has not published it."""
        return self.connected and not is_sealed(script)

    def play_on(self, script: Script, attempt: Attempt, events: Sequence[Event], *, lent: bool = False) -> Opened:
        """A new attempt, for practice, that begins as another one did: the same events, by the same texts and seed.

        By an encounter that is only `lent` for a debrief it leaves nothing behind.
        """
        lines = tuple(to_lines(events))
        if lent:
            return Opened(script, replace(attempt, id=str(uuid4()), practice=True), lines, lent=True)
        opened = self.begin(script, untimed=attempt.untimed, practice=True, seed=attempt.seed)
        try:
            self.records.begin(opened.attempt, lines)
        except BaseException:
            self.let_go(opened.attempt.id)
            raise
        return replace(opened, lines=lines)

    def stopped(self, scenario: str) -> Attempt | None:
        """The attempt at this encounter that was left in the middle last, practice aside."""
        found = self.records.unfinished(self.learner, scenario)
        return next((attempt for attempt in found if not attempt.practice and not self._is_over(attempt.id)), None)

    def go_on_with(self, scenario: str, attempt: str | None) -> Opened | None:
        """That attempt at an encounter, open again; None if there is none that was left in the middle, or if it was practice."""
        found = self.records.unfinished(self.learner, scenario) if attempt is not None else []
        left = next((one for one in found if one.id == attempt and not one.practice and not self._is_over(one.id)), None)
        return None if left is None else self.resume(left)

    def resume(self, attempt: Attempt) -> Opened:
        """Continue an attempt by the texts that it began with; raises PlayedElsewhere if another window has it."""
        self._hold(attempt)
        try:
            return self.opened(attempt)
        except BaseException:
            self.let_go(attempt.id)
            raise

    def voices(self, script: Script, lasts: Mapping[str, float]) -> Mapping[str, Recording | None]:
        """These voices of an encounter; of one that was left in the middle, from the file that is there now."""
        from servicesim.desktop.voices import recordings

        self.remember(script)
        named = script.scenario.id
        if named not in self._folders:
            self._offers()
        return recordings(self._folders.get(named), lasts)

    def remember(self, script: Script) -> None:
        """Where the file of an encounter lies, for when it is taken up again by the texts that were kept."""
        if script.folder is not None:
            self._folders[script.scenario.id] = script.folder

    def placed(self, script: Script) -> Script:
        """A script of kept texts, with the folder where its file lies now: there its principles may be translated."""
        script.folder = script.folder or self._folders.get(script.scenario.id)
        return script

    def _offers(self) -> list[Offer]:
        offers = self.library.offers(self._paths())
        self._folders.update((offer.script.scenario.id, offer.path.parent) for offer in offers if offer.script)
        return offers

    def let_go(self, attempt_id: str) -> None:
        """Another window may have the attempt now."""
        held = self._holds.pop(attempt_id, None)
        if held is not None:
            held.close()

    def _hold(self, attempt: Attempt) -> None:
        held = ExitStack()
        held.enter_context(self.records.hold(attempt.id))
        self._holds[attempt.id] = held

    def opened(self, attempt: Attempt) -> Opened:
        """An attempt by the texts that it was played by, with what has happened in it; nobody holds it for that."""
        return Opened(self._script(attempt.scenario_hash, attempt.principles_hash), attempt, tuple(self.records.lines(attempt.id)))

    def _script(self, scenario: str, principles: str) -> Script:
        """The script of two texts that are kept; made once, for the home page asks again and again."""
        texts = self.records.text(scenario), self.records.text(principles)  # looked at each time: they may be damaged meanwhile
        if (scenario, principles) not in self._scripts:
            self._scripts[scenario, principles] = self.placed(Script(scenario_from_canonical(texts[0]), principles_from_canonical(texts[1])))
        return self._scripts[scenario, principles]

    def _stopped(self) -> Iterator[Opened]:
        """The latest of each encounter; one whose texts are damaged is passed over, for it cannot be played."""
        seen = set[str]()
        for attempt in self.records.unfinished(self.learner):
            if not attempt.practice and attempt.scenario not in seen:
                seen.add(attempt.scenario)
                with suppress(ServicesimError):
                    opened = self.opened(attempt)
                    if not (self._is_over(attempt.id) or self.only_practice(opened.script)):
                        yield opened

    def _is_over(self, attempt_id: str) -> bool:
        """Whether it came to its end, and only its verdict is not there yet; or nobody would take the rest of it."""
        return is_over(self.records.lines(attempt_id)) or self.organised.refuses(attempt_id)

    def _paths(self) -> list[Path]:
        if self._files is not None:
            return list(self._files)
        return sorted(path for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))

    def _taken(self, encounters: Collection[str]) -> list[Taken]:
        from servicesim.records.progress import taken

        return taken(self.records, encounters, learner=self.learner).get(self.learner, [])

    def _progress(self, unscored: set[str]) -> Progress:
        """How whoever sits here is getting on; what is unscored is kept as practice, and only tells that it was played."""
        learnt = [
            Played(attempt.scenario, result.ended, 0, True, {})
            for name in sorted(unscored)
            for attempt, result in self.records.attempts(scenario=name, learner=self.learner, with_practice=True, ended_only=True)
            if result is not None
        ]
        return progress_of([*learnt, *map(played, self.records.tried(self.learner))], unscored=unscored)

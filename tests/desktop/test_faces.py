"""Faces: everyone can be drawn, in every mood, at every size; pictures are shared, bounded and drawn ahead."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicesim import shipped
from servicesim.desktop import face_layers
from servicesim.desktop import faces as faces_module
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import PEOPLE, STAND_IN, Faces, Framing, Mood, face_svg, mood_of, moved_part
from servicesim.desktop.living import CLOSED, Mouth, mouth_at, on_the_way
from servicesim.desktop.look import Look
from servicesim.desktop.places import PLACES, Place, place_of
from servicesim.desktop.screens.face import Face
from servicesim.desktop.theme import DARK, HIGH_CONTRAST, LIGHT, Light, Theme
from servicesim.encounter.situation import Feelings
from servicesim.scenario import loading
from servicesim.scenario.editions import editions
from servicesim.scenario.names import PORTRAITS
from servicesim.scenario.translated import translated

DRAWN_BY_NANOSVG = {"svg", "defs", "linearGradient", "radialGradient", "stop", "g", "path", "ellipse"}
FACES = Faces()
SHARE = st.floats(0, 1)
MOODS = st.builds(Mood, st.floats(-1, 1), SHARE, SHARE, SHARE, st.tuples(st.floats(-1, 1), st.floats(-1, 1)), SHARE, SHARE, SHARE)
CALM, FURIOUS, HAPPY = Mood(), Mood(-1, 1), Mood(1, 0.9)


def differing(one: pygame.Surface, other: pygame.Surface) -> int:
    """How many pixels clearly differ."""
    return (
        pygame.mask.from_threshold(one, (0, 0, 0), (24, 24, 24, 255), other).count() * -1
        + one.get_width() * one.get_height()
    )


def brightness(picture: pygame.Surface, rect: pygame.Rect) -> float:
    return sum(pygame.transform.average_color(picture, rect)[:3]) / 3


@pytest.mark.parametrize("portrait", PEOPLE)
@settings(max_examples=25, deadline=None)
@given(mood=MOODS)
def test_any_mood_gives_a_picture_that_nanosvg_can_draw(portrait: str, mood: Mood) -> None:
    svg = face_svg(PEOPLE[portrait], mood, Framing((200, 220)))
    assert {element.tag.rsplit("}")[-1] for element in ElementTree.fromstring(svg).iter()} <= DRAWN_BY_NANOSVG
    assert "nan" not in svg
    assert "url(#" not in svg or all(f'id="{name}"' in svg for name in _filled_by(svg))


def _filled_by(svg: str) -> set[str]:
    return {part.split(")")[0] for part in svg.split("url(#")[1:]}


def test_gradients_of_all_layers_have_names_of_their_own() -> None:
    for look in PEOPLE.values():
        names = [part.split('"')[0] for part in face_svg(look, HAPPY, Framing((200, 220))).split(' id="')[1:]]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("size", [(96, 96), (96, 106), (360, 396), (500, 300), (220, 480)])
def test_a_face_has_exactly_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    picture = Faces().surface("leyla", CALM, Framing(size))
    assert picture.get_size() == size
    assert all(picture.get_at(corner).a == 255 for corner in product((0, size[0] - 1), (0, size[1] - 1)))


def test_corners_are_cut_when_asked_for() -> None:
    picture = Faces().surface("leyla", CALM, Framing((96, 96), radius=48))
    assert [picture.get_at(at).a for at in ((0, 0), (95, 0), (0, 95), (95, 95), (48, 48))] == [0, 0, 0, 0, 255]


def test_a_dozen_people_and_the_stand_in_look_different() -> None:
    faces = Faces()
    pictures = [faces.surface(portrait, CALM, Framing((96, 106))) for portrait in PEOPLE]
    assert len(PEOPLE) >= 13
    assert all(differing(one, other) > 1500 for one, other in product(pictures, pictures) if one is not other)


def test_trainers_can_name_exactly_the_people_that_can_be_drawn() -> None:
    assert set(PORTRAITS) == set(PEOPLE)
    told = (Path(__file__).parents[2] / "docs" / "trainer.md").read_text(encoding="utf-8")
    assert [name for name in PORTRAITS if f"`{name}`" not in told] == []


def test_the_people_are_of_all_ages_and_kinds() -> None:
    people = list(PEOPLE.values())
    assert len({person.skin for person in people}) == len(people)
    assert {"scarf", "wrap"} <= {person.style for person in people}
    assert {"round", "square"} <= {person.glasses for person in people}
    assert {"full", "goatee", "moustache", "stubble"} <= {person.beard for person in people}
    assert sum(person.age >= 0.7 for person in people) >= 3
    assert any(person.chair for person in people)


@pytest.mark.parametrize("place", PLACES)
def test_whoever_comes_in_stands_in_a_room_behind_a_counter(place: Place) -> None:
    picture = Faces().surface("tomas", CALM, Framing((240, 220), place=place))
    assert picture.get_at((0, 0)) != picture.get_at((120, 60))
    assert differing(picture, Faces().surface("leyla", CALM, Framing((240, 220), place=place))) > 3000
    edge = [picture.get_at((x, 219)) for x in (60, 120, 180)]
    assert len({tuple(colour) for colour in edge}) == 1  # the counter's front, and nobody before it


@pytest.mark.parametrize("portrait", PEOPLE)
def test_eyes_and_mouth_drawn_apart_fit_where_they_belong(portrait: str) -> None:
    size = (200, 220)
    for mood in (CALM, FURIOUS, Mood(0.9, 0.8, talk=1.0, blink=0.5, gaze=(1, 1))):
        at_once = pygame.image.load_sized_svg(io.BytesIO(face_svg(PEOPLE[portrait], mood, Framing(size)).encode()), size)
        assert differing(Faces().surface(portrait, mood, Framing(size)), at_once) < 12


def test_a_blink_draws_no_more_than_the_eyes_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = face_layers.draw_layer
    monkeypatch.setattr(faces_module, "draw_layer", lambda *parts: drawn.append(parts[3]) or draw(*parts))
    faces = Faces()
    faces.surface("avi", CALM, Framing((96, 106)))
    assert drawn == ["ground", "behind", "body", "head", "eyes", "mouth"]
    for mood, anew in ((Mood(blink=1), ["eyes"]), (Mood(talk=0.6), ["mouth"]), (Mood(breath=1), [])):
        drawn.clear()
        faces.surface("avi", mood, Framing((96, 106)))
        assert drawn == anew


def test_an_unknown_portrait_is_stood_in_for() -> None:
    faces = Faces()
    assert faces.surface("nobody", CALM, Framing((96, 106))) is faces.surface(STAND_IN, CALM, Framing((96, 106)))


@pytest.mark.parametrize("portrait", PEOPLE)
@pytest.mark.parametrize(
    "changed", [FURIOUS, HAPPY, Mood(-0.9, 0.1), Mood(talk=1), Mood(blink=1), Mood(gaze=(1, 0)), Mood(breath=1), Mood(startle=1), Mood(talk=0.8, rounded_lips=1)]
)
def test_every_part_of_a_mood_shows(portrait: str, changed: Mood) -> None:
    faces = Faces()
    assert differing(faces.surface(portrait, CALM, Framing((200, 220))), faces.surface(portrait, changed, Framing((200, 220)))) > 20


def test_feeling_changes_by_small_steps() -> None:
    faces = Faces()
    pictures = [faces.surface("leyla", Mood(step / 10, 0.8), Framing((200, 220))) for step in range(-10, 11)]
    assert max(differing(one, other) for one, other in pairwise(pictures)) < 200 * 220 * 0.06


def test_the_room_is_the_one_that_the_company_names() -> None:
    scenario = loading.demand(shipped.scenarios() / "late-parcel.yaml", loading.shipped_principles())
    named = {"Nova Stores": "shop", "Harbour Clinic": "clinic", "First Bank": "desk", "کلینیک مهر": "clinic"}
    named |= {"Ihlamur Eczanesi": "clinic", "Cökə Apteki": "clinic", "داروخانهٔ زیزفون": "clinic", "בית מרקחת לינדן": "clinic", "Liman Polikliniği": "clinic"}
    named |= {"Ayva Kafe": "shop", "Heyva Qəhvə Evi": "shop", "کافهٔ بِه": "shop", "בית קפה חבוש": "shop", "کارگاه قرقره": "shop", "Quince Coffee Shop": "shop"}
    named |= {"Kestane Bankası": "desk", "بانک شاه‌بلوط": "desk", "בנק ערמון": "desk", "Sarıçınar Belediyesi": "desk", "Bələdiyyə": "desk", "شهرداری": "desk"}
    named |= {"Koy Oteli": "desk", "هتل خلیج": "desk", "מלון המפרץ": "desk", "Turna Havayolları": "desk", "Durna Hava Yolları": "desk", "חרמשון תעופה": "desk"}
    assert {company: place_of(replace(scenario, company=company)) for company in named} == named
    unknown = replace(scenario, company="Alder & Sons", title="A", summary="B")
    assert place_of(unknown) == place_of(replace(unknown, title="C"))


IN_PERSON = [
    path for path in sorted(shipped.scenarios().glob("*.yaml"))
    if path.stem != "principles" and loading.demand(path, loading.shipped_principles()).channel == "in-person"
]  # fmt: skip


@pytest.mark.parametrize("path", IN_PERSON, ids=[path.stem for path in IN_PERSON])
def test_an_encounter_takes_place_in_the_same_room_in_every_language(path: Path) -> None:
    scenario = loading.demand(path, loading.shipped_principles())
    offered = {language: one for language, one in editions(scenario, path.parent).items() if one.is_offered}
    rooms = {language: place_of(translated(scenario, one.said, language)) for language, one in offered.items()}
    assert rooms == dict.fromkeys(offered, place_of(scenario))


def test_moods_that_are_near_share_one_picture() -> None:
    faces = Faces()
    assert faces.surface("avi", Mood(0.52, 0.31), Framing((96, 106))) is faces.surface("avi", Mood(0.48, 0.29), Framing((96, 106)))
    assert faces.surface("avi", Mood(0.3), Framing((96, 106))) is not faces.surface("avi", Mood(0.5), Framing((96, 106)))


def test_only_so_many_bytes_are_kept() -> None:
    faces = Faces(bytes_kept=3 * 50 * 55 * 4)
    first = faces.surface("avi", CALM, Framing((50, 55)))
    for mood in (FURIOUS, HAPPY, Mood(talk=1)):
        faces.surface("avi", mood, Framing((50, 55)))
    assert faces.surface("avi", CALM, Framing((50, 55))) is not first


def test_drawing_ahead_draws_one_layer_at_a_time_until_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    faces, framing = Faces(), Framing((96, 106))
    left = [faces.ahead("dina", [FURIOUS.rounded(), HAPPY.rounded()], framing) for _ in range(14)]
    # ground, behind, body, head, eyes, mouth and all of them together; the ground is the same for both
    assert left == [False] * 13 + [True]
    drawn: list[str] = []
    monkeypatch.setattr(faces_module, "draw_layer", lambda *parts: drawn.append(parts[3]))
    faces.surface("dina", HAPPY, framing)
    assert drawn == []


LOOK = Look(Theme(), 0.5)
ANGRY, PLEASED = Feelings(expects=40, received=0, trust=1, anger=4), Feelings(expects=0, received=60, trust=5, anger=0)


def face_of(faces: Faces, feelings: Feelings) -> Face:
    face = Face(faces, "dina", feelings, name="Dina", width=200, height=220)
    face.place(LOOK, pygame.Rect(0, 0, 100, 110))
    face.draw(Canvas(pygame.Surface((100, 110)), LOOK))
    return face


def test_nothing_waits_for_a_picture_and_each_time_one_layer_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    face = face_of(Faces(in_time=True), ANGRY)
    drawn, draw = [0], face_layers.draw_layer
    monkeypatch.setattr(faces_module, "draw_layer", lambda *parts: (drawn.append(1), draw(*parts))[1])
    shown = [face.mood]
    for frame in range(200):
        before = len(drawn)
        if face.live(frame / 20, PLEASED):
            shown.append(face.mood)
        assert len(drawn) - before <= 1
        assert not face.faces.in_time or face.faces.ahead("dina", [face.mood], Framing((100, 110), LOOK.px(18)))
    assert face.settled
    assert face.mood.valence == mood_of(0, 5, 60).rounded().valence
    assert len(shown) > 5


def test_what_was_drawn_ahead_is_all_that_a_change_of_feeling_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    face = face_of(Faces(in_time=True), ANGRY)
    face.live(0.0, PLEASED)
    while not face.ahead(LOOK):
        pass
    monkeypatch.setattr(faces_module, "draw_layer", lambda *parts: pytest.fail(f"{parts[1]} was not drawn ahead"))
    for frame in range(100):
        mouth = mouth_at("Well, how about that", frame % 20) if face.settled else CLOSED
        face.live(frame / 20, PLEASED, mouth=on_the_way(mouth, CLOSED), breath=0.0)
        face.draw(Canvas(pygame.Surface((100, 110)), LOOK))


def test_without_in_time_a_picture_is_there_at_once() -> None:
    face = face_of(Faces(), ANGRY)
    assert face.live(0.0, ANGRY, mouth=Mouth(0.8))
    assert face.mood.talk == 0.8


@given(MOODS, MOODS)
@settings(max_examples=30, deadline=None)
def test_the_part_that_moved_holds_all_that_differs(before: Mood, after: Mood) -> None:
    framing = Framing((120, 132))
    before, after = before.rounded(), replace(after, valence=before.valence, arousal=before.arousal, startle=before.startle).rounded()
    one, other = (FACES.surface("avi", mood, framing) for mood in (before, after))
    part = moved_part("avi", before, after, framing)
    outside = one.copy()
    outside.blit(other, part, part)
    assert outside.get_buffer().raw == other.get_buffer().raw


@pytest.mark.parametrize(
    ("anger", "trust", "satisfaction", "shown"),
    [
        (5, 0, -60, "anger"),
        (3, 2, -30, "anger"),
        (0, 2, -40, "sorrow"),
        (0, 4, 20, "joy"),
        (0, 5, 60, "delight"),
    ],
)
def test_what_the_customer_feels_is_what_the_face_shows(anger: int, trust: int, satisfaction: int, shown: str) -> None:
    mood = mood_of(anger, trust, satisfaction)
    assert getattr(mood, shown) > 0.3
    assert mood.joy * (mood.anger + mood.sorrow) == 0


@given(st.integers(0, 4), st.integers(0, 5), st.integers(-100, 100))
def test_more_anger_never_looks_happier_and_more_trust_never_sadder(anger: int, trust: int, satisfaction: int) -> None:
    mood = mood_of(anger, trust, satisfaction)
    assert mood_of(anger + 1, trust, satisfaction).valence <= mood.valence
    assert mood_of(anger, min(5, trust + 1), satisfaction).valence >= mood.valence
    assert -1 <= mood.valence <= 1
    assert 0 <= mood.arousal <= 1


@pytest.mark.parametrize("place", [*PLACES, None])
def test_a_room_is_dark_in_the_dark_theme_and_without_any_hue_in_high_contrast(place: Place | None) -> None:
    corner = pygame.Rect(0, 0, 40, 140)  # nobody stands there
    size = (240, 220)
    day, evening, plain = (FACES.surface("leyla", CALM, Framing(size, place=place, light=light)) for light in get_args(Light))
    assert brightness(day, corner) > 180 > 120 > brightness(evening, corner) > brightness(plain, corner) > 20
    assert all(max(colour[:3]) - min(colour[:3]) <= 2 for colour in (plain.get_at((x, y)) for x in range(0, 40, 5) for y in range(0, 140, 5)))


@pytest.mark.parametrize("place", [*PLACES, None])
def test_a_face_is_the_same_in_any_light(place: Place | None) -> None:
    face = pygame.Rect(96, 76, 48, 60) if place is None else pygame.Rect(104, 90, 32, 40)
    pictures = [FACES.surface("leyla", CALM, Framing((240, 220), place=place, light=light)).subsurface(face).copy() for light in get_args(Light)]
    assert [differing(pictures[0], picture) for picture in pictures] == [0, 0, 0]


def test_the_light_is_that_of_the_theme() -> None:
    lights = [Look(Theme(palette)).light for palette in (LIGHT, DARK, HIGH_CONTRAST)]
    assert lights == ["day", "evening", "plain"]

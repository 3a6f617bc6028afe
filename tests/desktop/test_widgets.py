"""Every widget, used as a person would use it."""

from __future__ import annotations

import random

import pygame
import pytest
from pygame import Rect

from servicesim.desktop import icons
from servicesim.desktop.arrangement import Band, Card, Column, Divider, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.cards import Choice, ReplyCard
from servicesim.desktop.chip import Chip
from servicesim.desktop.field import TextField
from servicesim.desktop.inputs import (
    Composed,
    KeyPressed,
    PointerLeft,
    PointerMoved,
    PointerPressed,
    PointerReleased,
    Resized,
    Scrolled,
    Typed,
)
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.page import Page
from servicesim.desktop.painting import Painting
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.problems import problems
from servicesim.desktop.scroll import ListChoice, ScrollArea
from servicesim.desktop.stage import Stage
from servicesim.desktop.theme import Theme, Tone
from servicesim.desktop.toggle import Toggle
from servicesim.desktop.widget import Widget

TONES: list[Tone] = ["neutral", "accent", "kept", "broken", "pending", "danger"]
ENGLISH = {
    "name": "Leyla Mammadova", "leave": "Leave", "go-on": "Go on", "speak": "Speak",
    "speech": "Hello, the headset that I bought yesterday (order #48-2291) still hasn’t arrived. Can you check it for me?",
    "long": "So that I look at the right parcel: could you tell me your order number and the postcode, please? I will "
    "stay with you until we know where it is.",
    "short": "One moment.", "patience": "Patience", "words": "14 seconds", "untimed": "Untimed play",
    "note": "Turns every clock off. It costs no points.", "kept": "kept",
}  # fmt: skip
PERSIAN = {
    "name": "لیلا محمدی", "leave": "خروج", "go-on": "بفرمایید", "speak": "صحبت",
    "speech": "سلام! من دیروز هدفون Sony WH-1000XM5 را با تخفیف ۲۵٪ خریدم، اما سفارش هنوز نرسیده است.",
    "long": "برای این‌که مطمئن شوم بستهٔ درست را پیگیری می‌کنم، ممکن است شماره سفارش و کدپستی مقصد را بفرمایید؟ تا روشن شدن "
    "وضعیت کنار شما می‌مانم.",
    "short": "یک لحظه.", "patience": "صبر", "words": "۱۴ ثانیه", "untimed": "بازی بدون زمان",
    "note": "همهٔ ساعت‌ها خاموش می‌شوند و امتیازی کم نمی‌شود.", "kept": "رعایت شد",
}  # fmt: skip


class Showing(Page):
    """A page of these widgets."""

    def __init__(self, *widgets: Widget, direction: Direction = "ltr") -> None:
        super().__init__()
        self.shown = widgets
        self.direction = direction

    def build(self) -> Widget:
        return Column(*self.shown, padding=3)


def showing(*widgets: Widget, direction: Direction = "ltr", size: tuple[int, int] = (1280, 720)) -> Stage:
    stage = Stage.create_null(size)
    stage.go(Showing(*widgets, direction=direction))
    stage.settle()
    return stage


def gallery(say: dict[str, str]) -> list[Widget]:
    def icon(canvas: Canvas, rect: Rect) -> None:
        canvas.icon("smile", rect, canvas.look.colours.ink)

    listening = [Button(say["go-on"], kind="primary", hint="Space"), Button(say["go-on"], hint="N", icon="nod")]
    states = [
        Button(say["leave"], kind="danger"),
        Button(say["leave"], enabled=False),
        Button(say["speak"], kind="quiet"),
    ]
    chips = [Chip(say["kept"], tone) for tone in TONES]

    def choice() -> list[Widget]:
        return [
            Row(Label(say["name"], "lead", grow=1), Chip(say["kept"], "kept")),
            Label(say["speech"], ink="ink_soft"),
        ]

    field, wrong = (
        TextField(say["name"], placeholder=say["note"], note=say["note"]),
        TextField(say["name"], say["name"]),
    )
    wrong.problem = say["note"]
    left = Column(
        Label(say["speech"], "lead"), Row(*listening, *states, Space(grow=1), gap=1.5), Row(*chips, gap=1, wraps=True),
        Choice(*choice(), name=say["name"]), Choice(*choice(), name=say["name"], chosen=True),
        Choice(*choice(), name=say["name"], enabled=False), grow=3,
    )  # fmt: skip
    right = Card(
        Meter(say["patience"], 0.8, say["words"]), Meter(say["patience"], 0.0, say["note"], tone="pending"), Divider(),
        Toggle(say["untimed"], True, note=say["note"]), Toggle(say["untimed"]), Toggle(say["untimed"], True, enabled=False),
        field, wrong, TextField(say["name"], say["name"], enabled=False),
        Painting(icon, name="smile", width=32, height=32), width=420,
    )  # fmt: skip
    cards = [
        ReplyCard(1, say["long"]),
        ReplyCard(2, say["short"], note=say["note"]),
        ReplyCard(3, say["long"], enabled=False),
    ]
    band = Band(heading(say["name"], ink="on_band"), Space(grow=1), Button(say["leave"], kind="band", icon="cross"))
    return [band, Row(left, right, across="start"), *cards]


@pytest.mark.parametrize("size", [(800, 450), (1280, 720), (1920, 1080), (1100, 1000)])
@pytest.mark.parametrize(("say", "direction"), [(ENGLISH, "ltr"), (PERSIAN, "rtl")])
def test_no_widget_is_cut_faint_or_under_another_in_any_size_and_direction(
    size: tuple[int, int], say: dict[str, str], direction: Direction
) -> None:
    stage = showing(*gallery(say), direction=direction, size=size)
    seen: list[str] = []
    for _ in range(12):
        seen += problems(stage.frame)
        stage.press("pagedown")
    assert seen == []


def test_every_widget_is_read_aloud_with_its_name_and_state() -> None:
    stage = showing(
        heading("Desk"), Button("Go on"), Button("Nod", enabled=False), ReplyCard(1, "I am sorry."), Toggle("Untimed", True),
        TextField("Your name", "Leyla"), Meter("Patience", 0.5, "10 seconds"),
        Choice(Label("The late parcel"), Label("In person"), name="The late parcel", chosen=True),
    )  # fmt: skip
    assert [str(node) for node in stage.nodes.walk() if node.name] == [
        "heading 'Desk'",
        "button 'Go on' (focusable)",
        "button 'Nod' (disabled, focusable)",
        "button 'I am sorry.' (focusable)",
        "switch 'Untimed' (checked, focusable)",
        "textbox 'Your name' = Leyla (focusable)",
        "meter 'Patience' = 10 seconds",
        "option 'The late parcel' = In person (focusable, selected)",
    ]


def test_a_disabled_button_cannot_be_pressed_in_any_way() -> None:
    pressed: list[str] = []
    stage = showing(Button("Nod", lambda: pressed.append("nod"), enabled=False, key="n"))
    stage.click("Nod")
    stage.press("n", "tab", "enter", "space")
    assert pressed == []


def test_a_button_shows_its_key_and_is_pressed_by_it() -> None:
    pressed: list[str] = []
    stage = showing(Button("Go on", lambda: pressed.append("go on"), key="space", hint="Space"))
    assert stage.frame.texts == ["Go on", "Space"]
    stage.press("space")
    assert pressed == ["go on"]


def test_the_ring_is_shown_to_those_who_use_the_keyboard_only() -> None:
    stage = showing(Button("Yes"), Button("No"))
    stage.click("Yes")
    assert stage.frame.of("ring") == []
    stage.press("tab")
    assert len(stage.frame.of("ring")) == 1


def test_shift_tab_goes_back_and_both_go_around() -> None:
    stage = showing(Button("Yes"), Button("No", enabled=False), Button("Later"))

    def focused() -> list[str]:
        return [node.name for node in stage.nodes.walk() if "focused" in node.states]

    steps = []
    for key in (KeyPressed("tab"), KeyPressed("tab"), KeyPressed("tab"), KeyPressed("tab", shift=True)):
        stage.press(key)
        steps += focused()
    assert steps == ["Yes", "Later", "Yes", "Later"]


def test_arrows_go_to_the_nearest_widget_that_way() -> None:
    stage = showing(
        Row(Button("A", width=300), Button("B", width=300)), Row(Button("C", width=300), Button("D", width=300))
    )
    way = []
    for key in ("down", "right", "down", "left", "up"):
        stage.press(key)
        way += [node.name for node in stage.nodes.walk() if "focused" in node.states]
    assert way == ["A", "B", "D", "C", "A"]


def test_a_reply_card_grows_with_its_text() -> None:
    stage = showing(ReplyCard(1, "Yes."), ReplyCard(2, "I will look into it at once. " * 12))
    short, long = (node.rect[3] for node in stage.nodes.walk() if node.role == "button")
    assert long > 1.9 * short


def test_a_row_that_is_too_narrow_wraps_the_texts_in_it_and_keeps_to_its_width() -> None:
    stage = showing(Row(*[Button(f"Please tell me about number {number}") for number in range(6)]))
    assert problems(stage.frame) == []
    assert max(node.rect[0] + node.rect[2] for node in stage.nodes.walk()) <= 1280


def test_what_is_typed_appears_up_to_the_most_that_is_allowed() -> None:
    heard: list[str] = []
    field = TextField("Your name", most=8, on_change=heard.append)
    stage = showing(field)
    stage.click("Your name")
    stage.write("Ley\nla\x07")
    stage.write(" Mammadova")
    assert (field.text, heard) == ("Leyla Ma", ["Leyla", "Leyla Ma"])
    assert "Leyla Ma" in stage.frame.texts


def test_the_caret_moves_and_text_is_put_in_and_taken_out_there() -> None:
    field = TextField("Your name", "Leyla")
    stage = showing(field)
    stage.press("tab", "left", "left", "backspace")
    stage.write("il")
    stage.press("home", "delete")
    assert field.text == "eilla"


def test_in_persian_the_left_key_goes_forward() -> None:
    field = TextField("نام", "سلام")
    stage = showing(field, direction="rtl")
    stage.press("tab", "home", "left", "backspace")
    assert field.text == "لام"


def test_letters_typed_into_a_field_press_no_button() -> None:
    pressed: list[str] = []
    field = TextField("Your name")
    stage = showing(field, Button("Yes", lambda: pressed.append("yes"), key="y"))
    stage.click("Your name")
    stage.press("y")
    stage.write("y")
    assert (field.text, pressed) == ("y", [])


def test_what_an_input_method_composes_is_shown_before_it_is_final() -> None:
    field = TextField("Your name")
    stage = showing(field)
    stage.click("Your name")
    stage.press(Composed("にほ"))
    assert field.text == ""
    stage.press(Composed(""))
    stage.write("Nihon")
    assert field.text == "Nihon"


def test_input_methods_are_told_where_the_field_is_and_when_it_is_left() -> None:
    stage = showing(TextField("Your name"), Button("Go on"))
    stage.press("tab")
    assert stage._window.typing is not None  # type: ignore[attr-defined]
    stage.press("tab")
    assert stage._window.typing is None  # type: ignore[attr-defined]


def test_a_click_puts_the_caret_where_it_was_aimed() -> None:
    field = TextField("Your name", "Leyla Mammadova")
    stage = showing(field)
    rect = stage.frame.where("Leyla Mammadova")
    stage.press(PointerPressed((rect.left + 1, rect.centery)), PointerReleased((rect.left + 1, rect.centery)))
    assert field.caret == 0
    stage.press(PointerPressed((rect.right, rect.centery)), PointerReleased((rect.right, rect.centery)))
    assert field.caret == len("Leyla Mammadova")


def test_a_problem_is_told_with_a_sign_until_something_is_typed() -> None:
    field = TextField("Your name")
    stage = showing(field)
    field.problem = "Please write at least two letters."
    stage.press("tab")
    assert "Please write at least two letters." in stage.frame.texts
    assert [drawn.text for drawn in stage.frame.of("icon")] == ["warning"]
    stage.write("L")
    assert stage.frame.of("icon") == []


def test_a_switch_tells_what_it_has_become() -> None:
    heard: list[bool] = []
    stage = showing(Toggle("Untimed", on_change=heard.append))
    stage.click("Untimed")
    stage.press("tab", "space")
    assert heard == [True, False]


def test_a_meter_says_in_words_what_its_bar_shows() -> None:
    stage = showing(Meter("Patience", 0.7, "14 seconds"))
    track, bar = (drawn.rect for drawn in stage.frame.of("panel"))
    assert bar.w == pytest.approx(track.w * 0.7, abs=1)
    assert "14 seconds" in stage.frame.texts


@pytest.mark.parametrize("tone", TONES)
def test_no_meaning_is_told_by_colour_alone(tone: Tone) -> None:
    stage = showing(Chip("word", tone))
    assert bool(stage.frame.of("icon")) == (tone not in ("neutral", "accent"))


def test_a_list_follows_the_wheel_the_keys_and_the_bar() -> None:
    choices = [Choice(Label(f"Encounter {number}", "lead"), name=f"Encounter {number}") for number in range(20)]
    area = ListChoice(*choices, name="Encounters", height=300)
    stage = showing(area)
    stage.press(Scrolled((600, 100), 2))
    assert area.offset == 96
    stage.press(*["tab"] * 20)
    assert "Encounter 19" in stage.frame.texts
    thumb = area._thumb()
    stage.press(PointerMoved(thumb.center), PointerPressed(thumb.center), PointerMoved((thumb.centerx, 0)))
    assert area.offset == 0


def test_a_conversation_stays_at_its_end_while_it_grows() -> None:
    lines = Column(*[Label(f"Line {number}") for number in range(40)])
    area = ScrollArea(lines, height=300, at_end=True)
    stage = showing(area)
    lines.fill(*lines.children, Label("The last word"))
    stage.screen.changed(moved=True)  # type: ignore[attr-defined]
    stage.settle()
    assert "The last word" in stage.frame.texts
    assert area.offset == area.reach


def test_drawing_only_what_changed_gives_the_same_picture_as_drawing_everything() -> None:
    stage = Stage.create_null(records=False)
    stage.go(Showing(*gallery(ENGLISH)))
    stage.wait(0.1)
    spots = [(x, y) for x in range(20, 1280, 140) for y in range(20, 720, 90)]
    differences = []
    for spot in spots:
        stage.press(PointerMoved(spot))
        part = pygame.image.tobytes(stage._surface, "RGB")
        stage.redraw()
        stage.settle()
        if part != pygame.image.tobytes(stage._surface, "RGB"):
            differences.append(spot)
    assert differences == []


def test_a_widget_that_changed_alone_is_drawn_alone() -> None:
    stage = Stage.create_null(records=False)
    meter = Meter("Patience", 1.0, "20 seconds")
    page = Showing(meter, Label("Untouched"))
    stage.go(page)
    stage.wait(0.1)
    stage._surface.fill("red")
    meter.share = 0.5
    page.changed(meter)
    stage.settle()
    assert stage._surface.get_at((1200, 700)) == pygame.Color("red")
    assert stage._surface.get_at(meter.rect.center) != pygame.Color("red")


def test_random_gestures_never_raise() -> None:
    chance = random.Random(7)
    stage = Stage.create_null((800, 450), records=False)
    stage.go(Showing(*gallery(ENGLISH)))
    keys = [
        "tab",
        "up",
        "down",
        "left",
        "right",
        "enter",
        "space",
        "home",
        "end",
        "pagedown",
        "backspace",
        "delete",
        "1",
        "n",
    ]
    for _ in range(250):
        at = (chance.randrange(-10, 810), chance.randrange(-10, 460))
        stage.press(
            chance.choice([
                KeyPressed(chance.choice(keys), shift=chance.random() < 0.2), Typed(chance.choice("aöسש漢\u0301\u200d ")),
                PointerMoved(at), PointerPressed(at), PointerReleased(at), PointerLeft(), Scrolled(at, chance.uniform(-3, 3)),
                Composed(chance.choice(["", "に"])), Resized((chance.randrange(800, 1400), chance.randrange(450, 900))),
            ])
        )  # fmt: skip
        if chance.random() < 0.05:
            stage.wait(0.2)


def test_there_is_an_icon_for_every_name() -> None:
    assert len(icons.names()) >= 20


def _placed(widget: Widget, width: int, look: Look | None = None, height: int = 400) -> Widget:
    widget.place(look or Look(), Rect(0, 0, width, height))
    return widget


def test_a_row_breaks_before_a_word_would_have_to() -> None:
    words, button = Label("Incomprehensibilities are told here", grow=1), Button("Continue where you stopped")
    row = Row(words, button)
    _placed(row, 900)
    assert words.rect.right < button.rect.left
    _placed(row, 300)
    assert words.rect.bottom <= button.rect.top
    assert row.size(Look(), 300)[1] > row.size(Look(), 900)[1]


def test_what_stood_at_the_end_of_a_row_stays_there_when_the_row_breaks() -> None:
    first, last = Label("Before the encounter"), Button("Choose another")
    _placed(Row(first, Space(grow=1), last), 240)
    assert first.rect.left == 0
    assert (last.rect.right, last.rect.top >= first.rect.bottom) == (240, True)


def test_columns_of_a_page_stand_below_each_other_where_there_is_no_room_beside() -> None:
    left, right = Column(Label("What it is about"), grow=1), Column(Label("How listening works"), width=392)
    _placed(Row(left, right, across="stretch"), 420)
    assert (left.rect.w, right.rect.w, left.rect.bottom <= right.rect.top) == (420, 420, True)


def test_a_fixed_width_grows_with_the_text_but_not_that_of_a_picture_or_a_space() -> None:
    large = Look(Theme(text=1.5))
    assert Column(width=100).size(large, 900)[0] == 150
    assert Painting(lambda _canvas, _rect: None, name="a chart", width=100, height=10).size(large, 900) == (100, 10)
    assert Space(width=100, height=8).size(large, 900) == (100, 8)


def test_a_page_that_is_too_high_scrolls_as_one_with_the_areas_inside_unrolled() -> None:
    area = ScrollArea(Column(*(Label(f"Line {number}") for number in range(40))), name="all lines")

    class Long(Page):
        def build(self) -> Widget:
            return Column(heading("Many lines"), area, Button("Continue"))

    with Stage.create_null() as stage:
        stage.go(Long())
        stage.settle()
        assert (area.unrolled, area.reach > 0) == (False, True)
        stage.suit(Preferences(text=200))
        stage.press(Resized((640, 200)))
        stage.wait(0.2)
        assert (area.unrolled, area.reach) == (True, 0)


def test_with_large_text_a_column_at_the_side_leaves_the_larger_part_to_what_stands_beside_it() -> None:
    def widths(text: float) -> tuple[int, int]:
        side, middle = Column(Label("Patience"), width=328), Column(Label(ENGLISH["long"]), grow=1)
        _placed(Row(side, middle, gap=0, across="stretch"), 1200, Look(Theme(text=text)))
        return side.rect.w, middle.rect.w

    assert [widths(text) for text in (0.8, 1.0, 1.25, 2.0)] == [(262, 938), (328, 872), (410, 790), (480, 720)]

"""The measuring of a frame finds each kind of defect, and none in a good frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pygame import Rect

from servicesim.desktop.arrangement import Column
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.label import Label
from servicesim.desktop.page import Page
from servicesim.desktop.painting import Painting
from servicesim.desktop.problems import problems
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.stage import Stage
from servicesim.desktop.theme import Colour
from servicesim.desktop.widget import Widget

Paint = Callable[[Canvas, Rect], None]


class Painted(Page):
    """A page that is one painting."""

    def __init__(self, paint: Paint) -> None:
        super().__init__()
        self.paint = paint

    def build(self) -> Widget:
        return Column(Painting(self.paint, name="picture", grow=1))


def found(paint: Paint) -> list[str]:
    stage = Stage.create_null()
    stage.go(Painted(paint))
    stage.settle()
    return problems(stage.frame)


def write(canvas: Canvas, text: str, xy: tuple[int, int], ink: str = "#14323A", box: Rect | None = None) -> None:
    canvas.text(canvas.look.paragraph(text), xy, Colour(ink), box=box)


def test_a_good_frame_has_no_problems() -> None:
    assert found(lambda canvas, rect: write(canvas, "Hello", (40, 40), box=Rect(40, 40, 200, 60))) == []


def test_a_label_larger_than_its_room_is_found() -> None:
    (problem,) = found(lambda canvas, rect: write(canvas, "Hello", (40, 40), box=Rect(40, 40, 10, 10)))
    assert problem.startswith("'Hello' is larger than its room: ")


def test_a_label_cut_by_its_surroundings_is_found() -> None:
    def paint(canvas: Canvas, rect: Rect) -> None:
        with canvas.clipped(Rect(40, 40, 20, 100)):
            write(canvas, "Hello", (40, 40))

    (problem,) = found(paint)
    assert problem.startswith("'Hello' is cut: ")


def test_what_can_be_scrolled_to_is_not_cut() -> None:
    class Long(Page):
        def build(self) -> Widget:
            return ScrollArea(Column(*[Label(f"Line {number}") for number in range(100)]))

    stage = Stage.create_null()
    stage.go(Long())
    stage.settle()
    assert problems(stage.frame) == []


def test_texts_over_each_other_are_found() -> None:
    def paint(canvas: Canvas, rect: Rect) -> None:
        write(canvas, "Hello", (40, 40))
        write(canvas, "there", (60, 45))

    (problem,) = found(paint)
    assert problem.startswith("'Hello' and 'there' overlap by ")


def test_too_little_contrast_is_measured_on_the_picture_itself() -> None:
    def paint(canvas: Canvas, rect: Rect) -> None:
        canvas.panel(Rect(30, 30, 300, 60), fill=Colour("#999999"))
        write(canvas, "Hello", (40, 40), "#777777")

    assert found(paint) == ["'Hello' is faint: #777777 on #999999 is 1.57, under 4.5"]


def test_a_faint_icon_is_found() -> None:
    (problem,) = found(lambda canvas, rect: canvas.icon("check", Rect(40, 40, 24, 24), Colour("#E0D9CA")))
    assert problem.startswith("'check' is faint: ")


def test_text_outside_of_the_window_is_found() -> None:
    found_ = found(lambda canvas, rect: write(canvas, "Goodbye", (1250, 40)))
    assert any(problem.startswith("'Goodbye' is cut") for problem in found_)


def test_a_word_broken_for_want_of_room_is_found() -> None:
    def paint(canvas: Canvas, rect: Rect) -> None:
        canvas.text(canvas.look.paragraph("Unbreakable", "body", 40), (40, 40), Colour("#14323A"))

    (problem,) = found(paint)
    assert problem.startswith("'Unbreakable' is broken inside of a word")


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_problem(text: str) -> None:
    assert found(lambda canvas, rect: write(canvas, text, (40, 40), "#F5F1E8")) == []
